"""What fails a check is unknown and told, and nothing is written of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bots.core.config import ConfigError, SiteNumbers
from bots.core.merge.facts import UNKNOWN
from bots.core.wikibase.make import date
from bots.core.wikibase.model import JULIAN, EntityId, Property, Snak, Statement, Text, Time
from bots.datasets.checks.constraints import (
    DISTINCT,
    FORMAT,
    PATTERN,
    SINGLE,
    STATUS,
    SUGGESTION,
    Constraints,
    constraints_of,
)
from bots.datasets.checks.dates import is_after
from sandbox.domains import carrying
from tests.datasets.mapping.scene import loaded, one_field
from tests.domains.hub import Hub
from tests.domains.ready import Ready, dumped, set_up
from tests.wikibase.entities_scene import Person

ROR_DATASET, GRID = "research-organisations", "P2427"
CERN, CALTECH = "https://ror.org/01ggx4157", "https://ror.org/05dxps055"


# Dates


@pytest.mark.parametrize(
    ("earlier", "later", "after"),
    [
        (date(1850), date(1849), True),
        (date(1850), date(1850), False),
        (date(1850, 6), date(1850), False),
        (date(1850, 6, 2), date(1850, 6, 1), True),
        (date(1850, 6, 2), date(1850, 6), False),
        (date(-44), date(1), False),
        (date(1), date(-44), True),
        (Time("+1900-00-00T00:00:00Z", 7), date(1801), False),
        (Time("+1900-00-00T00:00:00Z", 7), date(1800), True),
        (Time("+1850-00-00T00:00:00Z", 8), date(1849), True),
        (Time("-0100-00-00T00:00:00Z", 7), date(-50), False),
        (date(1700, 3, 5, JULIAN), date(1700, 3, 1), False),
        (date(1701, 1, 1, JULIAN), date(1700, 12, 31), True),
        (Time("+2000000000-00-00T00:00:00Z", 3), date(1), False),
    ],
)
def test_what_began_surely_after_it_ended_is_out_of_order(
    earlier: Time, later: Time, after: bool
) -> None:
    assert is_after(earlier, later) is after


# The wiki's constraints


def constrained(*statements: Statement) -> Constraints:
    return constraints_of(
        Property(id="P1", statements={"P2302": tuple(statements)}, datatype="external-id"),
        SiteNumbers(),
    )


def constraint(kind: str, *qualifiers: Snak) -> Statement:
    return Statement(Snak("P2302", EntityId(kind)), qualifiers)


def test_the_formats_single_and_distinct_values_of_a_property_are_read() -> None:
    found = constrained(
        constraint(FORMAT, Snak(PATTERN, Text(r"\d{3}"))),
        constraint(SINGLE[0]),
        constraint(DISTINCT),
        constraint("Q53869507"),
    )
    assert found == Constraints((r"\d{3}",), single=True, distinct=True)


def test_a_suggestion_and_a_single_value_a_qualifier_apart_bind_nobody() -> None:
    suggested = Snak(STATUS, EntityId(SUGGESTION))
    found = constrained(
        constraint(FORMAT, Snak(PATTERN, Text("x")), suggested),
        constraint(SINGLE[1], Snak("P4155", EntityId("P407"))),
    )
    assert found == Constraints()


@pytest.mark.parametrize("pattern", [r"(?!x)\d+", r"(a)\1", "(", "x" * 5000])
def test_a_pattern_that_cannot_be_held_in_linear_time_is_told_and_not_used(pattern: str) -> None:
    found = constrained(constraint(FORMAT, Snak(PATTERN, Text(pattern))))
    assert found.patterns == ()
    assert [each.key for each in found.faults] == ["check-pattern"]


# The mapping's own


def test_what_is_not_told_is_unknown_all_the_same(tmp_path: Path) -> None:
    says = one_field(tmp_path, table="kinds", path="x", many=True, told=False)
    of = says(["a", "elsewhere"])
    assert [each.values is UNKNOWN for each in of.statements] == [False, True]
    assert of.faults == ()
    with pytest.raises(ConfigError, match="'told' is for values of a 'table'"):
        one_field(tmp_path, told=False)


def test_a_box_is_four_numbers_and_only_a_place_has_one(tmp_path: Path) -> None:
    text = """\
