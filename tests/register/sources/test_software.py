"""What the wikis run on, as they say themselves, and whose it is by the register."""

from __future__ import annotations

import pytest

from bots.core.config import HubConfig, SiteConfig
from bots.core.store import Store
from bots.register.lists.facts import ListSource
from bots.register.sources import Around, Wanted, read
from bots.register.sources.software import Package, packages, read_software, source_of
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.mediawiki import Wiki
from tests.register.sources.scene import COMPUTED, KINDS, NOW, record

GENERAL = {
    "generator": "MediaWiki 1.43.1",
    "phpversion": "8.2.1",
    "dbtype": "mysql",
    "dbversion": "10.11",
}
CITE = {
    "type": "parserhook",
    "name": "Cite",
    "author": "[https://cite.example/ Aino A], [[User:B|Bashir]], <b>Chen</b>, ...",
    "url": "//www.example.org/wiki/Cite",
    "license-name": "GPL-2.0-or-later",
    "vcs-version": "0123456789abcdef",
}


def test_a_wiki_tells_its_software() -> None:
    skin = {"type": "skin", "name": "Vector", "version": "1.0", "url": "javascript:alert(1)"}
    library = {"name": "wikimedia/cldr", "version": "5.2.0"}
    told = {"general": GENERAL, "extensions": [CITE, skin, {}], "libraries": [library, library]}
    base = Package("sv", "base", "MediaWiki", "1.43.1", "https://www.mediawiki.org/")
    assert packages("sv", told) == [
        base,
        Package("sv", "base", "PHP", "8.2.1", "https://www.php.net/"),
        Package("sv", "base", "mysql", "10.11"),
        Package(
            wiki="sv",
            kind="extension",
            name="Cite",
            version="0123456789",
            url="https://www.example.org/wiki/Cite",
            licence="GPL-2.0-or-later",
            authors=("Aino A", "Bashir", "Chen"),
        ),
        Package("sv", "skin", "Vector", "1.0"),
        Package("sv", "library", "wikimedia/cldr", "5.2.0"),
    ]


def test_who_owns_a_tool_of_the_name_is_the_organisation() -> None:
    tools = [
        record("tool", "cite", owner="Partnerships/partners/Society"),
        record("tool", "Other", owner="Partnerships/partners/Nobody"),
    ]
    found = source_of(packages("sv", {"extensions": [CITE]}), tools, COMPUTED["software"], True)
    said = {row.key: row.values.get("organisation") for row in found.rows}
    assert said["sv/extension/Cite"] == ("Partnerships/partners/Society",)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_software_of_real_wikis_is_one_request_each(
    own_desk: Desk, hub_config: HubConfig, hub_wiki: Wiki, store: Store
) -> None:
    around = Around(
        desk=own_desk, store=store, config=hub_config, kinds=KINDS, records=(), sites=(), now=NOW
    )
    mark = hub_wiki.mark()
    asked = [Wanted(of, "en") for of in ("software", "software:hub", "software:nowhere")]
    found = read([*asked, Wanted("software:hub", "sv")], around)
    assert len(hub_wiki.requests_since(mark)) == 2
    assert found.keys() == {("software", "en"), ("software:hub", "en"), ("software:hub", "sv")}
    here, everywhere = found["software:hub", "sv"], found["software", "en"]
    assert here.whole
    assert names(here, "base") >= {"MediaWiki", "PHP"}
    assert names(here, "extension") >= {"Cite", "Scribunto"}
    assert names(here, "skin") >= {"Vector"}
    assert names(here, "library")
    assert {row.values["wiki"] for row in everywhere.rows} == {("hub",), ("media",), ("sv",)}
    assert {row.key for row in here.rows} < {row.key for row in everywhere.rows}


def test_a_wiki_that_is_away_takes_no_row_for_gone(hub_config: HubConfig) -> None:
    away = SiteConfig(api="http://127.0.0.1:9/api.php")
    sites = {"away": away, "hub": hub_config.sites["hub"]}
    limits = hub_config.limits.model_copy(update={"longest_wait_seconds": 0})
    config = hub_config.model_copy(update={"sites": sites, "limits": limits})
    found, whole = read_software(Desk(Wikis(config)), config.sites)
    assert not whole
    assert {each.wiki for each in found} == {"hub"}
    assert not source_of(found, [], COMPUTED["software"], whole).whole


def names(source: ListSource, kind: str) -> set[str]:
    return {row.values["name"][0] for row in source.rows if row.values["kind"] == (kind,)}
