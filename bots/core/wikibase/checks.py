"""What may not be written: what Wikibase refuses, and what it takes without a word and shouldn't.

Checked is what HubBot is about to write. What people wrote may well be at fault (the wiki took
it), and stays as it is. Limits are Wikidata's; that Wikibase takes 31 February, amounts without a
sign and latitudes up to 360 is recorded.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bots.core.wikibase.change import EntityPatch
from bots.core.wikibase.model import (
    GREGORIAN,
    JULIAN,
    Coordinate,
    Entity,
    EntityId,
    Item,
    Monolingual,
    Other,
    Property,
    Quantity,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
    Value,
    entity_type,
)

LONGEST_TERM = 250
LONGEST_TEXT = 1500


class Rule(StrEnum):
    """What is wrong; the value is also the message's key."""

    EMPTY = "empty"
    SPACES_AROUND = "spaces-around"
    NOT_ONE_LINE = "not-one-line"
    NOT_COMPOSED = "not-composed"
    """Not in Unicode's composed form (NFC): the wiki would store another text."""
    TOO_LONG = "too-long"
    NO_LANGUAGE = "no-language"
    DESCRIPTION_IN_MUL = "description-in-mul"
    DESCRIPTION_IS_LABEL = "description-is-label"
    NO_ID = "no-id"
    WRONG_TYPE = "wrong-type"
    """The value is not of the property's datatype."""
    NO_VALUE = "no-value"
    """No value where the snak says that there is one, or one where it says that there is none."""
    NO_TIME = "no-time"
    NO_DATE = "no-date"
    """No such day, such as 31 February."""
    TOO_PRECISE = "too-precise"
    """A precision that Wikibase does not take, or finer than what the time says (month 0)."""
    NO_CALENDAR = "no-calendar"
    NO_AMOUNT = "no-amount"
    UNSIGNED = "unsigned"
    BOUNDS_CROSSED = "bounds-crossed"
    """The amount is not between its bounds, or there is one bound alone."""
    NO_UNIT = "no-unit"
    OUT_OF_RANGE = "out-of-range"
    NO_GLOBE = "no-globe"
    NO_URL = "no-url"
    NO_FILE_NAME = "no-file-name"


@dataclass(frozen=True)
class Fault:
    """What is wrong with which field, such as `statements/P569/0/value/time`, and its value."""

    where: str
    value: str
    rule: Rule

    def __str__(self) -> str:
        return f"{self.where}: {self.rule.value}: {self.value!r:.200}"


_ENTITY_URI = re.compile(r"https?://[^\s/]+(?:/[^\s]*)?/[QPL][1-9]\d*", re.ASCII)
_TIME = re.compile(r"[+-](\d{4,16})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", re.ASCII)
_AMOUNT = re.compile(r"[+-](?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,12}(?:-[a-z0-9]{1,12}){0,4}", re.ASCII)
_URL = re.compile(r"(?:https?|ftps?|git|ssh|ircs?)://[^\s/?#]+\S*|(?:mailto|tel):\S+", re.I)
_FILE_NAME = re.compile(r"(?!File:)[^#<>\[\]{}|:/\\\n]{1,235}\.[A-Za-z0-9]{2,5}", re.I)
_NOT_ONE_LINE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff\\ufffe\\uffff]")
_LONGEST_AMOUNT = 127
_MONTH, _DAY = 10, 11

_KINDS: Mapping[str, str] = {
    **dict.fromkeys(
        ["string", "external-id", "url", "commonsMedia", "localMedia", "geo-shape"], "string"
    ),
    **dict.fromkeys(["tabular-data", "math", "musical-notation"], "string"),
    "time": "time",
    "quantity": "quantity",
    "globe-coordinate": "globecoordinate",
    "monolingualtext": "monolingualtext",
}
_ENTITY_KINDS: Mapping[str, str] = {
    "wikibase-item": "item",
    "wikibase-property": "property",
    "wikibase-lexeme": "lexeme",
    "wikibase-form": "form",
    "wikibase-sense": "sense",
    "entity-schema": "entity-schema",
}


def check(
    thing: EntityPatch | Entity | Statement | Reference | Snak,
    languages: Collection[str] = (),
    datatypes: Mapping[str, str] | None = None,
) -> list[Fault]:
    """All that is wrong with what is about to be written; of a patch, with what is new in it.

    `languages`: the codes that the wiki knows for terms; without them only the form is checked.
    `datatypes`: property id → datatype, for snaks that don't tell it.
    """
    return list(_Check(frozenset(languages), datatypes or {}).any(thing))


