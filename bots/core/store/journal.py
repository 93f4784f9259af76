"""Runs, and the spool and the journal of their edits, which are one table."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import (
    Connection,
    Engine,
    and_,
    bindparam,
    case,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from bots.core import outcome as outcomes
from bots.core.messages import Message
from bots.core.outcome import Invalid, Outcome, Saved
from bots.core.plan import NEW_ITEM, Edit, Target, edit_from_json, edit_to_json
from bots.core.store.catalogue import know
from bots.core.store.memory import leave
from bots.core.store.records import Run, SpooledEdit, edit_of, message_to_json, run_of
from bots.core.store.schema import edits, runs

PAGE = 500
"""Rows a query when a long list is walked: a plan of 60,000 edits is never held as a list."""


class Journal:
    """The part of the store that knows what HubBot is doing, and did."""

    engine: Engine

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

    def run_starts(self, ids: Iterable[int]) -> dict[int, datetime]:
        """When these runs began, by their ids."""
        wanted = sorted(set(ids))
        found: dict[int, datetime] = {}
        with self.engine.connect() as connection:
            for first in range(0, len(wanted), PAGE):
                query = select(runs.c.id, runs.c.started).where(
                    runs.c.id.in_(wanted[first : first + PAGE])
                )
                found |= {row.id: row.started for row in connection.execute(query)}
        return found

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

    def saved_by_year(self, before: datetime) -> dict[int, dict[str, int]]:
        """Of each year (UTC): bot → how many edits were saved by its runs that began then.

        Runs that have not ended, or began at `before` or later, are not counted.
        """
        query = select(runs.c.bot, runs.c.started, runs.c.counts).where(
            runs.c.counts.contains('"saved"'), runs.c.started < before
        )
        saved: dict[int, dict[str, int]] = {}
        with self.engine.connect() as connection:
            for bot, started, counts in connection.execute(query):
                of_year = saved.setdefault(started.year, {})
                of_year[bot] = of_year.get(bot, 0) + json.loads(counts)["saved"]
        return saved

    def last_saved(self, bot: str, after_run: int, limit: int) -> list[tuple[str, int]]:
        """Site and revision of the last edits that the bot's runs after that one have saved."""
        query = (
            select(edits.c.site, edits.c.revid)
            .join_from(edits, runs)
            .where(
                runs.c.bot == bot,
                runs.c.id > after_run,
                edits.c.state == "saved",
                edits.c.revid > 0,
            )
            .order_by(runs.c.id.desc(), edits.c.seq.desc())
            .limit(limit)
        )
        with self.engine.connect() as connection:
            return [(site, revid) for site, revid in connection.execute(query)]

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
                .values(content=None, was=None)
            ).rowcount

    def spool(self, run: Run, planned: Iterable[Edit]) -> int:
        """Write edits into the spool, in order, after those that are there; how many."""
        count = 0
        with self.engine.begin() as connection:
            last = connection.execute(
                select(func.max(edits.c.seq)).where(edits.c.run_id == run.id)
            ).scalar()
            rows = (
                _spool_row(run, seq, edit)
                for seq, edit in enumerate(planned, start=(last or 0) + 1)
            )
            while page := list(islice(rows, PAGE)):
                connection.execute(insert(edits), page)
                count += len(page)
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
                .limit(PAGE)
            )
            if wanted is not None:
                query = query.where(edits.c.state.in_(wanted))
            with self.engine.connect() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            yield from map(edit_of, rows)
            after = rows[-1].seq

    def saved(self, run: Run) -> Iterator[tuple[Target, list[SpooledEdit]]]:
        """Each page that the run saved edits of, with these in order; a new item by its own title.

        No more than a page of edits is held at once, besides the numbers of all of them.
        """
        query = select(edits.c.seq, edits.c.site, edits.c.title, edits.c.outcome).where(
            edits.c.run_id == run.id, edits.c.state == "saved"
        )
        on: dict[Target, list[int]] = {}
        with self.engine.connect() as connection:
            for seq, site, title, outcome in connection.execute(query.order_by(edits.c.seq)):
                if title.startswith(NEW_ITEM):
                    title = json.loads(outcome)["title"]
                on.setdefault(Target(site, title), []).append(seq)
        targets = iter(on)
        while chunk := list(islice(targets, PAGE)):
            wanted = [seq for target in chunk for seq in on[target]]
            found = {each.seq: each for each in self._edits_of(run, wanted)}
            yield from ((target, [found[seq] for seq in on[target]]) for target in chunk)

    def count_saved(self, run: Run, besides: Collection[str]) -> tuple[int, int]:
        """How many pages the run has edited, and made as new items, so far.

        `besides`: pages whose titles begin with one of these are not counted.
        """
        pages = select(edits.c.site, edits.c.title).distinct()
        saved = pages.where(edits.c.run_id == run.id, edits.c.state == "saved")
        ours = or_(*(edits.c.title.startswith(each, autoescape=True) for each in besides))
        made = edits.c.title.startswith(NEW_ITEM, autoescape=True)
        counted = [
            select(func.count()).select_from(saved.where(not_(ours), which).subquery())
            for which in (not_(made), made)
        ]
        with self.engine.connect() as connection:
            edited, new = (connection.execute(each).scalar_one() for each in counted)
        return int(edited), int(new)

    def made(
        self, site: str, revids: Collection[int], since: datetime, naming: str
    ) -> Iterator[tuple[int, Edit | None]]:
        """Those of these revisions by which runs made new items, of runs not ended before `since`.

        With the edit if its text, as JSON, has `naming` in it; else None. Not told are edits whose
        text is forgotten.
        """
        content = case((edits.c.content.contains(naming, autoescape=True), edits.c.content))
        late = select(runs.c.id).where(or_(runs.c.ended.is_(None), runs.c.ended >= since))
        query = select(edits.c.revid, content).where(
            edits.c.state == "saved",
            edits.c.run_id.in_(late),
            edits.c.site == site,
            edits.c.title.startswith(NEW_ITEM, autoescape=True),
            edits.c.revid.between(min(revids), max(revids)),
            edits.c.content.is_not(None),
        )
        with self.engine.connect() as connection:
            for revid, found in connection.execute(query):
                if revid in revids:
                    yield revid, None if found is None else edit_from_json(found)

    def saved_on(self, run: Run, target: Target) -> list[SpooledEdit]:
        """What the run saved on one page that it did not make, in order."""
        query = _EDITS.where(
            edits.c.run_id == run.id,
            edits.c.state == "saved",
            edits.c.site == target.site,
            edits.c.title == target.title,
        )
        with self.engine.connect() as connection:
            return list(map(edit_of, connection.execute(query.order_by(edits.c.seq))))

    def _edits_of(self, run: Run, wanted: Iterable[int]) -> Iterator[SpooledEdit]:
        numbers = iter(wanted)
        with self.engine.connect() as connection:
            while chunk := list(islice(numbers, PAGE)):
                query = _EDITS.where(edits.c.run_id == run.id, edits.c.seq.in_(chunk))
                yield from map(edit_of, connection.execute(query))

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
            connection.execute(_SEND, _key(spooled) | {"at": now})

    def settle(self, spooled: SpooledEdit, outcome: Outcome, bot: str, now: datetime) -> None:
        """Write down what became of an edit, and, if the wiki has it, the bases that it left.

        What the wiki will never take is not tried again until its record or its item changes; of
        a record of which no item could be made, it is known that it has none.
        """
        edit = spooled.edit if outcome.done else None
        with self.engine.begin() as connection:
            leaves = edit.leaves if edit else {}
            was = leave(connection, bot, spooled.target, leaves, now) if leaves else {}
            became = {
                "became": outcome.name,
                "told": outcomes.to_json(outcome),
                "saved": outcome.revid if isinstance(outcome, Saved) else None,
                "at": now,
                "before": json.dumps(was, ensure_ascii=False) if was else None,
            }
            connection.execute(_SETTLE, _key(spooled) | became)
            if edit is not None and edit.record is not None:
                revid = outcome.revid if isinstance(outcome, Saved) else edit.change.base_revid
                know(connection, bot, [(edit.record, spooled.target, revid)])
            elif isinstance(outcome, Invalid) and (tried := spooled.edit) is not None:
                target = spooled.target
                if target.title.startswith(NEW_ITEM):
                    target = Target(target.site, "")
                if tried.record is not None:
                    know(connection, bot, [(tried.record, target, tried.change.base_revid)])

    def unsettled(self, bot: str) -> list[SpooledEdit]:
        """Edits that were sent, and of which nobody knows what became: at most a few."""
        query = _EDITS.where(runs.c.bot == bot, edits.c.state.in_(("sent", "unknown")))
        with self.engine.connect() as connection:
            return [edit_of(row) for row in connection.execute(query.order_by(edits.c.run_id))]


_EDITS = select(edits, runs.c.key.label("run_key")).join_from(edits, runs)


_THIS = and_(edits.c.run_id == bindparam("of_run"), edits.c.seq == bindparam("number"))
_SEND = update(edits).where(_THIS).values(state="sent", sent=bindparam("at"), settled=None)
_SETTLE = (
    update(edits)
    .where(_THIS)
    .values(
        state=bindparam("became"),
        outcome=bindparam("told"),
        revid=bindparam("saved"),
        settled=bindparam("at"),
        was=bindparam("before"),
    )
)


def _key(spooled: SpooledEdit) -> dict[str, object]:
    return {"of_run": spooled.run_id, "number": spooled.seq}


def _counts(connection: Connection, run: Run) -> dict[str, int]:
    rows = connection.execute(
        select(edits.c.state, func.count().label("number"))
        .where(edits.c.run_id == run.id)
        .group_by(edits.c.state)
    )
    return {row.state: row.number for row in rows}


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
