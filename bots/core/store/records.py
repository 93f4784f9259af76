"""What comes out of the store: frozen facts, one kind a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from bots.core import outcome as outcomes
from bots.core.messages import Message
from bots.core.outcome import Outcome
from bots.core.plan import JSON, Edit, Finding, Target, edit_from_json, finding_from_json

_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)

RUN_STATES = (
    "running",
    "finished",
    "planned",
    "held",
    "stopped",
    "deferred",
    "failed",
    "interrupted",
)
"""running; then what it ended as: all was done; a dry run; over the guard; by a stop page; the
wiki asked to come again later; something failed; killed, or its lease was lost."""


@dataclass(frozen=True)
class Run:
    """One run of one bot. `key` is what receipts and people call it; `note` why it ended so."""

    id: int
    key: str
    bot: str
    mode: str
    state: str
    holder: str
    started: datetime
    ended: datetime | None
    plan_of: str | None
    note: Message | None
    waits_until: datetime | None
    waits_for: str | None
    counts: Mapping[str, int]


@dataclass(frozen=True)
class SpooledEdit:
    """An edit in the spool, and what became of it. `receipt` stands in its edit summary.

    `edit` is None once the store has rolled up the run's history. `was`: the slots of the base that
    the edit changed when it was settled, with what they held before (None: nothing).
    """

    run_id: int
    run_key: str
    seq: int
    target: Target
    key: str
    edit: Edit | None
    state: str
    outcome: Outcome | None
    revid: int | None
    sent: datetime | None
    settled: datetime | None
    was: Mapping[str, JSON] = field(default_factory=dict)

    @property
    def receipt(self) -> str:
        return f"{self.run_key}/{self.seq}"


@dataclass(frozen=True)
class StoredFinding:
    """A finding with the runs that saw it first and last, and the one that no longer did."""

    id: int
    bot: str
    finding: Finding
    first_run: int
    last_run: int
    closed_run: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """A record of a source: the page of its item ("" where it has none yet), and how far it is
    judged: what the source said then (`digest`) and the item's revision (`revid`).

    `quiet` and `gone_since` are as in `bots.core.plan.RecordState`.
    """

    record: str
    site: str
    title: str
    digest: str
    revid: int | None
    quiet: bool
    gone_since: int


@dataclass(frozen=True)
class Decision:
    """What `user` decided in revision `revid` about a slot, for one pair of (theirs, ours)."""

    bot: str
    target: Target
    slot: str
    pair: str
    choice: str
    user: str
    revid: int
    decided: datetime


@dataclass(frozen=True)
class StopSeen:
    """The stop pages as a bot last saw them, at `checked`."""

    bot: str
    checked: datetime
    stopped: bool
    target: Target
    user: str
    since: datetime | None
    revid: int
    text: str


@dataclass(frozen=True)
class LeaseHeld:
    """Who holds a lease, since when and until when."""

    name: str
    holder: str
    since: datetime
    expires: datetime


def lease_of(row: Row[Any]) -> LeaseHeld:
    """A row of `leases` as a fact."""
    return LeaseHeld(row.name, row.holder, row.since, row.expires)


def message_to_json(message: Message | None) -> str | None:
    """A message as JSON text, or None."""
    return None if message is None else _MESSAGE.dump_json(message).decode()


def run_of(row: Row[Any]) -> Run:
    """A row of `runs` as a fact."""
    return Run(
        id=row.id,
        key=row.key,
        bot=row.bot,
        mode=row.mode,
        state=row.state,
        holder=row.holder,
        started=row.started,
        ended=row.ended,
        plan_of=row.plan_of,
        note=_MESSAGE.validate_json(row.note) if row.note else None,
        waits_until=row.waits_until,
        waits_for=row.waits_for,
        counts=json.loads(row.counts) if row.counts else {},
    )


def edit_of(row: Row[Any]) -> SpooledEdit:
    """A row of `edits`, with its run's key as `run_key`, as a fact."""
    return SpooledEdit(
        run_id=row.run_id,
        run_key=row.run_key,
        seq=row.seq,
        target=Target(row.site, row.title),
        key=row.key,
        edit=edit_from_json(row.content) if row.content else None,
        state=row.state,
        outcome=outcomes.from_json(row.outcome) if row.outcome else None,
        revid=row.revid,
        sent=row.sent,
        settled=row.settled,
        was=json.loads(row.was) if row.was else {},
    )


def finding_of(row: Row[Any]) -> StoredFinding:
    """A row of `findings` as a fact."""
    return StoredFinding(
        id=row.id,
        bot=row.bot,
        finding=finding_from_json(row.content),
        first_run=row.first_run,
        last_run=row.last_run,
        closed_run=row.closed_run,
    )


def decision_of(row: Row[Any]) -> Decision:
    """A row of `decisions` as a fact."""
    return Decision(
        bot=row.bot,
        target=Target(row.site, row.title),
        slot=row.slot,
        pair=row.pair,
        choice=row.choice,
        user=row.user,
        revid=row.revid,
        decided=row.decided,
    )


def stop_of(row: Row[Any]) -> StopSeen:
    """A row of `stops` as a fact."""
    return StopSeen(
        bot=row.bot,
        checked=row.checked,
        stopped=bool(row.stopped),
        target=Target(row.site, row.title),
        user=row.user,
        since=row.since,
        revid=row.revid,
        text=row.text,
    )
