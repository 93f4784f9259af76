"""A list's merged text: what was decided, written in its place in the style of what is there."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bots.core.merge import merge, merge_cell
from bots.core.merge.facts import ABSENT, Decision, Entry, Memory, Tombstone
from bots.core.wikitext.tables import TableRow
from bots.core.wikitext.tablewriting import (
    Change,
    Moved,
    Style,
    insert_rows,
    remove_row,
    rewrite,
    style_of,
)
from bots.core.wikitext.visible import WHITE
from bots.register.lists.columns import KEPT, row_changes
from bots.register.lists.deciding import Deciding, ListTable
from bots.register.lists.drawing import block
from bots.register.lists.facts import ListFault, MergedList, Section
from bots.register.lists.remembering import LeftSection, json_of
from bots.register.lists.rows import NewRow, cells_of, left_text
from bots.register.lists.standing import StandingRow, StandingTable, read_standing


def put(decided: Deciding) -> MergedList | ListFault:
    """The merged text, read again before it is given back."""
    changes: list[Change] = []
    withdrawn: set[str] = set()
    for key, table in decided.tables.items():
        if table.stands is None:
            continue
        there = _there(decided, table, table.stands)
        if there.steps:
            withdrawn.add(key)
            changes.append(_without(decided, table.stands))
        else:
            changes += _in_table(decided, table, table.stands)
        _remember(decided, table, there.base)
    changes += _new_sections(decided, withdrawn)
    try:
        text = rewrite(decided.text, changes)
    except ValueError:
        return ListFault("register-table-unsafe", 1)
    if text != decided.text and (fault := _misread(decided, text)):
        return fault
    moved = Moved(changes)
    ends = [found.start() for found in _LINE_END.finditer(text)]
    told = sorted(decided.told, key=lambda each: each[0])
    lines = (bisect_left(ends, moved.to(at)) + 1 for at, _ in told)
    said = [replace(each, line=line) for line, (_, each) in zip(lines, told, strict=True)]
    return MergedList(text, json_of(decided.after), said)


def _there(decided: Deciding, table: ListTable, stands: StandingTable) -> Decision[str]:
    """Whether the section stays; one that holds anything of people's does."""
    said = table.key if table.ours else decided.lack()
    touched = False
    if said is ABSENT:
        titled = stands.heading is None or stands.heading.title == left_text(table.was.title)
        touched = (
            any(row.row.start not in table.gone for row in stands.rows)
            or not (titled and all(stands.columns))
            or stands.table.caption
            or stands.noted
        )
    return merge(KEPT, table.was.there, (Entry(table.key, touched=touched),), said)


def _remember(decided: Deciding, table: ListTable, there: Memory[str]) -> None:
    columns, was = table.columns.left, table.was
    if there is None and table.ours is None:
        columns = {n: m for n, m in columns.items() if isinstance(m, Tombstone)}
        was = LeftSection()
    if there or columns:
        decided.after.sections[table.key] = LeftSection(there, was.title, dict(columns), was.titles)


def _without(decided: Deciding, stands: StandingTable) -> Change:
    """A section goes with its heading, and with one empty line above."""
    start = stands.table.start
    heading = stands.heading
    if heading and not decided.text[heading.end : start].strip(WHITE):
        start = heading.start
    if decided.text[max(0, start - 2) : start] == "\n\n":
        start -= 1
    return Change(start, stands.table.end, "")


def _in_table(decided: Deciding, table: ListTable, stands: StandingTable) -> Iterator[Change]:
    yield from table.cells
    nothing: Mapping[str, str] = {}
    for row in stands.rows:
        if row.row.start not in table.gone and not row.broken:
            written = table.written.get(row.row.start, nothing)
            yield from row_changes(decided.text, row.row, table.columns, written)
    yield from _new_rows(decided, table, stands)
    for row in stands.rows:
        if row.row.start in table.gone:
            yield remove_row(row.row)


