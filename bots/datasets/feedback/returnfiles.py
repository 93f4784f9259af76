"""The return file as a folder of a data package, and the partner's answers in a file given back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from bots.core.cells import Table, as_it_was
from bots.core.messages import Message
from bots.datasets.facts import Fault
from bots.datasets.feedback.report import BETWEEN
from bots.datasets.feedback.returns import (
    Addition,
    Correction,
    Frame,
    Matched,
    additions,
    corrections,
)

CORRECTIONS, ADDITIONS, BOTH = "corrections.csv", "additions.csv", "return.json"
PACKAGE = "datapackage.json"

REFUSED = "refused"
"""The one answer: the partner has seen it and keeps its own."""

_MOST_BYTES = 200 * 2**20
_LONGEST_CELL = 2**20
_PREFIX = "hubbot_"

_CORRECTION = {
    "field": "The partner's own column.",
    "property": "The wiki's property; empty for labels and the like.",
    "label": "What people call the property.",
    "kind": "conflict, corrected, removed, refuted or unsupported.",
    "source_value": "What the partner's file says.",
    "wiki_value": "What the wiki says, as the column would have it; several with | between.",
    "wiki_shown": "The same as people see it.",
    "references": "What people cite; several with | between.",
    "item": "The item.",
    "item_url": "Where the item is.",
    "diff_url": "What people changed.",
    "changed": "When the item was last edited.",
    "row": "What this row is called; leave it as it is.",
    "answer": "Write refused to say that this was seen and stays as it is at the partner's.",
}
_ADDITION = {
    "kind": "label, alias, identifier, image, article or value.",
    "code": "The language, the property or the wiki.",
    "label": "What people call the property.",
    "field": "The partner's own column, of a value.",
    "value": "What people added.",
    "url": "Where it leads to.",
    **{
        name: _CORRECTION[name]
        for name in ("references", "item", "item_url", "changed", "row", "answer")
    },
}


@dataclass
class Counts:
    """How many records had something, and how much; `refused` are rows the partner refused."""

    records: int = 0
    corrections: int = 0
    additions: int = 0
    refused: int = 0


def write_return(folder: Path, frame: Frame, matched: Iterable[Matched]) -> Counts:
    """Write the four files, record by record; those of before are replaced once all are whole.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts = Counts()
    names = (CORRECTIONS, ADDITIONS, BOTH, PACKAGE)
    parts = {name: folder / f"{name}.part" for name in names}
    with ExitStack() as stack:
        files: dict[str, TextIO] = {
            name: stack.enter_context(_opened(path)) for name, path in parts.items()
        }
        _write(files, frame, matched, counts)
    for name, path in parts.items():
        path.replace(folder / name)
    return counts


def read_answers(path: Path) -> tuple[dict[str, str], list[Fault]]:
    """What the partner answered: the row's id → "refused", or "" where nothing is said.

    The file is one of ours, as a spreadsheet may have saved it: with semicolons or tabs, a byte
    order mark, columns moved or added. What can't be read is a fault.
    """
    answers: dict[str, str] = {}
    faults: list[Fault] = []
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}, [_unreadable(f"it is larger than {_MOST_BYTES // 2**20} MB")]
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row, answer in _answered(file):
                if answer.casefold() in ("", REFUSED):
                    answers[row] = answer.casefold()
                else:
                    told = Message("report-answer-unknown", {"given": answer[:100]})
                    faults.append(Fault(told, key=row, column="answer", row=number))
    except UnicodeDecodeError:
        return {}, [_unreadable("it is not UTF-8")]
    except (OSError, csv.Error, LookupError) as error:
        said = error.strerror if isinstance(error, OSError) else error.args[0]
        return {}, [_unreadable(str(said))]
    return answers, faults


def _opened(path: Path) -> TextIO:
    # A source may hold what is no text: half of a character of two parts.
    return path.open("w", encoding="utf-8", errors="replace", newline="")


def columns(frame: Frame, ours: Mapping[str, str]) -> dict[str, str]:
    """Our names → the names of the columns: those that the partner's key has too get a prefix."""
    return {name: f"{_PREFIX}{name}" if name in frame.key_columns else name for name in ours}


