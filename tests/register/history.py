"""Words in which the histories of lists are told: what the register says, what people do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bots.register.lists.facts import Column, Grid, Happened, Row, Section
from bots.register.lists.merging import fresh

Edit = Callable[[str], str]
Said = tuple[Happened, str, str]
"""What is told, of which row and column."""


@dataclass(frozen=True)
class History:
    """`name` is what it shows. `steps`: what the register says, and what people do in between.

    `ends`: what stands at the end; `told`: what is told then, in any order.
    """

    name: str
    steps: tuple[Grid | Edit, ...]
    ends: str
    told: tuple[Said, ...] = ()


TITLES = {"name": "Name", "country": "Country", "stage": "Stage"}


def partners(*rows: str, columns: str = "name country") -> Grid:
    """A list without headings; a row: its key and its cells, "-" for an empty one."""
    names = columns.split()
    return Grid([Column(n, TITLES[n]) for n in names], [Section("", "", _rows(rows, names))])


def grouped(sweden: tuple[str, ...] = (), finland: tuple[str, ...] = ()) -> Grid:
    """A list with a heading for each country that has rows."""
    names = ["name", "stage"]
    sections = [
        Section("SE", "Sweden", _rows(sweden, names)),
        Section("FI", "Finland", _rows(finland, names)),
    ]
    return Grid([Column(n, TITLES[n]) for n in names], [each for each in sections if each.rows])


def _rows(rows: tuple[str, ...], names: list[str]) -> list[Row]:
    made = []
    for row in rows:
        key, *cells = row.split()
        written = {n: c.replace("_", " ") for n, c in zip(names, cells, strict=True) if c != "-"}
        made.append(Row(key, written))
    return made


def put(old: str, new: str) -> Edit:
    """People put something in place of something else that stands there once."""

    def edit(text: str) -> str:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {text}"
        return text.replace(old, new)

    return edit


def both(*edits: Edit) -> Edit:
    """Several edits saved at once."""

    def edit(text: str) -> str:
        for each in edits:
            text = each(text)
        return text

    return edit


def row(key: str, *cells: str) -> str:
    """A row as the bot writes it."""
    return f'|- data-row="{key}"\n' + "".join(f"| {cell}\n" if cell else "|\n" for cell in cells)


THREE = partners("1 Alpha Sweden", "2 Beta Finland", "3 Gamma Norway")
BETA_MOVED = partners("1 Alpha Sweden", "2 Beta Denmark", "3 Gamma Norway")
FOUR = partners("1 Alpha Sweden", "2 Beta Finland", "9 Borea Iceland", "3 Gamma Norway")
ALPHA, BETA, GAMMA = (
    row("1", "Alpha", "Sweden"),
    row("2", "Beta", "Finland"),
    row("3", "Gamma", "Norway"),
)
BOREA = row("9", "Borea", "Iceland")
NOTES = both(
    put("| Country\n", "| Country\n! Notes\n"),
    put("| Sweden\n", "| Sweden\n| asked twice\n"),
)
NOTED = both(NOTES, put("| Finland\n", "| Finland\n|\n"))
SE_FI = grouped(("1 Alpha active", "2 Beta active"), ("3 Gamma ended",))
BETA_ENDED = grouped(("1 Alpha active",), ("2 Beta ended", "3 Gamma ended"))
BETA_IN_FI = grouped(("1 Alpha active",), ("2 Beta active", "3 Gamma ended"))


def stands(grid: Grid, *edits: Edit) -> str:
    """What the bot would write on an empty page, with these edits in it."""
    return both(*edits)(fresh(grid))
