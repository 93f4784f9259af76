"""Records of which an earlier run told a doubt, and on which items each hangs.

A record without an item is looked for once a release of its source. Until the next one only an
edit of the items that its doubt names can settle it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bots.core.messages import Message
from bots.core.plan import NEW_ITEM, Finding
from bots.core.wikibase.model import Item, entity_type
from bots.datasets.matching.judging import Read, Why, trail

EVERY_RUN = frozenset({Why.TWO_RECORDS, Why.NOT_LOOKED_UP})
"""What hangs on other records, or on the wiki's search, is looked at in every run."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """`items`: those that it names; `asks`: people are asked which item the record is."""

    items: tuple[str, ...]
    asks: bool


def doubts(told: Iterable[Finding]) -> dict[str, Doubt]:
    """The doubts among findings, by the records' keys; one of which no item could be made hangs on
    nothing but itself."""
    found: dict[str, Doubt] = {}
    for each in told:
        key = each.message.key
        if each.target.title.startswith(NEW_ITEM):
            found[each.target.title.removeprefix(NEW_ITEM)] = Doubt((), asks=False)
        elif key.startswith("match-") and key != "match-hint-merged":
            found[each.where] = Doubt(tuple(_named(each.message)), key in _ASKED)
    return found


def judged_by(message: Message, read: Read) -> int | None:
    """The newest revision of the items that a doubt names, as they were read; None for none."""
    found = (read.get(trail(item, read)[-1]) for item in _named(message))
    return newest(each.revision for each in found if isinstance(each, Item))


def newest(revisions: Iterable[int | None]) -> int | None:
    """The newest of some revisions; None: there is none."""
    return max((each for each in revisions if each is not None), default=None)


_ASKED = frozenset({"match-unproven", "match-unproven-other"})
_PARAMS = ("item", "hint", "to", "list_items")


def _named(message: Message) -> Iterator[str]:
    for name in _PARAMS:
        value = message.params.get(name, "")
        for each in value if isinstance(value, list) else [str(value)]:
            if entity_type(each) == "item":
                yield each
