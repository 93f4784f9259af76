"""Dates in order: what began ended later, as far as both are told."""

from __future__ import annotations

import re

from bots.core.wikibase.model import Time

Day = tuple[int, int, int]

_TIME = re.compile(r"([+-]\d+)-(\d\d)-(\d\d)T", re.ASCII)
_YEARS = {6: 1000, 7: 100, 8: 10, 9: 1}
"""A precision, and how many years it leaves open."""
_MONTH, _DAY = 10, 11


def is_after(earlier: Time, later: Time) -> bool:
    """Whether what should be the earlier is surely after the other.

    Between calendars that differ the years alone are compared: days can be some weeks apart.
    """
    begins, ends = _bounds(earlier), _bounds(later)
    if begins is None or ends is None:
        return False
    if earlier.calendar != later.calendar:
        return begins[0][0] > ends[1][0]
    return begins[0] > ends[1]


def _bounds(time: Time) -> tuple[Day, Day] | None:
    """The first and the last day that it may mean; None for what is coarser than a millennium."""
    found = _TIME.match(time.time)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    if time.precision >= _DAY:
        return (year, month, day), (year, month, day)
    if time.precision == _MONTH:
        return (year, month, 1), (year, month, 31)
    years = _YEARS.get(time.precision)
    if years is None:
        return None
    first, last = _years(year, years)
    return (first, 1, 1), (last, 12, 31)


def _years(year: int, count: int) -> tuple[int, int]:
    """The 19th century (+1900, or +1801) is 1801 to 1900; the 1850s begin with 1850."""
    if count <= 10:
        start = abs(year) // count * count
        return (start, start + count - 1) if year > 0 else (-start - count + 1, -start)
    start = (abs(year) - 1) // count * count
    return (start + 1, start + count) if year > 0 else (-start - count, -start - 1)