title: Places
partner: Nobody
site: wikidata
source: {package: p.json, kind: full}
match: {property: P2, field: id}
statements: [%s]
tables: {boxes: {SE: "55, 10, 69, 24"}}
"""
    place = "{property: P625, field: x, datatype: globe-coordinate, within: %s}"
    loaded(tmp_path, text % (place % "{box: [55, 10, 69, 24]}"))
    loaded(tmp_path, text % (place % "{field: country, table: boxes}"))
    for wrong in (
        "{box: [69, 10, 55, 24]}",
        "{box: [55, 10, 69]}",
        "{field: country}",
        "{box: [55, 10, 69, 24], table: boxes}",
        "{field: country, table: nothing}",
    ):
        with pytest.raises(ConfigError, match=r"box|table"):
            loaded(tmp_path, text % (place % wrong))
    with pytest.raises(ConfigError, match="coordinates"):
        loaded(
            tmp_path,
            text % "{property: P1, field: x, datatype: string, within: {box: [1, 2, 3, 4]}}",
        )


# On the wiki


def grid_is(hub: Hub, *constraints: Mapping[str, Any]) -> None:
    """What the wiki says of GRID identifiers."""
    hub.properties(P2302="wikibase-item", P1793="string")
    for kind in (FORMAT, DISTINCT, SINGLE[0]):
        hub.seed({"type": "item", "id": kind})
    statements = [
        {
            "id": f"{GRID}$00000000-0000-4000-8000-{number:012d}",
            "type": "statement",
            "rank": "normal",
            **each,
        }
        for number, each in enumerate(constraints)
    ]
    hub.seed(
        {"type": "property", "id": GRID, "datatype": "external-id", "claims": {"P2302": statements}}
    )


def said(kind: str, pattern: str = "") -> dict[str, Any]:
    value = {"type": "wikibase-entityid", "value": {"entity-type": "item", "id": kind}}
    main = {"snaktype": "value", "property": "P2302", "datavalue": value}
    text = {"type": "string", "value": pattern}
    format_ = {"snaktype": "value", "property": "P1793", "datavalue": text}
    return {"mainsnak": main, **({"qualifiers": {"P1793": [format_]}} if pattern else {})}


@pytest.fixture
def two(hub: Hub, tmp_path: Path) -> Ready:
    """CERN is Q42944, Caltech Q161562; the registry gives both the same GRID identifier."""
    ready = set_up(hub, ROR_DATASET, tmp_path / "cache", most=0)
    lines = ready.file.read_text(encoding="utf-8").splitlines()
    records = [each for each in map(json.loads, lines) if each["id"] in (CERN, CALTECH)]
    for record in records:
        record["relationships"] = []
        record["external_ids"] = [{"type": "grid", "all": ["grid.9132.9"], "preferred": None}]
    ready.file.write_text(dumped(records), encoding="utf-8")
    hub.seed(carrying("Q42944", "P6782", "01ggx4157"))
    hub.seed(carrying("Q161562", "P6782", "05dxps055"))
    return ready


def grid_on(ready: Ready, name: str) -> list[str]:
    claims = ready.entity(name)["claims"].get(GRID, [])
    return [each["mainsnak"]["datavalue"]["value"] for each in claims]


def test_an_identifier_that_fails_the_wikis_format_is_not_written(two: Ready) -> None:
    grid_is(two.hub, said(FORMAT, r"grid\.\d{4,6}\.[0-9a-f]{2}"))
    two.run()
    assert grid_on(two, "Q42944") == grid_on(two, "Q161562") == []
    assert two.told()["check-format"] == 2
    assert "P571" in two.entity("Q42944")["claims"], "the rest goes on"


def test_a_format_that_cannot_be_held_is_told_once_and_holds_nothing_up(two: Ready) -> None:
    grid_is(two.hub, said(FORMAT, r"(?=grid).*"))
    two.run()
    assert grid_on(two, "Q42944") == ["grid.9132.9"]
    assert two.told()["check-pattern"] == 1


def test_a_value_that_is_to_be_on_one_item_is_written_for_neither_of_two_records(
    two: Ready,
) -> None:
    grid_is(two.hub, said(DISTINCT))
    two.run()
    assert grid_on(two, "Q42944") == grid_on(two, "Q161562") == []
    assert two.told()["check-distinct"] == 2


def test_a_value_that_stands_on_another_item_is_told_and_written_nowhere(two: Ready) -> None:
    grid_is(two.hub, said(DISTINCT))
    (record,) = (
        each
        for each in map(json.loads, two.file.read_text(encoding="utf-8").splitlines())
        if each["id"] == CERN
    )
    two.file.write_text(dumped([record]), encoding="utf-8")
    two.hub.seed(carrying("Q900", GRID, "grid.9132.9"))
    two.run()
    assert grid_on(two, "Q42944") == []
    assert two.told()["check-distinct-item"] == 1
    assert "P571" in two.entity("Q42944")["claims"]


def test_no_item_is_made_of_a_record_whose_other_identifier_stands_on_one(two: Ready) -> None:
    grid_is(two.hub, said(DISTINCT))
    two.change("  people: true", "  people: false")
    record = json.loads(two.file.read_text(encoding="utf-8").splitlines()[0])
    record["id"] = "https://ror.org/048a87296"
    two.file.write_text(dumped([record]), encoding="utf-8")
    two.hub.seed(carrying("Q900", GRID, "grid.9132.9"))
    two.run()
    assert two.edits() == 0
    assert two.told()["check-distinct-item"] == 1


def test_no_second_value_is_put_beside_peoples_where_the_wiki_wants_one(two: Ready) -> None:
    grid_is(two.hub, said(SINGLE[0]))
    person = Person(two.hub.wikibase.api)
    claim = {
        "type": "statement",
        "mainsnak": {
            "snaktype": "value",
            "property": GRID,
            "datavalue": {"type": "string", "value": "grid.5555.5"},
        },
    }
    person.edit("Q42944", {"claims": [claim]})
    two.run()
    assert grid_on(two, "Q42944") == ["grid.5555.5"]
    assert grid_on(two, "Q161562") == ["grid.9132.9"]
    assert two.told()["check-single-item"] == 1


def test_without_constraints_all_is_written_and_a_second_run_asks_for_no_property(
    two: Ready,
) -> None:
    two.run()
    assert grid_on(two, "Q42944") == grid_on(two, "Q161562") == ["grid.9132.9"]
    mark = two.hub.wikibase.mark()
    two.run()
    asked = [each.parameters.get("ids", "") for each in two.hub.wikibase.requests_since(mark)]
    assert not any(GRID in each for each in asked)
