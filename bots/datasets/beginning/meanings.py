"""What a column means, by its name's words and its values' shape, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bots.datasets.beginning.columns import Column
from bots.datasets.beginning.known import (
    ALSO_SIZES,
    ANY_ADDRESS,
    KNOWN,
    LANGUAGES,
    LATITUDE,
    LONGITUDE,
    NOT_A_NAME,
    PERSONAL,
    TERMS,
    VARIANTS,
    WIKIDATA,
    Known,
    by_property,
)
from bots.datasets.beginning.proposal import LEFT_OUT
from bots.datasets.beginning.shapes import fit_of, parted, separator_of, share_of
from bots.datasets.mapping.parts import Datatype

MOST_ALIKE = 60
"""A column with more different texts is none of kinds or places that a table could hold."""

_LOOKED_AT = 500
_MOST, _HALF = 0.95, 0.5
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_CLOCK = re.compile(r"\d[T ](?!00:00)\d\d:\d\d")
_SIZE = re.compile(r"-?\d+([.,]\d{1,2})?")
_SCRIPTS = frozenset({"latn", "cyrl", "arab", "hans", "hant"})
_SHAPES: tuple[Datatype, ...] = ("globe-coordinate", "commonsMedia", "url", "time")
_LONGEST_DESCRIPTION = 250
WIKIDATA_ITEM, LATITUDES, LONGITUDES = "wikidata", "latitude", "longitude"


@dataclass(frozen=True)
class Meaning:
    """What a column seems to say.

    - `is_`: a property, `label`, `alias`, `description`, `wikidata`, `latitude`, `longitude`, or
      LEFT_OUT. `language`: of a term, where the column's name tells it.
    - `sure`: nobody need be asked; else `choices` are what else it may be.
    - `why`: of what is left out for good: the end of a message's key; else "".
    """

    is_: str
    sure: bool = True
    language: str = ""
    spoken: str = ""
    why: str = ""
    choices: tuple[Known, ...] = field(default_factory=tuple)


def meaning_of(column: Column) -> Meaning:
    """What a column seems to say."""
    values = column.values[:_LOOKED_AT]
    if column.objects:
        return Meaning(LEFT_OUT, why="nested")
    if not column.filled:
        return Meaning(LEFT_OUT, why="empty")
    if _is_personal(column, values):
        return Meaning(LEFT_OUT, why="personal")
    if _is_wikidata(column, values):
        return Meaning(WIKIDATA_ITEM)
    for names, meaning, most in ((LATITUDE, LATITUDES, 90), (LONGITUDE, LONGITUDES, 180)):
        if not _names(column, names) or _is_size(column, names):
            continue
        if _is_angle(column, most) or _is_in_degrees(column, meaning):
            return Meaning(meaning)
        if set(column.words) & names - ALSO_SIZES:
            place = by_property("P625")
            return Meaning(LEFT_OUT, why="unread", choices=(place,) if place else ())
    named = [each for each in KNOWN if _names(column, each.words)]
    fitting = [each for each in named if fits(column, each) >= _HALF]
    fitting.sort(key=lambda each: -_longest(column, each.words))
    if fitting and not _is_of_another(column, fitting[0]):
        return Meaning(fitting[0].id)
    if not named:
        term = _term(column)
        if term is not None:
            return term
    return _by_values(column, named)


def fits(column: Column, known: Known) -> float:
    """The share of the column's values that may be values of the property."""
    values = column.values[:_LOOKED_AT]
    if known.is_identifier:
        mark = separator_of(column)
        return share_of(parted(values, mark), known.steps, known.pattern)
    if known.datatype == "wikibase-item":
        return float(is_of_few(column) or share_of(values, ("wikidata-id",)) >= _MOST)
    return fit_of(column, known.datatype).share


def is_of_few(column: Column) -> bool:
    """Whether it holds few texts, most of them several times, as kinds and countries do."""
    count = len(column.counts)
    texts = all(isinstance(each, str) for each in column.values)
    return texts and 0 < count <= MOST_ALIKE and (column.filled < 10 or count <= column.filled / 2)


def _by_values(column: Column, named: list[Known]) -> Meaning:
    """What the values alone tell; it is asked about unless they look like nothing else."""
    alike = [each for each in KNOWN if each.alone != "no" and fits(column, each) >= _MOST]
    if alike:
        return Meaning(alike[0].id, alike[0].alone == "surely", choices=tuple(alike))
    for datatype in _SHAPES:
        fit = fit_of(column, datatype)
        if fit.share < _MOST or (datatype == "time" and (not fit.steps or fit.steps == ("year",))):
            continue
        choices = tuple(each for each in KNOWN if each.datatype == datatype)
        if not named or {each.datatype for each in named} & {datatype}:
            plain = datatype != "globe-coordinate" or _are_two_numbers(column)
            return Meaning(LEFT_OUT if plain else choices[0].id, not plain, choices=choices)
    if named:
        return Meaning(LEFT_OUT, why="unread", choices=tuple(named))
    if is_of_few(column) and not column.unique and _is_words(column):
        choices = tuple(each for each in KNOWN if each.datatype == "wikibase-item")
        return Meaning(LEFT_OUT, False, choices=choices)
    return Meaning(LEFT_OUT)


