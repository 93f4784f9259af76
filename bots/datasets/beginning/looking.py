"""Looks at a partner's file: how it is written, which columns it has, and what is in them.

What can't be looked at raises `SourceError`, whose messages say what to do.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from frictionless import Detector

from bots.core.messages import Message
from bots.datasets.beginning.columns import Column, Looked
from bots.datasets.beginning.written import delimiter_of, encoding_of, format_of, header_of
from bots.datasets.facts import Fault
from bots.datasets.source.config import SourceLimits
from bots.datasets.source.faults import SourceError, at_row, error, fault, quoted
from bots.datasets.source.keys import wrong_text
from bots.datasets.source.reading import Cells, byte_of, form_of, records
from bots.datasets.source.unpacking import Meter, unpacked, verify
from bots.datasets.source.values import formula_in

MOST_RECORDS = 200_000
"""So many records are looked at; what is said of the file holds for them."""

_MOST_VALUES = 2_000
_MOST_COUNTED = 5_000
_MOST_COLUMNS = 300
_BEGINNING = 1 << 20
_LIST_SOUGHT_IN = 64 << 20
_LIMITS = SourceLimits()
_SHEETS = frozenset({"[Content_Types].xml", "content.xml"})
_OLD_SHEET = b"\xd0\xcf\x11\xe0"
_NOTHING = frozenset(
    {"n/a", "#n/a", "null", "-", "--", "–", "—", "?", "unknown", "okänd", "okänt", "unbekannt",
     "inconnu", "desconocido", "ukjent"}
)  # fmt: skip
"""Texts, in small letters, by which people say that there is no value."""
_NO_VALUE = frozenset({"NaN", "nan", "None", "<NA>", "\\N"})
"""What programs write for it, letter by letter: there are places called Nan."""


def look_at(path: Path) -> Looked:
    """What is in the file. Raises `SourceError`."""
    _refuse_sheets(path)
    with unpacked(path, "", _LIMITS) as (stream, meter):
        start = stream.read(_BEGINNING)
        encoding, heard = encoding_of(start, _pieces(stream, meter))
    verify(path, "", _LIMITS)
    text = start.decode(encoding, errors="ignore")
    format = format_of(path, text)
    dialect: dict[str, Any] = {}
    if format in ("csv", "tsv"):
        format, dialect = delimiter_of(text)
    if format == "json":
        dialect = _way_to_list(path, text)
    names = header_of(text, format, dialect) if format in ("csv", "tsv") else ()
    seen = _Seen(names)
    form = form_of(names, format, encoding, "", dialect)
    with records(path, form, _LIMITS) as reading:
        try:
            for cells in islice(reading, MOST_RECORDS):
                seen.add(cells)
            seen.whole = next(iter(reading), None) is None
        except UnicodeEncodeError as reason:
            broken = fault("encoding", name="–", byte=byte_of(reason))
            raise SourceError([at_row(broken, seen.count + 1)]) from reason
        except SourceError as reason:
            raise SourceError([at_row(f, seen.count + 1) for f in reason.faults]) from reason
    columns = seen.columns()
    if not seen.records:
        raise seen.first or error("no-records", name=path.name)
    if seen.bad > seen.records and seen.first is not None:
        raise seen.first
    why = seen.first.faults[0].message if seen.first else None
    return Looked(
        format=format,
        encoding=encoding,
        dialect=dialect,
        fields=_typed(seen, names, columns),
        columns=columns,
        missing=("", *sorted(seen.nothing)),
        records=seen.records,
        bad=seen.bad,
        why=why,
        whole=seen.whole,
        heard=heard,
    )


def _pieces(stream: io.BufferedReader[Meter], meter: Meter) -> Iterator[bytes]:
    """What is left of the file."""
    while piece := stream.read(_BEGINNING):
        meter.since = 0
        yield piece


class _Seen:
    """What has been seen of the records so far."""

    def __init__(self, names: Sequence[str]) -> None:
        self.records = self.bad = 0
        self.first: SourceError | None = None
        self.whole = True
        self.nothing: set[str] = set()
        self._names = tuple(names)
        self._held: dict[tuple[str, ...], _Held] = {}
        for name in names:
            self._held[(name,)] = _Held()

    @property
    def count(self) -> int:
        """How many records there were, good and bad."""
        return self.records + self.bad

    def add(self, cells: Cells | Fault) -> None:
        """One more record."""
        wrong = cells if isinstance(cells, Fault) else self._wrong(cells)
        if wrong is not None or isinstance(cells, Fault):
            self.bad += 1
            if self.first is None and wrong is not None:
                self.first = SourceError([at_row(wrong, self.count)])
            return
        self.records += 1
        if isinstance(cells, list):
            for name, text in zip(self._names, cells, strict=True):
                self._see((name,), text.strip())
            return
        for name, value in cells.items():
            if isinstance(value, Mapping) and not {"coordinates", "geometries"} & value.keys():
                for inner, held in value.items():
                    self._see((name, inner), held)
            else:
                self._see((name,), value)

    def _wrong(self, cells: Cells) -> Fault | None:
        """What a run would refuse the record for, whatever the mapping is."""
        named = zip(self._names, cells, strict=True) if isinstance(cells, list) else cells.items()
        for name, cell in named:
            if not isinstance(cell, str) or not cell:
                continue
            wrong = None
            if not cell.isascii() or len(cell) > _LIMITS.cell_characters:
                wrong = wrong_text(name, cell, _LIMITS.cell_characters)
            elif cell[0] in " =+-@#":
                wrong = formula_in(name, cell.strip())
            if wrong is not None:
                return wrong
        return None

    def _see(self, way: tuple[str, ...], value: Any) -> None:
        held = self._held.get(way)
        if held is None:
            if len(self._held) >= _MOST_COLUMNS:
                return
            held = self._held[way] = _Held()
        values = value if isinstance(value, list) else [value]
        texts = [each for each in values if not self._says_nothing(each)]
        held.lists |= isinstance(value, list)
        if texts:
            held.add(texts)

    def _says_nothing(self, value: Any) -> bool:
        if value is None or value == "":
            return True
        if not isinstance(value, str):
            return False
        if value.strip().casefold() in _NOTHING or value.strip() in _NO_VALUE:
            self.nothing.add(value.strip())
            return True
        return False

    def columns(self) -> tuple[Column, ...]:
        """The columns, in the order in which they came."""
        return tuple(
            Column(
                name=".".join(way),
                take=_take(way),
                top=way[0],
                values=tuple(held.values),
                counts=held.counts,
                filled=held.filled,
                total=self.records,
                unique=held.unique and not held.lists,
                lists=held.lists,
                objects=held.objects,
            )
            for way, held in self._held.items()
        )


class _Held:
    """What one column held so far."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.counts: Counter[str] = Counter()
        self.filled = 0
        self.unique = True
        self.lists = self.objects = False
        self._met: set[int] = set()

    def add(self, values: Sequence[Any]) -> None:
        """The values of one more record, at least one."""
        self.filled += 1
        for value in values:
            if isinstance(value, list) or (isinstance(value, Mapping) and "type" not in value):
                self.objects = True
                continue
            text = value if isinstance(value, str) else json.dumps(value, default=str)
            mark = hash(text)
            self.unique = self.unique and mark not in self._met
            if self.unique:
                self._met.add(mark)
            else:
                self._met.clear()
            if text in self.counts or len(self.counts) < _MOST_COUNTED:
                self.counts[text] += 1
            if len(self.values) < _MOST_VALUES:
                self.values.append(value)


