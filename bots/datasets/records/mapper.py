"""Records made of rows: what a mapping says that a source's record says of its item."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bots.core.config import SiteNumbers
from bots.core.messages import Message
from bots.core.wikibase.model import EntityId, Statement, Text
from bots.datasets.facts import Fault, Record, Row, Said, StatementRule, TermRule, TermSaid
from bots.datasets.mapping.dataset import Dataset
from bots.datasets.mapping.parts import Cite, Match, SnakTake, StatementTake, Take, becomes
from bots.datasets.records.rules import block_of, rules_of, term_rule
from bots.datasets.records.snaks import ItemOf, Site, Snaks, single, snaks_of
from bots.datasets.records.statements import Block, Entries, Entry
from bots.datasets.records.takes import Scope, Tables, UnsureError, asks, scope_of, taker
from bots.datasets.records.terms import Terms
from bots.datasets.source.faults import quoted

WIKIDATA = "http://www.wikidata.org/entity/"
_LONGEST_GROUP = 100


def _no_item(_dataset: str, _key: str) -> str | None:
    return None


class Mapper:
    """A dataset's mapping, ready to make records of rows.

    - `rules`: one a property, in the mapping's order; `terms`: one a term of the mapping.
    - `digest`: 16 hex digits over all that bears on what a record says, value tables and the
      site's numbers too.
    """

    def __init__(
        self,
        dataset: Dataset,
        numbers: SiteNumbers,
        now: date,
        tables: Mapping[str, Mapping[str, str]] | None = None,
        item_of: ItemOf = _no_item,
        concepts: str = WIKIDATA,
    ) -> None:
        """`now`: the day that "retrieved" says. `tables`: what people completed, by table: it goes
        before the mapping's own; several items with spaces between, "" for nothing. `item_of`:
        the item of another dataset's record, for `record_of`. `concepts`: what the site's
        entity URIs begin with.
        """
        lookups = _completed(dataset.lookups, tables or {})
        template = dataset.record_url
        self._url = taker(Take(template=template), lookups, is_url=True) if template else None
        self._links = _Links(item_of, _names_records(dataset))
        site = Site(numbers, lookups, now, self._links.item_of, concepts, self._url)
        by_property = rules_of(dataset, numbers)
        self.rules: tuple[StatementRule, ...] = tuple(by_property.values())
        self.terms: tuple[TermRule, ...] = tuple(map(term_rule, dataset.terms))
        self.digest = _digest(dataset, numbers, lookups)
        self._match = _Match(dataset.match, site)
        self._entries = _entries(dataset.statements, by_property, site, dataset)
        self._terms = Terms(dataset.terms, lookups)
        made = dataset.create
        new = rules_of(dataset, numbers, made.statements if made else ())
        self._new_entries = _entries(made.statements if made else (), new, site, dataset)
        self._new_terms = Terms(made.terms if made else (), lookups)
        self._labels = made.labels if made else ()
        self._creates = asks(made.when) if made else None
        self._withdrawn = asks(dataset.withdrawn) if dataset.withdrawn else None
        self._groups = dataset.gaps.by if dataset.gaps else ()
        self._others = frozenset(
            numbers.here(each.property)
            for each in dataset.statements
            if each.kind() == "external-id"
        )

    def record(self, row: Row, values: Mapping[str, Any]) -> Record:
        """What the row says. `values`: all fields of its schema, by name; None for a missing one.

        What can't be told of it is UNKNOWN, with a fault a value; the rest of it is told.
        """
        scope = scope_of(values)
        faults = _Faults(row)
        self._links.met.clear()
        identifier, item = self._match.look(scope, faults)
        try:
            is_withdrawn = self._withdrawn is not None and self._withdrawn(scope.record)
        except UnsureError as doubt:
            faults.tell(doubt)
            statements, terms = self._entries.unknown(), self._terms.unknown()
        else:
            statements = () if is_withdrawn else self._entries.said(scope, faults.tell)
            terms = () if is_withdrawn else self._terms.said(scope, faults.tell)
        new = self._new(scope, statements, terms, faults) if identifier else None
        return Record(
            key=row.key,
            row=row.number,
            identifiers=self._identifiers(identifier, statements),
            statements=statements,
            terms=terms,
            item=item,
            may_create=new is not None,
            new_statements=new[0] if new else (),
            new_terms=new[1] if new else (),
            faults=tuple(faults.all),
            groups=tuple(_shown(values.get(name)) for name in self._groups),
            links=self._links.all,
        )

    def url(self, values: Mapping[str, Any]) -> str:
        """The record's address at the partner's; "" where there is none."""
        try:
            found = self._url(scope_of(values)) if self._url else []
        except UnsureError:
            return ""
        return str(found[0]) if found else ""

    def _new(
        self, scope: Scope, said: Sequence[Said], terms: Sequence[TermSaid], faults: _Faults
    ) -> tuple[tuple[Statement, ...], tuple[TermSaid, ...]] | None:
        """What a new item has besides; None where none may be made."""
        wanted = self._match.property
        if not any(
            each.rule.property == wanted and isinstance(each.values, tuple) and each.values
            for each in said
        ):
            return None
        try:
            if self._creates is None or not self._creates(scope.record):
                return None
        except UnsureError as doubt:
            faults.tell(doubt)
            return None
        more = self._new_terms.said(scope, faults.tell)
        named = {t.language for t in (*terms, *more) if t.rule.kind == "label" and t.language}
        if not named.issuperset(self._labels):
            return None
        found = self._new_entries.said(scope, faults.tell)
        statements = [s for each in found if isinstance(each.values, tuple) for s in each.values]
        return tuple(statements), tuple(each for each in more if each.language)

    def _identifiers(
        self, first: tuple[str, str] | None, statements: Sequence[Said]
    ) -> tuple[tuple[str, str], ...]:
        """What the item is found by, and the record's other identifiers; () without the first."""
        if first is None:
            return ()
        found = {first: None}
        for each in statements:
            if each.rule.property in self._others and isinstance(each.values, tuple):
                for statement in each.values:
                    value = statement.mainsnak.value
                    if isinstance(value, Text) and each.rule.property != first[0]:
                        found[each.rule.property, value.text] = None
        return tuple(found)


