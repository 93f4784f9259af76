"""How a partner's file is written: its encoding, its format, what parts its columns, its header."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bots.core.messages import Message
from bots.datasets.beginning.columns import words_of
from bots.datasets.beginning.known import KNOWN
from bots.datasets.facts import Fault
from bots.datasets.source.faults import SourceError, at_row, fault, quoted
from bots.datasets.source.unpacking import LONGEST_RECORD
from bots.datasets.transforms.patterns import compiled

_ROWS = 50
"""Lines by which the separator between columns is told."""
_FORMATS = {"csv": "csv", "tsv": "tsv", "tab": "tsv", "json": "json", "geojson": "geojson",
            "jsonl": "jsonl", "ndjson": "jsonl", "txt": ""}  # fmt: skip
_OTHERS = (b"%PDF-", b"{\\rtf", b"<?xml")
"""How files begin that are text, and no table."""
_UTF8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
"""A letter in UTF-8. In other encodings these bytes are two or three odd letters in a row."""
_ODD = re.compile(rb"[^\x00-\x7f]+")
_NUMBER = re.compile(r"[\d.,:/-]+|https?://.*|Q[1-9]\d*", re.ASCII)
_YEAR = re.compile(r"(1[5-9]|20)\d\d", re.ASCII)


def encoding_of(start: bytes, rest: Iterable[bytes]) -> tuple[str, str]:
    """The encoding; where it is a guess, also a text by which people see whether it is right.

    Raises `SourceError` for what is no text.
    """
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", ""
    if b"\0" in start or start.startswith(_OTHERS):
        raise _no_table()
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in chain([start], rest):
            decoder.decode(piece)
    except UnicodeDecodeError as reason:
        return _guessed(reason.object, reason.start)
    return "utf-8", ""


def _guessed(data: bytes, first: int) -> tuple[str, str]:
    """Of text that isn't UTF-8, from the first such byte on. Raises `SourceError`."""
    good = len(_UTF8.findall(data))
    if good > len(_ODD.findall(data)) - good:
        # Most of it is UTF-8 nevertheless: the records in which it isn't are told.
        return "utf-8", ""
    line = data[data.rfind(b"\n", 0, first) + 1 :].split(b"\n", 1)[0]
    try:
        data.decode("cp1252")
    except UnicodeDecodeError as reason:
        broken = fault("encoding", name="–", byte=f"{data[first]:02X}")
        raise SourceError([at_row(broken, 1)]) from reason
    words = re.findall(r"\w*[^\W\x00-\x7f]\w*", line.decode("cp1252"))
    return "cp1252", quoted(words[0] if words else "…", 40)


def format_of(path: Path, text: str) -> str:
    """csv, tsv, json or jsonl, by the name's ending, else by how the text begins."""
    endings = [each.lower().lstrip(".") for each in path.suffixes]
    known = [_FORMATS[each] for each in endings if each in _FORMATS]
    begins = text.lstrip()[:1]
    if known and known[-1]:
        other = {"csv": "{[", "tsv": "{[", "jsonl": "["}.get(known[-1], "")
        of_json = known[-1] == "json" or (begins and begins in other)
        return _kind_of_json(text) if of_json else known[-1]
    if begins == "<":
        raise _no_table()
    return _kind_of_json(text) if begins in ("{", "[") else "csv"


def _no_table() -> SourceError:
    return SourceError([Fault(Message("new-dataset-no-table"))])


def _kind_of_json(text: str) -> str:
    if re.search(r'"type"\s*:\s*"FeatureCollection"', text):
        return "geojson"
    first = text.lstrip().partition("\n")[0].strip()
    if first.startswith("{") and first.endswith("}") and "\n{" in text:
        return "jsonl"
    return "json"


def delimiter_of(text: str) -> tuple[str, dict[str, Any]]:
    """The format, and the dialect where commas don't part the columns: what parts most lines.

    Best is what parts the first line, too, into as many cells as most others.
    """
    csv.field_size_limit(LONGEST_RECORD)
    lines = list(islice(_lines(text), _ROWS))
    best, most = ",", (False, 1)
    for mark in (",", ";", "\t", "|"):
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        except csv.Error:
            continue
        width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
        found = (widths[:1] == [width], width * times)
        if width > 1 and found > most:
            best, most = mark, found
    if best == "\t":
        return "tsv", _quoting(lines)
    return "csv", {} if best == "," else {"delimiter": best}


def _lines(text: str) -> Iterator[str]:
    """Lines as those tell them who read the records: other breaks are letters like others."""
    return iter(io.StringIO(text, newline=""))


def _quoting(lines: Sequence[str]) -> dict[str, Any]:
    """The dialect of TSV in which a quotation mark is a letter like others, where it is."""
    try:
        for _row in csv.reader(lines, delimiter="\t", strict=True):
            pass
    except csv.Error:
        return {"quoteChar": ""}
    return {}


def header_of(text: str, format: str, dialect: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns' names. Raises `SourceError`."""
    delimiter = "\t" if format == "tsv" else dialect.get("delimiter", ",")
    plain = dialect.get("quoteChar") == ""
    how: dict[str, Any] = {"quoting": csv.QUOTE_NONE} if plain else {}
    reader = csv.reader(_lines(text), delimiter=delimiter, **how)
    try:
        first = next(reader, [])
        below = [row for row in islice(reader, _ROWS) if any(row)]
    except csv.Error as reason:
        broken = fault("quotes", reason=str(reason), line=str(max(reader.line_num, 1)))
        raise SourceError([at_row(broken, 1)]) from reason
    names = [name.strip() for name in first]
    told = [name for name in names if name]
    if told and (len(told) == 1 < _width(below) or _is_hollow(names, below)):
        raise SourceError([Fault(Message("new-dataset-preamble", {"text": quoted(told[0])}))])
    columns = ([row[i] for row in below if i < len(row)] for i in range(len(names)))
    if not told or any(map(_is_value, names, columns)):
        raise SourceError([Fault(Message("new-dataset-no-header"))])
    return tuple(dict.fromkeys(told))


def _width(rows: Sequence[Sequence[str]]) -> int:
    """How many cells most rows have."""
    return Counter(map(len, rows)).most_common(1)[0][0] if rows else 0


def _is_hollow(names: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether columns without a name are filled in most rows; the first may number them."""
    unnamed = [i for i, name in enumerate(names) if not name and i]
    filled = sum(any(i < len(row) and row[i].strip() for i in unnamed) for row in below)
    return filled > len(below) / 2


def _is_value(name: str, values: Sequence[str]) -> bool:
    """Whether it is no column's name, but a value as those below it."""
    if _YEAR.fullmatch(name):
        return sum(bool(_YEAR.fullmatch(each.strip())) for each in values) > len(values) / 2
    if _NUMBER.fullmatch(name):
        return True
    words = f" {' '.join(words_of(name))} "
    if any(f" {word} " in words for known in KNOWN for word in known.words):
        return False
    patterns = [compiled(known.pattern) for known in KNOWN if known.alone != "no"]
    return any(
        each.fullmatch(name) and values and all(each.fullmatch(v.strip()) for v in values)
        for each in patterns
    )
