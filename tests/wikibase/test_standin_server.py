"""The stand-in's HTTP server takes what clients send, and what nobody should send."""

from __future__ import annotations

import http.client
import socket
import threading

import pytest
import requests

from sandbox.accounts import Login
from sandbox.client import Client, RefusedError
from sandbox.errors import SandboxError
from sandbox.wikibase.people import BOT_LOGIN, BOT_LOGIN_PASSWORD
from sandbox.wikibase.server import Wikibase, running_wikibase, wikibase_process

BOT = Login(BOT_LOGIN, BOT_LOGIN_PASSWORD)


def _raw(standin: Wikibase, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", standin.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.settimeout(10)
        return connection.recv(65536)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: minus\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000, b"431"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused(
    standin: Wikibase, sent: bytes, status: bytes
) -> None:
    assert _raw(standin, sent).startswith(b"HTTP/1.1 " + status)
    assert requests.get(f"{standin.api}?action=query&format=json", timeout=10).ok


def test_one_connection_serves_many_requests_also_sent_at_once(standin: Wikibase) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", standin.port, timeout=10)
    for _ in range(3):
        connection.request("GET", "/w/api.php?action=query&meta=siteinfo&format=json")
        assert b"MediaWiki" in connection.getresponse().read()
    one = b"GET /w/api.php?action=query&format=json HTTP/1.1\r\nHost: x\r\n\r\n"

    assert _raw(standin, one + one).count(b"HTTP/1.1 200") >= 1


def test_a_form_may_be_sent_in_parts(standin: Wikibase) -> None:
    parts = {"action": (None, "query"), "meta": (None, "siteinfo"), "format": (None, "json")}

    answer = requests.post(standin.api, files=parts, timeout=10).json()

    assert answer["query"]["general"]["sitename"] == standin.settings.site_name


def test_requests_are_noted_without_passwords(standin: Wikibase) -> None:
    mark = standin.mark()
    sent = {"action": "login", "lgname": "HubBot", "lgpassword": "secret", "lgtoken": "x"}
    requests.post(standin.api, data=sent, timeout=10)

    (noted,) = standin.requests_since(mark)

    assert (noted.method, noted.uri) == ("POST", "/w/api.php")
    assert noted.parameters == {"action": "login", "lgname": "HubBot"}


def test_a_taken_port_is_told(standin: Wikibase) -> None:
    with pytest.raises(SandboxError, match=str(standin.port)), running_wikibase(port=standin.port):
        pass


def test_a_process_of_its_own_serves_until_the_block_ends() -> None:
    with wikibase_process() as url:
        assert requests.get(f"{url}/w/api.php?action=query&format=json", timeout=10).ok
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)


def test_edits_that_overlap_are_patched_or_refused_and_none_is_lost(
    standin: Wikibase, bot: Client
) -> None:
    made = bot.post(action="wbeditentity", new="item", data="{}")["entity"]["id"]
    standin.settings.save_delay = 0.02
    languages = ["de", "fr", "sv", "nl", "it", "es"]
    refused: list[str] = []
    codes: set[str] = set()

    def label(language: str) -> None:
        own = Client(standin, BOT)
        try:
            own.post(action="wbsetlabel", id=made, language=language, value="x")
        except RefusedError as error:
            refused.append(language)
            codes.add(error.code)

    threads = [threading.Thread(target=label, args=(one,)) for one in languages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    labels = standin.state.entity(made)[1]["labels"]
    assert sorted([*labels, *refused]) == sorted(languages)
    assert codes <= {"editconflict"}
    assert labels
