"""A table's columns: which of ours come, go and stay, and what that makes of each of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bots.core.merge import merge
from bots.core.merge.facts import (
    ABSENT,
    UNKNOWN,
    AddValue,
    Entry,
    Lack,
    Memory,
    RemoveEntry,
    Slot,
    Tombstone,
    WithdrawalPolicy,
)
from bots.core.wikitext.tables import TableRow
from bots.core.wikitext.tablewriting import Change, add_cell, remove_cells, set_cell
from bots.register.lists.facts import Column, Happened
from bots.register.lists.standing import StandingTable

KEPT: Slot[str] = Slot(plain=True, returns=True, withdrawal=WithdrawalPolicy.REMOVE)
"""A cell, or that a row, a column or a section is there: ours comes and goes with the register."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A column of a table: `old` is its place before our changes, None for a new one.

    `name` is "" for one of people's, which is known by its `title`.
    """

    name: str
    title: str
    old: int | None = None


@dataclass(frozen=True)
class Columns:
    """A table's columns after our changes, what to remember of them, and what is told."""

    spots: tuple[Spot, ...]
    removed: frozenset[int] = frozenset()
    left: Mapping[str, Memory[str]] = field(default_factory=dict)
    told: tuple[tuple[Happened, str], ...] = ()

    @cached_property
    def changed(self) -> bool:
        """Whether any column comes or goes."""
        return bool(self.removed) or any(spot.old is None for spot in self.spots)

    def knows(self, name: str) -> bool:
        """Whether what was left in the column's cells still counts: it stood there already.

        Or people took it out, and may put it back.
        """
        return name in self._stood or isinstance(self.left.get(name), Tombstone)

    @cached_property
    def _stood(self) -> frozenset[str]:
        return frozenset(spot.name for spot in self.spots if spot.old is not None)

    @cached_property
    def names(self) -> frozenset[str]:
        """Our columns that are there."""
        return frozenset(spot.name for spot in self.spots if spot.name)


def merge_columns(
    table: StandingTable | None,
    left: Mapping[str, Memory[str]],
    ours: Sequence[Column],
    touched: Callable[[int], bool],
) -> Columns:
    """Decide the columns of a table, or of one that is to be made.

    `touched(place)`: people have written in the column there.
    """
    there = {name: at for at, name in enumerate(table.columns) if name} if table else {}
    wanted = {column.name for column in ours}
    # A row with too many cells can't be read; with another column it would seem that it can.
    wide = table is not None and any(len(row.row.cells) > len(table.columns) for row in table.rows)
    kept: dict[str, Memory[str]] = {}
    told: list[tuple[Happened, str]] = []
    added: set[str] = set()
    removed: set[int] = set()
    for name in dict.fromkeys((*left, *(column.name for column in ours))):
        place, memory = there.get(name), left.get(name)
        going = place is not None and name not in wanted and memory is not None
        entries = [] if place is None else [Entry(name, touched=going and touched(place))]
        said: str | Lack = name if name in wanted else ABSENT
        if place is None and memory is None and wide:
            said = UNKNOWN
        decision = merge(KEPT, memory, entries, said)
        kept[name] = decision.base
        if any(isinstance(step, AddValue) for step in decision.steps):
            added.add(name)
        elif place is not None and any(isinstance(step, RemoveEntry) for step in decision.steps):
            removed.add(place)
        elif going:
            told.append((Happened.COLUMN_STAYS, name))
        elif decision.told:
            told.append((Happened.COLUMN_REMOVED, name))
    spots = _spots(table, ours, added, removed)
    left_now = {name: memory for name, memory in kept.items() if memory is not None}
    return Columns(tuple(spots), frozenset(removed), left_now, tuple(told))


def _spots(
    table: StandingTable | None, ours: Sequence[Column], added: set[str], removed: set[int]
) -> list[Spot]:
    spots: list[Spot] = []
    if table:
        cells = table.header.cells
        spots = [
            Spot(name, cells[at].text, at)
            for at, name in enumerate(table.columns)
            if at not in removed
        ]
    # Cells that can't be seen, or are merged, would come to stand under another column.
    last = bool(removed) or bool(table and (table.hides or any(row.broken for row in table.rows)))
    order = [column.name for column in ours]
    for column in ours:
        if column.name in added:
            place = len(spots) if last else _place(spots, order, order.index(column.name))
            spots.insert(place, Spot(column.name, column.title))
    return spots


def _place(spots: Sequence[Spot], order: Sequence[str], at: int) -> int:
    """Behind the nearest column of ours before it that is there, else before the first."""
    there = {spot.name: place for place, spot in enumerate(spots) if spot.name}
    before = [there[name] for name in order[:at] if name in there]
    if before:
        return before[-1] + 1
    behind = [there[name] for name in order[at:] if name in there]
    return behind[0] if behind else len(spots)


def row_changes(
    text: str, row: TableRow, columns: Columns, written: Mapping[str, str]
) -> Iterator[Change]:
    """What the columns' changes, and new texts of cells by column, make of a row."""
    if not written and not columns.changed:
        return
    yield from _removals(text, row, columns.removed)
    behind: list[str] = []
    width = len(row.cells)
    for at, spot in enumerate(columns.spots):
        if spot.old is not None and spot.old < width:
            if spot.name in written:
                yield set_cell(text, row.cells[spot.old], written[spot.name])
            continue
        value = written.get(spot.name, "") if spot.name else ""
        after = _next_old(columns.spots[at:], width)
        if after is None:
            behind.append(value)
        else:
            yield add_cell(text, row, after, value)
    while behind and not behind[-1]:
        behind.pop()
    if not behind and width and all(place in columns.removed for place in range(width)):
        # A row without cells is none.
        behind = [""]
    own_line = width - 1 in columns.removed
    for value in behind:
        yield add_cell(text, row, width, value, own_line=own_line)


def _removals(text: str, row: TableRow, removed: Iterable[int]) -> Iterator[Change]:
    places = sorted(place for place in removed if place < len(row.cells))
    while places:
        first = last = places.pop(0)
        while places and places[0] == last + 1:
            last = places.pop(0)
        yield remove_cells(text, row, first, last)


def _next_old(spots: Sequence[Spot], width: int) -> int | None:
    return next((s.old for s in spots if s.old is not None and s.old < width), None)
