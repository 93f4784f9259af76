"""The fault proxy before a real MediaWiki: its errors look like the wiki's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from sandbox import faults
from sandbox.client import Client
from sandbox.faults import ApiError, Cut, SessionLost
from sandbox.mediawiki import Sandbox, reset, running
from sandbox.proxy import FaultProxy

TITLE = "Project:Fault proxy"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("proxied")) as sandbox:
        yield sandbox


@pytest.fixture
def proxy(sandbox: Sandbox) -> Iterator[FaultProxy]:
    reset(sandbox.directory)
    with FaultProxy(sandbox.hub.api) as proxy:
        yield proxy


class Bot:
    """The bot's account at an API's address, with the raw answers."""

    def __init__(self, api: str, sandbox: Sandbox) -> None:
        self.api = api
        self.session = requests.Session()
        self.log_in(sandbox)

    def log_in(self, sandbox: Sandbox) -> None:
        token = self.call(action="query", meta="tokens", type="login")
        done = self.call(
            action="login",
            lgname=sandbox.accounts.bot.username,
            lgpassword=sandbox.accounts.bot.password,
            lgtoken=token["query"]["tokens"]["logintoken"],
        )
        assert done["login"]["result"] == "Success"
        self.token = self.call(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]

    def answer(self, **params: str) -> requests.Response:
        params = {"format": "json", "formatversion": "2"} | params
        return self.session.post(self.api, params, timeout=20)

    def call(self, **params: str) -> Any:
        return self.answer(**params).json()

    def edit(self, text: str, **params: str) -> requests.Response:
        edit = {"action": "edit", "title": TITLE, "text": text, "assert": "bot"}
        return self.answer(**edit | {"token": self.token} | params)

    def revisions(self) -> list[str]:
        query = {"action": "query", "prop": "revisions", "titles": TITLE, "rvprop": "comment"}
        page = self.call(**query, rvlimit="max")["query"]["pages"][0]
        return [revision["comment"] for revision in page.get("revisions", [])]


def test_pages_can_be_edited_through_it(proxy: FaultProxy, sandbox: Sandbox) -> None:
    bot = Bot(proxy.api_url, sandbox)
    assert bot.edit("Åse\n== a & b ==", summary="first").json()["edit"]["result"] == "Success"
    assert bot.revisions() == ["first"]
    assert proxy.count(faults.is_login) == proxy.count(faults.is_edit) == 1
    assert bot.token not in repr(proxy.log)
    assert sandbox.accounts.bot.password not in repr(proxy.log)


def test_an_edit_cut_after_the_wiki_saved_it_is_there(proxy: FaultProxy, sandbox: Sandbox) -> None:
    bot = Bot(proxy.api_url, sandbox)
    proxy.inject(Cut(saved=False), faults.is_edit)
    proxy.inject(Cut(saved=True), faults.is_edit)
    for summary in ("never came", "cut after"):
        with pytest.raises(requests.ConnectionError):
            bot.edit(f"text of {summary}", summary=summary)
    assert "cut after" in bot.revisions()
    assert "never came" not in bot.revisions()


def test_a_lost_session_fails_the_assertion_until_the_next_log_in(
    proxy: FaultProxy, sandbox: Sandbox
) -> None:
    bot = Bot(proxy.api_url, sandbox)
    proxy.inject(SessionLost(), faults.is_edit)
    for _ in range(2):
        assert bot.edit("x").json()["error"]["code"] == "assertbotfailed"
    bot.log_in(sandbox)
    assert "edit" in bot.edit("after the new log-in").json()


def own_maxlag(bot: Bot, sandbox: Sandbox, **params: str) -> requests.Response:
    # Without replicas the lag is -1.
    return bot.edit("x", maxlag="-2", **params)


def own_badtoken(bot: Bot, sandbox: Sandbox, **params: str) -> requests.Response:
    return bot.edit("x", token="bad+\\", **params)


def own_readonly(bot: Bot, sandbox: Sandbox, **params: str) -> requests.Response:
    sandbox.hub.override(wgReadOnly="The database is being moved.")
    return bot.edit("x", **params)


def own_ratelimited(bot: Bot, sandbox: Sandbox, **params: str) -> requests.Response:
    sandbox.hub.override(
        wgRateLimits={"edit": {"user": [0, 60]}}, wgGroupPermissions={"bot": {"noratelimit": False}}
    )
    return bot.edit("x", **params)


def own_editconflict(bot: Bot, sandbox: Sandbox, **params: str) -> requests.Response:
    base = bot.edit("one\n").json()["edit"]["newrevid"]
    Client(sandbox.hub, sandbox.accounts.aino).edit(TITLE, "two\n")
    return bot.edit("three\n", baserevid=str(base), **params)


@pytest.mark.parametrize("formatversion", ["1", "2"])
@pytest.mark.parametrize(
    ("made", "own"),
    [
        (faults.maxlag(), own_maxlag),
        (faults.badtoken(), own_badtoken),
        (faults.readonly(), own_readonly),
        (faults.ratelimited(), own_ratelimited),
        (faults.editconflict(), own_editconflict),
    ],
)
def test_an_error_made_by_the_proxy_looks_like_the_wikis_own(
    proxy: FaultProxy,
    sandbox: Sandbox,
    made: ApiError,
    own: Callable[..., requests.Response],
    formatversion: str,
) -> None:
    bot = Bot(proxy.api_url, sandbox)
    theirs = own(bot, sandbox, formatversion=formatversion)
    proxy.inject(made, faults.is_edit)
    ours = bot.edit("x", formatversion=formatversion)
    assert theirs.json()["error"]["code"] == made.code
    assert ours.status_code == theirs.status_code
    for name in ("MediaWiki-API-Error", "Content-Type", "Retry-After"):
        assert ours.headers.get(name) == theirs.headers.get(name), name
    assert ours.json().keys() == theirs.json().keys()
    assert ours.json()["error"].keys() == theirs.json()["error"].keys()
