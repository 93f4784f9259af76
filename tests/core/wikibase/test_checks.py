"""What must not be written is told, with its place; what may be, is not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bots.core.wikibase import action_json
from bots.core.wikibase.change import AliasChange, EntityPatch, StatementEdit, TermChange
from bots.core.wikibase.checks import Fault, Rule, check
from bots.core.wikibase.exact import loads
from bots.core.wikibase.model import (
    JULIAN,
    Coordinate,
    EntityId,
    Item,
    Monolingual,
    Other,
    Quantity,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)
from tests.core.wikibase.entities import REAL

D = Decimal


def rules(value: Value, datatype: str | None = None) -> list[tuple[str, Rule]]:
    faults = check(Statement(Snak("P1", value, datatype=datatype)))
    return [(fault.where.removeprefix("P1/value"), fault.rule) for fault in faults]


@pytest.mark.parametrize(
    ("value", "datatype", "where", "rule"),
    [
        (Time("+1850-02-31T00:00:00Z", 11), None, "/time", Rule.NO_DATE),
        (Time("+1850-02-31T00:00:00Z", 9), None, "/time", Rule.NO_DATE),
        (Time("+1900-02-29T00:00:00Z", 11), None, "/time", Rule.NO_DATE),
        (Time("-0004-02-29T00:00:00Z", 11), None, "/time", Rule.NO_DATE),
        (Time("+1850-13-01T00:00:00Z", 11), None, "/time", Rule.NO_DATE),
        (Time("+1850-04-31T00:00:00Z", 11, JULIAN), None, "/time", Rule.NO_DATE),
        (Time("+1850-00-00T00:00:00Z", 10), None, "/precision", Rule.TOO_PRECISE),
        (Time("+1850-02-00T00:00:00Z", 11), None, "/precision", Rule.TOO_PRECISE),
        (Time("+1850-01-01T00:00:00Z", 12), None, "/precision", Rule.TOO_PRECISE),
        (Time("+1850-01-01T05:00:00Z", 11), None, "/precision", Rule.TOO_PRECISE),
        (Time("+1850-01-01T00:00:00Z", -1), None, "/precision", Rule.TOO_PRECISE),
        (Time("1850-01-01", 11), None, "/time", Rule.NO_TIME),
        (Time("+1850-01-01T00:00:00Z", 11, "http://x"), None, "/calendar", Rule.NO_CALENDAR),
        (Quantity("1.5"), None, "/amount", Rule.UNSIGNED),
        (Quantity("+1", "1", "0", "+2"), None, "/lower", Rule.UNSIGNED),
        (Quantity("abc"), None, "/amount", Rule.NO_AMOUNT),
        (Quantity("+1.90e-9"), None, "/amount", Rule.NO_AMOUNT),
        (Quantity("+01"), None, "/amount", Rule.NO_AMOUNT),
        (Quantity("+" + "9" * 127), None, "/amount", Rule.NO_AMOUNT),
        (Quantity("+1.5", "1", "+1", "+1"), None, "", Rule.BOUNDS_CROSSED),
        (Quantity("+1.5", "1", "+1"), None, "", Rule.BOUNDS_CROSSED),
        (Quantity("+1.5", "metre"), None, "/unit", Rule.NO_UNIT),
        (Coordinate(D("90.01"), D(0)), None, "/latitude", Rule.OUT_OF_RANGE),
        (Coordinate(D(0), D(-361)), None, "/longitude", Rule.OUT_OF_RANGE),
        (Coordinate(D(0), D(0), D(-1)), None, "/precision", Rule.OUT_OF_RANGE),
        (Coordinate(D(0), D(0), globe="moon"), None, "/globe", Rule.NO_GLOBE),
        (Text(""), None, "", Rule.EMPTY),
        (Text(" "), None, "", Rule.EMPTY),
        (Text("123 "), None, "", Rule.SPACES_AROUND),
        (Text("\u00a0123"), None, "", Rule.SPACES_AROUND),
        (Text("a\nb"), None, "", Rule.NOT_ONE_LINE),
        (Text("a\tb"), None, "", Rule.NOT_ONE_LINE),
        (Text("a\ud800"), None, "", Rule.NOT_ONE_LINE),
        (Text("e\u0301"), None, "", Rule.NOT_COMPOSED),
        (Text("x" * 1501), None, "", Rule.TOO_LONG),
        (Text("javascript:alert(1)"), "url", "", Rule.NO_URL),
        (Text("not a url"), "url", "", Rule.NO_URL),
        (Text("https://"), "url", "", Rule.NO_URL),
        (Text("File:A.jpg"), "commonsMedia", "", Rule.NO_FILE_NAME),
        (Text("A|b.jpg"), "commonsMedia", "", Rule.NO_FILE_NAME),
        (Text("A"), "commonsMedia", "", Rule.NO_FILE_NAME),
        (Monolingual("", "nl"), None, "/text", Rule.EMPTY),
        (Monolingual("a", "NL_nl"), None, "/language", Rule.NO_LANGUAGE),
        (EntityId("X5"), None, "", Rule.NO_ID),
        (EntityId("Q05"), None, "", Rule.NO_ID),
        (EntityId("P5"), "wikibase-item", "", Rule.WRONG_TYPE),
        (Text("Q5"), "wikibase-item", "", Rule.WRONG_TYPE),
        (Quantity("+1"), "time", "", Rule.WRONG_TYPE),
    ],
)
def test_a_value_that_may_not_be_written_is_told(
    value: Value, datatype: str | None, where: str, rule: Rule
) -> None:
    assert rules(value, datatype) == [(where, rule)]


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        (Time("+2000-02-29T00:00:00Z", 11), "time"),
        (Time("+1900-02-29T00:00:00Z", 11, JULIAN), "time"),
        (Time("-0005-02-29T00:00:00Z", 11, JULIAN), "time"),
        (Time("+1850-02-00T00:00:00Z", 10), "time"),
        (Time("-13798000000-00-00T00:00:00Z", 3), "time"),
        (Quantity("+123456789012345678901"), "quantity"),
        (Quantity("-0.0000000019", "1", "-0.0000000021", "-0.0000000017"), "quantity"),
        (Quantity("+1", "http://127.0.0.1:8143/entity/Q11573"), "quantity"),
        (Coordinate(D(-90), D(360), D("0.0001")), "globe-coordinate"),
        (Coordinate(D(0), D(0), None), "globe-coordinate"),
        (Text("x" * 1500), "string"),
        (Text("https://example.org/a?b#c"), "url"),
        (Text("mailto:a@example.org"), "url"),
        (Text("Koninklijk Paleis Amsterdam.jpg"), "commonsMedia"),
        (Monolingual("a", "zh-hant"), "monolingualtext"),
        (EntityId("L5-F1"), "wikibase-form"),
        (Other("colour", "{}"), "colour"),
        (Text("12"), "a-datatype-to-come"),
    ],
)
def test_a_value_that_may_be_written_is_not_told(value: Value, datatype: str) -> None:
    assert rules(value, datatype) == []


@pytest.mark.parametrize(
    ("terms", "language", "text", "rule"),
    [
        ("labels", "en", "a\nb", Rule.NOT_ONE_LINE),
        ("labels", "en", "x" * 251, Rule.TOO_LONG),
        ("labels", "en", "", Rule.EMPTY),
        ("descriptions", "en", " a", Rule.SPACES_AROUND),
        ("descriptions", "mul", "a", Rule.DESCRIPTION_IN_MUL),
        ("labels", "EN", "a", Rule.NO_LANGUAGE),
        ("labels", "en/../de", "a", Rule.NO_LANGUAGE),
        ("labels", "xx-none", "a", Rule.NO_LANGUAGE),
    ],
)
def test_a_term_that_may_not_be_written_is_told(
    terms: str, language: str, text: str, rule: Rule
) -> None:
    known = ("en", "mul")
    change = EntityPatch(terms=(TermChange(terms=terms, language=language, text=text),))  # type: ignore[arg-type]
    item = Item(**{terms: {language: text}})  # type: ignore[arg-type]
    for faults in (check(change, known), check(item, known)):
        assert [(fault.where, fault.rule) for fault in faults] == [(f"{terms}/{language}", rule)]


def test_a_description_equal_to_its_label_is_told() -> None:
    item = Item(labels={"en": "a", "nl": "a"}, descriptions={"en": "a", "nl": "b"})
    change = EntityPatch(
        terms=(
            TermChange(terms="labels", language="en", text="a"),
            TermChange(terms="descriptions", language="en", text="a"),
        )
    )
    fault = Fault("descriptions/en", "a", Rule.DESCRIPTION_IS_LABEL)
    assert check(item) == check(change) == [fault]


def test_each_new_part_of_a_change_is_checked_and_what_was_read_is_not() -> None:
    bad, reference = Snak("P2", Text("")), Reference((Snak("P3", Text("")),))
    read = Statement(Snak("P1", Text("")), id="Q1$a")
    edit = StatementEdit(
        read=read,
        mainsnak=Snak("P1", Text(" a")),
        add_qualifiers=(bad,),
        add_references=(reference,),
        replace_references=((reference, Reference(())),),
        remove_references=(reference,),
    )
    aliases = AliasChange(language="en", add=("",), remove=("\n",))
    change = EntityPatch(
        aliases=(aliases,), edit=(edit,), add=(Statement(bad),), remove=(Statement(bad, id="Q1$b"),)
    )
    assert [str(fault) for fault in check(change)] == [
        "aliases/en: empty: ''",
        "statements/P2/value: empty: ''",
        "Q1$a/value: spaces-around: ' a'",
        "Q1$a/qualifiers/P2/value: empty: ''",
        "Q1$a/references/P3/value: empty: ''",
        "Q1$a/references: empty: ''",
    ]


def test_a_snak_needs_a_property_and_a_value_where_it_says_so() -> None:
    for snak, rule in (
        (Snak("Q5", Text("a")), Rule.NO_ID),
        (Snak("P1"), Rule.NO_VALUE),
        (Snak("P1", Text("a"), "novalue"), Rule.NO_VALUE),
        (Snak("P1", snaktype="maybe"), Rule.NO_VALUE),
    ):
        assert [fault.rule for fault in check(snak)] == [rule]
    assert check(Snak.novalue("P1")) == check(Snak.somevalue("P1")) == []


def test_datatypes_that_a_snak_does_not_tell_can_be_given() -> None:
    snak = Snak("P1", Text("Q5"))
    assert check(snak) == []
    assert [f.rule for f in check(snak, datatypes={"P1": "wikibase-item"})] == [Rule.WRONG_TYPE]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real entities are not here")
def test_real_entities_are_hardly_ever_at_fault() -> None:
    faults = []
    for path in sorted(Path(REAL).glob("*.json")):
        entity = action_json.parse_entity(loads(path.read_bytes()))
        assert isinstance(entity, Item) or path.stem.startswith("P")
        faults += [f"{path.stem} {fault}" for fault in check(entity)]  # type: ignore[arg-type]
    assert faults == []
