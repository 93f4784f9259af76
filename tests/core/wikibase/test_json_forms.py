"""Entities survive JSON → model → JSON in both forms, unknown fields and exact numbers included."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from bots.core.merge.facts import Rank
from bots.core.wikibase import action_json, rest_json
from bots.core.wikibase.exact import dumps, loads
from bots.core.wikibase.model import (
    EARTH,
    Coordinate,
    Entity,
    EntityId,
    EntityJSONError,
    Item,
    MediaInfo,
    Missing,
    Other,
    Property,
    Quantity,
    Redirect,
    Text,
)
from tests.core.wikibase.entities import EXCHANGES, REAL, VALUES, items, media, properties


def claim(datavalue: Any, **more: Any) -> dict[str, Any]:
    snak = {"snaktype": "value", "property": "P1", "datavalue": datavalue} | more
    return {"mainsnak": snak, "type": "statement", "id": "Q1$a", "rank": "normal"}


def item(**parts: Any) -> dict[str, Any]:
    whole = {"labels": {}, "descriptions": {}, "aliases": {}, "claims": {}, "sitelinks": {}}
    return {"type": "item", "id": "Q1", **whole, **parts}


@pytest.mark.skipif(not REAL.is_dir(), reason="the real entities are not here")
@pytest.mark.parametrize("path", sorted(REAL.glob("*.json")), ids=lambda path: path.stem)
def test_each_real_entity_survives_both_forms(path: Path) -> None:
    raw = loads(path.read_bytes())
    entity = action_json.parse_entity(raw)
    assert isinstance(entity, Item | Property)
    assert loads(dumps(action_json.entity_to_json(entity))) == raw
    rest = loads(dumps(rest_json.entity_to_json(entity)))
    again = rest_json.parse_entity(rest)
    assert rest_json.entity_to_json(again) == rest
    assert sum(1 for _ in again.all_statements()) == sum(len(g) for g in raw["claims"].values())


@given(items | properties | media)
def test_any_entity_survives_the_action_form(entity: Entity) -> None:
    raw = loads(dumps(action_json.entity_to_json(entity)))
    assert action_json.parse_entity(raw) == entity
    assert action_json.entity_to_json(entity) == raw


@given(items | properties)
def test_any_entity_survives_the_rest_form(entity: Item | Property) -> None:
    raw = loads(dumps(rest_json.entity_to_json(entity)))
    read = rest_json.parse_entity(raw)
    assert rest_json.entity_to_json(read) == raw
    assert rest_json.parse_entity(rest_json.entity_to_json(read)) == read
    assert [each.id for each in read.all_statements()] == [e.id for e in entity.all_statements()]


@given(items)
def test_the_rest_form_tells_each_known_value_as_the_action_form_does(entity: Item) -> None:
    read = rest_json.parse_entity(loads(dumps(rest_json.entity_to_json(entity))))
    for ours, theirs in zip(entity.all_statements(), read.all_statements(), strict=True):
        if isinstance(ours.mainsnak.value, EntityId | Text | Quantity):
            assert theirs.mainsnak.value == ours.mainsnak.value
        assert theirs.rank is ours.rank


def test_every_datatype_is_read_as_its_own_type() -> None:
    # Guards the fuzz: it would pass too if everything were read as Other.
    recorded = Path(__file__).parent / "all_datatypes.json"
    entity = rest_json.parse_entity(loads(recorded.read_bytes()))
    kinds = {each.mainsnak.datatype: each.mainsnak.value for each in entity.all_statements()}
    assert {datatype: value.kind for datatype, value in kinds.items() if value} == {
        "wikibase-item": "wikibase-entityid",
        "wikibase-property": "wikibase-entityid",
        "external-id": "string",
        "string": "string",
        "url": "string",
        "time": "time",
        "quantity": "quantity",
        "globe-coordinate": "globecoordinate",
        "monolingualtext": "monolingualtext",
    }
    assert set(kinds) <= set(VALUES)


def test_an_unknown_datatype_and_unknown_fields_survive_in_every_place() -> None:
    text = """{"type": "item", "id": "Q1", "claims": {"P1": [{"mainsnak": {"snaktype": "value",
      "property": "P1", "hash": "ab", "new": 1, "datatype": "colour", "datavalue": {"type":
      "colour", "value": {"r": 1.50, "g": [52, 52.0]}, "newer": {}}}, "type": "statement", "id":
      "Q1$a", "rank": "deprecated", "new": [], "references": [{"hash": "", "snaks": {"P2":
      [{"snaktype": "value", "property": "P2", "datavalue": {"type": "time", "value": {"time":
      "+2024-00-00T00:00:00Z", "timezone": 60, "before": 1, "after": 2, "precision": 9,
      "calendarmodel": "http://www.wikidata.org/entity/Q1985727", "era": "AD"}}}]},
      "snaks-order": ["P2"], "new": null}]}]}, "labels": {"en": {"language": "en", "value": "a",
      "new": 1}}, "descriptions": {}, "aliases": {"en": [{"language": "en", "value": "b"},
      {"language": "en", "value": "c", "new": 2}]}, "sitelinks": {"nlwiki": {"site": "nlwiki",
      "title": "A", "badges": ["Q1"], "new": 3}}, "new": {"x": 1e-9}, "lastrevid": 7}"""
    raw = loads(text)
    del raw["claims"]["P1"][0]["references"][0]["hash"]
    entity = action_json.parse_entity(raw)
    assert isinstance(entity, Item)
    assert action_json.entity_to_json(entity) == raw
    assert isinstance(entity.statements["P1"][0].mainsnak.value, Other)
    rest = rest_json.entity_to_json(entity)
    assert rest["statements"]["P1"][0]["value"]["content"] == {"r": Decimal("1.50"), "g": [52, 52]}


def test_unknown_fields_of_the_rest_form_survive_in_every_place() -> None:
    told = {"property": {"id": "P1", "data_type": "string", "new": 1}, "new": 2}
    snak = {**told, "value": {"type": "value", "content": "a", "new": 3}}
    statement = {"id": "Q1$a", "rank": "normal", **snak}
    statement |= {"qualifiers": [snak], "references": [{"hash": "ab", "parts": [snak], "new": 4}]}
    raw = {"type": "item", "id": "Q1", "labels": {}, "descriptions": {}, "aliases": {}}
    raw |= {"statements": {"P1": [statement]}, "sitelinks": {}, "new": 5}
    assert rest_json.entity_to_json(rest_json.parse_entity(raw)) == raw


def test_a_snak_that_the_order_forgets_is_kept() -> None:
    snaks = {name: [{"snaktype": "novalue", "property": name}] for name in ("P1", "P2", "P3")}
    found = action_json.parse_snaks(snaks, ["P3", "P9", "P1"])
    assert [snak.property for snak in found] == ["P3", "P1", "P2"]


def test_the_rest_form_has_nothing_of_the_action_apis_page_and_term_fields() -> None:
    label = {"language": "en", "value": "a", "new": 1}
    raw = item(labels={"en": label}, pageid=1, ns=0, title="Q1", modified="x", lastrevid=7, new=2)
    entity = action_json.parse_entity(raw)
    assert isinstance(entity, Item)
    assert set(rest_json.entity_to_json(entity)) - {"new"} == {
        *("id", "type", "labels", "descriptions", "aliases", "statements", "sitelinks")
    }
    assert action_json.entity_to_json(entity) == raw


def test_a_deleted_propertys_datatype_stays_null() -> None:
    raw = {"property": {"id": "P1", "data_type": None}, "value": {"type": "value", "content": "a"}}
    snak = rest_json.parse_snak(raw)
    assert snak.value == Text("a")
    assert rest_json.snak_to_json(snak) == raw


@pytest.mark.parametrize("empty", [{}, []])
def test_empty_objects_may_come_as_lists(empty: Any) -> None:
    names = ("labels", "descriptions", "aliases", "claims", "sitelinks")
    raw = {"type": "item", "id": "Q1", **dict.fromkeys(names, empty)}
    assert action_json.parse_entity(raw) == Item(id="Q1")
    assert action_json.entity_to_json(Item(id="Q1")) == item()


def test_a_mediainfo_has_its_statements_and_captions() -> None:
    snak = {"snaktype": "value", "property": "P180", "hash": "ab"}
    snak["datavalue"] = {
        "type": "wikibase-entityid",
        "value": {"entity-type": "item", "numeric-id": 5, "id": "Q5"},
    }  # type: ignore[assignment]
    statement = {"mainsnak": snak, "type": "statement", "id": "M7$a", "rank": "preferred"}
    raw = {"type": "mediainfo", "id": "M7", "descriptions": [], "statements": {"P180": [statement]}}
    raw["labels"] = {"en": {"language": "en", "value": "A caption"}}
    entity = action_json.parse_entity(raw)
    assert isinstance(entity, MediaInfo)
    assert entity.labels == {"en": "A caption"}
    assert entity.statements["P180"][0].mainsnak.value == EntityId("Q5")
    assert entity.statements["P180"][0].rank is Rank.PREFERRED
    assert action_json.entity_to_json(entity) == raw | {"descriptions": {}}
    nothing = raw | {"labels": [], "statements": []}
    assert action_json.parse_entity(nothing) == MediaInfo(id="M7")


def test_missing_and_redirected_entities_are_told_apart() -> None:
    body = {"entities": {"Q9": {"id": "Q9", "missing": ""}, "Q2": item()}, "success": 1}
    assert action_json.parse_entities(body) == {"Q9": Missing("Q9"), "Q2": Item(id="Q1")}
    assert action_json.parse_entity({"entity": "Q1", "redirect": "Q2"}) == Redirect("Q1", "Q2")


@pytest.mark.parametrize("name", ["labels", "descriptions", "aliases", "claims", "sitelinks"])
def test_half_an_entity_is_refused(name: str) -> None:
    raw = item()
    del raw[name]
    with pytest.raises(EntityJSONError, match=f"Q1: '{name}' is missing"):
        action_json.parse_entity(raw)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "Q1",
        {},
        item(type="lexeme"),
        item(claims={"P1": [{"rank": "normal"}]}),
        item(claims={"P1": [claim("x") | {"rank": "best"}]}),
        item(claims={"P1": [claim({"type": 1, "value": 1})]}),
        item(claims={"P1": 5}),
        item(claims=["P1"]),
        item(labels={"en": "bare"}),
        item(labels={"en": {"language": "en", "value": None}}),
        item(sitelinks={"nlwiki": None}),
    ],
)
def test_what_is_no_entity_is_refused_with_the_same_error(raw: Any) -> None:
    with pytest.raises(EntityJSONError):
        action_json.parse_entity(raw)


@pytest.mark.parametrize(
    "datavalue",
    [
        {"type": "time", "value": {"time": "+2024", "precision": "9", "calendarmodel": "x"}},
        {"type": "time", "value": "+2024"},
        {"type": "string", "value": {"a": 1}},
        {"type": "string", "value": 5},
        {"type": "quantity", "value": {"amount": 5, "unit": "1"}},
        {"type": "globecoordinate", "value": {"latitude": "52", "longitude": 4, "globe": "x"}},
        {
            "type": "globecoordinate",
            "value": {"latitude": Decimal("1e99999"), "longitude": 4, "globe": "x"},
        },
        {
            "type": "globecoordinate",
            "value": {"latitude": Decimal("1." + "3" * 99), "longitude": 4, "globe": "x"},
        },
        {"type": "wikibase-entityid", "value": {"entity-type": "item", "id": "P5"}},
        {"type": "wikibase-entityid", "value": {"entity-type": "sonnet", "id": "N5"}},
        {
            "type": "wikibase-entityid",
            "value": {"entity-type": "item", "id": "Q5", "numeric-id": 6},
        },
        {"type": "bad", "value": {"x": 1}, "error": "corrupt"},
    ],
)
def test_a_value_that_is_not_what_its_type_says_survives_as_it_is(datavalue: Any) -> None:
    raw = item(claims={"P1": [claim(datavalue)]})
    entity = action_json.parse_entity(raw)
    assert isinstance(entity, Item)
    assert isinstance(entity.statements["P1"][0].mainsnak.value, Other)
    assert action_json.entity_to_json(entity) == raw


def test_an_item_value_may_lack_its_numeric_id_or_have_nothing_else() -> None:
    for value in ({"entity-type": "item", "id": "Q5"}, {"entity-type": "item", "numeric-id": 5}):
        raw = claim({"type": "wikibase-entityid", "value": value})
        assert action_json.parse_statement(raw).mainsnak.value == EntityId("Q5")


@pytest.mark.parametrize(
    "text", ["52", "52.0", "1.0e-05", "123456789012345678901", "0.00027777777777778"]
)
def test_numbers_keep_each_digit(text: str) -> None:
    held = {"longitude": 0, "precision": None, "globe": EARTH, "latitude": loads(text)}
    raw = {"type": "globecoordinate", "value": held}
    value = action_json.parse_value(raw)
    assert isinstance(value, Coordinate)
    assert str(value.latitude) == str(Decimal(text))
    written = dumps(action_json.value_to_json(value)["value"]["latitude"])
    assert Decimal(written) == Decimal(text)
    assert isinstance(json.loads(written), float)  # 52 would be an integer to PHP


def test_json_is_exact_or_refused() -> None:
    assert dumps(loads('[52, 52.0, 1E-7, "é\\n", true, false, null, {}, []]')) == (
        '[52, 52.0, 1E-7, "\\u00e9\\n", true, false, null, {}, []]'
    )
    for text in ("NaN", "[Infinity]", "-Infinity", "1e99999999999999999999"):
        with pytest.raises(ValueError, match=r"no JSON number|that can be held"):
            loads(text)
    for value in (1.5, Decimal("NaN"), {1, 2}):
        with pytest.raises(TypeError):
            dumps(value)


def found_entities(body: Any) -> list[dict[str, Any]]:
    """Each whole entity of a recorded answer."""
    if not isinstance(body, dict):
        return []
    held = [body, body.get("entity"), *(body.get("entities") or {}).values()]
    return [
        each for each in held if isinstance(each, dict) and {"sitelinks", "labels"} <= each.keys()
    ]


@pytest.mark.skipif(not EXCHANGES.is_dir(), reason="the recorded exchanges are not here")
def test_every_recorded_item_is_read_and_written_the_same() -> None:
    seen = {"claims": 0, "statements": 0}
    for path in sorted(EXCHANGES.glob("*/*.json")):
        if path.name.startswith("ok_rest_"):  # 1.39's REST API, of another form
            continue
        for raw in found_entities(loads(path.read_bytes())["body"]):
            if "id" not in raw or "type" not in raw:
                continue
            form = rest_json if "statements" in raw else action_json
            entity = form.parse_entity(raw)
            assert isinstance(entity, Item)
            assert form.entity_to_json(entity) == raw, path.name
            seen["statements" if form is rest_json else "claims"] += 1
    assert seen["claims"] > 10
    assert seen["statements"] > 50
