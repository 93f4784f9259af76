"""Which item each record of a source is, and as what both were judged last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Engine,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
)

from bots.core.plan import JSON, Judged, RecordState, Target
from bots.core.store.memory import leave
from bots.core.store.pagerecords import end_page_records, put_page_records
from bots.core.store.records import Known
from bots.core.store.schema import links, records
from bots.core.wikibase import exact

_CHUNK = 500
"""Keys that one query names: SQLite takes no more than 32,766 parameters, older ones 999."""

_PAGE = 5_000


class Catalogue:
    """The part of the store that knows records."""

    engine: Engine

    def known(self, bot: str, keys: Iterable[str]) -> dict[str, Known]:
        """Those of these records that are known, by key."""
        found: dict[str, Known] = {}
        wanted = iter(keys)
        with self.engine.connect() as connection:
            while chunk := list(islice(wanted, _CHUNK)):
                query = _KNOWN.where(records.c.bot == bot, records.c.record.in_(chunk))
                found |= {row[0]: _known(row) for row in connection.execute(query).all()}
        return found

    def known_on(self, bot: str, site: str, titles: Iterable[str]) -> dict[str, list[Known]]:
        """The records that are these items, by the items' titles."""
        found: dict[str, list[Known]] = {}
        wanted = iter(titles)
        with self.engine.connect() as connection:
            while chunk := list(islice(wanted, _CHUNK)):
                query = _KNOWN.where(
                    records.c.bot == bot, records.c.site == site, records.c.title.in_(chunk)
                )
                for row in connection.execute(query):
                    found.setdefault(row[2], []).append(_known(row))
        return found

    def all_known(self, bot: str) -> Iterator[Known]:
        """Every record of a bot's source, in the order of keys."""
        after = ""
        while True:
            query = (
                _KNOWN.where(records.c.bot == bot, records.c.record > after)
                .order_by(records.c.record)
                .limit(_PAGE)
            )
            with self.engine.connect() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            yield from map(_known, rows)
            after = rows[-1].record

    def kept_rows(self, bot: str) -> Iterator[tuple[Known, JSON]]:
        """The records whose row is kept, with it, in the order of keys."""
        return self._with(bot, records.c.row)

    def gaps(self, bot: str) -> Iterator[tuple[Known, JSON]]:
        """The records of which it is known what they lack, with that, in the order of keys."""
        return self._with(bot, records.c.gaps)

    def _with(self, bot: str, column: Column[str]) -> Iterator[tuple[Known, JSON]]:
        """The records that have something there, with it."""
        after = ""
        while True:
            query = (
                _KNOWN.add_columns(column)
                .where(records.c.bot == bot, records.c.record > after, column.is_not(None))
                .order_by(records.c.record)
                .limit(_CHUNK)
            )
            with self.engine.connect() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            yield from ((_known(row[:-1]), exact.loads(row[-1])) for row in rows)
            after = rows[-1].record

    def linked_anew(self, bot: str) -> set[str]:
        """The records that name one whose item is another than when they were judged.

        An item of which no revision is known is none: people have deleted it.
        """
        title = case((records.c.revid.is_(None), ""), else_=records.c.title)
        query = (
            select(links.c.record)
            .outerjoin(
                records,
                and_(records.c.bot == links.c.to_bot, records.c.record == links.c.to_record),
            )
            .where(links.c.bot == bot, title != links.c.title)
        )
        with self.engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def count_known(self, bot: str) -> int:
        """How many records are known."""
        query = select(func.count()).select_from(records).where(records.c.bot == bot)
        with self.engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def count_items(self, bot: str) -> int:
        """How many records are items, of those that the source still has."""
        query = select(func.count()).where(
            records.c.bot == bot, records.c.title != "", records.c.gone_since == 0
        )
        with self.engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def judge(self, bot: str, judged: Iterable[Judged], now: datetime) -> None:
        """Keep what is known of targets that need no edit."""
        with self.engine.begin() as connection:
            rows, gone, pages = [], [], []
            for each in judged:
                if each.leaves:
                    leave(connection, bot, each.target, each.leaves, now)
                if each.record is not None:
                    rows.append((each.record, each.target, each.revid))
                if each.page_gone is not None:
                    gone.append((each.page_gone, each.target.site))
                if each.page_record is not None:
                    pages.append((each.page_record, each.target.site))
            know(connection, bot, rows)
            end_page_records(connection, gone, now)
            put_page_records(connection, pages, now)


def know(
    connection: Connection,
    bot: str,
    judged: Sequence[tuple[RecordState, Target, int | None]],
) -> None:
    """Keep how far records are judged, inside a transaction of the caller's."""
    rows = {
        state.record: {
            "bot": bot,
            "record": state.record,
            "site": target.site,
            "title": target.title,
            "digest": state.digest,
            "revid": revid,
            "quiet": int(state.quiet),
            "gone_since": state.gone_since,
            "row": state.row,
            "gaps": None if state.gaps is None else exact.dumps(state.gaps),
        }
        for state, target, revid in judged
    }
    keys = iter(rows)
    while chunk := list(islice(keys, _CHUNK)):
        connection.execute(_FORGET, {"by": bot, "keys": chunk})
        connection.execute(_KNOW, [rows[key] for key in chunk])
    _link(connection, bot, [state for state, _, _ in judged])


def _link(connection: Connection, bot: str, states: Iterable[RecordState]) -> None:
    """Keep which records these name, of those that say so."""
    named = {each.record: each.links for each in states if each.links is not None}
    keys = iter(named)
    while chunk := list(islice(keys, _CHUNK)):
        connection.execute(_UNLINK, {"by": bot, "keys": chunk})
        linked = [
            {"bot": bot, "record": key, "to_bot": to_bot, "to_record": record, "title": title}
            for key in chunk
            for to_bot, record, title in named[key]
        ]
        if linked:
            connection.execute(_LINK, linked)


# Made once: an edit is settled by a dozen statements, and each takes longer to make than to do.
_KEYS: BindParameter[str] = bindparam("keys", expanding=True)
_FORGET = delete(records).where(records.c.bot == bindparam("by"), records.c.record.in_(_KEYS))
_UNLINK = delete(links).where(links.c.bot == bindparam("by"), links.c.record.in_(_KEYS))
_KNOW, _LINK = insert(records), insert(links)

_KNOWN = select(
    records.c.record,
    records.c.site,
    records.c.title,
    records.c.digest,
    records.c.revid,
    records.c.quiet,
    records.c.gone_since,
)


def _known(row: Sequence[object]) -> Known:
    record, site, title, digest, revid, quiet, gone_since = row
    return Known(record, site, title, digest, revid, bool(quiet), gone_since)  # type: ignore[arg-type]
