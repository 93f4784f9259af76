"""Research organisations: the ROR registry's records, as its mapping ships."""

from __future__ import annotations

import copy
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bots.core.wikibase.model import Coordinate, EntityId, Text, Time
from sandbox.domains import carrying
from tests.domains.genes import DATASETS, mapping, said
from tests.domains.hub import Hub
from tests.domains.ready import Ready, dumped, is_unknown, record_of, rows, set_up, values, wrong
from tests.wikibase.entities_scene import Person

NAME = "research-organisations"
ROR, CERN = "P6782", "https://ror.org/01ggx4157"
ITEMS = {"https://ror.org/05dxps055": "Q161562", "https://ror.org/027k65916": "Q189325"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in rows(NAME, tmp_path_factory.mktemp("cache"))}


def changed(sample: dict[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {**copy.deepcopy(sample[CERN]), **more}


def test_the_sample_has_forty_organisations_and_their_ids_have_the_right_check_digits(
    sample: dict[str, dict[str, Any]],
) -> None:
    assert len(sample) >= 40
    for each in sample.values():
        of = record_of(NAME, each)
        assert values(of, ROR) == [Text(each["id"].rpartition("/")[2])]
        assert wrong(of.faults) <= {"mapping-not-in-table", "mapping-no-record"}


def test_a_record_says_what_the_registry_says(sample: dict[str, dict[str, Any]]) -> None:
    of = record_of(NAME, sample[CERN])
    assert of.identifiers[0] == (ROR, "01ggx4157")
    assert of.item == "Q42944", "a hint"
    assert values(of, "P571") == [Time("+1954-00-00T00:00:00Z", 9)]
    assert values(of, "P856") == [Text("https://home.cern/")]
    assert values(of, "P2427") == [Text("grid.9132.9")]
    assert values(of, "P17") == [EntityId("Q39")]
    assert values(of, "P159") == [EntityId("Q71")]
    (place,) = values(of, "P625")
    assert isinstance(place, Coordinate)
    assert str(place.precision) == "0.01", "a town's, not a building's"
    (reference,) = said(of, ROR)[0].references
    assert [each.property for each in reference.snaks] == [ROR, "P854", "P813"]
    terms = {(each.rule.kind, each.language): each.texts for each in of.terms}
    assert terms["label", "en"] == ("European Organization for Nuclear Research",)
    assert terms["label", "fr"] == ("Organisation européenne pour la recherche nucléaire",)
    assert terms["alias", "mul"] == ("CERN",), "a name of which nobody said the language"
    assert ("alias", "en") not in terms, "what is the label is no alias"


def test_what_the_registry_prefers_of_an_identifier_counts_and_else_all(
    sample: dict[str, dict[str, Any]],
) -> None:
    isni = {"type": "isni", "all": ["0000 0001 2281 955X", "0000000121032683"], "preferred": None}
    of = record_of(NAME, changed(sample, external_ids=[isni]))
    assert values(of, "P213") == [Text("000000012281955X"), Text("0000000121032683")]
    isni["preferred"] = "0000 0001 2281 955X"
    of = record_of(NAME, changed(sample, external_ids=[isni]))
    assert values(of, "P213") == [Text("000000012281955X")]
    fund = {"type": "fundref", "all": ["501100000000", "100000001"], "preferred": "100000001"}
    assert values(record_of(NAME, changed(sample, external_ids=[fund])), "P3153") == [
        Text("100000001")
    ]


def test_a_country_that_the_table_lacks_is_unknown_and_told(
    sample: dict[str, dict[str, Any]],
) -> None:
    details = {"country_code": "HK", "lat": 22.3, "lng": 114.2}
    place = {"geonames_id": None, "geonames_details": details}
    of = record_of(NAME, changed(sample, locations=[place]))
    assert is_unknown(of, "P17")
    assert wrong(of.faults) == {"mapping-not-in-table"}
    assert values(of, "P625"), "a place whose country has no box is not held against one"


def test_a_town_that_the_table_lacks_is_unknown_and_not_told(
    sample: dict[str, dict[str, Any]],
) -> None:
    of = record_of(NAME, sample["https://ror.org/00f54p054"], lambda _dataset, _key: "Q1")
    assert is_unknown(of, "P159")
    assert of.faults == ()


def test_a_place_in_another_country_and_one_that_nobody_filled_in_are_unknown(
    sample: dict[str, dict[str, Any]],
) -> None:
    for lat, lng, message in ((46.2, -6.15, "check-outside"), (0, 0, "mapping-null-island")):
        details = {"country_code": "CH", "lat": lat, "lng": lng}
        place = {"geonames_id": 2660646, "geonames_details": details}
        of = record_of(NAME, changed(sample, locations=[place]))
        assert is_unknown(of, "P625")
        assert wrong(of.faults) == {message}
        assert values(of, "P17") == [EntityId("Q39")], "the rest goes on"


def test_relations_lead_to_the_items_of_records_of_the_same_dataset(
    sample: dict[str, dict[str, Any]],
) -> None:
    def item_of(dataset: str, key: str) -> str | None:
        assert dataset == NAME
        return ITEMS.get(key)

    of = record_of(NAME, sample["https://ror.org/027k65916"], item_of)
    assert values(of, "P749") == [EntityId("Q161562")]
    of = record_of(NAME, sample["https://ror.org/05dxps055"], item_of)
    assert values(of, "P355") == [EntityId("Q189325")]
    relations = [
        {"type": "successor", "id": "https://ror.org/05dxps055", "label": "x"},
        {"type": "predecessor", "id": "https://ror.org/027k65916", "label": "y"},
        {"type": "related", "id": "https://ror.org/048a87296", "label": "z"},
    ]
    of = record_of(NAME, changed(sample, relationships=relations), item_of)
    assert values(of, "P1366") == [EntityId("Q161562")]
    assert values(of, "P1365") == [EntityId("Q189325")]


def test_a_closed_organisation_has_an_end_and_one_made_in_error_says_nothing(
    sample: dict[str, dict[str, Any]],
) -> None:
    of = record_of(NAME, changed(sample, status="inactive"))
    assert [each.mainsnak.snaktype for each in said(of, "P576")] == ["somevalue"]
    assert values(of, ROR)
    of = record_of(NAME, changed(sample, status="withdrawn"))
    assert (of.statements, of.terms) == ((), ())


def test_a_year_before_our_era_and_names_without_a_known_language_are_told(
    sample: dict[str, dict[str, Any]],
) -> None:
    of = record_of(NAME, changed(sample, established=-387))
    assert values(of, "P571") == [Time("-0387-00-00T00:00:00Z", 9)]
    names = [{"value": "Akademi", "lang": "qqq", "types": ["label", "ror_display"]}]
    of = record_of(NAME, changed(sample, names=names, relationships=[]))
    assert wrong(of.faults) == {"mapping-no-language"}


# On the wiki


def release(ready: Ready, records: list[dict[str, Any]]) -> None:
    ready.file.write_text(dumped(records), encoding="utf-8")


def read(ready: Ready) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ready.file.read_text(encoding="utf-8").splitlines()]


def alone(ready: Ready, key: str = CERN) -> dict[str, Any]:
    """A release of one organisation, without relations."""
    (record,) = (each for each in read(ready) if each["id"] == key)
    record["relationships"] = []
    release(ready, [record])
    return record


def test_the_sample_is_written_once_with_the_relations_of_its_records(
    hub: Hub, tmp_path: Path
) -> None:
    ready = set_up(hub, NAME, tmp_path / "cache")
    ready.run()
    (parent,) = ready.entity("Q189325")["claims"]["P749"]
    assert parent["mainsnak"]["datavalue"]["value"]["id"] == "Q161562"
    assert ready.told() == {}
    assert "P159" not in ready.entity("Q41506")["claims"], "Stanford is in no table of places"
    edits = ready.edits()
    assert edits >= 40
    ready.run()
    assert ready.edits() == edits


def test_a_dump_in_a_zip_is_read_as_a_release_is(hub: Hub, tmp_path: Path) -> None:
    ready = set_up(hub, NAME, tmp_path / "cache")
    record = alone(ready)
    folder = ready.file.parent
    with zipfile.ZipFile(folder / "dump.zip", "w") as archive:
        archive.writestr("v2.0-ror-data.csv", "id\n")
        archive.writestr("v2.0-ror-data.json", json.dumps([record]))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"][0] |= {
        "path": "dump.zip",
        "format": "json",
        "innerpath": "v2.0-ror-data.json",
    }
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    ready.run()
    assert ready.edits() == 1
    assert "P571" in ready.entity("Q42944")["claims"]


