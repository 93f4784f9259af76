"""Which values of a record fail a check; they are taken out of it, and are unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bots.core.config import SiteNumbers
from bots.core.merge.facts import UNKNOWN, Rank
from bots.core.messages import Message, Param
from bots.core.wikibase.equality import canonical
from bots.core.wikibase.model import Item, Snak, Statement, Text, Time
from bots.datasets.checks.constraints import Constraints
from bots.datasets.checks.dates import is_after
from bots.datasets.facts import Fault, Record, Said, StatementRule
from bots.datasets.source.faults import quoted
from bots.datasets.transforms.base import shown
from bots.datasets.transforms.patterns import compiled

WITHIN_A_STATEMENT = (("P580", "P582"),)
"""Qualifiers of one statement: start and end."""
ON_AN_ITEM = (("P571", "P576"), ("P569", "P570"))
"""Statements of one item: inception and end; birth and death."""


@dataclass(frozen=True)
class Doubt:
    """A value that fails; `about` None: all that the record says of the property."""

    rule: StatementRule
    message: Message
    about: Statement | None = None


def of_record(
    record: Record, constraints: Mapping[str, Constraints], numbers: SiteNumbers
) -> Iterator[Doubt]:
    """What fails by what the record itself says."""
    for said in record.statements:
        if not isinstance(said.values, tuple):
            continue
        held = constraints.get(said.rule.property)
        if held is not None:
            yield from _format(said.rule, said.values, held)
            if held.single and said.rule.many and len(said.values) > 1:
                count = len(said.values)
                yield Doubt(said.rule, _message("check-single", said.rule, num_values=count))
        for statement in said.values:
            yield from _qualified(said.rule, statement, numbers)
    yield from _dated(record, numbers)


def of_item(record: Record, item: Item, constraints: Mapping[str, Constraints]) -> Iterator[Doubt]:
    """What fails beside what stands on the item: a second value where the wiki wants one."""
    for said in record.statements:
        held = constraints.get(said.rule.property)
        if (
            held is None
            or not (held.single and said.rule.many)
            or not isinstance(said.values, tuple)
        ):
            continue
        ours = {key_of(said.rule, each.mainsnak) for each in said.values}
        others = [
            each.mainsnak
            for each in item.statements.get(said.rule.property, ())
            if each.rank is not Rank.DEPRECATED and key_of(said.rule, each.mainsnak) not in ours
        ]
        theirs = next((each.value.text for each in others if isinstance(each.value, Text)), None)
        if ours and theirs is not None:
            told: dict[str, Param] = {"item": item.id, "value": shown(theirs)}
            yield Doubt(said.rule, _message("check-single-item", said.rule, **told))


def doubled(record: Record, values: Mapping[str, str]) -> Iterator[Doubt]:
    """What another record says as well, though the wiki wants it on one item.

    `values`: by `key_of`, the other record's key.
    """
    for rule, statement, key in distinct_values(record):
        other = values.get(key)
        if other is not None:
            told: dict[str, Param] = {"value": shown(_text(statement)), "record": quoted(other)}
            yield Doubt(rule, _message("check-distinct", rule, **told), statement)


def on_another(rule: StatementRule, statement: Statement, item: str) -> Doubt:
    """What stands on another item, though the wiki wants it on one."""
    told: dict[str, Param] = {"value": shown(_text(statement)), "item": item}
    return Doubt(rule, _message("check-distinct-item", rule, **told), statement)


def distinct_values(record: Record) -> Iterator[tuple[StatementRule, Statement, str]]:
    """The texts that a record says as statements, each with its key."""
    for said in record.statements:
        if isinstance(said.values, tuple):
            for each in said.values:
                key = key_of(said.rule, each.mainsnak)
                if key:
                    yield said.rule, each, key


def key_of(rule: StatementRule, snak: Snak) -> str:
    """A text's key, the same for every spelling of it; "" for what is no text."""
    if not isinstance(snak.value, Text):
        return ""
    return f"{rule.property} {canonical(snak.value, rule.normalisers)}"


def without(record: Record, doubts: list[Doubt]) -> Record:
    """The record without what is in doubt: that is unknown, and told."""
    if not doubts:
        return record
    by_property: dict[str, list[Doubt]] = {}
    for doubt in doubts:
        by_property.setdefault(doubt.rule.property, []).append(doubt)
    statements: list[Said] = []
    for said in record.statements:
        found = by_property.get(said.rule.property)
        if found is None:
            statements.append(said)
        elif said.rule.many and all(each.about is not None for each in found):
            statements += _rest(said, found)
    statements += (Said(found[0].rule, UNKNOWN) for found in by_property.values())
    first = record.identifiers[0][0] if record.identifiers else ""
    faults = [Fault(each.message, record.key, each.rule.column, record.row) for each in doubts]
    return replace(
        record,
        statements=tuple(statements),
        may_create=record.may_create and first not in by_property,
        faults=(*record.faults, *faults),
    )


def _rest(said: Said, doubts: list[Doubt]) -> list[Said]:
    if not isinstance(said.values, tuple):
        return []
    gone = [each.about for each in doubts]
    values = tuple(each for each in said.values if each not in gone)
    return [replace(said, values=values)] if values else []


def _format(
    rule: StatementRule, statements: tuple[Statement, ...], held: Constraints
) -> Iterator[Doubt]:
    for statement in statements:
        text = _text(statement)
        failed = [each for each in held.patterns if text and not compiled(each).fullmatch(text)]
        if failed:
            told: dict[str, Param] = {"value": shown(text), "pattern": shown(failed[0])}
            yield Doubt(rule, _message("check-format", rule, **told), statement)


def _qualified(rule: StatementRule, statement: Statement, numbers: SiteNumbers) -> Iterator[Doubt]:
    for begins, ends in WITHIN_A_STATEMENT:
        first = _times(statement.qualifiers, numbers.here(begins))
        last = _times(statement.qualifiers, numbers.here(ends))
        if any(is_after(one, other) for one in first for other in last):
            yield Doubt(rule, _order(rule, first[0], last[0]), statement)


def _dated(record: Record, numbers: SiteNumbers) -> Iterator[Doubt]:
    held: dict[str, tuple[StatementRule, list[Time]]] = {}
    for said in record.statements:
        if isinstance(said.values, tuple):
            mains = [each.mainsnak for each in said.values]
            times = _times(mains, said.rule.property)
            if times:
                held[said.rule.property] = (said.rule, times)
    for begins, ends in ON_AN_ITEM:
        first, last = held.get(numbers.here(begins)), held.get(numbers.here(ends))
        if first and last and any(is_after(one, other) for one in first[1] for other in last[1]):
            for rule in (first[0], last[0]):
                yield Doubt(rule, _order(rule, first[1][0], last[1][0]))


def _order(rule: StatementRule, begins: Time, ends: Time) -> Message:
    told: dict[str, Param] = {"begins": _day(begins), "ends": _day(ends)}
    return _message("check-dates", rule, **told)


def _day(time: Time) -> str:
    return time.time.partition("T")[0].removeprefix("+").replace("-00", "")


def _times(snaks: list[Snak] | tuple[Snak, ...], property_id: str) -> list[Time]:
    found = (each.value for each in snaks if each.property == property_id)
    return [each for each in found if isinstance(each, Time)]


def _text(statement: Statement) -> str:
    value = statement.mainsnak.value
    return value.text if isinstance(value, Text) else ""


def _message(key: str, rule: StatementRule, /, **params: Param) -> Message:
    return Message(key, {"property": rule.property, **params, "column": quoted(rule.column)})
