"""Transforms of dates: what is given decides the precision, and what isn't sure is unknown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names
from pydantic import AfterValidator, Field, model_validator

from bots.core.wikibase.make import date
from bots.core.wikibase.model import JULIAN, Time
from bots.datasets.transforms.base import (
    Arguments,
    Step,
    TransformError,
    number_of,
    shown,
    transform,
)

CENTURY, DECADE, YEAR = 7, 8, 9

_CLOCK = r"[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
_ISO = re.compile(rf"([+-]?\d{{4}})(?:-(\d\d)(?:-(\d\d)(?:{_CLOCK})?)?)?", re.ASCII)
_YEAR = re.compile(
    r"(?:AD\s*)?([+-]?\d{1,4})\s*(?:(CE|AD|A\.D\.)|(BCE?|B\.C\.(?:E\.)?))?", re.ASCII | re.I
)
_CENTURY = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?\s+century(?:\s+(?:CE|AD|(BCE?)))?", re.ASCII | re.I
)
_DECADE = re.compile(r"(\d{3}0)s", re.ASCII)
_TOKEN = re.compile(r"YYYY|MMMM|MM|M|DD|D")
_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d\d)",
    "M": r"(?P<month>\d\d?)",
    "DD": r"(?P<day>\d\d)",
    "D": r"(?P<day>\d\d?)",
    "MMMM": r"(?P<name>[^\W\d_]+\.?)",
}


class YearZero(Arguments):
    year_zero: bool = False
    """The source has a year 0, which is 1 BCE, so that its -43 is 44 BCE."""


def _is_format(text: str) -> str:
    tokens = _TOKEN.findall(text)
    if "YYYY" not in tokens or len(tokens) != len({token[0] for token in tokens}):
        raise ValueError("a format has YYYY once, and M, MM or MMMM, and D or DD, such as D.M.YYYY")
    if any(token[0] == "D" for token in tokens) and not any(token[0] == "M" for token in tokens):
        raise ValueError("a format with a day has a month too")
    return text


class Formats(YearZero):
    main: ClassVar[str] = "formats"
    formats: list[Annotated[str, AfterValidator(_is_format)]] = Field(default_factory=list)
    """How else dates are written than by ISO 8601: D.M.YYYY, MM/DD/YYYY, D MMMM YYYY, YYYY."""
    language: str = "en"
    """The language of month names."""

    @model_validator(mode="after")
    def _language_has_months(self) -> Formats:
        try:
            Locale.parse(self.language.replace("-", "_"))
        except (UnknownLocaleError, ValueError) as error:
            raise ValueError(f"there are no month names in '{self.language}'") from error
        return self


class Until(Arguments):
    main: ClassVar[str] = "until"
    until: dt.date | None = None
    """Only dates before this day are; 1582-10-15, or the day on which a country changed."""


def _bad(value: Any) -> TransformError:
    return TransformError("mapping-no-date", value=shown(value))


def _made(
    value: Any, year: int, month: int | None = None, day: int | None = None, zero: bool = False
) -> Time:
    if zero and year <= 0:
        year -= 1
    if year == 0:
        raise TransformError("mapping-year-zero", value=shown(value))
    return date(year, month, day)


def _told(value: Any, zero: bool) -> Time | None:
    """What is a time already, or a number; None for texts."""
    if isinstance(value, Time):
        return value
    if isinstance(value, dt.date):
        return date(value.year, value.month, value.day)
    if isinstance(value, str):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _bad(value)
    number = number_of(value)
    if abs(number) > 9999 or number != int(number):
        raise _bad(value)
    return _made(value, int(number), zero=zero)


def iso_date(value: Any, zero: bool = False) -> Time:
    """A date as ISO 8601 has it, a `date` or a year. Raises TransformError."""
    told = _told(value, zero)
    if told is not None:
        return told
    found = _ISO.fullmatch(value)
    if found is None:
        raise _bad(value)
    month, day = (int(part) if part else None for part in found.groups()[1:])
    return _made(value, int(found[1]), month, day, zero)


def _in_words(value: str) -> Time | None:
    """A year before or after our era, a century or a decade, in English."""
    if found := _CENTURY.fullmatch(value):
        number = int(found[1])
        if not 1 <= number <= 30:
            raise _bad(value)
        sign = "-" if found[2] else "+"
        return Time(f"{sign}{number * 100:04}-00-00T00:00:00Z", CENTURY)
    if (found := _DECADE.fullmatch(value)) and not found[1].endswith("00"):
        return Time(f"+{found[1]}-00-00T00:00:00Z", DECADE)
    if (found := _YEAR.fullmatch(value)) and (found[2] or found[3]) and found[1].isdigit():
        return _made(value, -int(found[1]) if found[3] else int(found[1]))
    return None


@transform(
    "year",
    YearZero,
    does="A year: the number, or the year of a date.",
    takes="text, number or date",
    gives="time of precision year",
    odd="-44 and `44 BC` are 44 BCE. Year 0 (unless there is one), centuries, `ca. 1850`, `1850?` "
    "and ranges are unknown.",
)
def _year(given: YearZero) -> Step:
    def step(value: Any) -> Time:
        if isinstance(value, str):
            plain = _YEAR.fullmatch(value)
            if plain and not (plain[2] or plain[3]):
                return _made(value, int(plain[1]), zero=given.year_zero)
            if told := _in_words(value):
                if told.precision != YEAR:
                    raise _bad(value)
                return told
        time = iso_date(value, given.year_zero)
        if time.precision < YEAR:
            raise _bad(value)
        sign, year = time.time[0], time.time[1:].partition("-")[0]
        return replace(time, time=f"{sign}{year}-00-00T00:00:00Z", precision=YEAR)

    return step


@transform(
    "date",
    Formats,
    does="A day, month, year, decade (`1850s`) or century (`18th century`), by what is given; "
    "ISO 8601 and the formats named.",
    takes="text, number or date",
    gives="time",
    odd="A text that two formats read differently, `ca. 1850`, `1850?`, `before 1850`, ranges, "
    "`1800s` (a decade or a century), year 0 and days that there are not are unknown. "
    "A time of day is left out.",
)
def _date(given: Formats) -> Step:
    readers = [_reader(text, given.language) for text in given.formats]

    def step(value: Any) -> Time:
        if not isinstance(value, str):
            return iso_date(value, given.year_zero)
        if told := _in_words(value):
            return told
        read = {made for reader in readers if (made := reader(value)) is not None}
        if not read:
            return iso_date(value, given.year_zero)
        if len(read) > 1:
            raise TransformError("mapping-two-dates", value=shown(value))
        return read.pop()

    return step


def _reader(text: str, language: str) -> Callable[[str], Time | None]:
    """What reads texts of one format; None for another."""
    pieces, end = [], 0
    for token in _TOKEN.finditer(text):
        pieces += [re.escape(text[end : token.start()]), _TOKENS[token[0]]]
        end = token.end()
    form = re.compile("".join([*pieces, re.escape(text[end:])]), re.IGNORECASE)
    names = dict(_month_names(language)) if "MMMM" in text else {}

    def read(value: str) -> Time | None:
        found = form.fullmatch(value)
        if found is None:
            return None
        parts = found.groupdict()
        month = parts.get("month")
        if "name" in parts:
            month = names.get(parts["name"].rstrip(".").casefold())
            if month is None:
                return None
        day = parts.get("day")
        if int(month or 1) > 12 or int(day or 1) > 31:
            return None
        return _made(
            value, int(parts["year"]), int(month) if month else None, int(day) if day else None
        )

    return read


def _month_names(language: str) -> Iterable[tuple[str, int]]:
    locale = language.replace("-", "_")
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, context, locale).items():
                yield name.rstrip(".").casefold(), number


@transform(
    "julian",
    Until,
    does="Says that the date is one of the Julian calendar; it is not turned into another.",
    takes="time, or what `date` takes by ISO 8601",
    gives="time",
    odd="–",
)
def _julian(given: Until) -> Step:
    until = given.until

    def step(value: Any) -> Time:
        time = iso_date(value)
        if until is not None:
            year, month, day = (int(part) for part in time.time[1:11].split("-"))
            before = time.time.startswith("-") or (year, month, day) < (
                until.year,
                until.month,
                until.day,
            )
            if not before:
                return time
        return replace(time, calendar=JULIAN)

    return step