def test_a_record_made_in_error_is_deprecated_with_the_reason_and_stays_quiet(
    hub: Hub, tmp_path: Path
) -> None:
    ready = set_up(hub, NAME, tmp_path / "cache", most=0)
    ready.change("  people: true", "  people: false")
    record = alone(ready)
    record["external_ids"] = []
    release(ready, [record])
    ready.run()
    made = ready.made()
    (statement,) = ready.entity(made)["claims"][ROR]
    assert statement["rank"] == "normal", "made by us, with its identifier"
    release(ready, [{**record, "status": "withdrawn"}])
    ready.run()
    (statement,) = ready.entity(made)["claims"][ROR]
    assert statement["rank"] == "deprecated"
    (reason,) = statement["qualifiers"]["P2241"]
    assert reason["datavalue"]["value"]["id"] == "Q21441764"
    hub.person().edit(made, {"labels": {"sv": {"language": "sv", "value": "CERN"}}})
    edits = ready.edits()
    ready.run()
    assert ready.edits() == edits
    assert "match-refuted" not in ready.told(), "it is ourselves who deprecated it"
    release(ready, [record])
    ready.run()
    assert ready.edits() == edits
    assert "match-refuted" in ready.told(), "whether it is sound again is for people"


def test_a_reason_goes_with_the_deprecation_when_the_source_says_it_again(
    hub: Hub, tmp_path: Path
) -> None:
    ready = set_up(hub, NAME, tmp_path / "cache", most=0)
    ready.change(
        "    transform: [year]\n",
        "    transform: [year]\n    withdrawal: deprecate\n    reason: Q21441764\n",
    )
    hub.seed(carrying("Q42944", ROR, "01ggx4157"))
    record = alone(ready)
    ready.run()
    release(ready, [{**record, "established": None}])
    ready.run()
    (founded,) = ready.entity("Q42944")["claims"]["P571"]
    assert (founded["rank"], list(founded["qualifiers"])) == ("deprecated", ["P2241"])
    ready.run()
    release(ready, [record])
    ready.run()
    (founded,) = ready.entity("Q42944")["claims"]["P571"]
    assert (founded["rank"], founded.get("qualifiers", {})) == ("normal", {})
    assert ready.told() == {}
    assert ready.edits() == 3