def _names(column: Column, words: Iterable[str]) -> bool:
    said = f" {' '.join(column.words)} "
    return any(f" {word} " in said for word in words)


def _longest(column: Column, words: Iterable[str]) -> int:
    """How many of the column's words one of these names has."""
    return max((word.count(" ") + 1 for word in words if _names(column, (word,))), default=0)


def _is_of_another(column: Column, known: Known) -> bool:
    """Whether it says that of something else: an image's address, a row's moment."""
    if known.datatype == "time":
        values = [str(each) for each in column.values[:_LOOKED_AT]]
        return sum(bool(_CLOCK.search(each)) for each in values) > len(values) / 2
    more = set(column.words) - ANY_ADDRESS - LANGUAGES
    return known.datatype == "url" and bool(more) and not _names(column, known.words - ANY_ADDRESS)


def _are_two_numbers(column: Column) -> bool:
    """Whether the values may as well be numbers with a decimal comma, or sizes."""
    return not any(isinstance(v, Mapping) or re.search("[A-Za-z°]", str(v)) for v in column.values)


def _is_size(column: Column, names: frozenset[str]) -> bool:
    """Whether it is how broad or long a thing is: hardly ever told by three decimals."""
    values = column.values[:_LOOKED_AT]
    few = sum(bool(_SIZE.fullmatch(str(each).strip())) for each in values)
    return set(column.words) & names <= ALSO_SIZES and few > len(values) / 2


def _is_in_degrees(column: Column, meaning: str) -> bool:
    """Whether the values are such as 55°40'12"N, half of a place."""
    values = column.values[:_LOOKED_AT]
    half = "{},0°0'1\"E" if meaning == LATITUDES else "0°0'1\"N,{}"
    return share_of([half.format(each) for each in values], ("latlon",)) >= _MOST


def _is_personal(column: Column, values: tuple[Any, ...]) -> bool:
    mails = sum(isinstance(each, str) and bool(_MAIL.fullmatch(each)) for each in values)
    return mails >= len(values) / 2 or _names(column, PERSONAL)


def _is_wikidata(column: Column, values: tuple[Any, ...]) -> bool:
    share = share_of(values, ("wikidata-id",))
    few = is_of_few(column) and column.filled >= 10
    return share >= _MOST and not few if _names(column, WIKIDATA) else share == 1 and column.unique


def _is_angle(column: Column, most: int) -> bool:
    values = column.values[:_LOOKED_AT]
    fit = fit_of(column, "quantity")
    point = {str(each).replace(",", ".") for each in values}
    form = re.compile(r"\s*-?\d{1,3}(\.\d+)?\s*")
    inside = [text for text in point if form.fullmatch(text) and abs(float(text)) <= most]
    return fit.share >= _HALF and len(inside) >= len(point) * 0.9


def _term(column: Column) -> Meaning | None:
    """A term, where the name says one; the language where the name tells it (`name_sv`)."""
    language, rest = _language(list(column.words))
    for term, spoken in TERMS.items():
        told = [word for word in rest if word in spoken]
        if not told:
            continue
        if term == "label" and NOT_A_NAME & set(rest):
            term = "alias"
        if not _is_words(column):
            return None
        tagged = sum(bool(_TAG.search(str(each))) for each in column.values)
        if tagged > len(column.values) / 20:
            return Meaning(LEFT_OUT, why="html")
        longest = max(len(str(each)) for each in column.values)
        if term == "description" and longest > _LONGEST_DESCRIPTION:
            return Meaning(LEFT_OUT, why="long")
        return Meaning(term, language=language, spoken=spoken[told[0]])
    return None


def _language(words: list[str]) -> tuple[str, list[str]]:
    """The language that a name's words tell (`name_sv`, `Name (pt-BR)`), and the other words."""
    if len(words) > 2 and words[-2] in LANGUAGES:
        variant = f"{words[-2]}-{words[-1]}"
        if variant in VARIANTS:
            return variant, words[:-2]
        if len(words[-1]) == 2 or words[-1] in _SCRIPTS:
            return words[-2], words[:-2]
    language = next((word for word in (words[-1:] + words[:1]) if word in LANGUAGES), "")
    return language, [word for word in words if word != language]


def _is_words(column: Column) -> bool:
    """Whether the values are texts with letters in them, for the most part."""
    texts = [each for each in column.values[:_LOOKED_AT] if isinstance(each, str)]
    lettered = sum(any(sign.isalpha() for sign in text) for text in texts)
    return lettered > len(column.values[:_LOOKED_AT]) / 2
