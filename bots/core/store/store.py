"""The store: what HubBot knows between two runs, and the journal of what it is doing now."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Table, and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from bots.core import outcome as outcomes
from bots.core.messages import Message
from bots.core.outcome import Outcome, Saved
from bots.core.plan import (
    JSON,
    Edit,
    Finding,
    Target,
    edit_from_json,
    edit_to_json,
    finding_to_json,
)
from bots.core.stop import Stop
from bots.core.store import engine as engines
from bots.core.store.records import (
    Decision,
    LeaseHeld,
    Run,
    SpooledEdit,
    StopSeen,
    StoredFinding,
    decision_of,
    edit_of,
    finding_of,
    lease_of,
    message_to_json,
    run_of,
    stop_of,
)
from bots.core.store.schema import bases, decisions, edits, findings, leases, runs, stops

_PAGE = 500
"""Rows a query when a long list is walked: a plan of 60,000 edits is never held as a list."""


class Store:
    """All that HubBot keeps. Every method is one transaction; times are UTC."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Store:
        """The store at `url`, its tables brought up to date. Raises `StoreError`."""
        engine = engines.open_engine(url)
        engines.upgrade(engine)
        return cls(engine)

    @classmethod
    def open_for_reading(cls, url: str) -> Store:
        """The store at `url`; the database itself refuses every write on this connection."""
        engine = engines.open_engine(url, read_only=True)
        engines.check(engine)
        return cls(engine)

    def close(self) -> None:
        """Give the database's connections back."""
        self.engine.dispose()

    # Runs

    def start_run(
        self, bot: str, mode: str, holder: str, now: datetime, plan_of: str | None = None
    ) -> Run:
        """A new run, in state 'running', under a key that no other run anywhere has."""
        values = {
            "key": secrets.token_hex(6),
            "bot": bot,
            "mode": mode,
            "state": "running",
            "holder": holder,
            "started": now,
            "plan_of": plan_of,
        }
        with self.engine.begin() as connection:
            connection.execute(insert(runs).values(values))
            row = connection.execute(select(runs).where(runs.c.key == values["key"])).one()
        return run_of(row)

    def finish_run(self, run: Run, state: str, note: Message | None, now: datetime) -> Run:
        """End a run: its state, why, and how many edits came to which outcome."""
        with self.engine.begin() as connection:
            counts = _counts(connection, run)
            connection.execute(
                update(runs)
                .where(runs.c.id == run.id)
                .values(
                    state=state,
                    ended=now,
                    note=message_to_json(note),
                    counts=json.dumps(counts),
                    waits_until=None,
                    waits_for=None,
                )
            )
            return run_of(connection.execute(select(runs).where(runs.c.id == run.id)).one())

    def interrupt_dead_runs(self, bot: str, now: datetime) -> list[Run]:
        """End the runs of `bot` that a killed process left open; for the lease's holder only."""
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(runs).where(runs.c.bot == bot, runs.c.state == "running")
            ).all()
        note = Message("run-interrupted")
        return [self.finish_run(run_of(row), "interrupted", note, now) for row in rows]

    def set_waiting(self, run: Run, until: datetime | None, reason: str | None) -> None:
        """Say for all to see that the run waits, for what and until when; None: no longer."""
        with self.engine.begin() as connection:
            connection.execute(
                update(runs).where(runs.c.id == run.id).values(waits_until=until, waits_for=reason)
            )

    def run(self, key: str) -> Run | None:
        """The run with this key."""
        with self.engine.connect() as connection:
            row = connection.execute(select(runs).where(runs.c.key == key)).one_or_none()
        return run_of(row) if row else None

    def follow_plan(self, run: Run, plan_key: str) -> None:
        """Say that `run` found nothing that the held plan does not have."""
        with self.engine.begin() as connection:
            connection.execute(update(runs).where(runs.c.id == run.id).values(plan_of=plan_key))

    def held_plan(self, bot: str) -> str | None:
        """The key of the plan that waits for a person: held, and no run finished since."""
        query = (
            select(runs.c.key, runs.c.plan_of, runs.c.state)
            .where(runs.c.bot == bot, runs.c.state.in_(("held", "finished")))
            .order_by(runs.c.id.desc())
            .limit(1)
        )
        with self.engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return (row.plan_of or row.key) if row and row.state == "held" else None

    def runs(self, bot: str | None = None, limit: int = 50, before: int | None = None) -> list[Run]:
        """The newest runs first; `before`: only those with a smaller id."""
        query = select(runs).order_by(runs.c.id.desc()).limit(limit)
        if bot is not None:
            query = query.where(runs.c.bot == bot)
        if before is not None:
            query = query.where(runs.c.id < before)
        with self.engine.connect() as connection:
            return [run_of(row) for row in connection.execute(query)]

    def largest_run(self, bot: str) -> int | None:
        """The most edits that a run of `bot` saved; None: it has never saved one."""
        saved = (
            select(func.count().label("saved"))
            .select_from(edits.join(runs))
            .where(runs.c.bot == bot, edits.c.state == "saved")
            .group_by(edits.c.run_id)
            .subquery()
        )
        with self.engine.connect() as connection:
            return connection.execute(select(func.max(saved.c.saved))).scalar()

    def roll_up(self, before: datetime) -> int:
        """Forget the texts of settled edits of runs that ended before then; how many edits."""
        old = select(runs.c.id).where(runs.c.ended < before)
        with self.engine.begin() as connection:
            return connection.execute(
                update(edits)
                .where(
                    edits.c.run_id.in_(old),
                    edits.c.content.is_not(None),
                    edits.c.state != "sent",
                )
                .values(content=None)
            ).rowcount

    # The spool and the journal

    def spool(self, run: Run, planned: Iterable[Edit]) -> int:
        """Write edits into the spool, in order, after those that are there; how many."""
        count = 0
        with self.engine.begin() as connection:
            last = connection.execute(
                select(func.max(edits.c.seq)).where(edits.c.run_id == run.id)
            ).scalar()
            for seq, edit in enumerate(planned, start=(last or 0) + 1):
                connection.execute(insert(edits).values(_spool_row(run, seq, edit)))
                count += 1
        return count

    def edits(
        self, run: Run, states: Iterable[str] | None = None, after: int = 0
    ) -> Iterator[SpooledEdit]:
        """A run's edits in order, read a page at a time, so that more may be spooled meanwhile."""
        wanted = None if states is None else tuple(states)
        while True:
            query = (
                _EDITS.where(edits.c.run_id == run.id, edits.c.seq > after)
                .order_by(edits.c.seq)
                .limit(_PAGE)
            )
            if wanted is not None:
                query = query.where(edits.c.state.in_(wanted))
            with self.engine.connect() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            yield from map(edit_of, rows)
            after = rows[-1].seq

    def edit_state(self, run: Run, key: str) -> str | None:
        """The state of the run's newest edit with this key."""
        query = (
            select(edits.c.state)
            .where(edits.c.run_id == run.id, edits.c.key == key)
            .order_by(edits.c.seq.desc())
            .limit(1)
        )
        with self.engine.connect() as connection:
            return connection.execute(query).scalar()

    def planned_in(self, run_key: str, edit: Edit) -> bool:
        """Whether that run's plan had an edit of the same kind for the same target."""
        query = (
            select(edits.c.content)
            .join_from(edits, runs)
            .where(
                runs.c.key == run_key,
                edits.c.site == edit.target.site,
                edits.c.title == edit.target.title,
            )
        )
        with self.engine.connect() as connection:
            contents = connection.execute(query).scalars().all()
        return any(content and edit_from_json(content).kind == edit.kind for content in contents)

    def mark_sent(self, spooled: SpooledEdit, now: datetime) -> None:
        """Write down that this edit is about to be sent: from here on it must be settled."""
        with self.engine.begin() as connection:
            connection.execute(
                update(edits).where(_is(spooled)).values(state="sent", sent=now, settled=None)
            )

    def settle(self, spooled: SpooledEdit, outcome: Outcome, bot: str, now: datetime) -> None:
        """Write down what became of an edit, and, if the wiki has it, the bases that it left."""
        with self.engine.begin() as connection:
            connection.execute(
                update(edits)
                .where(_is(spooled))
                .values(
                    state=outcome.name,
                    outcome=outcomes.to_json(outcome),
                    revid=outcome.revid if isinstance(outcome, Saved) else None,
                    settled=now,
                )
            )
            if outcome.done and spooled.edit and spooled.edit.leaves:
                _leave(connection, bot, spooled.target, spooled.edit.leaves, now)

    def unsettled(self, bot: str) -> list[SpooledEdit]:
        """Edits that were sent, and of which nobody knows what became: at most a few."""
        query = _EDITS.where(runs.c.bot == bot, edits.c.state.in_(("sent", "unknown")))
        with self.engine.connect() as connection:
            return [edit_of(row) for row in connection.execute(query.order_by(edits.c.run_id))]

    # Findings

    def note_findings(self, run: Run, found: Iterable[Finding]) -> None:
        """Keep what a run found: a finding that was there before is only seen once more."""
        with self.engine.begin() as connection:
            for finding in found:
                seen = connection.execute(
                    update(findings)
                    .where(
                        findings.c.bot == run.bot,
                        findings.c.fingerprint == finding.fingerprint,
                    )
                    .values(last_run=run.id, closed_run=None)
                )
                if seen.rowcount == 0:
                    connection.execute(insert(findings).values(_finding_row(run, finding)))

    def close_findings(self, run: Run, target: Target | None = None) -> int:
        """Close what this run, having looked at everything (or at `target`), no longer found."""
        query = update(findings).where(
            findings.c.bot == run.bot,
            findings.c.last_run < run.id,
            findings.c.closed_run.is_(None),
        )
        if target is not None:
            query = query.where(findings.c.site == target.site, findings.c.title == target.title)
        with self.engine.begin() as connection:
            return connection.execute(query.values(closed_run=run.id)).rowcount

    def findings(
        self, bot: str | None = None, run: Run | None = None, limit: int = 500
    ) -> list[StoredFinding]:
        """Open findings, or those that `run` saw; the newest first."""
        query = select(findings).order_by(findings.c.id.desc()).limit(limit)
        if bot is not None:
            query = query.where(findings.c.bot == bot)
        if run is None:
            query = query.where(findings.c.closed_run.is_(None))
        else:
            query = query.where(
                findings.c.bot == run.bot,
                findings.c.first_run <= run.id,
                findings.c.last_run >= run.id,
            )
        with self.engine.connect() as connection:
            return [finding_of(row) for row in connection.execute(query)]

    # Bases and decisions

    def base(self, bot: str, target: Target) -> dict[str, JSON]:
        """What `bot` last left on the target: slot → value; {} if nothing."""
        with self.engine.connect() as connection:
            return _base(connection, bot, target)

    def bases(self, bot: str, site: str) -> Iterator[tuple[str, dict[str, JSON]]]:
        """Title and slots of everything that `bot` left on a site, in the order of titles."""
        after = ""
        while True:
            query = (
                select(bases.c.title, bases.c.slots)
                .where(bases.c.bot == bot, bases.c.site == site, bases.c.title > after)
                .order_by(bases.c.title)
                .limit(_PAGE)
            )
            with self.engine.connect() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            for title, slots in rows:
                yield title, json.loads(slots)
            after = rows[-1].title

    def leave(self, bot: str, target: Target, slots: Mapping[str, JSON], now: datetime) -> None:
        """Record bases outside of an edit (a rebuilt store; a slot that people brought in line)."""
        with self.engine.begin() as connection:
            _leave(connection, bot, target, slots, now)

    def decide(self, decision: Decision) -> bool:
        """Keep a person's decision; False if this one was known."""
        row = {
            "bot": decision.bot,
            "site": decision.target.site,
            "title": decision.target.title,
            "slot": decision.slot,
            "pair": decision.pair,
        }
        key = [decisions.c[name] == value for name, value in row.items()]
        rest = {
            "choice": decision.choice,
            "user": decision.user,
            "revid": decision.revid,
            "decided": decision.decided,
        }
        with self.engine.begin() as connection:
            known = connection.execute(select(decisions).where(*key)).one_or_none()
            if known is None:
                connection.execute(insert(decisions).values(row | rest))
            elif known.revid != decision.revid:
                connection.execute(update(decisions).where(*key).values(rest))
            return known is None or known.revid != decision.revid

    def decisions(self, bot: str, target: Target | None = None) -> list[Decision]:
        """What people decided for `bot`, about everything or about one target."""
        query = select(decisions).where(decisions.c.bot == bot).order_by(decisions.c.id)
        if target is not None:
            query = query.where(decisions.c.site == target.site, decisions.c.title == target.title)
        with self.engine.connect() as connection:
            return [decision_of(row) for row in connection.execute(query)]

    # Leases and stop pages

    def take_lease(self, name: str, holder: str, now: datetime, seconds: float) -> LeaseHeld:
        """Take or renew a lease; what is in the store afterwards, which may be another's."""
        values = {"holder": holder, "expires": now + timedelta(seconds=seconds)}
        for _attempt in range(2):
            try:
                with self.engine.begin() as connection:
                    _renew_or_take(connection, name, values, now)
            except (IntegrityError, OperationalError):
                continue  # MariaDB: another process took it in the same instant
            break
        with self.engine.connect() as connection:
            held = _lease(connection, name)
        return held or LeaseHeld(name, "", now, now)

    def end_lease(self, name: str, holder: str) -> None:
        """Give up a lease, if it is `holder`'s."""
        with self.engine.begin() as connection:
            connection.execute(
                delete(leases).where(leases.c.name == name, leases.c.holder == holder)
            )

    def leases(self) -> list[LeaseHeld]:
        """All leases that are held, expired ones too."""
        with self.engine.connect() as connection:
            return [lease_of(row) for row in connection.execute(select(leases))]

    def see_stop(self, bot: str, site: str, stop: Stop | None, now: datetime) -> None:
        """Keep what the stop pages said when the bot last looked."""
        target = stop.target if stop else Target(site, "")
        values = {
            "checked": now,
            "site": target.site,
            "title": target.title,
            "stopped": int(stop is not None),
            "user": stop.user if stop else "",
            "since": stop.timestamp if stop else None,
            "revid": stop.revid if stop else 0,
            "text": stop.text if stop else "",
        }
        with self.engine.begin() as connection:
            if not _exists(connection, stops, stops.c.bot == bot):
                connection.execute(insert(stops).values(bot=bot, **values))
            else:
                connection.execute(update(stops).where(stops.c.bot == bot).values(values))

    def stops(self) -> list[StopSeen]:
        """The stop pages as each bot last saw them."""
        with self.engine.connect() as connection:
            return [stop_of(row) for row in connection.execute(select(stops))]


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """`Store.open`, closed at the end."""
    store = Store.open(url)
    try:
        yield store
    finally:
        store.close()


