"""Writes what a benchmark measured, with the machine and the versions beside."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sandbox.template import HOME

RESULTS = Path(__file__).resolve().parent / "results"

_KEY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Table:
    """Numbers that belong side by side; `rows`: a name and a number a column."""

    title: str
    columns: Sequence[str]
    rows: Mapping[str, Sequence[float]]


def record(
    name: str,
    numbers: Mapping[str, float],
    directory: Path = RESULTS,
    tables: Sequence[Table] = (),
) -> Path:
    """Write `NAME.json`: {"numbers": {key: number}, "machine": {…}, "tables": […]}; its path.

    Keys are small letters, digits and underscores, and end with their unit where they have one
    (`edit_ms`). Raises ValueError for any other key.
    """
    for key in numbers:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key: small letters, digits and underscores")
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}.json"
    written: dict[str, object] = {"numbers": dict(sorted(numbers.items())), "machine": machine()}
    if tables:
        written["tables"] = [asdict(table) for table in tables]
    path.write_text(json.dumps(written, indent=2) + "\n")
    return path


def machine() -> dict[str, str | int]:
    """What the numbers depend on: the machine, the versions, the day."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "pywikibot": importlib.metadata.version("pywikibot"),
        "mediawiki": _mediawiki_version() or "none",
        "date": datetime.now(UTC).date().isoformat(),
    }


def _mediawiki_version() -> str | None:
    """The version of the sandbox's MediaWiki, from its own source."""
    source = HOME / "mediawiki" / "usr" / "share" / "mediawiki" / "includes" / "Defines.php"
    if not source.exists():
        return None
    found = re.search(r"define\( 'MW_VERSION', '([^']+)' \)", source.read_text())
    return found and found[1]
