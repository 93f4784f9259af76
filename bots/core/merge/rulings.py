"""A person's decision about a pair, carried out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bots.core.merge.facts import (
    ABSENT,
    AddValue,
    Base,
    Decision,
    Entry,
    Memory,
    Owned,
    Pair,
    Rank,
    RemoveEntry,
    Ruled,
    Ruling,
    SetRank,
    SetValue,
    Slot,
    Step,
    Tombstone,
    V,
    WithdrawalPolicy,
    Word,
)
from bots.core.merge.judge import (
    Case,
    alive,
    change,
    is_ours,
    past_of,
    reference,
    remember,
    retire,
    rivals,
    same,
    standing,
    withdraw,
)


def same_pair(slot: Slot[V], one: Pair[V], other: Pair[V]) -> bool:
    """Do both sides say the same in both, whatever the order and the spelling?"""
    if one.ours is ABSENT or other.ours is ABSENT:
        if one.ours is not other.ours:
            return False
    elif not same(slot, one.ours, other.ours):
        return False
    rest = list(other.theirs)
    for seen in one.theirs:
        twin = next(
            (
                s
                for s in rest
                if s.deprecated == seen.deprecated and same(slot, s.value, seen.value)
            ),
            None,
        )
        if twin is None:
            return False
        rest.remove(twin)
    return not rest


def rule(
    case: Case[V], base: Memory[V], decision: Decision[V], rulings: Iterable[Ruling[V]]
) -> Decision[V]:
    """What the ruling about this very pair makes of the decision; without one, the decision."""
    if decision.told is None:
        return decision
    left = base.left if isinstance(base, Tombstone) else base
    for ruling in rulings:
        if left is not None and ruling.id in left.spent:
            continue
        if same_pair(case.slot, ruling.pair, decision.told.pair):
            return _carry_out(case, base, decision, ruling)
    return decision


def _carry_out(
    case: Case[V], base: Memory[V], decision: Decision[V], ruling: Ruling[V]
) -> Decision[V]:
    slot, ours = case.slot, case.ours
    kept: Ruled[V] = Ruled(
        word=ruling.word, base=decision.base, steps=decision.steps, lifted=decision.lifted
    )
    if ruling.word is Word.KEEP_WIKI:
        return kept
    left = base.left if isinstance(base, Tombstone) else base
    mine = standing(case, left) if left else None
    if ours is ABSENT:
        if ruling.word is Word.BOTH or left is None or mine is None:
            return kept
        gone = withdraw(case, left, mine, WithdrawalPolicy.REMOVE)
        return replace(kept, base=gone.base, steps=gone.steps)
    if mine is not None and not (left and alive(mine) and is_ours(case, left, mine)):
        mine = None
    refuted = next((e for e in case.theirs if not alive(e) and same(slot, e.value, ours)), None)
    against = rivals(case, left, mine)
    if ruling.word is Word.BOTH:
        if refuted or (against and slot.plain):
            return kept
        steps = decision.steps
    else:
        steps = () if slot.plain else tuple(RemoveEntry(e) for e in against)
    written, after = _write(case, left, mine, refuted, against, ours)
    spent = (*(left.spent if left else ()), ruling.id)
    return replace(kept, steps=(*steps, *written), base=replace(after, spent=spent))


def _write(
    case: Case[V],
    left: Base[V] | None,
    mine: Entry[V] | None,
    refuted: Entry[V] | None,
    against: list[Entry[V]],
    ours: V,
) -> tuple[tuple[Step[V], ...], Base[V]]:
    """Ours made to stand: in the refuted entry, in our own, in the plain slot, or anew."""
    slot = case.slot
    steps: tuple[Step[V], ...] = ()
    past = remember(slot, left, ours) if left else ()
    if left and mine:
        cleaned = replace(
            left, past=tuple(p for p in left.past if p is not past_of(slot, left, ours))
        )
        if refuted is None:
            return change(case, cleaned, mine, ours)
        steps, past = retire(case, cleaned, mine)
    if refuted is not None:
        revived = (SetRank(refuted, Rank.NORMAL), *reference(slot, refuted))
        return (*steps, *revived), Base(ours, Owned.REFERENCE, Rank.NORMAL, past)
    if slot.plain and against:
        return (SetValue(against[0], ours),), Base(ours, past=past)
    return (AddValue(ours),), Base(ours, past=past)
