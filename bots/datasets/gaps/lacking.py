"""What a record lacks on the wiki, and how many do, by what the source says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bots.core.merge.facts import Rank
from bots.core.plan import JSON
from bots.core.wikibase.model import Item
from bots.datasets.facts import Record

ITEM = "item"


@dataclass(frozen=True)
class GapRule:
    """What is looked for. `lacks`: see `mapping.parts.Lack`, properties as the site numbers them.

    - `by`: the fields whose values records are counted by. `lists`: of which of `lacks` there are
      lists.
    """

    lacks: tuple[str, ...]
    by: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """What one record lacks; `groups`: its values of the rule's fields, "" for none."""

    name: str
    lacks: tuple[str, ...]
    groups: tuple[str, ...] = ()

    def json(self) -> JSON:
        """As the store keeps it."""
        return {"name": self.name, "lacks": list(self.lacks), "groups": list(self.groups)}

    @classmethod
    def of(cls, raw: JSON) -> State:
        """What `json` wrote."""
        return cls(raw["name"], tuple(raw["lacks"]), tuple(raw["groups"]))


Looked = tuple[str, State | None]
"""A record that was looked at: the id of its item, "" for none yet, and what it lacks; None: it is
gone from the source."""


@dataclass
class Group:
    """So many records, and how many of them lack what."""

    records: int = 0
    lacking: dict[str, int] = field(default_factory=dict)

    def take(self, state: State) -> None:
        """Count one more."""
        self.records += 1
        for lack in state.lacks:
            self.lacking[lack] = self.lacking.get(lack, 0) + 1


@dataclass
class Counts:
    """The counts of all records; `by`: field → its value → those that have it."""

    all: Group = field(default_factory=Group)
    by: dict[str, dict[str, Group]] = field(default_factory=dict)


def state_of(record: Record, item: Item | None, rule: GapRule) -> State:
    """What a record lacks. `item`: as it stands, or will once it is edited; None: it has none."""
    known = item is not None
    lacks = tuple(each for each in rule.lacks if _lacks(item, each)) if known else ()
    if not known and ITEM in rule.lacks:
        lacks = (ITEM,)
    return State(_name(record), lacks, record.groups)


def counted(states: Iterable[State], rule: GapRule) -> Counts:
    """How many records lack what, in all and by each of the rule's fields."""
    found = Counts(by={name: {} for name in rule.by})
    for state in states:
        found.all.take(state)
        for name, value in zip(rule.by, state.groups, strict=True):
            found.by[name].setdefault(value, Group()).take(state)
    return found


def _lacks(item: Item | None, what: str) -> bool:
    if item is None or what == ITEM:
        return item is None
    kind, _, name = what.partition("/")
    held: Mapping[str, object]
    match kind:
        case "label":
            held = item.labels
        case "description":
            held = item.descriptions
        case "article":
            held = item.sitelinks
        case _:
            return not any(
                each.rank is not Rank.DEPRECATED and each.mainsnak.snaktype == "value"
                for each in item.statements.get(what, ())
            )
    return name not in held


def _name(record: Record) -> str:
    """The record's first label, or its key."""
    texts = (
        text
        for said in record.terms
        if said.rule.kind == "label" and isinstance(said.texts, tuple)
        for text in said.texts
    )
    return next(texts, record.key)
