"""Reading pages, many a request; what can't be read is said, never taken for empty."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import unquote

from bots.core.outcome import utcnow
from bots.core.plan import PageText, Target
from bots.wiki.answers import timestamp
from bots.wiki.sites import Wiki

_SEPARATOR = "\x1f"
"""Between values that may hold a pipe (mediawiki.org, API:Data formats)."""
_NOTHING: Mapping[str, str] = {}
_TEXTS = {
    "prop": "info|revisions",
    "rvprop": "ids|timestamp|user|content|contentmodel",
    "rvslots": "main",
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page as it was when it was read.

    - `target`: its title as the wiki writes it; `asked`: as it was asked for.
    - `text`: None where there is no page, or where it can't be read: `fault` then says why, in
      English.
    - `revid`, `timestamp`, `user`: of its newest revision; `user` is "" where the name is hidden.
    - `seen`: when the wiki answered, by its own clock.
    - `model`: its content model; all but "wikitext" is not for a bot of wikitext to change.
    - `number`: the wiki's own for the page, which stays when it is moved.
    """

    target: Target
    asked: str
    text: str | None
    revid: int | None
    timestamp: datetime | None
    seen: datetime
    user: str = ""
    model: str = "wikitext"
    redirect: bool = False
    fault: str = ""
    number: int | None = None

    @property
    def exists(self) -> bool:
        """Whether there is such a page, readable or not."""
        return self.revid is not None

    def change(self, text: str, announce: bool = False) -> PageText:
        """The change that gives this page, as it was read, another text; or makes it.

        Raises ValueError for a page that can't be read.
        """
        if self.fault:
            raise ValueError(f"{self.target} can't be read: {self.fault}")
        return PageText(
            text=text,
            before=self.text,
            base_revid=self.revid,
            # Of a page that is not there: so that one deleted meanwhile is not made again.
            base_timestamp=self.timestamp or self.seen,
            announce=announce,
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a listing: its title and number, its newest revision, and whether it redirects."""

    title: str
    number: int
    revid: int
    redirect: bool


def read_pages(
    wiki: Wiki, titles: Iterable[str], besides: Mapping[str, str] = _NOTHING
) -> Iterator[Page]:
    """The pages of these titles, each title once, `wiki.batch` a request; in no certain order.

    `besides`: parameters that ask for more in the same request; see `bots.wiki.stops`.

    Titles that no page can have come first, with a fault and without being asked for. Raises
    `NotReachedError`.
    """
    wanted = iter(dict.fromkeys(titles))
    while batch := list(islice(wanted, wiki.batch)):
        sent = [title for title in batch if _SEPARATOR not in title and title.strip()]
        for title in set(batch) - set(sent):
            yield _faulty(wiki, title, title, "no page can have this title")
        if sent:
            asked = {"titles": _SEPARATOR + _SEPARATOR.join(sent), **besides}
            yield from _read(wiki, asked, sent)


def read_page(wiki: Wiki, title: str) -> Page:
    """One page. Raises `NotReachedError`."""
    return next(read_pages(wiki, [title]))


def read_subpages(wiki: Wiki, title: str) -> Iterator[Page]:
    """All pages below a title, `wiki.batch` a request; in no certain order.

    Raises `NotReachedError`.
    """
    namespace, name = wiki.namespace(title)
    generator = {
        "generator": "allpages",
        "gapnamespace": str(namespace),
        "gapprefix": f"{name}/",
        "gaplimit": str(wiki.batch),
    }
    yield from _read(wiki, generator, ())


def list_subpages(wiki: Wiki, title: str) -> Iterator[Listed]:
    """All pages below a title, without their texts: 5,000 a request (500 without bot rights).

    Raises `NotReachedError`.
    """
    namespace, name = wiki.namespace(title)
    chosen = {"generator": "allpages", "gapnamespace": str(namespace), "gapprefix": f"{name}/"}
    yield from _list(wiki, {**chosen, "gaplimit": "max"})


def list_transclusions(wiki: Wiki, title: str) -> Iterator[Listed]:
    """All pages that a page is transcluded on, as `list_subpages`. Raises `NotReachedError`."""
    yield from _list(wiki, {"generator": "embeddedin", "geititle": title, "geilimit": "max"})


def user_groups(wiki: Wiki, names: Iterable[str]) -> dict[str, frozenset[str]]:
    """The groups that each of these users is in now; none for who is not a user here.

    Raises `NotReachedError`.
    """
    wanted = iter(dict.fromkeys(name for name in names if name and _SEPARATOR not in name))
    groups: dict[str, frozenset[str]] = {}
    while batch := list(islice(wanted, wiki.batch)):
        asked = {"list": "users", "usprop": "groups"}
        sent = _SEPARATOR + _SEPARATOR.join(batch)
        found = {
            user["name"]: frozenset(user.get("groups", ()))
            for query in wiki.query({**asked, "ususers": sent})
            for user in query["users"]
        }
        groups |= {name: found.get(_user_name(name), frozenset()) for name in batch}
    return groups


def _list(wiki: Wiki, chosen: Mapping[str, str]) -> Iterator[Listed]:
    for query in wiki.query({"prop": "info", **chosen}):
        for found in query.get("pages", ()):
            # Where MediaWiki cuts its answer, the rest of the pages come again with more.
            if "lastrevid" in found:
                redirect = bool(found.get("redirect"))
                yield Listed(found["title"], found["pageid"], found["lastrevid"], redirect)


def _read(wiki: Wiki, chosen: Mapping[str, str], sent: Iterable[str]) -> Iterator[Page]:
    """The pages that a query chooses; each is given once, as soon as its text has come."""
    waiting: dict[str, dict[str, Any]] = {}
    given: set[str] = set()
    asked: dict[str, list[str]] = {}
    for query in wiki.query({**_TEXTS, **chosen}):
        asked = asked or _asked_as(query, sent)
        if "readonly" in query.get("general", ()) and not query["general"]["readonly"]:
            wiki.writable_seen = time.monotonic()
        for found in query.get("pages", ()):
            if found["title"] in given:
                continue
            page = waiting.setdefault(found["title"], {}) | found
            waiting[found["title"]] = page
            # Where MediaWiki cuts its answer, `revisions` is there and empty.
            if page.get("revisions") or page.keys() & {"missing", "invalid", "special"}:
                yield from _pages(wiki, waiting.pop(page["title"]) | {"now": query["now"]}, asked)
                given.add(page["title"])
        for link in query.get("interwiki", ()):
            for title in asked.get(link["title"], [link["title"]]):
                yield _faulty(wiki, link["title"], title, f"it is on another wiki ({link['iw']}:)")
        if query["complete"]:
            for page in waiting.values():
                yield from _pages(wiki, page | {"now": query["now"]}, asked)
            waiting.clear()


def _pages(wiki: Wiki, found: Mapping[str, Any], asked: Mapping[str, list[str]]) -> Iterator[Page]:
    title = found["title"]
    for name in asked.get(title, [title]):
        yield _page(wiki, found, name)


def _page(wiki: Wiki, found: Mapping[str, Any], asked: str) -> Page:
    title = found["title"]
    target = Target(wiki.key, title)
    if "invalid" in found or "special" in found:
        why = found.get("invalidreason") or "it is a special page"
        return _faulty(wiki, title, asked, why)
    if "missing" in found:
        return _absent(target, asked, found["now"])
    revisions = found.get("revisions")
    if not revisions:
        return _faulty(wiki, title, asked, "the wiki gives no revision of it")
    revision = revisions[0]
    main = revision.get("slots", {}).get("main", {})
    text = main.get("content")
    fault = "" if isinstance(text, str) else "its text is hidden or lost"
    model = main.get("contentmodel", "wikitext")
    return Page(
        target=target,
        asked=asked,
        text=text if isinstance(text, str) else None,
        revid=revision["revid"],
        timestamp=timestamp(revision["timestamp"]),
        seen=found["now"],
        user=revision.get("user", ""),
        model=model,
        redirect=bool(found.get("redirect")),
        fault=fault,
        number=found.get("pageid"),
    )


def _faulty(wiki: Wiki, title: str, asked: str, fault: str) -> Page:
    return _absent(Target(wiki.key, title), asked, utcnow(), fault)


def _absent(target: Target, asked: str, seen: datetime, fault: str = "") -> Page:
    return Page(
        target=target,
        text=None,
        revid=None,
        timestamp=None,
        asked=asked,
        seen=seen,
        fault=fault,
    )


def _asked_as(query: Mapping[str, Any], sent: Iterable[str]) -> dict[str, list[str]]:
    """The wiki's form of each title → the forms in which it was asked for."""
    normal = {}
    for step in query.get("normalized", ()):
        normal[unquote(step["from"]) if step.get("fromencoded") else step["from"]] = step["to"]
    asked: dict[str, list[str]] = {}
    for title in sent:
        composed = normal.get(title, unicodedata.normalize("NFC", title))
        asked.setdefault(normal.get(composed, composed), []).append(title)
    return asked


def _user_name(name: str) -> str:
    """A user's name as the wiki writes it."""
    name = unicodedata.normalize("NFC", name).replace("_", " ").strip()
    return name[:1].upper() + name[1:]
