"""Transforms of identifiers and codes: ISNI, ORCID, ROR, Wikidata's ids, languages, countries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from babel import Locale
from babel.core import get_global
from pydantic import Field

from bots.datasets.transforms.base import Arguments, Step, TransformError, shown, text_of, transform
from bots.datasets.transforms.texts import Nothing

_ISNI_URL = re.compile(r"https?://(?:www\.)?isni\.org/(?:isni/)?", re.I)
_ORCID_URL = re.compile(r"https?://(?:www\.)?orcid\.org/", re.I)
_ROR = re.compile(
    r"(?:(?:https?://)?(?:www\.)?ror\.org/)?0([0-9a-hjkmnp-tv-z]{6})([0-9]{2})", re.ASCII | re.I
)
_ROR_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_SIXTEEN = re.compile(r"\d{15}[\dX]", re.ASCII)
_BETWEEN = re.compile("[\\s\u00a0\u2010-\u2015-]+")
_WIKIDATA = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d{0,14})", re.ASCII | re.I
)
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}", re.ASCII)
_HERE = {
    "no": "nb", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "nb-no": "nb", "nn-no": "nn",
    "zh-hans-cn": "zh-cn", "zh-hant-tw": "zh-tw", "zh-hant-hk": "zh-hk", "be-x-old": "be-tarask",
    "en-us": "en", "en-uk": "en-gb",
}  # fmt: skip
"""Tags that Wikimedia calls otherwise."""
_NO_LANGUAGE = {"und", "zxx", "mis"}


class Isni(Arguments):
    main: ClassVar[str] = "spaced"
    spaced: bool = False
    """In four groups, as it is printed (0000 0001 2281 955X), and not in one."""


class Languages(Arguments):
    codes: Mapping[str, str] = Field(default_factory=dict)
    """The source's own codes, and which of Wikimedia's each of them is."""


def _checked(name: str, text: str, value: Any) -> str:
    """Sixteen characters whose last is ISO 7064's check (mod 11-2) of the others."""
    if not _SIXTEEN.fullmatch(text):
        raise TransformError("mapping-no-identifier", value=shown(value), name=name)
    total = 0
    for digit in text[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if text[15] != ("X" if check == 10 else str(check)):
        raise TransformError("mapping-check-digit", value=shown(value), name=name)
    return text


@transform(
    "isni",
    Isni,
    does="An ISNI, with or without spaces, dashes or its address, with the right check digit.",
    takes="text",
    gives="text of 16 characters",
    odd="A wrong check digit, or other than 16 characters, is unknown.",
)
def _isni(given: Isni) -> Step:
    def step(value: Any) -> str:
        bare = _BETWEEN.sub("", _ISNI_URL.sub("", text_of(value))).upper()
        text = _checked("ISNI", bare.removeprefix("ISNI").removeprefix(":"), value)
        return " ".join(text[n : n + 4] for n in range(0, 16, 4)) if given.spaced else text

    return step


@transform(
    "orcid",
    Nothing,
    does="An ORCID iD, with or without its address, with the right check digit.",
    takes="text",
    gives="text such as 0000-0002-1825-0097",
    odd="As `isni`.",
)
def _orcid(_given: Nothing) -> Step:
    def step(value: Any) -> str:
        bare = _BETWEEN.sub("", _ORCID_URL.sub("", text_of(value))).upper()
        text = _checked("ORCID iD", bare, value)
        return "-".join(text[n : n + 4] for n in range(0, 16, 4))

    return step


@transform(
    "ror",
    Nothing,
    does="A ROR id, with or without its address, with the right check digits.",
    takes="text",
    gives="text such as 05dxps055",
    odd="Wrong check digits, and what else is no ROR id, are unknown.",
)
def _ror(_given: Nothing) -> Step:
    def step(value: Any) -> str:
        found = _ROR.fullmatch(text_of(value))
        if found is None:
            raise TransformError("mapping-no-identifier", value=shown(value), name="ROR")
        number, check = found[1].lower(), found[2]
        # Crockford's base 32, and ISO 7064's check (mod 97-10) of the number.
        total = 0
        for digit in number:
            total = total * 32 + _ROR_DIGITS.index(digit)
        if int(check) != 98 - total * 100 % 97:
            raise TransformError("mapping-check-digit", value=shown(value), name="ROR")
        return f"0{number}{check}"

    return step


@transform(
    "wikidata-id",
    Nothing,
    does="An item of Wikidata, by its id or address.",
    takes="text",
    gives="text such as Q42",
    odd="A property, an article's address and Q0 are unknown.",
)
def _wikidata_id(_given: Nothing) -> Step:
    def step(value: Any) -> str:
        found = _WIKIDATA.fullmatch(text_of(value))
        if found is None:
            raise TransformError("mapping-no-item", value=shown(value))
        return found[1].upper()

    return step


@transform(
    "language-tag",
    Languages,
    does="A language's code as Wikimedia has it, of ISO 639's two or three letters or a tag.",
    takes="text",
    gives="text such as nb, zh-hans",
    odd="A language's name, an unknown code and `und` are unknown.",
)
def _language_tag(given: Languages) -> Step:
    own = {code.casefold(): here for code, here in given.codes.items()}

    def step(value: Any) -> str:
        text = text_of(value)
        if text.casefold() in own:
            return own[text.casefold()]
        tag = _wikimedia_code(text.replace("_", "-").lower())
        if not tag:
            raise TransformError("mapping-no-language", value=shown(value))
        return tag

    return step


@cache
def _languages() -> frozenset[str]:
    return frozenset(Locale("en").languages) | {"mul"}


def _wikimedia_code(tag: str) -> str:
    """ "" for what is no language's."""
    if not _TAG.fullmatch(tag) and tag not in _HERE:
        return ""
    language, dash, rest = tag.partition("-")
    if len(language) == 3:
        shorter = get_global("language_aliases").get(language, language)
        language = shorter if shorter.islower() and "_" not in shorter else language
    tag = f"{language}{dash}{rest}"
    tag = _HERE.get(tag, tag)
    known = tag.partition("-")[0]
    return tag if known in _languages() and known not in _NO_LANGUAGE else ""


@transform(
    "country-code",
    Nothing,
    does="ISO 3166's two letters of a country, of two or three; for a value table of countries.",
    takes="text",
    gives="text such as SE",
    odd="A country's name, and a code that stands for several countries, are unknown.",
)
def _country_code(_given: Nothing) -> Step:
    def step(value: Any) -> str:
        code = text_of(value).upper()
        aliases = get_global("territory_aliases").get(code, [code])
        found = aliases[0] if len(aliases) == 1 else ""
        if len(found) != 2 or found not in Locale("en").territories or found in _NO_COUNTRY:
            raise TransformError("mapping-no-country", value=shown(value))
        return found

    return step


_NO_COUNTRY = {"ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"}
