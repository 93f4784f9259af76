"""What of a list stands on the page: its tables, columns, rows, and what people hid of them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bots.core.wikitext.tables import (
    Heading,
    Table,
    TableFault,
    TableProblem,
    TableRow,
    Tables,
    attribute_of,
    line_of,
    notes_between,
    read_tables,
)
from bots.register.lists.drawing import COLUMN, ROW, SECTION
from bots.register.lists.facts import ListFault


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A row of one of our tables; `key` is "" where it is people's.

    `broken`: it can't be changed safely. `doubled`: another row in the table has its key.
    """

    section: str
    key: str
    row: TableRow
    broken: bool = False
    doubled: bool = False


@dataclass(frozen=True, slots=True)
class StandingTable:
    """A table of ours. `columns`: the names of its columns in order, "" for people's own.

    `heading`: the last one above it and below the table before. `noted`: there are comments in it;
    `hides`: one of them hides rows.
    """

    section: str
    table: Table
    header: TableRow
    columns: tuple[str, ...]
    rows: tuple[StandingRow, ...]
    heading: Heading | None
    hides: bool
    noted: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """All that stands in a body. `hidden`: (section, key) of each row in a comment.

    `hidden_sections`: sections whose whole table is in one.
    """

    text: str
    tables: Mapping[str, StandingTable]
    hidden: Sequence[tuple[str, str]]
    hidden_sections: frozenset[str]

    def line(self, at: int) -> int:
        """The line of a place, from 1."""
        return line_of(self.text, at)


def read_standing(text: str, sections: Iterable[str]) -> Standing | ListFault:
    """Read a list's body; `sections`: the keys that there may be, "" for a list without headings.

    Where it is doubtful what is ours, there is a fault and nothing may be written.
    """
    found = read_tables(text, within_line=True)
    if isinstance(found, TableProblem):
        return ListFault(f"register-table-{found.fault}", found.line, _MARKS.get(found.fault, {}))
    known = set(sections)
    tables: dict[str, StandingTable] = {}
    between = 0
    for table in found.tables:
        read = _read(text, found, table, between)
        between = table.end
        if isinstance(read, ListFault):
            return read
        if read is None:
            continue
        if read.section in tables or not (read.section or "" in known):
            return _doubtful(text, read, tables)
        tables[read.section] = read
    hidden, hidden_sections = _hidden(text, found, list(tables.values()))
    return Standing(text, tables, hidden, frozenset(hidden_sections - set(tables)))


_MARKS = {
    TableFault.UNCLOSED: {"mark": "|}"},
    TableFault.STRAY: {"mark": "|}"},
    TableFault.NOT_FIRST: {"mark": "{|"},
}


def _doubtful(text: str, read: StandingTable, tables: Mapping[str, StandingTable]) -> ListFault:
    line = line_of(text, read.table.start)
    if read.section not in tables:
        return ListFault("register-table-no-section", line, {"attribute": SECTION})
    other = line_of(text, tables[read.section].table.start)
    params = {"section": read.section, "other": str(other)}
    return ListFault("register-table-doubled", line, params)


def _read(text: str, found: Tables, table: Table, between: int) -> StandingTable | ListFault | None:
    """A table as one of ours, None where it is people's own."""

    def fault(key: str, at: int, **params: str) -> ListFault:
        return ListFault(f"register-table-{key}", line_of(text, at), params)

    headers = [row for row in table.rows if any(_names(row))]
    if not headers:
        ours = table.attribute(SECTION) is not None or any(map(_key, table.rows))
        return fault("no-columns", table.start, attribute=COLUMN) if ours else None
    header = headers[0]
    if len(headers) > 1:
        return fault("two-headers", headers[1].start)
    if header.trouble:
        return fault("merged-header", header.start)
    columns = _names(header)
    doubled = [name for name, count in Counter(filter(None, columns)).items() if count > 1]
    if doubled:
        return fault("column-doubled", header.start, column=doubled[0])
    section = table.attribute(SECTION) or ""
    notes = notes_between(found.notes, table.start, table.end)
    above = bisect_left(found.headings, table.start, key=lambda each: each.start)
    heading = found.headings[above - 1] if above else None
    if heading and heading.start < between:
        heading = None
    rows = _rows(section, [row for row in table.rows if row is not header], len(columns))
    hides = any(_keys_in(text[note.start : note.end]) for note in notes)
    return StandingTable(section, table, header, columns, rows, heading, hides, bool(notes))


def _rows(section: str, rows: Sequence[TableRow], width: int) -> tuple[StandingRow, ...]:
    keys = [_key(row) for row in rows]
    counts = Counter(keys)
    return tuple(
        StandingRow(
            section,
            key,
            row,
            broken=bool(row.trouble) or len(row.cells) > width or bool(key and not row.cells),
            doubled=bool(key) and counts[key] > 1,
        )
        for key, row in zip(keys, rows, strict=True)
    )


def _names(row: TableRow) -> tuple[str, ...]:
    return tuple(cell.attribute(COLUMN) or "" if cell.attributes else "" for cell in row.cells)


def _key(row: TableRow) -> str:
    return row.attribute(ROW) or "" if row.attributes else ""


_HIDDEN_ROW = re.compile(r"^[ \t]*(?:<!--[ \t]*)?\|-+(.*)$", re.MULTILINE)
_HIDDEN_TABLE = re.compile(r"^[ \t]*(?:<!--[ \t]*)?:*[ \t]*\{\|(.*)$", re.MULTILINE)


def _keys_in(inside: str) -> list[str]:
    """The keys of the rows that a comment hides."""
    if ROW not in inside:
        return []
    found = (attribute_of(row[1], ROW) for row in _HIDDEN_ROW.finditer(inside))
    return [key for key in found if key]


def _hidden(
    text: str, found: Tables, tables: Sequence[StandingTable]
) -> tuple[list[tuple[str, str]], set[str]]:
    hidden: list[tuple[str, str]] = []
    sections: set[str] = set()
    starts = [each.table.start for each in tables]
    for note in found.notes:
        inside = text[note.start : note.end]
        keys, opened = _keys_in(inside), _HIDDEN_TABLE.search(inside)
        if not keys and not opened:
            continue
        place = bisect_right(starts, note.start) - 1
        section = ""
        if place >= 0 and note.start < tables[place].table.end:
            section = tables[place].section
        elif opened:
            section = attribute_of(opened[1], SECTION) or ""
            sections.add(section)
        hidden += ((section, key) for key in keys)
    return hidden, sections
