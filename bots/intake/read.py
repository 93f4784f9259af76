"""Gathers what a plan is made of: pages in batches, what was left on them, the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bots.core.config import HubConfig
from bots.core.plan import JSON
from bots.core.seen import Seen
from bots.intake.plan import Facts, Rules, reports_due
from bots.wiki.pages import read_page, read_pages, read_subpages
from bots.wiki.seeing import seen, talk_title
from bots.wiki.sites import Wiki

Progress = Callable[[str, int, int | None], None]


class Bases(Protocol):
    """What HubBot left: `bots.core.store.Store` offers it."""

    def bases(self, bot: str, site: str) -> Iterator[tuple[str, dict[str, JSON]]]:
        """Title and slots of everything that `bot` left on a site."""


def read_facts(
    wiki: Wiki,
    config: HubConfig,
    bases: Bases,
    bot: str,
    rules: Rules,
    now: datetime,
    progress: Progress,
) -> Facts:
    """All requests, and the talk pages of those of which a report is due.

    Two requests and one for each 500 pages (50 without bot rights), and the same for talk pages.
    Raises `NotReachedError`: what could be read in part is no base for a plan.
    """
    top = config.intake.requests_page
    pages: list[Seen] = []
    for page in read_subpages(wiki, top):
        pages.append(seen(page, config.account))
        progress("requests", len(pages), None)
    facts = Facts(
        now=now,
        site=wiki.key,
        account=config.account,
        max_bytes=wiki.info.max_article_bytes,
        requests_page=seen(read_page(wiki, top), config.account),
        pages=pages,
        talk_titles={page.title: talk_title(wiki, page.title) for page in pages},
        bases=dict(bases.bases(bot, wiki.key)),
    )
    due = reports_due(facts, rules)
    talks = read_talks(wiki, facts.talk_titles, due, config.account)
    progress("talk pages", len(due), len(due))
    return replace(facts, talks=talks)


def read_talks(
    wiki: Wiki, titles: Mapping[str, str], of: Iterable[str], account: str
) -> dict[str, Seen]:
    """The talk pages of these requests, by the requests' titles."""
    wanted = {titles[title]: title for title in of}
    return {wanted[page.asked]: seen(page, account, post=True) for page in read_pages(wiki, wanted)}
