"""A Wikibase known by its API as it would be if it were the test's own: with the tests' numbers.

What HubBot and people send is told on with what things are called there, and the answers back.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NoReturn
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import pytest
import requests

from tests.datasets.foreign import ForeignWiki
from tests.datasets.names import Names

_OURS = ("host", "connection", "content-length", "accept-encoding")
_THEIRS = ("connection", "content-length", "content-encoding", "transfer-encoding", "set-cookie")


@dataclass(frozen=True)
class Pages(Names):
    """With pages of each test's own besides, below the bot's and in the project's namespace."""

    def there(self, text: str) -> str:
        text = text.replace("User:HubBot/", f"User:HubBot/{self.tag}/")
        return super().there(re.sub(r"\bProject:(?=\w)", f"Project:T{self.tag} ", text))

    def here(self, said: Any) -> Any:
        text = super().here(said)
        return re.sub(rf"(Project:T{self.tag}[ _]|(?<=User:HubBot/){self.tag}/)", _start, text)


def _start(found: re.Match[str]) -> str:
    return "Project:" if found[0].startswith("Project:") else ""


class Front:
    """In place of a stand-in: its `state` takes what tests seed, its `api` is for everybody."""

    def __init__(self, wiki: ForeignWiki, api: str) -> None:
        shared = wiki.names()
        self.wiki, self.api, self.state = wiki, api, self
        self.names = Pages(shared.tag, shared.entities, shared.people)

    def seed(self, entity: Mapping[str, Any]) -> None:
        told = json.loads(self.names.there(json.dumps({**entity, "id": ""})))
        self.names.entities[entity["id"]] = self.wiki.make(told)

    def mark(self) -> NoReturn:
        pytest.skip("Only a stand-in of the test's own has a log of its requests.")

    def form(self, text: str) -> str:
        """A query string or a form; who logs in is somebody else there."""
        told = {}
        for name, said in parse_qsl(text, keep_blank_values=True):
            told[name] = said if name.endswith(("token", "password")) else self.names.there(said)
        for user, password in (("username", "password"), ("lgname", "lgpassword")):
            if password in told:
                name = dict(parse_qsl(text))[user].partition("@")[0]
                login = self.wiki.logins[name]
                told |= {user: login.username, password: login.password}
        told.pop("md5", None)
        return urlencode(told)


@contextmanager
def front_of(wiki: ForeignWiki) -> Iterator[Front]:
    """The front of a Wikibase, for one test."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        path = urlsplit(wiki.api).path
        server.front = Front(wiki, f"http://127.0.0.1:{server.server_port}{path}")  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.front  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _tell_on(self) -> None:
        front: Front = self.server.front  # type: ignore[attr-defined]
        asked = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        is_form = "urlencoded" in self.headers.get("Content-Type", "")
        # The digest of a page's text is not that of the text that is told on.
        other = front.names.there(body).replace('name="md5"', 'name="digest"')
        told = front.form(body) if is_form else other
        path = quote(front.names.there(unquote(asked.path)), safe="/$")
        there = urlsplit(front.wiki.api)
        answer = requests.request(
            self.command,
            f"{there.scheme}://{there.netloc}{path}?{front.form(asked.query)}",
            data=told.encode() or None,
            headers={n: said for n, said in self.headers.items() if n.lower() not in _OURS},
            allow_redirects=False,
            timeout=60,
        )
        content = front.names.here(answer.content.decode()).encode()
        self.send_response(answer.status_code)
        for name, said in answer.headers.items():
            if name.lower() not in _THEIRS:
                self.send_header(name, said)
        for cookie in answer.raw.headers.getlist("Set-Cookie"):
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _tell_on  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""
