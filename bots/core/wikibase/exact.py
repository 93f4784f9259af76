"""JSON whose numbers stay exact: read into int and Decimal, and written back so."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from json.encoder import encode_basestring_ascii
from typing import Any, NoReturn

JSON = Any
"""What `loads` gives and `dumps` takes: str, int, Decimal, bool, None, list, dict; never float."""

Extra = tuple[tuple[str, str], ...]
"""Fields that this model does not know: name and JSON text. A tuple, since facts are frozen."""

IN_PROPERTY = "property/"
IN_VALUE = "value/"
"""Before the name of a field unknown in a snak's inner objects, as the REST form has them."""


class Written(str):
    """What `dumps` has written before: it goes into another JSON text as it is."""


def loads(text: str | bytes) -> JSON:
    """Read JSON with every number exact. Raises ValueError for anything else, NaN included."""
    return json.loads(text, parse_float=_decimal, parse_constant=_refuse)


def dumps(value: JSON) -> str:
    """Write JSON in ASCII.

    A Decimal is written as a float, 52 as 52.0: PHP holds 52 and 52.0 for different things, and
    so a JSON Patch `test` of a latitude with 52 fails (recorded). Raises TypeError for a float,
    which isn't exact.
    """
    pieces: list[str] = []
    _write(value, pieces)
    return "".join(pieces)


def extra_fields(raw: Mapping[str, JSON], known: Collection[str]) -> Extra:
    """The fields of `raw` that are not `known`."""
    return tuple((name, dumps(value)) for name, value in raw.items() if name not in known)


def with_extra(raw: dict[str, JSON], extra: Extra) -> dict[str, JSON]:
    """`raw` with the fields that this model does not know put back."""
    for name, text in extra:
        raw[name] = loads(text)
    return raw


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"no number that can be held: {text[:40]}") from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"no JSON number: {name}")


def _write(value: JSON, pieces: list[str]) -> None:
    match value:
        case Written():
            pieces.append(value)
        case str():
            pieces.append(encode_basestring_ascii(value))
        case dict():
            separator = "{"
            for name, held in value.items():
                pieces += (separator, encode_basestring_ascii(name), ": ")
                _write(held, pieces)
                separator = ", "
            pieces.append("}" if value else "{}")
        case list() | tuple():
            separator = "["
            for held in value:
                pieces.append(separator)
                _write(held, pieces)
                separator = ", "
            pieces.append("]" if value else "[]")
        case None:
            pieces.append("null")
        case bool():
            pieces.append("true" if value else "false")
        case int():
            pieces.append(str(value))
        case Decimal() if value.is_finite():
            text = str(value)
            pieces.append(text if "." in text or "E" in text else f"{text}.0")
        case _:
            raise TypeError(f"not exact, or no JSON: {value!r:.80}")
