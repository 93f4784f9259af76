"""What is inside a value: the parts that the Action API's JSON and the REST API's share."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeGuard

from bots.core.wikibase.exact import JSON, Extra, extra_fields
from bots.core.wikibase.model import (
    Coordinate,
    EntityId,
    Monolingual,
    Quantity,
    Time,
    Value,
    entity_type,
)

_ENTITY_ID = frozenset({"entity-type", "numeric-id", "id"})
_MONOLINGUAL = frozenset({"text", "language"})
_TIME = frozenset({"time", "timezone", "before", "after", "precision", "calendarmodel"})
_QUANTITY = frozenset({"amount", "unit", "upperBound", "lowerBound"})
_COORDINATE = frozenset({"latitude", "longitude", "altitude", "precision", "globe"})
_NUMBERED = {"item": "Q", "property": "P", "lexeme": "L", "mediainfo": "M"}


def parse_object(kind: str, raw: Mapping[str, JSON]) -> Value | None:
    """The value of this kind (a datavalue's type) whose content is `raw`; None: it is not one."""
    match kind:
        case "wikibase-entityid":
            return _entity_id(raw)
        case "time":
            return _time(raw)
        case "quantity":
            return _quantity(raw)
        case "globecoordinate":
            return _coordinate(raw)
        case "monolingualtext":
            return _monolingual(raw)
    return None


def entity_id_object(entity_id: str) -> dict[str, JSON]:
    """An entity id as the Action API writes it."""
    kind = entity_type(entity_id)
    raw: dict[str, JSON] = {"entity-type": kind, "id": entity_id}
    if kind in _NUMBERED:
        raw["numeric-id"] = int(entity_id[1:])
    return raw


def quantity_object(value: Quantity) -> dict[str, JSON]:
    raw: dict[str, JSON] = {"amount": value.amount, "unit": value.unit}
    if value.upper is not None:
        raw["upperBound"] = value.upper
    if value.lower is not None:
        raw["lowerBound"] = value.lower
    return raw


def unknown(raw: Mapping[str, JSON], known: frozenset[str]) -> Extra:
    """As `extra_fields`, and quick where there are none, as nearly always."""
    return () if raw.keys() <= known else extra_fields(raw, known)


def object_of(raw: JSON) -> dict[str, JSON]:
    """An object, which PHP writes as `[]` where it is empty. Raises TypeError."""
    if isinstance(raw, dict):
        return raw
    if raw is None or raw == []:
        return {}
    raise TypeError(f"no object: {raw!r:.60}")


def text_of(raw: JSON) -> str:
    """Raises TypeError for what is no text."""
    if isinstance(raw, str):
        return raw
    raise TypeError(f"no text: {raw!r:.60}")


def is_integer(raw: JSON) -> TypeGuard[int]:
    return isinstance(raw, int) and not isinstance(raw, bool)


def _entity_id(raw: Mapping[str, JSON]) -> EntityId | None:
    kind, entity_id, number = raw.get("entity-type"), raw.get("id"), raw.get("numeric-id")
    if entity_id is None and kind in _NUMBERED and is_integer(number):
        entity_id = f"{_NUMBERED[kind]}{number}"
    if not isinstance(entity_id, str) or not kind or entity_type(entity_id) != kind:
        return None
    if number is not None and entity_id[1:] != str(number):
        return None
    return EntityId(entity_id, unknown(raw, _ENTITY_ID))


def _time(raw: Mapping[str, JSON]) -> Time | None:
    time, precision, calendar = raw.get("time"), raw.get("precision"), raw.get("calendarmodel")
    zone, before, after = raw.get("timezone"), raw.get("before"), raw.get("after")
    if not (isinstance(time, str) and is_integer(precision) and isinstance(calendar, str)):
        return None
    if not all(each is None or is_integer(each) for each in (zone, before, after)):
        return None
    return Time(time, precision, calendar, zone, before, after, unknown(raw, _TIME))


def _quantity(raw: Mapping[str, JSON]) -> Quantity | None:
    amount, unit = raw.get("amount"), raw.get("unit")
    lower, upper = raw.get("lowerBound"), raw.get("upperBound")
    if not (isinstance(amount, str) and isinstance(unit, str)):
        return None
    if not (isinstance(lower, str | None) and isinstance(upper, str | None)):
        return None
    return Quantity(amount, unit, lower, upper, unknown(raw, _QUANTITY))


def _coordinate(raw: Mapping[str, JSON]) -> Coordinate | None:
    latitude, longitude = _number(raw.get("latitude")), _number(raw.get("longitude"))
    precision, altitude = _number(raw.get("precision")), _number(raw.get("altitude"))
    globe = raw.get("globe")
    if latitude is None or longitude is None or not isinstance(globe, str):
        return None
    if (precision is None and raw.get("precision") is not None) or (
        altitude is None and raw.get("altitude") is not None
    ):
        return None
    return Coordinate(latitude, longitude, precision, globe, altitude, unknown(raw, _COORDINATE))


def _monolingual(raw: Mapping[str, JSON]) -> Monolingual | None:
    text, language = raw.get("text"), raw.get("language")
    if not (isinstance(text, str) and isinstance(language, str)):
        return None
    return Monolingual(text, language, unknown(raw, _MONOLINGUAL))


def _number(raw: JSON) -> Decimal | None:
    """A number of a size that can be reckoned with, else None."""
    number = Decimal(raw) if is_integer(raw) else raw
    if not isinstance(number, Decimal) or len(number.as_tuple().digits) > 60:
        return None
    return number if -60 < number.adjusted() < 60 or not number else None
