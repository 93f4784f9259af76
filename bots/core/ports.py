"""What the core needs of a wiki, said without one: `bots.wiki` offers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bots.core.outcome import Outcome, Saved
from bots.core.plan import Edit, Target
from bots.core.stop import Stop


@dataclass(frozen=True)
class PageRead:
    """A page as it was read; `text`, `revid` and `timestamp` are None where there is none."""

    target: Target
    text: str | None
    revid: int | None
    timestamp: datetime | None


@dataclass(frozen=True)
class Author:
    """Who made a revision, and when (UTC)."""

    user: str
    revid: int
    timestamp: datetime


class Desk(Protocol):
    """Reading and writing, one call a request or few. Reads raise `NotReachedError`."""

    def language(self, site: str) -> str:
        """The wiki's content language, as MediaWiki's code."""

    def write(self, edit: Edit, summary: str) -> Outcome:
        """Send one edit, once; never raises for what a wiki may answer."""

    def find_receipt(self, target: Target, receipt: str, since: datetime) -> Saved | None:
        """The revision of ours whose summary carries the receipt, if there is one."""

    def stopped(self, site: str, bot: str) -> Stop | None:
        """What the two stop pages say; None: go on."""

    def read(self, target: Target) -> PageRead:
        """One page's text."""

    def introduced(self, target: Target, holds: Callable[[str], bool]) -> Author | None:
        """Who made the revision since which `holds` has been true of the page's text."""

    def groups(self, site: str, user: str) -> frozenset[str]:
        """The groups that a user is in."""
