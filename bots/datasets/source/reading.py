"""Records out of a source's bytes, one at a time: CSV, TSV, JSON Lines, JSON arrays, GeoJSON."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from bots.datasets.facts import Fault
from bots.datasets.source import geojson
from bots.datasets.source.config import SourceLimits
from bots.datasets.source.faults import SourceError, error, fault
from bots.datasets.source.jsonstream import Decoder, JSONStream
from bots.datasets.source.unpacking import LONGEST_RECORD, Meter, unpacked

Cells = list[str] | dict[str, Any]
"""A record as it is read: a text a field, in the schema's order; or a JSON object."""

_NO_JSON = (ValueError, ArithmeticError, RecursionError)
_MOST_EXTRA = 20
_ENCODINGS = re.compile(
    r"utf-8|utf-16(-[lb]e)?|ascii|iso8859-\d+|cp(125\d|437|850|866|932|949)|mac-roman|koi8-[ru]"
    r"|shift_jis|euc_(jp|kr)|gb(k|2312|18030)|big5"
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OPTIONS = {
    "quoteChar": "quotechar",
    "doubleQuote": "doublequote",
    "escapeChar": "escapechar",
    "skipInitialSpace": "skipinitialspace",
}
"""What a CSV dialect may say, and what Python's csv calls it."""
_DEFAULTS = {
    "commentRows": (None, []),
    "headerRows": (None, [], [1]),
    "nullSequence": (None,),
    "keyed": (None, True),
    "keys": (None,),
}
"""What else one may say, and the values with which it makes no difference here."""


@dataclass(frozen=True)
class Form:
    """How the records lie in the file.

    - `names`: the schema's fields, in order. `format`: csv, tsv, json, jsonl or geojson.
    - `header`: whether the first row of CSV and TSV names the columns.
    - `comment`: what begins a line that is no record. `options`: of Python's csv.
    - `inside`: the way to the list in a JSON object, "a.b".
    """

    names: tuple[str, ...]
    format: str
    encoding: str
    innerpath: str
    header: bool
    comment: str
    options: Mapping[str, Any]
    inside: str

    @property
    def tabular(self) -> bool:
        """Whether a record is a row of texts, not a JSON object."""
        return self.format in ("csv", "tsv")


def form_of(
    names: Sequence[str], format: str, encoding: str, innerpath: str, dialect: Mapping[str, Any]
) -> Form:
    """How the file is to be read, as its package says. Raises `SourceError` for what can't be."""
    own = dialect.get("json" if format in ("json", "jsonl") else "csv")
    said = {**dialect, **(own if isinstance(own, dict) else {})}
    for name, harmless in _DEFAULTS.items():
        if said.get(name) not in harmless:
            raise error("dialect", setting=name, value=str(said[name]))
    options: dict[str, Any] = {"delimiter": said.get("delimiter", "\t" if format == "tsv" else ",")}
    options |= {ours: said[name] for name, ours in _OPTIONS.items() if name in said}
    if options.get("quotechar") == "":
        options |= {"quotechar": None, "quoting": csv.QUOTE_NONE}
    comment = said.get("commentChar") or ""
    if not isinstance(comment, str):
        raise error("dialect", setting="commentChar", value=str(comment))
    try:
        csv.reader((), strict=True, **options)
    except (TypeError, ValueError, csv.Error) as reason:
        raise error("dialect", setting="csv", value=str(reason)) from reason
    return Form(
        names=tuple(names),
        format=format,
        encoding=_encoding(encoding),
        innerpath=innerpath,
        header=said.get("header") is not False,
        comment=comment,
        options=options,
        inside=str(said.get("property") or ""),
    )


class Records:
    """One reading of the file: an iterator over its records, as good as they can be had.

    A `Fault` among them is a record that can't be read. Raises `SourceError` where the rest of
    the file can't. `extra`: columns, or properties, that the schema doesn't know.
    """

    def __init__(self, form: Form, stream: io.BufferedReader[Meter], meter: Meter) -> None:
        self.form = form
        self.extra: set[str] = set()
        self._names = set(form.names)
        self._stream = stream
        self._meter = meter
        if form.encoding == "utf-8" and stream.peek(2)[:2] in _UTF16:
            raise error("encoding-utf16")
        readers = {
            "csv": self._table,
            "tsv": self._table,
            "jsonl": self._lines,
            "json": self._array,
            "geojson": self._features,
        }
        self._records = readers[form.format]()

    def __iter__(self) -> Iterator[Cells | Fault]:
        return self._records

    def _table(self) -> Iterator[Cells | Fault]:
        meter, names = self._meter, self.form.names
        text = self._text(newline="")
        csv.field_size_limit(LONGEST_RECORD)
        lines = self._uncommented(text) if self.form.comment else text
        reader = csv.reader(lines, strict=True, **self.form.options)
        columns = self._header(reader) if self.form.header else list(names)
        width = len(columns)
        pick = None if columns == list(names) else _picker(columns, names)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as reason:
                yield fault("quotes", reason=str(reason), line=str(reader.line_num))
                continue
            finally:
                meter.since = 0
            if not any(cells):
                continue  # what spreadsheets write below the last row
            if len(cells) == width:
                yield cells if pick is None else pick(cells)
            else:
                yield fault("cells", num_cells=len(cells), num_columns=width)

    def _uncommented(self, text: Iterable[str]) -> Iterator[str]:
        """The lines without comments: within quotation marks there are none."""
        quoted = "quoting" not in self.form.options
        began = False
        for line in text:
            if not line.startswith(self.form.comment) or (began and quoted):
                began = True
                yield line

    def _header(self, reader: Iterator[list[str]]) -> list[str]:
        try:
            columns = [column.strip() for column in next(reader, [])]
        except csv.Error as reason:
            raise error("quotes", reason=str(reason), line="1") from reason
        times = Counter(columns)
        for column, count in times.items():
            if count > 1 and column:
                raise error("header-double", column=column, name=column)
            _check_text(column)
        missing = [name for name in self.form.names if name not in times]
        self.extra = {column for column in columns if column and column not in self._names}
        if missing:
            first = missing[:_MOST_EXTRA]
            raise SourceError([column_missing(name, self.extra) for name in first])
        return columns

    def _lines(self) -> Iterator[Cells | Fault]:
        decoder = Decoder()
        for line in self._text(newline="\n"):
            self._meter.since = 0
            if not line.strip():
                continue
            try:
                found = decoder.decode(line)
            except _NO_JSON as reason:
                yield fault("json-line", reason=_why(reason))
            else:
                yield self._object(found, decoder)

    def _array(self) -> Iterator[Cells | Fault]:
        decoder = Decoder()
        stream = JSONStream(self._text(newline=""), decoder)
        path = self.form.inside.split(".") if self.form.inside else []
        start = self._stream.peek(1).lstrip()[:1]
        if not path and start == b"{":
            raise error("json-shape")
        try:
            for found in stream.list_at(path):
                self._meter.since = 0
                yield self._object(found, decoder)
        except _NO_JSON as reason:
            raise error("json", reason=_why(reason)) from reason

    def _features(self) -> Iterator[Cells | Fault]:
        decoder = Decoder()
        stream = JSONStream(self._text(newline=""), decoder)
        if self._stream.peek(1).lstrip()[:1] == b"[":
            raise geojson.no_collection()
        seen: set[str] = set()
        try:
            for name, found in stream.members(geojson.FEATURES):
                self._meter.since = 0
                seen.add(name)
                if name == geojson.FEATURES:
                    cells = geojson.record_of(found)
                    yield cells if isinstance(cells, Fault) else self._object(cells, decoder)
                else:
                    geojson.check_member(name, found)
                decoder.doubled.clear()
        except _NO_JSON as reason:
            raise error("json", reason=_why(reason)) from reason
        if "type" not in seen:
            raise geojson.no_collection()

    def _object(self, found: object, decoder: Decoder) -> Cells | Fault:
        if decoder.doubled:
            name = decoder.doubled[0]
            decoder.doubled.clear()
            return fault("property-double", name=name)
        if not isinstance(found, dict):
            return fault("not-object", kind=type(found).__name__)
        if len(self.extra) < _MOST_EXTRA and not found.keys() <= self._names:
            self.extra |= found.keys() - self._names
        return found

    def _text(self, newline: str) -> io.TextIOWrapper:
        """The file as text; a byte that is none in it becomes a lone surrogate, see `Source`."""
        return io.TextIOWrapper(
            self._stream, self.form.encoding, errors="surrogateescape", newline=newline
        )


@contextmanager
def records(path: Path, form: Form, limits: SourceLimits) -> Iterator[Records]:
    """One reading of the file at `path`. Raises `SourceError`."""
    with unpacked(path, form.innerpath, limits) as (stream, meter):
        yield Records(form, stream, meter)


def column_missing(name: str, extra: set[str]) -> Fault:
    """What is said of a field that the file does not have; `extra` are those it has besides."""
    there = ", ".join(sorted(extra)[:10])
    return fault("column-missing", column=name, name=name, names=there or "–")


def _why(reason: Exception) -> str:
    """What the JSON decoder says, without the place: it counts from where it began to read."""
    return getattr(reason, "msg", None) or str(reason)


def _picker(columns: Sequence[str], names: Sequence[str]) -> Callable[[list[str]], list[str]]:
    at = {column: place for place, column in enumerate(columns)}
    places = [at[name] for name in names]
    if len(places) == 1:
        return lambda cells: [cells[places[0]]]
    get = itemgetter(*places)
    return lambda cells: list(get(cells))


def _check_text(column: str) -> None:
    try:
        column.encode()
    except UnicodeEncodeError as reason:
        raise error("encoding", byte=byte_of(reason), column=column, name="–") from reason


def byte_of(reason: UnicodeEncodeError) -> str:
    """The byte, as two hex digits, that stands in a text as a lone surrogate (PEP 383)."""
    code = ord(reason.object[reason.start])
    return f"{code - 0xDC00:02X}" if 0xDC80 <= code <= 0xDCFF else f"U+{code:04X}"


def _encoding(name: str) -> str:
    try:
        known = codecs.lookup(name.removesuffix("-sig")).name
    except (LookupError, ValueError):
        known = ""
    if not _ENCODINGS.fullmatch(known):
        raise error("encoding-unknown", encoding=name)
    return known
