"""What a record says as statements: values, qualifiers and a reference, by property and slot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bots.core.merge.facts import UNKNOWN
from bots.core.wikibase.equality import Equivalence, canonical_snak
from bots.core.wikibase.model import Reference, Snak, Statement
from bots.datasets.checks.boxes import box_check
from bots.datasets.facts import Said, StatementRule
from bots.datasets.mapping.checks import cited
from bots.datasets.mapping.parts import Cite, StatementTake
from bots.datasets.records.snaks import Site, Snaks, single, snaks_of
from bots.datasets.records.takes import Scope, UnsureError, asks, searcher, unsure

Tell = Callable[[UnsureError], None]


class Block:
    """A reference of the mapping, ready.

    It is made once a record; one whose values come from an element, once an element: see `Shared`.
    """

    def __init__(self, cites: Sequence[Cite], site: Site) -> None:
        needed = {id(each) for each in cited(cites)}
        self._parts = [(each, snaks_of(each, site), id(each) in needed) for each in cites]

    def reference(self, scope: Scope) -> Reference:
        """Raises `UnsureError`: a reference without what it is known by would be anyone's."""
        found: list[Snak] = []
        for cite, snaks, is_needed in self._parts:
            snak = single(snaks(scope), cite.column)
            if snak is not None:
                found.append(snak)
            elif is_needed:
                raise unsure("mapping-no-reference", cite.column, property=cite.property)
        return Reference(tuple(found))


@dataclass(frozen=True)
class _Qualifier:
    snaks: Snaks
    column: str
    many: bool
    key: bool


class Entry:
    """One statement of the mapping, ready. `block` None: it has no reference."""

    def __init__(
        self, take: StatementTake, rule: StatementRule, site: Site, block: Block | None
    ) -> None:
        self.rule = rule
        self.own_block = take.reference is not None
        self.block = block
        self._take = take
        self._path = take.each or ""
        self._each = searcher(take.each) if take.each else None
        self._when = asks(take.when) if take.when else None
        self._main = snaks_of(take, site)
        self._within = box_check(take.within, site.tables, take.column) if take.within else None
        self._qualifiers = [
            _Qualifier(snaks_of(each, site), each.column, each.many, each.key)
            for each in take.qualifiers
        ]

    def say(self, scope: Scope, shared: Shared, told: Told) -> None:
        """Add to `told` the statements with their key qualifiers, and what is in doubt."""
        try:
            scopes = self._scopes(scope, shared)
        except UnsureError as doubt:
            told.doubt(doubt)
            return
        for here in scopes:
            try:
                if self._holds(here.element):
                    self._of(here, shared, told)
            except UnsureError as doubt:
                told.doubt(doubt)

    def _scopes(self, scope: Scope, shared: Shared) -> list[Scope]:
        """The record, or its elements. Raises `UnsureError`."""
        if self._each is None:
            return [scope]
        held = shared.elements.get(self._path)
        if held is None:
            found = self._each(scope.record)
            elements = found if isinstance(found, list) else [] if found is None else [found]
            held = [Scope(scope.record, element) for element in elements]
            shared.elements[self._path] = held
        return held

    def _holds(self, here: Any) -> bool:
        return self._when is None or self._when(here)

    def _of(self, scope: Scope, shared: Shared, told: Told) -> None:
        mains: Sequence[Snak]
        try:
            mains = self._main(scope)
        except UnsureError as doubt:
            told.doubt(doubt)
            mains = doubt.rest
        if not mains:
            return
        try:
            if self._within is not None:
                self._within(scope, mains)
            key, qualifiers = self._qualified(scope)
            cites = shared.reference(self, scope)
        except UnsureError as doubt:
            told.doubt(doubt, mains)
            return
        told.statements += ((key, Statement(main, qualifiers, cites)) for main in mains)

    def _qualified(self, scope: Scope) -> tuple[tuple[Snak, ...], tuple[Snak, ...]]:
        """The key qualifiers, and all of them. Raises `UnsureError`."""
        key: tuple[Snak, ...] = ()
        qualifiers: tuple[Snak, ...] = ()
        for each in self._qualifiers:
            snaks = each.snaks(scope)
            if not each.many:
                single(snaks, each.column)
            qualifiers += tuple(snaks)
            if each.key:
                key += tuple(snaks)
        return key, qualifiers


_Slotted = tuple[tuple[Snak, ...], Statement]


