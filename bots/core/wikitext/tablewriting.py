"""Changes to a table that touch their own cells and rows alone, in the style of its author.

Each is a `Change`: [start, end) of the text becomes `text`. `rewrite` puts all of them in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bots.core.wikitext.tables import Cell, Heading, TableRow
from bots.core.wikitext.visible import WHITE

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# After a pipe they would make it a row, the table's end, a caption, or a second pipe.
_NOT_AFTER_PIPE = ("-", "}", "+", "|")
_PLAIN_IN_ATTRIBUTE = re.compile(r"[^A-Za-z0-9 .,/()+-]")


@dataclass(frozen=True, slots=True)
class Change:
    """[start, end) of a text becomes `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Style:
    """How an author writes rows: all cells on one line, and a space before what stands in one."""

    one_line: bool = False
    spaced: bool = True


def rewrite(text: str, changes: Iterable[Change]) -> str:
    """The text with all changes in it; of those at one place, the first comes first.

    Raises ValueError where two of them are about the same characters.
    """
    pieces: list[str] = []
    at = 0
    for change in sorted(changes, key=lambda each: (each.start, each.end)):
        if change.start < at:
            raise ValueError(f"two changes of [{change.start}, {at})")
        pieces += (text[at : change.start], change.text)
        at = change.end
    return "".join((*pieces, text[at:]))


class Moved:
    """Where places of the old text are in the new one."""

    def __init__(self, changes: Iterable[Change]) -> None:
        ordered = sorted(changes, key=lambda each: (each.start, each.end))
        self._starts = [each.start for each in ordered]
        self._shifts = [0]
        for each in ordered:
            self._shifts.append(self._shifts[-1] + len(each.text) - (each.end - each.start))

    def to(self, at: int) -> int:
        """The new place of what stood at `at`, behind what was put in there."""
        return at + self._shifts[bisect_right(self._starts, at)]


def attribute(name: str, value: str) -> str:
    """An attribute that says exactly `value`, whatever that is."""
    quoted = _PLAIN_IN_ATTRIBUTE.sub(lambda found: f"&#{ord(found[0])};", value)
    return f'{name}="{quoted}"'


def style_of(text: str, row: TableRow) -> Style:
    """How the row is written."""
    filled = [cell for cell in row.cells if cell.text]
    spaced = not filled or any(text[cell.content] in WHITE for cell in filled)
    return Style(any(cell.inline for cell in row.cells), spaced)


def row_text(style: Style, attributes: str, cells: Sequence[str]) -> str:
    """A row with its line ends; `cells` are what stands in them, with attributes where needed."""
    if style.one_line and not any("\n" in cell for cell in cells):
        written = (" || " if style.spaced else "||").join(cells).rstrip(" ")
        lines = [_after_pipe("|", written, style.spaced)] if cells else []
    else:
        lines = [_after_pipe("|", cell, style.spaced) for cell in cells]
    return "\n".join((f"|-{attributes}", *lines, ""))


def set_cell(text: str, cell: Cell, value: str) -> Change:
    """Another text in a cell; comments and white space around it stay."""
    if not cell.text:
        comments = text[cell.content : cell.end].strip(WHITE)
        behind = " " if text.startswith(("||", "!!"), cell.end) else ""
        words = "".join(f" {each}" for each in (value, comments) if each)
        return Change(cell.content, cell.end, words + behind)
    written = text[cell.text_start : cell.text_end]
    comments = "" if written == cell.text else "".join(_COMMENT.findall(written))
    if not value + comments and not text[cell.content : cell.text_start].strip(WHITE):
        return Change(cell.content, cell.text_end, "")
    tight = cell.text_start == cell.inside
    space = " " if tight and value.startswith(_NOT_AFTER_PIPE) else ""
    return Change(cell.text_start, cell.text_end, f"{space}{value}{comments}")


def add_cell(
    text: str, row: TableRow, place: int, written: str, *, own_line: bool = False
) -> Change:
    """A cell before the one at `place`, or behind the last, on a line with it if that is its way.

    `written` is what stands in it, with attributes where needed. It is a header's where the cell
    beside it is.
    """
    before = row.cells[place - 1] if place else None
    after = row.cells[place] if place < len(row.cells) else None
    beside = after or before
    mark = "!" if beside and beside.header else "|"
    if after and after.inline and not own_line:
        return Change(after.start, after.start, f"{mark * 2} {written}".rstrip(" ") + " ")
    goes_on = before and not after and before.inline and not own_line
    if before and goes_on and "\n" not in text[before.inside : before.end]:
        return Change(before.end, before.end, f" {mark * 2} {written}")
    start = after.start if after else row.end
    return Change(start, start, _after_pipe(mark, written) + "\n")


def remove_cells(text: str, row: TableRow, first: int, last: int) -> Change:
    """Without the cells from `first` to `last`; what is behind them on their line moves up."""
    cell = row.cells[first]
    after = row.cells[last + 1] if last + 1 < len(row.cells) else None
    if cell.inline:
        behind = after.start if after and after.inline else row.cells[last].end
        return Change(cell.start, behind, "")
    if after and after.inline:
        space = " " if text.startswith(_NOT_AFTER_PIPE, after.inside) else ""
        return Change(cell.inside, after.inside, space)
    return Change(cell.start, after.start if after else row.end, "")


def remove_row(row: TableRow) -> Change:
    """Without the row; comments behind it stay."""
    return Change(row.start, row.end, "")


def insert_rows(at: int, rows: Iterable[str]) -> Change:
    """Rows at a place: a row's `end` or `start`, or the table's `close`."""
    return Change(at, at, "".join(rows))


def set_heading(heading: Heading, title: str) -> Change:
    """Other words in a heading."""
    return Change(heading.title_start, heading.title_end, title)


def _after_pipe(mark: str, written: str, spaced: bool = True) -> str:
    if not written:
        return mark
    return f"{mark} {written}" if spaced or written.startswith(_NOT_AFTER_PIPE) else mark + written
