"""Which snaks and values Wikibase takes, and what it says of those that it does not.

Three steps, as in Wikibase: reading (the value's own constructor), the type that the property's
data type takes, and the data type's validators. What Wikibase lets through is let through here:
31 February, an amount without its sign.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from sandbox.wikibase.entities import stored_snak
from sandbox.wikibase.refusals import BadValue
from sandbox.wikibase.settings import DATA_TYPES, LANGUAGES, MONOLINGUAL, Settings, words
from sandbox.wikibase.state import State

_PROPERTY = re.compile(r"[Pp][1-9]\d{0,9}\Z")
_ENTITY = re.compile(r"[QPMLqpml][1-9]\d{0,9}(?:-[FS][1-9]\d{0,9})?\Z")
_TIME = re.compile(r"([-+]?)(\d{1,16})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z\Z")
_DECIMAL = re.compile(r"[-+](?:[1-9]\d*|0)(?:\.\d+)?\Z")
_CALENDARS = ("http://www.wikidata.org/entity/Q1985727", "http://www.wikidata.org/entity/Q1985786")
_TYPES_OF = {
    "wikibase-item": "item",
    "wikibase-property": "property",
    "wikibase-lexeme": "lexeme",
    "wikibase-form": "form",
    "wikibase-sense": "sense",
    "entity-schema": "entity-schema",
}
_SCHEMES = words(
    """bitcoin ftp ftps git gopher http https irc ircs mailto mms news nntp redis sftp sip sips
    sms ssh svn tel urn worldwind xmpp geo"""
)
_DAY, _HOUR = 11, 12


@dataclass(frozen=True)
class Context:
    """What a value is held against: the entities that there are, and the settings."""

    state: State
    settings: Settings


def read_property(given: Any) -> str:
    """A property's id. Raises BadValue not-a-property."""
    if not isinstance(given, str) or not _ENTITY.match(given):
        raise BadValue("not-a-property", given=given)
    if not _PROPERTY.match(given):
        raise BadValue("not-a-property", given=given)
    return given.upper()


def read_snak(given: Any, context: Context) -> dict[str, Any]:
    """A snak in the Action API's JSON, read, checked and in the form that is kept.

    Raises BadValue.
    """
    snak = parse_snak(given)
    check_snak(snak, context)
    return snak


def parse_snak(given: Any) -> dict[str, Any]:
    """A snak in the Action API's JSON, read and in the form that is kept, but not checked."""
    if not isinstance(given, Mapping):
        raise BadValue("malformed", error="Snak serialization must be an array")
    if "snaktype" not in given:
        raise BadValue("malformed", error='Attribute "snaktype" is missing')
    if given["snaktype"] not in ("value", "somevalue", "novalue"):
        raise BadValue("malformed", error=f'The snaktype "{given["snaktype"]}" is invalid')
    if "property" not in given:
        raise BadValue("malformed", error='Attribute "property" is missing')
    prop = read_property(given["property"])
    if given["snaktype"] != "value":
        return stored_snak({"snaktype": given["snaktype"], "property": prop})
    if "datavalue" not in given:
        raise BadValue("malformed", error='Attribute "datavalue" is missing')
    value = read_datavalue(given["datavalue"])
    return stored_snak({"snaktype": "value", "property": prop, "datavalue": value})


def check_snak(snak: Mapping[str, Any], context: Context) -> None:
    """Hold a read snak against its property's data type. Raises BadValue."""
    datatype = context.state.datatype(snak["property"])
    if datatype is None:
        raise BadValue("no-such-property", property=snak["property"])
    if snak["snaktype"] != "value":
        return
    wanted = DATA_TYPES.get(datatype)
    given = snak["datavalue"]["type"]
    if wanted is not None and given != wanted:
        raise BadValue("wrong-type", given=given, wanted=wanted)
    _validate(datatype, snak["datavalue"]["value"], context)


# reading


def read_datavalue(given: Any) -> dict[str, Any]:
    """A `{"value", "type"}`, with the value in Wikibase's own form. Raises BadValue unreadable."""
    if not isinstance(given, Mapping) or "type" not in given:
        raise BadValue("unreadable", error="Type is missing")
    kind = given["type"]
    readers = {
        "string": _read_string,
        "monolingualtext": _read_monolingual,
        "wikibase-entityid": _read_entity_id,
        "time": _read_time,
        "quantity": _read_quantity,
        "globecoordinate": _read_coordinate,
    }
    if kind not in readers:
        raise BadValue("unreadable", error=f'Type "{kind}" is unsupported', type=kind)
    if "value" not in given:
        raise BadValue("unreadable", error="Value is missing", type=kind)
    return {"value": readers[kind](given["value"]), "type": kind}


