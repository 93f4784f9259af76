"""Records that name others of their own dataset: linked as soon as both have their items."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from sandbox.domains import carrying
from sandbox.wikibase import people
from tests.domains.hub import Hub
from tests.wikibase.entities_scene import Person

MAPPING: dict[str, Any] = {
    "title": "Organisations",
    "partner": "A registry",
    "site": "wikidata",
    "source": {"package": "p/datapackage.json", "kind": "full"},
    "match": {"property": "P6782", "field": "id", "people": False},
    "create": {"labels": ["en"]},
    "statements": [
        {"property": "P6782", "field": "id", "datatype": "external-id"},
        {"property": "P355", "field": "parts", "record_of": "organisations", "many": True},
    ],
    "terms": [{"term": "label", "language": "en", "field": "name"}],
}


def set_up(hub: Hub, kind: str = "full") -> None:
    hub.properties(P6782="external-id", P355="wikibase-item")
    folder = hub.folder / "datasets" / "p"
    folder.mkdir(parents=True)
    fields = [{"name": name, "type": "any"} for name in ("id", "name", "parts")]
    package = {
        "name": "organisations",
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "A registry"}],
        "resources": [
            {"name": "all", "path": "all.jsonl", "schema": {"fields": fields, "primaryKey": "id"}}
        ],
    }
    (folder / "datapackage.json").write_text(json.dumps(package))
    mapping = {**MAPPING, "source": {**MAPPING["source"], "kind": kind}}
    (folder.parent / "organisations.yaml").write_text(yaml.safe_dump(mapping))
    hub.approved = ["organisations"]
    hub.write()


def release(hub: Hub, parts: Mapping[str, Sequence[str]]) -> str:
    """The registry's next file, and what a run says."""
    told = [{"id": key, "name": f"Org {key}", "parts": [*of]} for key, of in parts.items()]
    path = hub.folder / "datasets" / "p" / "all.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in told))
    ended = hub.hubbot("run", "organisations")
    assert ended.exit_code == 0, ended.output
    return ended.output


def linked(hub: Hub) -> dict[str, list[str]]:
    """The parts of each organisation's item, both by their ids in the registry."""
    person, names = hub.person(), items(hub)
    return {
        key: [names[each["id"]] for each in main(person.entity(name)["claims"], "P355")]
        for name, key in names.items()
    }


def main(claims: Any, property_id: str) -> list[Any]:
    return [each["mainsnak"]["datavalue"]["value"] for each in claims.get(property_id, ())]


def test_what_one_run_makes_is_linked_in_the_same_go(hub: Hub) -> None:
    set_up(hub)
    assert release(hub, {"1": ["2", "3"], "2": ["3"], "3": []}).count("finished") == 2
    assert linked(hub) == {"1": ["2", "3"], "2": ["3"], "3": []}
    again = release(hub, {"1": ["2", "3"], "2": ["3"], "3": []})
    assert again.count("finished; no edits") == again.count("finished") == 1


def test_an_item_that_is_there_is_linked_when_the_other_gets_its_own(hub: Hub) -> None:
    set_up(hub)
    hub.seed(carrying("Q1", "P6782", "1", "Org 1"))
    release(hub, {"1": ["2"]})
    assert linked(hub) == {"1": []}
    release(hub, {"1": ["2"], "2": []})
    assert linked(hub) == {"1": ["2"], "2": []}


def test_a_record_that_waits_is_linked_though_a_file_of_changes_has_it_no_more(hub: Hub) -> None:
    set_up(hub, "delta")
    release(hub, {"1": ["2"]})
    release(hub, {"2": []})
    assert linked(hub) == {"1": ["2"], "2": []}
    release(hub, {"3": ["1"]})
    assert linked(hub) == {"1": ["2"], "2": [], "3": ["1"]}


def test_what_can_not_be_looked_at_again_is_no_reason_to_run_twice(hub: Hub) -> None:
    """The first is not in the file of changes, and its part has another item by now."""
    set_up(hub, "delta")
    release(hub, {"1": ["2"], "2": []})
    person = hub.person()
    (part,) = [name for name, key in items(hub).items() if key == "2"]
    hub.seed({"type": "item", "id": "Q500"})
    person.write(action="wbmergeitems", fromid=part, toid="Q500")
    release(hub, {"2": []})
    assert release(hub, {"3": []}).count("finished") == 1


def test_an_item_that_people_deleted_is_named_by_no_other(hub: Hub) -> None:
    set_up(hub)
    hub.seed(carrying("Q1", "P6782", "1", "Org 1"))
    release(hub, {"1": [], "2": []})
    (part,) = [name for name, key in items(hub).items() if key == "2"]
    admin = Person(hub.wikibase.api, people.ADMIN, people.ADMIN_PASSWORD)
    admin.write(action="delete", title=part)
    release(hub, {"1": [], "2": []})
    assert "invalid" not in release(hub, {"1": ["2"], "2": []})
    assert linked(hub) == {"1": []}


def items(hub: Hub) -> dict[str, str]:
    """The organisations' items, with their ids in the registry."""
    person = hub.person()
    return {
        name: main(person.entity(name)["claims"], "P6782")[0]
        for (name,) in hub.wikibase.state.rows(
            "select entity from page where model = 'wikibase-item' and gone = 0 order by id"
        )
    }
