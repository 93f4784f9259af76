"""Records as files: what is read back is what was written, and JSON-LD is schema.org's."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld

from bots.core.cells import read_table
from bots.core.register.facts import PageRecord
from bots.core.register.jsonld import as_json_ld
from bots.core.register.kinds import KindConfig, Type, load_kinds
from bots.core.register.outputs import as_json, write_csv

ROOT = Path(__file__).parents[2]
KINDS = load_kinds(ROOT / "config" / "records")
THEN = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
SCHEMA = "https://schema.org/"

PARENTS = {
    "Thing": "", "CreativeWork": "Thing", "Event": "Thing", "Intangible": "Thing",
    "Organization": "Thing", "Person": "Thing", "Place": "Thing",
    "DigitalDocument": "CreativeWork", "LearningResource": "CreativeWork",
    "SoftwareApplication": "CreativeWork", "Dataset": "CreativeWork",
    "EducationEvent": "Event", "Hackathon": "Event",
    "Grant": "Intangible", "MonetaryGrant": "Grant", "MonetaryAmount": "Intangible",
    "NGO": "Organization", "GovernmentOrganization": "Organization",
    "ResearchOrganization": "Organization", "EducationalOrganization": "Organization",
    "MedicalOrganization": "Organization", "ArchiveOrganization": "Organization",
    "AdministrativeArea": "Place", "Country": "AdministrativeArea",
}  # fmt: skip
"""A type of schema.org's → one that it is a sort of, by the type's page: schema.org/TYPE."""

TEXT, URL, NUMBER, DATE = "Text", "URL", "Number", "Date"

PROPERTIES: Mapping[str, tuple[set[str], set[str]]] = {
    "about": ({"CreativeWork", "Event"}, {"Thing"}),
    "amount": ({"MonetaryGrant"}, {"MonetaryAmount", NUMBER}),
    "areaServed": ({"Organization"}, {"Place", TEXT}),
    "contributor": ({"CreativeWork", "Event"}, {"Organization", "Person"}),
    "creativeWorkStatus": ({"CreativeWork"}, {TEXT}),
    "dateCreated": ({"CreativeWork"}, {DATE}),
    "dateModified": ({"CreativeWork"}, {DATE}),
    "datePublished": ({"CreativeWork"}, {DATE}),
    "description": ({"Thing"}, {TEXT}),
    "educationalUse": ({"CreativeWork"}, {TEXT}),
    "endDate": ({"Event"}, {DATE}),
    "expires": ({"CreativeWork"}, {DATE}),
    "funder": ({"CreativeWork", "Event", "Grant"}, {"Organization", "Person"}),
    "genre": ({"CreativeWork"}, {TEXT, URL}),
    "homeLocation": ({"Person"}, {"Place"}),
    "identifier": ({"Thing"}, {TEXT, URL}),
    "inLanguage": ({"CreativeWork", "Event"}, {TEXT}),
    "isPartOf": ({"CreativeWork"}, {"CreativeWork", URL}),
    "knowsAbout": ({"Organization", "Person"}, {TEXT, "Thing", URL}),
    "knowsLanguage": ({"Organization", "Person"}, {TEXT}),
    "learningResourceType": ({"CreativeWork"}, {TEXT}),
    "license": ({"CreativeWork"}, {"CreativeWork", URL}),
    "location": ({"Event", "Organization"}, {"Place", TEXT}),
    "maintainer": ({"CreativeWork"}, {"Organization", "Person"}),
    "name": ({"Thing"}, {TEXT}),
    "organizer": ({"Event"}, {"Organization", "Person"}),
    "provider": ({"CreativeWork"}, {"Organization", "Person"}),
    "sameAs": ({"Thing"}, {URL}),
    "sponsor": ({"CreativeWork", "Event", "Grant"}, {"Organization", "Person"}),
    "startDate": ({"Event"}, {DATE}),
    "url": ({"Thing"}, {URL}),
}  # fmt: skip
"""A property → types that have it, and what its values are, by its page: schema.org/PROPERTY."""

VALUES = {
    Type.TEXT: "</script>{{x}}", Type.NUMBER: "12", Type.DATE: "2026-11", Type.YES_NO: "yes",
    Type.URL: "https://a.example/?b", Type.COUNTRY: "SE", Type.LANGUAGE: "sv", Type.ITEM: "Q842858",
    Type.PROPERTY: "P1", Type.USER: "Helper", Type.LICENCE: "CC BY 4.0", Type.PAGE: "A page",
    Type.CATEGORY: "Images", Type.DATASET: "heritage-sweden",
    Type.RECORD: "Partnerships/Partners/X",
}  # fmt: skip


def address(title: str) -> str:
    """Where a page of the wiki is."""
    return f"https://hub.example/wiki/{title.replace(' ', '_')}"


def full(kind: KindConfig, choice: int = 0) -> PageRecord:
    """A record that says something in every field; of several values two."""
    values = {}
    for name, field in kind.fields.items():
        choices = list(field.choices)
        value = choices[choice % len(choices)] if choices else VALUES[field.type]
        values[name] = [value, value] if field.many else [value]
    title = f"Partnerships/{kind.below}/X"
    return PageRecord(kind=kind.name, page=7, title=title, revid=1, edited=THEN, values=values)


def no_network(url: str, _options: Any) -> Any:
    """Loads no document, wherever it may be."""
    raise AssertionError(f"{url} was asked for")


def nodes(document: Any) -> Iterator[dict[str, Any]]:
    """All nodes of an expanded document."""
    if isinstance(document, list):
        for each in document:
            yield from nodes(each)
    elif isinstance(document, dict) and "@value" not in document:
        yield document
        for name, value in document.items():
            if not name.startswith("@"):
                yield from nodes(value)


def sorts(name: str) -> set[str]:
    """A type and all that it is a sort of."""
    return {name} | (sorts(PARENTS[name]) if PARENTS[name] else set())


def said(value: dict[str, Any]) -> set[str]:
    """What an expanded value is, in schema.org's words."""
    if "@value" in value:
        number = isinstance(value["@value"], int | float)
        return {NUMBER} if number else {TEXT, DATE}
    if "@type" not in value:
        return {URL}
    return set().union(*(sorts(each.removeprefix(SCHEMA)) for each in value["@type"]))


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("choice", range(11))
def test_every_type_and_property_is_schema_orgs_and_stands_where_it_may(
    name: str, choice: int
) -> None:
    document = as_json_ld([full(KINDS[name], choice)], KINDS, address)
    expanded = jsonld.expand(document, {"documentLoader": no_network})
    [record] = expanded
    assert record["@id"] == address(f"Partnerships/{KINDS[name].below}/X")
    for node in nodes(expanded):
        types = [each.removeprefix(SCHEMA) for each in node.get("@type", [])]
        assert set(types) <= PARENTS.keys()
        properties = {each for each in node if not each.startswith("@")}
        assert types or not properties
        for each in properties:
            domain, expected = PROPERTIES[each.removeprefix(SCHEMA)]
            assert set().union(*map(sorts, types)) & domain, (types, each)
            for value in node[each]:
                assert said(value) & expected, (each, value)


