"""What a run is put together from: a bot, a desk that reads and writes, and the house."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar, runtime_checkable

from bots.core.config import HubConfig
from bots.core.messages import Messages
from bots.core.outcome import Outcome, Saved, utcnow
from bots.core.plan import Edit, Planned, Target
from bots.core.stop import Stop
from bots.core.store import Run, Store

W = TypeVar("W", bound=Hashable)


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

    def reverted(self, site: str, revids: Collection[int]) -> Collection[int]:
        """Those of these revisions that people have reverted, as the wiki itself has seen it."""

    def page_url(self, target: Target) -> str:
        """Where people see a page."""

    def diff_url(self, site: str, revid: int) -> str:
        """Where people see what a revision changed."""

    def write(
        self, edit: Edit, summary: str, meanwhile: Callable[[], None] | None = None
    ) -> Outcome:
        """Send one edit, once; never raises for what a wiki may answer.

        `meanwhile` is called, where that can be, while the wiki works at it: once, or again where
        the edit had to be sent again.
        """

    def find_receipt(
        self, target: Target, receipt: str, since: datetime, base_revid: int | None = None
    ) -> Saved | None:
        """The revision of ours whose summary carries the receipt, if there is one."""

    def undone(self, edit: Edit, saved: Saved) -> Iterable[Planned]:
        """What people changed and a merged edit undid: edits that bring it back, and findings."""

    def stopped(self, site: str, bot: str) -> Stop | None:
        """What the two stop pages say; None: go on."""

    def read(self, target: Target) -> PageRead:
        """One page's text."""

    def decided_by(
        self, target: Target, wanted: Collection[W], said: Callable[[str], Collection[W]]
    ) -> Mapping[W, Author]:
        """Who of the trusted people made each of the wanted decisions, where one of them did.

        `said` gives the decisions that stand in a text of the page.
        """


Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how far it is, and of how many (None: nobody knows)."""


class Bot(Protocol):
    """What a bot's room has to offer: three doors."""

    name: str

    def read(self, progress: Progress) -> Any:
        """Gather the facts: I/O, no judgement. Raises `NotReachedError`."""

    def plan(self, facts: Any) -> Iterator[Planned]:
        """Judge: facts in, edits and findings out, as a stream; opens nothing."""

    def replan(self, target: Target) -> Iterator[Planned]:
        """Read one target again and plan it again, on top of the facts of the last `read`."""


@runtime_checkable
class Rebuilding(Protocol):
    """A bot that can tell from the wiki what it had left there, once the store is lost."""

    def rebuild(self, progress: Progress) -> Iterator[Planned]:
        """What to know of each target again (`Judged`), and what can't be known (`Finding`)."""


@runtime_checkable
class Showing(Protocol):
    """A bot that has pages on the hub wiki by which people know what it does."""

    def pages(self, run: Run) -> Iterator[Planned]:
        """What brings them up to date, `run` having edited what it could.

        Raises `NotReachedError`.
        """


def silent(_what: str, _done: int, _total: int | None) -> None:
    """A `Progress` that nobody watches."""


@dataclass
class Parts:
    """Everything that a run is made of. `cancel` asks it to end between two edits."""

    bot: Bot
    desk: Desk
    store: Store
    config: HubConfig
    messages: Messages
    progress: Progress = silent
    now: Callable[[], datetime] = utcnow
    cancel: threading.Event = field(default_factory=threading.Event)