def test_the_year_in_which_it_closed_says_more_than_that_it_closed(
    hub: Hub, tmp_path: Path
) -> None:
    ready = set_up(hub, NAME, tmp_path / "cache", most=0)
    closed = carrying("Q42944", ROR, "01ggx4157")
    closed["claims"]["P576"] = [
        {
            "id": "Q42944$00000000-0000-4000-8000-000000000003",
            "type": "statement",
            "rank": "normal",
            "mainsnak": {"snaktype": "value", "property": "P576", "datavalue": year(2015)},
        }
    ]
    hub.seed(closed)
    record = alone(ready)
    release(ready, [{**record, "status": "inactive"}])
    ready.run()
    (end,) = ready.entity("Q42944")["claims"]["P576"]
    assert end["mainsnak"]["datavalue"]["value"]["time"].startswith("+2015")
    assert ready.told() == {}, "that is no difference"


def year(number: int) -> dict[str, Any]:
    value = {
        "time": f"+{number}-00-00T00:00:00Z",
        "timezone": 0,
        "before": 0,
        "after": 0,
        "precision": 9,
        "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
    }
    return {"type": "time", "value": value}


def test_one_that_names_a_wrong_item_is_told_before_anything_is_written(
    hub: Hub, tmp_path: Path
) -> None:
    ready = set_up(hub, NAME, tmp_path / "cache", most=0)
    one, other, third, fourth = (copy.deepcopy(each) for each in read(ready)[:4])
    for each, named in ((one, "Q700"), (other, "Q700"), (third, "Q701"), (fourth, "Q702")):
        each["external_ids"] = [{"type": "wikidata", "all": [named], "preferred": None}]
        each["relationships"] = []
    release(ready, [one, other, third, fourth])
    ror = [each["id"].rpartition("/")[2] for each in (one, other, third, fourth)]
    hub.seed({"type": "item", "id": "Q700"})
    hub.seed(carrying("Q701", ROR, "05a28rw58"))
    hub.seed(carrying("Q703", ROR, ror[3]))
    hub.seed({"type": "item", "id": "Q702"})
    answer = Person(hub.wikibase.api, "Admin", "adminpass-1234").write(
        action="wbmergeitems", fromid="Q702", toid="Q703"
    )
    assert "error" not in answer, answer
    ready.run()
    told = ready.told()
    assert told["match-two-named"] == 2, "two records name one item"
    assert told["match-unproven-other"] == 1, "it is another organisation"
    assert told["match-hint-merged"] == 1, "it was merged into the one that carries the id"
    for untouched in ("Q700", "Q701"):
        assert "P571" not in ready.entity(untouched)["claims"]
    assert "P571" in ready.entity("Q703")["claims"], "found by its identifier, not by what is named"


def test_an_item_about_a_person_is_told_and_left(hub: Hub, tmp_path: Path) -> None:
    ready = set_up(hub, NAME, tmp_path / "cache", most=0)
    alone(ready)
    person = carrying("Q42944", ROR, "01ggx4157")
    human = {"entity-type": "item", "id": "Q5"}
    person["claims"]["P31"] = [
        {
            "id": "Q42944$00000000-0000-4000-8000-000000000002",
            "type": "statement",
            "rank": "normal",
            "mainsnak": {
                "snaktype": "value",
                "property": "P31",
                "datavalue": {"type": "wikibase-entityid", "value": human},
            },
        }
    ]
    hub.seed({"type": "item", "id": "Q5"})
    hub.seed(person)
    ready.run()
    assert ready.told() == {"match-kind": 1}
    assert ready.edits() == 0


def test_the_mapping_asks_people_before_an_item_is_made() -> None:
    made = mapping(NAME).create
    assert made is not None
    assert made.people
    assert (DATASETS / "tables" / "countries.csv").exists()
