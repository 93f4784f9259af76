"""Reading the stop pages: both in one request, and what can't be read stops."""

from __future__ import annotations

from bots.core.outcome import NotReachedError
from bots.core.plan import Target
from bots.core.stop import Stop, says_stop, stop_titles
from bots.wiki.pages import Page, read_pages
from bots.wiki.sites import Wiki


def stopped(wiki: Wiki, bot: str) -> Stop | None:
    """The stop page that stops this bot; None: it may go on. The bot's own page is named first.

    A redirect or a page of another content model stops as any text does.
    """
    titles = stop_titles(wiki.config.account, bot)
    lag = str(wiki.config.limits.maxlag_seconds)
    # In the same request it is asked whether the wiki can be written to: see `Entities.not_now`.
    state = {"meta": "siteinfo", "siprop": "general", "maxlag": lag}
    try:
        pages = list(read_pages(wiki, titles, state))
    except NotReachedError:
        try:
            pages = list(read_pages(wiki, titles))
        except NotReachedError as error:
            return _unreadable(Target(wiki.key, titles[0]), str(error))
    stops = {page.asked: stop for page in pages if (stop := _stop(page))}
    return next((stops[title] for title in titles if title in stops), None)


def _stop(page: Page) -> Stop | None:
    if page.fault:
        return _unreadable(page.target, page.fault)
    if page.text is None or page.revid is None or not says_stop(page.text):
        return None
    return Stop(page.target, page.user, page.timestamp, page.revid, page.text)


def _unreadable(target: Target, why: str) -> Stop:
    return Stop(target, user="", timestamp=None, revid=0, text=why)
