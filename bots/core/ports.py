"""What the core needs of a wiki, said without one: `bots.wiki` offers it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bots.core.outcome import Outcome, Saved
from bots.core.plan import Edit, Target
from bots.core.stop import Stop


class PageRead(Protocol):
    """A page as it was read; `text`, `revid` and `timestamp` are None where there is none."""

    @property
    def text(self) -> str | None: ...
    @property
    def revid(self) -> int | None: ...
    @property
    def timestamp(self) -> datetime | None: ...


class Author(Protocol):
    """Who made a revision."""

    @property
    def user(self) -> str: ...
    @property
    def revid(self) -> int: ...


class Desk(Protocol):
    """Reading and writing, one call a request or few. Reads raise `NotReachedError`."""

    def language(self, site: str) -> str:
        """The wiki's content language, as MediaWiki's code."""

    def write(self, edit: Edit, summary: str) -> Outcome:
        """Send one edit, once; never raises for what a wiki may answer."""

    def find_receipt(
        self, target: Target, receipt: str, since: datetime, base_revid: int | None = None
    ) -> Saved | None:
        """The revision of ours whose summary carries the receipt, if there is one."""

    def stopped(self, site: str, bot: str) -> Stop | None:
        """What the two stop pages say; None: go on."""

    def read(self, target: Target) -> PageRead:
        """One page's text."""

    def decided_by(self, target: Target, holds: Callable[[str], bool]) -> Author | None:
        """The trusted person since whose revision `holds` has been true of the page's text."""
