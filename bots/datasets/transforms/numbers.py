"""Transforms of numbers and of places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from bots.core.config import ItemId
from bots.core.wikibase.model import Coordinate
from bots.datasets.transforms.base import (
    Arguments,
    Step,
    TransformError,
    number_of,
    shown,
    text_of,
    transform,
)

_SPACE = "[ \u00a0\u2009\u202f]"
_LONGEST = 130
"""Characters; the patterns take time by the square of a text's length."""
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})


@dataclass(frozen=True)
class Measure:
    """An amount and its unit, an item of Wikidata."""

    amount: Decimal
    unit: str


class Separators(Arguments):
    point: Literal[".", ","] = "."
    """What stands before the decimals."""
    group: Literal["", ".", ",", " ", "'"] = ""
    """What stands between thousands."""

    @model_validator(mode="after")
    def _they_differ(self) -> Separators:
        if self.point == self.group:
            raise ValueError("point and group can't be the same")
        return self


class Units(Separators):
    units: Annotated[Mapping[str, ItemId], Field(min_length=1)]
    """The symbols, and the item of each: {km: Q828224, m: Q11573}."""


class Place(Arguments):
    order: Literal["lat-lon", "lon-lat"] = "lat-lon"
    """Which comes first in a text of two numbers."""
    precision: Annotated[Decimal, Field(gt=0, le=10)] | None = None
    """In degrees; without it, as many decimals as are given."""


