"""Built heritage: the registers of two countries, each a mapping and nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bots.core.wikibase.model import JULIAN, Coordinate, EntityId, Monolingual, Text, Time
from bots.datasets.facts import Fault, Row
from bots.datasets.source import SourceConfig, SourceError, open_source
from tests.datasets.source.parts import NOW
from tests.domains.genes import said
from tests.domains.hub import Hub
from tests.domains.ready import Ready, is_unknown, record_of, rows, set_up, values, wrong

SWEDEN, ENGLAND = "heritage-sweden", "heritage-england"
IDENTIFIERS = {SWEDEN: "P1260", ENGLAND: "P1216"}
NO_ARCHITECT = {"mapping-not-in-table"}

BUILDING = {
    "nummer": "99900000000099",
    "namn": "Hamnmagasinet",
    "namn_en": "The Harbour Store",
    "typ": "annat",
    "skydd": "byggnadsminne",
    "skydd_fran": "1969-01-31",
    "skydd_till": None,
    "kommun": "Uppsala",
    "adress": "Hamngatan  1",
    "byggd": "4 maj 1740",
    "arkitekt": None,
    "bild": "File:Hamnmagasinet.jpg",
    "geometry": {"type": "Point", "coordinates": [17.64, 59.858]},
}


def building(**changes: Any) -> Mapping[str, Any]:
    return {**copy.deepcopy(BUILDING), **changes}


@pytest.mark.parametrize("name", [SWEDEN, ENGLAND])
def test_a_sample_has_forty_buildings_in_which_nothing_is_wrong_but_unknown_architects(
    name: str, tmp_path: Path
) -> None:
    found = rows(name, tmp_path)
    assert len(found) >= 40
    for each in found:
        of = record_of(name, each)
        assert of.identifiers
        assert wrong(of.faults) <= NO_ARCHITECT
        assert values(of, "P1435")


def test_a_building_of_sweden_is_mapped_property_by_property() -> None:
    of = record_of(SWEDEN, building())
    assert of.faults == ()
    assert values(of, "P1260") == [Text("raa/bbr/99900000000099")]
    (designation,) = said(of, "P1435")
    assert designation.mainsnak.value == EntityId("Q24284072")
    (start,) = designation.qualifiers
    assert (start.property, start.value) == ("P580", Time("+1969-01-31T00:00:00Z", 11))
    assert values(of, "P17") == [EntityId("Q34")]
    assert values(of, "P131") == [EntityId("Q59091")]
    (place,) = values(of, "P625")
    assert isinstance(place, Coordinate)
    assert (str(place.latitude), str(place.longitude)) == ("59.858", "17.64")
    assert str(place.precision) == "0.001"
    assert values(of, "P6375") == [Monolingual("Hamngatan 1", "sv")]
    assert values(of, "P571") == [Time("+1740-05-04T00:00:00Z", 11, JULIAN)]
    assert values(of, "P18") == [Text("Hamnmagasinet.jpg")]
    (reference,) = designation.references
    assert [each.property for each in reference.snaks] == ["P1260", "P854", "P813"]


def test_a_building_of_england_is_mapped_property_by_property(tmp_path: Path) -> None:
    (lloyds,) = (each for each in rows(ENGLAND, tmp_path) if each["name"] == "Lloyd's building")
    of = record_of(ENGLAND, {**lloyds, "architect": "Christopher Wren; Inigo Jones"})
    assert of.faults == ()
    (designation,) = said(of, "P1435")
    assert designation.mainsnak.value == EntityId("Q15700818")
    assert [each.value for each in designation.qualifiers] == [Time("+2011-00-00T00:00:00Z", 9)]
    assert values(of, "P84") == [EntityId("Q170373"), EntityId("Q295929")]
    assert values(of, "P131") == [EntityId("Q23311")]
    assert values(of, "P571") == [Time("+1986-00-00T00:00:00Z", 9)]


def test_a_designation_that_was_withdrawn_has_an_end() -> None:
    of = record_of(SWEDEN, building(skydd_till="1993"))
    ends = [each for each in said(of, "P1435")[0].qualifiers if each.property == "P582"]
    assert [each.value for each in ends] == [Time("+1993-00-00T00:00:00Z", 9)]
    assert of.faults == ()


@pytest.mark.parametrize(
    ("built", "time"),
    [
        ("12th century", Time("+1200-00-00T00:00:00Z", 7, JULIAN)),
        ("1850s", Time("+1850-00-00T00:00:00Z", 8)),
        ("44 BC", Time("-0044-00-00T00:00:00Z", 9, JULIAN)),
        ("1753-03-01", Time("+1753-03-01T00:00:00Z", 11)),
        ("februari 1753", Time("+1753-02-00T00:00:00Z", 10, JULIAN)),
    ],
)
def test_a_date_has_the_precision_and_the_calendar_of_its_time(built: str, time: Time) -> None:
    assert values(record_of(SWEDEN, building(byggd=built)), "P571") == [time]


@pytest.mark.parametrize(
    ("change", "property_id", "message"),
    [
        ({"byggd": "omkring 1850"}, "P571", "mapping-no-date"),
        ({"byggd": "0000"}, "P571", "mapping-year-zero"),
        ({"geometry": {"type": "Point", "coordinates": [0, 0]}}, "P625", "mapping-null-island"),
        ({"geometry": {"type": "Point", "coordinates": [59.858, 17.64]}}, "P625", "check-outside"),
        (
            {"geometry": {"type": "Point", "coordinates": [647912, 6638512]}},
            "P625",
            "mapping-no-coordinate",
        ),
        (
            {"geometry": {"type": "Polygon", "coordinates": [[[17, 59], [18, 59], [17, 59]]]}},
            "P625",
            "mapping-no-coordinate",
        ),
        ({"kommun": "Ankeborg"}, "P131", "mapping-not-in-table"),
        ({"skydd": "naturreservat"}, "P1435", "mapping-not-in-table"),
        ({"arkitekt": "Somebody"}, "P84", "mapping-not-in-table"),
        ({"bild": "https://photos.example/1.jpg"}, "P18", "mapping-no-file-name"),
        ({"nummer": "12"}, "P1260", "mapping-pattern"),
    ],
)
def test_what_is_odd_in_a_building_is_unknown_and_told_and_the_rest_goes_on(
    change: dict[str, Any], property_id: str, message: str
) -> None:
    of = record_of(SWEDEN, building(**change))
    assert message in wrong(of.faults)
    if property_id != "P1260":
        assert is_unknown(of, property_id)
    assert values(of, "P17") == [EntityId("Q34")]


def test_a_building_without_a_place_a_date_or_a_picture_lacks_nothing_else() -> None:
    of = record_of(SWEDEN, building(geometry=None, byggd=None, bild=None, adress=None))
    assert of.faults == ()
    assert not any(values(of, each) for each in ("P625", "P571", "P18", "P6375"))


# On the wiki


@pytest.mark.parametrize("name", [SWEDEN, ENGLAND])
def test_a_sample_is_written_once(name: str, hub: Hub, tmp_path: Path) -> None:
    ready = set_up(hub, name, tmp_path / "cache", most=15)
    ready.run()
    edits = ready.edits()
    assert edits == len(rows(name, tmp_path / "cache"))
    ready.run()
    assert ready.edits() == edits
    assert set(ready.told()) <= NO_ARCHITECT


def test_a_designation_that_the_register_ends_gets_its_end_in_one_edit(
    hub: Hub, tmp_path: Path
) -> None:
    ready = set_up(hub, SWEDEN, tmp_path / "cache", most=0)
    release(ready, building(bild=None))
    ready.run()
    made = ready.made()
    release(ready, building(bild=None, skydd_till="1993-05-01"))
    ready.run()
    (designation,) = ready.entity(made)["claims"]["P1435"]
    (end,) = designation["qualifiers"]["P582"]
    assert end["datavalue"]["value"]["time"] == "+1993-05-01T00:00:00Z"
    assert ready.edits() == 2


def release(ready: Ready, *buildings: Mapping[str, Any]) -> None:
    """A release of Sweden's register."""
    ready.file.write_text(json.dumps(collection(*buildings)), encoding="utf-8")


