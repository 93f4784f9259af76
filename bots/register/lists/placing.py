"""Where a row was left, where it stands and where it is to stand, put together as one slot each.

A row may stand in several sections. What people moved from one section to another is the same
place with another value, and so is what the register moves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bots.core.merge.facts import Base, Tombstone
from bots.register.lists.remembering import Place
from bots.register.lists.standing import StandingRow


@dataclass(eq=False)
class PlaceSlot:
    """One place of a row: what was left (None: nothing), what stands, and the section wanted.

    `hidden`: it stands in a comment.
    """

    left: Place | None = None
    stands: StandingRow | None = None
    hidden: bool = False
    wanted: str | None = None


@dataclass(frozen=True, slots=True)
class _There:
    section: str
    row: StandingRow | None


def pair(
    places: Sequence[Place],
    rows: Sequence[StandingRow],
    hidden: Sequence[str],
    wanted: Sequence[str],
) -> tuple[list[PlaceSlot], list[StandingRow]]:
    """The slots of one row, and the rows that are one too many.

    `hidden`: the sections in which it is in a comment, `wanted`: those in which it is to stand.
    """
    if len(places) == len(rows) == len(wanted) == 1 and not hidden:
        return [PlaceSlot(left=places[0], stands=rows[0], wanted=wanted[0])], []
    slots = [PlaceSlot(left=place) for place in places]
    there = [*(_There(row.section, row) for row in rows), *(_There(each, None) for each in hidden)]
    there = _join(slots, there, _section_left, lambda each: each.section, _put_there)
    left = {_section_left(slot) for slot in slots}
    # What people copied to where it is to be stands there already.
    met = {each.section for each in there} - left
    asked = [section for section in wanted if section not in met]
    asked = _join(slots, asked, _section_left, str, _put_wanted)
    new = [PlaceSlot(wanted=section) for section in wanted if section in {*asked, *met}]
    there = _join(new, there, lambda slot: slot.wanted or "", lambda each: each.section, _put_there)
    alone = [PlaceSlot(stands=each.row) for each in there if each.row is not None]
    if slots or new:
        return [*slots, *new], [slot.stands for slot in alone if slot.stands]
    return alone[:1], [slot.stands for slot in alone[1:] if slot.stands]


T = TypeVar("T")


def _join(
    slots: Sequence[PlaceSlot],
    things: Sequence[T],
    section_of: Callable[[PlaceSlot], str],
    section: Callable[[T], str],
    put: Callable[[PlaceSlot, T], None],
) -> list[T]:
    """Give each slot its thing: first that of its own section, then any; what is left over."""
    if not slots or not things:
        return list(things)
    free = list(slots)
    rest: list[T] = []
    for thing in things:
        same = next((slot for slot in free if section_of(slot) == section(thing)), None)
        if same is None:
            rest.append(thing)
        else:
            put(same, thing)
            free.remove(same)
    if not all(map(_is_buried, slots)):
        # What people took out of one section, and left in others, isn't what goes elsewhere.
        free = [slot for slot in free if not _is_buried(slot)]
    for slot, thing in zip(free, rest, strict=False):
        put(slot, thing)
    return rest[len(free) :]


def _section_left(slot: PlaceSlot) -> str:
    where = slot.left.where if slot.left else None
    base = where.left if isinstance(where, Tombstone) else where
    return base.value if isinstance(base, Base) else ""


def _is_buried(slot: PlaceSlot) -> bool:
    return bool(slot.left and isinstance(slot.left.where, Tombstone))


def _put_there(slot: PlaceSlot, there: _There) -> None:
    slot.stands, slot.hidden = there.row, there.row is None


def _put_wanted(slot: PlaceSlot, section: str) -> None:
    slot.wanted = section
