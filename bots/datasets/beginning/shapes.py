"""By which transforms a column's values become values of a datatype, and how many of them do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bots.core.wikibase.model import Coordinate, Time
from bots.datasets.beginning.columns import Column
from bots.datasets.mapping.parts import Datatype
from bots.datasets.transforms import TRANSFORMS, Step, TransformError, arguments_of
from bots.datasets.transforms.patterns import compiled

_LOOKED_AT = 500
_FORMATS = (
    "D.M.YYYY", "D/M/YYYY", "M/D/YYYY", "D-M-YYYY", "YYYY/MM/DD", "YYYY.MM.DD", "YYYYMMDD",
    "M.YYYY", "M/YYYY", "D MMMM YYYY", "D. MMMM YYYY", "MMMM D, YYYY", "MMMM YYYY",
)  # fmt: skip
_LANGUAGES = ("en", "sv", "de", "fr", "es", "nl", "nb", "da", "fi", "it", "pl", "pt")
_TURNED = {"D/M/YYYY": "M/D/YYYY", "M/D/YYYY": "D/M/YYYY"}
_MOST_FORMATS = 4
_LATEST = 2100
_NUMBERS: tuple[dict[str, str], ...] = (
    {}, {"point": ","}, {"point": ",", "group": "."}, {"point": ",", "group": " "},
    {"point": ".", "group": ","}, {"point": ".", "group": " "},
)  # fmt: skip
_FILE = re.compile(r"[^/<>\[\]{}|#]+\.(jpe?g|png|tiff?|svg|webp|gif|pdf)", re.IGNORECASE)


@dataclass(frozen=True)
class Fit:
    """How a column's values are read: the transforms, and the share of values that they take.

    `doubtful`: several readings take the values, and give others.
    """

    steps: tuple[Any, ...] = ()
    share: float = 0.0
    doubtful: bool = False


def share_of(values: Sequence[Any], steps: Iterable[Any], pattern: str = "") -> float:
    """The share of the values that all the transforms, and then the pattern, take."""
    ready = [_step(use) for use in steps]
    form = compiled(pattern) if pattern else None
    taken = 0
    for value in values:
        read = _read(value, ready)
        taken += read is not None and (form is None or bool(form.fullmatch(str(read))))
    return taken / len(values) if values else 0.0


def fit_of(column: Column, datatype: Datatype) -> Fit:
    """How the column's values become values of this datatype."""
    values = column.values[:_LOOKED_AT]
    reader = _READERS.get(datatype)
    return Fit((), float(bool(values))) if reader is None else reader(values)


def separator_of(column: Column) -> str:
    """What parts several values in one cell; "" where each is one."""
    texts = [each for each in column.values[:_LOOKED_AT] if isinstance(each, str)]
    for mark in (";", "|", "\n"):
        ended = sum(text.strip().endswith(mark) for text in texts)
        inside = sum(mark in text.strip().strip(mark) for text in texts)
        often = texts and max(inside / 0.02, ended / 0.5) >= len(texts)
        if often and all("://" not in text for text in texts):
            return mark
    return ""


def parted(values: Sequence[Any], separator: str) -> list[Any]:
    """The values that a cell holds, each by itself."""
    if not separator:
        return list(values)
    return [
        part.strip() if isinstance(part, str) else part
        for value in values
        for part in (value.split(separator) if isinstance(value, str) else (value,))
        if not isinstance(part, str) or part.strip()
    ]


def read(value: Any, steps: Iterable[Any]) -> Any:
    """What becomes of a value; None where one of the transforms doesn't take it."""
    return _read(value, [_step(use) for use in steps])


def _step(use: Any) -> Step:
    if isinstance(use, str):
        return TRANSFORMS[use].make(arguments_of(use, None))
    ((name, given),) = use.items()
    return TRANSFORMS[name].make(arguments_of(name, given))


