"""What our account did on a wiki, as the wiki itself tells it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
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


def of_bot(wiki: Wiki, bot: str) -> Callable[[Contribution], bool]:
    """Whether an edit is this bot's: every summary links the bot's task page (see `Applier`)."""
    task = f"[[User:{wiki.config.account}/task/{bot}"
    link = re.compile(re.escape(task) + r"\s*[|\]]")
    return lambda each: bool(link.search(each.comment))


def contributions(wiki: Wiki, namespace: int | None) -> Iterator[Contribution]:
    """Our account's edits in a namespace, the newest first; not those of deleted pages.

    None: in all namespaces of pages that people write; items and their like are in others.

    As many a request as the wiki gives (5,000 to a bot). Raises `NotReachedError`.
    """
    asked = {
        "list": "usercontribs",
        "ucuser": _account(wiki),
        "ucnamespace": _written(wiki) if namespace is None else str(namespace),
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
        "leuser": _account(wiki),
        "lenamespace": str(namespace),
        "lelimit": "max",
        "leprop": "ids|title|timestamp|comment",
    }
    for query in wiki.query(asked):
        for each in query.get("logevents", ()):
            yield _contribution({**each, "revid": 0, "parentid": 0})


def _account(wiki: Wiki) -> str:
    """Our account, even where only a plan is made and nobody is logged in."""
    return wiki.account.name or wiki.config.account


def _written(wiki: Wiki) -> str:
    """The namespaces of pages that people write, as they are asked for; "*" for all."""
    info = wiki.info
    others = {wiki.namespace(f"{prefix}Q1")[0] for prefix in info.prefixes.values()}
    numbers = sorted({each for each in info.namespaces.values() if each >= 0} - others)
    return "|".join(map(str, numbers)) if others else "*"


def _contribution(raw: Mapping[str, Any]) -> Contribution:
    return Contribution(
        revid=int(raw.get("revid", 0)),
        parent=int(raw.get("parentid", 0)),
        title=raw.get("title", ""),
        timestamp=timestamp(raw["timestamp"]),
        comment=raw.get("comment", ""),
        hidden="commenthidden" in raw,
    )
