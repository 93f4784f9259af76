"""The stop page: by any text on it, anybody who may edit it stops the bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bots.core.plan import Target


@dataclass(frozen=True)
class Stop:
    """A bot is to stop: the page that says so, who wrote it there, when (UTC), and the words.

    `user` is "" and `revid` 0 where the page could not be read: what can't be read stops.
    """

    target: Target
    user: str
    timestamp: datetime | None
    revid: int
    text: str


def stop_titles(account: str, bot: str) -> tuple[str, str]:
    """The two pages that stop `bot`: its own, and the one for all bots of the account."""
    return f"User:{account}/stop/{bot}", f"User:{account}/stop"


def says_stop(text: str | None) -> bool:
    """Whether a stop page with this text stops; None: there is no such page."""
    return bool(text and text.strip())
