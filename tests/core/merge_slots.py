"""Slots, values and entries that the tests of merge speak of."""

from __future__ import annotations

from dataclasses import replace

from bots.core.merge.facts import (
    ABSENT,
    Base,
    ChangePolicy,
    Decision,
    Entry,
    Kind,
    Lack,
    Owned,
    Pair,
    Relation,
    Ruling,
    Seen,
    Slot,
    WithdrawalPolicy,
    Word,
)


def dates(theirs: str, ours: str) -> Relation:
    """1900-05 is finer than 1900; letters' case and spaces don't count."""
    one, other = (v.replace(" ", "").lower() for v in (theirs, ours))
    if one == other:
        return Relation.SAME
    if one.startswith(other):
        return Relation.FINER
    return Relation.COARSER if other.startswith(one) else Relation.OTHER


SINGLE: Slot[str] = Slot(dates)
MANY: Slot[str] = Slot(dates, many=True)
REMOVING: Slot[str] = Slot(dates, withdrawal=WithdrawalPolicy.REMOVE)
DEPRECATING: Slot[str] = Slot(dates, withdrawal=WithdrawalPolicy.DEPRECATE)
ENDING: Slot[str] = Slot(dates, change=ChangePolicy.END_AND_ADD)
PREFERRING: Slot[str] = Slot(dates, change=ChangePolicy.ADD_PREFERRED)

b, v, w = "1810", "1820", "1830"
OURS = Base(b)
REFERENCE_OURS = Base(b, Owned.REFERENCE)
NOTHING_OURS = Base(b, Owned.NOTHING)
THEIRS_B = Entry(b, "b", cited=True)
TOUCHED_B = replace(THEIRS_B, touched=True)
THEIRS_V = Entry(v, "v")
THEIRS_W = Entry(w, "w")


def told(kind: Kind, *theirs: str | Seen[str], ours: str | Lack) -> object:
    seen = tuple(s if isinstance(s, Seen) else Seen(s) for s in theirs)
    return kind, seen, ours


def what(decision: Decision[str]) -> object:
    if decision.told is None:
        return None
    return decision.told.kind, decision.told.pair.theirs, decision.told.pair.ours


def writes_nothing(decision: Decision[str]) -> bool:
    return decision.steps == ()


def ruling(word: Word, *theirs: str | Seen[str], ours: str | Lack, id: str = "r1") -> Ruling[str]:
    seen = tuple(s if isinstance(s, Seen) else Seen(s) for s in theirs)
    assert not isinstance(ours, Lack) or ours is ABSENT
    return Ruling(word, Pair(seen, ours), id)
