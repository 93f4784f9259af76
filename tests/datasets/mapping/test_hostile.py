"""Values that nobody would write: a record of any shape is judged, never an error."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.core.merge.facts import UNKNOWN
from bots.core.wikibase.checks import check
from bots.core.wikibase.model import Item
from bots.datasets.facts import Record
from bots.datasets.records import Mapper
from bots.datasets.records.takes import UnsureError, searcher
from tests.datasets.mapping.scene import MUSEUM, MUSEUMS, mapper, record
from tests.datasets.mapping.test_shapes import GENE, GENES, ORGANISATION, ORGANISATIONS

ODD = st.sampled_from(
    [
        "", " ", "\x00", "\ud800", "a\nb", "0", "-0", "NaN", "1e999999999", "9" * 300, "Q0", "Q5",
        "31.2.1850", "0000-00-00", "-0044", "18th century", "0,0", "91,181", "javascript:alert(1)",
        "https://[", "=HYPERLINK()", "{{delete}}", "museum;;;", "𝔘" * 300, "e\u0301", "٣", "\u202e",
        Decimal("1E+5000"), Decimal("NaN"), Decimal("-Infinity"), float("nan"), 10**400, True,
        dt.date(1, 1, 1), dt.datetime(9999, 12, 31, tzinfo=dt.UTC), dt.time(1), (1,), (None, None),
        b"bytes", {"lat": "x", "lng": []}, {"type": "Point", "coordinates": [None, None]},
    ]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=20) | ODD,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["value", "lang", "types", "type", "id", "lat", "lng", "all", "chr", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def mappers(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Mapper, dict[str, Any]]]:
    folder: Path = tmp_path_factory.mktemp("mappings")
    return [
        (mapper(folder, MUSEUMS), MUSEUM),
        (mapper(folder, ORGANISATIONS), ORGANISATION),
        (mapper(folder, GENES), GENE),
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_record_of_any_shape_is_judged_and_nothing_bad_comes_out_of_it(
    mappers: list[tuple[Mapper, dict[str, Any]]], data: st.DataObject
) -> None:
    made, sound = data.draw(st.sampled_from(mappers))
    odd = data.draw(st.dictionaries(st.sampled_from(sorted(sound)), VALUES, min_size=1, max_size=6))
    of = record(made, {**sound, **odd})
    assert faults_of(of) == []
    assert {each.rule.property for each in of.statements} <= {rule.property for rule in made.rules}
    made.url({**sound, **odd})


@pytest.mark.parametrize("name", ["names", "types", "locations", "established", "id"])
def test_lists_and_objects_in_one_another_without_end_are_judged(
    mappers: list[tuple[Mapper, dict[str, Any]]], name: str
) -> None:
    lists: Any = "Examplestad"
    objects: Any = "Examplestad"
    for _ in range(5000):
        lists, objects = [lists], {"id": objects}
    made, sound = mappers[1]
    assert faults_of(record(made, {**sound, name: lists})) == []
    assert faults_of(record(made, {**sound, name: objects})) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("contains(x, `null`)", "a"),
        ("contains(x, y)", "a"),
        ("ceil(to_number(x))", "1e999"),
        ("merge(y, y)", None),
        ("to_number(x)", "12345678901234567.123"),
        ("to_number(x)", "nan"),
    ],
)
def test_what_a_path_falls_over_is_unsure(path: str, value: Any) -> None:
    with pytest.raises(UnsureError):
        searcher(path)({"x": value, "y": None})


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("to_number(x)", Decimal("2.50")),
        ("to_string(x)", "2.50"),
        ("type(x)", "number"),
        ("to_number('2.5')", 2.5),
        ("to_string(`[1]`)", "[1]"),
    ],
)
def test_a_path_s_functions_leave_a_number_its_digits(path: str, found: Any) -> None:
    assert repr(searcher(path)({"x": Decimal("2.50")})) == repr(found)


def faults_of(of: Record) -> list[str]:
    """What the wiki should not get, of all that a record says."""
    found: list[str] = []
    for said in of.statements:
        for statement in () if said.values is UNKNOWN else said.values:
            found += [str(fault) for fault in check(statement)]
    for term in of.terms:
        for text in () if term.texts is UNKNOWN else term.texts:
            found += [str(fault) for fault in check(Item(aliases={term.language: (text,)}))]
    return found