class Told:
    """What a record says of one property: statements with their key qualifiers, and doubts.

    - `sure`: there are no doubts. `doubtful`: values of which something else can't be told.
    """

    def __init__(self, tell: Tell) -> None:
        self.statements: list[_Slotted] = []
        self.doubtful: list[Snak] = []
        self.sure = True
        self._tell = tell

    def doubt(self, doubt: UnsureError, about: Sequence[Snak] = ()) -> None:
        """Something can't be told; `about`: of these values."""
        self._tell(doubt)
        self.doubtful += about
        self.sure = False


class Shared:
    """What several statements of one record have in common, each made once.

    `elements`: a mapping's path → the elements that it leads to. They are kept, so that the
    references of each can be told by its identity.
    """

    def __init__(self) -> None:
        self.elements: dict[str, list[Scope]] = {}
        self._made: dict[tuple[int, int], tuple[Reference, ...] | UnsureError] = {}

    def reference(self, entry: Entry, scope: Scope) -> tuple[Reference, ...]:
        """An entry's reference as a statement has it. Raises `UnsureError`."""
        if entry.block is None:
            return ()
        if not entry.own_block:
            # The mapping's own reference always speaks of the whole record.
            scope = Scope(scope.record, scope.record)
        place = id(entry.block), id(scope.element)
        held = self._made.get(place)
        if held is None:
            try:
                held = (entry.block.reference(scope),)
            except UnsureError as doubt:
                held = doubt
            self._made[place] = held
        if isinstance(held, UnsureError):
            raise held
        return held


class Entries:
    """All statements of the mapping, by property."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_property: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_property.setdefault(entry.rule.property, []).append(entry)
        self._equivalence: Equivalence = {
            name: group[0].rule.normalisers for name, group in self._by_property.items()
        }

    def said(self, scope: Scope, tell: Tell) -> tuple[Said, ...]:
        """What the record says of each property; `tell` gets what is in doubt."""
        shared = Shared()
        found: list[Said] = []
        for group in self._by_property.values():
            told = Told(tell)
            for entry in group:
                entry.say(scope, shared, told)
            found += self._said(group[0].rule, told)
        return tuple(found)

    def _said(self, rule: StatementRule, told: Told) -> list[Said]:
        """What is told of a property; of several values, those that can be."""
        if not told.sure and not rule.many:
            return [Said(rule, UNKNOWN)]
        try:
            slots = self._slots(rule, self._certain(told))
        except UnsureError as doubt:
            told.doubt(doubt)
            slots = []
        if told.sure:
            return slots
        return [*(each for each in slots if each.values), Said(rule, UNKNOWN)]

    def _certain(self, told: Told) -> list[_Slotted]:
        """The statements of whose values all can be told."""
        if not told.doubtful:
            return told.statements
        doubtful = {canonical_snak(each, self._equivalence) for each in told.doubtful}
        return [
            (key, each)
            for key, each in told.statements
            if canonical_snak(each.mainsnak, self._equivalence) not in doubtful
        ]

    def unknown(self) -> tuple[Said, ...]:
        """Nothing can be told of any property."""
        return tuple(Said(group[0].rule, UNKNOWN) for group in self._by_property.values())

    def _slots(self, rule: StatementRule, statements: list[_Slotted]) -> list[Said]:
        """The statements by slot, each value once. Raises `UnsureError`."""
        if not statements:
            return [Said(rule, ())]
        if len(statements) == 1:
            return [Said(rule, (statements[0][1],), statements[0][0])]
        slots: dict[str, tuple[tuple[Snak, ...], dict[str, Statement]]] = {}
        for key, statement in statements:
            name = _key_name(key) if key else ""
            _, values = slots.setdefault(name, (key, {}))
            value = canonical_snak(statement.mainsnak, self._equivalence)
            held = values.get(value)
            values[value] = statement if held is None else _joined(held, statement, rule)
        if not rule.many:
            for _, values in slots.values():
                if len(values) > 1:
                    count = len(values)
                    raise unsure("mapping-several-values", rule.column, num_values=count)
        return [Said(rule, tuple(values.values()), key) for key, values in slots.values()]


def _key_name(key: tuple[Snak, ...]) -> str:
    return json.dumps(sorted(canonical_snak(each) for each in key))


def _joined(first: Statement, other: Statement, rule: StatementRule) -> Statement:
    """The same value twice: one statement, with both's values of qualifiers that may have many."""
    seen = {canonical_snak(each) for each in first.qualifiers}
    more = tuple(
        each
        for each in other.qualifiers
        if _is_many(rule, each.property) and canonical_snak(each) not in seen
    )
    return replace(first, qualifiers=first.qualifiers + more) if more else first


def _is_many(rule: StatementRule, property_id: str) -> bool:
    qualifier = rule.qualifiers.get(property_id)
    return qualifier is not None and qualifier.many
