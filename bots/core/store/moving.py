"""The whole store as one file, to keep or to move, and a store filled from such a file.

JSON Lines: the version of the tables, then a row a line as [table, {column: value}], columns that
are null left out, and last how many rows each table has, so that half a file is known as such.
Leases are left out: they are of the machine on which the runs are.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any, Literal

from sqlalchemy import Connection, Engine, Integer, Table, insert, select
from sqlalchemy.exc import DBAPIError

from bots.core.ports import Progress, silent
from bots.core.store.engine import StoreError, version
from bots.core.store.schema import leases, metadata
from bots.core.store.types import Revid, UTCDateTime

_ROWS = 1_000
"""Rows that are read or written at once."""

_NUMBERS = (Integer, Revid)

_TABLES = {table.name: table for table in metadata.sorted_tables if table is not leases}


def write(engine: Engine, path: Path, progress: Progress = silent) -> int:
    """Write the file; how many rows. One that was there is replaced once the new one is whole.

    It is packed if its name ends with `.gz`. Raises `StoreError` where it can't be written.
    """
    part = path.with_name(f".{path.name}.part")
    lines = 0
    try:
        with _opened(path, part, "wt") as file:
            for line in exported(engine, progress):
                file.write(line)
                lines += 1
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path} can't be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return lines - 2  # the first and the last one are no rows


def read(engine: Engine, path: Path, progress: Progress = silent) -> int:
    """`fill` from a file. Raises `StoreError`, also where the file can't be read."""
    try:
        with _opened(path, path, "rt") as file:
            return fill(engine, file, progress)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise StoreError(f"{path} can't be read: {error}") from error


def exported(engine: Engine, progress: Progress = silent) -> Iterator[str]:
    """The lines of the file, each with its end, of the store as it is at this moment.

    Bots may be at work all the while. `progress` is told each table and how many rows are done.
    """
    with engine.connect() as connection:
        yield _line({"hubbot-store": version(connection)})
        counts = {}
        for table in _TABLES.values():
            count = 0
            rows = connection.execution_options(yield_per=_ROWS).execute(
                select(table).order_by(*table.primary_key)
            )
            for count, row in enumerate(rows, 1):
                yield _line([table.name, _told(row._mapping)])
                if count % _ROWS == 0:
                    progress(table.name, count, None)
            counts[table.name] = count
        yield _line({"rows": counts})


def fill(engine: Engine, lines: Iterable[str], progress: Progress = silent) -> int:
    """Put all that such a file holds into a store that is empty; how many rows.

    All of it or nothing. Raises `StoreError` for a store that is not empty, and for lines that
    are not those of a whole file of this version.
    """
    with engine.begin() as connection:
        _require_empty(connection)
        found = _parsed(lines)
        said = next(found, (0, None))[1]
        now = version(connection)
        if not isinstance(said, dict) or "hubbot-store" not in said:
            raise StoreError("This is no file of 'hubbot export'")
        if said["hubbot-store"] != now:
            raise StoreError(
                f"The file is of version {said['hubbot-store']} of the store, this is version "
                f"{now}: import it with the HubBot that wrote it, then bring that one up to date"
            )
        counts: Counter[str] = Counter()
        rows = _rows(found, counts)
        for name, of_table in groupby(rows, key=lambda each: each[0]):
            while chunk := [row for _, row in islice(of_table, _ROWS)]:
                _insert(connection, _TABLES[name], chunk)
                progress(name, counts[name], None)
    return counts.total()


def _rows(
    found: Iterator[tuple[int, Any]], counts: Counter[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row with its table's name; counted, and the counts held against the last line's."""
    for number, told in found:
        match told:
            case [str(name), dict(row)] if name in _TABLES:
                counts[name] += 1
                yield name, _row(number, _TABLES[name], row)
            case {"rows": dict(said)}:
                if {name: count for name, count in said.items() if count} != counts:
                    raise StoreError("The file does not hold all the rows that it says it has")
                for further, _ in found:
                    raise StoreError(f"Line {further} of the file comes after its end")
                return
            case _:
                raise StoreError(f"Line {number} of the file is no row of a table of the store")
    raise StoreError("The file ends before all of the store is told: it was cut off")


def _require_empty(connection: Connection) -> None:
    for table in _TABLES.values():
        if connection.execute(select(table).limit(1)).first() is not None:
            raise StoreError(
                f"The store is not empty, it holds {table.name}; a file is imported into a new "
                "one: name another store in HUBBOT_STORE"
            )


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    empty = dict.fromkeys(table.c.keys())
    try:
        connection.execute(insert(table), [empty | row for row in rows])
    except DBAPIError as error:
        raise StoreError(f"The file's {table.name} can't be put there: {error.orig}") from error


def _parsed(lines: Iterable[str]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines, 1):
        try:
            yield number, json.loads(line)
        except ValueError as error:
            raise StoreError(f"Line {number} of the file is no JSON: {error}") from error


def _told(row: Any) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
        if value is not None
    }


def _row(number: int, table: Table, told: dict[str, Any]) -> dict[str, Any]:
    """A row's values. Raises `StoreError` for what the table can't hold."""
    row = {}
    for name, value in told.items():
        if name not in table.c:
            raise StoreError(f"Line {number} of the file: {table.name} has no column {name}")
        column = table.c[name]
        try:
            if isinstance(column.type, UTCDateTime):
                value = datetime.fromisoformat(value)
                right = value.tzinfo is not None
            else:
                right = type(value) is (int if isinstance(column.type, _NUMBERS) else str)
            if not right:
                raise ValueError
        except (TypeError, ValueError) as error:
            said = f"Line {number} of the file: {name} of {table.name} can't be {value!r:.60}"
            raise StoreError(said) from error
        row[name] = value
    return row


def _opened(named: Path, path: Path, mode: Literal["rt", "wt"]) -> IO[str]:
    if named.suffix == ".gz":
        return gzip.open(path, mode, encoding="utf-8", newline="\n")
    return path.open(mode, encoding="utf-8", newline="\n")


def _line(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