def _bad(kind: str, error: str) -> BadValue:
    return BadValue("unreadable", error=error, type=kind)


def _need(value: Any, kind: str, *names: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _bad(kind, "Value must be an array")
    for name in names:
        if name not in value:
            raise _bad(kind, f'"{name}" field required')
    return value


def _read_string(value: Any) -> str:
    if not isinstance(value, str):
        raise _bad("string", "Can only construct StringValue from strings")
    return value


def _read_monolingual(value: Any) -> dict[str, str]:
    given = _need(value, "monolingualtext", "language", "text")
    language, text = given["language"], given["text"]
    if not isinstance(language, str) or not language:
        raise _bad("monolingualtext", "$languageCode must be a non-empty string")
    if not isinstance(text, str):
        raise _bad("monolingualtext", "$text must be a string")
    return {"text": text, "language": language}


def _read_entity_id(value: Any) -> dict[str, Any]:
    given = _need(value, "wikibase-entityid")
    kinds = {"Q": "item", "P": "property", "M": "mediainfo", "L": "lexeme"}
    number = given.get("id")
    if number is None and "numeric-id" in given and "entity-type" in given:
        letter = {kind: letter for letter, kind in kinds.items()}.get(given["entity-type"], "?")
        number = f"{letter}{given['numeric-id']}"
    if not isinstance(number, str) or not _ENTITY.match(number):
        raise _bad("wikibase-entityid", f'Invalid entity ID "{number}"')
    number = number.upper()
    kind = kinds[number[0]]
    if "-" in number:
        return {"entity-type": "form" if "-F" in number else "sense", "id": number}
    return {"entity-type": kind, "numeric-id": int(number[1:]), "id": number}


def _read_time(value: Any) -> dict[str, Any]:
    given = _need(
        value, "time", "time", "timezone", "before", "after", "precision", "calendarmodel"
    )
    text = given["time"]
    found = _TIME.match(text) if isinstance(text, str) else None
    if found is None or not found[1] or int(found[3]) > 12 or int(found[4]) > 31:
        raise _bad("time", f"$timestamp must resemble ISO 8601, given {text}")
    numbers = {name: given[name] for name in ("timezone", "before", "after", "precision")}
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, int):
            raise _bad("time", f"${name} must be an integer")
    if not 0 <= numbers["precision"] <= 14:
        raise _bad("time", "$precision must be one of the TimeValue precision constants")
    if not isinstance(given["calendarmodel"], str) or not given["calendarmodel"]:
        raise _bad("time", "$calendarModel must be a non-empty string")
    year = found[2].lstrip("0").rjust(4, "0")
    rest = text[text.index("-", 1) :]
    return {"time": f"{found[1]}{year}{rest}", **numbers, "calendarmodel": given["calendarmodel"]}


