"""The register's records as they stand on their pages, and as they once stood there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, or_, select, tuple_, update

from bots.core.register.facts import PageRecord
from bots.core.store.schema import page_records

_CHUNK = 500
"""Pages that one query names; see `catalogue`."""

_NOWHERE = (0, "")
"""Before the first page: pages are numbered from 1."""

_NEWEST = ("revid", "edited", "places")
"""What changes on a page without making a version."""

_place = tuple_(page_records.c.page, page_records.c.site)


class PageRecords:
    """The part of the store that knows the register."""

    engine: Engine

    def put_page_record(self, record: PageRecord, site: str, seen: datetime) -> None:
        """Keep a record as it stands now; no new version where it says what it said before."""
        with self.engine.begin() as connection:
            put_page_records(connection, [(record, site)], seen)

    def end_page_record(self, page: int, site: str, seen: datetime) -> None:
        """Say that a page holds a record no more; its versions stay."""
        with self.engine.begin() as connection:
            end_page_records(connection, [(page, site)], seen)

    def page_records(
        self, kind: str | None = None, as_of: datetime | None = None
    ) -> Iterator[PageRecord]:
        """The records that there are, or were at `as_of`, of one kind or all, by page number."""
        there = (
            page_records.c.until.is_(None)
            if as_of is None
            else (page_records.c.since <= as_of)
            & or_(page_records.c.until.is_(None), page_records.c.until > as_of)
        )
        query = (
            select(page_records)
            .where(there)
            .order_by(page_records.c.page, page_records.c.site)
            .limit(_CHUNK)
        )
        if kind is not None:
            query = query.where(page_records.c.kind == kind)
        after = _NOWHERE
        while True:
            with self.engine.connect() as connection:
                rows = connection.execute(query.where(_place > after)).all()
            yield from map(_record, rows)
            if len(rows) < _CHUNK:
                return
            after = (rows[-1].page, rows[-1].site)

    def page_record_history(self, page: int) -> list[tuple[PageRecord, datetime, datetime | None]]:
        """Every version of a page's record, with since and until when, the oldest first."""
        query = select(page_records).where(page_records.c.page == page).order_by(page_records.c.id)
        with self.engine.connect() as connection:
            return [(_record(row), row.since, row.until) for row in connection.execute(query)]

    def page_record_revids(self) -> dict[int, tuple[str, str, int]]:
        """Of each record that there is: its page's number → (kind, title, revision)."""
        query = select(
            page_records.c.page, page_records.c.kind, page_records.c.title, page_records.c.revid
        ).where(page_records.c.until.is_(None))
        with self.engine.connect() as connection:
            return {row.page: (row.kind, row.title, row.revid) for row in connection.execute(query)}


def put_page_records(
    connection: Connection, records: Iterable[tuple[PageRecord, str]], seen: datetime
) -> None:
    """Keep records, each with its site, inside a transaction of the caller's.

    A version begins when its revision was saved; where that is not new, because what is read from
    it changed or the page came back, when it was seen.
    """
    wanted = {(record.page, site): record for record, site in records}
    for chunk in _chunks(wanted):
        known = _newest(connection, chunk)
        begun: list[dict[str, object]] = []
        for key in chunk:
            record, before = wanted[key], known.get(key)
            row = _row(record, key[1])
            if before is not None and before.until is None and _same(before, row):
                if any(getattr(before, name) != row[name] for name in _NEWEST):
                    _set(connection, before, **{name: row[name] for name in _NEWEST})
                continue
            since = record.edited
            if before is not None and (
                record.revid == before.revid or since <= (before.until or before.since)
            ):
                since = seen
            if before is not None and before.until is None:
                _set(connection, before, until=since)
            begun.append(row | {"since": since})
        if begun:
            connection.execute(insert(page_records), begun)


def end_page_records(
    connection: Connection, pages: Iterable[tuple[int, str]], seen: datetime
) -> None:
    """End what these pages, each with its site, held, inside a transaction of the caller's."""
    for chunk in _chunks(pages):
        connection.execute(
            update(page_records)
            .where(_place.in_(chunk), page_records.c.until.is_(None))
            .values(until=seen)
        )


def _chunks(keys: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    left = iter(keys)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk


def _newest(
    connection: Connection, keys: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], Row[Any]]:
    """The newest version of what these pages hold or held."""
    newest = (
        select(func.max(page_records.c.id))
        .where(_place.in_(keys))
        .group_by(page_records.c.page, page_records.c.site)
    )
    rows = connection.execute(select(page_records).where(page_records.c.id.in_(newest)))
    return {(row.page, row.site): row for row in rows}


def _same(before: Row[Any], row: dict[str, object]) -> bool:
    return all(getattr(before, name) == row[name] for name in ("kind", "title", "content"))


def _set(connection: Connection, version: Row[Any], **values: object) -> None:
    query = update(page_records).where(page_records.c.id == version.id)
    connection.execute(query.values(**values))


def _row(record: PageRecord, site: str) -> dict[str, object]:
    values = {name: list(many) for name, many in record.values.items() if many}
    return {
        "site": site,
        "page": record.page,
        "kind": record.kind,
        "title": record.title,
        "content": json.dumps(values, ensure_ascii=False, sort_keys=True),
        "places": json.dumps(dict(record.lines), ensure_ascii=False, sort_keys=True),
        "revid": record.revid,
        "edited": record.edited,
    }


def _record(row: Row[Any]) -> PageRecord:
    return PageRecord(
        kind=row.kind,
        page=row.page,
        title=row.title,
        revid=row.revid,
        edited=row.edited,
        values={name: tuple(many) for name, many in json.loads(row.content).items()},
        lines=json.loads(row.places),
    )
