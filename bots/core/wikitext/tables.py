"""Tables on a page, read as MediaWiki reads them, each cell with its place in the text.

The rules are those of MediaWiki's Parser::handleTables: a line decides by its first characters
whether it opens a table, a row or cells; what templates, tags and comments hold is no markup of
the table's, and `{{!}}` is a pipe. A cell's text is what stands there without comments and white
space at its ends. HTML's own tables aren't read; where they are mixed with ours, the row says so.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bots.core.wikitext.visible import WHITE, Visible


class TableFault(StrEnum):
    """Why a text's tables can't be read."""

    UNCLOSED = "unclosed"
    """A table is opened on this line and never closed."""
    STRAY = "stray"
    """Markup of a table where none is open: mostly what follows a `|}` too many."""
    NOT_FIRST = "not-first"
    """A table is opened where no line begins, so that it is none."""
    PARTS = "parts"
    """`<noinclude>` and its like: what is a table here is none elsewhere."""


class Trouble(StrEnum):
    """Why a row can't be changed safely."""

    MERGED = "merged"
    """Cells of this row, or of one above, reach over several rows or columns."""
    NESTED = "nested"
    """There is a table in it."""
    HTML = "html"
    """There are HTML's own rows or cells in it."""
    HIDDEN = "hidden"
    """A comment in it hides a part of it, or of other rows."""


@dataclass(frozen=True, slots=True)
class TableProblem:
    """A fault and its line, from 1."""

    fault: TableFault
    line: int


# Tuples, and no dataclasses: a list has tens of thousands of them.
class Cell(NamedTuple):
    """A cell; its delimiter begins at `start`, and what stands in it is within [content, end).

    `inside`: where the delimiter ends, before the attributes if it has any. `text`: what stands in
    it, without comments, from `text_start` to `text_end` on the page. `header`: it is one (`!`).
    `inline`: it follows another one on its line (`||`, `!!`).
    """

    start: int
    inside: int
    content: int
    end: int
    header: bool
    inline: bool
    attributes: str
    text: str
    text_start: int
    text_end: int

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, None where it isn't given."""
        return attribute_of(self.attributes, name)


class TableRow(NamedTuple):
    """A row; `text[start:end]` are its lines, with the last one's end.

    `joined`: a cell reaches into the next row, so that nothing can be put between. `noted`: there
    are comments in it.
    """

    start: int
    end: int
    attributes: str
    cells: tuple[Cell, ...]
    trouble: Trouble | None = None
    joined: bool = False
    noted: bool = False

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, None where it isn't given."""
        return attribute_of(self.attributes, name)


