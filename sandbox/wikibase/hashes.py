"""The hashes that Wikibase gives to snaks and references.

They are SHA-1 over PHP's serialisation of its own objects, found by trying it on the hashes of
1,500 real snaks; the tests hold it to them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.wikibase.phpjson import float_text

_SNAKS = {
    "value": "Wikibase\\DataModel\\Snak\\PropertyValueSnak",
    "somevalue": "Wikibase\\DataModel\\Snak\\PropertySomeValueSnak",
    "novalue": "Wikibase\\DataModel\\Snak\\PropertyNoValueSnak",
}
_IDS = {
    "Q": "Wikibase\\DataModel\\Entity\\ItemId",
    "P": "Wikibase\\DataModel\\Entity\\PropertyId",
    "M": "Wikibase\\MediaInfo\\DataModel\\MediaInfoId",
}
_LEXEME = "Wikibase\\Lexeme\\Domain\\Model\\LexemeId"


def snak_hash(snak: Mapping[str, Any]) -> str:
    """The hash of a snak in its JSON form."""
    prop = snak["property"]
    inner = prop
    if snak["snaktype"] == "value":
        inner = f"a:2:{{i:0;{_string(prop)}i:1;{_value(snak['datavalue'])}}}"
    return _sha1(_object(_SNAKS[snak["snaktype"]], inner))


def reference_hash(snaks: Iterable[Mapping[str, Any]]) -> str:
    """The hash of a reference, whatever the order of its snaks."""
    return _sha1("|".join(sorted(snak["hash"] for snak in snaks)))


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _string(text: str) -> str:
    return f's:{len(text.encode("utf-8", "surrogatepass"))}:"{text}";'


def _object(name: str, inner: str) -> str:
    size = len(inner.encode("utf-8", "surrogatepass"))
    return f'C:{len(name)}:"{name}":{size}:{{{inner}}}'


def _value(datavalue: Mapping[str, Any]) -> str:
    value = datavalue["value"]
    match datavalue["type"]:
        case "string":
            return _object("DataValues\\StringValue", value)
        case "monolingualtext":
            inner = f"a:2:{{i:0;{_string(value['language'])}i:1;{_string(value['text'])}}}"
            return _object("DataValues\\MonolingualTextValue", inner)
        case "wikibase-entityid":
            entity = _object(_IDS.get(value["id"][0], _LEXEME), value["id"])
            return _object("Wikibase\\DataModel\\Entity\\EntityIdValue", entity)
        case "time":
            keys: tuple[str, ...] = (
                "time",
                "timezone",
                "before",
                "after",
                "precision",
                "calendarmodel",
            )
            return _object("DataValues\\TimeValue", _php_list(value[key] for key in keys))
        case "globecoordinate":
            keys = ("latitude", "longitude", "altitude", "precision", "globe")
            return _object(
                "DataValues\\Geo\\Values\\GlobeCoordinateValue",
                _php_list(value.get(key) for key in keys),
            )
        case "quantity":
            return _quantity(value)
        case other:
            return _object(other, json.dumps(value, sort_keys=True))


def _quantity(value: Mapping[str, Any]) -> str:
    parts = [_decimal(value["amount"]), _string(value["unit"])]
    if "upperBound" not in value:
        return _object("DataValues\\UnboundedQuantityValue", _php_array(parts))
    parts += [_decimal(value["upperBound"]), _decimal(value["lowerBound"])]
    return _object("DataValues\\QuantityValue", _php_array(parts))


def _php_array(parts: list[str]) -> str:
    inner = "".join(f"i:{index};{part}" for index, part in enumerate(parts))
    return f"a:{len(parts)}:{{{inner}}}"


def _decimal(amount: str) -> str:
    return _object("DataValues\\DecimalValue", _string(amount))


def _php_list(values: Iterable[Any]) -> str:
    return "[" + ",".join(map(_php_json, values)) + "]"


def _php_json(value: Any) -> str:
    if isinstance(value, float):
        return float_text(value)
    return json.dumps(value).replace("/", "\\/")
