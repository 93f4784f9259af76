"""Which values, snaks, references and statements say the same, and which say it more finely.

Two statements are the same when property, snaktype, value and qualifiers (as a multiset) are; rank
and references are no part of it. Two references are the same when their snaks are, in any order.
Of values:

- texts are compared in Unicode's composed form (NFC), as MediaWiki stores them, and by the
  property's own equivalence (`NORMALISERS`);
- of a time, precision and calendar are part of the value, what is below the precision is not
  (+1850-00-00 and +1850-01-01 are one year, +1801 and +1900 one century), and `timezone`,
  `before` and `after` are never compared;
- amounts and degrees are compared as numbers, exactly (1.5 and 1.50 are the same);
- unit `1` and Q199 are one unit; entity URIs are the same with http and https;
- a coordinate's precision 0 is no precision; 180° east and west are one;
- novalue is not somevalue, and neither is a value.

Two values are the same exactly where their `canonical` forms are equal, so these are slot keys.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Context, Decimal
from functools import lru_cache

from bots.core.merge.facts import Relation
from bots.core.wikibase.exact import JSON, dumps, loads
from bots.core.wikibase.model import (
    Coordinate,
    EntityId,
    Monolingual,
    Other,
    Quantity,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)

Equivalence = Mapping[str, tuple[str, ...]]
"""Property id → names in `NORMALISERS`, applied in order; from a dataset's configuration."""

NO_UNIT = "http://www.wikidata.org/entity/Q199"

_TIME = re.compile(r"([+-])0*(\d+)-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)Z", re.ASCII)
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_WEB = re.compile(r"https?://(?P<host>[^/?#]*)(?P<path>[^?#]*)(?P<rest>.*)", re.I | re.DOTALL)
# Wikibase takes no amount longer than 127 characters; `values` takes no longer degrees.
_AMOUNT = re.compile(r"[+-]?\d{1,127}(?:\.\d{1,127})?", re.ASCII)
_EXACT = Context(prec=300)
_MILLENNIUM, _CENTURY, _DECADE, _YEAR = range(6, 10)
_HOUR = 12


def _without_spaces(text: str) -> str:
    return _SPACES.sub("", text)


def _url(text: str) -> str:
    found = _WEB.fullmatch(text.strip())
    if found is None:
        return text.strip()
    return f"https://{found['host'].lower()}{found['path'].removesuffix('/')}{found['rest']}"


NORMALISERS: Mapping[str, Callable[[str], str]] = {
    "case": str.casefold,
    "dashes": lambda text: re.sub("[\u2010-\u2015\u2212]", "-", text),
    "no-dashes": lambda text: re.sub("[-\u2010-\u2015\u2212]", "", text),
    "no-leading-zeros": lambda text: text.lstrip("0") or text[:1],
    "no-spaces": _without_spaces,
    "one-space": lambda text: _SPACES.sub(" ", text).strip(),
    "underscores": lambda text: text.replace("_", " "),
    "url": _url,
}
"""Every equivalence that a property can be given, by the name that the configuration uses.

- `case`: upper and lower case are the same.
- `dashes`: every kind of dash is a hyphen; `no-dashes`: dashes don't count.
- `no-leading-zeros`: 0012 is 12.
- `no-spaces`: white space doesn't count (an ISNI: 0000 0001 2281 955X);
  `one-space`: how much of it doesn't.
- `underscores`: an underscore is a space (a file's name).
- `url`: http is https, the host's case and one slash at the end don't count.
"""


def canonical(value: Value, normalisers: Iterable[str] = ()) -> str:
    """A value's key: two values are the same when their keys are equal.

    `normalisers` are names in `NORMALISERS` for texts; KeyError for others.
    """
    return _key(value, tuple(normalisers))


@lru_cache(maxsize=4096)  # an item's values are compared many times while it is judged
def _key(value: Value, normalisers: tuple[str, ...]) -> str:
    match value:
        case EntityId():
            return f"entity:{value.id}"
        case Text():
            return f"text:{_normalised(value.text, normalisers)}"
        case Monolingual():
            language = json.dumps(value.language)
            return f"monolingual:{language}:{_normalised(value.text, normalisers)}"
        case Time():
            return f"time:{_moment(value)}/{value.precision}/{_https(value.calendar)}"
        case Quantity():
            parts = [f"quantity:{_amount(value.amount)}", _unit(value.unit)]
            if _is_bounded(value):
                parts += [_amount(bound or value.amount) for bound in (value.lower, value.upper)]
            return "/".join(parts)
        case Coordinate():
            precision = _plain(value.precision) if value.precision else "?"
            where = f"{_plain(value.latitude)}/{_plain(_longitude(value))}/{precision}"
            return f"place:{where}/{_https(value.globe)}"
        case Other():
            return f"other:{_sorted(value.json)}"


