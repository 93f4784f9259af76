"""What a row says of its item: whole statements, terms, and what can't be told of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bots.core.config import SiteNumbers
from bots.core.merge.facts import UNKNOWN, ChangePolicy
from bots.core.messages import Messages
from bots.core.wikibase.checks import check
from bots.core.wikibase.make import date, quantity
from bots.core.wikibase.model import (
    Coordinate,
    EntityId,
    Monolingual,
    Quantity,
    Reference,
    Snak,
    Statement,
    Text,
)
from bots.datasets.facts import Record
from tests.datasets.mapping.scene import (
    MUSEUM,
    MUSEUMS,
    is_unknown,
    mapper,
    one_field,
    record,
    said,
    wrong,
)

REFERENCE = Reference(
    (
        Snak("P248", EntityId("Q100")),
        Snak("P791", Text("XE-AB")),
        Snak("P854", Text("https://museums.example/XE-AB")),
        Snak("P813", date(2026, 11, 21)),
    )
)


def changed(**values: Any) -> dict[str, Any]:
    return {**MUSEUM, **values}


def texts(of: Record) -> dict[str, Any]:
    return {f"{each.rule.kind}/{each.language}": each.texts for each in of.terms}


def test_a_row_of_a_museum_is_whole_statements_with_qualifiers_and_reference(
    tmp_path: Path,
) -> None:
    of = record(mapper(tmp_path), MUSEUM)
    year = Snak("P585", date(2025))
    wanted = [
        Statement(Snak("P791", Text("XE-AB"))),
        Statement(Snak("P31", EntityId("Q33506"))),
        Statement(Snak("P31", EntityId("Q7075"))),
        Statement(Snak("P571", date(1798))),
        Statement(
            Snak("P625", Coordinate(Decimal("52.0705"), Decimal("4.3007"), Decimal("0.0001")))
        ),
        Statement(Snak("P856", Text("https://www.museum.example"))),
        Statement(Snak("P1448", Monolingual("Het Museum", "nl"))),
        Statement(Snak("P18", Text("Het museum.jpg"))),
        Statement(Snak("P1174", Quantity("+1200000")), (year, Snak("P459", EntityId("Q791801")))),
    ]
    found = [s for each in of.statements if isinstance(each.values, tuple) for s in each.values]
    assert found == [replace(each, references=(REFERENCE,)) for each in wanted]
    assert [fault for each in found for fault in check(each)] == []
    assert {each.key for each in of.statements if each.rule.property == "P1174"} == {(year,)}
    assert texts(of) == {
        "label/en": ("Het Museum",),
        "description/en": ("museum in The Hague",),
        "alias/en": ("HM",),
    }
    assert (of.key, of.row, of.identifiers) == ("XE-AB", 7, (("P791", "XE-AB"),))
    assert (of.may_create, of.item, of.faults) == (True, "", ())


def test_all_statements_of_a_record_share_one_reference(tmp_path: Path) -> None:
    of = record(mapper(tmp_path), MUSEUM)
    references = {
        id(statement.references[0])
        for each in of.statements
        if isinstance(each.values, tuple)
        for statement in each.values
    }
    assert len(references) == 1


def test_the_rules_say_how_each_property_is_kept(tmp_path: Path) -> None:
    rules = {rule.property: rule for rule in mapper(tmp_path).rules}
    visitors = rules["P1174"]
    assert (visitors.keys, visitors.change) == ({"P585"}, ChangePolicy.END_AND_ADD)
    assert visitors.qualifiers.keys() == {"P459"}
    assert visitors.qualifiers["P459"].column == "method"
    assert (visitors.column, visitors.end, visitors.retrieved) == ("visitors", "P582", "P813")
    assert visitors.cites == {"P248", "P791"}
    assert visitors.retrieved_days == 365
    assert rules["P791"].normalisers == ("no-spaces",)
    assert [rule.many for rule in (rules["P31"], visitors)] == [True, False]


def test_everything_is_in_the_sites_own_numbers(tmp_path: Path) -> None:
    numbers = SiteNumbers(
        properties={
            "P31": "P1",
            "P791": "P2",
            "P248": "P3",
            "P585": "P4",
            "P582": "P5",
            "P813": "P6",
        },
        items={"Q33506": "Q1000", "Q100": "Q2000", "Q791801": "Q3000"},
    )
    made = mapper(tmp_path, numbers=numbers)
    of = record(made, MUSEUM)
    assert [s.mainsnak.value for s in said(of, "P1")] == [EntityId("Q1000"), EntityId("Q7075")]
    assert of.identifiers == (("P2", "XE-AB"),)
    visitors = said(of, "P1174")[0]
    assert visitors.qualifiers[0].property == "P4"
    assert visitors.qualifiers[1].value == EntityId("Q3000")
    assert visitors.references[0].snaks[:2] == (
        Snak("P3", EntityId("Q2000")),
        Snak("P2", Text("XE-AB")),
    )
    rule = made.rules[-1]
    assert (rule.keys, rule.cites) == ({"P4"}, {"P3", "P2"})
    assert (rule.end, rule.retrieved) == ("P5", "P6")


@pytest.mark.parametrize("nothing", ["", "  ", None, []])
def test_an_empty_field_says_nothing(tmp_path: Path, nothing: Any) -> None:
    empty = changed(kinds=nothing, founded=nothing, lat=nothing, visitors=nothing, town=nothing)
    of = record(mapper(tmp_path), {**empty, "acronyms": nothing})
    for property_id in ("P31", "P571", "P625", "P1174"):
        assert said(of, property_id) == []
    assert texts(of) == {"label/en": ("Het Museum",)}
    assert of.faults == ()


def test_a_value_that_fails_is_unknown_and_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    of = record(
        mapper(tmp_path),
        changed(founded="ca. 1850", lat="0", lon="0", kinds="museum; mall;shop", method="counted"),
    )
    assert {each.rule.property for each in of.statements if each.values is UNKNOWN} == {
        "P571", "P625", "P31", "P1174",
    }  # fmt: skip
    assert all(each.key == () for each in of.statements if each.values is UNKNOWN)
    assert wrong(of) == [
        ("mapping-not-in-table", "kinds"),
        ("mapping-not-in-table", "kinds"),
        ("mapping-no-date", "founded"),
        ("mapping-null-island", "{lat},{lon}"),
        ("mapping-no-item", "method"),
    ]
    assert of.faults[0].message.params == {"value": "mall", "table": "kinds", "column": "kinds"}
    assert (of.faults[0].key, of.faults[0].row) == ("XE-AB", 7)
    assert len(said(of, "P791")) == 1
    assert of.may_create


def test_a_field_that_the_record_has_not_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    values = changed()
    del values["founded"]
    of = record(mapper(tmp_path), values)
    assert is_unknown(of, "P571")
    assert wrong(of) == [("mapping-no-field", "founded")]


def test_what_people_completed_goes_before_the_mappings_own_table(tmp_path: Path) -> None:
    made = mapper(tmp_path, tables={"kinds": {"mall": "Q31374404 Q11315", "museum": ""}})
    of = record(made, changed(kinds="museum;mall;library"))
    assert [s.mainsnak.value for s in said(of, "P31")] == [
        EntityId("Q31374404"), EntityId("Q11315"), EntityId("Q7075"),
    ]  # fmt: skip


def test_the_same_value_in_whatever_spelling_counts_once(tmp_path: Path) -> None:
    of = one_field(tmp_path, many=True, equivalence=["case", "no-spaces"])(["A b", "ab", "C"])
    assert [s.mainsnak.value for s in said(of, "P1")] == [Text("A b"), Text("C")]
    of = one_field(tmp_path, equivalence=["case"])(["A", "a"])
    assert [s.mainsnak.value for s in said(of, "P1")] == [Text("A")]


def test_several_values_where_there_is_one_are_unknown(tmp_path: Path) -> None:
    of = one_field(tmp_path)(["a", ["b"]])
    assert is_unknown(of, "P1")
    assert wrong(of) == [("mapping-several-values", "x")]
    assert of.faults[0].message.params["num_values"] == 2


def test_several_values_of_a_qualifier_that_has_one_are_unknown(tmp_path: Path) -> None:
    of = record(mapper(tmp_path), changed(method=["Q1", "Q2"]))
    assert is_unknown(of, "P1174")
    assert wrong(of) == [("mapping-several-values", "method")]


def test_the_first_label_of_a_language_is_it(tmp_path: Path) -> None:
    more = "  - {term: label, language: en, field: town}\n"
    text = MUSEUMS.replace("terms:\n", "terms:\n" + more, 1)
    of = record(mapper(tmp_path, text), MUSEUM)
    assert texts(of)["label/en"] == ("The Hague",)
    assert len([each for each in of.terms if each.rule.kind == "label"]) == 1
    assert texts(record(mapper(tmp_path, text), changed(town="")))["label/en"] == ("Het Museum",)


@pytest.mark.parametrize(
    ("statement", "value", "key"),
    [
        ({"datatype": "time"}, "1850-02-31", "mapping-no-date"),
        ({"datatype": "time"}, "1850-13", "mapping-no-date"),
        ({"datatype": "time", "transform": ["date"]}, "1900-02-29", "mapping-no-date"),
        ({"datatype": "time"}, "0000", "mapping-year-zero"),
        ({"datatype": "url"}, "museum.example", "mapping-no-url"),
        ({"datatype": "commonsMedia"}, "A/b.jpg", "mapping-no-file-name"),
        ({"datatype": "quantity"}, "many", "mapping-no-number"),
        ({"datatype": "quantity"}, "9" * 128, "mapping-no-number"),
        ({"datatype": "globe-coordinate"}, "here", "mapping-no-coordinate"),
        ({"datatype": "wikibase-item"}, "P31", "mapping-no-item"),
        ({"table": "kinds"}, "b", "mapping-not-in-table"),
        ({"table": "kinds"}, {"a": 1}, "mapping-not-text"),
        ({}, "x" * 1501, "mapping-too-long"),
        ({}, "a\nb", "mapping-not-one-line"),
        ({}, {"a": 1}, "mapping-not-text"),
        ({}, True, "mapping-not-text"),
        ({"pattern": "[a-z]+"}, "ab1", "mapping-pattern"),
        ({"pattern": "[0-9]+"}, "12\n", None),
        ({"path": "x.y[0] > abs(x)"}, "a", "mapping-path"),
        ({"datatype": "monolingualtext", "language": {"field": "x"}}, "a b", "mapping-no-language"),
    ],
)
def test_a_value_that_wikibase_should_not_get_is_unknown(
    tmp_path: Path, statement: dict[str, Any], value: Any, key: str | None
) -> None:
    of = one_field(tmp_path, **statement)(value)
    assert is_unknown(of, "P1") == (key is not None)
    assert [message for message, _ in wrong(of)] == ([key] if key else [])


@pytest.mark.parametrize(
    ("statement", "value", "wanted"),
    [
        ({"datatype": "time"}, "1850-02", date(1850, 2)),
        ({"datatype": "time", "transform": ["julian"]}, "1900-02-29", None),
        ({"datatype": "quantity", "unit": "Q11573"}, "1.50", "http://wb.example/entity/Q11573"),
        ({"datatype": "quantity"}, Decimal("1E+3"), quantity(1000)),
        ({"datatype": "quantity", "plus_minus": {"field": "x"}}, 5, quantity(5, plus_minus=5)),
        (
            {
                "datatype": "quantity",
                "transform": [{"number-with-unit": {"units": {"m": "Q11573"}}}],
            },
            "1.50 m",
            "http://wb.example/entity/Q11573",
        ),
        ({"datatype": "globe-coordinate"}, (Decimal(4), Decimal("52.1")), None),
        ({"datatype": "wikibase-item"}, "https://www.wikidata.org/wiki/Q5", EntityId("Q5")),
        ({"table": "kinds"}, "a", EntityId("Q5")),
        ({}, "A\u030a ", Text("Å")),
        ({}, 1017, Text("1017")),
        ({"datatype": "external-id", "pattern": "a|ab"}, "ab", Text("ab")),
    ],
)
def test_a_value_is_made_of_what_a_source_gives(
    tmp_path: Path, statement: dict[str, Any], value: Any, wanted: Any
) -> None:
    told = one_field(tmp_path, concepts="http://wb.example/entity/", **statement)(value)
    (found,) = said(told, "P1")
    held = found.mainsnak.value
    if isinstance(wanted, str):
        assert held == quantity(Decimal("1.50"), wanted)
    elif wanted is not None:
        assert held == wanted
    assert check(found) == []


def test_a_reference_without_what_it_is_known_by_is_not_written(tmp_path: Path) -> None:
    text = MUSEUMS.replace("{property: P791, field: isil}\n", "{property: P791, field: town}\n", 1)
    of = record(mapper(tmp_path, text), changed(town=""))
    assert {each.values for each in of.statements} == {UNKNOWN}
    assert wrong(of) == [("mapping-no-reference", "town")], "told once"
    assert not of.may_create


def test_an_address_that_the_record_has_not_is_left_out_of_the_reference(tmp_path: Path) -> None:
    text = MUSEUMS.replace("museums.example/{isil}", "museums.example/{town}")
    made = mapper(tmp_path, text)
    (found,) = said(record(made, changed(town="")), "P571")
    assert [snak.property for snak in found.references[0].snaks] == ["P248", "P791", "P813"]
    assert made.url(changed(town="")) == ""


def test_an_address_is_put_together_with_what_is_odd_in_it_quoted(tmp_path: Path) -> None:
    made = mapper(tmp_path)
    assert made.url(changed(isil="a/b?c d#ä")) == "https://museums.example/a%2Fb%3Fc%20d%23%C3%A4"
    whole = mapper(tmp_path, MUSEUMS.replace('"https://museums.example/{isil}"', '"{web}"'))
    assert whole.url(changed(web="https://museum.example/a?b")) == "https://museum.example/a?b"


@pytest.mark.parametrize("isil", ["", None, "XE-1", ["XE-AB", "XE-AC"]])
def test_a_record_without_a_sound_identifier_has_none_and_makes_no_item(
    tmp_path: Path, isil: Any
) -> None:
    of = record(mapper(tmp_path), changed(isil=isil))
    assert (of.identifiers, of.may_create) == ((), False)


def test_other_identifiers_come_behind_the_one_that_the_item_is_found_by(tmp_path: Path) -> None:
    text = MUSEUMS.replace(
        "terms:",
        "  - {property: P213, field: acronyms, datatype: external-id, many: true,"
        " transform: [split]}\nterms:",
        1,
    )
    of = record(mapper(tmp_path, text), changed(acronyms="1;2;1"))
    assert of.identifiers == (("P791", "XE-AB"), ("P213", "1"), ("P213", "2"))


def test_no_item_is_made_without_a_label_or_where_the_mapping_does_not_say_so(
    tmp_path: Path,
) -> None:
    assert not record(mapper(tmp_path), changed(name="")).may_create
    assert not record(mapper(tmp_path), changed(name="x" * 251)).may_create
    never = MUSEUMS.replace("create: {labels: [en]}\n", "")
    assert not record(mapper(tmp_path, never), MUSEUM).may_create
    some = MUSEUMS.replace("{labels: [en]}", "{labels: [en], when: \"town == 'Delft'\"}")
    assert not record(mapper(tmp_path, some), MUSEUM).may_create
    assert record(mapper(tmp_path, some), changed(town="Delft")).may_create


def test_what_only_new_items_get_is_no_part_of_what_is_kept_up(tmp_path: Path) -> None:
    text = MUSEUMS.replace(
        "create: {labels: [en]}",
        "create:\n"
        "  labels: [en, de]\n"
        "  statements: [{property: P17, item: Q55}]\n"
        "  terms: [{term: label, language: de, field: name}]",
    )
    made = mapper(tmp_path, text)
    of = record(made, MUSEUM)
    assert of.new_statements == (Statement(Snak("P17", EntityId("Q55")), (), (REFERENCE,)),)
    assert [(each.language, each.texts) for each in of.new_terms] == [("de", ("Het Museum",))]
    assert "P17" not in {rule.property for rule in made.rules}
    assert of.may_create


def test_terms_that_wikibase_should_not_get_are_unknown(tmp_path: Path) -> None:
    made = mapper(tmp_path)
    of = record(made, changed(name="x" * 251, acronyms="a;" + "y" * 251, town="a\nb"))
    assert [(each.rule.kind, each.language, each.texts) for each in of.terms] == [
        ("label", "", UNKNOWN), ("description", "", UNKNOWN), ("alias", "", UNKNOWN),
    ]  # fmt: skip
    assert [key for key, _ in wrong(of) if key != "mapping-pattern"] == [
        "mapping-too-long", "mapping-not-one-line", "mapping-too-long",
    ]  # fmt: skip
    of = record(made, changed(name="museum in The Hague"))
    assert texts(of)["description/"] is UNKNOWN
    assert ("mapping-description-is-label", "museum in {town}") in wrong(of)


def test_a_fault_is_told_with_its_message_in_words(tmp_path: Path) -> None:
    messages = Messages(Path(__file__).parents[3] / "config" / "i18n")
    of = record(mapper(tmp_path), changed(founded="ca. 1850", kinds="mall"))
    told = [messages.text("en", fault.message) for fault in of.faults]
    assert told == [
        "<kbd>mall</kbd> is not in the value table “kinds” (field “kinds”)",
        "<kbd>ca. 1850</kbd> is not a date that is sure (field “founded”)",
    ]
    assert "säkert datum" in messages.text("sv", of.faults[1].message)
