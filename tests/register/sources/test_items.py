"""A dataset's items as a list has them: what they say now, and how few requests it takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bots.core.plan import Judged, RecordState, Target
from bots.core.register.kinds import Type
from bots.core.register.query import parse_sort, parse_where
from bots.core.store import Store, opened
from bots.core.wikibase.action_json import entity_to_json
from bots.core.wikibase.model import (
    GREGORIAN,
    Entity,
    EntityId,
    Item,
    Property,
    Quantity,
    Sitelink,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)
from bots.register.lists.facts import ListSource, SourceRow
from bots.register.lists.rendering import Look
from bots.register.sources import Around, Wanted, read
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.accounts import Login
from sandbox.client import Client
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase, running_wikibase
from tests.register.sources.scene import SPOKEN
from tests.wikibase.entities_scene import hub_config

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KIND, FOUNDED, STAFF, SITE = "P31", "P571", "P1128", "P856"
OF = "dataset:museums"


class Museums:
    """Three museums on a Wikibase, and a fourth that has no item yet."""

    def __init__(self, wikibase: Wikibase, store: Store, folder: Path) -> None:
        self.wikibase, self.store = wikibase, store
        self.config = hub_config(wikibase.api, folder).model_copy(update={"folder": folder})
        self.desk = Desk(Wikis(self.config))
        (folder / "datasets").mkdir()
        (folder / "datasets" / "museums.yaml").write_text("title: Museums\n")
        datatypes = {KIND: "wikibase-item", FOUNDED: "time", STAFF: "quantity", SITE: "url"}
        for name, datatype in datatypes.items():
            self.seed(Property(id=name, datatype=datatype, labels={"en": f"{datatype} property"}))
        museum, founded = EntityId("Q33506"), Time("+1850-00-00T00:00:00Z", 9, GREGORIAN, 0, 0, 0)
        self.item("Q33506", {"en": "museum", "sv": "museum (sv)"}, {})
        self.item("Q1", {"en": "One", "sv": "Ett"}, {KIND: museum, FOUNDED: founded})
        self.item("Q2", {"en": "Two"}, {KIND: museum, STAFF: Quantity("+12")})
        self.item("Q3", {}, {SITE: Text("https://three.example/")})
        self.know({"X-1": "Item:Q1", "X-2": "Item:Q2", "X-3": "Item:Q3", "X-4": ""})

    def seed(self, entity: Entity) -> None:
        self.wikibase.state.seed(entity_to_json(entity))

    def item(self, name: str, labels: dict[str, str], said: dict[str, Value]) -> None:
        statements = {
            key: (Statement(Snak(key, value), id=f"{name}$00000000-0000-4000-8000-{number:012d}"),)
            for number, (key, value) in enumerate(said.items())
        }
        described = {"en": f"{name} described"}
        self.seed(Item(id=name, labels=labels, descriptions=described, statements=statements))

    def know(self, items: dict[str, str], gone: int = 0) -> None:
        judged = [
            Judged(target=Target("repo", title), record=RecordState(key, "", gone_since=gone))
            for key, title in items.items()
        ]
        self.store.judge("museums", judged, NOW)

    def read(self, *texts: str, language: str = "en") -> ListSource:
        return self.sources(Wanted(OF, language, texts))[OF, language]

    def sources(self, *wanted: Wanted) -> dict[tuple[str, str], ListSource]:
        around = Around(
            desk=self.desk,
            store=self.store,
            config=self.config,
            kinds={},
            records=(),
            sites=["repo"],
            now=NOW,
        )
        return read(wanted, around)

    def rows(self, *texts: str, language: str = "en") -> dict[str, SourceRow]:
        return {row.key: row for row in self.read(*texts, language=language).rows}

    def asked(self, mark: int) -> list[str]:
        """What was asked of entities since then."""
        found = [each.parameters for each in self.wikibase.requests_since(mark)]
        asked = (each.get("prop") or each.get("action", "") for each in found)
        return [each for each in asked if each in ("info", "wbgetentities")]


@pytest.fixture
def museums(tmp_path: Path) -> Iterator[Museums]:
    with running_wikibase() as wikibase, opened(f"sqlite:///{tmp_path}/store.sqlite") as store:
        people.add_people(wikibase.accounts)
        yield Museums(wikibase, store, tmp_path)


def test_what_items_say_is_in_the_fields_that_the_list_names(museums: Museums) -> None:
    source = museums.read("name, P31, p571", "P1128>=10; P856!=")
    assert source.whole
    assert list(source.fields)[4:] == ["p31", "p571", "p1128", "p856"]
    assert source.fields["p571"].label == {"en": "time property"}
    types = [source.fields[name].type for name in ("p31", "p571", "p1128", "p856")]
    assert types == [Type.CHOICE, Type.DATE, Type.NUMBER, Type.URL]
    assert {row.key: dict(row.values) for row in source.rows} == {
        "X-1": {
            "name": ["One"],
            "description": ["Q1 described"],
            "item": ["Q1"],
            "record": ["X-1"],
            "p31": ["Q33506"],
            "p571": ["1850"],
        },
        "X-2": {
            "name": ["Two"],
            "description": ["Q2 described"],
            "item": ["Q2"],
            "record": ["X-2"],
            "p31": ["Q33506"],
            "p1128": ["12"],
        },
        "X-3": {
            "name": ["Q3"],
            "description": ["Q3 described"],
            "item": ["Q3"],
            "record": ["X-3"],
            "p856": ["https://three.example/"],
        },
    }
    assert source.rows[0].url.endswith("/Q1")


def test_a_list_names_properties_in_either_case(museums: Museums) -> None:
    fields = museums.read("-P571, name").fields
    assert parse_sort("-P571, Name", fields) == parse_sort("-p571, name", fields)
    assert parse_where("P571>=1850", fields, lambda _, word: word)[0].field == "p571"


def test_names_are_in_the_pages_language_or_else_in_english(museums: Museums) -> None:
    rows = museums.rows("P31", language="sv")
    assert [row.values["name"] for row in rows.values()] == [["Ett"], ["Two"], ["Q3"]]
    assert "description" not in rows["X-1"].values
    source = museums.read("P31", language="sv")
    assert source.fields["p31"].choices == {"Q33506": {"sv": "museum (sv)"}}


def test_lists_in_two_languages_are_read_together(museums: Museums) -> None:
    mark = museums.wikibase.mark()
    wanted = [Wanted(OF, "en", ("P31",)), Wanted(OF, "sv", ("P571",)), Wanted(OF, "en")]
    found = museums.sources(*wanted)
    assert found.keys() == {(OF, "en"), (OF, "sv")}
    assert {"p31", "p571"} <= found[OF, "sv"].fields.keys()
    # The items and the properties; then the values, which were not known before.
    assert museums.asked(mark) == ["info", "wbgetentities", "info", "wbgetentities"]


def test_nothing_is_read_but_revisions_while_no_item_changes(museums: Museums) -> None:
    before = museums.read("P31, P571")
    mark = museums.wikibase.mark()
    assert museums.read("P31, P571") == before
    assert museums.asked(mark) == ["info"]


def test_of_items_that_changed_only_these_are_read(museums: Museums) -> None:
    museums.read("P31, P571")
    person = Client(museums.wikibase, Login(people.PERSON, people.PERSON_PASSWORD))
    for name, label in (("Q2", "The second"), ("Q33506", "house of art")):
        person.post(action="wbsetlabel", id=name, language="en", value=label)
    mark = museums.wikibase.mark()
    source = museums.read("P31, P571")
    assert museums.asked(mark) == ["info", "wbgetentities"]
    asked = [each.parameters.get("ids") for each in museums.wikibase.requests_since(mark)]
    assert set(filter(None, asked)) == {"Q2|Q33506"}
    assert [row.values["name"] for row in source.rows] == [["One"], ["The second"], ["Q3"]]
    assert source.fields["p31"].choices == {"Q33506": {"en": "house of art"}}


def test_what_was_kept_in_a_broken_file_is_read_again(museums: Museums) -> None:
    before = museums.read("P31")
    kept = museums.config.cache / "register" / "museums.json"
    kept.write_text(kept.read_text()[:-40])
    assert museums.read("P31") == before
    assert museums.read("P571").rows[0].values["p571"] == ["1850"]


def test_an_item_with_an_article_on_the_lists_own_wiki_links_there(museums: Museums) -> None:
    assert [dict(row.articles) for row in museums.read().rows] == [{}, {}, {}]
    links = {wiki: Sitelink(wiki, f"{wiki} of one") for wiki in ("standinwiki", "otherwiki")}
    museums.seed(Item(id="Q4", labels={"en": "Four"}, sitelinks=links))
    museums.know({"X-4": "Item:Q4"})
    source = museums.read()
    row = source.rows[-1]
    assert dict(row.articles) == {"repo": "standinwiki of one"}
    said = [Look(**SPOKEN, site=site).naming(row, "Four") for site in ("repo", "hub")]
    assert said == ["[[standinwiki of one|Four]]", f"[{row.url} Four]"]


def test_records_that_are_gone_and_items_that_are_gone_are_no_rows(museums: Museums) -> None:
    assert museums.store.count_items("museums") == 3
    museums.know({"X-1": "Item:Q1"}, gone=3)
    assert museums.store.count_items("museums") == 2
    museums.know({"X-3": "Item:Q999"})
    assert museums.rows("P31").keys() == {"X-2"}


def test_an_item_that_people_merged_is_shown_as_the_other(museums: Museums) -> None:
    museums.read("P31")
    admin = Client(museums.wikibase, Login(people.ADMIN, people.ADMIN_PASSWORD))
    admin.post(action="wbsetdescription", id="Q2", language="en", value="")
    admin.post(action="wbmergeitems", fromid="Q2", toid="Q1")
    assert museums.rows("P31")["X-2"].values["name"] == ["One"]


@pytest.mark.parametrize("of", ["dataset:", "dataset:no-such", "dataset:../hub", "nothing"])
def test_what_there_is_not_is_left_out(museums: Museums, of: str) -> None:
    assert museums.sources(Wanted(of, "en")) == {}


def test_a_dataset_without_items_has_the_fields_that_lists_name(museums: Museums) -> None:
    museums.know({"X-1": "", "X-2": "", "X-3": ""})
    source = museums.read("P31, P571")
    assert (source.rows, source.fields["p571"].label) == ([], {"en": "P571"})


def test_a_property_that_there_is_not_is_no_field(museums: Museums) -> None:
    assert "p999" not in museums.read("P999").fields
