"""What happened on a wiki, read through its Action API by whoever may read: no bot's own words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bench.life.facts import Deletion, Event, Revision
from sandbox.client import Client

_ITEMS = 0


def happened(client: Client) -> list[Event]:
    """All revisions of all items, and their deletions, in order.

    Items that are deleted can't be read: whoever asks brings them back first, and leaves out the
    log from then on.
    """
    events: list[Event] = list(deletions(client))
    for title in _titles(client):
        events += revisions(client, title)
    return sorted(events, key=lambda event: (event.time, getattr(event, "id", 0)))


def revisions(client: Client, title: str) -> Iterator[Revision]:
    """All revisions of one item."""
    asked = {
        "action": "query",
        "prop": "revisions",
        "titles": title,
        "rvprop": "ids|user|timestamp|comment|content",
        "rvslots": "main",
        "rvlimit": "max",
        "rvdir": "newer",
    }
    for answer in _all(client, asked):
        for raw in answer["query"]["pages"][0].get("revisions", []):
            content = json.loads(raw["slots"]["main"]["content"])
            redirect = content.get("redirect", "")
            yield Revision(
                raw["revid"],
                title,
                raw["user"],
                _time(raw["timestamp"]),
                raw["comment"],
                None if redirect else content,
                redirect,
            )


def deletions(client: Client) -> Iterator[Deletion]:
    """What the log says of items deleted and brought back."""
    answer = client.ask(action="query", list="logevents", letype="delete", lelimit="max")
    for entry in answer["query"]["logevents"]:
        if entry["title"].startswith("Q"):
            back = entry["action"] == "restore"
            yield Deletion(entry["title"], _time(entry["timestamp"]), back)


def _titles(client: Client) -> Iterator[str]:
    asked = {"action": "query", "list": "allpages", "apnamespace": _ITEMS, "aplimit": "max"}
    for answer in _all(client, asked):
        titles = (page["title"] for page in answer["query"]["allpages"])
        yield from (title for title in titles if title[:1] == "Q" and title[1:].isdecimal())


def _all(client: Client, asked: dict[str, Any]) -> Iterator[Any]:
    more: dict[str, Any] = {}
    while True:
        answer = client.ask(**asked, **more)
        yield answer
        if "continue" not in answer:
            return
        more = answer["continue"]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
