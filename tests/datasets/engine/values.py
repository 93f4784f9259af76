"""The letters of `acts`, spelled for each property; and a record that says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.merge.facts import UNKNOWN
from bots.core.wikibase.make import date
from bots.core.wikibase.model import EntityId, Quantity, Reference, Snak, Statement, Text, Time
from bots.datasets.facts import Record, Said, StatementRule, TermRule, TermSaid
from tests.datasets.engine.acts import (
    AMOUNT,
    BARE,
    END,
    ITEM,
    KEY,
    OWN,
    PAGE,
    RECORD_ID,
    RETRIEVED,
    STATED_IN,
    TEXT,
    TIME,
    URL,
    Act,
    Says,
)

_VALUES = {
    TEXT: {"a": Text("00 01"), "A": Text("0001"), "b": Text("00 02"), "c": Text("00 03")},
    TIME: {
        "a": date(1901),
        "A": Time("+1901-01-01T00:00:00Z", 9),
        "ax": date(1901, 5),
        "b": date(1902),
        "bx": date(1902, 6, 7),
        "c": date(1903),
    },
    AMOUNT: {
        "a": Quantity("+10"),
        "A": Quantity("+10.0"),
        "ax": Quantity("+10", "1", "+9", "+11"),
        "b": Quantity("+20"),
        "bx": Quantity("+20", "1", "+19", "+21"),
        "c": Quantity("+30"),
    },
    ITEM: {"a": EntityId("Q1"), "A": EntityId("Q1"), "b": EntityId("Q2"), "c": EntityId("Q3")},
    BARE: {"a": Text("One"), "A": Text("One"), "b": Text("Two"), "c": Text("Three")},
    OWN: {"a": date(2001), "b": date(2002)},
    KEY: {"k": EntityId("Q8"), "l": EntityId("Q9")},
    END: {"a": date(2005), "b": date(2006)},
}
NEWSPAPER = Reference((Snak(URL, Text("https://newspaper.example/1")),))


def snak(name: str, letter: str) -> Snak:
    """What a property says by a letter."""
    if letter in ("none", "some"):
        return Snak(name, snaktype={"none": "novalue", "some": "somevalue"}[letter])
    values = _VALUES.get(name) or {each: Text(each) for each in "ab"}
    return Snak(name, values[letter])


@dataclass
class Source:
    """A dataset's file, as it is now. `name` tells two datasets' references apart."""

    rules: Mapping[str, StatementRule]
    terms: Mapping[str, TermRule] = field(default_factory=dict)
    name: str = "Q100"
    there: bool = True
    day: int = 1
    url: int = 1
    says: dict[str, tuple[Says, ...] | None] = field(default_factory=dict)
    texts: dict[tuple[str, str], tuple[str, ...] | None] = field(default_factory=dict)

    def happens(self, act: Act) -> None:
        """The source is changed."""
        match act.what:
            case "gone" | "back":
                self.there = act.what == "back"
            case "day":
                self.day += 1
            case "url":
                self.url += 1
            case "says":
                self.says[act.property] = act.says
            case "term":
                self.texts[act.property, act.more] = act.terms
            case _:
                raise ValueError(act)

    def record(self) -> Record | None:
        """What it says of the item; None: it has it no more."""
        if not self.there:
            return None
        statements: list[Said] = []
        for name, values in self.says.items():
            statements += self._said(self.rules[name], values)
        return Record(
            "one", 1, ((RECORD_ID, "id1"),), tuple(statements), tuple(map(self._term, self.texts))
        )

    def reference(self) -> Reference:
        """The reference that it gives."""
        return Reference(
            (
                Snak(STATED_IN, EntityId(self.name)),
                Snak(RECORD_ID, Text("id1")),
                Snak(URL, Text(f"https://source.example/{self.url}")),
                Snak(RETRIEVED, date(2026, 1, self.day)),
            )
        )

    def _term(self, place: tuple[str, str]) -> TermSaid:
        kind, language = place
        texts = self.texts[place]
        return TermSaid(self.terms[kind], language, UNKNOWN if texts is None else texts)

    def _said(self, rule: StatementRule, values: tuple[Says, ...] | None) -> Sequence[Said]:
        if values is None:
            return [Said(rule, UNKNOWN)]
        if rule.many:
            return [Said(rule, tuple(self._statement(rule, each) for each in values))]
        return [
            Said(rule, (self._statement(rule, each),), tuple(_key(each.key))) for each in values
        ]

    def _statement(self, rule: StatementRule, says: Says) -> Statement:
        own = (snak(OWN, says.own),) if says.own else ()
        references = (self.reference(),) if rule.cites else ()
        return Statement(snak(rule.property, says.value), (*_key(says.key), *own), references)


def with_page(reference: Reference) -> Reference:
    """The reference with a page that people told."""
    return Reference((*reference.snaks, Snak(PAGE, Text("7"))))


def seen_later(reference: Reference) -> Reference:
    """The reference with the day on which people saw what it says."""
    later = Snak(RETRIEVED, date(2026, 1, 20))
    return Reference(
        tuple(later if each.property == RETRIEVED else each for each in reference.snaks)
    )


def _key(letter: str) -> Sequence[Snak]:
    return (snak(KEY, letter),) if letter else ()
