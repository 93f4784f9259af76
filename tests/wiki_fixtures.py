"""One set of real wikis for the session, HubBot's way to them, and people to act on them.

A pytest plugin, named in tests/conftest.py. Nothing is reset between tests: each writes under
titles of its own (`fresh_title`), or on pages that it leaves as it found them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from pywikibot.comms.http import cookie_jar

from bots.core.config import HubConfig
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.client import Client
from sandbox.mediawiki import Sandbox, Wiki, running
from sandbox.proxy import FaultProxy


@pytest.fixture(scope="session")
def sandbox_wikis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The three wikis (`hub`, `media`, `sv`) and their accounts, on free ports."""
    with running(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def hub_wiki(sandbox_wikis: Sandbox) -> Wiki:
    """The hub wiki: its `api`, its log of requests (`mark`, `requests_since`), `override`."""
    return sandbox_wikis.hub


@pytest.fixture(scope="session")
def hub_config(sandbox_wikis: Sandbox) -> HubConfig:
    """A hub.yaml for the wikis, in which every bot named "test" may write, as fast as it can."""
    approval = {"opt_in": "Project:Opt-in", "bot_approval": "Project:Approval"}
    return HubConfig.model_validate(
        {
            "account": "HubBot",
            "operator": "Coordinator",
            "contact": "https://hubbot.example/contact",
            "hub": "hub",
            "sites": {
                wiki.name: {"api": wiki.api, "approvals": {"test": approval, "intake": approval}}
                for wiki in sandbox_wikis.wikis
            },
            "credentials": str(sandbox_wikis.directory / "accounts.json"),
            "limits": {"edits_per_minute": 0, "request_timeout_seconds": 30},
        }
    )


@pytest.fixture(scope="session")
def wikis(hub_config: HubConfig) -> Wikis:
    """HubBot's way to the wikis, shared by all tests; its session ends when one of them ends it."""
    return Wikis(hub_config)


@pytest.fixture(scope="session")
def desk(wikis: Wikis) -> Desk:
    return Desk(wikis)


@pytest.fixture
def own_desk(hub_config: HubConfig) -> Desk:
    """A desk that has just logged in at the hub wiki, for those who count requests."""
    desk = Desk(Wikis(hub_config))
    desk.wikis["hub"].log_in()
    return desk


@pytest.fixture(scope="session")
def aino(sandbox_wikis: Sandbox) -> Client:
    """An ordinary user at the hub wiki."""
    return Client(sandbox_wikis.hub, sandbox_wikis.accounts.aino)


@pytest.fixture(scope="session")
def coordinator(sandbox_wikis: Sandbox) -> Client:
    """An administrator at the hub wiki."""
    return Client(sandbox_wikis.hub, sandbox_wikis.accounts.coordinator)


@pytest.fixture
def logged_out() -> None:
    """All sessions of this process forgotten (pywikibot has one jar of cookies for all wikis)."""
    cookie_jar.clear()


_NUMBERS = itertools.count(1)


@pytest.fixture
def fresh_title() -> Callable[[], str]:
    """Gives the title of another page that nobody has made, at each call."""
    return lambda: f"Fresh {next(_NUMBERS)}"


@pytest.fixture
def proxy(hub_wiki: Wiki) -> Iterator[FaultProxy]:
    """A fault proxy before the hub wiki."""
    with FaultProxy(hub_wiki.api) as proxy:
        yield proxy


@pytest.fixture
def proxied_config(hub_config: HubConfig, proxy: FaultProxy) -> HubConfig:
    """The same hub.yaml, the hub wiki behind the proxy."""
    hub = hub_config.sites["hub"].model_copy(update={"api": proxy.api_url})
    return hub_config.model_copy(update={"sites": {**hub_config.sites, "hub": hub}})
