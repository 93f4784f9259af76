"""What can be wrong between the parts of a mapping, each of which is right by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bots.core.wikibase.model import entity_type
from bots.datasets.mapping.parts import Cite, SnakTake, StatementTake, Take, TermTake

if TYPE_CHECKING:
    from bots.datasets.mapping.dataset import DatasetFile

Location = tuple[str | int, ...]
Wrong = tuple[Location, str]
"""The place in the file, and what is wrong there."""

_KEPT = ("many", "change", "withdrawal", "reason", "equivalence", "end")


def faults_of(mapping: DatasetFile) -> list[Wrong]:
    """All faults that no part can know of by itself."""
    return [
        *_tables(mapping),
        *_table_values(mapping),
        *_references(mapping),
        *_rules(("statements",), mapping.statements),
        *_terms(mapping),
        *_creation(mapping),
    ]


def statements_of(mapping: DatasetFile) -> Iterator[tuple[Location, StatementTake]]:
    """All statements, those of new items too, and where they are."""
    for number, each in enumerate(mapping.statements):
        yield ("statements", number), each
    if mapping.create:
        for number, each in enumerate(mapping.create.statements):
            yield ("create", "statements", number), each


def _snaks(mapping: DatasetFile) -> Iterator[tuple[Location, SnakTake]]:
    for place, statement in statements_of(mapping):
        yield place, statement
        for number, qualifier in enumerate(statement.qualifiers):
            yield (*place, "qualifiers", number), qualifier
        for number, cite in enumerate(statement.reference or ()):
            yield (*place, "reference", number), cite
    for number, cite in enumerate(mapping.reference):
        yield ("reference", number), cite


def _takes(mapping: DatasetFile) -> Iterator[tuple[Location, Take]]:
    yield ("match",), mapping.match
    if mapping.match.item:
        yield ("match", "item"), mapping.match.item
    terms: list[tuple[Location, TermTake]] = [
        (("terms", number), each) for number, each in enumerate(mapping.terms)
    ]
    if mapping.create:
        terms += [
            (("create", "terms", number), each) for number, each in enumerate(mapping.create.terms)
        ]
    for place, take in (*_snaks(mapping), *terms):
        yield place, take
        for name in ("language", "plus_minus", "within"):
            inner = getattr(take, name, None)
            if isinstance(inner, Take):
                yield (*place, name), inner


def _tables(mapping: DatasetFile) -> Iterator[Wrong]:
    known = ", ".join(mapping.tables) or "none"
    for place, take in _takes(mapping):
        if take.table is not None and take.table not in mapping.tables:
            yield (*place, "table"), f"there is no table '{take.table}' (there are: {known})"


def _table_values(mapping: DatasetFile) -> Iterator[Wrong]:
    for name in sorted(tables_of_items(mapping)):
        table = mapping.tables[name]
        inline = table.file is None and table.page is None
        for key, item in no_items(table.values):
            place = ("tables", name, key) if inline else ("tables", name, "values", key)
            yield place, f"'{item}' is no item, such as Q33506"


def tables_of_items(mapping: DatasetFile) -> set[str]:
    """The tables whose values are items."""
    used = {s.table for _, s in _snaks(mapping) if s.table and s.kind() == "wikibase-item"}
    return used & mapping.tables.keys()


def no_items(values: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """What in a table of items is none, with the source's value."""
    for key, becomes in values.items():
        for item in becomes:
            if entity_type(item) != "item":
                yield key, item


def _references(mapping: DatasetFile) -> Iterator[Wrong]:
    blocks: list[tuple[Location, Sequence[Cite]]] = [(("reference",), mapping.reference)]
    for place, statement in statements_of(mapping):
        if statement.reference is not None:
            blocks.append(((*place, "reference"), statement.reference))
    for place, block in blocks:
        if block and not cited(block):
            yield place, "nothing says whose reference it is: add what it is stated in (P248)"
        for number, cite in enumerate(block):
            if cite.record_url and mapping.record_url is None:
                yield (*place, number, "record_url"), "the mapping has no 'record_url'"


def cited(reference: Iterable[Cite]) -> list[Cite]:
    """The snaks by which our reference is known: no date, and addresses only if that is all."""
    stated = [each for each in reference if not (each.retrieved or each.optional)]
    return [each for each in stated if each.kind() != "url"] or stated


def _rules(start: Location, statements: Sequence[StatementTake]) -> Iterator[Wrong]:
    """One property is kept in one way, however many entries it has."""
    first: dict[str, tuple[int, StatementTake]] = {}
    for number, each in enumerate(statements):
        place = (*start, number)
        seen: set[str] = set()
        for count, qualifier in enumerate(each.qualifiers):
            if qualifier.property in seen:
                yield (*place, "qualifiers", count), f"{qualifier.property} is here twice"
            seen.add(qualifier.property)
        earlier, other = first.setdefault(each.property, (number, each))
        if other is each:
            continue
        for name in _KEPT:
            if getattr(each, name) != getattr(other, name):
                yield place, _disagree(each.property, earlier, name)
        if _keys(each) != _keys(other):
            yield place, _disagree(each.property, earlier, "key qualifiers")
        for qualifier in each.qualifiers:
            twin = next((q for q in other.qualifiers if q.property == qualifier.property), None)
            if twin and (twin.many, twin.equivalence) != (qualifier.many, qualifier.equivalence):
                yield place, _disagree(each.property, earlier, f"qualifier {qualifier.property}")


def _keys(statement: StatementTake) -> set[str]:
    return {each.property for each in statement.qualifiers if each.key}


def _disagree(property_id: str, earlier: int, name: str) -> str:
    return (
        f"{property_id} is in statement {earlier + 1} already, with other {name}: make them alike"
    )


def _terms(mapping: DatasetFile) -> Iterator[Wrong]:
    first: dict[str, TermTake] = {}
    for number, each in enumerate(mapping.terms):
        other = first.setdefault(each.term, each)
        for name in ("withdrawal", "taken"):
            if getattr(each, name) != getattr(other, name):
                yield ("terms", number), f"'{name}' is not as in the first {each.term}: make it so"
        if each.term == "description" and each.language == "mul":
            yield ("terms", number, "language"), "there are no descriptions in 'mul'"


def _creation(mapping: DatasetFile) -> Iterator[Wrong]:
    made = mapping.create
    if made is None:
        return
    if mapping.match.property not in {each.property for each in mapping.statements}:
        said = f"an item is made with its identifier: {mapping.match.property} is no statement"
        yield ("create",), said
    told = [each.language for each in (*mapping.terms, *made.terms) if each.term == "label"]
    for number, language in enumerate(made.labels):
        if language not in told and all(isinstance(each, str) for each in told):
            yield ("create", "labels", number), f"no term is a label in '{language}'"
