"""A slot as a wiki would hold it, with who wrote what, and the carrying out of decisions on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bots.core.merge.facts import (
    AddReference,
    AddValue,
    Decision,
    EndValue,
    Entry,
    Rank,
    Relation,
    RemoveEntry,
    RemoveReference,
    Ruled,
    SetRank,
    SetValue,
    Word,
)


def compare(theirs: str, ours: str) -> Relation:
    """ax is finer than a; letters' case doesn't count."""
    one, other = theirs.lower(), ours.lower()
    if one == other:
        return Relation.SAME
    if one.startswith(other):
        return Relation.FINER
    return Relation.COARSER if other.startswith(one) else Relation.OTHER


@dataclass(frozen=True)
class Statement:
    """`left` and `left_rank` are what our account last wrote; other than that is people's.

    `about` is the value that our reference was put there for. `refused`: people removed our
    reference from this value.
    """

    id: str
    value: str
    rank: Rank = Rank.NORMAL
    left: str | None = None
    left_rank: Rank = Rank.NORMAL
    house: bool = False
    shared: bool = False
    cited: bool = False
    about: str | None = None
    touched: bool = False
    refused: bool = False
    ended: bool = False

    @property
    def alive(self) -> bool:
        return not self.ended and self.rank is not Rank.DEPRECATED

    @property
    def hub(self) -> bool:
        """Is every part of it written by our account, or another of our datasets alone?"""
        written = self.left is not None and self.left.lower() == self.value.lower()
        return written and self.rank is self.left_rank and not self.touched and not self.shared

    @property
    def overwritten(self) -> bool:
        """Other than what we wrote or cited, as a caller can tell by its id."""
        ours = self.left or (self.about if self.cited else None)
        return ours is not None and ours.lower() != self.value.lower()

    def entry(self) -> Entry[str]:
        return Entry(
            self.value,
            id=self.id,
            rank=self.rank,
            denies=self.value == "none",
            cited=self.cited,
            touched=self.touched or self.overwritten,
            house=self.house and self.left == self.value,
            shared=self.shared,
        )


State = tuple[Statement, ...]


def entries(state: State) -> list[Entry[str]]:
    return [s.entry() for s in state if not s.ended]


def apply_to(
    state: State, decisions: Iterable[Decision[str]], plain: bool, fresh: Iterable[str]
) -> State:
    """Carry decisions out. Fails where that would take or change what only people wrote."""
    names = iter(fresh)
    read = entries(state)
    for decision in decisions:
        may = isinstance(decision, Ruled) and decision.word is Word.TAKE_PARTNER
        for step in decision.steps:
            if isinstance(step, AddValue):
                new = Statement(next(names), step.value, step.rank, step.value, step.rank)
                assert isinstance(decision, Ruled) or not _stands(state, step.value), "said already"
                state = (*state, replace(new, cited=not plain))
                continue
            assert step.entry in read
            old = next(s for s in state if s.id == step.entry.id)
            state = tuple(_after(s, step, may) if s is old else s for s in state)
            state = tuple(s for s in state if s is not old or not isinstance(step, RemoveEntry))
    return state


def _after(
    old: Statement,
    step: SetValue[str]
    | EndValue[str]
    | SetRank[str]
    | RemoveEntry[str]
    | AddReference[str]
    | RemoveReference[str],
    may: bool,
) -> Statement:
    match step:
        case AddReference():
            assert not old.cited, "a second reference"
            assert may or not old.refused, "a reference that people removed is brought back"
            return replace(old, cited=True, about=old.value)
        case RemoveReference():
            assert old.cited
            return replace(old, cited=False, left=None)
    assert may or old.hub, f"{step} touches what is people's: {old}"
    match step:
        case SetValue(value=value):
            return replace(old, value=value, left=value, house=False)
        case SetRank(rank=rank):
            assert rank is not old.rank
            return replace(old, rank=rank, left_rank=rank)
        case EndValue():
            return replace(old, ended=True)
    return old


def _stands(state: State, value: str) -> bool:
    """Somebody says it, or people say that it is wrong."""
    said = (s for s in state if not s.ended and s.value.lower() == value.lower())
    return any(s.alive or s.rank is not s.left_rank for s in said)
