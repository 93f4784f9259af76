"""The page on the wiki that lists a bot's trial edits, for those who decide about its approval."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from bots.core import ownpage, wikitext
from bots.core.config import HubConfig
from bots.core.messages import Message, Messages
from bots.core.plan import Edit, Finding, Target
from bots.core.planpage import page_link
from bots.core.ports import Desk
from bots.core.store import Run, SpooledEdit, Store

REGION = "trial"
"""The region on the page, and the slot in which its rendition is remembered."""

KEY = "trial-page"
"""The key of the edit that writes the page."""

_RUNS = 50
_ROWS = 500
"""Trials and edits that the page lists; the dashboard shows them all."""


def trial_page(config: HubConfig, bot: str) -> Target:
    """Where a bot's trial edits are listed."""
    return Target(config.hub, f"User:{config.account}/trial/{bot}")


def edit(
    desk: Desk, store: Store, config: HubConfig, messages: Messages, run: Run
) -> Edit | Finding:
    """The edit that lists the edits of all of the bot's trials, up to this run.

    Only our region is written, and what people wrote into it stays. A finding where it can't be
    said what is ours there.
    """
    target = trial_page(config, run.bot)
    region = ownpage.OwnRegion(
        target, REGION, KEY, Message("trial-summary"), Message("trial-no-place")
    )
    page = desk.read(target)
    return ownpage.edit(store, run.bot, region, page, _body(desk, store, config, messages, run))


def _body(desk: Desk, store: Store, config: HubConfig, messages: Messages, run: Run) -> str:
    language = desk.language(config.hub)

    def say(key: str, **params: str | int) -> str:
        return messages.text(language, Message(key, params), wikitext.escape)

    columns = (say(f"trial-column-{name}") for name in ("page", "what", "diff"))
    lines = [
        "",
        say("trial-intro", bot=run.bot),
        '{| class="wikitable sortable"',
        f"! {' !! '.join(columns)}",
    ]
    for row in itertools.islice(_edits(store, run, config), _ROWS):
        url = desk.diff_url(row.target.site, row.revid or 0)
        diff = wikitext.external_link(url, say("trial-diff"))
        page = page_link(desk, config, row.target)
        lines += ["|-", f"| {page} || {_words(messages, language, row)} || {diff}"]
    return "\n".join([*lines, "|}", ""])


def _edits(store: Store, run: Run, config: HubConfig) -> Iterator[SpooledEdit]:
    """The edits of this trial and those before it, the first ones first; no pages of our own."""
    ours = f"User:{config.account}/"
    trials = [each for each in store.runs(run.bot, limit=_RUNS) if each.mode == "trial"]
    for trial in reversed(trials):
        for target, edits in store.saved(trial):
            if not target.title.startswith(ours):
                yield from (replace(each, target=target) for each in edits)


def _words(messages: Messages, language: str, row: SpooledEdit) -> str:
    if row.edit is None:
        return ""
    said = [row.edit.summary, *row.edit.reasons]
    words = [messages.text(language, each, wikitext.escape) for each in said]
    return "; ".join(dict.fromkeys(words))
