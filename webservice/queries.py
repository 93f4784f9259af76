"""What the dashboard asks of the store: every query reads, and every list has an end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, case, func, select, union

from bots.core.store import Run, SpooledEdit, StoredFinding
from bots.core.store.records import edit_of, finding_of, run_of
from bots.core.store.schema import edits, findings, runs, stops

MAX_ID = 2**31 - 1
"""The largest number that a row's id may have."""

_MOST_RUNS = 20_000
"""Runs that the grid of days looks at: two weeks of ten bots that run every ten minutes."""

_MAX_CONTENT = 512 * 1024
"""Characters of an edit as JSON that are read: of a larger one the page shows the size alone."""


@dataclass(frozen=True)
class RunGlance:
    """What the grid of days needs of a run."""

    key: str
    bot: str
    state: str
    started: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True)
class ShownEdit:
    """An edit of a run; `size` is how many characters its content has as JSON.

    `spooled.edit` is None where that is too much to show, and where history is rolled up (size 0).
    """

    spooled: SpooledEdit
    size: int


@dataclass(frozen=True)
class FindingSeen:
    """A finding with the keys and times of the runs that saw it first and last."""

    stored: StoredFinding
    first_key: str
    first_seen: datetime
    last_key: str
    last_seen: datetime


def bots(engine: Engine) -> list[str]:
    """The names of all bots that the store knows."""
    query = union(select(runs.c.bot), select(stops.c.bot), select(findings.c.bot))
    with engine.connect() as connection:
        return sorted(connection.execute(query).scalars())


def last_runs(engine: Engine) -> dict[str, Run]:
    """Each bot's newest run."""
    newest = select(func.max(runs.c.id)).group_by(runs.c.bot)
    with engine.connect() as connection:
        rows = connection.execute(select(runs).where(runs.c.id.in_(newest)))
        return {row.bot: run_of(row) for row in rows}


def run_list(
    engine: Engine,
    *,
    bot: str | None = None,
    states: Sequence[str] = (),
    before: int | None = None,
    limit: int,
) -> tuple[list[Run], int | None]:
    """Runs, the newest first, and the `before` of the next page (None: this is the last)."""
    query = select(runs).order_by(runs.c.id.desc()).limit(limit + 1)
    if bot is not None:
        query = query.where(runs.c.bot == bot)
    if states:
        query = query.where(runs.c.state.in_(states))
    if before is not None:
        query = query.where(runs.c.id < before)
    with engine.connect() as connection:
        found = [run_of(row) for row in connection.execute(query)]
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def glances(engine: Engine, since: datetime) -> list[RunGlance]:
    """All runs that started since then, the oldest first."""
    query = (
        select(runs.c.key, runs.c.bot, runs.c.state, runs.c.started, runs.c.counts)
        .where(runs.c.started >= since)
        .order_by(runs.c.id.desc())
        .limit(_MOST_RUNS)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return [
        RunGlance(
            row.key, row.bot, row.state, row.started, json.loads(row.counts) if row.counts else {}
        )
        for row in reversed(rows)
    ]


def counts(engine: Engine, run_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many edits of these runs are in which state, as it is now: run id → {state: edits}."""
    query = (
        select(edits.c.run_id, edits.c.state, func.count().label("number"))
        .where(edits.c.run_id.in_(list(run_ids)))
        .group_by(edits.c.run_id, edits.c.state)
    )
    found: dict[int, dict[str, int]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query):
            found.setdefault(row.run_id, {})[row.state] = row.number
    return found


def edit_list(
    engine: Engine, run: Run, *, state: str | None = None, after: int = 0, limit: int
) -> tuple[list[ShownEdit], int | None]:
    """A run's edits in order, and the `after` of the next page (None: this is the last)."""
    size = func.coalesce(func.length(edits.c.content), 0)
    columns = [column for column in edits.c if column.name != "content"]
    query: Select[Any] = (
        select(
            *columns,
            case((size <= _MAX_CONTENT, edits.c.content), else_=None).label("content"),
            size.label("size"),
            runs.c.key.label("run_key"),
        )
        .join_from(edits, runs)
        .where(edits.c.run_id == run.id, edits.c.seq > after)
        .order_by(edits.c.seq)
        .limit(limit + 1)
    )
    if state is not None:
        query = query.where(edits.c.state == state)
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    shown = [ShownEdit(edit_of(row), row.size) for row in rows[:limit]]
    return shown, shown[-1].spooled.seq if len(rows) > limit else None


def finding_list(
    engine: Engine,
    *,
    bot: str | None = None,
    run: Run | None = None,
    before: int | None = None,
    limit: int,
) -> tuple[list[FindingSeen], int | None]:
    """Open findings, or those that `run` saw, the newest first, and the next page's `before`."""
    first, last = runs.alias("first"), runs.alias("last")
    query: Select[Any] = (
        select(
            findings,
            first.c.key.label("first_key"),
            first.c.started.label("first_seen"),
            last.c.key.label("last_key"),
            last.c.started.label("last_seen"),
        )
        .join_from(findings, first, first.c.id == findings.c.first_run)
        .join(last, last.c.id == findings.c.last_run)
        .where(*_wanted(bot, run))
        .order_by(findings.c.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(findings.c.id < before)
    with engine.connect() as connection:
        found = [
            FindingSeen(finding_of(row), row.first_key, row.first_seen, row.last_key, row.last_seen)
            for row in connection.execute(query)
        ]
    return found[:limit], found[limit - 1].stored.id if len(found) > limit else None


def finding_counts(engine: Engine) -> dict[str, int]:
    """How many findings of each bot are open."""
    query = (
        select(findings.c.bot, func.count().label("number"))
        .where(findings.c.closed_run.is_(None))
        .group_by(findings.c.bot)
    )
    with engine.connect() as connection:
        return {row.bot: row.number for row in connection.execute(query)}


def finding_count(engine: Engine, *, bot: str | None = None, run: Run | None = None) -> int:
    """How many findings `finding_list` has in all."""
    query = select(func.count()).select_from(findings).where(*_wanted(bot, run))
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def _wanted(bot: str | None, run: Run | None) -> list[Any]:
    wanted: list[Any] = []
    if bot is not None:
        wanted.append(findings.c.bot == bot)
    if run is None:
        wanted.append(findings.c.closed_run.is_(None))
    else:
        # A finding that a run did not see again is closed by that run, or seen by a later one.
        wanted += [
            findings.c.bot == run.bot,
            findings.c.first_run <= run.id,
            findings.c.last_run >= run.id,
        ]
    return wanted
