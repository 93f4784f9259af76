"""One request has an end, whatever a server sends."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bots.wiki import transport
from bots.wiki.transport import Address, ask


@pytest.fixture
def server() -> Iterator[str]:
    """A server that sends `/NUMBER/SECONDS`: so many spaces, each after so many seconds."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number, seconds = self.path.partition("?")[0].strip("/").split("/")
            self.send_response(302 if number == "0" else 200)
            self.send_header("Location", "/2/0")
            self.send_header("Content-Length", str(int(number) + 2))
            self.end_headers()
            try:
                for _ in range(int(number)):
                    self.wfile.write(b" ")
                    time.sleep(float(seconds))
                self.wfile.write(b"{}")
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def address(url: str, timeout: float = 5) -> Address:
    return Address(url=url, user_agent="HubBot-test", timeout=timeout)


def test_a_whole_answer_is_an_answer(server: str) -> None:
    assert ask(address(f"{server}/3/0"), {}).data == {}


def test_an_answer_that_trickles_is_given_up(server: str) -> None:
    began = time.monotonic()
    answer = ask(address(f"{server}/200/0.05", timeout=0.4), {})
    assert (answer.data, answer.lost, answer.arrived) == (None, "TimeoutError", True)
    assert time.monotonic() - began < 5


def test_an_answer_without_end_is_given_up(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LONGEST_ANSWER", 1000)
    assert ask(address(f"{server}/2000/0"), {}).lost == "OSError"


def test_a_request_is_not_led_elsewhere(server: str) -> None:
    assert ask(address(f"{server}/0/0"), {}).status == 302