def _read_decimal(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _bad("quantity", "$value must be a string or a number")
    text = value.strip() if isinstance(value, str) else format(Decimal(repr(value)), "f")
    if text[:1] not in ("+", "-"):
        text = f"+{text}"
    if not _DECIMAL.match(text) or len(text) > 127:
        raise _bad("quantity", f'"{text}" is not a well formed decimal value')
    return "+" + text[1:] if re.fullmatch(r"-0(\.0+)?", text) else text


def _read_quantity(value: Any) -> dict[str, Any]:
    given = _need(value, "quantity", "amount", "unit")
    amount = _read_decimal(given["amount"])
    unit = given["unit"]
    if not isinstance(unit, str) or not unit:
        raise _bad("quantity", "$unit must be a non-empty string")
    if given.get("upperBound") is None and given.get("lowerBound") is None:
        return {"amount": amount, "unit": unit}
    _need(given, "quantity", "upperBound", "lowerBound")
    upper, lower = _read_decimal(given["upperBound"]), _read_decimal(given["lowerBound"])
    if Decimal(lower) > Decimal(amount):
        raise _bad("quantity", f"$lowerBound {lower} must be <= $amount {amount}")
    if Decimal(upper) < Decimal(amount):
        raise _bad("quantity", f"$upperBound {upper} must be >= $amount {amount}")
    return {"amount": amount, "unit": unit, "upperBound": upper, "lowerBound": lower}


def _read_coordinate(value: Any) -> dict[str, Any]:
    given = _need(value, "globecoordinate", "latitude", "longitude")
    read: dict[str, Any] = {}
    for name, limit in (("latitude", 360), ("longitude", 360)):
        number = given[name]
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise _bad("globecoordinate", f"Can only construct LatLongValue with a numeric {name}")
        if not -limit <= number <= limit:
            limits = f"needs to be between -{limit} and {limit}"
            raise _bad("globecoordinate", f"{name.capitalize()} {limits}")
        read[name] = float(number)
    read["altitude"] = None
    precision = given.get("precision")
    if precision is not None:
        if isinstance(precision, bool) or not isinstance(precision, int | float):
            raise _bad("globecoordinate", "$precision must be a number or null")
        if not -360 <= precision <= 360:
            raise _bad("globecoordinate", "$precision must be between -360 and +360")
    read["precision"] = precision
    globe = given.get("globe")
    if globe is not None and (not isinstance(globe, str) or not globe):
        raise _bad("globecoordinate", "$globe must be a non-empty string or null")
    read["globe"] = globe or "http://www.wikidata.org/entity/Q2"
    return read


# validators


def _invalid(message: str, *parameters: str) -> BadValue:
    return BadValue("invalid", message=f"wikibase-validator-{message}", parameters=list(parameters))


def _validate(datatype: str, value: Any, context: Context) -> None:
    match datatype:
        case "string" | "external-id" | "math" | "musical-notation" | "geo-shape" | "tabular-data":
            _check_string(value, context.settings.max_string_length)
        case "commonsMedia":
            _check_string(value, 240)
            if value not in context.settings.commons_files:
                raise _invalid("no-such-media", value)
        case "url":
            _check_url(value, 500)
        case "monolingualtext":
            _check_string(value["text"], context.settings.max_string_length)
            language = value["language"]
            if language not in LANGUAGES and language not in MONOLINGUAL:
                raise _invalid("not-a-language", language)
        case "time":
            _check_time(value)
        case "quantity":
            if value["unit"] != "1" and not re.match(r"https?://\S+/[QL]\d+\Z", value["unit"]):
                raise _invalid("not-allowed", value["unit"])
        case "globe-coordinate":
            _check_url(value["globe"], 255)
        case _ if datatype in _TYPES_OF:
            if value["entity-type"] != _TYPES_OF[datatype]:
                raise _invalid("bad-entity-type", value["entity-type"])
            _check_exists(value["id"], context.state)


def _check_exists(entity: str, state: State) -> None:
    page = state.page(entity)
    if page is None or page.deleted:
        title = f"Property:{entity}" if entity[0] == "P" else entity
        raise _invalid("no-such-entity", f"[[{title}|{entity}]]")


def _check_string(text: str, longest: int) -> None:
    if not text:
        raise _invalid("too-short", "1", "")
    if len(text) > longest:
        raise _invalid("too-long", f"{longest:,}", shortened(text))
    if text != text.strip() or re.search(r"[\x00-\x1f\x7f-\x9f]", text):
        raise _invalid("malformed-value", text)


def shortened(text: str) -> str:
    """A long text as Wikibase's messages show it: 32 characters in all."""
    return text if len(text) <= 32 else f"{text[:29]}..."


def _check_url(url: str, longest: int) -> None:
    if len(url) > longest:
        raise _invalid("too-long", f"{longest:,}", shortened(url))
    scheme, colon, _ = url.partition(":")
    if not colon or not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*\Z", scheme):
        raise _invalid("url-scheme-missing", url)
    if scheme.lower() not in _SCHEMES:
        raise _invalid("bad-url-scheme", scheme)
    if re.search(r"[\s<>\"{}|\\^`\x00-\x1f]", url):
        raise _invalid("bad-url", url)
    if scheme.lower() in ("http", "https") and not _host(url):
        raise _invalid("bad-http-url", url)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _check_time(value: Mapping[str, Any]) -> None:
    if value["calendarmodel"] not in _CALENDARS:
        raise _invalid("bad-prefix", value["calendarmodel"])
    found = _TIME.match(value["time"])
    if found is None or value["precision"] >= _HOUR or set(found.group(5, 6, 7)) != {"00"}:
        raise _invalid("malformed-value", value["time"])