def test_expansion_loses_nothing_of_a_partner() -> None:
    kind = KINDS["partner"]
    record = full(kind)
    [node] = jsonld.expand(as_json_ld([record], KINDS, address), {"documentLoader": no_network})
    assert node["@type"] == [f"{SCHEMA}Organization"]
    assert node[f"{SCHEMA}sameAs"] == [{"@id": "http://www.wikidata.org/entity/Q842858"}]
    assert node[f"{SCHEMA}url"] == [{"@id": "https://a.example/?b"}]
    place = node[f"{SCHEMA}location"][0]
    assert place["@type"] == [f"{SCHEMA}Country"]
    assert place[f"{SCHEMA}name"] == [{"@value": "Sweden"}]
    used = {field.property for field in kind.fields.values() if field.property}
    assert {f"{SCHEMA}{each}" for each in used} <= node.keys()


def test_what_a_record_says_it_is_gives_it_its_type() -> None:
    kind = KINDS["partner"]
    choices = list(kind.fields["kind"].choices)
    record = full(kind, choices.index("authority"))
    document = as_json_ld([record], KINDS, address)
    assert document["@graph"][0]["@type"] == "GovernmentOrganization"


def test_an_address_that_is_none_and_a_number_that_is_none_do_no_harm() -> None:
    kinds = {"partner": KINDS["partner"], "goal": KINDS["goal"]}
    bad = PageRecord(
        kind="partner", page=1, title="X", revid=1, edited=THEN,
        values={"website": ["javascript:alert(1)"], "kind": ["no such"], "stage": ["no such"]},
    )  # fmt: skip
    document = as_json_ld([bad], kinds, lambda _title: None)
    assert document["@graph"] == [{"@type": "Organization", "name": "X"}]


def test_json_has_lists_where_there_may_be_several_values() -> None:
    found = as_json(full(KINDS["partner"]), KINDS, address)
    assert found["kind"] == "partner"
    assert found["id"] == "7"
    assert found["title"] == "Partnerships/Partners/X"
    assert found["url"] == "https://hub.example/wiki/Partnerships/Partners/X"
    assert found["edited"] == "2026-01-02T03:04:05Z"
    assert found["values"]["country"] == ["SE", "SE"]
    assert found["values"]["since"] == "2026-11"
    assert json.loads(json.dumps(found)) == found


def test_values_of_fields_that_the_kind_has_no_more_are_left_out() -> None:
    record = full(KINDS["goal"])
    record = PageRecord(**{**vars(record), "values": {"gone": ["x"], "name": ["A goal"]}})
    assert as_json(record, KINDS, address)["values"] == {"name": "A goal"}
    file = io.StringIO()
    write_csv(file, [record], "goal", KINDS, address)
    assert "gone" not in file.getvalue()


@pytest.mark.parametrize(
    "value", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1", "\t=1", "'=1", "a\n=b"]
)
def test_no_cell_is_a_formula_and_each_reads_back_as_it_was(value: str) -> None:
    record = PageRecord(
        kind="partner", page=7, title=f"Partnerships/Partners/{value}", revid=1, edited=THEN,
        values={"name": [value], "topics": [value, "plain"], "lessons": [value]},
    )  # fmt: skip
    file = io.StringIO()
    write_csv(file, [record], "partner", KINDS, address)
    text = file.getvalue()
    for cell in text.replace('"', "").split(","):
        assert not cell.startswith(("=", "+", "-", "@", "＝", "\t"))
    [row] = read_table(io.StringIO(text, newline=""))
    assert row["name"] == value
    assert row["topics"] == f"{value}; plain"


def test_a_table_of_all_kinds_has_all_fields_once_and_none_hides_the_records_own() -> None:
    file = io.StringIO()
    write_csv(file, [full(kind) for kind in KINDS.values()], None, KINDS, address)
    rows = list(read_table(io.StringIO(file.getvalue(), newline="")))
    assert [row["kind"] for row in rows] == list(KINDS)
    partner = next(row for row in rows if row["kind"] == "partner")
    assert partner["field kind"] in KINDS["partner"].fields["kind"].choices
    head = file.getvalue().split("\n", 1)[0].split(",")
    assert len(head) == len(set(head))
