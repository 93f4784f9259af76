"""Processes that outlive the command which started them: started, written down, ended by id."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.errors import SandboxError

_PATIENCE = 10.0
"""Seconds that a process has to end by itself."""


@dataclass(frozen=True)
class Process:
    """A process that leads its own session; `started` (kernel ticks) tells a reused id apart."""

    pid: int
    started: int

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return _started(self.pid) == self.started


def start(command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None) -> Process:
    """Start a process in a session of its own, its output appended to the log.

    Raises SandboxError when the program is not there.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        pid = os.posix_spawnp(
            command[0],
            list(command),
            {**os.environ, **(env or {})},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )
    except FileNotFoundError as error:
        raise SandboxError(
            f"{command[0]} is not installed: run `hubbot sandbox up`, which installs it."
        ) from error
    return Process(pid, _started(pid) or 0)


def end(process: Process) -> None:
    """End a process with all that it started, and wait until none is left.

    A process that has ended, or another one that has its id by now, is left alone.
    Raises SandboxError when it cannot be ended.
    """
    for number in (signal.SIGTERM, signal.SIGKILL):
        if _members(process):
            _signal(process, number)
        if wait_for(lambda: not _members(process), _PATIENCE):
            return
    raise SandboxError(f"Process {process.pid} of the sandbox does not end: end it by hand.")


def save(processes: Mapping[str, Process], path: Path) -> None:
    """Write the processes down, by name."""
    path.write_text(json.dumps({name: asdict(process) for name, process in processes.items()}))


def load(path: Path) -> dict[str, Process]:
    """The processes that were written down; none where nothing was."""
    if not path.exists():
        return {}
    return {name: Process(**facts) for name, facts in json.loads(path.read_text()).items()}


def port_taken(port: int) -> bool:
    """Whether somebody listens on this port of 127.0.0.1."""
    with socket.socket() as trial:
        # As PHP does: connections that linger after a server's end do not count.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody uses now."""
    with contextlib.ExitStack() as held:
        trials = [held.enter_context(socket.socket()) for _ in range(count)]
        for trial in trials:
            trial.bind(("127.0.0.1", 0))
        return [trial.getsockname()[1] for trial in trials]


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask until the condition holds, at most so many seconds; whether it did."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _signal(process: Process, number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise SandboxError(
            f"Process {process.pid} of the sandbox is another user's: take the sandbox down as "
            "the user who brought it up."
        ) from error


def _members(process: Process) -> list[int]:
    """The ids in the process's session that run: itself, and its children even without it."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)
    if _started(process.pid) not in (process.started, None):
        return []
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            fields = _stat(int(folder.name))
            if fields and int(fields[3]) == process.pid and int(fields[19]) >= process.started:
                found.append(int(folder.name))
    return found


def _started(pid: int) -> int | None:
    """When a process that runs was started, in kernel ticks since boot."""
    fields = _stat(pid)
    return int(fields[19]) if fields else None


def _stat(pid: int) -> list[str]:
    """/proc/PID/stat from its third field (state) on, see proc(5); empty for one that ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    fields = text.rpartition(")")[2].split()
    return [] if fields[0] in "ZX" else fields