def _new_rows(decided: Deciding, table: ListTable, stands: StandingTable) -> Iterator[Change]:
    """Each behind the nearest row of ours before it that stands, else before the first."""
    if not table.new or table.ours is None:
        return
    places = {row.row.start: at for at, row in enumerate(stands.rows)}
    behind: StandingRow | None = None
    first: list[NewRow] = []
    for row in table.ours.rows:
        new = table.new.pop(row.key, None)
        here = table.here.get(row.key)
        if new is None:
            if here is not None and behind is None:
                at = _before_joined(stands.rows, places[here.row.start])
                yield _rows_at(decided, at, first, here.row, table)
                first = []
            behind = here or behind
        elif behind is None:
            first.append(new)
        else:
            at = _behind_joined(stands.rows, places[behind.row.start])
            yield _rows_at(decided, at, [new], behind.row, table)
    if first:
        like = next((row.row for row in stands.rows if not row.broken), None)
        at = stands.table.close
        if stands.rows and stands.rows[-1].row.joined:
            at = _behind_joined(stands.rows, len(stands.rows) - 1)
        yield _rows_at(decided, at, first, like, table)


def _rows_at(
    decided: Deciding, at: int, rows: Sequence[NewRow], like: TableRow | None, table: ListTable
) -> Change:
    style = style_of(decided.text, like) if like else Style()
    return insert_rows(at, (row.text(style, table.columns.spots) for row in rows))


def _new_sections(decided: Deciding, withdrawn: set[str]) -> Iterator[Change]:
    """Each before what stands behind the nearest section before it, else at the end."""
    standing = [table for key, table in decided.stands.tables.items() if key not in withdrawn]
    places = {table.section: place for place, table in enumerate(standing)}
    # Before any of ours, it is the first one of them that a new one comes before.
    next_one = next((places[key] for key in decided.sections if key in places), len(standing))
    ends: list[str] = []
    for key in decided.sections:
        next_one = places[key] + 1 if key in places else next_one
        table = decided.tables.get(key)
        if table is None or table.stands or table.ours is None or not (table.new or key == ""):
            continue
        made = _made(decided, table, table.ours)
        if next_one < len(standing):
            before = standing[next_one]
            at = before.heading.start if before.heading else before.table.start
            yield Change(at, at, made + "\n")
        else:
            ends.append(made)
    if ends:
        yield Change(len(decided.text), len(decided.text), _at_end(decided, ends))


def _made(decided: Deciding, table: ListTable, ours: Section) -> str:
    there = merge(KEPT, None, (), table.key).base
    title = merge_cell(None, None, ours.title.strip(WHITE) or ABSENT, KEPT).base
    columns = [each for each in decided.ours.columns if each.name in table.columns.names]
    titles = {each.name: merge_cell(None, None, each.title, KEPT).base for each in columns}
    decided.after.sections[table.key] = LeftSection(there, title, dict(table.columns.left), titles)
    spots = table.columns.spots
    rows = (table.new[row.key] for row in ours.rows if row.key in table.new)
    return block(ours, columns, (row.text(Style(), spots) for row in rows))


def _at_end(decided: Deciding, blocks: Sequence[str]) -> str:
    ended = "" if decided.text.endswith("\n") else "\n"
    apart = "\n" if decided.text.strip(WHITE) else ""
    return ended + apart + "\n".join(blocks)


def _misread(decided: Deciding, text: str) -> ListFault | None:
    """Whether what would be written reads otherwise than it is meant."""
    again = read_standing(text, (*decided.sections, *decided.left.sections))
    if isinstance(again, ListFault):
        return ListFault("register-table-unsafe", again.line)
    there = {
        (row.section, row.key): (table, row)
        for table in again.tables.values()
        for row in table.rows
    }
    for place, says in decided.expected.items():
        found = there.get(place)
        if found is None or found[1].broken:
            return ListFault("register-table-unsafe", 1)
        cells = cells_of(found[0], found[1].row)
        if any(cells.get(name, "") != value for name, value in says.items()):
            return ListFault("register-table-unsafe", again.line(found[1].row.start))
    return None


_LINE_END = re.compile("\n")


def _behind_joined(rows: Sequence[StandingRow], at: int) -> int:
    """Behind a row, and behind those into which its cells reach.

    Where they reach beyond the table's end, only before it is there a place.
    """
    while rows[at].row.joined and at + 1 < len(rows):
        at += 1
    return _before_joined(rows, at) if rows[at].row.joined else rows[at].row.end


def _before_joined(rows: Sequence[StandingRow], at: int) -> int:
    while at and rows[at - 1].row.joined:
        at -= 1
    return rows[at].row.start
