"""What the runner's tests share: a house on fresh wikis, and runs of a bot in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bots.core.run import Runner
from bots.core.store import Run, Store
from bots.house import House, open_house, run_bot
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.client import Client
from sandbox.demo import write_config
from sandbox.mediawiki import Sandbox, reset, running
from tests.runs.pages_bot import PagesBot
from tests.runs.requests_scene import Result, Scene, set_scene


@dataclass(frozen=True)
class Stage:
    """The wikis, the house, its store, and the people."""

    wikis: Sandbox
    house: House
    store: Store
    desk: Desk
    path: Path

    def runner(self, wanted: Mapping[str, str], **more: Any) -> Runner:
        """A runner of a bot that wants these pages."""
        bot = PagesBot(self.desk, wanted, **more)
        return Runner(bot, self.desk, self.store, self.house.config, self.house.messages)

    def run(self, wanted: Mapping[str, str], **more: Any) -> Run:
        """One run of a bot that wants these pages."""
        return self.runner(wanted, **more).run()

    @property
    def coordinator(self) -> Client:
        return Client(self.wikis.hub, self.wikis.accounts.coordinator)

    @property
    def aino(self) -> Client:
        return Client(self.wikis.hub, self.wikis.accounts.aino)

    def edits_of_the_bot(self) -> list[dict[str, Any]]:
        """The bot's edits on the hub wiki as it tells them, oldest first."""
        answer = Client(self.wikis.hub).ask(
            action="query",
            list="usercontribs",
            ucuser="HubBot",
            uclimit="max",
            ucdir="newer",
            ucprop="ids|title|timestamp|comment|flags",
        )
        return sorted(answer["query"]["usercontribs"], key=lambda edit: int(edit["revid"]))


APPROVED = {"pages": {"opt_in": "x", "bot_approval": "y"}}


@pytest.fixture
def settings() -> dict[str, Any]:
    """What goes over the sandbox's configuration; a test's module may override it."""
    return {}


@pytest.fixture(scope="session")
def own_wikis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Wikis that may be reset at any time: nobody else has a session there."""
    with running(tmp_path_factory.mktemp("own")) as sandbox:
        yield sandbox


@pytest.fixture
def fresh_wikis(own_wikis: Sandbox) -> Sandbox:
    """The wikis as installed."""
    reset(own_wikis.directory)
    return own_wikis


@pytest.fixture
def stage(fresh_wikis: Sandbox, tmp_path: Path, settings: dict[str, Any]) -> Iterator[Stage]:
    """Fresh wikis, and a house with an empty store on SQLite."""
    sites = {wiki.name: {"api": wiki.api, "approvals": APPROVED} for wiki in fresh_wikis.wikis}
    sites["media"].pop("approvals")
    path = write_config(fresh_wikis, tmp_path / "hub.yaml", **{"sites": sites, **settings})
    house = open_house(path)
    with house.store() as store:
        yield Stage(fresh_wikis, house, store, Desk(Wikis(house.config)), path)


@pytest.fixture(scope="session")
def scene(own_wikis: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Requests on the wikis, and the way back to them."""
    return set_scene(own_wikis, tmp_path_factory.mktemp("scene"))


@pytest.fixture(scope="session")
def undisturbed(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """What one run, in which nothing goes wrong, makes of the scene."""
    scene.begin()
    house = scene.house(tmp_path_factory.mktemp("undisturbed"))
    run = run_bot(house, "intake", lambda runner: runner.run())
    assert run.state == "finished"
    assert run.counts == {"saved": 7}
    return scene.result()
