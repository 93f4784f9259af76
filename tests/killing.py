"""Runs in processes of their own that are killed with SIGKILL at a certain request or commit.

All such processes are forked from one server, which has imported what every one of them needs.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from sqlalchemy import Engine, event

from sandbox.faults import Request

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["bots.cli", "bots.intake.bot", "bots.wiki.desk", "tests.datasets.killed_runs"]
)


def die_at_commit(nth: int) -> None:
    """Kill this process before its n-th commit to a store; 0: never."""
    commits = 0

    def count(_connection: object) -> None:
        nonlocal commits
        commits += 1
        if commits == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "commit", count)


def finish(process: BaseProcess) -> int | None:
    """Wait for a process to end; its exit code, None where it had to be killed for that."""
    process.join(60)
    code = process.exitcode
    if code is None:
        process.kill()
        process.join()
    return code


class Killer:
    """Kills a process, once it knows which, when the n-th request comes by."""

    def __init__(self, nth: int) -> None:
        self.process: BaseProcess | None = None
        self._left = nth

    def __call__(self, _request: Request) -> None:
        self._left -= 1
        if self._left == 0:
            assert self.process is not None
            self.process.kill()
            # Not `join`: the exit status can be read once, and `finish` is reading it.
            wait([self.process.sentinel], timeout=60)
