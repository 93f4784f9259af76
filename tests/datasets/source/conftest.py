"""A server on this machine that sources are fetched from."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bots.datasets.source import Fetcher
from tests.datasets.source.parts import described

PORTS = range(21100, 21200)


class Site:
    """A server on this machine: what it answers by path, and all that it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    def put(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"content-length": str(len(body)), **sent}, body)

    def package(self, path: str = "m.csv", **resource: Any) -> str:
        self.put("/p/datapackage.json", json.dumps(described(path, **resource)).encode())
        return f"{self.url}/p/datapackage.json"

    def paths(self) -> list[str]:
        return [path for path, _headers in self.asked]


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.asked.append((self.path, headers))
            status, sent, body = found.answers.get(self.path, (404, {}, b""))
            etag = sent.get("etag")
            if etag and headers.get("if-none-match") == etag:
                status, sent, body = 304, {"etag": etag}, b""
            self.send_response(status)
            for name, value in sent.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = _server(Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def _server(handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    for port in PORTS:
        try:
            return ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError:
            continue
    raise AssertionError("no free port")


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher("HubBot/1 (https://hub.example; ops)", allow_loopback_http=True)
