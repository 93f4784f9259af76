"""Whether there are pages, or were, and whether they are used, without reading them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from bots.wiki.sites import Wiki


def existing(wiki: Wiki, titles: Iterable[str]) -> dict[str, bool]:
    """Whether there is a page of each title, `wiki.batch` a request.

    Left out are those that no page of this wiki can have. Raises `NotReachedError`.
    """
    found: dict[str, bool] = {}
    for batch in _batches(wiki, titles):
        for query in wiki.query({"prop": "info", "titles": "|".join(batch)}):
            found |= {name: "missing" not in page for name, page in _told(query, batch)}
    return found


def transcluded(wiki: Wiki, titles: Iterable[str]) -> dict[str, bool]:
    """Whether each of these pages is transcluded anywhere; one that is not there may be, too.

    A request for `wiki.batch` of them, and one more for each that fills an answer by itself. Left
    out are those that no page of this wiki can have. Raises `NotReachedError`.
    """
    asked = {"prop": "transcludedin", "tiprop": "pageid", "tilimit": "max"}
    found: dict[str, bool] = {}
    for batch in _batches(wiki, titles):
        left, complete = batch, False
        while left and not complete:
            query = next(wiki.query({**asked, "titles": "|".join(left)}))
            complete = query["complete"]
            told = {name: "transcludedin" in page for name, page in _told(query, left)}
            # The limit is that of all together: of the others nothing is known yet.
            found |= told if complete else {name: True for name, used in told.items() if used}
            known = len(left)
            left = [title for title in left if title not in found]
            complete = complete or len(left) == known
    return found


def deleted(wiki: Wiki, title: str) -> bool:
    """Whether a page of this title was ever deleted, by the wiki's log.

    Raises `NotReachedError`.
    """
    asked = {
        "list": "logevents",
        "leaction": "delete/delete",
        "letitle": title,
        "lelimit": "1",
        "leprop": "ids",
    }
    return any(query.get("logevents") for query in wiki.query(asked))


def _batches(wiki: Wiki, titles: Iterable[str]) -> Iterator[list[str]]:
    wanted = iter(dict.fromkeys(titles))
    while batch := list(islice(wanted, wiki.batch)):
        yield batch


def _told(
    query: Mapping[str, Any], asked: Collection[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each title as it was asked for, with what is told of its page."""
    normal = {step["from"]: step["to"] for step in query.get("normalized", ())}
    pages = {page["title"]: page for page in query.get("pages", ()) if "invalid" not in page}
    for title in asked:
        page = pages.get(normal.get(title, title))
        if page is not None and "special" not in page:
            yield title, page
