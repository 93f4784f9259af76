"""The stand-in as a whole: its parts, its addresses, and how it is brought up and taken down."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from sandbox.errors import SandboxError
from sandbox.wikibase import action, http, pages, rest
from sandbox.wikibase.accounts import Accounts, Session
from sandbox.wikibase.edits import Editing
from sandbox.wikibase.http import Request, Response
from sandbox.wikibase.settings import Settings
from sandbox.wikibase.state import State
from sandbox.wikibase.values import Context

REST = "/w/rest.php/wikibase/v1"
_SECRET = frozenset({"token", "lgtoken", "logintoken", "lgpassword", "password"})


@dataclass(frozen=True)
class Arrived:
    """A request as it arrived; `parameters` without tokens and passwords."""

    time: float
    method: str
    uri: str
    agent: str
    parameters: dict[str, str]


class Wikibase:
    """One stand-in: what is on it (`state`), who may do what (`accounts`), how it is set up
    (`settings`), how edits are made (`editing`), and, once it is served, where it is."""

    def __init__(self, path: str = ":memory:", settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.state = State(path)
        self.accounts = Accounts(self.settings)
        self.editing = Editing(self.state, self.accounts, self.settings)
        self.context = Context(self.state, self.settings)
        self.port = 0
        self._arrived: list[Arrived] = []

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        """The Action API's address."""
        return f"{self.url}/w/api.php"

    @property
    def rest(self) -> str:
        """The REST API's address, without a slash at the end."""
        return f"{self.url}{REST}"

    @property
    def concept_base(self) -> str:
        """What an entity's concept URI starts with."""
        return self.settings.concept_base or f"{self.url}/entity/"

    @property
    def cookie(self) -> str:
        """The name of the session cookie."""
        return f"{self.settings.wiki_id}_session"

    def session(self, request: Request) -> Session:
        """Whose request it is, by its session cookie."""
        return self.accounts.session(request.cookies.get(self.cookie, ""), request.ip)

    def mark(self) -> int:
        """A point in the log of requests, for requests_since."""
        return len(self._arrived)

    def requests_since(self, mark: int = 0) -> list[Arrived]:
        """The requests that have arrived since the mark, oldest first."""
        return self._arrived[mark:]

    def handle(self, request: Request) -> Response:
        """Answer one request, whatever it asks for."""
        self._note(request)
        if request.path == "/w/api.php":
            return action.handle(request, self)
        if request.path.startswith("/w/rest.php"):
            return rest.handle(request, self)
        return pages.handle(request, self)

    def _note(self, request: Request) -> None:
        given = parse_qsl(request.query, keep_blank_values=True)
        if request.headers.get("content-type", "").startswith("application/x-www-form"):
            given += parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        parameters = {name: value for name, value in given if name not in _SECRET}
        agent = request.headers.get("user-agent", "")
        self._arrived.append(Arrived(time.time(), request.method, request.path, agent, parameters))


@contextmanager
def running_wikibase(
    directory: Path | str = ":memory:", port: int = 0, settings: Settings | None = None
) -> Iterator[Wikibase]:
    """A stand-in, served from a thread of this process, for the length of a with block.

    What is on it is kept in the directory's `wikibase.sqlite`, or in memory. Raises SandboxError
    where the port is taken.
    """
    path = str(directory)
    if path != ":memory:":
        Path(directory).mkdir(parents=True, exist_ok=True)
        path = str(Path(directory) / "wikibase.sqlite")
    wikibase = Wikibase(path, settings)
    with _served(wikibase, port):
        yield wikibase
    wikibase.state.close()


@contextmanager
def wikibase_process(
    directory: Path | str = ":memory:", port: int = 0, *arguments: str
) -> Iterator[str]:
    """A stand-in in a process of its own, so that its work is not ours; its address.

    It has the accounts of sandbox.wikibase.people; more arguments are those of
    `python -m sandbox.wikibase`, such as --seed FILE. Raises SandboxError.
    """
    command = [sys.executable, "-m", "sandbox.wikibase"]
    command += ["--directory", str(directory), "--port", str(port), *arguments]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline().strip() if process.stdout else ""
            if not line.startswith("http://"):
                raise SandboxError(f"The stand-in Wikibase did not start on port {port}.")
            yield line
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait(timeout=20)


@contextmanager
def _served(wikibase: Wikibase, port: int) -> Iterator[None]:
    ready = threading.Event()
    failed: list[OSError] = []
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def note(number: int) -> None:
        wikibase.port = number
        ready.set()

    async def main() -> None:
        stop = asyncio.Event()
        running.append((asyncio.get_running_loop(), stop))
        await http.serve(wikibase.handle, port, note, stop, lambda: is_slow(wikibase))

    def run() -> None:
        try:
            asyncio.run(main())
        except OSError as error:
            failed.append(error)
            ready.set()

    thread = threading.Thread(target=run, name="stand-in Wikibase", daemon=True)
    thread.start()
    ready.wait()
    if failed:
        raise SandboxError(f"The stand-in Wikibase cannot listen on port {port}: {failed[0]}")
    try:
        yield
    finally:
        loop, stop = running[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)


def is_slow(wikibase: Wikibase) -> bool:
    """Whether requests are to overlap, since saving takes its time."""
    return wikibase.settings.save_delay > 0