@dataclass(frozen=True)
class _Check:
    languages: frozenset[str]
    datatypes: Mapping[str, str]

    def any(self, thing: EntityPatch | Entity | Statement | Reference | Snak) -> Iterator[Fault]:
        match thing:
            case EntityPatch():
                yield from self.patch(thing)
            case Entity():
                yield from self.entity(thing)
            case Statement():
                yield from self.statement(thing, thing.property)
            case Reference():
                yield from self.reference(thing, "reference")
            case Snak():
                yield from self.snak(thing, thing.property)

    def patch(self, change: EntityPatch) -> Iterator[Fault]:
        new: dict[tuple[str, str], str] = {}
        for term in change.terms:
            if term.text is not None:
                new[term.terms, term.language] = term.text
                yield from self.term(term.terms, term.language, term.text)
        for (terms, language), text in new.items():
            if terms == "descriptions" and new.get(("labels", language)) == text:
                yield Fault(f"descriptions/{language}", text, Rule.DESCRIPTION_IS_LABEL)
        for aliases in change.aliases:
            for text in aliases.add:
                yield from self.term("aliases", aliases.language, text)
        for each in change.add:
            yield from self.statement(each, f"statements/{each.property}")
        for edit in change.edit:
            where = edit.read.id
            if edit.mainsnak is not None:
                yield from self.snak(edit.mainsnak, where)
            for snak in edit.add_qualifiers:
                yield from self.snak(snak, f"{where}/qualifiers/{snak.property}")
            replaced = (new for _, new in edit.replace_references)
            for reference in (*edit.add_references, *replaced):
                yield from self.reference(reference, f"{where}/references")

    def entity(self, entity: Entity) -> Iterator[Fault]:
        for terms, held in (("labels", entity.labels), ("descriptions", entity.descriptions)):
            for language, text in held.items():
                yield from self.term(terms, language, text)
        if isinstance(entity, Item | Property):
            for language, text in entity.descriptions.items():
                if entity.labels.get(language) == text:
                    yield Fault(f"descriptions/{language}", text, Rule.DESCRIPTION_IS_LABEL)
        for language, texts in entity.aliases.items():
            for text in texts:
                yield from self.term("aliases", language, text)
        for property_id, group in entity.statements.items():
            for index, each in enumerate(group):
                yield from self.statement(each, f"statements/{property_id}/{index}")

    def term(self, terms: str, language: str, text: str) -> Iterator[Fault]:
        where = f"{terms}/{language}"
        if terms == "descriptions" and language == "mul":
            yield Fault(where, text, Rule.DESCRIPTION_IN_MUL)
        if not _LANGUAGE.fullmatch(language) or (self.languages and language not in self.languages):
            yield Fault(where, language, Rule.NO_LANGUAGE)
        yield from _text(text, where, LONGEST_TERM)

    def statement(self, statement: Statement, where: str) -> Iterator[Fault]:
        yield from self.snak(statement.mainsnak, where)
        for snak in statement.qualifiers:
            yield from self.snak(snak, f"{where}/qualifiers/{snak.property}")
        for index, reference in enumerate(statement.references):
            yield from self.reference(reference, f"{where}/references/{index}")

    def reference(self, reference: Reference, where: str) -> Iterator[Fault]:
        if not reference.snaks:
            yield Fault(where, "", Rule.EMPTY)
        for snak in reference.snaks:
            yield from self.snak(snak, f"{where}/{snak.property}")

    def snak(self, snak: Snak, where: str) -> Iterator[Fault]:
        if entity_type(snak.property) != "property":
            yield Fault(f"{where}/property", snak.property, Rule.NO_ID)
        known = snak.snaktype in ("value", "somevalue", "novalue")
        if not known or (snak.value is None) == (snak.snaktype == "value"):
            yield Fault(where, snak.snaktype, Rule.NO_VALUE)
        if snak.value is not None:
            datatype = snak.datatype or self.datatypes.get(snak.property, "")
            if not _fits(snak.value, datatype):
                yield Fault(f"{where}/value", datatype, Rule.WRONG_TYPE)
            yield from _value(snak.value, datatype, f"{where}/value")


def kind_of_value(datatype: str) -> str:
    """What the values of a datatype are, which several share: texts, an item, a time."""
    return _KINDS.get(datatype) or _ENTITY_KINDS.get(datatype, datatype)


def _fits(value: Value, datatype: str) -> bool:
    if datatype in _ENTITY_KINDS:
        return isinstance(value, EntityId) and entity_type(value.id) == _ENTITY_KINDS[datatype]
    return datatype not in _KINDS or value.kind == _KINDS[datatype]


