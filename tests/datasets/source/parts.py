"""Data packages written for tests, and what was found in them, in few words."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bots.core.messages import Message, Messages
from bots.datasets.facts import Fault, Row
from bots.datasets.source import Fetcher, Source, SourceConfig, SourceError, open_source

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MESSAGES = Messages(Path(__file__).resolve().parents[3] / "config" / "i18n")

FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "string"},
    {"name": "name", "type": "string"},
    {"name": "founded", "type": "integer", "constraints": {"maximum": 2030}},
]
RECORDS: list[dict[str, Any]] = [
    {"id": "A1", "name": "Östra museet", "founded": 1850},
    {"id": "A2", "name": 'The "Old" Mill, Example', "founded": None},
    {"id": "A3", "name": "West\nHall", "founded": 1999},
]


def tabular(records: Sequence[dict[str, Any]], delimiter: str = ",") -> bytes:
    """Records as CSV, an empty cell for None."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(records[0])
    writer.writerows(["" if v is None else v for v in each.values()] for each in records)
    return text.getvalue().encode()


def lines(records: Sequence[dict[str, Any]]) -> bytes:
    """Records as JSON Lines."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive of files by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def museums(count: int) -> bytes:
    """A CSV of so many records, which are all good."""
    return tabular([{"id": f"A{n}", "name": f"Hall {n}", "founded": 1800} for n in range(count)])


def many_museums_gzipped() -> bytes:
    """20,000 records, gzipped: more than is read at once."""
    return gzip.compress(museums(20_000))


def described(path: str, **resource: Any) -> dict[str, Any]:
    """A descriptor of a package with one resource."""
    schema = {"fields": FIELDS, "primaryKey": "id"}
    return {
        "name": "museums",
        "title": "Museums of Example",
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "Example Museums Authority"}],
        "version": "7",
        "created": "2026-02-20T10:00:00Z",
        "resources": [{"name": "museums", "path": path, "schema": schema, **resource}],
    }


def packed(folder: Path, name: str, data: bytes, **resource: Any) -> Path:
    """Write a package with one file into a folder, and say where its descriptor is."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return described_in(folder, described(name, **resource))


def described_in(folder: Path, descriptor: object) -> Path:
    """Write a descriptor into a folder."""
    path = folder / "datapackage.json"
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    return path


def opened(package: Path | str, fetcher: Fetcher | None = None, **config: Any) -> Source:
    """A source opened, with a cache beside its package."""
    local = isinstance(package, Path)
    base = package.parent if isinstance(package, Path) else Path(config.pop("base"))
    seen = config.pop("seen", None)
    now = config.pop("now", NOW)
    said = {"kind": "full", "package": package.name if isinstance(package, Path) else package}
    assert local or fetcher
    return open_source(
        SourceConfig.model_validate(said | config), base, base / "cache", seen, now, fetcher
    )


def read(package: Path, **config: Any) -> tuple[list[Row], list[Fault], Source]:
    """The good rows, all faults of a source, and the source itself once read."""
    source = opened(package, **config)
    found = list(source.rows())
    rows = [each for each in found if isinstance(each, Row)]
    faults = [each for each in found if isinstance(each, Fault)]
    for each in faults:
        assert words(each)
    return rows, faults, source


def refused(package: Path, **config: Any) -> list[Fault]:
    """The faults for which nothing of a source can be read; [] if it can be."""
    faults: list[Fault] = []
    try:
        opened(package, **config)
    except SourceError as error:
        faults = error.faults
    assert all(words(each) for each in faults)
    return faults


def words(fault: Fault) -> str:
    """What people read; fails where the message lacks a parameter."""
    assert MESSAGES.text("sv", fault.message)
    return MESSAGES.text("en", Message(fault.message.key, fault.message.params))


def keys(faults: Sequence[Fault]) -> list[str]:
    """The faults' message keys without their prefix."""
    return [each.message.key.removeprefix("source-") for each in faults]
