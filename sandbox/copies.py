"""Copies of a wiki: its database and its files, taken and put back while it is served."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path


def copy_state(source: Path, target: Path) -> None:
    """Make one wiki's directory hold what another's does: pages, accounts, files, overrides.

    SQLite's own backup copies a whole database within one transaction, so requests that run at
    the same time see all of it or none, and no server needs to be stopped.
    """
    for database in (source / "database").glob("*.sqlite"):
        (target / "database").mkdir(parents=True, exist_ok=True)
        _copy_database(database, target / "database" / database.name)
    for name in ("public/images", "overrides.json"):
        _copy_files(source / name, target / name)


def _copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        new.execute("PRAGMA synchronous = OFF")
        old.backup(new)
    target.chmod(0o600)


def _copy_files(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copyfile(source, target)
    else:
        target.mkdir()
