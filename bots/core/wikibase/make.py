"""Values made from what sources give: exact numbers and dates, in Wikibase's spelling."""

from __future__ import annotations

from decimal import Context, Decimal

from bots.core.wikibase.model import GREGORIAN, Quantity, Time

_LONGEST_AMOUNT = 127
_EXACT = Context(prec=3 * _LONGEST_AMOUNT)


def quantity(
    amount: Decimal | int, unit: str = "1", plus_minus: Decimal | int | None = None
) -> Quantity:
    """An amount with each digit that it was given, and its bounds if `plus_minus` is told.

    `unit` is "1" or an item's URI. Raises ValueError for what is no number, for a negative
    `plus_minus`, and for a number of more than 127 characters, which Wikibase does not take.
    """
    middle = _spelled(Decimal(amount))
    if plus_minus is None:
        return Quantity(middle, unit)
    around = _spelled(Decimal(plus_minus))
    if around.startswith("-"):
        raise ValueError(f"bounds cannot be {around} away")
    lower = _EXACT.subtract(Decimal(middle), Decimal(around))
    upper = _EXACT.add(Decimal(middle), Decimal(around))
    return Quantity(middle, unit, _spelled(lower), _spelled(upper))


def date(
    year: int, month: int | None = None, day: int | None = None, calendar: str = GREGORIAN
) -> Time:
    """A day, a month or a year; a year before the common era is negative (44 BCE is -44).

    Raises ValueError for year 0, which is none, and for a day without its month; whether there is
    such a day is for `checks`.
    """
    if year == 0 or (day is not None and month is None):
        raise ValueError(f"no date: year {year}, month {month}, day {day}")
    sign = "-" if year < 0 else "+"
    text = f"{sign}{abs(year):04}-{month or 0:02}-{day or 0:02}T00:00:00Z"
    return Time(text, 9 + (month is not None) + (day is not None), calendar)


def _spelled(number: Decimal) -> str:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"no number: {number}")
    # Looked at before it is written out: 1e999999999 would fill the memory.
    if abs(exponent) + len(number.as_tuple().digits) > 2 * _LONGEST_AMOUNT:
        raise ValueError(f"too long for an amount: {number!s:.60}")
    text = f"{number:+f}" if number else f"{abs(number):+f}"
    if len(text) > _LONGEST_AMOUNT:
        raise ValueError(f"too long for an amount: {number!s:.60}")
    return text
