"""Snaks made of a record's values: of the property's datatype, checked, in the site's numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bots.core.config import SiteNumbers
from bots.core.messages import Message
from bots.core.wikibase import make
from bots.core.wikibase.checks import Rule, check
from bots.core.wikibase.model import (
    Coordinate,
    EntityId,
    Item,
    Monolingual,
    Snak,
    Text,
    Time,
    Value,
)
from bots.datasets.mapping.parts import Cite, LanguageTake, SnakTake
from bots.datasets.records.takes import Scope, Tables, Taker, UnsureError, taker, unsure
from bots.datasets.transforms import Measure, TransformError, arguments_of, shown, text_of
from bots.datasets.transforms.base import TRANSFORMS
from bots.datasets.transforms.dates import iso_date
from bots.datasets.transforms.numbers import number
from bots.datasets.transforms.patterns import compiled

NO_RECORD = "mapping-no-record"
"""The message for a record of a dataset that has no item yet."""

ItemOf = Callable[[str, str], str | None]
"""The item of another dataset's record (dataset, key), or None while there is none."""

Snaks = Callable[[Scope], list[Snak]]
"""The snaks of one part of the mapping for a record. Raises `UnsureError`."""

_LATLON = TRANSFORMS["latlon"].make(arguments_of("latlon", None))
_ITEM = TRANSFORMS["wikidata-id"].make(arguments_of("wikidata-id", None))
_KEPT_SNAKS = 10_000


@dataclass(frozen=True)
class Site:
    """What values depend on besides the record.

    - `concepts`: what entities' URIs begin with (a quantity's unit has one).
    - `today`: the day that "retrieved" says.
    """

    numbers: SiteNumbers
    tables: Tables
    today: date
    item_of: ItemOf
    concepts: str
    record_url: Taker | None


def snaks_of(take: SnakTake, site: Site) -> Snaks:
    """What makes the snaks of one part of the mapping."""
    property_id = site.numbers.here(take.property)
    if take.somevalue:
        return _always(Snak.somevalue(property_id))
    if take.item:
        return _always(Snak(property_id, EntityId(site.numbers.here(take.item))))
    if isinstance(take, Cite) and take.retrieved:
        day = site.today
        return _always(Snak(property_id, make.date(day.year, day.month, day.day)))
    look = _look(take, site)
    maker = _maker(take, site)
    kept: dict[str, Snak] | None = {} if take.table and take.kind() == "wikibase-item" else None
    pattern = compiled(take.pattern) if take.pattern else None
    datatypes = {property_id: take.kind()}
    column = take.column

    def one(given: Any, scope: Scope) -> Snak | None:
        if pattern is not None and not pattern.fullmatch(text_of(given)):
            raise TransformError("mapping-pattern", value=shown(given), pattern=take.pattern or "")
        value = maker(given, scope)
        if value is None:
            return None
        snak = Snak(property_id, value)
        faults = check(snak, datatypes=datatypes)
        if faults:
            raise TransformError(**_rule(faults[0].rule, faults[0].value))
        return snak

    def made(scope: Scope) -> list[Snak]:
        snaks: list[Snak] = []
        wrong: list[Message] = []
        is_sure = True
        try:
            values: Sequence[Any] = look(scope)
        except UnsureError as doubt:
            if not doubt.rest:
                raise
            values, wrong, is_sure = doubt.rest, list(doubt.messages), False
        for given in values:
            held = kept.get(given) if kept is not None else None
            if held is None:
                try:
                    held = one(given, scope)
                except TransformError as error:
                    wrong.append(error.message)
                    continue
                if held is None:
                    continue
                if kept is not None and len(kept) < _KEPT_SNAKS:
                    kept[given] = held
            snaks.append(held)
        if wrong or not is_sure:
            raise UnsureError(tuple(wrong), column, snaks)
        return snaks

    return made


def single(snaks: list[Snak], column: str) -> Snak | None:
    """The one snak, or None. Raises `UnsureError` for several."""
    if len(snaks) > 1:
        raise unsure("mapping-several-values", column, num_values=len(snaks))
    return snaks[0] if snaks else None


def term_fault(kind: str, language: str, text: str) -> Message | None:
    """What is wrong with a term, if anything."""
    item = Item(
        labels={language: text} if kind == "label" else {},
        descriptions={language: text} if kind == "description" else {},
        aliases={language: (text,)} if kind == "alias" else {},
    )
    faults = check(item)
    if not faults:
        return None
    told = _rule(faults[0].rule, faults[0].value)
    return Message(told.pop("key"), told)


