"""Which items there are, which have changed, and which of them our account has made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bots.core.wikibase.model import entity_type
from bots.wiki.answers import timestamp
from bots.wiki.entities import Entities


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A revision of an item, or (`revid` 0) its deletion, restoration or the like."""

    id: str
    revid: int
    timestamp: datetime


def all_items(entities: Entities) -> Iterator[str]:
    """The ids of all items, without those that people have merged into others.

    Raises `NotReachedError`.
    """
    asked = {
        "list": "allpages",
        "apnamespace": _namespace(entities),
        "apfilterredir": "nonredirects",
        "aplimit": "max",
    }
    for query in entities.wiki.query(asked):
        yield from _items(query.get("allpages", ()))


def touched(entities: Entities, since: datetime) -> Iterator[Touched]:
    """What was done to items since then, ours too, oldest first; straight from the wiki's database.

    The wiki forgets it after some weeks ($wgRCMaxAge, 90 days by default). Raises
    `NotReachedError`.
    """
    asked = {
        "list": "recentchanges",
        "rcnamespace": _namespace(entities),
        "rctype": "new|edit|log",
        "rcprop": "title|ids|timestamp",
        "rcdir": "newer",
        "rcstart": _moment(since),
        "rclimit": "max",
    }
    for query in entities.wiki.query(asked):
        for entry in query.get("recentchanges", ()):
            for item in _items([entry]):
                revid, when = entry.get("revid", 0), timestamp(entry["timestamp"])
                yield Touched(id=item, revid=revid, timestamp=when)


def made_by_us(entities: Entities, since: datetime) -> Iterator[Touched]:
    """The first revisions of the items that our account has made since then, oldest first.

    Not told are those that were deleted. Raises `NotReachedError`.
    """
    account = entities.wiki.account.name
    if not account:
        return
    asked = {
        "list": "usercontribs",
        "ucuser": account,
        "ucnamespace": _namespace(entities),
        "ucshow": "new",
        "ucprop": "title|ids|timestamp",
        "ucdir": "newer",
        "ucstart": _moment(since),
        "uclimit": "max",
    }
    for query in entities.wiki.query(asked):
        for entry in query.get("usercontribs", ()):
            for item in _items([entry]):
                when = timestamp(entry["timestamp"])
                yield Touched(id=item, revid=entry["revid"], timestamp=when)


def linked(entities: Entities, property_id: str, most: int) -> list[str]:
    """At most so many items that have a statement, or a value, of the property, oldest first.

    From the table of links: it tells what no search may know. Raises `NotReachedError`.
    """
    asked = {
        "list": "backlinks",
        "bltitle": entities.title(property_id),
        "blnamespace": _namespace(entities),
        "bllimit": str(most),
    }
    query = next(entities.wiki.query(asked))
    return list(_items(query.get("backlinks", ())))


def _namespace(entities: Entities) -> str:
    return str(entities.wiki.namespace(entities.title("Q1"))[0])


def _items(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The items' ids among pages; other pages may stand in the namespace, or be hidden."""
    for entry in entries:
        entity_id = entry.get("title", "").rpartition(":")[2]
        if entity_type(entity_id) == "item":
            yield entity_id


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