def canonical_snak(snak: Snak, equivalence: Equivalence | None = None) -> str:
    """A snak's key: property, snaktype and value."""
    if snak.value is None:
        return f"{snak.property} {snak.snaktype}"
    names = equivalence.get(snak.property, ()) if equivalence else ()
    return f"{snak.property} {canonical(snak.value, names)}"


def canonical_statement(statement: Statement, equivalence: Equivalence | None = None) -> str:
    """A statement's key: its main snak and its qualifiers in any order."""
    main = canonical_snak(statement.mainsnak, equivalence)
    if not statement.qualifiers:
        return main
    keys = sorted(canonical_snak(each, equivalence) for each in statement.qualifiers)
    return json.dumps([main, *keys], ensure_ascii=False)


def canonical_reference(reference: Reference, equivalence: Equivalence | None = None) -> str:
    """A reference's key: its snaks in any order. The hash is no part of it."""
    keys = sorted(canonical_snak(each, equivalence) for each in reference.snaks)
    return json.dumps(keys, ensure_ascii=False)


def compare(theirs: Value, ours: Value, normalisers: Iterable[str] = ()) -> Relation:
    """How the wiki's value stands to ours: the same, finer, coarser, or another.

    - A time is finer than one that holds it (a day in our year), in the same calendar.
    - A place is finer than one whose precision is coarser or the same and reaches to it.
    - A quantity is finer than one of the same unit whose bounds hold all of it; of equal amounts,
      the one that tells bounds is finer.
    """
    if type(theirs) is not type(ours):
        return Relation.OTHER
    # Nearly all are ids and plain texts: told at once, since each is compared with many.
    if isinstance(theirs, EntityId) and isinstance(ours, EntityId):
        return Relation.SAME if theirs.id == ours.id else Relation.OTHER
    names = tuple(normalisers)
    if isinstance(theirs, Text) and isinstance(ours, Text):
        one, other = theirs.text, ours.text
        if one == other:
            return Relation.SAME
        if not names and one.isascii() and other.isascii():
            return Relation.OTHER
    return _relation(theirs, ours, names)


@lru_cache(maxsize=4096)
def _relation(theirs: Value, ours: Value, normalisers: tuple[str, ...]) -> Relation:
    if _key(theirs, normalisers) == _key(ours, normalisers):
        return Relation.SAME
    match theirs, ours:
        case Time(), Time():
            finer, coarser = _time_within(theirs, ours), _time_within(ours, theirs)
        case Quantity(), Quantity():
            finer, coarser = _quantity_within(theirs, ours), _quantity_within(ours, theirs)
        case Coordinate(), Coordinate():
            finer, coarser = _place_within(theirs, ours), _place_within(ours, theirs)
        case _:
            return Relation.OTHER
    if finer:
        return Relation.FINER
    return Relation.COARSER if coarser else Relation.OTHER


def compare_statements(
    theirs: Statement, ours: Statement, equivalence: Equivalence | None = None
) -> Relation:
    """How the wiki's statement stands to ours, for `Slot.compare` in `bots.core.merge`.

    A qualifier besides ours makes theirs finer; one of ours that theirs lacks makes it coarser,
    both another. So with the main values: finer in one thing and coarser in another is another.
    """
    if theirs.property != ours.property:
        return Relation.OTHER
    names = (equivalence or {}).get(ours.property, ())
    if theirs.mainsnak.value is None or ours.mainsnak.value is None:
        same = theirs.mainsnak.snaktype == ours.mainsnak.snaktype
        same = same and theirs.mainsnak.value == ours.mainsnak.value
        main = Relation.SAME if same else Relation.OTHER
    else:
        main = compare(theirs.mainsnak.value, ours.mainsnak.value, names)
    told = Counter(canonical_snak(each, equivalence) for each in theirs.qualifiers)
    wanted = Counter(canonical_snak(each, equivalence) for each in ours.qualifiers)
    seen = {main}
    if told - wanted:
        seen.add(Relation.FINER)
    if wanted - told:
        seen.add(Relation.COARSER)
    seen.discard(Relation.SAME)
    if len(seen) > 1:
        return Relation.OTHER
    return seen.pop() if seen else Relation.SAME