def _take(way: tuple[str, ...]) -> dict[str, str]:
    if len(way) == 1:
        return {"field": way[0]}
    return {"path": ".".join(_step(name) for name in way)}


def _step(name: str) -> str:
    """A property's name in a JMESPath expression."""
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)
    return name if plain else json.dumps(name, ensure_ascii=False)


def _refuse_sheets(path: Path) -> None:
    """A spreadsheet is an archive of many files, which would be told as such."""
    try:
        if not path.is_file():
            raise SourceError([Fault(Message("new-dataset-no-file", {"name": quoted(path.name)}))])
        with path.open("rb") as file:
            start = file.read(8)
        names = zipfile.ZipFile(path).namelist() if start[:4] == b"PK\x03\x04" else []
    except OSError as reason:
        raise error("unreadable", place=path.name, reason=str(reason.strerror)) from reason
    except (zipfile.BadZipFile, ValueError) as reason:
        raise error("unpack", reason=str(reason)) from reason
    if start.startswith(_OLD_SHEET) or _SHEETS & set(names):
        raise SourceError([Fault(Message("new-dataset-spreadsheet", {"name": quoted(path.name)}))])


def _way_to_list(path: Path, text: str) -> dict[str, Any]:
    """The dialect that says where in a JSON object the list of records is. Raises `SourceError`."""
    if text.lstrip()[:1] == "[":
        return {}
    with unpacked(path, "", _LIMITS) as (stream, _meter):
        data = stream.read(_LIST_SOUGHT_IN + 1)
    if len(data) > _LIST_SOUGHT_IN:
        raise SourceError([Fault(Message("new-dataset-no-list"))])
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as reason:
        said = getattr(reason, "msg", None) or str(reason)
        raise SourceError([at_row(fault("json", reason=said), 1)]) from reason
    ways = sorted(_lists(found, ()), key=lambda each: -each[0])
    if not ways or any("." in name for name in ways[0][1]):
        raise SourceError([Fault(Message("new-dataset-no-list"))])
    return {"property": ".".join(ways[0][1])}


