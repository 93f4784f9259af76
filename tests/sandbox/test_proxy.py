"""The fault proxy does to requests what it says, and nothing else."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from sandbox import faults
from sandbox.faults import Cut, Html, HttpError, Late, SessionLost, Timeout, Truncated
from sandbox.proxy import FaultProxy

EDIT = {"action": "edit", "title": "Åse", "text": "a & b", "token": "s3cret+\\", "format": "json"}
QUERY = {"action": "query", "meta": "siteinfo", "format": "json"}
SAVED = {"edit": {"result": "Success", "newrevid": 7, "padding": "x" * 500}}


@dataclass
class Upstream:
    """A server of the standard library that counts what reaches it."""

    url: str = ""
    forms: list[dict[str, list[str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def edits(self) -> int:
        return sum(form.get("action") == ["edit"] for form in self.forms)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    seen = Upstream()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(parse_qs(self.path.partition("?")[2]))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(parse_qs(body.decode()))

        def answer(self, form: dict[str, list[str]]) -> None:
            seen.forms.append(form)
            seen.headers.append(dict(self.headers.items()))
            body = json.dumps(SAVED).encode()
            self.send_response(200)
            self.send_header("Set-Cookie", "wiki_session=new; path=/; HttpOnly")
            self.send_header("Set-Cookie", "wiki_name=HubBot; path=/")
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body)
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def proxy(upstream: Upstream) -> Iterator[FaultProxy]:
    with FaultProxy(upstream.url) as proxy:
        yield proxy


def edit(proxy: FaultProxy, timeout: float = 5, **more: str) -> requests.Response:
    return requests.post(proxy.api_url, EDIT | more, timeout=timeout)


def test_without_faults_request_and_answer_pass_as_they_are(
    proxy: FaultProxy, upstream: Upstream
) -> None:
    answer = requests.post(
        proxy.api_url, EDIT, cookies={"wiki_session": "old"}, headers={"X-Mine": "1"}, timeout=5
    )
    assert answer.json() == SAVED
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.cookies.get_dict() == {"wiki_session": "new", "wiki_name": "HubBot"}
    assert upstream.forms == [{name: [value] for name, value in EDIT.items()}]
    assert upstream.headers[0]["Cookie"] == "wiki_session=old"
    assert upstream.headers[0]["X-Mine"] == "1"
    assert "http://" + upstream.headers[0]["Host"] == upstream.url


def test_a_body_in_chunks_arrives_whole(proxy: FaultProxy, upstream: Upstream) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    requests.post(proxy.api_url, iter([b"action=ed", b"it&text=x"]), headers=form, timeout=5)
    assert upstream.forms == [{"action": ["edit"], "text": ["x"]}]
    assert proxy.count(faults.is_edit) == 1


def test_the_log_has_each_request_without_its_secrets(proxy: FaultProxy) -> None:
    edit(proxy)
    requests.get(proxy.api_url, QUERY | {"lgtoken": "s3cret"}, timeout=5)
    requests.post(
        proxy.api_url, {"action": "login", "lgpassword": "s3cret", "lgname": "HubBot"}, timeout=5
    )
    assert "s3cret" not in repr(proxy.log)
    assert [entry.request.action for entry in proxy.log] == ["edit", "query", "login"]
    assert proxy.log[0].request.params["title"] == "Åse"
    assert proxy.log[2].request.params["lgname"] == "HubBot"
    assert all(entry.reached and entry.status == 200 for entry in proxy.log)


def test_the_form_of_an_upload_is_read_without_its_file(proxy: FaultProxy) -> None:
    parts = {"file": ("a.png", b"\x89PNG")}
    form = {"action": "upload", "token": "s3cret", "comment": "Ö"}
    requests.post(proxy.api_url, form, files=parts, timeout=5)
    assert proxy.log[0].request.params == {"action": "upload", "comment": "Ö"}
    assert proxy.count(faults.is_write) == 1


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize("status", [503, 429])
def test_an_error_page_says_when_to_come_again(
    proxy: FaultProxy, upstream: Upstream, status: int, saved: bool
) -> None:
    proxy.inject(HttpError(status, retry_after=7, saved=saved))
    answer = edit(proxy)
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert upstream.edits == proxy.count(faults.is_edit) == int(saved)


@pytest.mark.parametrize("saved", [False, True])
def test_html_comes_with_status_200(proxy: FaultProxy, upstream: Upstream, saved: bool) -> None:
    proxy.inject(Html(saved=saved))
    answer = edit(proxy)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert upstream.edits == int(saved)


@pytest.mark.parametrize("saved", [False, True])
def test_a_timeout_lasts_until_the_client_gives_up(
    proxy: FaultProxy, upstream: Upstream, saved: bool
) -> None:
    proxy.inject(Timeout(saved=saved))
    with pytest.raises(requests.ReadTimeout):
        edit(proxy, timeout=0.3)
    assert proxy.settle()
    assert upstream.edits == int(saved)
    assert edit(proxy).json() == SAVED


def test_a_late_request_reaches_the_wiki_after_the_client_gave_up(
    proxy: FaultProxy, upstream: Upstream
) -> None:
    until = threading.Event()
    proxy.inject(Late(until))
    with pytest.raises(requests.ReadTimeout):
        edit(proxy, timeout=0.2, text="late")
    edit(proxy, text="in between")
    assert not proxy.settle(0.2)
    until.set()
    assert proxy.settle()
    assert [form["text"] for form in upstream.forms] == [["in between"], ["late"]]


@pytest.mark.parametrize("saved", [False, True])
def test_a_cut_connection_has_no_answer(proxy: FaultProxy, upstream: Upstream, saved: bool) -> None:
    proxy.inject(Cut(saved=saved))
    with pytest.raises(requests.ConnectionError):
        edit(proxy)
    assert upstream.edits == int(saved)


def test_half_an_answer_is_noticed_where_its_length_was_announced(
    proxy: FaultProxy, upstream: Upstream
) -> None:
    proxy.inject(Truncated())
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        edit(proxy)
    assert upstream.edits == 1


def test_half_an_answer_is_broken_json_where_its_length_was_not_announced(
    proxy: FaultProxy, upstream: Upstream
) -> None:
    proxy.inject(Truncated(announced=False))
    answer = edit(proxy)
    assert json.dumps(SAVED).startswith(answer.text)
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert upstream.edits == 1


def test_an_api_error_never_reaches_the_wiki(proxy: FaultProxy, upstream: Upstream) -> None:
    proxy.inject(faults.maxlag(lag=6.5))
    proxy.inject(faults.readonly("Moving house."))
    lagged, locked = edit(proxy), edit(proxy, formatversion="2")
    assert lagged.json()["error"].keys() == {"code", "info", "host", "lag", "type", "*"}
    assert lagged.json()["error"]["lag"] == 6.5
    assert lagged.headers["Retry-After"] == "5"
    assert lagged.headers["MediaWiki-API-Error"] == "maxlag"
    assert locked.json()["error"].keys() == {"code", "info", "readonlyreason", "docref"}
    assert locked.json()["error"]["readonlyreason"] == "Moving house."
    assert upstream.forms == []


def test_a_lost_session_is_lost_until_the_wiki_gives_a_new_one(
    proxy: FaultProxy, upstream: Upstream
) -> None:
    client = requests.Session()
    client.cookies.update({"wiki_session": "old", "wiki_name": "HubBot"})
    proxy.inject(SessionLost())
    client.post(proxy.api_url, EDIT, timeout=5)
    old = {"wiki_session": "old", "wiki_name": "HubBot"}
    requests.post(proxy.api_url, EDIT, cookies=old, timeout=5)
    client.post(proxy.api_url, EDIT, timeout=5)
    first, again, renewed = (headers.get("Cookie") for headers in upstream.headers)
    assert first is None
    assert again is None or "wiki_session=old" not in again
    assert renewed is not None
    assert "wiki_session=new" in renewed


def test_faults_hit_only_the_chosen_requests_and_only_as_often_as_said(
    proxy: FaultProxy, upstream: Upstream
) -> None:
    proxy.inject(HttpError(503), faults.is_edit, skip=1, times=2)
    got = []
    for _ in range(5):
        got.append(edit(proxy).status_code)
        assert requests.get(proxy.api_url, QUERY, timeout=5).status_code == 200
    assert got == [200, 503, 503, 200, 200]
    assert upstream.edits == 3


def test_a_fault_without_number_lasts_until_healed(proxy: FaultProxy) -> None:
    proxy.inject(faults.readonly(), faults.is_write, times=None)
    assert ["error" in edit(proxy).json() for _ in range(3)] == [True] * 3
    proxy.heal()
    assert edit(proxy).json() == SAVED


def test_hooks_run_before_the_wiki_gets_a_request_and_before_the_client_gets_the_answer(
    proxy: FaultProxy, upstream: Upstream
) -> None:
    seen: list[tuple[str, int]] = []
    proxy.on_request(lambda request: seen.append(("before", upstream.edits)), faults.is_edit)
    proxy.on_request(lambda request: seen.append(("after", upstream.edits)), moment="after")
    edit(proxy)
    assert seen == [("before", 0), ("after", 1)]


def test_an_error_in_a_hook_is_raised_when_the_proxy_ends(upstream: Upstream) -> None:
    def fail(request: faults.Request) -> None:
        raise ZeroDivisionError

    proxy = FaultProxy(upstream.url).__enter__()
    proxy.on_request(fail)
    with pytest.raises(requests.ConnectionError):
        edit(proxy)
    with pytest.raises(ZeroDivisionError):
        proxy.__exit__(None, None, None)


def test_each_kind_of_request_can_be_given_its_latency(proxy: FaultProxy) -> None:
    proxy.add_latency(0.2, faults.is_write)
    began = time.monotonic()
    edit(proxy)
    assert time.monotonic() - began >= 0.2
    began = time.monotonic()
    requests.get(proxy.api_url, QUERY, timeout=5)
    assert time.monotonic() - began < 0.15


def test_requests_run_side_by_side(proxy: FaultProxy, upstream: Upstream) -> None:
    together = threading.Barrier(4)
    proxy.on_request(lambda request: bool(together.wait(5)))
    threads = [threading.Thread(target=edit, args=(proxy,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(entry.request.number for entry in proxy.log) == [1, 2, 3, 4]
    assert upstream.edits == 4


def test_one_connection_serves_many_requests(proxy: FaultProxy) -> None:
    with requests.Session() as client:
        answers: list[Any] = [client.post(proxy.api_url, EDIT, timeout=5) for _ in range(3)]
    assert [answer.json() for answer in answers] == [SAVED] * 3


def test_a_wiki_that_is_down_is_a_bad_gateway() -> None:
    with FaultProxy("http://127.0.0.1:9") as proxy:
        assert edit(proxy).status_code == 502


def test_the_end_of_the_proxy_ends_what_it_holds(upstream: Upstream) -> None:
    outcome: list[BaseException] = []

    def try_edit(proxy: FaultProxy) -> None:
        try:
            edit(proxy, timeout=60)
        except requests.RequestException as error:
            outcome.append(error)

    with FaultProxy(upstream.url) as proxy:
        proxy.inject(Late())
        arrived = threading.Event()
        proxy.on_request(lambda request: arrived.set())
        thread = threading.Thread(target=try_edit, args=(proxy,))
        thread.start()
        assert arrived.wait(5)
    thread.join(5)
    assert isinstance(outcome[0], requests.ConnectionError)
    assert upstream.edits == 0