def collection(*buildings: Mapping[str, Any]) -> dict[str, Any]:
    """The buildings as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {name: each[name] for name in each if name != "geometry"},
            "geometry": each["geometry"],
        }
        for each in buildings
    ]
    return {"type": "FeatureCollection", "features": features}


# GeoJSON


def opened(folder: Path, text: str | bytes, **more: Any) -> list[Row | Fault]:
    """What is read of a GeoJSON file."""
    fields = [{"name": name, "type": "string"} for name in ("id", "name")]
    fields.append({"name": "geometry", "type": "object"})
    resource = {
        "name": "places",
        "path": "places.geojson",
        "schema": {"fields": fields, "primaryKey": "id"},
    }
    package = {
        "name": "places",
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "Nobody"}],
        "resources": [resource],
    }
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    data = text.encode() if isinstance(text, str) else text
    (folder / "places.geojson").write_bytes(data)
    config = SourceConfig.model_validate({"package": "datapackage.json", "kind": "full", **more})
    return list(open_source(config, folder, folder / "cache", None, NOW).rows())


def faults_of(folder: Path, text: str) -> list[str]:
    """What is wrong in a GeoJSON file, before it is read or where it breaks off."""
    try:
        found = opened(folder, text)
    except SourceError as error:
        return [each.message.key for each in error.faults]
    return [each.message.key for each in found if isinstance(each, Fault)]


def feature(key: str, **more: Any) -> dict[str, Any]:
    """A feature whose properties are an id and a name."""
    point = {"type": "Point", "coordinates": [17.64, 59.858]}
    told = {"type": "Feature", "properties": {"id": key, "name": "x"}, "geometry": point}
    return {**told, **more}


def text_of(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)})


def test_each_feature_is_a_record_of_its_properties_and_its_geometry(tmp_path: Path) -> None:
    found = opened(tmp_path, text_of(feature("a"), feature("b"), name="x", bbox=[1, 2, 3, 4]))
    assert [each.key for each in found] == ["a", "b"]
    assert isinstance(found[0], Row)
    assert found[0].cells["geometry"]["type"] == "Point"
    bare = feature("", properties={"name": "x"}, id="7", geometry=None)
    (row,) = opened(tmp_path, text_of(bare))
    assert row.key == "7", "the feature's own id, where no property is called so"


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        ("text", "source-geojson-feature"),
        ({"type": "Point", "coordinates": [1, 2]}, "source-geojson-feature"),
        (feature("b", properties=["x"]), "source-geojson-properties"),
        (feature("b", geometry={"type": "Circle", "coordinates": []}), "source-geojson-geometry"),
        (feature("b", geometry={"type": "Point"}), "source-geojson-geometry"),
        (feature("b", properties={"id": "b", "geometry": 1}), "source-property-double"),
        (feature("b", properties=None), "source-key-empty"),
    ],
)
def test_a_feature_that_is_none_is_a_fault_and_the_others_are_read(
    odd: Any, message: str, tmp_path: Path
) -> None:
    found = opened(tmp_path, text_of(feature("a"), odd, feature("c")))
    assert [each.key for each in found if isinstance(each, Row)] == ["a", "c"]
    (fault,) = (each for each in found if isinstance(each, Fault))
    assert (fault.message.key, fault.row) == (message, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (json.dumps(feature("a")), "source-geojson-shape"),
        (json.dumps([feature("a")]), "source-geojson-shape"),
        ('{"features": []}', "source-geojson-shape"),
        (text_of(), "source-no-records"),
        (text_of(feature("a"))[:-3], "source-json"),
        (text_of(feature("a")) + "x", "source-json"),
        ('{"type": "FeatureCollection", "features": {}}', "source-json"),
        (text_of(feature("a"), crs={"type": "name", "properties": {"name": "EPSG:3006"}}),
         "source-geojson-crs"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_collection_of_places_in_degrees_is_told(
    text: str, message: str, tmp_path: Path
) -> None:
    assert faults_of(tmp_path, text) == [message]


def test_the_name_of_degrees_from_before_the_standard_is_taken(tmp_path: Path) -> None:
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        crs = {"type": "name", "properties": {"name": name}}
        assert len(opened(tmp_path, text_of(feature("a"), crs=crs))) == 1
