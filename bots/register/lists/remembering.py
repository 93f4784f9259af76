"""What was last left of a list on a page, and its JSON in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bots.core.merge.facts import Base, Memory, Owned, Rank, Tombstone
from bots.core.merge.stored import memory_json, memory_of
from bots.core.plan import JSON


@dataclass
class Place:
    """A row's place: in which section it is, and what was left in its cells, by column."""

    where: Memory[str]
    cells: dict[str, Memory[str]] = field(default_factory=dict)


@dataclass
class LeftSection:
    """A section's table: that it is there, its heading, its columns and what they are called."""

    there: Memory[str] = None
    title: Memory[str] = None
    columns: dict[str, Memory[str]] = field(default_factory=dict)
    titles: dict[str, Memory[str]] = field(default_factory=dict)


@dataclass
class Left:
    """All that was left of a list: its sections, and its rows with their places, by their keys."""

    sections: dict[str, LeftSection] = field(default_factory=dict)
    rows: dict[str, list[Place]] = field(default_factory=dict)

    @property
    def has_rows(self) -> bool:
        """Whether any row was left standing."""
        return any(
            place.where is not None and not isinstance(place.where, Tombstone)
            for places in self.rows.values()
            for place in places
        )

    @property
    def has_tables(self) -> bool:
        """Whether any table was left standing."""
        return any(isinstance(section.there, Base) for section in self.sections.values())

    def refused(self) -> Left:
        """Only the rows and columns that people took out, for a list that begins anew."""
        left = Left()
        for key, section in self.sections.items():
            columns: dict[str, Memory[str]] = {
                n: m for n, m in section.columns.items() if isinstance(m, Tombstone)
            }
            if columns:
                left.sections[key] = LeftSection(columns=columns)
        for key, places in self.rows.items():
            out = [place for place in places if isinstance(place.where, Tombstone)]
            if out:
                left.rows[key] = out
        return left


def left_of(base: JSON) -> Left:
    """What the store's JSON says; None: nothing was left."""
    raw: Mapping[str, Any] = base or {}
    left = Left()
    for key, section in raw.get("sections", {}).items():
        columns = section.get("columns", {})
        left.sections[key] = LeftSection(
            _memory(section.get("there")),
            _memory(section.get("title")),
            {name: _memory(both[0]) for name, both in columns.items()},
            {name: _memory(both[1]) for name, both in columns.items()},
        )
    names = raw.get("names", ())
    for key, places in raw.get("rows", {}).items():
        left.rows[key] = [
            Place(_memory(where), {n: _memory(c) for n, c in zip(names, cells, strict=False) if c})
            for where, *cells in places
        ]
    return left


def json_of(left: Left) -> JSON:
    """What `left_of` reads: a cell is its text, or nothing, or what `merge.stored` writes."""
    names = sorted(
        {
            name
            for places in left.rows.values()
            for place in places
            for name, memory in place.cells.items()
            if memory is not None
        }
    )
    return {
        "sections": {key: _section(section) for key, section in sorted(left.sections.items())},
        "names": names,
        "rows": {
            key: [
                [_json(place.where), *_cut([_json(place.cells.get(name)) for name in names])]
                for place in places
            ]
            for key, places in sorted(left.rows.items())
            if places
        },
    }


def _section(section: LeftSection) -> JSON:
    columns = {
        name: [_json(section.columns.get(name)), _json(section.titles.get(name))]
        for name in sorted({*section.columns, *section.titles})
    }
    raw = {"there": _json(section.there), "title": _json(section.title), "columns": columns}
    return {name: value for name, value in raw.items() if value not in (None, {})}


def _cut(cells: list[JSON]) -> list[JSON]:
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _memory(raw: Any) -> Memory[str]:
    return Base(raw) if isinstance(raw, str) else memory_of(raw, str)


def _json(memory: Memory[str]) -> JSON:
    if memory is None or isinstance(memory, Tombstone):
        return memory_json(memory, str)
    usual = memory.owned is Owned.WHOLE and memory.rank is Rank.NORMAL
    if usual and not memory.past and not memory.spent:
        return memory.value
    return memory_json(memory, str)