_EDITS = select(edits, runs.c.key.label("run_key")).join_from(edits, runs)


def _is(spooled: SpooledEdit):  # type: ignore[no-untyped-def]
    return and_(edits.c.run_id == spooled.run_id, edits.c.seq == spooled.seq)


def _exists(connection: Connection, table: Table, where) -> bool:  # type: ignore[no-untyped-def]
    return connection.execute(select(func.count()).select_from(table).where(where)).scalar() != 0


def _counts(connection: Connection, run: Run) -> dict[str, int]:
    rows = connection.execute(
        select(edits.c.state, func.count().label("number"))
        .where(edits.c.run_id == run.id)
        .group_by(edits.c.state)
    )
    return {row.state: row.number for row in rows}


def _lease(connection: Connection, name: str, *, lock: bool = False) -> LeaseHeld | None:
    query = select(leases).where(leases.c.name == name)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return lease_of(row) if row else None


def _renew_or_take(
    connection: Connection, name: str, values: Mapping[str, object], now: datetime
) -> None:
    renewed = connection.execute(
        update(leases)
        .where(leases.c.name == name, leases.c.holder == values["holder"])
        .values(expires=values["expires"])
    )
    if renewed.rowcount:
        return
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.expires <= now))
    if _lease(connection, name, lock=True) is None:
        connection.execute(insert(leases).values(name=name, since=now, **values))


