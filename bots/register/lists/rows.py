"""What stands in a row: its cells decided one by one, and whether people have written in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.merge import cell_after, merge_cell
from bots.core.merge.facts import ABSENT, UNKNOWN, Base, Memory, Tombstone
from bots.core.wikitext.tables import Cell, TableRow
from bots.core.wikitext.tablewriting import Style, row_text
from bots.core.wikitext.visible import WHITE
from bots.register.lists.columns import KEPT, Spot
from bots.register.lists.facts import Row
from bots.register.lists.remembering import Place
from bots.register.lists.standing import StandingRow, StandingTable


@dataclass(frozen=True)
class Cells:
    """A row's cells: what is to stand in ours, what of that is new, what to remember and tell.

    `told`: (column, what people say, what we say).
    """

    after: Mapping[str, str]
    written: Mapping[str, str]
    left: dict[str, Memory[str]]
    told: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class NewRow:
    """A row that is to be put into a table; `notes` are people's cells by the column's title."""

    attributes: str
    cells: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict)

    def text(self, style: Style, spots: Sequence[Spot]) -> str:
        """The row in a table of these columns."""
        written = [
            self.cells.get(spot.name, "") if spot.name else self.notes.get(spot.title, "")
            for spot in spots
        ]
        return row_text(style, self.attributes, written)


def merge_cells(
    ours: Row, names: Collection[str], left: Mapping[str, Memory[str]], theirs: Mapping[str, str]
) -> Cells:
    """Decide the cells of the columns `names`; a cell that isn't in `theirs` is new and empty."""
    after: dict[str, str] = {}
    written: dict[str, str] = {}
    kept = dict(left)
    told: list[tuple[str, str, str]] = []
    for name in names:
        seen, says = theirs.get(name, ""), ours.cells.get(name, "").strip(WHITE)
        said = UNKNOWN if name in ours.unknown else says or ABSENT
        decision = merge_cell(left.get(name), seen or None, said, KEPT)
        after[name] = now = cell_after(decision, seen or None) or ""
        if now != seen:
            written[name] = now
        if decision.base is None:
            kept.pop(name, None)
        else:
            kept[name] = decision.base
        if decision.told:
            told.append((name, seen, says))
    return Cells(after, written, kept, told)


def cells_of(table: StandingTable, row: TableRow) -> dict[str, str]:
    """What stands in the cells of our columns."""
    return {name: cell.text for name, cell in zip(table.columns, row.cells, strict=False) if name}


def attributes_of(text: str, table: StandingTable, row: TableRow) -> dict[str, str]:
    """The attributes of our cells, with the pipe behind them: colours are people's."""
    return {
        name: text[cell.inside : cell.content].strip(WHITE)
        for name, cell in zip(table.columns, row.cells, strict=False)
        if name and cell.attributes
    }


def left_text(memory: Memory[str]) -> str:
    """What was left in a cell and should still stand there, "" for nothing."""
    return memory.value if isinstance(memory, Base) else ""


def has_people_s_words(
    table: StandingTable, row: TableRow, left: Place | None, ours: Mapping[str, str]
) -> bool:
    """Whether people have written in our cells of a row what ours does not say, or a comment."""
    cells = left.cells if left else {}
    return row.noted or any(
        text and text not in (left_text(cells.get(name)), ours.get(name))
        for name, text in cells_of(table, row).items()
    )


def comment_in(text: str, row: TableRow, place: int) -> bool:
    """Whether there is a comment in a cell, or behind it."""
    if not row.noted or place >= len(row.cells):
        return False
    end = row.cells[place + 1].start if place + 1 < len(row.cells) else row.end
    return "<!--" in text[row.cells[place].start : end]


def notes_of(text: str, table: StandingTable, row: TableRow) -> dict[str, str]:
    """What stands in people's columns, as it is written, by the column's title."""
    titles = [cell.text for cell in table.header.cells]
    return {
        title: _written(text, cell)
        for name, title, cell in zip(table.columns, titles, row.cells, strict=False)
        if not name and cell.text
    }


def _written(text: str, cell: Cell) -> str:
    return text[cell.inside : cell.end].strip(WHITE)


def by_hand(row: StandingRow) -> str:
    """What a row of people's says, "" where it is no row of a list but a heading in it."""
    says = [cell for cell in row.row.cells if cell.text]
    if row.key or row.broken or all(cell.header for cell in says):
        return ""
    return " · ".join(cell.text for cell in says)


def keyless(
    table: StandingTable, rows: Iterable[StandingRow], missing: Mapping[str, Place]
) -> dict[str, StandingRow]:
    """Rows of ours that have lost their key, known by what stands in them; by that key.

    `missing`: the rows that were left in this table and aren't there.
    """
    names = [name for name in table.columns if name]
    seen: dict[tuple[str, ...], str] = {}
    for key, place in missing.items():
        says = tuple(left_text(place.cells.get(name)) for name in names)
        if any(says):
            seen[says] = key
    found: dict[str, StandingRow] = {}
    for row in rows if seen else ():
        if not row.key:
            cells = cells_of(table, row.row)
            its = seen.get(tuple(cells.get(name, "") for name in names))
            if its is not None:
                found.setdefault(its, row)
    return found


def section_of(memory: Memory[str]) -> str | None:
    """The section in which a row was left, or taken out of."""
    base = memory.left if isinstance(memory, Tombstone) else memory
    return base.value if base else None
