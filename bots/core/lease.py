"""One run of a bot at a time: a lease in the store that expires unless it is renewed."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bots.core.store import LeaseHeld, Store


class LeaseTakenError(Exception):
    """Another process holds the lease; `held` says which, and until when."""

    def __init__(self, held: LeaseHeld) -> None:
        super().__init__(f"{held.name} is run by {held.holder} until {held.expires:%H:%M:%S} UTC")
        self.held = held


class LeaseLostError(Exception):
    """The lease could not be renewed in time: not one more write may be sent."""


class Lease:
    """A lease in the store, taken at `with` and given back at its end."""

    def __init__(
        self, store: Store, name: str, seconds: float, now: Callable[[], datetime]
    ) -> None:
        self.name = name
        self.holder = this_process()
        self._store = store
        self._seconds = seconds
        self._now = now
        self._valid_until = 0.0

    def __enter__(self) -> Lease:
        held = self._renew()
        if held.holder != self.holder and is_gone(held.holder):
            self._store.end_lease(self.name, held.holder)
            held = self._renew()
        if held.holder != self.holder:
            raise LeaseTakenError(held)
        return self

    def __exit__(self, *_: object) -> None:
        self._store.end_lease(self.name, self.holder)

    def hold(self, seconds: float) -> None:
        """Make sure that the lease is ours for so many seconds. Raises `LeaseLostError`.

        The time that counts is this process's own, from before the store was asked: a store
        that answers late shortens the lease, it does not lengthen it.
        """
        if self._valid_until - time.monotonic() > max(seconds, self._seconds / 2):
            return
        if time.monotonic() > self._valid_until:
            raise LeaseLostError(f"the lease of {self.name} ran out before it was renewed")
        held = self._renew()
        if held.holder != self.holder:
            raise LeaseLostError(f"the lease of {self.name} is now held by {held.holder}")

    def _renew(self) -> LeaseHeld:
        asked = time.monotonic()
        held = self._store.take_lease(self.name, self.holder, self._now(), self._seconds)
        if held.holder == self.holder:
            self._valid_until = asked + self._seconds
        return held


def this_process() -> str:
    """A name for this process that no other has: host, pid namespace, pid, start time."""
    return f"{socket.gethostname()} {_namespace()} {os.getpid()} {_started(os.getpid())}"


def is_gone(holder: str) -> bool:
    """Whether `holder`, as `this_process` named it, was on this machine and has ended."""
    host, namespace, pid, started = (holder.split(" ") + [""] * 4)[:4]
    if (host, namespace) != (socket.gethostname(), _namespace()) or not pid.isdigit():
        return False
    return _started(int(pid)) != started


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        return "0"


def _started(pid: int) -> str:
    """The kernel's start time of a process, in ticks since boot; "" if there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    after_name = stat.rpartition(")")[2].split()
    return "" if after_name[0] == "Z" else after_name[19]
