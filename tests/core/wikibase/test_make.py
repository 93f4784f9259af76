"""Numbers and dates of sources become Wikibase's, with each digit and nothing made up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.core.merge.facts import Relation
from bots.core.wikibase import action_json
from bots.core.wikibase.checks import check
from bots.core.wikibase.equality import compare
from bots.core.wikibase.exact import dumps, loads
from bots.core.wikibase.make import date, quantity
from bots.core.wikibase.model import Quantity, Snak

METRE = "http://www.wikidata.org/entity/Q11573"


@pytest.mark.parametrize(
    ("amount", "plus_minus", "made"),
    [
        ("123456789012345678901", None, Quantity("+123456789012345678901", METRE)),
        (
            "1.90e-9",
            "0.20e-9",
            Quantity("+0.00000000190", METRE, "+0.00000000170", "+0.00000000210"),
        ),
        ("2.70e34", None, Quantity("+27000000000000000000000000000000000", METRE)),
        ("-0.10", "0.1", Quantity("-0.10", METRE, "-0.20", "+0.00")),
        ("0", "0", Quantity("+0", METRE, "+0", "+0")),
        ("-0.0", None, Quantity("+0.0", METRE)),
    ],
)
def test_an_amount_keeps_each_digit(amount: str, plus_minus: str | None, made: Quantity) -> None:
    around = None if plus_minus is None else Decimal(plus_minus)
    value = quantity(Decimal(amount), METRE, around)
    assert value == made
    assert check(Snak("P1", value)) == []
    raw = loads(dumps(action_json.value_to_json(value)))
    assert action_json.parse_value(raw) == value
    plain = Quantity(f"{Decimal(amount).normalize():+f}", METRE, value.lower, value.upper)
    assert compare(value, plain) is Relation.SAME


@given(
    st.decimals(-(10**20), 10**20, allow_nan=False, places=9),
    st.decimals(0, 10**20, allow_nan=False, places=12),
)
def test_bounds_are_exactly_as_far_away_as_told(amount: Decimal, around: Decimal) -> None:
    value = quantity(amount, "1", around)
    assert value.lower is not None
    assert value.upper is not None
    lower, middle, upper = map(Fraction, (value.lower, value.amount, value.upper))
    assert middle - lower == upper - middle == Fraction(around)
    assert middle == Fraction(amount)
    assert check(Snak("P1", value)) == []


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e999999999", "1e-999999999", "1e127"])
def test_no_number_and_a_number_too_long_are_refused(amount: str) -> None:
    with pytest.raises(ValueError, match=r"no number|too long"):
        quantity(Decimal(amount))
    with pytest.raises(ValueError, match=r"no number|too long"):
        quantity(1, "1", Decimal(amount))


def test_bounds_cannot_be_crossed() -> None:
    with pytest.raises(ValueError, match="bounds cannot be -1 away"):
        quantity(1, "1", -1)


def test_a_date_is_as_precise_as_it_was_told() -> None:
    assert (date(1850).time, date(1850).precision) == ("+1850-00-00T00:00:00Z", 9)
    assert (date(850, 2).time, date(850, 2).precision) == ("+0850-02-00T00:00:00Z", 10)
    assert (date(-44, 3, 15).time, date(-44, 3, 15).precision) == ("-0044-03-15T00:00:00Z", 11)
    for parts in ((0,), (1850, None, 1)):
        with pytest.raises(ValueError, match="no date"):
            date(*parts)
    assert [fault.rule.value for fault in check(Snak("P1", date(1850, 2, 31)))] == ["no-date"]
