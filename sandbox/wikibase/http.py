"""The smallest HTTP/1.1 server that bots and browsers need: keep-alive, one thread, quick."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import unquote

_LARGEST = 32 * 1024 * 1024
_LONGEST_HEAD = 64 * 1024


@dataclass(frozen=True)
class Request:
    """A request as it came: `path` is percent-decoded, header names are lower-case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    ip: str = "127.0.0.1"

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The cookies sent, by name."""
        try:
            jar = SimpleCookie(self.headers.get("cookie", ""))
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}

    @property
    def uri(self) -> str:
        """Path and query string."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Response:
    """An answer; Content-Length, Date and Connection are the server's own."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()
    """Whole Set-Cookie values."""


Handler = Callable[[Request], Response]


_NOTHING = Request("GET", "/", "", {}, b"")


class _Unreadable(Exception):  # noqa: N818
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Connection(asyncio.Protocol):
    def __init__(self, handler: Handler, slow: Callable[[], bool]) -> None:
        self._handler = handler
        self._slow = slow
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._ip = ""
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a TCP connection is wanted")
        self._transport = transport
        self._ip = transport.get_extra_info("peername")[0]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._serve()

    def _serve(self) -> None:
        while not self._busy and self._transport and not self._transport.is_closing():
            try:
                found = self._next()
            except _Unreadable as unreadable:
                self._answer(_NOTHING, Response(unreadable.status), keep=False)
                return
            if found is None:
                return
            if self._slow():
                self._busy = True
                self._later(*found)
            else:
                request, keep = found
                self._answer(request, self._handler(request), keep)

    def _next(self) -> tuple[Request, bool] | None:
        """The next whole request, and whether the connection is kept after it."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > _LONGEST_HEAD:
                raise _Unreadable(431)
            return None
        line, *lines = bytes(self._buffer[:end]).decode("latin-1").split("\r\n")
        pairs = (each.partition(":") for each in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        parts, length = line.split(" "), headers.get("content-length", "0")
        if len(parts) != 3 or not length.isdecimal() or len(length) > 12:
            raise _Unreadable(400)
        if "transfer-encoding" in headers:
            raise _Unreadable(411)
        if int(length) > _LARGEST:
            raise _Unreadable(413)
        whole = end + 4 + int(length)
        if len(self._buffer) < whole:
            if headers.get("expect", "").lower() == "100-continue" and self._transport:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        body = bytes(self._buffer[end + 4 : whole])
        del self._buffer[:whole]
        path, _, query = parts[1].partition("?")
        keep = headers.get("connection", "").lower() != "close" and parts[2] == "HTTP/1.1"
        return Request(parts[0], unquote(path), query, headers, body, self._ip), keep

    def _later(self, request: Request, keep: bool) -> None:
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(None, self._handler, request)

        def done(found: asyncio.Future[Response]) -> None:
            self._busy = False
            self._answer(request, found.result(), keep)
            self._serve()

        future.add_done_callback(done)

    def _answer(self, request: Request, response: Response, keep: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        phrase = HTTPStatus(response.status).phrase
        head = [f"HTTP/1.1 {response.status} {phrase}"]
        head += [f"{name}: {_one_line(value)}" for name, value in response.headers.items()]
        head += [f"Set-Cookie: {_one_line(cookie)}" for cookie in response.cookies]
        head += [f"Content-Length: {len(response.body)}"]
        head += ["Connection: keep-alive" if keep else "Connection: close"]
        body = b"" if request.method == "HEAD" else response.body
        self._transport.write("\r\n".join(head).encode("latin-1", "replace") + b"\r\n\r\n" + body)
        if not keep:
            self._transport.close()


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


async def serve(
    handler: Handler,
    port: int,
    ready: Callable[[int], None],
    stop: asyncio.Event,
    slow: Callable[[], bool] = lambda: False,
) -> None:
    """Answer on 127.0.0.1 until `stop` is set; `ready` is told the port, also where 0 was asked.

    Requests are answered one after the other, or in threads while `slow()` says so.
    """
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(handler, slow), "127.0.0.1", port)
    ready(server.sockets[0].getsockname()[1])
    with contextlib.suppress(asyncio.CancelledError):
        await stop.wait()
    server.close()