def comparer(equivalence: Equivalence) -> Callable[[Statement, Statement], Relation]:
    """`compare_statements` with this equivalence. Raises ValueError for an unknown normaliser."""
    for property_id, names in equivalence.items():
        for name in names:
            if name not in NORMALISERS:
                known = ", ".join(NORMALISERS)
                raise ValueError(f"{property_id}: {name!r} is no equivalence; there are {known}")
    return lambda theirs, ours: compare_statements(theirs, ours, equivalence)


def _normalised(text: str, names: Iterable[str]) -> str:
    """A text's key; an equivalence that leaves nothing of the text is not applied."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    for name in names:
        text = NORMALISERS[name](text) or text
    return text


def _https(uri: str) -> str:
    return "https://" + uri[7:] if uri.startswith("http://") else uri


def _unit(unit: str) -> str:
    return "1" if _https(unit) == _https(NO_UNIT) else _https(unit)


def _plain(number: Decimal) -> str:
    """The number's one spelling: 1.50 and 1.5 alike, 0 and -0 too."""
    return str(number.normalize(_EXACT)) if number else "0"


def _amount(text: str) -> str:
    return _plain(Decimal(text)) if _AMOUNT.fullmatch(text) else text


def _longitude(place: Coordinate) -> Decimal:
    """From above -180 up to 180; Wikibase takes 360 on both sides."""
    if place.longitude > 180:
        return _EXACT.subtract(place.longitude, Decimal(360))
    if place.longitude <= -180:
        return _EXACT.add(place.longitude, Decimal(360))
    return place.longitude


def _sorted(text: str) -> str:
    def ordered(value: JSON) -> JSON:
        match value:
            case dict():
                return {name: ordered(value[name]) for name in sorted(value)}
            case list():
                return [ordered(each) for each in value]
        return value

    return dumps(ordered(loads(text)))


def _moment(value: Time, precision: int | None = None) -> str:
    """The time without what is below the precision; the text itself where it is no time."""
    found = _TIME.fullmatch(value.time)
    precision = value.precision if precision is None else precision
    if found is None or len(found[2]) > 16:
        return value.time
    sign, year, month, day, clock = found[1], int(found[2]), found[3], found[4], found[5]
    if precision >= _HOUR:
        return f"{sign}{year}-{month}-{day}T{clock}"
    if precision >= _YEAR:
        return "-".join([f"{sign}{year}", month, day][: precision - _YEAR + 1])
    if precision == _DECADE:
        return f"{sign}{year // 10}"
    if precision in (_CENTURY, _MILLENNIUM):
        return f"{sign}{-(-year // (100 if precision == _CENTURY else 1000))}"
    return f"{sign}{year}"


def _time_within(fine: Time, coarse: Time) -> bool:
    if _https(fine.calendar) != _https(coarse.calendar):
        return False
    if not _MILLENNIUM <= coarse.precision < fine.precision:
        return False
    return _moment(fine, coarse.precision) == _moment(coarse)


def _quantity_within(fine: Quantity, coarse: Quantity) -> bool:
    if _unit(fine.unit) != _unit(coarse.unit):
        return False
    if _amount(fine.amount) == _amount(coarse.amount) and _is_bounded(fine) != _is_bounded(coarse):
        return _is_bounded(fine)
    inner, outer = _span(fine), _span(coarse)
    if inner is None or outer is None or inner == outer:
        return False
    return _is_bounded(coarse) and outer[0] <= inner[0] and inner[1] <= outer[1]


def _span(value: Quantity) -> tuple[Decimal, Decimal] | None:
    texts = (value.lower or value.amount, value.upper or value.amount)
    if not all(_AMOUNT.fullmatch(text) for text in texts):
        return None
    return Decimal(texts[0]), Decimal(texts[1])


def _is_bounded(value: Quantity) -> bool:
    return value.lower is not None or value.upper is not None


def _place_within(fine: Coordinate, coarse: Coordinate) -> bool:
    if _https(fine.globe) != _https(coarse.globe) or not fine.precision:
        return False
    north = _EXACT.subtract(fine.latitude, coarse.latitude).copy_abs()
    east = _EXACT.subtract(_longitude(fine), _longitude(coarse)).copy_abs()
    east = min(east, _EXACT.subtract(Decimal(360), east))
    if not coarse.precision:
        return not north and not east
    return fine.precision <= coarse.precision and max(north, east) < coarse.precision
