"""What HubBot knows between two runs: findings, bases, decisions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from bots.core.plan import JSON, Finding, Target, finding_to_json
from bots.core.store.records import Decision, Run, StoredFinding, decision_of, finding_of
from bots.core.store.schema import answers, bases, decisions, findings

PAGE = 500
"""Rows a query when a long list is walked: a plan of 60,000 edits is never held as a list."""


class Memory:
    """The part of the store that remembers."""

    engine: Engine

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

    def answers(self, bot: str) -> dict[str, str]:
        """What a dataset's partner answered: a row's id → the answer."""
        query = select(answers.c.row, answers.c.answer).where(answers.c.bot == bot)
        with self.engine.connect() as connection:
            return {row.row: row.answer for row in connection.execute(query)}

    def answer(self, bot: str, given: Mapping[str, str], now: datetime) -> None:
        """Keep the partner's answers; an empty one takes back what was answered before."""
        with self.engine.begin() as connection:
            for row, answer in given.items():
                key = (answers.c.bot == bot, answers.c.row == row)
                connection.execute(delete(answers).where(*key))
                if answer:
                    values = {"bot": bot, "row": row, "answer": answer, "answered": now}
                    connection.execute(insert(answers).values(values))

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
                .limit(PAGE)
            )
            with self.engine.connect() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            for title, slots in rows:
                yield title, json.loads(slots)
            after = rows[-1].title

    def bases_on(self, site: str, titles: Iterable[str]) -> dict[str, dict[str, dict[str, JSON]]]:
        """What each bot left on these targets: title → bot → slots."""
        found: dict[str, dict[str, dict[str, JSON]]] = {}
        wanted = iter(titles)
        with self.engine.connect() as connection:
            while chunk := list(islice(wanted, PAGE)):
                query = select(bases.c.title, bases.c.bot, bases.c.slots).where(
                    bases.c.site == site, bases.c.title.in_(chunk)
                )
                for title, bot, slots in connection.execute(query):
                    found.setdefault(title, {})[bot] = json.loads(slots)
        return found

    def leave(self, bot: str, target: Target, slots: Mapping[str, JSON], now: datetime) -> None:
        """Record bases outside of an edit (a rebuilt store; a slot that people brought in line)."""
        with self.engine.begin() as connection:
            leave(connection, bot, target, slots, now)

    def decide(self, decision: Decision) -> bool:
        """Keep a person's decision; False if this one was known."""
        row = _decision_key(decision)
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

    def undecide(self, decision: Decision) -> bool:
        """Forget a decision that was taken back; False if it was made anew since, or not known."""
        key = [decisions.c[name] == value for name, value in _decision_key(decision).items()]
        query = delete(decisions).where(*key, decisions.c.revid == decision.revid)
        with self.engine.begin() as connection:
            return connection.execute(query).rowcount > 0

    def decisions(self, bot: str, target: Target | None = None) -> list[Decision]:
        """What people decided for `bot`, about everything or about one target."""
        query = select(decisions).where(decisions.c.bot == bot).order_by(decisions.c.id)
        if target is not None:
            query = query.where(decisions.c.site == target.site, decisions.c.title == target.title)
        with self.engine.connect() as connection:
            return [decision_of(row) for row in connection.execute(query)]


def _decision_key(decision: Decision) -> dict[str, str]:
    return {
        "bot": decision.bot,
        "site": decision.target.site,
        "title": decision.target.title,
        "slot": decision.slot,
        "pair": decision.pair,
    }


_OF = tuple(column == bindparam(f"of_{column.name}") for column in bases.primary_key)
_HELD = select(bases.c.slots).where(*_OF)
_LET_GO = delete(bases).where(*_OF)
_LEAVE = insert(bases)


def _base(connection: Connection, bot: str, target: Target) -> dict[str, JSON]:
    slots = connection.execute(_HELD, _key(bot, target)).scalar()
    found: dict[str, JSON] = json.loads(slots) if slots else {}
    return found


def _key(bot: str, target: Target) -> dict[str, str]:
    return {"of_bot": bot, "of_site": target.site, "of_title": target.title}


def leave(
    connection: Connection, bot: str, target: Target, slots: Mapping[str, JSON], now: datetime
) -> dict[str, JSON]:
    """Record bases inside a transaction of the caller's; a slot with None is forgotten.

    Gives what the slots that this changed held before; None: nothing.
    """
    known = _base(connection, bot, target)
    was = {slot: known.get(slot) for slot, value in slots.items() if known.get(slot) != value}
    if not was:
        return was
    merged = {slot: value for slot, value in {**known, **slots}.items() if value is not None}
    if known:
        connection.execute(_LET_GO, _key(bot, target))
    if merged:
        row = {
            "bot": bot,
            "site": target.site,
            "title": target.title,
            "slots": json.dumps(merged, ensure_ascii=False, sort_keys=True),
            "updated": now,
        }
        connection.execute(_LEAVE, row)
    return was


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
