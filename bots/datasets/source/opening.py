"""A source opened: which release it is, what is wrong with it as a whole, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b, file_digest
from itertools import islice
from pathlib import Path
from typing import Any

from bots.datasets.facts import Fault, Row
from bots.datasets.source.config import SourceConfig
from bots.datasets.source.faults import SourceError, at_row, error, fault, quoted
from bots.datasets.source.fetching import Fetched, Fetcher, digest_of
from bots.datasets.source.grouping import grouped
from bots.datasets.source.keys import canonical, key_fields, key_reader, wrong_text
from bots.datasets.source.package import Described, Place, describe
from bots.datasets.source.reading import Cells, Form, Records, column_missing, form_of, records
from bots.datasets.source.unpacking import verify
from bots.datasets.source.values import Table

MOST_FAULTS = 1000
"""So many faults `check` returns; a file in which everything is wrong need not be told in full."""

_SUMS = {"": "md5", "md5": "md5", "sha1": "sha1", "sha256": "sha256", "sha512": "sha512"}
"""The sums that a resource's `hash` may give; md5 is meant where it names none (Data Package)."""

_LOOKED_AT = 1000
"""So many JSON records are looked at for a property that none of them has."""


@dataclass(frozen=True)
class Release:
    """One state of a source's file.

    - `digest`: sha256 of the file's bytes as it lies, 64 hex digits.
    - `etag`, `modified`: as the server, or the file system, says (an HTTP date); "": unsaid.
    - `version`, `created`, `title`, `licences` (names): as the package says.
    - `path`: the local file. `new`: whether its bytes are others than those seen last.
    - `since`: since when it is out, as far as is known.
    """

    digest: str
    path: Path
    since: datetime
    new: bool = True
    etag: str = ""
    modified: str = ""
    version: str = ""
    created: datetime | None = None
    title: str = ""
    licences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """What the store remembers of the last release that was carried through."""

    digest: str
    since: datetime


def open_source(
    config: SourceConfig,
    base: Path,
    cache: Path,
    seen: Seen | Release | None,
    now: datetime,
    fetcher: Fetcher | None = None,
) -> Source:
    """Open the source that a mapping names, fetching it where it has changed.

    `base` is the mapping file's folder, `cache` one for this dataset's fetched files, `seen` the
    release that a run has last been through. Raises `SourceError` when nothing can be read.
    """
    limits = config.limits
    web = fetcher or Fetcher()

    def bring(place: Place) -> Fetched:
        if isinstance(place, str):
            return web.fetch(place, cache, limits.fetched_mb)
        return _local(place, limits.fetched_mb)

    https = config.package.lower().startswith(("https://", "http://"))
    place: Place = config.package if https else base / config.package
    described = describe(place, lambda each: bring(each).path, config.resource)
    table = Table(described.schema)
    keys = key_fields(config.key, described, table)
    form = form_of(
        table.names, described.format, described.encoding, described.innerpath, described.dialect
    )
    if config.group is not None and (not form.tabular or config.group in keys):
        raise error("group", resource=described.name, name=config.group)
    if config.pages and isinstance(described.place, str):
        fetched = web.fetch_pages(
            described.place, cache, limits.fetched_mb, form.inside, config.pages
        )
        form = replace(form, format="jsonl", encoding="utf-8", innerpath="", inside="")
    else:
        fetched = bring(described.place)
    _compare(described, fetched)
    release = _release(described, fetched, seen, now)
    if release.new:
        verify(release.path, form.innerpath, limits)
    source = Source(config, release, form, table, keys)
    source.faults = [*described.faults, *_late(config, release, now), *source.look()]
    return source


