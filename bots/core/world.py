"""The world's countries and languages, as people name them, from Unicode's CLDR (through Babel)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from toolforge_i18n import language_code_to_babel

from bots.core.said import normal

Of = Literal["territories", "languages"]


def names(of: Of, spoken: Iterable[str]) -> Mapping[str, str]:
    """Names in each of the `spoken` languages, and codes themselves → the code.

    `spoken` are MediaWiki's codes. A country has two letters; continents and the like, which CLDR
    numbers, are left out.
    """
    found = {normal(name): code for code, also in _ALSO[of].items() for name in also}
    aliases = get_global("territory_aliases" if of == "territories" else "language_aliases")
    for alias, meant in aliases.items():
        code = meant[0] if isinstance(meant, list) and len(meant) == 1 else meant
        if isinstance(code, str) and alias.isalpha():
            found[normal(alias)] = code.replace("_", "-")
    for language in ("en", *spoken):
        for code, name in getattr(Locale.parse(language_code_to_babel(language)), of).items():
            if code.isascii() and code[0].isalpha():
                plain = str(code).replace("_", "-")
                found[normal(name)] = found[normal(plain)] = plain
    return found


_ALSO: Mapping[Of, Mapping[str, Sequence[str]]] = {
    "territories": {
        "BA": ("Bosnia",),
        "CD": ("DR Congo", "Democratic Republic of the Congo"),
        "CG": ("Republic of the Congo",),
        "CI": ("Ivory Coast",),
        "CV": ("Cabo Verde",),
        "CZ": ("Czech Republic",),
        "GB": ("Great Britain", "Britain"),
        "HK": ("Hong Kong",),
        "KR": ("Korea", "Republic of Korea"),
        "MK": ("Macedonia",),
        "MO": ("Macau", "Macao"),
        "NL": ("Holland", "The Netherlands"),
        "PS": ("Palestine",),
        "RU": ("Russian Federation",),
        "SZ": ("Swaziland",),
        "TL": ("East Timor",),
        "TR": ("Turkey",),
        "US": ("United States of America", "America"),
        "VA": ("Vatican", "Holy See"),
        "VN": ("Viet Nam",),
    },
    "languages": {"nb": ("Bokmål",), "nn": ("Nynorsk",), "zh": ("Mandarin",)},
}
"""What people say besides CLDR's names."""


@lru_cache(maxsize=10_000)
def name_of(of: Of, code: str, language: str) -> str:
    """What a country's or a language's code is called in a language; itself where CLDR has none."""
    known = getattr(locale_of(language), of)
    return str(known.get(code) or known.get(code.replace("-", "_")) or code)


@lru_cache(maxsize=100)
def locale_of(language: str) -> Locale:
    """How a language of MediaWiki's writes names, dates and numbers; or as English does."""
    try:
        return Locale.parse(language_code_to_babel(language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
