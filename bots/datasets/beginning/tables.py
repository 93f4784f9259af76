"""The value table of a column whose values are items: what is known, and what people complete."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bots.datasets.beginning.columns import Column
from bots.datasets.beginning.known import ITEMS
from bots.datasets.beginning.proposal import ValueTable
from bots.datasets.beginning.shapes import read, share_of

TABLE_NAMES = {"P31": "kinds", "P17": "countries", "P131": "places", "P1435": "designations"}
"""What a property's table is called."""

_MOST_WAITING = 60
_MOST = 0.95


def table_of(
    column: Column, property_id: str, separator: str
) -> tuple[list[Any], ValueTable | None]:
    """The transforms of such a column, and its table; none where it names items itself."""
    if share_of(column.values, ("wikidata-id",)) >= _MOST:
        return ["wikidata-id"], None
    steps: list[Any] = ["lower"]
    if property_id == "P17":
        coded = share_of(column.values, ("country-code",)) >= _MOST
        steps = ["country-code"] if coded else []
    elif property_id != "P31":
        steps = []
    counts: Counter[str] = Counter()
    for text, count in column.counts.items():
        for part in text.split(separator) if separator else (text,):
            value = read(part.strip(), steps)
            if value:
                counts[str(value)] += count
    items = ITEMS.get(property_id, {})
    known = {value: items[value] for value in sorted(counts) if value in items}
    waiting = {v: n for v, n in counts.most_common() if v not in known}
    shown = dict(list(waiting.items())[:_MOST_WAITING])
    return steps, ValueTable(known, shown)
