"""What was left, as the store keeps it: the same when it is read again, and short."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.core.merge.facts import Base, Memory, Owned, Rank, Tombstone
from bots.core.wikibase.model import (
    EARTH,
    GREGORIAN,
    JULIAN,
    Coordinate,
    EntityId,
    Monolingual,
    Other,
    Quantity,
    Reference,
    Snak,
    Text,
    Time,
    Value,
)
from bots.datasets.engine.bases import (
    Kept,
    Parts,
    kept_json,
    kept_of,
    references_left,
    snak_of,
    snak_to_json,
)
from bots.datasets.engine.claims import Claim
from bots.datasets.engine.seen import cited

texts = st.text(max_size=12)
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=2).map(lambda n: f"{n:+f}")
degrees = st.decimals(-180, 360, allow_nan=False, allow_infinity=False)
ids = st.integers(1, 9_999).map(lambda number: f"Q{number}")
values: st.SearchStrategy[Value] = st.one_of(
    st.builds(Text, texts),
    st.builds(EntityId, ids),
    st.builds(
        Time,
        st.integers(0, 9_999).map(lambda year: f"+{year:04}-00-00T00:00:00Z"),
        st.integers(0, 14),
        st.sampled_from([GREGORIAN, JULIAN]),
    ),
    st.builds(
        Quantity,
        amounts,
        st.sampled_from(["1", "http://www.wikidata.org/entity/Q11573"]),
        st.none() | amounts,
        st.none() | amounts,
    ),
    st.builds(Coordinate, degrees, degrees, st.none() | degrees, st.sampled_from([EARTH, "Q405"])),
    st.builds(Monolingual, texts, st.sampled_from(["en", "mul"])),
    st.builds(Other, st.sampled_from(["", "odd"]), st.sampled_from(["{}", '{"a": 1.50}'])),
)


def snaks(name: str) -> st.SearchStrategy[Snak]:
    return st.one_of(
        values.map(lambda value: Snak(name, value)),
        st.sampled_from([Snak.somevalue(name), Snak.novalue(name)]),
    )


def bases(name: str) -> st.SearchStrategy[Base[Snak]]:
    return st.builds(
        Base,
        snaks(name),
        st.sampled_from(Owned),
        st.sampled_from(Rank),
        spent=st.lists(texts, max_size=2).map(tuple),
    )


def claims(name: str) -> st.SearchStrategy[Base[Claim]]:
    one = bases(name).map(lambda b: Base(Claim(b.value), b.owned, b.rank, (), b.spent))
    past = st.lists(one, max_size=2).map(tuple)
    return st.builds(lambda b, p: Base(b.value, b.owned, b.rank, p, b.spent), one, past)


def buried(strategy: st.SearchStrategy[Base[Claim]]) -> st.SearchStrategy[Memory[Claim]]:
    return st.one_of(strategy, strategy.map(Tombstone))


parts = st.builds(
    Parts,
    st.dictionaries(
        st.just("P585"), st.lists(bases("P585"), min_size=1, max_size=2).map(tuple), max_size=1
    ),
    st.sampled_from(["", "0123456789abcdef"]),
)
keeps = st.builds(
    Kept,
    buried(claims("P1")),
    parts,
    st.dictionaries(texts, parts, max_size=2),
    st.lists(texts, max_size=2).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(snaks("P1"))
def test_every_value_is_read_back_as_it_was_written(snak: Snak) -> None:
    raw = json.loads(json.dumps(snak_to_json(snak)))
    assert snak_of(raw, "P1") == snak


@settings(max_examples=300, deadline=None)
@given(keeps)
def test_every_slot_is_read_back_as_it_was_written(kept: Kept) -> None:
    raw = kept_json(kept)
    assert json.loads(json.dumps(raw)) == raw
    assert kept_of(raw, "P1") == kept


def test_what_is_as_usual_takes_few_letters() -> None:
    raw = kept_json(Kept(Base(Claim(Snak("P1", EntityId("Q5")))), Parts({}, "0123456789abcdef")))
    assert raw == {"value": {"id": "Q5"}, "reference": "0123456789abcdef"}
    assert kept_json(Kept()) is None
    assert kept_of(None, "P1") == Kept()


def test_what_has_ended_is_remembered_where_nothing_else_is() -> None:
    raw = kept_json(Kept(ended=("time:+1901/9",)))
    assert raw == {"ended": ["time:+1901/9"]}
    assert kept_of(raw, "P1") == Kept(ended=("time:+1901/9",))


@pytest.mark.parametrize("raw", [3, [], {"odd": 1}, {"time": 3, "precision": "9"}])
def test_what_is_no_value_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match="no value in the store"):
        snak_of(raw, "P1")


def test_a_reference_s_digest_is_that_of_what_it_says() -> None:
    one, two = Snak("P248", EntityId("Q1")), Snak("P813", Time("+2026-01-02T00:00:00Z", 11))
    digest = cited(Reference((one, two), "a hash")).digest
    assert len(digest) == 16
    assert cited(Reference((two, one))).digest == digest
    assert cited(Reference((one,))).digest != digest


def test_all_our_references_of_an_item_are_known_former_ones_too() -> None:
    held = {
        "P1": {"value": "a", "reference": "1"},
        "P2": {"value": "b", "parts": {"text:a": {"reference": "2"}, "text:b": {}}},
        "label/en": {"value": "One"},
        "cites": [["P248 entity:Q1"]],
    }
    assert references_left(held.values()) == {"1", "2"}


def test_numbers_stay_exact() -> None:
    place = Snak("P625", Coordinate(Decimal("52.10"), Decimal("-0.000000000000000000001")))
    assert snak_of(json.loads(json.dumps(snak_to_json(place))), "P625") == place
