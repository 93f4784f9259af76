"""The register's bot with records on a wiki and their items on a Wikibase."""

from __future__ import annotations

from pathlib import Path

from bots.core.config import HubConfig, SiteConfig
from bots.core.store import opened
from bots.core.wikibase.action_json import entity_to_json
from bots.core.wikibase.model import Item
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.client import Client
from sandbox.mediawiki import Sandbox
from sandbox.wikibase.server import running_wikibase
from tests.register.wiki_scene import Hub


def test_a_run_tells_what_differs_and_writes_nothing(
    sandbox_wikis: Sandbox, hub_config: HubConfig, aino: Client, tmp_path: Path
) -> None:
    with running_wikibase() as wikibase, opened(f"sqlite:///{tmp_path}/store.sqlite") as store:
        login = sandbox_wikis.accounts.bot
        name, _, label = login.username.partition("@")
        wikibase.accounts.add(name, "hubbotpass-1234", "bot")
        wikibase.accounts.add_bot_password(name, label, login.password)
        wikibase.state.seed(entity_to_json(Item(id="Q1", labels={"en": "Sea Museum"})))
        hub = Hub(hub_config, tmp_path, store, aino)
        register = hub.config.the_register.model_copy(update={"items": "repo"})
        sites = {**hub.config.sites, "repo": SiteConfig(api=wikibase.api)}
        hub.config = hub.config.model_copy(update={"sites": sites, "the_register": register})
        hub.desk = Desk(Wikis(hub.config))
        for museum in ("Sea Museum", "Air Museum"):
            aino.edit(f"{hub.top}/Partners/{museum}", f"{{{{Partner|name={museum}|item=Q1}}}}")
        assert hub.register() == {}
        assert hub.told().count("register-item-name") == 1
        mark = wikibase.mark()
        assert hub.register() == {}
        assert hub.told().count("register-item-name") == 1
        assert wikibase.requests_since(mark) == []