def _base(connection: Connection, bot: str, target: Target) -> dict[str, JSON]:
    slots = connection.execute(select(bases.c.slots).where(*_base_key(bot, target))).scalar()
    found: dict[str, JSON] = json.loads(slots) if slots else {}
    return found


def _base_key(bot: str, target: Target):  # type: ignore[no-untyped-def]
    return (
        bases.c.bot == bot,
        bases.c.site == target.site,
        bases.c.title == target.title,
    )


def _leave(
    connection: Connection, bot: str, target: Target, slots: Mapping[str, JSON], now: datetime
) -> None:
    known = _base(connection, bot, target)
    merged = {slot: value for slot, value in {**known, **slots}.items() if value is not None}
    if merged == known:
        return
    connection.execute(delete(bases).where(*_base_key(bot, target)))
    if merged:
        connection.execute(
            insert(bases).values(
                bot=bot,
                site=target.site,
                title=target.title,
                slots=json.dumps(merged, ensure_ascii=False, sort_keys=True),
                updated=now,
            )
        )


def _spool_row(run: Run, seq: int, edit: Edit) -> dict[str, object]:
    return {
        "run_id": run.id,
        "seq": seq,
        "site": edit.target.site,
        "title": edit.target.title,
        "key": edit.key,
        "after": edit.after,
        "content": edit_to_json(edit),
        "state": "planned",
    }


def _finding_row(run: Run, finding: Finding) -> dict[str, object]:
    return {
        "bot": run.bot,
        "fingerprint": finding.fingerprint,
        "site": finding.target.site,
        "title": finding.target.title,
        "content": finding_to_json(finding),
        "first_run": run.id,
        "last_run": run.id,
    }