def _lists(found: Any, way: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lists of objects, how long each is, and the way to it."""
    if not isinstance(found, dict) or len(way) > 2:
        return
    for name, value in found.items():
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            yield len(value), (*way, name)
        yield from _lists(value, (*way, name))


def _typed(
    seen: _Seen, names: Sequence[str], columns: Sequence[Column]
) -> tuple[tuple[str, str], ...]:
    """The fields and their types: inferred, and only where a value is written in one way."""
    if not names:
        tops: dict[str, list[Column]] = {}
        for column in columns:
            tops.setdefault(column.top, []).append(column)
        return tuple((name, _json_type(found)) for name, found in tops.items())
    rows = zip(*(_padded(column) for column in columns), strict=True)
    fragment = [list(row) for row in rows]
    schema = Detector(field_confidence=1).detect_schema(fragment, labels=list(names))
    told = zip(schema.fields, columns, strict=True)
    return tuple(
        (column.name, field.type if seen.whole and _is_one_way(field.type, column) else "string")
        for field, column in told
    )


_AT_ONCE = 200


def _padded(column: Column) -> list[Any]:
    values = list(column.values[:_AT_ONCE])
    return values + [""] * (_AT_ONCE - len(values))


def _is_one_way(kind: str, column: Column) -> bool:
    """Whether all texts are numbers without anything that reading them would lose (007, +5)."""
    forms = {"integer": r"-?(0|[1-9]\d*)", "number": r"-?(0|[1-9]\d*)(\.\d+)?"}
    form = forms.get(kind)
    return form is not None and all(re.fullmatch(form, text) for text in column.counts)


def _json_type(columns: Sequence[Column]) -> str:
    within = [column for column in columns if "path" in column.take]
    if within:
        whole = [column for column in columns if column not in within and column.filled]
        return "any" if whole else "object"
    only = columns[0]
    if only.lists:
        return "any" if only.objects else "array"
    if only.values and all(isinstance(each, str) for each in only.values):
        return "string"
    return "any"