def number(
    value: Any, form: re.Pattern[str] | None = None, given: Separators | None = None
) -> Decimal:
    """A number, or a text of one. Raises TransformError."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return number_of(value)
    given = given or Separators()
    text = text_of(value).translate(_MINUS)
    if len(text) > _LONGEST or not (form or _form(given)).fullmatch(text):
        raise TransformError("mapping-no-number", value=shown(value))
    bare = re.sub(_SPACE, "", text)
    if given.group:
        bare = bare.replace(given.group, "")
    return Decimal(bare.replace(given.point, "."))


def _form(given: Separators) -> re.Pattern[str]:
    group = _SPACE if given.group == " " else re.escape(given.group)
    whole = rf"(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)" if given.group else r"\d+"
    return re.compile(rf"[+-]?{whole}(?:{re.escape(given.point)}\d+)?", re.ASCII)


@transform(
    "decimal",
    Separators,
    does="A number, written with the separators of a country.",
    takes="text or number",
    gives="number, with each digit given",
    odd="Thousands that are no thousands (1,23,456), two points, NaN, 1e5 and `ca. 5` are unknown.",
)
def _decimal(given: Separators) -> Step:
    form = _form(given)
    return lambda value: number(value, form, given)


@transform(
    "number-with-unit",
    Units,
    does="A number and the symbol of its unit (`12.5 km`).",
    takes="text",
    gives="amount with its unit",
    odd="No symbol, or one that isn't among `units`, is unknown.",
)
def _number_with_unit(given: Units) -> Step:
    form = _form(given)
    parts = re.compile(
        r"([+\-\u2212\u2013]?[\d.,' \u00a0\u2009\u202f]*\d)\s*(\D*)", re.ASCII | re.S
    )

    def step(value: Any) -> Measure:
        text = text_of(value)
        found = parts.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            raise TransformError("mapping-no-number", value=shown(value))
        unit = given.units.get(found[2].strip())
        if unit is None:
            raise TransformError("mapping-no-unit", value=shown(value))
        return Measure(number(found[1], form, given), unit)

    return step


_TWO = re.compile(r"([+-]?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)", re.ASCII)
_POINT = re.compile(
    r"POINT\s*\(\s*([+-]?\d{1,3}(?:\.\d+)?)\s+([+-]?\d{1,3}(?:\.\d+)?)\s*\)", re.ASCII | re.I
)
_PART = r"(\d{1,2}(?:\.\d+)?)\s*"
_ANGLE = (
    r"(\d{1,3}(?:\.\d+)?)\s*°\s*"
    rf"(?:{_PART}['′’]\s*)?"
    rf"(?:{_PART}(?:\"|″|”|'')\s*)?"
)
_DEGREES = re.compile(rf"{_ANGLE}([NS])\s*[,; ]?\s*{_ANGLE}([EWO])", re.ASCII | re.I)
_NAMES = (
    ("lat", "lng"), ("lat", "lon"), ("lat", "long"), ("latitude", "longitude"),
)  # fmt: skip
_FINEST = Decimal("0.000000001")
_DEGREE = Context(prec=14)
"""Wikidata writes a second as 0.00027777777777778 degrees, a minute as 0.016666666666667."""


@transform(
    "latlon",
    Place,
    does="A place on Earth: two decimal numbers, degrees with minutes and seconds "
    "(52°4'30\"N 4°18'E), a WKT point, GeoJSON, or an object with `lat` and `lng`, `lon` or "
    "`longitude`.",
    takes="text, object, or a Table Schema's geopoint",
    gives="coordinate; its precision by the decimals given",
    odd="0,0, a latitude beyond 90, a longitude beyond 180, and one number of the two are unknown.",
)
def _latlon(given: Place) -> Step:
    def step(value: Any) -> Coordinate | None:
        try:
            pair = _pair(value, given)
        except InvalidOperation as error:
            raise TransformError("mapping-no-coordinate", value=shown(value)) from error
        if pair is None:
            return None
        (latitude, longitude), precision = pair
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise TransformError("mapping-no-coordinate", value=shown(value))
        if not latitude and not longitude:
            raise TransformError("mapping-null-island", value=shown(value))
        return Coordinate(latitude, longitude, given.precision or precision)

    return step


def _pair(value: Any, given: Place) -> tuple[tuple[Decimal, Decimal], Decimal] | None:
    """Latitude and longitude, and the precision; None for an object that holds neither."""
    if isinstance(value, Coordinate):
        return (value.latitude, value.longitude), value.precision or _FINEST
    if isinstance(value, str):
        return _of_text(value, given)
    if isinstance(value, tuple) and len(value) == 2:
        return _of_numbers(value[1], value[0], value)
    if isinstance(value, Mapping):
        if value.get("type") == "Point":
            point = value.get("coordinates")
            if isinstance(point, list) and len(point) in (2, 3):
                return _of_numbers(point[1], point[0], value)
        for names in _NAMES:
            if all(name in value for name in names):
                latitude, longitude = (value[name] for name in names)
                empty = [each in (None, "") for each in (latitude, longitude)]
                return None if all(empty) else _of_numbers(latitude, longitude, value)
    raise TransformError("mapping-no-coordinate", value=shown(value))


def _of_text(text: str, given: Place) -> tuple[tuple[Decimal, Decimal], Decimal]:
    if len(text) > _LONGEST:
        raise TransformError("mapping-no-coordinate", value=shown(text))
    text = text.translate(_MINUS)
    if found := _POINT.fullmatch(text):
        return _of_numbers(found[2], found[1], text)
    if found := _TWO.fullmatch(text):
        first, second = found.groups()
        turned = given.order == "lon-lat"
        return _of_numbers(*((second, first) if turned else (first, second)), text)
    if found := _DEGREES.fullmatch(text):
        parts = found.groups()
        latitude, fine = _angle(parts[:3], text)
        longitude, fine_too = _angle(parts[4:7], text)
        if parts[3].upper() == "S":
            latitude = -latitude
        if parts[7].upper() == "W":
            longitude = -longitude
        elif parts[7].upper() == "O":  # east in German, west in French
            raise TransformError("mapping-no-coordinate", value=shown(text))
        return (latitude, longitude), min(fine, fine_too)
    raise TransformError("mapping-no-coordinate", value=shown(text))


def _of_numbers(
    latitude: Any, longitude: Any, value: Any
) -> tuple[tuple[Decimal, Decimal], Decimal]:
    try:
        both = number(latitude), number(longitude)
    except TransformError as error:
        raise TransformError("mapping-no-coordinate", value=shown(value)) from error
    decimals = max(-int(each.as_tuple().exponent) for each in both)
    return both, max(Decimal(1).scaleb(-max(decimals, 0)), _FINEST)


def _angle(parts: tuple[str | None, ...], text: str) -> tuple[Decimal, Decimal]:
    """Degrees of degrees, minutes and seconds, and how finely they are told."""
    total, unit, fine = Decimal(0), Decimal(1), Decimal(1)
    for place, part in enumerate(parts):
        if part is not None:
            value = Decimal(part)
            if place and value >= 60:
                raise TransformError("mapping-no-coordinate", value=shown(text))
            total += value / unit
            decimals = len(part.partition(".")[2])
            fine = _DEGREE.divide(Decimal(1).scaleb(-decimals), unit)
        unit *= 60
    # Not 1E+2, which would be written so.
    plain = Decimal(f"{_DEGREE.plus(total).normalize():f}")
    return plain, max(fine, _FINEST)
