"""One run of a dataset in a process of its own, at a time that is told it, and how it dies."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from bots.core.config import load_hub
from bots.core.messages import Messages
from bots.datasets.bot import DatasetBot
from bots.house import I18N, House, run_bot
from bots.terminal import Printer
from bots.wiki.desk import Desk
from sandbox.faults import Cut, When, is_any, is_write
from sandbox.proxy import FaultProxy
from tests.killing import PROCESSES, Killer, die_at_commit, finish

MESSAGES = Messages(I18N)
"""Read once, in the server from which the processes are forked: their checks take a while."""
PRELOADED = (DatasetBot, Desk)


def run_dataset(config: str, dataset: str, now: str, commit: int) -> None:
    """`hubbot run DATASET` at that time; it dies before its n-th commit."""
    die_at_commit(commit)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        house = house_at(Path(config), lambda: datetime.fromisoformat(now))
        run_bot(house, dataset, lambda runner: runner.run())


def house_at(config: Path, now: Callable[[], datetime]) -> House:
    """The house of that hub.yaml, whose clock is `now`."""
    return House(load_hub(config), MESSAGES, Printer(MESSAGES), now=now)


@dataclass(frozen=True)
class Death:
    """Where a run dies: at the n-th such request, before it arrives or once it is carried out but
    not answered; or, where `when` is None, before the n-th commit."""

    nth: int
    when: When | None = None
    arrives: bool = False

    @classmethod
    def drawn(cls, rng: Random) -> Death:
        """Somewhere in a run, most often about its first edits."""
        kind = rng.random()
        if kind < 0.2:
            return cls(rng.randint(1, 14), is_any, rng.random() < 0.5)
        if kind < 0.7:
            return cls(rng.randint(1, 6), is_write, rng.random() < 0.6)
        return cls(rng.randint(1, 24))

    def of(self, proxy: FaultProxy, config: Path, dataset: str, now: datetime) -> int | None:
        """Start a run that dies so; the process's exit code."""
        commit = 0 if self.when else self.nth
        arguments = (str(config), dataset, now.isoformat(), commit)
        process: BaseProcess = PROCESSES.Process(target=run_dataset, args=arguments)
        if self.when:
            killer = Killer(self.nth)
            killer.process = process
            if not self.arrives:
                proxy.inject(Cut(), self.when, skip=self.nth - 1)
            proxy.on_request(killer, self.when, moment="after" if self.arrives else "before")
        process.start()
        return finish(process)
