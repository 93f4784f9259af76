"""JSON as PHP reads and prints it: exact integers, floats in the shortest form PHP has for them."""

from __future__ import annotations

import json
import re
from json import encoder
from typing import Any

_ODD_FLOAT = re.compile(r"[\[:,]-?\d+(?:\.0(?=[,}\]])|(?:\.\d+)?e)|^-?[\d.]+(?:e|\.0$)")
_SEPARATORS = (",", ":")


def loads(text: str | bytes) -> Any:
    """The value of a JSON text. Raises ValueError, also for NaN and Infinity, which PHP refuses."""
    return json.loads(text, parse_constant=_refuse)


def dumps(value: Any, *, ascii_only: bool = False) -> str:
    """A JSON text without spaces, whole floats printed without a fraction (52, not 52.0)."""
    text = json.dumps(value, ensure_ascii=ascii_only, separators=_SEPARATORS, allow_nan=False)
    if not _ODD_FLOAT.search(text):
        return text
    return "".join(_PhpEncoder(ensure_ascii=ascii_only, separators=_SEPARATORS).iterencode(value))


def float_text(number: float) -> str:
    """A number as PHP 8 prints it with serialize_precision -1: 52, 0.0001, 1.0e-5, 2.5e+20."""
    text = repr(float(number))
    if "e" not in text:
        return text.removesuffix(".0") if abs(number) < 1e15 else _with_exponent(number)
    return _with_exponent(number)


def _with_exponent(number: float) -> str:
    mantissa, _, exponent = f"{number!r}".partition("e")
    if not exponent:  # Python changes to exponents at 1e16, PHP at 1e15
        digits = mantissa.removesuffix(".0").lstrip("-")
        exponent = str(len(digits) - 1)
        sign = "-" if number < 0 else ""
        mantissa = f"{sign}{digits[0]}.{digits[1:].rstrip('0') or '0'}"
    if "." not in mantissa:
        mantissa += ".0"
    return f"{mantissa}e{int(exponent):+d}"


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


class _PhpEncoder(json.JSONEncoder):
    """The slow way, taken only where a float is in the value that PHP prints in its own way."""

    def iterencode(self, o: Any, _one_shot: bool = False) -> Any:
        text_encoder = (
            encoder.encode_basestring_ascii if self.ensure_ascii else encoder.encode_basestring
        )
        return encoder._make_iterencode(  # type: ignore[attr-defined]
            {},
            self.default,
            text_encoder,
            None,
            float_text,
            self.key_separator,
            self.item_separator,
            self.sort_keys,
            self.skipkeys,
            _one_shot,
        )(o, 0)
