"""What `merge` is told and what it answers: facts about a slot, steps and decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Generic, Literal, Self, TypeAlias, TypeVar

V = TypeVar("V")


class Lack(Enum):
    """What the source says where it gives no value."""

    ABSENT = auto()
    UNKNOWN = auto()


ABSENT: Literal[Lack.ABSENT] = Lack.ABSENT
UNKNOWN: Literal[Lack.UNKNOWN] = Lack.UNKNOWN
Absent: TypeAlias = Literal[Lack.ABSENT]
Unknown: TypeAlias = Literal[Lack.UNKNOWN]


class Relation(Enum):
    """How a value on the wiki stands to ours."""

    SAME = auto()
    FINER = auto()
    COARSER = auto()
    OTHER = auto()


class Rank(Enum):
    NORMAL = "normal"
    PREFERRED = "preferred"
    DEPRECATED = "deprecated"


class Owned(Enum):
    """What of an entry is HubBot's: all of it, our reference alone, or nothing any more."""

    WHOLE = "whole"
    REFERENCE = "reference"
    NOTHING = "nothing"


class ChangePolicy(Enum):
    """What becomes of our old value when the source has a new one."""

    REPLACE = "replace"
    END_AND_ADD = "end-and-add"
    ADD_PREFERRED = "add-preferred"


class WithdrawalPolicy(Enum):
    """What becomes of our value when the source has it no more."""

    REPORT = "report"
    REMOVE = "remove"
    DEPRECATE = "deprecate"


class Word(Enum):
    """What a person can decide about a finding."""

    KEEP_WIKI = "keep-wiki"
    TAKE_PARTNER = "take-partner"
    BOTH = "both"


class Kind(Enum):
    """What a finding is about."""

    CONFLICT = "conflict"
    CORRECTED = "corrected"
    REMOVED = "removed"
    REFUTED = "refuted"
    UNSUPPORTED = "unsupported"


def exact(theirs: object, ours: object) -> Relation:
    """The relation of values that are the same only when they are equal."""
    return Relation.SAME if theirs == ours else Relation.OTHER


@dataclass(frozen=True)
class Slot(Generic[V]):
    """What kind of slot it is.

    `compare(theirs, ours)` holds the property's equivalence. `many`: a slot per value, added and
    withdrawn, never updated. `plain`: there is a value and nothing else, neither references nor
    ranks (a cell, a label, an alias, a qualifier, a reference block). `returns`: where people have
    come to say what we say, it is ours again and follows the source, since a cell has no reference
    by which people could tell us to; what they took away does not come back by that.
    """

    compare: Callable[[V, V], Relation] = exact
    many: bool = False
    plain: bool = False
    returns: bool = False
    change: ChangePolicy = ChangePolicy.REPLACE
    withdrawal: WithdrawalPolicy = WithdrawalPolicy.REPORT

    def __post_init__(self) -> None:
        if self.plain and self.change is not ChangePolicy.REPLACE:
            raise ValueError(f"a slot without ranks cannot change by {self.change.value}")
        if self.plain and self.withdrawal is WithdrawalPolicy.DEPRECATE:
            raise ValueError("a slot without ranks cannot be withdrawn by deprecate")
        if self.returns and not self.plain:
            raise ValueError("only a plain slot is ours again where people say the same")


@dataclass(frozen=True)
class Entry(Generic[V]):
    """One value that stands in the slot now, with what can be known about it.

    A caller leaves out what we have ended ourselves (`EndValue`): it is not the slot's any more.

    - `id` is the caller's own name for it (a statement's id), handed back in the steps.
    - `denies`: it says that there is no value (novalue).
    - `cited`: our reference, this record's in this dataset, stands in it.
    - `touched`: references or qualifiers in it are people's; or, where the caller can tell by the
      id, people gave this value to an entry that we wrote for another. A rank that differs from
      what we left is seen by `merge` itself.
    - `house`: another of our datasets wrote this value, so that it is not people's.
    - `shared`: another of our datasets asserts it now, so that it is not withdrawn.
    """

    value: V
    id: str = ""
    rank: Rank = Rank.NORMAL
    denies: bool = False
    cited: bool = False
    touched: bool = False
    house: bool = False
    shared: bool = False


