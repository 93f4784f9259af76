"""What our account did on a wiki, as the wiki itself tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bots.wiki.answers import timestamp
from bots.wiki.sites import Wiki


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """One edit of ours; `parent` is 0 where it made the page.

    `comment` is "" and `hidden` true where the wiki hides the edit summary. `revid` is 0 where only
    the log tells of it.
    """

    revid: int
    parent: int
    title: str
    timestamp: datetime
    comment: str
    hidden: bool = False


def contributions(wiki: Wiki, namespace: int) -> Iterator[Contribution]:
    """Our account's edits in a namespace, the newest first; not those of deleted pages.

    As many a request as the wiki gives (5,000 to a bot). Raises `NotReachedError`.
    """
    asked = {
        "list": "usercontribs",
        "ucuser": wiki.account.name,
        "ucnamespace": str(namespace),
        "uclimit": "max",
        "ucprop": "ids|title|timestamp|comment",
    }
    for query in wiki.query(asked):
        yield from map(_contribution, query.get("usercontribs", ()))


def created(wiki: Wiki, namespace: int) -> Iterator[Contribution]:
    """The pages that our account made in a namespace, deleted ones too, as the log tells of them.

    Raises `NotReachedError`.
    """
    asked = {
        "list": "logevents",
        "letype": "create",
        "leuser": wiki.account.name,
        "lenamespace": str(namespace),
        "lelimit": "max",
        "leprop": "ids|title|timestamp|comment",
    }
    for query in wiki.query(asked):
        for each in query.get("logevents", ()):
            yield _contribution({**each, "revid": 0, "parentid": 0})


def _contribution(raw: Mapping[str, Any]) -> Contribution:
    return Contribution(
        revid=int(raw.get("revid", 0)),
        parent=int(raw.get("parentid", 0)),
        title=raw.get("title", ""),
        timestamp=timestamp(raw["timestamp"]),
        comment=raw.get("comment", ""),
        hidden="commenthidden" in raw,
    )
