"""The world's countries and languages, as people name them, from Unicode's CLDR (through Babel)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from babel import Locale
from toolforge_i18n import language_code_to_babel

from bots.core.said import normal


def names(of: Literal["territories", "languages"], spoken: Iterable[str]) -> Mapping[str, str]:
    """Names in each of the `spoken` languages, and codes themselves → the code.

    `spoken` are MediaWiki's codes. A country has two letters; continents and the like, which CLDR
    numbers, are left out.
    """
    found: dict[str, str] = {}
    for language in ("en", *spoken):
        for code, name in getattr(Locale.parse(language_code_to_babel(language)), of).items():
            if code.isascii() and code[0].isalpha():
                plain = str(code).replace("_", "-")
                found[normal(name)] = found[normal(plain)] = plain
    return found
