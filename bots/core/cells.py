"""Tables for people: CSV in which no spreadsheet finds a formula, and that reads back."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

# What a spreadsheet calculates, in front of which it skips spaces; of full width too, as some do
# (owasp.org, CSV Injection).
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def harmless(text: str) -> str:
    """The text as a cell: an apostrophe before what would be a formula; a plain number as it is."""
    if _NUMBER.fullmatch(text) or not _FORMULA.match(text):
        return text
    return f"'{text}"


def as_it_was(cell: str) -> str:
    """The text of which `harmless` made the cell."""
    if cell.startswith("'") and _FORMULA.match(cell[1:]):
        return cell[1:]
    return cell


class Table:
    """A CSV file that is written row by row; every cell is made harmless."""

    def __init__(self, file: TextIO, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self.rows = 0
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(map(harmless, self.columns))

    def add(self, row: Mapping[str, str]) -> None:
        """Write one row; a column that it lacks stays empty."""
        self._writer.writerow(harmless(row.get(name, "")) for name in self.columns)
        self.rows += 1


def read_table(file: TextIO) -> Iterator[dict[str, str]]:
    """The rows of a file that `Table` wrote. Raises `csv.Error`."""
    rows = csv.reader(file)
    columns = [as_it_was(name) for name in next(rows, [])]
    for cells in rows:
        yield dict(zip(columns, map(as_it_was, cells), strict=False))
