"""Stop pages: any text stops, one request tells, and what can't be read stops too."""

from __future__ import annotations

import itertools

import pytest

from bots.core.config import HubConfig
from bots.core.plan import Target
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox import faults
from sandbox.client import Client
from sandbox.mediawiki import Sandbox, Wiki
from sandbox.proxy import FaultProxy

_NUMBERS = itertools.count(1)
ALL = "User:HubBot/stop"


@pytest.fixture
def bot() -> str:
    """The name of a bot that nobody has stopped."""
    return f"bot{next(_NUMBERS)}"


def test_without_stop_pages_a_bot_goes_on(own_desk: Desk, hub_wiki: Wiki, bot: str) -> None:
    mark = hub_wiki.mark()
    assert own_desk.stopped("hub", bot) is None
    assert len(hub_wiki.requests_since(mark)) == 1


@pytest.mark.parametrize("text", ["stop", "{{nobots}}", "<!-- x -->", "#REDIRECT [[Main Page]]"])
def test_any_text_stops_and_its_author_is_named(
    desk: Desk, aino: Client, bot: str, text: str
) -> None:
    title = f"{ALL}/{bot}"
    revid = aino.edit(title, text)
    stop = desk.stopped("hub", bot)
    assert stop is not None
    assert stop.target == Target("hub", title)
    assert (stop.user, stop.revid, stop.text) == ("Aino", revid, text)
    assert stop.timestamp is not None
    assert desk.stopped("hub", f"{bot}x") is None


def test_an_emptied_stop_page_lets_the_bot_run(desk: Desk, aino: Client, bot: str) -> None:
    aino.edit(f"{ALL}/{bot}", "stop")
    aino.edit(f"{ALL}/{bot}", "")
    assert desk.stopped("hub", bot) is None


def test_the_page_for_all_stops_every_bot(desk: Desk, aino: Client, bot: str) -> None:
    aino.edit(ALL, "stop all")
    try:
        stop = desk.stopped("hub", bot)
        aino.edit(f"{ALL}/{bot}", "stop one")
        both = desk.stopped("hub", bot)
    finally:
        aino.edit(ALL, "")
    assert stop is not None
    assert both is not None
    assert (stop.target.title, stop.text) == (ALL, "stop all")
    assert both.target.title == f"{ALL}/{bot}"


def test_a_stop_page_is_the_same_on_a_wiki_of_another_language(
    desk: Desk, sandbox_wikis: Sandbox, bot: str
) -> None:
    aino = Client(sandbox_wikis.sv, sandbox_wikis.accounts.aino)
    aino.edit(f"Användare:HubBot/stop/{bot}", "stopp")
    stop = desk.stopped("sv", bot)
    assert stop is not None
    assert stop.target == Target("sv", f"Användare:HubBot/stop/{bot}")


@pytest.mark.parametrize(
    "fault", [faults.HttpError(503, retry_after=0), faults.Html(), faults.Cut()], ids=repr
)
def test_a_stop_page_that_cant_be_read_stops(
    proxied_config: HubConfig, proxy: FaultProxy, bot: str, fault: faults.Fault
) -> None:
    desk = Desk(Wikis(proxied_config))
    assert desk.stopped("hub", bot) is None
    proxy.inject(fault, times=None)
    stop = desk.stopped("hub", bot)
    assert stop is not None
    assert (stop.user, stop.revid, stop.timestamp) == ("", 0, None)
    assert stop.text


def test_a_stop_page_whose_title_can_be_no_page_stops(desk: Desk) -> None:
    stop = desk.stopped("hub", "a|b")
    assert stop is not None
    assert stop.user == ""
