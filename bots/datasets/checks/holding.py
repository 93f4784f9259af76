"""Holds a run's records against what the wiki says of its properties, and against one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bots.core.config import SiteNumbers
from bots.core.wikibase.model import Item, Property
from bots.datasets.checks.constraints import Constraints, constraints_of
from bots.datasets.checks.datatypes import Given, unfit, without_unfit
from bots.datasets.checks.elsewhere import Placed, without_others
from bots.datasets.checks.judging import (
    Doubt,
    distinct_values,
    doubled,
    of_item,
    of_record,
    without,
)
from bots.datasets.checks.languages import speakable
from bots.datasets.facts import Fault, Record
from bots.wiki.entities import Entities


class Checks:
    """One run's checks. What the wiki says is read once, when there is a record to be checked.

    Two records that say what is to be on one item are both told where they come together; else the
    later is.
    """

    def __init__(
        self,
        properties: Iterable[str],
        given: Given,
        entities: Entities,
        numbers: SiteNumbers,
    ) -> None:
        """`properties`: those of identifiers, as the site numbers them; `given`: of all others too,
        what the mapping gives them."""
        self._properties = tuple(dict.fromkeys(properties))
        self._given = given
        self._entities = entities
        self._numbers = numbers
        self._constraints: Mapping[str, Constraints] | None = None
        self._unfit: Mapping[str, Sequence[Fault]] = {}
        self._languages: frozenset[str] | None = None
        self._seen: dict[str, str] = {}

    def judge(self, records: Sequence[Record]) -> list[Record]:
        """The records, each without what fails. Raises `NotReachedError`."""
        if not records:
            return []
        records = [self._speakable(each) for each in records]
        constraints = self._held()
        records = [without_unfit(each, self._unfit) for each in records]
        here = self._together(records)
        return [
            without(
                each,
                [
                    *of_record(each, constraints, self._numbers),
                    *doubled(each, here.get(each.key, {})),
                ],
            )
            for each in records
        ]

    def beside(self, record: Record, item: Item) -> Record:
        """The record without what would be a second value on its item where one is wanted."""
        doubts: list[Doubt] = list(of_item(record, item, self._held()))
        return without(record, doubts)

    def elsewhere(self, placed: Sequence[Placed]) -> list[Record]:
        """The records without what stands on other items, where it is wanted on one."""
        return without_others(placed, self._distinct(), self._entities)

    def faults(self) -> list[Fault]:
        """What of the wiki's constraints can't be held, and what of the mapping does not fit it."""
        held = self._constraints or {}
        told = [
            Fault(message, column=name) for name, each in held.items() for message in each.faults
        ]
        for faults in self._unfit.values():
            told += [each for each in faults if each not in told]
        return told

    def _speakable(self, record: Record) -> Record:
        if not any(each.language for each in (*record.terms, *record.new_terms)):
            return record
        if self._languages is None:
            self._languages = self._entities.term_languages()
        return speakable(record, self._languages)

    def _held(self) -> Mapping[str, Constraints]:
        if self._constraints is None:
            named = dict.fromkeys(name for parts in self._given.values() for name in parts)
            self._unfit = unfit(self._given, self._entities.datatypes(named))
            found = self._entities.read(self._properties) if self._properties else ()
            self._constraints = {
                name: constraints_of(each, self._numbers)
                for name, each in found
                if isinstance(each, Property)
            }
        return self._constraints

    def _distinct(self) -> frozenset[str]:
        return frozenset(name for name, each in self._held().items() if each.distinct)

    def _together(self, records: Sequence[Record]) -> dict[str, dict[str, str]]:
        """Record → value → the other record that says it."""
        distinct = self._distinct()
        found: dict[str, dict[str, str]] = {}
        if not distinct:
            return found
        for record in records:
            for rule, _, key in distinct_values(record):
                if rule.property not in distinct:
                    continue
                other = self._seen.setdefault(key, record.key)
                if other != record.key:
                    found.setdefault(record.key, {})[key] = other
                    found.setdefault(other, {})[key] = record.key
        return found