@dataclass(frozen=True)
class Base(Generic[V]):
    """What HubBot last left in the slot, as it stands in the store.

    `past`: values of ours before this one that may still stand (`add-preferred`), or that people
    took away. `spent`: ids of the rulings that were carried out here.
    """

    value: V
    owned: Owned = Owned.WHOLE
    rank: Rank = Rank.NORMAL
    past: tuple[Base[V], ...] = ()
    spent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tombstone(Generic[V]):
    """People removed or deprecated what we left: it is not brought back."""

    left: Base[V]


Memory: TypeAlias = Base[V] | Tombstone[V] | None


@dataclass(frozen=True)
class Seen(Generic[V]):
    """A value on the wiki, as far as a person's decision about it reaches."""

    value: V
    deprecated: bool = False


@dataclass(frozen=True)
class Pair(Generic[V]):
    """What the wiki says (in any order; nothing: it is gone) and what the source says."""

    theirs: tuple[Seen[V], ...]
    ours: V | Absent


@dataclass(frozen=True)
class Told(Generic[V]):
    """What a finding is made of. It is told at every merge for as long as it is so."""

    kind: Kind
    pair: Pair[V]


@dataclass(frozen=True)
class Ruling(Generic[V]):
    """A person's decision about one pair.

    `id` names the one time it was made (the revision it was made in): carried out and undone by
    people, it is spent, and the same word has to be said anew.
    """

    word: Word
    pair: Pair[V]
    id: str


@dataclass(frozen=True)
class AddValue(Generic[V]):
    """Write a new entry, with our qualifiers and our reference."""

    value: V
    rank: Rank = Rank.NORMAL


@dataclass(frozen=True)
class SetValue(Generic[V]):
    """Give the entry this value; our qualifiers and reference in it follow the source."""

    entry: Entry[V]
    value: V


@dataclass(frozen=True)
class EndValue(Generic[V]):
    """Say in the entry that it has ended (a qualifier with the end)."""

    entry: Entry[V]


@dataclass(frozen=True)
class SetRank(Generic[V]):
    entry: Entry[V]
    rank: Rank


@dataclass(frozen=True)
class RemoveEntry(Generic[V]):
    entry: Entry[V]


@dataclass(frozen=True)
class AddReference(Generic[V]):
    entry: Entry[V]


@dataclass(frozen=True)
class RemoveReference(Generic[V]):
    """Take our reference out of the entry; the rest of it stays as it is."""

    entry: Entry[V]


Step: TypeAlias = (
    AddValue[V]
    | SetValue[V]
    | EndValue[V]
    | SetRank[V]
    | RemoveEntry[V]
    | AddReference[V]
    | RemoveReference[V]
)


@dataclass(frozen=True, kw_only=True)
class Decided(Generic[V]):
    """The steps to write, in order; the base once they are written; what is to be told.

    Without steps the base may be stored at once. `lifted`: a tombstone was.
    """

    base: Memory[V]
    steps: tuple[Step[V], ...] = ()
    told: Told[V] | None = None
    lifted: bool = False

    def with_steps(self, steps: tuple[Step[V], ...]) -> Self:
        return replace(self, steps=steps)


class Nothing(Decided[V]):
    """Nothing is done. What is told has been told before and still is so."""


class Keep(Decided[V]):
    """Ours stands and the source says the same."""


class Add(Decided[V]):
    """Ours is written: the entry is ours. Or our own withdrawal of it is taken back."""


class Adopt(Decided[V]):
    """People say the same: our reference joins it. Where ours stood beside it, ours goes."""


class Converged(Decided[V]):
    """People and the source have come to say the same: the entry is theirs, the reference ours."""


class Yield(Decided[V]):
    """People made it theirs and the source says another: our reference goes."""


class Respect(Decided[V]):
    """People changed or removed ours: kept so, and told."""


class Conflict(Decided[V]):
    """People and the source say different things: told, nothing written."""


@dataclass(frozen=True, kw_only=True)
class Update(Decided[V]):
    """Ours follows the source."""

    policy: ChangePolicy


@dataclass(frozen=True, kw_only=True)
class Withdraw(Decided[V]):
    """The source has it no more: ours goes by policy; in what is people's, our reference."""

    policy: WithdrawalPolicy


@dataclass(frozen=True, kw_only=True)
class Ruled(Decided[V]):
    """A person's decision is carried out."""

    word: Word


Decision: TypeAlias = (
    Nothing[V]
    | Keep[V]
    | Add[V]
    | Adopt[V]
    | Converged[V]
    | Yield[V]
    | Respect[V]
    | Conflict[V]
    | Update[V]
    | Withdraw[V]
    | Ruled[V]
)
