"""JMESPath's functions for records, whose fractions are Decimals: it knows int and float alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jmespath import functions
from jmespath.visitor import Options

_Functions: Any = functions.Functions  # what is overridden, its stubs do not know


class _Exact(_Functions):  # type: ignore[misc]
    """Without these, 2.5 is 2 as a number, and "2.5" with its quotation marks as a text."""

    @functions.signature({"types": []})
    def _func_type(self, value: Any) -> Any:
        return "number" if isinstance(value, Decimal) else super()._func_type(value)

    @functions.signature({"types": []})
    def _func_to_string(self, value: Any) -> Any:
        return str(value) if isinstance(value, Decimal) else super()._func_to_string(value)

    @functions.signature({"types": []})
    def _func_to_number(self, value: Any) -> Any:
        """Raises ValueError and ArithmeticError for a text whose digits a float can't hold."""
        if isinstance(value, Decimal):
            return value
        found = super()._func_to_number(value)
        if (
            isinstance(found, float)
            and isinstance(value, str)
            and Decimal(repr(found)) != Decimal(value)
        ):
            raise ValueError(value)
        return found


OPTIONS = Options(custom_functions=_Exact())
"""For `ParsedResult.search`."""
