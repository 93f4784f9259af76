"""What the judge of a life is told, and what it says: rules, events in order, verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Rules:
    """What is so on this wiki, whoever edits.

    - `ours`: the bot's accounts; everybody else is people.
    - `identifier`: the property by which a record and its item belong together.
    - `single`: properties that have one value at a time (for each value of their `keys`).
    - `keys`: property → the qualifiers that tell one slot of it from another.
    - `cites`: a reference is known by its snaks of these properties, whatever else it says.
    - `spelling`: property → what makes two spellings of a value the same text.
    """

    ours: frozenset[str]
    identifier: str
    single: frozenset[str] = frozenset()
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cites: frozenset[str] = frozenset()
    end: str = "P582"
    spelling: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Revision:
    """One revision of an item; `entity` in Wikibase's JSON, None where it is a redirect."""

    id: int
    item: str
    user: str
    time: datetime
    comment: str
    entity: Mapping[str, Any] | None
    redirect: str = ""


@dataclass(frozen=True)
class Deletion:
    """An item was deleted, or brought back."""

    item: str
    time: datetime
    back: bool = False


@dataclass(frozen=True)
class Permission:
    """A trusted person's word that the bot may overrule people, once, in this slot.

    `slot` is a property, or a term such as `label/en`. `dataset`: only an edit whose summary names
    this one's task is meant; "" for any.
    """

    item: str
    slot: str
    time: datetime
    dataset: str = ""


@dataclass(frozen=True)
class Told:
    """The bot said at `time` that people and the source differ in this slot.

    `settled`: it told the partner, who hears only of what has stood for three days.
    """

    item: str
    slot: str
    kind: str
    time: datetime
    settled: bool = True


Event = Revision | Deletion | Permission | Told


@dataclass(frozen=True)
class Lost:
    """The bot's revision undid what people did: where, and how."""

    revision: int
    item: str
    slot: str
    how: str

    def __str__(self) -> str:
        return f"{self.item} {self.slot}: {self.how} (revision {self.revision})"


@dataclass(frozen=True)
class Verdict:
    """All that is to be said of a life.

    `edits`: the bot's revisions; `peoples`: those of everybody else.
    """

    edits_lost: tuple[Lost, ...]
    double_statements: tuple[Lost, ...]
    double_items: tuple[Lost, ...]
    false_conflicts: tuple[Told, ...]
    edits: int
    peoples: int