class Source:
    """An opened source; it holds no file open between its calls.

    - `fields`: the names that a record's values have, in the schema's order; `keys`: those that
      are the record's key. Where rows are grouped, these and the name of the list of rows.
    - `faults`: what is wrong with it as a whole.
    - `whole`: whether a reading came to the file's end, and none met a record whose key can't be
      told: else nothing may be called gone. A record that was a `Fault` with a key is not gone.
    """

    def __init__(
        self, config: SourceConfig, release: Release, form: Form, table: Table, keys: list[str]
    ) -> None:
        self.release = release
        self.fields = table.names if config.group is None else (*keys, config.group)
        self.faults: list[Fault] = []
        self._ended = False
        self._broken = False
        self._config = config
        self._form = form
        self._table = table
        self.keys = tuple(keys)
        self._key = key_reader(form, table, keys)
        self._stat = _stat(release.path)

    @property
    def whole(self) -> bool:
        """Whether what was not met is not there."""
        return self._ended and not self._broken

    def rows(self) -> Iterator[Row | Fault]:
        """All records that can be read, and a `Fault` for each that can't; each call reads anew.

        Nothing is validated but what telling the record needs. Of records with the same key only
        the first is a row; the others' faults come at the end.
        """
        if self._config.group is not None:
            longest = self._config.limits.cell_characters
            yield from grouped(self._read(), self._config.group, longest)
            return
        met: set[int] = set()
        held: dict[int, str] = {}
        for found in self._read():
            if isinstance(found, Row):
                # Half the memory of the keys themselves; what seems doubled is looked at again.
                mark = hash(found.key)
                if mark in met:
                    held[found.number] = found.key
                    continue
                met.add(mark)
            yield found
        if held:
            met.clear()
            yield from self._settle(held)

    def _settle(self, held: dict[int, str]) -> Iterator[Row | Fault]:
        """Of rows whose key was perhaps met before: the fault, or the row if it was not."""
        keys = set(held.values())
        first: dict[str, int] = {}
        for found in self._read():
            if not isinstance(found, Row) or found.key not in keys:
                continue
            number = first.setdefault(found.key, found.number)
            if found.number not in held:
                continue
            if number == found.number:
                yield found
            else:
                double = fault("key-double", key=found.key, first=str(number))
                yield at_row(double, found.number, found.key)

    def values(self, row: Row) -> dict[str, Any] | list[Fault]:
        """The row's typed values by field, None for a missing one; or all that is wrong in it."""
        if self._config.group is None:
            return self._values(row.number, row.key, row.cells)
        rows: list[dict[str, Any]] = []
        wrong: list[Fault] = []
        for number, cells in row.cells:
            found = self._values(number, row.key, cells)
            if isinstance(found, list):
                wrong += found
            else:
                rows.append(found)
        return wrong or {**{n: rows[0][n] for n in self.keys}, self._config.group: rows}

    def _values(self, number: int, key: str, cells: Cells) -> dict[str, Any] | list[Fault]:
        values, wrong = self._table.read(cells)
        if not wrong:
            return values
        return [at_row(Fault(message, key, quoted(name)), number) for name, message in wrong]

    def check(self, needs: Callable[[Row], bool] = lambda _row: True) -> list[Fault]:
        """Read all rows once, and the values of those that need it: what is wrong, the first 1,000.

        For `bad_records: stop`, to be decided before the first edit.
        """
        return list(islice(self._wrong(needs), MOST_FAULTS))

    def look(self) -> list[Fault]:
        """What the file's first records say about all of it. Raises `SourceError`."""
        with self._open() as reading:
            first: list[Cells | Fault] = []
            try:
                for cells in islice(reading, 1 if self._form.tabular else _LOOKED_AT):
                    first.append(cells)
            except (SourceError, UnicodeDecodeError) as reason:
                # What comes before the break can still be read.
                if not first:
                    raise _as_error(reason, 1) from reason
            if not first and self._config.kind == "full":
                raise error("no-records", name=self._form.inside or "–")
            missing = self._missing(first)
            if missing:
                raise SourceError([column_missing(name, reading.extra) for name in missing])
            if self._table.fields_match in ("subset", "partial"):
                return []
            return [fault("column-extra", column=name, name=name) for name in sorted(reading.extra)]

    def _missing(self, first: list[Cells | Fault]) -> list[str]:
        """The fields that no JSON record has: a property renamed would else look like no values."""
        objects = [each for each in first if isinstance(each, dict)]
        if not objects:
            return []
        there = set().union(*objects)
        loose = self._table.fields_match in ("superset", "partial")
        names = self._table.names
        return [n for n in names if n not in there and (n in self.keys or not loose)]

    def _wrong(self, needs: Callable[[Row], bool]) -> Iterator[Fault]:
        for found in self.rows():
            if isinstance(found, Fault):
                yield found
            elif needs(found):
                values = self.values(found)
                if isinstance(values, list):
                    yield from values

    def _read(self) -> Iterator[Row | Fault]:
        """The file's records once, in order; the last thing is a `Fault` where it breaks off."""
        number = 0
        try:
            if _stat(self.release.path) != self._stat:
                raise error("changed")
            with self._open() as reading:
                for number, cells in enumerate(reading, 1):
                    if isinstance(cells, Fault):
                        self._broken = True
                        yield at_row(cells, number)
                    else:
                        yield self._row(number, cells)
            self._ended = True
        except (SourceError, UnicodeDecodeError) as reason:
            self._broken = True
            yield from _as_error(reason, number + 1).faults

    def _open(self) -> AbstractContextManager[Records]:
        return records(self.release.path, self._form, self._config.limits)

    def _row(self, number: int, cells: Cells) -> Row | Fault:
        key = self._key(cells)
        if isinstance(key, Fault):
            # A record without a key is none of ours; one with a broken key may well be.
            self._broken = self._broken or key.message.key != "source-key-empty"
            bad = self._bad(number, "", cells)
            return bad or at_row(key, number)
        try:
            text = self._text(cells)
            data = text.encode()
        except (UnicodeEncodeError, RecursionError):
            return self._bad(number, key, cells) or at_row(
                fault("nested-deep", name="–"), number, key
            )
        if len(text) > self._config.limits.cell_characters or self._has_nul(text):
            bad = self._bad(number, key, cells)
            if bad is not None:
                return bad
        digest = blake2b(data, digest_size=16, person=self._table.digest).hexdigest()
        return Row(number, key, digest, cells)

    def _text(self, cells: Cells) -> str:
        """All that a record says, and nothing else: the same for the same record alone."""
        if isinstance(cells, dict):
            return canonical([cells.get(name) for name in self._table.names])
        # A cell that holds NUL is a fault, so that this can't be said in two ways.
        return "\0".join(cells)

    def _has_nul(self, text: str) -> bool:
        if self._form.tabular:
            return text.count("\0") >= len(self._table.names)
        return "\\u0000" in text

    def _bad(self, number: int, key: str, cells: Cells) -> Fault | None:
        """The first cell of a record that no record may have."""
        longest = self._config.limits.cell_characters
        names = self._table.names
        found = zip(names, cells, strict=True) if isinstance(cells, list) else cells.items()
        for name, cell in found:
            wrong = wrong_text(name, cell, longest)
            if wrong:
                return at_row(wrong, number, key)
        return None


