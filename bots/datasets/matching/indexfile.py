"""Items and their identifiers out of a file: a query's result (CSV, TSV, JSON) or a JSON dump."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from bots.core.wikibase import action_json
from bots.core.wikibase.exact import loads
from bots.core.wikibase.model import Item, entity_type
from bots.datasets.matching.judging import MatchRule, identifiers_on
from bots.datasets.source.jsonstream import Decoder, JSONStream

LONGEST_CELL = 128 * 1024
"""Characters of an item's or identifier's cell."""

LONGEST_LINE = 16 * 2**20
"""Bytes of a line. An entity's JSON has at most 4 MiB on Wikidata; in a dump it may be escaped."""

_ENTITY = re.compile(r"(?:https?://[^\s<>]+/)?(?:[A-Z]\w*:)?([A-Z][1-9]\d{0,14})", re.ASCII)
_DUMP = re.compile(
    rb"""\s*\[\s*\{\s*"(?:
        type"\s*:\s*"(?:item|property|lexeme)"
        | id"\s*:\s*"[A-Z][0-9]+"\s*,\s*"type"
        | pageid"\s*:\s*[0-9]
        | (?:aliases|claims|descriptions|labels)"\s*:\s*[\[{]
    )""",
    re.VERBOSE,
)
"""How the first entity of a dump may begin: no cell of a query's result is a list, an object or a
number."""
_TERM = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@[\w-]+|\^\^<[^<>]*>)?', re.DOTALL)
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


File: TypeAlias = io.BufferedReader | gzip.GzipFile


class IndexFileError(Exception):
    """The file can't be used; the text says why and where, in English."""


def read_pairs(path: Path, rule: MatchRule) -> Iterator[tuple[str, str]]:
    """Each identifier's key (`rule.key`) with the id of an item that is said to carry it.

    What the file is, is seen by its name, without `.gz`: `.csv`; `.tsv`; `.json`, by its beginning,
    one of a query's two JSON forms or a Wikibase dump. A query's result has a column `item` (or it
    is the first), with ids or URIs, and a column `value` (or it is the other one). Read as a
    stream; raises `IndexFileError`, at the latest at its end, so that half a file is never taken
    for all of it.
    """
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if zipped else path.open("rb") as file:
            yield from _pairs(file, path.name.lower().removesuffix(".gz"), rule)
    except OSError as error:  # gzip.BadGzipFile too
        raise IndexFileError(error.strerror or str(error)) from error
    except (EOFError, zlib.error) as error:
        raise IndexFileError(f"it is cut off, or not what it was: {error}") from error
    except UnicodeDecodeError as error:
        raise IndexFileError(f"it is not in UTF-8: {error.reason}") from error


def pairs_of(items: Iterable[Item], rule: MatchRule) -> Iterator[tuple[str, str]]:
    """The same of items that were read."""
    for item in items:
        for key in identifiers_on(item, rule):
            yield key, item.id


def _pairs(file: File, name: str, rule: MatchRule) -> Iterator[tuple[str, str]]:
    begins = file.peek(200)
    if not begins.strip():
        raise IndexFileError("it is empty")
    if name.endswith((".csv", ".tsv")):
        rows = _table(file, tab=name.endswith(".tsv"))
    elif not name.endswith(".json"):
        raise IndexFileError("its name ends with none of .csv, .tsv and .json (and .gz after it)")
    elif _DUMP.match(begins):
        yield from _dump(file, rule)
        return
    else:
        rows = _answer(file)
    for place, entity, value in rows:
        found = _ENTITY.fullmatch(entity.strip())
        if found is None or not entity_type(found[1]):
            raise IndexFileError(f"{place}: {entity[:80]!r} is no item")
        if entity_type(found[1]) == "item" and value.strip():
            yield rule.key(value.strip()), found[1]


def _table(file: File, tab: bool) -> Iterator[tuple[str, str, str]]:
    """The rows of a CSV or TSV file: where, item, value."""
    lines = _lines(file)
    rows: Iterator[list[str]]
    if tab:
        rows = ([_term(cell) for cell in line.rstrip("\r\n").split("\t")] for line in lines)
    else:
        rows = csv.reader(lines, strict=True)
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            # csv's own limit is the whole process's, and a source raises it.
            if any(len(cell) > LONGEST_CELL for cell in row):
                raise IndexFileError(f"row {number}: field larger than {LONGEST_CELL} characters")
            if number == 1:
                names = [name.lstrip("?") for name in row]
                item, value = _columns(names)
            elif row and len(row) != len(names):
                raise IndexFileError(f"row {number}: {len(row)} columns, not {len(names)}")
            elif row:
                yield f"row {number}", row[item], row[value]
    except csv.Error as error:
        raise IndexFileError(f"row {number + 1}: {error}") from error


def _answer(file: File) -> Iterator[tuple[str, str, str]]:
    """The rows of a query service's JSON: a list of objects, or SPARQL's own form."""
    listed = file.peek(200).lstrip()[:1] == b"["
    try:
        text = io.TextIOWrapper(file, encoding="utf-8-sig")
        rows = JSONStream(text, Decoder()).list_at(() if listed else ("results", "bindings"))
        number = 0
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                raise IndexFileError(f"row {number}: no object")
            cells = {name: _cell(cell) for name, cell in row.items()}
            names = list(cells)
            item, value = (names[each] for each in _columns(names))
            yield f"row {number}", cells[item], cells[value]
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise IndexFileError(f"it is no query's result, or its JSON is broken: {error}") from error


def _dump(file: File, rule: MatchRule) -> Iterator[tuple[str, str]]:
    """The pairs of a dump: a list with an entity a line (mediawiki.org, Wikibase/DataModel)."""
    wanted = f'"{rule.property}"'
    last = ""
    for number, line in enumerate(_lines(file), 1):
        last = line.strip() or last
        text = line.strip().removeprefix("[").removesuffix("]").rstrip(",")
        if wanted not in text:
            continue
        try:
            raw = loads(text)
            if not isinstance(raw, dict) or raw.get("type") != "item":
                continue
            found = action_json.parse_entity(raw)
        except (ValueError, RecursionError) as error:
            raise IndexFileError(f"line {number}: {error}") from error
        if isinstance(found, Item):
            yield from pairs_of([found], rule)
    if not last.endswith("]"):
        raise IndexFileError("it is cut off: a dump ends with ]")


def _lines(file: File) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise IndexFileError(f"line {number} is longer than {LONGEST_LINE} bytes")
        yield line.decode("utf-8-sig" if number == 1 else "utf-8")


def _columns(names: list[str]) -> tuple[int, int]:
    """Where item and value stand."""
    item = names.index("item") if "item" in names else 0
    others = [each for each in range(len(names)) if each != item]
    if not others or len(set(names)) != len(names):
        raise IndexFileError("it has no two columns, with a name each, for item and value")
    return item, names.index("value") if "value" in names else others[0]


def _cell(cell: Any) -> str:
    value = cell.get("value") if isinstance(cell, Mapping) else cell
    if not isinstance(value, str):
        raise IndexFileError(f"{str(value)[:80]!r} is no text")
    return value


def _term(cell: str) -> str:
    """A cell of SPARQL's TSV, where texts are quoted and URIs stand in angle brackets."""
    if cell.startswith("<") and cell.endswith(">"):
        return cell[1:-1]
    found = _TERM.fullmatch(cell)
    if found is None:
        return cell
    return re.sub(r"\\(.)", lambda sign: _ESCAPES.get(sign[1], sign[1]), found[1])