@dataclass(frozen=True, slots=True)
class Table:
    """A table at `text[start:end]`, from `{|` to the end of the line of its `|}`.

    `inside`: where its first line ends. `close`: where the line of its `|}` begins. `caption`:
    there is one, or text before the first row.
    """

    start: int
    inside: int
    close: int
    end: int
    attributes: str
    rows: tuple[TableRow, ...]
    caption: bool

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, None where it isn't given."""
        return attribute_of(self.attributes, name)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading outside of tables: its lines are `text[start:end]`; its words `title`."""

    start: int
    end: int
    title_start: int
    title_end: int
    title: str


@dataclass(frozen=True, slots=True)
class Note:
    """A comment at `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables that stand in a text by themselves, its headings and its comments, in order."""

    tables: tuple[Table, ...]
    headings: tuple[Heading, ...]
    notes: tuple[Note, ...]


def read_tables(text: str, *, within_line: bool = False) -> Tables | TableProblem:
    """Read the tables of a text; `within_line`: it begins in the middle of a line."""
    seen = Visible.of(text)
    return _Reader(seen, within_line).run()


def attribute_of(attributes: str, name: str) -> str | None:
    """The value of an attribute as MediaWiki finds it; of several with one name, the last."""
    usual = _USUAL.fullmatch(attributes)
    if usual:
        return usual[2] if usual[1].lower() == name else None
    value = None
    for found in _ATTRIBUTE.finditer(attributes):
        if found[1].lower() == name:
            value = html.unescape(next((each for each in found.groups()[1:] if each), ""))
    return value


_USUAL = re.compile(r'\s*([A-Za-z-]+)="([^"&<>]*)"\s*')
_ATTRIBUTE = re.compile(
    r"""([:_\w][:_.\-\w]*)(?:\s*=\s*(?:"([^"]*)(?:"|$)|'([^']*)(?:'|$)|([^\s"'][^\s]*)))?"""
)
_OPENS = re.compile(r"(:*)[ \t\r\f\v]*\{\|")
_HEADING = re.compile(r"(={1,6})(.+)\1[ \t\r\f\v]*")
_HIDES_CELLS = re.compile(r"(?:(?<=<!--)|\n)[ \t]*[|!]")
_HIDES_ROWS = re.compile(r"<!--\s*\|-")


class _OpenCell:
    """A cell whose end hasn't been read; all places are in the visible text."""

    __slots__ = ("attributes", "content", "end", "header", "inline", "inside", "start")

    def __init__(self, start: int, inside: int, end: int, header: bool, inline: bool) -> None:
        self.start, self.inside, self.content, self.end = start, inside, inside, end
        self.header, self.inline, self.attributes = header, inline, ""


class _OpenRow:
    """A row whose end hasn't been read."""

    __slots__ = ("attributes", "cells", "end", "nested", "start")

    def __init__(self, start: int, end: int, attributes: str) -> None:
        self.start, self.end, self.attributes = start, end, attributes
        self.cells: list[_OpenCell] = []
        self.nested = False


class _Reader:
    """One pass over the lines of what is visible: the table that is open, its row and its cell."""

    def __init__(self, seen: Visible, within_line: bool) -> None:
        self.seen = seen
        self.within_line = within_line
        self.depth = 0
        self.opened = (0, 0, "")
        self.rows: list[_OpenRow] = []
        self.row: _OpenRow | None = None
        self.cell: _OpenCell | None = None
        self.caption = False
        self.tables: list[Table] = []
        self.headings: list[Heading] = []

    def run(self) -> Tables | TableProblem:
        if self.seen.parts:
            return self._problem(TableFault.PARTS, self.seen.start(self.seen.parts[0]))
        at = 0
        for line in self.seen.text.split("\n"):
            body = line.strip(WHITE)
            if body:
                start = at + line.index(body[0])
                fault = self._line(body, start, at, at + len(line))
                if fault is not None:
                    return fault
            at += len(line) + 1
        if self.depth:
            return self._problem(TableFault.UNCLOSED, self.opened[0])
        notes = tuple(Note(each.start, each.end) for each in self.seen.comments)
        return Tables(tuple(self.tables), tuple(self.headings), notes)

    def _line(self, body: str, start: int, line_start: int, line_end: int) -> TableProblem | None:
        first = body[0]
        if not self.depth:
            return self._outside(body, start, line_start, line_end)
        if first in ":{" and _OPENS.match(body):
            self.depth += 1
            if self.row is not None:
                self.row.nested = True
            else:
                self.caption = True
        elif body.startswith("|}"):
            self.depth -= 1
            if not self.depth:
                self._close(line_start, line_end)
                return None
        elif self.depth == 1 and first in "|!":
            self._markup(body, start, line_start, start + len(body))
            return None
        self._goes_on(start + len(body))
        return None

    def _outside(
        self, body: str, start: int, line_start: int, line_end: int
    ) -> TableProblem | None:
        in_line = self.within_line and not line_start
        found = _OPENS.match(body) if body[0] in ":{" else None
        if found and in_line:
            return self._problem(TableFault.NOT_FIRST, self.seen.start(start))
        if found:
            self.depth, self.rows, self.row, self.cell, self.caption = 1, [], None, None, False
            self.opened = (self.seen.start(line_start), line_end, body[found.end() :])
        elif body[0] == "|" and not in_line:
            return self._problem(TableFault.STRAY, self.seen.start(start))
        elif body[0] == "=" and start == line_start and not in_line:
            self._heading(body, start, line_end)
        return None

    def _heading(self, body: str, start: int, line_end: int) -> None:
        found = _HEADING.fullmatch(body)
        if not found or not (title := found[2].strip()):
            return
        begin = start + found.start(2) + found[2].index(title)
        end = begin + len(title)
        self.headings.append(
            Heading(
                self.seen.start(start),
                self.seen.after_line(line_end),
                self.seen.start(begin),
                self.seen.end(end),
                self.seen.shown(begin, end),
            )
        )

    def _goes_on(self, end: int) -> None:
        """A line that is no markup belongs to what is open."""
        if self.cell is not None:
            self.cell.end = end
        if self.row is not None:
            self.row.end = end
        else:
            self.caption = True

    def _markup(self, body: str, start: int, line_start: int, end: int) -> None:
        if body.startswith("|-"):
            dashes = len(body) - len(body[1:].lstrip("-"))
            self.row = _OpenRow(line_start, end, body[dashes:])
            self.rows.append(self.row)
            self.cell = None
        elif body.startswith("|+"):
            # HTML ends the row before a caption.
            self.cell, self.caption = None, True
            if self.row is not None and self.row.cells:
                self.row = None
            elif self.row is not None:
                self.row.end = end
        else:
            if self.row is None:
                self.row = _OpenRow(line_start, end, "")
                self.rows.append(self.row)
            self._cells(body, start, self.row)
            self.row.end = end

    def _cells(self, body: str, start: int, row: _OpenRow) -> None:
        header = body[0] == "!"
        line = body[1:].replace("!!", "||") if header else body[1:]
        at = start + 1
        for place, written in enumerate(line.split("||")):
            opening = at - (2 if place else 1)
            cell = _OpenCell(opening, at, at + len(written), header, place > 0)
            pipe = written.find("|")
            if pipe >= 0 and "[[" not in written[:pipe] and "-{" not in written[:pipe]:
                cell.attributes = written[:pipe]
                cell.content = at + pipe + 1
            row.cells.append(cell)
            self.cell = cell
            at += len(written) + 2

    def _close(self, line_start: int, line_end: int) -> None:
        """The table ends: its rows are put into words, in the places of the page."""
        seen, (start, inside, attributes) = self.seen, self.opened
        close = seen.start(line_start)
        reach = _Reach()
        begins = [seen.start(row.start) for row in self.rows]
        bounds = [row.start for row in self.rows[1:]] + [line_start]
        rows = tuple(
            self._row(row, begin, bound, reach)
            for row, begin, bound in zip(self.rows, begins, bounds, strict=False)
        )
        rest = seen.after_line(line_end)
        self.tables.append(
            Table(start, seen.after_line(inside), close, rest, attributes, rows, self.caption)
        )
        self.row = self.cell = None

    def _row(self, row: _OpenRow, begin: int, bound: int, reach: _Reach) -> TableRow:
        seen = self.seen
        line_end = seen.text.find("\n", row.end)
        end = seen.after_line(line_end if line_end >= 0 else len(seen.text))
        merged, joined = reach.over(row.cells)
        notes = seen.comments_in(begin, end)
        trouble = None
        if row.nested:
            trouble = Trouble.NESTED
        elif seen.has_html_table(row.start, bound):
            trouble = Trouble.HTML
        elif merged:
            trouble = Trouble.MERGED
        elif self._hides_a_part(begin, end, bound):
            trouble = Trouble.HIDDEN
        cells = tuple(self._cell(cell) for cell in row.cells)
        return TableRow(begin, end, row.attributes, cells, trouble, joined, bool(notes))

    def _hides_a_part(self, begin: int, end: int, bound: int) -> bool:
        """Whether a comment hides cells of a row; whole rows may be hidden behind its end."""
        text = self.seen.original
        return any(
            _HIDES_CELLS.search(text, each.start + 4, each.end)
            and not (each.start >= end and _HIDES_ROWS.match(text, each.start, each.end))
            for each in self.seen.comments_in(begin, self.seen.start(bound))
        )

    def _cell(self, cell: _OpenCell) -> Cell:
        seen = self.seen
        end = max(cell.end, cell.content)
        written = seen.text[cell.content : end]
        core = written.strip(WHITE)
        first = cell.content + (written.index(core[0]) if core else 0)
        last = first + len(core)
        content = seen.end(cell.content)
        return Cell(
            seen.start(cell.start),
            seen.end(cell.inside),
            content,
            seen.end(end),
            cell.header,
            cell.inline,
            cell.attributes,
            seen.shown(first, last) if core else "",
            seen.start(first) if core else content,
            seen.end(last) if core else content,
        )

    def _problem(self, fault: TableFault, at: int) -> TableProblem:
        return TableProblem(fault, self.seen.original.count("\n", 0, at) + 1)


class _Reach:
    """How far the cells of rows above reach down."""

    def __init__(self) -> None:
        self.rows_left = 0

    def over(self, cells: Sequence[_OpenCell]) -> tuple[bool, bool]:
        """Whether cells are merged in the next row, and whether one reaches beyond it."""
        merged = self.rows_left > 0
        self.rows_left = max(0, self.rows_left - 1)
        for name, span in _spans(cells):
            merged = True
            if name == "rowspan":
                self.rows_left = max(self.rows_left, span - 1 if span else _TO_THE_END)
        return merged, self.rows_left > 0


_TO_THE_END = 1 << 30


def _spans(cells: Sequence[_OpenCell]) -> Iterator[tuple[str, int]]:
    for cell in cells:
        if "span" not in cell.attributes.lower():
            continue
        for name in ("rowspan", "colspan"):
            value = attribute_of(cell.attributes, name)
            if value is not None:
                digits = re.match(r"\s*(\d{1,5})", value, re.ASCII)
                span = int(digits[1]) if digits else 1
                if span != 1:
                    yield name, span


def line_of(text: str, at: int) -> int:
    """The line of a place, from 1."""
    return text.count("\n", 0, at) + 1


def notes_between(notes: Sequence[Note], start: int, end: int) -> Sequence[Note]:
    """The comments that begin in [start, end)."""
    first, last = (bisect_left(notes, at, key=lambda note: note.start) for at in (start, end))
    return notes[first:last]
