"""A bot whose edits people revert stops itself: it writes its own stop page, and people lift it."""

from __future__ import annotations

from collections.abc import Iterable

from bots.core import wikitext
from bots.core.config import HubConfig
from bots.core.messages import Message, Messages
from bots.core.plan import Edit, PageText, Target
from bots.core.ports import Desk
from bots.core.stop import stop_titles
from bots.core.store import Run, Store

KEY = "pause-page"
"""The key of the edit that writes the stop page."""

MOST_LOOKED_AT = 500
"""The bot's last edits that are looked at: one request."""

_RUNS = 500


def pause(
    desk: Desk, store: Store, config: HubConfig, messages: Messages, bot: str
) -> tuple[Edit, Message] | None:
    """The edit that stops the bot, and why; None: it may go on.

    Looked at are its last edits since it last stopped itself, or a person had a run undone: whoever
    emptied the stop page has let it go on. Raises `NotReachedError`.
    """
    settled = _settled(store, store.runs(bot, limit=_RUNS))
    edits = store.last_saved(bot, settled, MOST_LOOKED_AT)
    limits = config.guard
    if len(edits) <= limits.reverted_edits:
        return None
    sites: dict[str, list[int]] = {}
    for site, revid in edits:
        sites.setdefault(site, []).append(revid)
    reverted = sum(len(desk.reverted(site, revids)) for site, revids in sites.items())
    if reverted <= limits.reverted_edits or reverted * 100 <= limits.reverted_percent * len(edits):
        return None
    target = Target(config.hub, stop_titles(config.account, bot)[0])
    why = Message(
        "run-reverted",
        {"num_reverted": reverted, "num_edits": len(edits), "page": target.title},
    )
    return _edit(desk, messages, target, why), why


def _settled(store: Store, runs: Iterable[Run]) -> int:
    """The id of the newest run after which people have looked at what the bot does; 0: none."""
    for run in runs:
        if run.mode == "undo":
            return run.id
        stopped = run.note is not None and run.note.key == "run-reverted"
        if stopped and store.edit_state(run, KEY) == "saved":
            return run.id
    return 0


def _edit(desk: Desk, messages: Messages, target: Target, why: Message) -> Edit:
    page = desk.read(target)
    language = desk.language(target.site)
    return Edit(
        target=target,
        change=PageText(
            text=messages.text(language, why, wikitext.escape) + "\n",
            before=page.text,
            base_revid=page.revid,
            base_timestamp=page.timestamp,
            announce=True,
        ),
        summary=Message("pause-summary"),
        key=KEY,
    )
