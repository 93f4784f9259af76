"""Single revisions by their numbers: whose, on top of what, and what was in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bots.wiki.sites import Wiki


@dataclass(frozen=True, kw_only=True)
class Old:
    """A revision; `parent` is 0 where it made the page. `text`: None where it is hidden."""

    revid: int
    parent: int
    text: str | None = None


def revisions(wiki: Wiki, revids: Iterable[int], texts: bool = False) -> dict[int, Old]:
    """Those of these revisions that the wiki tells of, `wiki.batch` a request.

    Without `texts`, their texts are not asked for. Raises `NotReachedError`.
    """
    wanted = iter(dict.fromkeys(revids))
    found: dict[int, Old] = {}
    while batch := list(islice(wanted, wiki.batch)):
        asked = {
            "prop": "revisions",
            "revids": "|".join(map(str, batch)),
            "rvprop": "ids|content" if texts else "ids",
            "rvslots": "main",
        }
        for query in wiki.query(asked):
            for page in query.get("pages", ()):
                found |= {each["revid"]: _old(each) for each in page.get("revisions", ())}
    return found


def reverted(wiki: Wiki, ours: Iterable[int]) -> frozenset[int]:
    """Those of our revisions that MediaWiki itself says people reverted, `wiki.batch` a request.

    By rollback, by "undo", or by saving the text of before (mediawiki.org, Manual:Reverts). A
    deleted one is not among them; nor is one after which nobody but we edited, until our own text
    was one of before. Raises `NotReachedError`.
    """
    wanted = iter(dict.fromkeys(ours))
    found: set[int] = set()
    after: dict[int, int] = {}
    back: set[int] = set()
    while batch := list(islice(wanted, wiki.batch)):
        asked = {
            "prop": "revisions",
            "revids": "|".join(map(str, batch)),
            "rvprop": "ids|tags",
        }
        for query in wiki.query(asked):
            for page in query.get("pages", ()):
                for each in page.get("revisions", ()):
                    revid, tags = each["revid"], each.get("tags", ())
                    after[each["parentid"]] = revid
                    if "mw-reverted" in tags:
                        found.add(revid)
                    if "mw-manual-revert" in tags:
                        back.add(revid)
    return frozenset(revid for revid in found if not _by_ourselves(revid, after, back))


def editors(wiki: Wiki, title: str, since: int) -> Iterator[tuple[int, str]]:
    """The page's revisions, the newest first, down to revision `since` (with it), and whose.

    A user's name is "" where it is hidden. Raises `NotReachedError`.
    """
    asked = {
        "prop": "revisions",
        "titles": title,
        "rvprop": "ids|user",
        "rvlimit": "max",
        "rvendid": str(since),
    }
    for query in wiki.query(asked):
        for page in query.get("pages", ()):
            for each in page.get("revisions", ()):
                yield each["revid"], each.get("user", "")


def _by_ourselves(revid: int, after: Mapping[int, int], back: Collection[int]) -> bool:
    """Whether our next edits lead back from this one; `after`: a revision → ours on top of it."""
    follows = after.get(revid)
    while follows is not None and follows not in back:
        follows = after.get(follows)
    return follows is not None


def _old(raw: dict[str, Any]) -> Old:
    text = raw.get("slots", {}).get("main", {}).get("content")
    return Old(revid=raw["revid"], parent=raw["parentid"], text=text)
