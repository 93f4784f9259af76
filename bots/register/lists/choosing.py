"""What a list asks for, chosen from all that there is: columns, rows, their order and headings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bots.core.register.facts import Values
from bots.core.register.kinds import FieldConfig, Type
from bots.core.register.query import (
    Condition,
    QueryError,
    Sorting,
    holds,
    in_order,
    parse_sort,
    parse_where,
)
from bots.register.lists.calls import ListCall
from bots.register.lists.facts import (
    Column,
    Grid,
    ListFault,
    ListSource,
    Row,
    Section,
    SourceRow,
)
from bots.register.lists.rendering import Look

Canonical = Callable[[FieldConfig, str], str | None]
"""A field and a word of people's → the word's canonical form, None where it has none."""

NOT_SAID = "-"
"""The key of the section of rows that say nothing of what they are grouped by."""

_COLUMNS = 5
"""Columns of a list that names none."""

_LABELLED = {Type.COUNTRY, Type.LANGUAGE, Type.RECORD}
"""They are in order by what they are called, not by their codes."""


@dataclass(frozen=True)
class Question:
    """What a list asks for. `group`: the field by which its rows are grouped, "" for none."""

    columns: Sequence[str]
    where: Sequence[Condition]
    sorting: Sequence[Sorting]
    group: str = ""


def understand(options: Mapping[str, str], source: ListSource, canonical: Canonical) -> Question:
    """What a list's options ask for. Raises `QueryError` where they make no sense."""
    fields = source.fields

    def word(name: str, said: str) -> str | None:
        return canonical(fields[name], said)

    group = options.get("group", "").strip().casefold()
    if group and group not in fields:
        raise QueryError("register-no-field", field=group, fields=", ".join(fields))
    return Question(
        columns=parse_columns(options.get("columns", ""), source),
        where=parse_where(options.get("where", ""), fields, word),
        sorting=parse_sort(options.get("sort", source.called), fields),
        group=group,
    )


def choose(
    call: ListCall, source: ListSource, look: Look, canonical: Canonical
) -> Grid | ListFault:
    """All that a list is to show; a fault, by the page's line, for a question without sense."""
    try:
        asked = understand(call.options, source, canonical)
    except QueryError as error:
        return ListFault(error.key, call.line, error.params)
    rows = [row for row in source.rows if holds(asked.where, row.values)]
    ordered = in_order(rows, asked.sorting, _sortable(source.fields, asked.sorting, look))
    columns = [Column(name, look.title(source.fields[name])) for name in asked.columns]
    if asked.group:
        return Grid(columns, _sections(ordered, asked, source, look))
    made = [_row(row, asked.columns, source, look) for row in ordered]
    return Grid(columns, [Section("", "", made)])


def parse_columns(text: str, source: ListSource) -> list[str]:
    """The names of fields in a text, the first few where there is none. Raises `QueryError`."""
    named = list(dict.fromkeys(part.strip().casefold() for part in text.split(",") if part.strip()))
    for name in named:
        if name not in source.fields:
            raise QueryError("register-no-field", field=name, fields=", ".join(source.fields))
    rest = (name for name in source.fields if name != source.called)
    return named or [source.called, *rest][:_COLUMNS]


def section_keys(row: SourceRow, group: str, where: Iterable[Condition]) -> Sequence[str]:
    """The sections in which a row stands: one for each of its values that the list asks for."""
    values = tuple(dict.fromkeys(row.values.get(group, ())))
    asked = [each for each in where if each.field == group and each.operator == "="]
    values = tuple(value for value in values if holds(asked, {group: (value,)}))
    return values or (NOT_SAID,)


def _sections(
    rows: Sequence[SourceRow], asked: Question, source: ListSource, look: Look
) -> list[Section]:
    field = source.fields[asked.group]
    found: dict[str, list[Row]] = {}
    for row in rows:
        made = _row(row, asked.columns, source, look)
        for key in section_keys(row, asked.group, asked.where):
            found.setdefault(key, []).append(made)
    ordered = sorted((key for key in found if key != NOT_SAID), key=order_of(field, look))
    said = [Section(key, look.heading(field, key), found[key]) for key in ordered]
    unsaid = found.get(NOT_SAID)
    return [*said, Section(NOT_SAID, look.nothing(), unsaid)] if unsaid else said


def _row(row: SourceRow, columns: Sequence[str], source: ListSource, look: Look) -> Row:
    cells = {}
    for name in columns:
        values = row.values.get(name, ())
        if name == source.called:
            named = (look.plain(source.fields[name], value) for value in values)
            cells[name] = look.naming(row, ", ".join(named))
        else:
            cells[name] = look.cell(name, source.fields[name], values)
    return Row(row.key, cells, row.unknown & frozenset(columns))


def order_of(field: FieldConfig, look: Look) -> Callable[[str], tuple[int, str]]:
    """By what a value is to be put in order: choices stand as their file has them."""
    places = {key: place for place, key in enumerate(field.choices)}

    def key(value: str) -> tuple[int, str]:
        label = look.plain(field, value) if field.type in _LABELLED else value
        return places.get(value, len(places)), label.casefold()

    return key


def _sortable(
    fields: Mapping[str, FieldConfig], sorting: Sequence[Sorting], look: Look
) -> Callable[[SourceRow], Values]:
    """A row's values as they are to be compared."""
    orders = {each.field: order_of(fields[each.field], look) for each in sorting}
    ordered = {name for name in orders if fields[name].choices or fields[name].type in _LABELLED}

    def values(row: SourceRow) -> Values:
        changed = {
            name: tuple(
                f"{place:06} {label}" for place, label in map(orders[name], row.values[name])
            )
            for name in ordered
            if row.values.get(name)
        }
        return {**row.values, **changed}

    return values