def languages(language: str | LanguageTake, tables: Tables) -> Callable[[Scope], str | None]:
    """The language that a record tells, or None. Raises `UnsureError`."""
    if isinstance(language, str):
        return lambda _scope: language
    look = taker(language, tables)

    def told(scope: Scope) -> str | None:
        found = look(scope)
        if len(found) > 1:
            raise unsure("mapping-several-values", language.column, num_values=len(found))
        if not found:
            return language.otherwise
        try:
            return text_of(found[0])
        except TransformError as error:
            raise UnsureError((error.message,), language.column) from error

    return told


def _always(snak: Snak) -> Snaks:
    snaks = [snak]
    return lambda _scope: snaks


def _look(take: SnakTake, site: Site) -> Taker:
    if isinstance(take, Cite) and take.record_url:
        if site.record_url is None:
            raise ValueError("the mapping has no record_url")
        return site.record_url
    if take.value is not None:
        fixed = take.model_copy(
            update={"template": take.value.replace("{", "{{").replace("}", "}}")}
        )
        return taker(fixed, site.tables)
    return taker(take, site.tables, is_url=take.kind() == "url")


_RULES = {
    Rule.NO_DATE: "mapping-no-date",
    Rule.NO_URL: "mapping-no-url",
    Rule.NO_FILE_NAME: "mapping-no-file-name",
    Rule.NO_LANGUAGE: "mapping-no-language",
    Rule.NO_ID: "mapping-no-item",
    Rule.TOO_LONG: "mapping-too-long",
    Rule.NOT_ONE_LINE: "mapping-not-one-line",
    Rule.BOUNDS_CROSSED: "mapping-no-number",
    Rule.NO_AMOUNT: "mapping-no-number",
    Rule.OUT_OF_RANGE: "mapping-no-coordinate",
}


def _rule(rule: Rule, value: str) -> dict[str, str]:
    """A check's fault as a message's key and parameters."""
    key = _RULES.get(rule)
    if key is None:
        return {"key": "mapping-invalid", "value": shown(value), "rule": rule.value}
    return {"key": key, "value": shown(value)}


Maker = Callable[[Any, Scope], Value | None]
"""A value of the data model of a source's value. Raises `TransformError` or `UnsureError`."""


def _maker(take: SnakTake, site: Site) -> Maker:
    match take.kind():
        case "wikibase-item":
            return _items(take, site)
        case "time":
            return lambda given, _scope: given if isinstance(given, Time) else iso_date(given)
        case "globe-coordinate":
            return lambda given, _scope: given if isinstance(given, Coordinate) else _LATLON(given)
        case "quantity":
            return _quantities(take, site)
        case "monolingualtext":
            told = languages(take.language or "", site.tables)

            def monolingual(given: Any, scope: Scope) -> Value | None:
                language = told(scope)
                return None if language is None else Monolingual(text_of(given), language)

            return monolingual
    return lambda given, _scope: Text(text_of(given))


def _items(take: SnakTake, site: Site) -> Maker:
    if take.record_of is None:
        return lambda given, _scope: EntityId(site.numbers.here(_ITEM(given)))
    dataset = take.record_of

    def of_record(given: Any, _scope: Scope) -> Value:
        item = site.item_of(dataset, text_of(given))
        if item is None:
            raise TransformError(NO_RECORD, value=shown(given), dataset=dataset)
        return EntityId(item)

    return of_record


def _quantities(take: SnakTake, site: Site) -> Maker:
    unit = _uri(site, take.unit) if take.unit else "1"
    around = taker(take.plus_minus, site.tables) if take.plus_minus else None
    column = take.plus_minus.column if take.plus_minus else ""

    def quantity(given: Any, scope: Scope) -> Value:
        bounds = around(scope) if around else []
        if len(bounds) > 1:
            raise unsure("mapping-several-values", column, num_values=len(bounds))
        plus_minus = number(bounds[0]) if bounds else None
        try:
            if isinstance(given, Measure):
                return make.quantity(given.amount, _uri(site, given.unit), plus_minus)
            return make.quantity(number(given), unit, plus_minus)
        except ValueError as error:
            raise TransformError("mapping-no-number", value=shown(str(given))) from error

    return quantity


def _uri(site: Site, item: str) -> str:
    return f"{site.concepts}{site.numbers.here(item)}"
