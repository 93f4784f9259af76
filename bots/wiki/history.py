"""Looking back: whether an edit whose answer was lost has been saved, and who wrote what stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from bots.core.outcome import Failed, NotReachedError, Saved
from bots.core.plan import Target
from bots.wiki.answers import timestamp
from bots.wiki.sites import Wiki

W = TypeVar("W", bound=Hashable)

CLOCK_SKEW = timedelta(minutes=10)
"""How far the wiki's clock may be behind ours."""
MOST_ANSWERS = 20
"""A history that is longer than so many answers is not looked through to its end."""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A revision; `user` is "" where the wiki hides the name."""

    revid: int
    user: str
    timestamp: datetime


def find_receipt(
    wiki: Wiki, target: Target, receipt: str, since: datetime, base_revid: int | None = None
) -> Saved | None:
    """The edit that carries this receipt, if the wiki has saved it since then; None: it has not.

    Looked through are our revisions of the page, our contributions (the page may have been
    moved), and the log of page creations (it may have been deleted). `merged` is true where the
    revision found is not known to be on top of `base_revid`, and `revid` may be 0 where the page is
    gone again: of one that was there before, nobody can tell whether the edit was saved, so that
    it counts as if it was. Raises `NotReachedError`: also where there is more to look through than
    is decent.
    """
    end = (since - CLOCK_SKEW).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    user, most = wiki.account.name, "max"
    asked = {
        "prop": "revisions",
        "titles": target.title,
        "rvuser": user,
        "rvend": end,
        "rvlimit": most,
        "rvprop": "ids|timestamp|comment",
        "list": "usercontribs|logevents",
        "ucuser": user,
        "ucend": end,
        "uclimit": most,
        "ucprop": "ids|title|timestamp|comment",
        "letype": "create",
        "leuser": user,
        "letitle": target.title,
        "leend": end,
        "lelimit": most,
        "leprop": "ids|timestamp|comment|details",
    }
    gone = False
    for query in _bounded(wiki.query(asked), target):
        gone = gone or any(page.get("missing") for page in query.get("pages", ()))
        for entry in _entries(query, target):
            if receipt in entry.get("comment", "") or "commenthidden" in entry:
                return _saved(entry, base_revid)
    return Saved(revid=0, timestamp=since, merged=True) if gone and base_revid else None


def find_new_item(wiki: Wiki, receipt: str, since: datetime) -> Saved | None:
    """The new item whose making carries this receipt, if the wiki has saved it since then.

    Looked through are our contributions where items are, and the log of page creations (it may
    have been deleted: its `revid` is 0). Raises `NotReachedError`.
    """
    end = (since - CLOCK_SKEW).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    user, most = wiki.account.name, "max"
    asked = {
        "list": "usercontribs|logevents",
        "ucuser": user,
        "ucend": end,
        "uclimit": most,
        "ucprop": "ids|title|timestamp|comment",
        "letype": "create",
        "leuser": user,
        "leend": end,
        "lelimit": most,
        "leprop": "ids|title|timestamp|comment",
    }
    for query in _bounded(wiki.query(asked), Target(wiki.key, "Special:NewItem")):
        for entry in (*query.get("usercontribs", ()), *query.get("logevents", ())):
            if receipt in entry.get("comment", ""):
                return Saved(
                    revid=int(entry.get("revid", 0)),
                    timestamp=timestamp(entry["timestamp"]),
                    title=entry["title"],
                )
    return None


def who_added(
    wiki: Wiki, target: Target, wanted: Collection[W], said: Callable[[str], Collection[W]]
) -> dict[W, Revision]:
    """Of each that is wanted, the revision since which the page's text says it without a break.

    `said` gives what a text says. Who has put it (back) there last is who answers for it. Left out
    is what the page does not say now, and where a revision's text is hidden, so that it can't be
    told. Raises `NotReachedError`.
    """
    asked = {
        "prop": "revisions",
        "titles": target.title,
        "rvprop": "ids|timestamp|user|content",
        "rvslots": "main",
        "rvlimit": str(wiki.batch),
    }
    since: dict[W, Revision] = {}
    open_ones = set(wanted)
    for query in _bounded(wiki.query(asked), target):
        for found in _revisions(query):
            text = found.get("slots", {}).get("main", {}).get("content")
            if text is None:
                return {each: made for each, made in since.items() if each not in open_ones}
            open_ones.intersection_update(said(text))
            if not open_ones:
                return since
            made = Revision(
                revid=found["revid"],
                user=found.get("user", ""),
                timestamp=timestamp(found["timestamp"]),
            )
            since |= dict.fromkeys(open_ones, made)
    return since


def _entries(query: Mapping[str, Any], target: Target) -> Iterator[dict[str, Any]]:
    yield from _revisions(query)
    for entry in query.get("logevents", ()):
        yield {"revid": 0, "parentid": -1, **entry}
    for entry in query.get("usercontribs", ()):
        # Hidden comments of other pages are no sign of this edit.
        if entry.get("title") == target.title or "commenthidden" not in entry:
            yield entry


def _revisions(query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for page in query.get("pages", ()):
        yield from page.get("revisions", ())


def _saved(entry: Mapping[str, Any], base_revid: int | None) -> Saved:
    hidden = "commenthidden" in entry
    return Saved(
        revid=int(entry.get("revid", 0)),
        timestamp=timestamp(entry["timestamp"]),
        merged=hidden or entry.get("parentid") != (base_revid or 0),
    )


def _bounded(queries: Iterator[dict[str, Any]], target: Target) -> Iterator[dict[str, Any]]:
    yield from islice(queries, MOST_ANSWERS)
    if next(queries, None) is not None:
        info = f"the history of {target} is too long to look through"
        raise NotReachedError(Failed(code="history-too-long", info=info))
