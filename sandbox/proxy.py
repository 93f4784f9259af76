"""The fault proxy: stands before a wiki and, where a test wants it, lets the network go wrong."""

from __future__ import annotations

import email
import email.policy
import http.client
import select
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from sandbox.faults import (
    ApiError,
    Cut,
    Fault,
    Html,
    HttpError,
    Late,
    Request,
    SessionLost,
    Timeout,
    Truncated,
    When,
    is_any,
)

Moment = Literal["before", "after"]
"""Before the request goes on to the wiki; after the wiki has answered, before the client knows."""

_UPSTREAM_PATIENCE = 120.0
"""Seconds in which the wiki has to answer."""
_HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
_NO_BODY = frozenset((204, 304))


@dataclass(frozen=True)
class Exchange:
    """One request in the log. Times are seconds since the proxy began.

    `reached`: the wiki got it. `status` is what the wiki answered, whatever the client was told.
    """

    request: Request
    arrived: float
    fault: Fault | None = None
    reached: bool = False
    status: int | None = None
    ended: float | None = None


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class _Planned:
    fault: Fault
    when: When
    skip: int
    times: int | None


class FaultProxy:
    """An HTTP proxy on a port of its own, before the wiki whose address (or API address) is given.

    Requests run in threads of this process, so a hook can kill the client, or edit the page
    itself, exactly between two of them. Use it as a context manager; an error in a hook is raised
    when it ends. Without faults, everything passes as it is.
    """

    def __init__(self, upstream: str, *, port: int = 0) -> None:
        address = urlsplit(upstream)
        if address.scheme != "http" or not address.hostname:
            raise ValueError(f"{upstream!r} is not the http address of a wiki")
        self._host, self._port = address.hostname, address.port or 80
        self._server = _Server(("127.0.0.1", port), self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        path = address.path if address.path.strip("/") else "/w/api.php"
        self.api_url = self.url + path
        self._began = time.monotonic()
        self._log: dict[int, Exchange] = {}
        self._faults: list[_Planned] = []
        self._hooks: list[tuple[Moment, When, Callable[[Request], None]]] = []
        self._latencies: list[tuple[When, float]] = []
        self._lost_cookies: set[str] = set()
        self._errors: list[BaseException] = []
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.cut_all()
        self._server.server_close()
        if error is None and self._errors:
            raise self._errors[0]

    def inject(
        self, fault: Fault, when: When = is_any, *, skip: int = 0, times: int | None = 1
    ) -> None:
        """Let `fault` happen to `times` requests (None: all) of this kind, after `skip` of them.

        Of several faults for one request, the first that was injected happens.
        """
        with self._changed:
            self._faults.append(_Planned(fault, when, skip, times))

    def heal(self) -> None:
        """Forget all faults; a session that was lost stays so."""
        with self._changed:
            self._faults.clear()

    def on_request(
        self,
        callback: Callable[[Request], None],
        when: When = is_any,
        *,
        moment: Moment = "before",
    ) -> None:
        """Call `callback` at that moment of each such request, which waits for it to return.

        'before' comes for each request, also one that a fault keeps from the wiki.
        """
        with self._changed:
            self._hooks.append((moment, when, callback))

    def add_latency(self, seconds: float, when: When = is_any) -> None:
        """Make each such request take so much longer; the first that fits counts."""
        with self._changed:
            self._latencies.append((when, seconds))

    @property
    def log(self) -> list[Exchange]:
        """All requests so far, in order of arrival, those that still run included."""
        with self._changed:
            return list(self._log.values())

    def count(self, when: When = is_any, *, reached: bool = True) -> int:
        """How many such requests there were; by default only those that the wiki got."""
        return sum(
            1 for entry in self.log if when(entry.request) and (entry.reached or not reached)
        )

    def settle(self, seconds: float = 10) -> bool:
        """Wait until no request is under way any more; whether that was so in time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: all(entry.ended is not None for entry in self._log.values()), seconds
            )

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _serve(self, client: _Handler) -> None:
        """Take one request from beginning to end."""
        body = client.read_body()
        request, fault = self._admit(client, body)
        try:
            self._call_hooks("before", request)
            self._closing.wait(self._latency(request))
            if isinstance(fault, Late):
                client.wait_until_gone()
                if fault.until is not None:
                    fault.until.wait(_UPSTREAM_PATIENCE)
            answer = None
            if (fault is None or fault.saved) and not self._closing.is_set():
                answer = self._forward(client, request, body, whole=isinstance(fault, Truncated))
                self._call_hooks("after", request)
            self._deliver(client, request, fault, answer)
        finally:
            self._note(request, ended=self._now())

    def _admit(self, client: _Handler, body: bytes) -> tuple[Request, Fault | None]:
        with self._changed:
            request = Request(
                number=len(self._log) + 1,
                method=client.command,
                path=_without_secrets(client.path),
                params=_params(client, body),
            )
            fault = self._choose(request)
            if isinstance(fault, SessionLost):
                self._lost_cookies.update(_pairs(client.headers.get("Cookie", "")))
            self._log[request.number] = Exchange(request, self._now(), fault)
        return request, fault

    def _choose(self, request: Request) -> Fault | None:
        chosen = None
        for planned in self._faults:
            if planned.times == 0 or not planned.when(request):
                continue
            if planned.skip > 0:
                planned.skip -= 1
            elif chosen is None:
                chosen = planned
        if chosen is None:
            return None
        if chosen.times is not None:
            chosen.times -= 1
        return chosen.fault

    def _note(self, request: Request, **changes: object) -> None:
        with self._changed:
            self._log[request.number] = replace(self._log[request.number], **changes)  # type: ignore[arg-type]
            self._changed.notify_all()

    def _call_hooks(self, moment: Moment, request: Request) -> None:
        with self._changed:
            hooks = list(self._hooks)
        for at, when, callback in hooks:
            if at == moment and when(request):
                callback(request)

    def _latency(self, request: Request) -> float:
        with self._changed:
            return next((seconds for when, seconds in self._latencies if when(request)), 0.0)

    def _forward(self, client: _Handler, request: Request, body: bytes, whole: bool) -> _Answer:
        """Send the request on to the wiki; with `whole`, ask for the answer uncompressed."""
        headers = [
            (name, value)
            for name, value in client.headers.items()
            if name.lower() not in _HOP_BY_HOP | {"host", "content-length", "cookie"}
            and not (whole and name.lower() == "accept-encoding")
        ]
        with self._changed:
            cookies = [
                pair
                for pair in _pairs(client.headers.get("Cookie", ""))
                if pair not in self._lost_cookies
            ]
        if cookies:
            headers.append(("Cookie", "; ".join(cookies)))
        if body or client.command in ("POST", "PUT", "PATCH"):
            headers.append(("Content-Length", str(len(body))))
        self._note(request, reached=True)
        answer = self._exchange(client.command, client.path, headers, body)
        with self._changed:
            for name, value in answer.headers:
                if name.lower() == "set-cookie":
                    self._lost_cookies.discard(value.split(";", 1)[0].strip())
        self._note(request, status=answer.status)
        return answer

    def _exchange(
        self, method: str, path: str, headers: list[tuple[str, str]], body: bytes
    ) -> _Answer:
        wiki = http.client.HTTPConnection(self._host, self._port, timeout=_UPSTREAM_PATIENCE)
        try:
            wiki.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers:
                wiki.putheader(name, value)
            wiki.putheader("Connection", "close")
            wiki.endheaders(body)
            got = wiki.getresponse()
            kept = tuple(
                (name, value)
                for name, value in got.getheaders()
                if name.lower() not in _HOP_BY_HOP | {"content-length"}
            )
            return _Answer(got.status, kept, got.read())
        except (OSError, http.client.HTTPException) as error:
            said = f"The wiki behind the fault proxy does not answer: {error}"
            return _Answer(502, (("Content-Type", "text/plain; charset=utf-8"),), said.encode())
        finally:
            wiki.close()

    def _deliver(
        self, client: _Handler, request: Request, fault: Fault | None, answer: _Answer | None
    ) -> None:
        match fault:
            case HttpError():
                client.send(_error_page(fault))
            case Html():
                client.send(_page(200, "Please log in to the network"))
            case ApiError():
                client.send(self._api_error(fault, request))
            case Timeout():
                client.wait_until_gone()
            case Cut() | Late():
                client.cut()
            case Truncated(announced=announced) if answer is not None:
                half = answer.body[: len(answer.body) // 2]
                client.send(
                    replace(answer, body=half), length=len(answer.body if announced else half)
                )
                client.cut()
            case _:
                if answer is not None:
                    client.send(answer)

    def _api_error(self, fault: ApiError, request: Request) -> _Answer:
        version: Literal["1", "2"] = "1" if request.params.get("formatversion", "1") == "1" else "2"
        wiki = f"http://{self._host}:{self._port}{urlsplit(request.path).path}"
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "MediaWiki-API-Error": fault.code,
            "Cache-Control": "private, must-revalidate, max-age=0",
            **fault.headers,
        }
        return _Answer(200, tuple(headers.items()), fault.body(version, wiki))

    def _failed(self, error: BaseException) -> None:
        with self._changed:
            self._errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _take(self) -> None:
        self.server.proxy._serve(self)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _take  # noqa: N815

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """The proxy keeps its own log."""

    def read_body(self) -> bytes:
        """The request's body, its chunks put together."""
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def send(self, answer: _Answer, *, length: int | None = None) -> None:
        """Send an answer in one piece; `length` is what the headers claim, if not the truth."""
        bare = self.command == "HEAD" or answer.status in _NO_BODY
        reason = http.client.responses.get(answer.status, "")
        lines = [f"{self.protocol_version} {answer.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if answer.status not in _NO_BODY:
            lines.append(f"Content-Length: {len(answer.body) if length is None else length}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        self.wfile.write(head if bare else head + answer.body)

    def cut(self) -> None:
        """End the connection."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def wait_until_gone(self) -> None:
        """Wait until the client closes the connection (or the proxy ends)."""
        with suppress(OSError):
            while not self.server.proxy._closing.is_set():
                readable, _, _ = select.select([self.connection], [], [], 0.2)
                if readable and not self.connection.recv(65536):
                    break
        self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], proxy: FaultProxy) -> None:
        super().__init__(address, _Handler)
        self.proxy = proxy
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what the proxy is for; anything else is a test's error."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            self.proxy._failed(error)

    def cut_all(self) -> None:
        """End all connections, also the idle ones that clients keep."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def _secret(name: str) -> bool:
    return "password" in name.lower() or "token" in name.lower() or name.lower() == "retype"


def _without_secrets(target: str) -> str:
    path, mark, query = target.partition("?")
    kept = [part for part in query.split("&") if not _secret(part.split("=")[0])]
    return path + mark + "&".join(kept)


def _params(client: _Handler, body: bytes) -> dict[str, str]:
    pairs = parse_qsl(urlsplit(client.path).query, keep_blank_values=True)
    kind = client.headers.get("Content-Type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        pairs += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    elif kind.startswith("multipart/form-data"):
        pairs += _parts(kind, body)
    return {name: value for name, value in pairs if not _secret(name)}


def _parts(kind: str, body: bytes) -> list[tuple[str, str]]:
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1")
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    found = []
    for part in message.iter_parts():
        name = part.get_param("name", header="Content-Disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and part.get_filename() is None and isinstance(content, bytes):
            found.append((name, content.decode("utf-8", "replace")))
    return found


def _pairs(cookies: str) -> list[str]:
    return [pair for part in cookies.split(";") if (pair := part.strip())]


def _page(status: int, title: str, headers: tuple[tuple[str, str], ...] = ()) -> _Answer:
    html = (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>{title}</body></html>\n"
    )
    return _Answer(status, (("Content-Type", "text/html; charset=utf-8"), *headers), html.encode())


def _error_page(fault: HttpError) -> _Answer:
    retry = () if fault.retry_after is None else (("Retry-After", str(fault.retry_after)),)
    return _page(fault.status, http.client.responses.get(fault.status, "Error"), retry)