def _shown(value: Any) -> str:
    """A field's value as a group is called."""
    texts = map(_shown, value) if isinstance(value, list) else (str(value).strip(),)
    return "" if value is None else ", ".join(filter(None, texts))[:_LONGEST_GROUP]


class _Faults:
    """What was wrong in one row, each thing once."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.all: list[Fault] = []

    def tell(self, doubt: UnsureError) -> None:
        for message in doubt.messages:
            told = Message(message.key, {**message.params, "column": quoted(doubt.column)})
            fault = Fault(told, self._row.key, doubt.column, self._row.number)
            if fault not in self.all:
                self.all.append(fault)


class _Links:
    """The other records that a record names: each is asked for once."""

    def __init__(self, item_of: ItemOf, any_named: bool) -> None:
        self._item_of = item_of
        self._any_named = any_named
        self.met: dict[tuple[str, str], str | None] = {}

    def item_of(self, dataset: str, key: str) -> str | None:
        """The item of another record, or None."""
        if (dataset, key) not in self.met:
            self.met[dataset, key] = self._item_of(dataset, key)
        return self.met[dataset, key]

    @property
    def all(self) -> tuple[tuple[str, str, str], ...] | None:
        """As `Record.links`."""
        if not self._any_named:
            return None
        return tuple((*named, item or "") for named, item in self.met.items())


class _Match:
    """What a record's item is found by."""

    def __init__(self, match: Match, site: Site) -> None:
        given = {name: getattr(match, name) for name in Take.model_fields}
        take = SnakTake(
            property=match.property, datatype="external-id", pattern=match.pattern, **given
        )
        self.property = site.numbers.here(match.property)
        self._identifier, self._column = snaks_of(take, site), match.column
        self._item: Snaks | None = None
        if match.item is not None:
            given = {name: getattr(match.item, name) for name in Take.model_fields}
            hint = SnakTake(property=match.property, datatype="wikibase-item", **given)
            self._item, self._item_column = snaks_of(hint, site), match.item.column

    def look(self, scope: Scope, faults: _Faults) -> tuple[tuple[str, str] | None, str]:
        """The identifier, and the item that the source names."""
        identifier, item = None, ""
        try:
            found = single(self._identifier(scope), self._column)
            if found is not None and isinstance(found.value, Text):
                identifier = (self.property, found.value.text)
        except UnsureError as doubt:
            faults.tell(doubt)
        if self._item is not None:
            try:
                hint = single(self._item(scope), self._item_column)
                if hint is not None and isinstance(hint.value, EntityId):
                    item = hint.value.id
            except UnsureError as doubt:
                faults.tell(doubt)
        return identifier, item


def _entries(
    takes: Sequence[StatementTake],
    rules: Mapping[str, StatementRule],
    site: Site,
    dataset: Dataset,
) -> Entries:
    ready: list[tuple[Sequence[Cite], Block]] = []

    def block(cites: Sequence[Cite]) -> Block | None:
        """One for all statements that have the same reference."""
        held = next((made for known, made in ready if known == cites), None)
        if held is None and cites:
            held = Block(cites, site)
            ready.append((cites, held))
        return held

    return Entries(
        Entry(
            take,
            rules[site.numbers.here(take.property)],
            site,
            block(dataset.reference if take.reference is None else take.reference),
        )
        for take in takes
    )


def _names_records(dataset: Dataset) -> bool:
    """Whether anything in the mapping is the item of another record."""
    made = dataset.create
    return any(
        part.record_of
        for take in (*dataset.statements, *(made.statements if made else ()))
        for part in (take, *take.qualifiers, *block_of(take, dataset))
    )


def _completed(lookups: Tables, tables: Mapping[str, Mapping[str, str]]) -> Tables:
    return {
        name: {**held, **{key: becomes(said) for key, said in tables.get(name, {}).items()}}
        for name, held in lookups.items()
    }


def _digest(dataset: Dataset, numbers: SiteNumbers, lookups: Tables) -> str:
    tables = {name: dict(sorted(held.items())) for name, held in sorted(lookups.items())}
    told = [dataset.digest, numbers.model_dump(mode="json"), tables]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
