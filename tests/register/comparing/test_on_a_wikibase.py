"""Records compared with items on a Wikibase: what is read, how seldom, and what is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bots.core.plan import JSON, Finding, Judged
from bots.core.register.facts import PageRecord
from bots.core.wikibase.action_json import entity_to_json
from bots.core.wikibase.model import Entity, EntityId, Item, Property, Snak, Statement, Text, Value
from bots.register.comparing.plan import plan
from bots.register.comparing.read import read
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.accounts import Login
from sandbox.client import Client
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase, running_wikibase
from tests.register.world import kinds
from tests.wikibase.entities_scene import hub_config

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SWEDEN, NORWAY = "Q34", "Q20"


class Register:
    """Partners with items, and run after run of comparing them."""

    def __init__(self, wikibase: Wikibase, folder: Path) -> None:
        self.wikibase = wikibase
        self.config = hub_config(wikibase.api, folder).model_copy(update={"folder": folder})
        self.desk = Desk(Wikis(self.config))
        self.desk.wikis["repo"].log_in()
        self.bases: dict[str, dict[str, JSON]] = {}
        self.records: dict[str, PageRecord] = {}
        self.now = NOW
        types = {"P17": "wikibase-item", "P31": "wikibase-item", "P297": "external-id"}
        for name, datatype in {**types, "P856": "url", "P373": "string"}.items():
            self.seed(Property(id=name, datatype=datatype))
        self.item(SWEDEN, "Sweden", P297=Text("SE"))
        self.item(NORWAY, "Norway", P297=Text("NO"))
        self.item("Q5", "human")

    def seed(self, entity: Entity) -> None:
        self.wikibase.state.seed(entity_to_json(entity))

    def item(self, name: str, label: str, **said: Value) -> None:
        statements = {
            key: (Statement(Snak(key, value), id=f"{name}$00000000-0000-4000-8000-{number:012d}"),)
            for number, (key, value) in enumerate(said.items())
        }
        self.seed(Item(id=name, labels={"en": label}, statements=statements))

    def partner(self, name: str, item: str, **values: str) -> None:
        said = {"name": name, "item": item, **values}
        self.records[name] = PageRecord(
            kind="partner",
            page=len(self.records) + 1,
            title=f"Partnerships/Partners/{name}",
            revid=1,
            edited=NOW,
            values={key: (value,) for key, value in said.items()},
        )

    def run(self, items: str = "repo") -> list[tuple[str, str]]:
        """One run: the records' names and the messages' keys of what is told."""
        records = list(self.records.values())
        facts = read(self.desk, self.config, kinds(), records, self.bases, items, self.now)
        told = []
        for each in plan(facts):
            if isinstance(each, Judged):
                left = {**self.bases.get(each.target.title, {}), **each.leaves}
                self.bases[each.target.title] = {k: v for k, v in left.items() if v is not None}
            elif isinstance(each, Finding):
                told.append((each.target.title.rpartition("/")[2], each.message.key))
        return told

    def asked(self, items: str = "repo") -> int:
        """How many requests a run takes."""
        mark = self.wikibase.mark()
        self.run(items)
        return len(self.wikibase.requests_since(mark))

    def person(self) -> Client:
        return Client(self.wikibase, Login(people.PERSON, people.PERSON_PASSWORD))


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with running_wikibase() as wikibase:
        people.add_people(wikibase.accounts)
        made = Register(wikibase, tmp_path)
        made.item("Q1", "Sea Museum", P17=EntityId(SWEDEN), P856=Text("http://sea.example/"))
        made.item("Q2", "Air Museum", P17=EntityId(NORWAY))
        made.item("Q3", "Fire Museum", P31=EntityId("Q5"))
        made.partner("Sea Museum", "Q1", country="SE", website="https://sea.example")
        made.partner("Air museum", "Q2", country="SE")
        made.partner("Fire Museum", "Q3")
        made.partner("Earth Museum", "Q404")
        yield made


TOLD = [
    ("Air museum", "register-item-differs"),
    ("Fire Museum", "register-item-person"),
    ("Earth Museum", "register-item-gone"),
]


def test_what_differs_is_told_again_and_again_and_asked_for_once(register: Register) -> None:
    assert register.run() == TOLD
    mark = register.wikibase.mark()
    assert register.run() == TOLD
    assert register.wikibase.requests_since(mark) == []


def test_a_day_later_one_request_tells_that_nothing_has_changed(register: Register) -> None:
    register.run()
    register.now += timedelta(days=1)
    assert register.asked() == 1


def test_a_record_that_changed_is_compared_at_once_and_alone(register: Register) -> None:
    register.run()
    register.partner("Air museum", "Q2", country="NO")
    assert register.asked() == 3  # its item's revision, the item, the country's code
    assert register.run() == TOLD[1:]


def test_an_item_that_changed_is_compared_with_the_next_listing(register: Register) -> None:
    register.run()
    register.person().post(action="wbsetlabel", id="Q1", language="en", value="Ocean Hall")
    assert register.run() == TOLD
    register.now += timedelta(days=1)
    assert register.run() == [("Sea Museum", "register-item-name"), *TOLD]


def test_a_merged_item_is_told_with_the_one_that_it_is_now(register: Register) -> None:
    register.item("Q7", "Sea Museum")
    register.person().post(action="wbmergeitems", fromid="Q1", toid="Q7", ignoreconflicts="")
    assert register.run() == [("Sea Museum", "register-item-merged"), *TOLD]


def test_what_is_remembered_goes_with_the_record(register: Register) -> None:
    register.run()
    del register.records["Air museum"]
    assert register.run() == TOLD[1:]
    assert register.bases["Partnerships/Partners/Air museum"] == {}


def test_without_a_wiki_of_items_nothing_is_asked_and_nothing_told(register: Register) -> None:
    assert register.run("") == []
    assert register.asked("") == 0
