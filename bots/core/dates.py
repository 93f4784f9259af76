"""Dates as people write them, where only one day can be meant."""

from __future__ import annotations

import datetime as dt
import re

from bots.core.said import normal


def read_date(text: str) -> dt.date | None:
    """The day: 2027-03-31, 31 March 2027, March 31, 2027, 31 mars 2027.

    None for anything else: 03/04/2027 is one day in Sweden and another in the USA.
    """
    plain = normal(re.sub("[-.]", " ", text))
    for pattern in _FORMS:
        found = pattern.fullmatch(plain)
        if not found:
            continue
        month = found["month"]
        number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
        try:
            return dt.date(int(found["year"]), number, int(found["day"]))
        except ValueError:
            return None
    return None


def read_when(text: str) -> str | None:
    """A day, a month or a year of our era, as 2026-11-21, 2026-11 or 2026.

    A month is 2026-11, November 2026 or november 2026. None for anything else.
    """
    if day := read_date(text):
        return day.isoformat()
    if year := _YEAR.fullmatch(text.strip()):
        return year["year"]
    plain = normal(re.sub("[-.]", " ", text))
    for pattern in _MONTH_FORMS:
        if found := pattern.fullmatch(plain):
            month = found["month"]
            number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
            return f"{found['year']}-{number:02}" if 1 <= number <= 12 else None
    return None


_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january januari jan", "february februari feb", "march mars mar", "april apr",
            "may maj", "june juni jun", "july juli jul", "august augusti aug",
            "september sept sep", "october oktober oct okt", "november nov", "december dec",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
_FORMS = (
    re.compile(r"(?P<year>\d{4}) (?P<month>\d{1,2}) (?P<day>\d{1,2})", re.ASCII),
    re.compile(
        r"(?:the |den )?(?P<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?P<month>[a-z]+) (?P<year>\d{4})",
        re.ASCII,
    ),
    re.compile(
        r"(?P<month>[a-z]+) (?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<year>\d{4})", re.ASCII
    ),
)
_YEAR = re.compile(r"(?P<year>(?!0000)\d{4})", re.ASCII)
_MONTH_FORMS = (
    re.compile(r"(?P<year>(?!0000)\d{4}) (?P<month>\d{1,2})", re.ASCII),
    re.compile(r"(?P<month>[a-z]+) (?P<year>(?!0000)\d{4})", re.ASCII),
)