def _read(value: Any, steps: Sequence[Step]) -> Any:
    for step in steps:
        try:
            value = step(value)
        except TransformError:
            return None
        if isinstance(value, list):
            value = value[0] if value else None
        if value is None:
            return None
    return value


def _times(values: Sequence[Any]) -> Fit:
    plain = _step("date")
    left = [each for each in values if not _is_past(_read(each, [plain]))]
    if not left:
        years = all(_is_year(_read(each, [plain])) for each in values)
        return Fit(("year",) if values and years else ("date",), 1.0)
    chosen: list[str] = []
    doubtful = False
    language = "en"
    while left and len(chosen) < _MOST_FORMATS:
        read, taken, spoken = max(_by_format(left, language), key=lambda each: each[0])
        if not read:
            break
        if "MMMM" in taken:
            language = spoken
        other = _TURNED.get(taken)
        if other and _count(left, other, language) == read:
            doubtful = True
        chosen.append(taken)
        left = [each for each in left if not _is_past(_read(each, [_dated([taken], language)]))]
    share = 1 - len(left) / len(values)
    if not chosen:
        return Fit(("date",), share)
    given: Any = {"formats": chosen, "language": language} if language != "en" else chosen
    return Fit(({"date": given},), share, doubtful)


def _by_format(values: Sequence[Any], language: str) -> Iterable[tuple[int, str, str]]:
    for form in _FORMATS:
        spoken = _LANGUAGES if "MMMM" in form and language == "en" else (language,)
        for each in spoken:
            yield _count(values, form, each), form, each


def _count(values: Sequence[Any], form: str, language: str) -> int:
    step = _dated([form], language)
    return sum(_is_past(_read(each, [step])) for each in values)


def _dated(formats: list[str], language: str) -> Step:
    return _step({"date": {"formats": formats, "language": language}})


def _is_past(value: Any) -> bool:
    """Whether it is a time that may have been, and no number of days since 1900."""
    return isinstance(value, Time) and int(value.time.partition("-")[0] or 0) <= _LATEST


def _is_year(value: Any) -> bool:
    return isinstance(value, Time) and value.precision == 9


def _quantities(values: Sequence[Any]) -> Fit:
    """Of several readings that take as many, the one that makes most whole numbers."""
    read = []
    for given in _NUMBERS:
        use = {"decimal": given} if given else "decimal"
        found = [_read(each, [_step(use)]) for each in values]
        numbers = [each for each in found if each is not None]
        whole = sum(each == each.to_integral_value() for each in numbers)
        read.append((len(numbers), whole, (use,) if given else (), found))
    most = max(len_ for len_, *_ in read)
    best = max(read, key=lambda each: each[:2])
    doubtful = any(each[0] == most and each[3] != best[3] for each in read)
    return Fit(best[2], most / len(values) if values else 0.0, doubtful)


def _urls(values: Sequence[Any]) -> Fit:
    plain, put = share_of(values, ("url",)), share_of(values, ({"url": "https"},))
    hosts = sum(isinstance(v, str) and bool(re.match(r"(https?://|www\.)", v)) for v in values)
    share = min(put, hosts / len(values)) if values else 0.0
    return Fit(("url",), plain) if plain >= share else Fit(({"url": "https"},), share)


def _coordinates(values: Sequence[Any]) -> Fit:
    read = [_read(each, [_step("latlon")]) for each in values]
    share = sum(isinstance(each, Coordinate) for each in read) / len(values) if values else 0.0
    return Fit(("latlon",), share)


def _files(values: Sequence[Any]) -> Fit:
    names = [_read(each, [_step("commons-file")]) for each in values]
    fits = sum(isinstance(name, str) and bool(_FILE.fullmatch(name)) for name in names)
    return Fit(("commons-file",), fits / len(values) if values else 0.0)


_READERS: dict[Datatype, Callable[[Sequence[Any]], Fit]] = {
    "time": _times,
    "quantity": _quantities,
    "url": _urls,
    "globe-coordinate": _coordinates,
    "commonsMedia": _files,
}
