"""The register's edits on a wiki, as the wiki tells them: each page's text before and after."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bots.core.ports import Progress
from bots.register.rebuilding.retelling import OurEdit
from bots.wiki.contributions import Contribution, contributions, created, of_bot
from bots.wiki.revisions import revisions
from bots.wiki.sites import Wiki

_AT_ONCE = 20
"""Edits whose texts are held at once: two each, of up to 2 MB."""

_MOST = 200
"""So many edits of a page are read, the newest; of what was left before, nothing is known then."""


def edited(wiki: Wiki, bot: str) -> Iterator[str]:
    """The titles of the pages that a bot of our account has edited, that of its last edit first.

    Those of one title may come again. Raises `NotReachedError`.
    """
    is_own = of_bot(wiki, bot)
    return (each.title for each in contributions(wiki, None) if is_own(each))


def begun(wiki: Wiki, bot: str, top: str) -> set[str]:
    """The titles that pages had when the bot made them, in the namespace of `top`.

    Raises `NotReachedError`.
    """
    is_own = of_bot(wiki, bot)
    return {each.title for each in created(wiki, wiki.namespace(top)[0]) if is_own(each)}


def our_edits(wiki: Wiki, bot: str, progress: Progress) -> Iterator[OurEdit]:
    """All edits of the bot's, page by page by title, a page's first one first.

    Of an edit whose summary the wiki hides nothing tells which bot's it is: it counts on a page
    that the bot has edited besides. Raises `NotReachedError`.
    """
    told = _told(wiki, bot)
    total, done = len(told), 0
    wanted = iter(told)
    while batch := list(islice(wanted, _AT_ONCE)):
        numbers = {number for each in batch for number in (each.revid, each.parent) if number}
        found = revisions(wiki, numbers, texts=True)
        texts = {number: old.text for number, old in found.items()} | {0: ""}
        for each in batch:
            before, after = texts.get(each.parent), texts.get(each.revid)
            yield OurEdit(title=each.title, before=before, after=after)
        done += len(batch)
        progress("rebuild", done, total)


def _told(wiki: Wiki, bot: str) -> list[Contribution]:
    is_own = of_bot(wiki, bot)
    pages: dict[str, list[Contribution]] = {}
    own: set[str] = set()
    for each in contributions(wiki, None):
        if is_own(each):
            own.add(each.title)
        if each.hidden or is_own(each):
            pages.setdefault(each.title, []).append(each)
    return [each for title in sorted(own) for each in reversed(pages[title][:_MOST])]
