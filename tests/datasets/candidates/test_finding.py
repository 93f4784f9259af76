"""Candidates are looked for on the wiki: few requests, and what is gone is no candidate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bots.core.outcome import NotReachedError
from bots.core.wikibase import action_json
from bots.core.wikibase.exact import dumps
from bots.core.wikibase.model import EntityId, Item
from bots.datasets.choices.finding import SEARCHES, find, labels, proposals
from bots.datasets.facts import Record
from bots.wiki.entities import Entities
from sandbox.wikibase import people
from sandbox.wikibase.phpjson import loads
from sandbox.wikibase.server import Wikibase, running_wikibase
from tests.datasets.candidates.examples import MUSEUM, MUSEUM_FACTS, ROLES, item, record
from tests.wikibase.entities_scene import open_desk

DATATYPES = {
    "P31": "wikibase-item",
    "P17": "wikibase-item",
    "P131": "wikibase-item",
    "P571": "time",
    "P625": "globe-coordinate",
    "P856": "url",
    "P791": "external-id",
}


@pytest.fixture
def wiki() -> Iterator[Wikibase]:
    with running_wikibase() as wikibase:
        people.add_people(wikibase.accounts)
        for property_id, datatype in DATATYPES.items():
            labelled = {"en": {"language": "en", "value": f"label of {property_id}"}}
            entity = {"type": "property", "id": property_id, "datatype": datatype}
            wikibase.state.seed({**entity, "labels": labelled})
        yield wikibase


@pytest.fixture
def entities(wiki: Wikibase, tmp_path: Path) -> Entities:
    return open_desk(wiki.api, tmp_path).entities("repo")


def put(wiki: Wikibase, one: Item) -> None:
    """The item on the wiki, with ids for its statements."""
    raw: dict[str, Any] = action_json.entity_to_json(one)
    raw["id"], raw["type"] = one.id, "item"
    number = 0
    for group in raw.get("claims", {}).values():
        for statement in group:
            number += 1
            statement["id"] = f"{one.id}$00000000-0000-4000-8000-{number:012d}"
    wiki.state.seed(loads(dumps(raw)))


def asked(wiki: Wikibase, mark: int) -> list[str]:
    return [str(each.parameters.get("action")) for each in wiki.requests_since(mark)]


def test_records_find_their_items_by_their_names(wiki: Wikibase, entities: Entities) -> None:
    put(wiki, item("Q1", "Harbour Museum"))
    put(wiki, item("Q2", "Harbour Museum", facts=MUSEUM_FACTS | {"P17": EntityId("Q38")}))
    put(wiki, item("Q3", "City Collection", "Old Town Library"))
    records = [
        record("1", "Harbour Museum"),
        record("2", "The Old Town Library (Netherlands)"),
        record("3", "Nobody's Gallery"),
        Record("4"),
    ]
    found = find(entities, records, ROLES)
    assert [each.key for each in found] == ["1", "2", "3", "4"]
    assert [each.certain for each in found] == ["Q1", "", "", ""]
    assert [each.item for each in found[0].candidates] == ["Q1", "Q2"]
    assert [each.item for each in found[1].candidates] == ["Q3"]
    assert found[2].candidates == found[3].candidates == ()


def test_an_item_is_certain_for_one_record_at_most(wiki: Wikibase, entities: Entities) -> None:
    put(wiki, item("Q1", "Harbour Museum"))
    twins = [record(key, "Harbour Museum") for key in ("1", "2")]
    assert [each.certain for each in find(entities, twins, ROLES)] == ["", ""]
    assert [each.certain for each in find(entities, twins[:1], ROLES)] == ["Q1"]


def test_what_the_source_itself_names_is_looked_at_and_not_believed(
    wiki: Wikibase, entities: Entities
) -> None:
    put(wiki, item("Q1", "Something else", facts={"P17": EntityId("Q38")}))
    named = Record("1", terms=record("1", "Harbour Museum").terms, item="Q1")
    [found] = find(entities, [named], ROLES)
    assert (found.candidates, found.certain) == ((), "")
    for hint in ("Q77", "P31", "no item"):
        named = Record("1", terms=named.terms, item=hint)
        assert find(entities, [named], ROLES)[0].candidates == ()


def test_a_batch_of_records_is_read_at_once_and_no_name_is_searched_for_twice(
    wiki: Wikibase, entities: Entities
) -> None:
    put(wiki, item("Q1", "Harbour Museum"))
    entities.wiki.log_in()
    mark = wiki.mark()
    records = [record(str(number), "Harbour Museum") for number in range(40)]
    find(entities, records, ROLES)
    assert asked(wiki, mark).count("wbsearchentities") == 1
    assert asked(wiki, mark).count("wbgetentities") == 1
    mark = wiki.mark()
    find(entities, [record("1", *(f"Name {number}" for number in range(30)))], ROLES)
    assert asked(wiki, mark).count("wbsearchentities") == SEARCHES


def test_a_wiki_that_is_not_there_is_said(wiki: Wikibase, tmp_path: Path) -> None:
    gone = open_desk("http://127.0.0.1:21399/w/api.php", tmp_path).entities("repo")
    with pytest.raises(NotReachedError):
        find(gone, [record("1", "Harbour Museum")], ROLES)


def test_labels_are_read_for_items_and_properties(wiki: Wikibase, entities: Entities) -> None:
    put(wiki, item(MUSEUM, "museum"))
    called = labels(entities, [MUSEUM, "P571", "Q404"], "sv")
    assert called == {MUSEUM: "museum", "P571": "label of P571"}


def test_a_value_gets_proposals_by_label(wiki: Wikibase, entities: Entities) -> None:
    put(wiki, item(MUSEUM, "museum", description="institution"))
    found = dict(proposals(entities, ["museum", "no such thing", " ", "x" * 1000], "en"))
    assert [(each.item, each.label, each.description) for each in found["museum"]] == [
        (MUSEUM, "museum", "institution")
    ]
    assert found["no such thing"] == found[" "] == found["x" * 1000] == ()
