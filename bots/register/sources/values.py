"""What an item says of a property, as a list shows, sorts and compares it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bots.core.merge.facts import Rank
from bots.core.register.kinds import FieldConfig, Type, Words
from bots.core.wikibase.model import (
    Coordinate,
    EntityId,
    Monolingual,
    Quantity,
    Statement,
    Text,
    Time,
    Value,
    entity_type,
)

_DAY, _MONTH, _YEAR = 11, 10, 9
_SPANS = {8: 10, 7: 100, 6: 1000}
"""Precision → the years that it leaves open; a century and a millennium begin with the year 1."""


@dataclass(frozen=True, slots=True)
class Said:
    """One value: `text`, and what it is of: a quantity's unit, an item's id; a text's language."""

    text: str
    of: str = ""


@dataclass(frozen=True)
class Heard:
    """A property as a column: what its values are, and what each item's are in the list."""

    field: FieldConfig
    values: Mapping[str, Sequence[str]]
    """Item → its values."""


def said_of(statements: Sequence[Statement]) -> tuple[Said, ...]:
    """The values that count: of the best rank, in their order, each once; unknown ones are none."""
    good = [each for each in statements if each.rank is not Rank.DEPRECATED]
    preferred = [each for each in good if each.rank is Rank.PREFERRED]
    found = (_said(each.mainsnak.value) for each in preferred or good if each.mainsnak.value)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def named_in(said: Sequence[Said]) -> Iterator[str]:
    """The items by whose names these values are shown."""
    return (each.of for each in said if entity_type(each.of) == "item")


def column(
    name: str,
    datatype: str,
    said: Mapping[str, Sequence[Said]],
    labels: Mapping[str, str],
    language: str,
) -> Heard:
    """A property's column in a language. `said`: item → its values; `labels`: of items, by id."""
    field = FieldConfig(label={language: name}, about={language: name}, many=True)
    match datatype:
        case "wikibase-item":
            named = {
                each.of: labels.get(each.of, each.of) for many in said.values() for each in many
            }
            return _chosen(field, said, named, language)
        case "time":
            return Heard(field.model_copy(update={"type": Type.DATE}), _texts(said))
        case "url":
            return Heard(field.model_copy(update={"type": Type.URL}), _texts(said))
        case "quantity":
            return _measured(field, said, name, labels, language)
        case "monolingualtext":
            return Heard(field, {key: _spoken(many, language) for key, many in said.items()})
    return Heard(field, _texts(said))


def _chosen(
    field: FieldConfig,
    said: Mapping[str, Sequence[Said]],
    named: Mapping[str, str],
    language: str,
) -> Heard:
    """Items: by number in questions, by name in the list, and in the order of names."""
    if not named:
        return Heard(field, {})
    ordered = sorted(named, key=lambda each: (named[each].casefold(), each))
    choices: dict[str, Words] = {each: {language: named[each]} for each in ordered}
    chosen = field.model_copy(update={"type": Type.CHOICE, "choices": choices})
    return Heard(chosen, {key: [each.of for each in many] for key, many in said.items()})


def _measured(
    field: FieldConfig,
    said: Mapping[str, Sequence[Said]],
    name: str,
    labels: Mapping[str, str],
    language: str,
) -> Heard:
    """Numbers, where all are of one unit, which then stands in the column's title."""
    units = {each.of for many in said.values() for each in many}
    if len(units) > 1:
        texts = {key: [_with_unit(each, labels) for each in many] for key, many in said.items()}
        return Heard(field, texts)
    unit = next(iter(units), "")
    title = f"{name} ({labels.get(unit, unit)})" if unit else name
    numbers = field.model_copy(update={"type": Type.NUMBER, "label": {language: title}})
    return Heard(numbers, _texts(said))


def _with_unit(said: Said, labels: Mapping[str, str]) -> str:
    return f"{said.text} {labels.get(said.of, said.of)}" if said.of else said.text


def _texts(said: Mapping[str, Sequence[Said]]) -> dict[str, Sequence[str]]:
    return {key: [each.text for each in many] for key, many in said.items()}


def _spoken(said: Sequence[Said], language: str) -> list[str]:
    """The texts in the language, where there are any; else all of them."""
    ours = [each.text for each in said if each.of == language]
    return ours or [each.text for each in said]


def _said(value: Value | None) -> Said | None:
    match value:
        case Text(text=text):
            return Said(text)
        case Monolingual(text=text, language=language):
            return Said(text, language)
        case EntityId(id=entity_id):
            return Said(entity_id, entity_id)
        case Time():
            return Said(_date(value))
        case Quantity(amount=amount, unit=unit):
            return Said(amount.removeprefix("+"), _item_of(unit))
        case Coordinate(latitude=latitude, longitude=longitude):
            return Said(f"{latitude}, {longitude}")
    return None


def _item_of(unit: str) -> str:
    """A unit's item, by its address; "" for none."""
    found = re.search(r"/(Q[1-9][0-9]*)\Z", unit)
    return found[1] if found else ""


def _date(time: Time) -> str:
    """As 2026-11-21, 2026-11, 2026, or as a span of years: 1801–1900; BCE with a minus."""
    found = re.match(r"([+-])0*([0-9]+)-([0-9]{2})-([0-9]{2})T", time.time)
    if not found:
        return time.time
    sign, digits, month, day = found.groups()
    minus, year = sign.replace("+", ""), int(digits)
    if time.precision >= _MONTH:
        exact = f"{minus}{year:04d}-{month}"
        return exact if time.precision == _MONTH else f"{exact}-{day}"
    if time.precision >= _YEAR or time.precision not in _SPANS:
        return f"{minus}{year:04d}"
    length = _SPANS[time.precision]
    ordinal = int(length > _SPANS[8])
    first = (year - ordinal) // length * length + ordinal
    ends = [f"{minus}{each:04d}" for each in (first, first + length - 1)]
    return "–".join(reversed(ends) if minus else ends)