def _write(
    files: Mapping[str, TextIO], frame: Frame, matched: Iterable[Matched], counts: Counts
) -> None:
    named = {CORRECTIONS: columns(frame, _CORRECTION), ADDITIONS: columns(frame, _ADDITION)}
    tables = {
        name: Table(files[name], (*frame.key_columns, *ours.values()))
        for name, ours in named.items()
    }
    both = files[BOTH]
    both.write(json.dumps({"dataset": frame.dataset, "site": frame.site})[:-1] + ', "records": [')
    for each in matched:
        corrected, added = list(corrections(each, frame)), list(additions(each, frame))
        if not corrected and not added:
            continue
        for name, rows in ((CORRECTIONS, corrected), (ADDITIONS, added)):
            for row in rows:
                tables[name].add(_cells(row, frame, named[name]))
        both.write(",\n" if counts.records else "\n")
        json.dump(_record(each, corrected, added), both, ensure_ascii=False)
        counts.records += 1
        counts.corrections += len(corrected)
        counts.additions += len(added)
        answers = [row.answer for row in corrected] + [row.answer for row in added]
        counts.refused += answers.count(REFUSED)
    both.write("\n]}\n")
    json.dump(_package(frame, named), files[PACKAGE], ensure_ascii=False, indent=2)


def _cells(row: Correction | Addition, frame: Frame, named: Mapping[str, str]) -> dict[str, str]:
    cells = dict(zip(frame.key_columns, row.key, strict=True))
    for name, column in named.items():
        value: Any = getattr(row, name)
        cells[column] = BETWEEN.join(value) if isinstance(value, tuple) else value or ""
    return cells


def _record(
    matched: Matched, corrected: Sequence[Correction], added: Sequence[Addition]
) -> dict[str, Any]:
    def rows(found: Sequence[Correction | Addition]) -> list[dict[str, Any]]:
        return [{k: v for k, v in asdict(row).items() if k not in ("key", "item")} for row in found]

    return {
        "key": list(matched.key),
        "item": matched.item.id,
        "corrections": rows(corrected),
        "additions": rows(added),
    }


def _package(frame: Frame, named: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The description, as a Data Package (specs.frictionlessdata.io)."""
    meanings = {CORRECTIONS: _CORRECTION, ADDITIONS: _ADDITION}
    titles = {
        CORRECTIONS: "What people say differently in the partner's fields",
        ADDITIONS: "What people added on the items",
    }
    return {
        "name": f"{frame.dataset}-return",
        "title": frame.title or frame.dataset,
        "description": (
            "What people on the wiki corrected and added on the items of this dataset. In CSV, an "
            "apostrophe stands before what a spreadsheet would take for a formula; "
            f"{BOTH} has the values as they are."
        ),
        "created": frame.now.isoformat(timespec="seconds"),
        "resources": [
            {
                "name": name.removesuffix(".csv"),
                "title": titles[name],
                "path": name,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        *({"name": key, "type": "string"} for key in frame.key_columns),
                        *(
                            {"name": ours[each], "type": "string", "description": meaning}
                            for each, meaning in meanings[name].items()
                        ),
                    ]
                },
            }
            for name, ours in named.items()
        ],
    }


def _answered(file: TextIO) -> Iterator[tuple[int, str, str]]:
    """Number, row's id and answer of each row that has an id. Raises LookupError, `csv.Error`."""
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        head = file.readline(_LONGEST_CELL)
        between = max(",;\t", key=head.count)
        names = [
            as_it_was(name.strip()) for name in next(csv.reader([head], delimiter=between), [])
        ]
        row_at, answer_at = _column(names, "row"), _column(names, "answer")
        for number, cells in enumerate(csv.reader(file, delimiter=between), 1):
            if len(cells) > max(row_at, answer_at) and cells[row_at].strip():
                yield number, cells[row_at].strip(), as_it_was(cells[answer_at].strip())
    finally:
        csv.field_size_limit(before)


def _column(names: Sequence[str], ours: str) -> int:
    for name in (f"{_PREFIX}{ours}", ours):
        if name in names:
            return names.index(name)
    raise LookupError(f"it has no column {ours}")


def _unreadable(info: str) -> Fault:
    return Fault(Message("report-answers-unreadable", {"info": info}))
