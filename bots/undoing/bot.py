"""The bot that takes back a run: under the name of the bot whose run it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from bots.core.plan import JSON, Planned, Target
from bots.core.ports import Progress
from bots.core.store import Run, Store
from bots.undoing import plan as planning
from bots.undoing.plan import Seen
from bots.undoing.read import read, read_again
from bots.wiki.desk import Desk


@runtime_checkable
class Undoable(Protocol):
    """A bot that does not do again what is undone, because it remembers."""

    def after_undo(self, slot: str, left: JSON, was: JSON) -> JSON:
        """What its base is to hold in a slot that is taken back; see `plan.AfterUndo`."""


class Undoing:
    """Takes back what `run` did. `bot` is the one whose run it was.

    Where that is None, or not `Undoable`, its bases will be what they were before the run, so that
    its next run may do the same again.
    """

    def __init__(self, run: Run, desk: Desk, store: Store, bot: object = None) -> None:
        self.name = run.bot
        self._run = run
        self._desk = desk
        self._store = store
        self._after_undo = bot.after_undo if isinstance(bot, Undoable) else None

    def read(self, progress: Progress) -> Iterator[Seen]:
        """What the run did, read as it is planned. Raises `NotReachedError`."""
        return read(self._desk, self._store, self._run, progress)

    def plan(self, facts: Iterator[Seen]) -> Iterator[Planned]:
        """One edit a page that takes back what can be; findings for what is left."""
        return planning.plan(facts, self._run.key, self._after_undo)

    def replan(self, target: Target) -> Iterator[Planned]:
        """The same of one page, read again. Raises `NotReachedError`."""
        return self.plan(read_again(self._desk, self._store, self._run, target))
