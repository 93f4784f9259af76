"""What says the same, what says it more finely, and what another thing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.core.merge.facts import Rank, Relation
from bots.core.wikibase import action_json, rest_json
from bots.core.wikibase.equality import (
    NORMALISERS,
    canonical,
    canonical_reference,
    canonical_snak,
    canonical_statement,
    compare,
    compare_statements,
    comparer,
)
from bots.core.wikibase.exact import dumps, loads
from bots.core.wikibase.model import (
    JULIAN,
    Coordinate,
    EntityId,
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
from tests.core.wikibase.entities import statements

D = Decimal
SAME, FINER, COARSER, OTHER = Relation.SAME, Relation.FINER, Relation.COARSER, Relation.OTHER
METRE = "http://www.wikidata.org/entity/Q11573"
DAY, MONTH, YEAR = (Time("+1850-02-01T00:00:00Z", precision) for precision in (11, 10, 9))


def text(*values: str) -> tuple[Text, ...]:
    return tuple(map(Text, values))


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        (EntityId("Q5"), EntityId("Q5", extra=(("future", "1"),)), ()),
        (*text("Caf\u00e9", "Cafe\u0301"), ()),
        (Time("+1850-00-00T00:00:00Z", 9), Time("+1850-01-01T00:00:00Z", 9), ()),
        (Time("+1850-02-00T00:00:00Z", 10), Time("+1850-02-01T00:00:00Z", 10), ()),
        (Time("+1850-02-01T00:00:00Z", 11), Time("+00000001850-02-01T00:00:00Z", 11), ()),
        (Time("+1850-00-00T00:00:00Z", 8), Time("+1859-00-00T00:00:00Z", 8), ()),
        (Time("+1801-00-00T00:00:00Z", 7), Time("+1900-00-00T00:00:00Z", 7), ()),
        (DAY, replace(DAY, timezone=60, before=1, after=2), ()),
        (DAY, replace(DAY, calendar="https://www.wikidata.org/entity/Q1985727"), ()),
        (Quantity("+1.50"), Quantity("+1.5"), ()),
        (Quantity("1.5"), Quantity("+1.5"), ()),
        (Quantity("+0"), Quantity("-0.0"), ()),
        (Quantity("+1"), Quantity("+1", "http://www.wikidata.org/entity/Q199"), ()),
        (Quantity("+1"), Quantity("+1", "https://www.wikidata.org/entity/Q199"), ()),
        (Quantity("+1", METRE), Quantity("+1", METRE.replace("http:", "https:")), ()),
        (Quantity("+1", "1", "+1"), Quantity("+1", "1", "+1", "+1"), ()),
        (Coordinate(D("52"), D("4")), Coordinate(D("52.0"), D("4.00")), ()),
        (Coordinate(D(1), D(2), D(0)), Coordinate(D(1), D(2), None), ()),
        (Coordinate(D(1), D(180)), Coordinate(D(1), D(-180)), ()),
        (Coordinate(D(1), D(2)), Coordinate(D(1), D(2), altitude=D(3)), ()),
        (*text("0000 0001 2281 955X", "000000012281955X"), ("no-spaces",)),
        (*text("0000\u00a00001", "0000 0001"), ("no-spaces",)),
        (*text("Ab", "aB"), ("case",)),
        (*text("a  b", "a b"), ("one-space",)),
        (*text("978\u20113", "978-3"), ("dashes",)),
        (*text("978-3", "9783"), ("no-dashes",)),
        (*text("0012", "12"), ("no-leading-zeros",)),
        (*text("A_b.jpg", "A b.jpg"), ("underscores",)),
        (*text("http://Example.org", "https://example.org/"), ("url",)),
        (*text("http://example.org/a/?q=/", "https://example.org/a?q=/"), ("url",)),
        (*text("0000 000x", "0000000X"), ("no-spaces", "case")),
        (Other("colour", '{"r": 1, "g": 2}'), Other("", '{"g": 2, "r": 1}'), ()),
    ],
)
def test_these_say_the_same(one: Value, other: Value, names: tuple[str, ...]) -> None:
    assert canonical(one, names) == canonical(other, names)
    assert compare(one, other, names) is SAME


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        (EntityId("Q5"), EntityId("Q6"), ()),
        (EntityId("Q5"), Text("Q5"), ()),
        (EntityId("L5"), EntityId("L5-F1"), ()),
        (*text("0000 0001", "00000001"), ()),
        (*text("Ab", "aB"), ()),
        (*text("http://example.org/A", "http://example.org/a"), ("url",)),
        (*text("http://example.org/?a/", "http://example.org/?a"), ("url",)),
        (*text("ftp://example.org/", "ftp://example.org"), ("url",)),
        (*text("-", "\u2013\u2013"), ("no-dashes",)),
        (*text("0", "00x"), ("no-leading-zeros",)),
        (Monolingual("a", "nl"), Monolingual("a", "en"), ()),
        (Monolingual('b":c', "a"), Monolingual("c", 'a":b'), ()),
        (DAY, replace(DAY, calendar=JULIAN), ()),
        (DAY, Time("-1850-02-01T00:00:00Z", 11), ()),
        (DAY, Time("+1850-02-02T00:00:00Z", 11), ()),
        (YEAR, Time("+1851-00-00T00:00:00Z", 9), ()),
        (Time("+1900-00-00T00:00:00Z", 7), Time("+1901-00-00T00:00:00Z", 7), ()),
        (YEAR, Time("+1851-02-01T00:00:00Z", 11), ()),
        (MONTH, replace(YEAR, calendar=JULIAN), ()),
        (Time("tomorrow", 11), DAY, ()),
        (Quantity("+1"), Quantity("-1"), ()),
        (Quantity("+1"), Quantity("+1", METRE), ()),
        (Quantity("+123456789012345678901"), Quantity("+123456789012345678902"), ()),
        (Quantity("+10", "1", "+9", "+11"), Quantity("+12", "1", "+10.5", "+13"), ()),
        (Quantity("+12"), Quantity("+10", "1", "+9", "+11"), ()),
        (Quantity("+10", "1", "+9"), Quantity("+10", "1", None, "+11"), ()),
        (Quantity("+10", METRE), Quantity("+10", "1", "+9", "+11"), ()),
        (Quantity("ten"), Quantity("+10", "1", "+9", "+11"), ()),
        (Coordinate(D("52.01"), D(4), D("0.01")), Coordinate(D(52), D(4), D("0.01")), ()),
        (Coordinate(D(1), D(2), globe=METRE), Coordinate(D(1), D(2)), ()),
        (Coordinate(D("1.1"), D(2)), Coordinate(D(1), D(2)), ()),
        (Coordinate(D("1.1"), D(2)), Coordinate(D(1), D(2), D(1)), ()),
        (Other("colour", "[1]"), Other("colour", "[2]"), ()),
    ],
)
def test_these_say_something_else(one: Value, other: Value, names: tuple[str, ...]) -> None:
    assert canonical(one, names) != canonical(other, names)
    assert compare(one, other, names) is OTHER
    assert compare(other, one, names) is OTHER


@pytest.mark.parametrize(
    ("fine", "coarse"),
    [
        (DAY, MONTH),
        (DAY, YEAR),
        (MONTH, YEAR),
        (YEAR, Time("+1850-00-00T00:00:00Z", 8)),
        (DAY, Time("+1900-00-00T00:00:00Z", 7)),
        (DAY, Time("+2000-00-00T00:00:00Z", 6)),
        (Time("-0044-03-15T00:00:00Z", 11), Time("-0044-00-00T00:00:00Z", 9)),
        (Quantity("+10", "1", "+9.5", "+10.5"), Quantity("+10", "1", "+9", "+11")),
        (Quantity("+10.2"), Quantity("+10", "1", "+9", "+11")),
        (Quantity("+10", "1", "+9", "+11"), Quantity("+10")),
        (Quantity("+10", "1", "+10", "+10"), Quantity("+10")),
        (Quantity("+2.70", "1", "+2.6", "+2.8"), Quantity("+2.7")),
        (
            Coordinate(D("52.37306"), D("4.89139"), D("0.0001")),
            Coordinate(D("52.37"), D("4.89"), D("0.01")),
        ),
        (Coordinate(D(1), D("179.99"), D("0.001")), Coordinate(D(1), D("-179.99"), D("0.1"))),
        (Coordinate(D(1), D(2), D("0.1")), Coordinate(D(1), D(2))),
    ],
)
def test_the_first_says_the_second_more_finely(fine: Value, coarse: Value) -> None:
    assert compare(fine, coarse) is FINER
    assert compare(coarse, fine) is COARSER
    assert canonical(fine) != canonical(coarse)


def test_places_of_one_precision_that_lie_within_it_are_no_contradiction() -> None:
    one = Coordinate(D("52.001"), D(4), D("0.01"))
    assert compare(one, replace(one, latitude=D(52))) is FINER


def test_a_year_of_any_length_can_be_compared() -> None:
    endless = Time(f"+{'9' * 9000}-01-01T00:00:00Z", 9)
    assert compare(endless, YEAR) is OTHER


def snak(property_id: str, value: str) -> Snak:
    return Snak(property_id, Text(value))


def test_rank_references_ids_and_hashes_are_no_part_of_a_statements_equality() -> None:
    one = Statement(snak("P1", "a"), (snak("P2", "b"), snak("P3", "c")), id="Q1$a")
    other = Statement(
        replace(snak("P1", "a"), hash="ab", datatype="string"),
        (snak("P3", "c"), snak("P2", "b")),
        (Reference((snak("P4", "d"),)),),
        Rank.DEPRECATED,
    )
    assert canonical_statement(one) == canonical_statement(other)
    assert compare_statements(one, other) is SAME


def test_qualifiers_count_as_often_as_they_stand() -> None:
    once = Statement(snak("P1", "a"), (snak("P2", "b"),))
    twice = Statement(snak("P1", "a"), (snak("P2", "b"), snak("P2", "b")))
    assert canonical_statement(once) != canonical_statement(twice)
    assert compare_statements(twice, once) is FINER
    assert compare_statements(once, twice) is COARSER


@pytest.mark.parametrize(
    ("theirs", "ours", "relation"),
    [
        (Snak.somevalue("P1"), Snak.novalue("P1"), OTHER),
        (Snak.somevalue("P1"), Snak.somevalue("P1"), SAME),
        (Snak.novalue("P1"), snak("P1", "a"), OTHER),
        (snak("P1", "novalue"), Snak.novalue("P1"), OTHER),
        (snak("P1", "a"), snak("P2", "a"), OTHER),
    ],
)
def test_novalue_somevalue_and_a_value_are_three_things(
    theirs: Snak, ours: Snak, relation: Relation
) -> None:
    assert compare_statements(Statement(theirs), Statement(ours)) is relation
    assert (canonical_snak(theirs) == canonical_snak(ours)) is (relation is SAME)


def test_a_qualifier_besides_makes_a_statement_finer_unless_something_else_is_coarser() -> None:
    start = Snak("P580", DAY)
    day, year = Statement(Snak("P571", DAY)), Statement(Snak("P571", YEAR))
    assert compare_statements(replace(year, qualifiers=(start,)), year) is FINER
    assert compare_statements(replace(day, qualifiers=(start,)), year) is FINER
    assert compare_statements(replace(year, qualifiers=(start,)), day) is OTHER
    assert compare_statements(year, replace(day, qualifiers=(start,))) is COARSER


def test_an_equivalence_is_the_propertys_and_reaches_its_qualifiers() -> None:
    same = comparer({"P213": ("no-spaces",)})
    spaced, packed = snak("P213", "0000 0001"), snak("P213", "00000001")
    assert same(Statement(spaced), Statement(packed)) is SAME
    assert compare_statements(Statement(spaced), Statement(packed)) is OTHER
    main = snak("P1", "0 1")
    assert same(Statement(main, (spaced,)), Statement(main, (packed,))) is SAME
    assert same(Statement(main), Statement(snak("P1", "01"))) is OTHER


def test_an_unknown_equivalence_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match=r"P213: 'spaces' is no equivalence; there are case, .*url"
    ):
        comparer({"P213": ("spaces",)})
    assert all(NORMALISERS[name]("a") for name in NORMALISERS)


def test_the_order_of_a_references_snaks_has_no_meaning_and_neither_has_its_hash() -> None:
    one, other = snak("P248", "a"), snak("P813", "b")
    assert canonical_reference(Reference((one, other), "ab")) == canonical_reference(
        Reference((other, one), "cd")
    )
    assert canonical_reference(Reference((one,))) != canonical_reference(Reference((one, one)))


@given(statements())
def test_a_statement_is_the_same_in_both_forms(statement: Statement) -> None:
    action = action_json.parse_statement(
        loads(dumps(action_json.statement_to_json(statement))),
    )
    rest = rest_json.parse_statement(loads(dumps(rest_json.statement_to_json(statement))))
    assert canonical_statement(action) == canonical_statement(rest)
    assert compare_statements(action, rest) is SAME
    for one, other in zip(action.references, rest.references, strict=True):
        assert canonical_reference(one) == canonical_reference(other)


def pairs(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Value, Value]]:
    return st.tuples(values, values)


few = st.sampled_from
times = st.builds(
    Time,
    few(["+1850-00-00T00:00:00Z", "+1850-02-00T00:00:00Z", "+1850-02-01T00:00:00Z", "+1851-02"]),
    st.integers(6, 11),
    few([JULIAN, YEAR.calendar]),
)
bounds = st.none() | few(["+9", "+9.5", "+10", "+11"])
quantities = st.builds(Quantity, few(["+10", "+10.0", "+9.8", "x"]), few(["1", METRE]))
bounded = st.builds(Quantity, few(["+10", "+9.8"]), st.just("1"), bounds, bounds)


@given(pairs(times) | pairs(quantities) | pairs(bounded) | pairs(quantities | bounded))
def test_relations_turn_round(pair: tuple[Value, Value]) -> None:
    one, other = pair
    turned = {SAME: SAME, FINER: COARSER, COARSER: FINER, OTHER: OTHER}
    assert compare(other, one) is turned[compare(one, other)]
    assert (compare(one, other) is SAME) is (canonical(one) == canonical(other))
