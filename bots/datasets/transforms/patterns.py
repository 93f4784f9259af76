"""Patterns of the configuration, against values from outside: RE2, which takes linear time.

Python's own `re` can be kept busy for hours by one value (`(a+)+$`); RE2 knows no look-around and
no references back, and says so when the mapping is loaded.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

import re2
from pydantic import AfterValidator

_MEMORY = 8 << 20


@lru_cache(maxsize=1000)
def compiled(pattern: str) -> re2._Regexp[str]:
    """The pattern, ready. Raises ValueError for one that RE2 doesn't take."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0]
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise ValueError(f"no pattern that RE2 takes: {words}") from error


def _is_pattern(pattern: str) -> str:
    compiled(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_is_pattern)]