def _as_error(reason: SourceError | UnicodeDecodeError, row: int) -> SourceError:
    """What broke the reading, with the row at which it did."""
    if isinstance(reason, SourceError):
        return SourceError([at_row(each, row) for each in reason.faults])
    byte = f"{reason.object[reason.start]:02X}"
    return SourceError([at_row(fault("encoding", name="–", byte=byte), row)])


def _compare(described: Described, fetched: Fetched) -> None:
    """Hold the file against the size and the sum in its description. Raises `SourceError`."""
    place = fetched.path.name
    size = fetched.path.stat().st_size
    if described.bytes is not None and described.bytes != size:
        raise error("size", place=place, num_bytes=size, num_said=described.bytes)
    kind, _, said = described.hash.rpartition(":")
    if said and kind in _SUMS:
        with fetched.path.open("rb") as file:
            if file_digest(file, _SUMS[kind]).hexdigest() != said.lower():
                raise error("hash", place=place, hash=described.hash)


def _local(path: Path, most_mb: int) -> Fetched:
    """A file on this machine, as if fetched. Raises `SourceError`."""
    try:
        if not path.is_file():
            raise error("file-missing", place=path.name)
        stat = path.stat()
        if stat.st_size > most_mb * 1024 * 1024:
            raise error("too-big", place=path.name, megabytes=str(most_mb))
        modified = datetime.fromtimestamp(int(stat.st_mtime), UTC)
        return Fetched(path, digest_of(path), "", format_datetime(modified, usegmt=True))
    except (OSError, ValueError) as reason:
        raise error("unreadable", place=path.name, reason=str(reason)) from reason


def _release(
    described: Described, fetched: Fetched, seen: Seen | Release | None, now: datetime
) -> Release:
    new = seen is None or seen.digest != fetched.digest
    if seen is None:
        said = [date for date in (described.created, _http_date(fetched.modified)) if date]
        since = max((date for date in said if date <= now), default=now)
    else:
        since = now if new else seen.since
    return Release(
        digest=fetched.digest,
        path=fetched.path,
        since=since,
        new=new,
        etag=fetched.etag,
        modified=fetched.modified,
        version=described.version,
        created=described.created,
        title=described.title,
        licences=described.licences,
    )


def _late(config: SourceConfig, release: Release, now: datetime) -> list[Fault]:
    age = now - release.since
    if config.rhythm_days is None or age <= timedelta(days=config.rhythm_days):
        return []
    return [fault("late", num_days=age.days, num_rhythm=config.rhythm_days)]


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _stat(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ino
