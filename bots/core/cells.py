"""Tables for people: CSV in which no spreadsheet finds a formula, and that reads back."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

# What a spreadsheet calculates, in front of which it skips spaces; of full width too, as some do
# (owasp.org, CSV Injection).
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


# The same where another language's spreadsheet, which puts semicolons or tabs between its cells,
# would begin one in the middle of ours. No quotation marks help: they count at a cell's ends alone.
_WITHIN = re.compile(
    r"([;\t\r\n][\s;]*+'*+)((?![+-][0-9]+(?:\.[0-9]+)?(?:[;\t\r\n]|\Z))[=+\-@＝＋－＠])?"
)


def harmless(text: str) -> str:
    """The text as a cell: an apostrophe before what would be a formula; a plain number as it is."""
    if _NUMBER.fullmatch(text):
        return text
    inner = _WITHIN.sub(lambda found: f"{found[1]}'{found[2]}" if found[2] else found[0], text)
    return f"'{inner}" if _FORMULA.match(text) else inner


def as_it_was(cell: str) -> str:
    """The text of which `harmless` made the cell."""
    text = _WITHIN.sub(
        lambda found: f"{found[1].removesuffix(chr(39))}{found[2]}" if found[2] else found[0], cell
    )
    if text.startswith("'") and _FORMULA.match(text[1:]):
        return text[1:]
    return text


class Table:
    """A CSV file that is written row by row; every cell is made harmless."""

    def __init__(self, file: TextIO, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self.rows = 0
        self._plain = csv.writer(file, lineterminator="\n")
        self._quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        self._write(self.columns)

    def add(self, row: Mapping[str, str]) -> None:
        """Write one row; a column that it lacks stays empty."""
        self._write(row.get(name, "") for name in self.columns)
        self.rows += 1

    def _write(self, row: Iterable[str]) -> None:
        cells = [harmless(cell) for cell in row]
        # Python before 3.13 writes a carriage return, which ends a row, without quotation marks.
        writer = self._quoting if any("\r" in cell for cell in cells) else self._plain
        writer.writerow(cells)


def read_table(file: TextIO) -> Iterator[dict[str, str]]:
    """The rows of a file that `Table` wrote. Raises `csv.Error`."""
    rows = csv.reader(file)
    columns = [as_it_was(name) for name in next(rows, [])]
    for cells in rows:
        yield dict(zip(columns, map(as_it_was, cells), strict=False))
