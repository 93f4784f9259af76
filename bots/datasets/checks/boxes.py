"""Places in their country's box: most wrong coordinates lie in another country, or in the sea."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bots.core.wikibase.model import Coordinate, Snak
from bots.datasets.mapping.parts import Within
from bots.datasets.records.takes import Scope, Tables, UnsureError, taker, unsure
from bots.datasets.transforms import shown

Box = tuple[float, float, float, float]
"""South, west, north and east, in degrees."""


def box_check(
    within: Within, tables: Tables, column: str
) -> Callable[[Scope, Iterable[Snak]], None]:
    """What raises `UnsureError` for a coordinate that lies outside of the record's box.

    A record of which the table knows no box, or more than one, is not checked.
    """
    fixed = _box_of(within.box) if within.box else None
    boxes = {key: _box_of(said) for key, said in tables.get(within.table or "", {}).items()}
    look = None if fixed else taker(within.model_copy(update={"table": None}), tables)

    def box(scope: Scope) -> Box | None:
        if look is None:
            return fixed
        try:
            found = {str(each) for each in look(scope)}
        except UnsureError:
            return None  # What it is looked up by is told where it is a value itself.
        return boxes.get(found.pop()) if len(found) == 1 else None

    def check(scope: Scope, snaks: Iterable[Snak]) -> None:
        known = box(scope)
        for snak in snaks:
            if known and isinstance(snak.value, Coordinate) and not _lies_in(snak.value, known):
                place = f"{snak.value.latitude}, {snak.value.longitude}"
                told = ", ".join(f"{each:g}" for each in known)
                raise unsure("check-outside", column, value=shown(place), box=told)

    return check


def _lies_in(place: Coordinate, box: Box) -> bool:
    south, west, north, east = box
    if not south <= place.latitude <= north:
        return False
    if west <= east:
        return west <= place.longitude <= east
    return place.longitude >= west or place.longitude <= east


def _box_of(said: Iterable[Any]) -> Box | None:
    """A box of a list, or of a table's text with commas between; None for what is none."""
    parts = [part for each in said for part in str(each).split(",")]
    try:
        south, west, north, east = map(float, parts)
    except ValueError:
        return None
    return south, west, north, east
