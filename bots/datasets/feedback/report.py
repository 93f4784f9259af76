"""What people and the partner say differently, as files: CSV, JSON, and Mismatch Finder's CSV."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TextIO
from urllib.parse import urlsplit

from bots.core.cells import Table, harmless
from bots.core.plan import JSON, Target
from bots.datasets.facts import Difference
from bots.datasets.feedback.rowids import difference_row

Format = Literal["csv", "json", "mismatch"]

COLUMNS = (
    "record",
    "item",
    "item_url",
    "field",
    "property",
    "kind",
    "source_value",
    "source_shown",
    "wiki_value",
    "wiki_shown",
    "references",
    "calendar",
    "statement",
    "source_url",
    "since",
    "slot",
    "pair",
    "row",
    "answer",
)
"""Of the CSV; the JSON has the same names, with lists of values and references."""

BETWEEN = " | "
"""Between several values in one cell."""

MISMATCH_COLUMNS = (
    "item_id",
    "statement_guid",
    "property_id",
    "wikidata_value",
    "meta_wikidata_value",
    "external_value",
    "external_url",
    "type",
)
_CALENDARS = {"Gregorian": "Q1985727", "Julian": "Q1985786"}
_MOST_CHARACTERS = 1500
_ITEM = re.compile(r"Q[1-9][0-9]{0,10}")
_PROPERTY = re.compile(r"P[1-9][0-9]{0,10}")
_GUID = re.compile(r"Q[1-9][0-9]*\$[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.IGNORECASE)
_QUALIFIER = re.compile(r" / (P[1-9][0-9]*)$")
_NO_VALUE = re.compile(r"\((?:no|some) value\)")


@dataclass(frozen=True)
class Written:
    """How many rows were written, and how many the format can't hold."""

    rows: int
    left_out: int = 0


def write_report(
    file: TextIO,
    form: Format,
    differences: Iterable[Difference],
    *,
    page_url: Callable[[Target], str] = str,
    answers: Mapping[str, str] | None = None,
) -> Written:
    """Write a report, difference by difference, into `file`.

    It is opened with newline="", encoding="utf-8" and errors="replace", since a source may hold
    what is no text. `page_url` gives a page's address (`Desk.page_url`), `answers` what the
    partner said of a row, by the row's id.
    """
    if form == "mismatch":
        return _write_mismatches(file, differences)
    told = answers or {}
    rows = (as_json(each, page_url, told) for each in differences)
    return _write_csv(file, rows) if form == "csv" else _write_json(file, rows)


def as_json(
    difference: Difference, page_url: Callable[[Target], str], answers: Mapping[str, str]
) -> dict[str, JSON]:
    """A difference as JSON, by the names in `COLUMNS`; None: the source says nothing."""
    row = difference_row(difference)
    return {
        "record": difference.record,
        "item": difference.item,
        "item_url": page_url(Target(difference.site, difference.item)),
        "field": difference.column,
        "property": difference.property,
        "kind": difference.kind,
        "source_value": difference.ours_value,
        "source_shown": difference.ours,
        "wiki_value": list(difference.wiki_values),
        "wiki_shown": list(difference.wiki),
        "references": list(difference.references),
        "calendar": difference.calendar,
        "statement": difference.statement,
        "source_url": difference.url,
        "since": difference.since.isoformat() if difference.since else "",
        "slot": difference.slot,
        "pair": difference.pair,
        "row": row,
        "answer": answers.get(row, ""),
    }


def flat(row: Mapping[str, JSON]) -> dict[str, str]:
    """A row of JSON as cells: several values are joined, and None is nothing."""
    return {name: _cell(value) for name, value in row.items()}


def mismatch(difference: Difference) -> dict[str, str] | None:
    """A row for Mismatch Finder, None where its rules have no place for it.

    The rules are those of its user guide and of its import's checks (github.com/wmde/
    wikidata-mismatch-finder: docs/UserGuide.md, app/Jobs/ValidateCSV.php, config/mismatches.php);
    one row that breaks them has the whole file refused. There is no row for terms, for what the
    source does not say, nor for a value that people deprecated as the source has it. A value on
    the wiki and its statement's id are both there or both empty, which means that it is missing.
    """
    qualifier = _QUALIFIER.search(difference.slot)
    here = difference.wiki_values[0] if difference.wiki_values else ""
    stands = bool(here and difference.statement)
    row = {
        "item_id": difference.item,
        "statement_guid": difference.statement if stands else "",
        "property_id": qualifier[1] if qualifier else difference.property,
        "wikidata_value": here if stands else "",
        "meta_wikidata_value": _CALENDARS.get(difference.calendar, "") if stands else "",
        "external_value": difference.ours_value or "",
        "external_url": difference.url if _is_web(difference.url) else "",
        "type": "qualifier" if qualifier else "statement",
    }
    return row if _is_accepted(row) and (stands or not here) else None


def _is_accepted(row: Mapping[str, str]) -> bool:
    guid, here, theirs = row["statement_guid"], row["wikidata_value"], row["external_value"]
    return (
        bool(_ITEM.fullmatch(row["item_id"]) and _PROPERTY.fullmatch(row["property_id"]))
        and (not guid or (bool(_GUID.fullmatch(guid)) and _item_of(guid) == row["item_id"]))
        and bool(theirs.strip())
        and theirs != here
        and not _NO_VALUE.fullmatch(here)
        # It is parsed as Wikidata writes it, so there is no way to write a formula harmlessly.
        and harmless(here) == here
        and all(len(row[name]) <= _MOST_CHARACTERS for name in ("wikidata_value", "external_url"))
        and len(harmless(theirs)) <= _MOST_CHARACTERS
    )


def _item_of(guid: str) -> str:
    return guid.partition("$")[0].upper()


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable()


def _cell(value: JSON) -> str:
    if isinstance(value, list):
        return BETWEEN.join(value)
    return "" if value is None else str(value)


def _write_csv(file: TextIO, rows: Iterable[Mapping[str, JSON]]) -> Written:
    table = Table(file, COLUMNS)
    for row in rows:
        table.add(flat(row))
    return Written(table.rows)


def _write_json(file: TextIO, rows: Iterable[Mapping[str, JSON]]) -> Written:
    count = 0
    file.write('{"differences": [')
    for count, row in enumerate(rows, 1):
        file.write(",\n" if count > 1 else "\n")
        file.write(json.dumps(row, ensure_ascii=False))
    file.write("\n]}\n")
    return Written(count)


def _write_mismatches(file: TextIO, differences: Iterable[Difference]) -> Written:
    writer = csv.DictWriter(file, MISMATCH_COLUMNS, lineterminator="\n")
    writer.writeheader()
    rows = left_out = 0
    for each in differences:
        row = mismatch(each)
        if row is None:
            left_out += 1
        else:
            writer.writerow(row | {"external_value": harmless(row["external_value"])})
            rows += 1
    return Written(rows, left_out)