def _value(value: Value, datatype: str, where: str) -> Iterator[Fault]:
    match value:
        case EntityId():
            if not entity_type(value.id):
                yield Fault(where, value.id, Rule.NO_ID)
        case Text():
            yield from _text(value.text, where, LONGEST_TEXT)
            if datatype == "url" and not _URL.fullmatch(value.text):
                yield Fault(where, value.text, Rule.NO_URL)
            if datatype in ("commonsMedia", "localMedia") and not _FILE_NAME.fullmatch(value.text):
                yield Fault(where, value.text, Rule.NO_FILE_NAME)
        case Monolingual():
            yield from _text(value.text, f"{where}/text", LONGEST_TEXT)
            if not _LANGUAGE.fullmatch(value.language):
                yield Fault(f"{where}/language", value.language, Rule.NO_LANGUAGE)
        case Time():
            yield from _time(value, where)
        case Quantity():
            yield from _quantity(value, where)
        case Coordinate():
            yield from _coordinate(value, where)
        case Other():
            pass


def _text(text: str, where: str, longest: int) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(where, text, Rule.EMPTY)
    elif text != text.strip():
        yield Fault(where, text, Rule.SPACES_AROUND)
    if _NOT_ONE_LINE.search(text):
        yield Fault(where, text, Rule.NOT_ONE_LINE)
    if not unicodedata.is_normalized("NFC", text):
        yield Fault(where, text, Rule.NOT_COMPOSED)
    if len(text) > longest:
        yield Fault(where, text, Rule.TOO_LONG)


def _time(value: Time, where: str) -> Iterator[Fault]:
    if value.calendar not in (GREGORIAN, JULIAN):
        yield Fault(f"{where}/calendar", value.calendar, Rule.NO_CALENDAR)
    found = _TIME.fullmatch(value.time)
    if found is None:
        yield Fault(f"{where}/time", value.time, Rule.NO_TIME)
        return
    year, month, day, *clock = map(int, found.groups())
    told = _DAY if day else _MONTH if month else _MONTH - 1
    if not 0 <= value.precision <= _DAY or told < value.precision or any(clock):
        yield Fault(f"{where}/precision", f"{value.time} ({value.precision})", Rule.TOO_PRECISE)
    if month > 12 or (day and not month) or day > _days(value, year, month):
        yield Fault(f"{where}/time", value.time, Rule.NO_DATE)


def _days(value: Time, year: int, month: int) -> int:
    if not 1 <= month <= 12:
        return 0
    if month != 2:
        return monthrange(2000, month)[1]
    # Years before the common era are counted without a year 0: -0005 is a leap year, -0004 isn't.
    counted = year - 1 if value.time.startswith("-") else year
    leap = counted % 4 == 0
    if value.calendar == GREGORIAN:
        leap = leap and (counted % 100 != 0 or counted % 400 == 0)
    return 29 if leap else 28


def _quantity(value: Quantity, where: str) -> Iterator[Fault]:
    fields = (("amount", value.amount), ("lower", value.lower), ("upper", value.upper))
    sound = True
    for name, text in fields:
        if text is None or (_AMOUNT.fullmatch(text) and len(text) <= _LONGEST_AMOUNT):
            continue
        sound = False
        rule = Rule.UNSIGNED if _AMOUNT.fullmatch(f"+{text}") else Rule.NO_AMOUNT
        yield Fault(f"{where}/{name}", text, rule)
    bounds = [each for each in (value.lower, value.amount, value.upper) if each is not None]
    if len(bounds) == 2 or (sound and bounds != sorted(bounds, key=Decimal)):
        yield Fault(where, " ".join(bounds), Rule.BOUNDS_CROSSED)
    if value.unit != "1" and not _ENTITY_URI.fullmatch(value.unit):
        yield Fault(f"{where}/unit", value.unit, Rule.NO_UNIT)


def _coordinate(value: Coordinate, where: str) -> Iterator[Fault]:
    ranges = (
        ("latitude", value.latitude, Decimal(-90), Decimal(90)),
        ("longitude", value.longitude, Decimal(-360), Decimal(360)),
        ("precision", value.precision or Decimal(0), Decimal(0), Decimal(360)),
    )
    for name, number, least, most in ranges:
        if not least <= number <= most:
            yield Fault(f"{where}/{name}", str(number), Rule.OUT_OF_RANGE)
    if not _ENTITY_URI.fullmatch(value.globe):
        yield Fault(f"{where}/globe", value.globe, Rule.NO_GLOBE)
