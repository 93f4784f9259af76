"""Whether a mapping's properties take, on this wiki, the values that the mapping gives them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from bots.core.config import SiteNumbers
from bots.core.merge.facts import UNKNOWN
from bots.core.messages import Message
from bots.core.wikibase.checks import kind_of_value
from bots.datasets.facts import Fault, Record, Said
from bots.datasets.mapping import Dataset

Given = Mapping[str, Mapping[str, str]]
"""A statement's property → each property in it, its own among them → the datatype of its values."""


def given_by(dataset: Dataset, numbers: SiteNumbers) -> Given:
    """What a mapping says of its statements' properties, qualifiers and references."""
    made = dataset.create.statements if dataset.create else ()
    given: dict[str, dict[str, str]] = {}
    for statement in (*dataset.statements, *made):
        cites = dataset.reference if statement.reference is None else statement.reference
        own = given.setdefault(numbers.here(statement.property), {})
        for part in (statement, *statement.qualifiers, *cites):
            own[numbers.here(part.property)] = part.kind()
    return given


def unfit(given: Given, known: Mapping[str, str]) -> Mapping[str, Sequence[Fault]]:
    """The statements' properties with one in them that takes other values, and what is to be told.

    `known`: property → its datatype on the wiki.
    """
    return {
        name: faults for name, parts in given.items() if (faults := list(_faults(parts, known)))
    }


def without_unfit(record: Record, names: Collection[str]) -> Record:
    """The record, of which what it says of these properties is unknown."""
    rules = (each.rule for each in record.statements)
    gone = {rule.property: rule for rule in rules if rule.property in names}
    if not gone:
        return record
    kept = [each for each in record.statements if each.rule.property not in gone]
    first = record.identifiers[0][0] if record.identifiers else ""
    return replace(
        record,
        statements=(*kept, *(Said(rule, UNKNOWN) for rule in gone.values())),
        may_create=record.may_create and first not in gone,
    )


def _faults(parts: Mapping[str, str], known: Mapping[str, str]) -> Iterator[Fault]:
    for name, said in parts.items():
        here = known.get(name, "")
        if here and kind_of_value(here) != kind_of_value(said):
            told = {"property": name, "datatype": here, "said": said}
            yield Fault(Message("check-datatype", told), column=name)
