"""Carrying out a plan: one edit after the other through the one writer, journalled."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from bots.core import wikitext
from bots.core.entitychange import EntityChange
from bots.core.entitysplit import parts, without
from bots.core.lease import Lease
from bots.core.messages import Message, Ready
from bots.core.outcome import (
    Conflict,
    Deferred,
    Failed,
    Invalid,
    NotReachedError,
    Outcome,
    Refused,
    Saved,
    Unchanged,
    Unknown,
)
from bots.core.plan import Edit, Finding, Judged, Target
from bots.core.ports import Parts
from bots.core.stop import stop_titles
from bots.core.store import Run, SpooledEdit

_SLICE_SECONDS = 1.0
"""How long a wait goes on before lease, stop page and signals are looked at."""

_FAILURES_IN_A_ROW = 5
"""So many edits that failed one after the other are no accident: the run ends."""

RESTORES = "restores "
"""Begins the key of an edit that brings back what another one, by its receipt, took from people."""

WITHOUT = "without "
"""Begins the key of an edit that is another one without the part which it names."""

SUMMARY_LENGTH = 500
"""Code points that MediaWiki keeps of an edit summary (CommentStore::COMMENT_CHARACTER_LIMIT)."""


@dataclass(frozen=True)
class Ending:
    """How a run ended: a state of `RUN_STATES`, and why."""

    state: str
    note: Message | None


class EndRunError(Exception):
    """The run ends here, in `state`, for the reason in `note`."""

    def __init__(self, state: str, note: Message) -> None:
        super().__init__(note.key)
        self.state = state
        self.note = note


class Applier:
    """Applies one run's plan. Raises `EndRunError` and `LeaseLostError` between two edits."""

    def __init__(self, parts: Parts, run: Run, lease: Lease) -> None:
        self._parts = parts
        self._bot = parts.bot
        self._desk = parts.desk
        self._store = parts.store
        self._config = parts.config
        self._run = run
        self._lease = lease
        self._looked = 0.0
        self._last_write = 0.0
        self._failures = 0
        self._failed = 0
        self._replans: Counter[Target] = Counter()
        self._late: list[tuple[SpooledEdit, Saved, datetime]] = []

    def settle_earlier(self) -> None:
        """Find out what became of edits that an earlier run sent and never heard of again."""
        for spooled in self._store.unsettled(self._bot.name):
            if spooled.sent is None:
                continue
            saved = self._found(spooled, spooled.sent)
            outcome = saved or Failed(code="lost", info="not in the wiki's history")
            self._settle(spooled, outcome)
        self._settle_late()

    def apply(self, limit: int | None = None) -> None:
        """Carry out all that is planned, edits that wait for another after that one.

        Once `limit` edits are saved, the rest stays planned.
        """
        try:
            self._apply(limit)
        finally:
            self._settle_late()

    def _apply(self, limit: int | None) -> None:
        done = saved = 0
        while True:
            before = done
            planned = _Ahead(self._store.edits(self._run, ("planned",)))
            for spooled in planned:
                if saved == limit:
                    return
                if self._waits(spooled):
                    continue
                self._checkpoint(spooled.target.site)
                outcome = self._carry_out(spooled, partial(self._use_the_wait, planned))
                self._finish(spooled, outcome)
                done += 1
                saved += isinstance(outcome, Saved | Unknown)
                self._parts.progress("apply", done, None)
            if done == before:
                break
        for spooled in self._store.edits(self._run, ("planned",)):
            waits = Deferred(until=self._parts.now(), reason="waits-for-another")
            self._store.settle(spooled, waits, self._bot.name, self._parts.now())

    def apply_only(self, edit: Edit) -> None:
        """Carry out one edit of the house's own (the page that shows a held plan)."""
        if edit.change.is_empty:
            return
        self._store.spool(self._run, [edit])
        for spooled in self._store.edits(self._run, ("planned",)):
            if spooled.key == edit.key:
                self._checkpoint(spooled.target.site)
                self._finish(spooled, self._carry_out(spooled))
        self._settle_late()

    def ending(self) -> Ending:
        """How a run ends that has carried out all it could."""
        if self._failed:
            return Ending("failed", Message("run-edits-failed", {"num_edits": self._failed}))
        return Ending("finished", None)

    def look_at_stop_pages(self, site: str | None = None, *, force: bool = False) -> None:
        """Look whether somebody stopped the bot, if it is time. Raises `EndRunError`."""
        if not force and time.monotonic() - self._looked < self._config.limits.stop_check_seconds:
            return
        self._looked = time.monotonic()
        for place in dict.fromkeys((self._config.hub, site or self._config.hub)):
            stop = self._desk.stopped(place, self._bot.name)
            self._store.see_stop(self._bot.name, place, stop, self._parts.now())
            if stop is None:
                continue
            page = str(stop.target)
            unread = Message("run-stop-unreadable", {"page": page})
            by = Message("run-stopped", {"user": stop.user, "page": page})
            raise EndRunError("stopped", by if stop.user else unread)

    def _checkpoint(self, site: str) -> None:
        """What must hold before every write."""
        self._lease.hold(self._config.limits.request_timeout_seconds)
        self.look_at_stop_pages(site)
        if self._parts.cancel.is_set():
            raise EndRunError("interrupted", Message("run-cancelled"))

    def _waits(self, spooled: SpooledEdit) -> bool:
        if spooled.edit is None or not spooled.edit.after:
            return False
        self._settle_late()
        state = self._store.edit_state(self._run, spooled.edit.after)
        return state not in ("saved", "unchanged", None)

    def _carry_out(
        self, spooled: SpooledEdit, meanwhile: Callable[[], None] | None = None
    ) -> Outcome:
        edit = spooled.edit
        if edit is None:
            return Failed(code="no-content", info="the plan no longer holds this edit's text")
        if edit.change.is_empty:
            return Unchanged()
        if self._bot.name not in self._config.sites[edit.target.site].approvals:
            info = f"hub.yaml names no approval of {self._bot.name} on {edit.target.site}"
            return Refused(reason="not-approved", code="not-approved", info=info)
        return self._send_patiently(spooled, edit, meanwhile)

    def _send_patiently(
        self, spooled: SpooledEdit, edit: Edit, meanwhile: Callable[[], None] | None
    ) -> Outcome:
        """Send, wait when the wiki asks for it, and send again."""
        waited_until = self._parts.now() + timedelta(
            seconds=self._config.limits.longest_wait_seconds
        )
        while True:
            outcome = self._send(spooled, edit, meanwhile)
            if not isinstance(outcome, Deferred):
                return outcome
            if outcome.until > waited_until:
                return outcome
            self._wait(outcome, edit.target.site)

    def _send(
        self, spooled: SpooledEdit, edit: Edit, meanwhile: Callable[[], None] | None
    ) -> Outcome:
        self._pace(edit.target.site)
        self._store.mark_sent(spooled, self._parts.now())
        outcome = self._desk.write(edit, self.summary(edit, spooled), meanwhile)
        self._last_write = time.monotonic()
        if not isinstance(outcome, Unknown):
            return outcome
        self._store.settle(spooled, outcome, self._bot.name, self._parts.now())
        return self._look_for(spooled, edit, outcome)

    def _look_for(self, spooled: SpooledEdit, edit: Edit, unknown: Unknown) -> Outcome:
        """The answer was lost: look. What is not there is planned again from what is."""
        try:
            saved = self._found(spooled, self._run.started)
        except NotReachedError as error:
            note = Message("run-not-reached", {"info": error.outcome.info or unknown.info})
            raise EndRunError("deferred", note) from error
        if saved is None and edit.kind == "create" and isinstance(edit.change, EntityChange):
            # Nothing of a new item keeps it from being made twice: it is looked for again by the
            # next run, when the wiki has surely done with the request.
            return unknown
        return saved or Conflict(code="lost")

    def _found(self, spooled: SpooledEdit, since: datetime) -> Saved | None:
        base = spooled.edit.change.base_revid if spooled.edit else None
        return self._desk.find_receipt(spooled.target, spooled.receipt, since, base)

    def _finish(self, spooled: SpooledEdit, outcome: Outcome) -> None:
        self._settle(spooled, outcome)
        self._failures = self._failures + 1 if isinstance(outcome, Failed) else 0
        self._failed += isinstance(outcome, Failed)
        if isinstance(outcome, Refused) or (
            isinstance(outcome, Invalid) and not self._save_without_culprit(spooled, outcome)
        ):
            self._store.note_findings(self._run, [_finding(spooled.target, outcome)])
        if outcome.replan or (isinstance(outcome, Saved) and outcome.merged):
            self._replan(spooled.target)
        if isinstance(outcome, Deferred):
            raise EndRunError("deferred", Message("run-deferred", {"reason": outcome.reason}))
        if not outcome.run_continues:
            raise EndRunError("failed", Message("run-refused", {"info": _info(outcome)}))
        if self._failures >= _FAILURES_IN_A_ROW:
            raise EndRunError("failed", Message("run-edits-failed", {"num_edits": self._failed}))

    def _save_without_culprit(self, spooled: SpooledEdit, invalid: Invalid) -> bool:
        """Send an entity's edit without one part after the other, until the wiki takes it.

        The part left out is told. An item is never made with less than was planned.
        """
        edit = spooled.edit
        if edit is None or not isinstance(edit.change, EntityChange) or edit.kind == "create":
            return False
        named = parts(edit.change)
        for part in sorted(named, key=lambda each: each not in invalid.info):
            if len(named) == 1 or spooled.key.startswith(WITHOUT):
                return False
            rest = replace(without(edit, edit.change, part), key=f"{WITHOUT}{part} {edit.key}")
            self._store.spool(self._run, [rest])
            for tried in self._store.edits(self._run, ("planned",)):
                if tried.key != rest.key or tried.target != spooled.target:
                    continue
                self._checkpoint(tried.target.site)
                outcome = self._carry_out(tried)
                if isinstance(outcome, Invalid):
                    self._settle(tried, outcome)
                    continue
                if isinstance(outcome, Saved):
                    params = {"part": part, "info": invalid.info}
                    told = Message("edit-invalid-part", params)
                    found = Finding(target=spooled.target, message=told)
                    self._store.note_findings(self._run, [found])
                self._finish(tried, outcome)
                return True
        return False

    def _settle(self, spooled: SpooledEdit, outcome: Outcome) -> None:
        """Settle an edit, once what people lost by it is restored; a new item under its own name.

        One that is simply saved waits until `_settle_late`. A run that is killed in between leaves
        the edit unsettled, and the next run looks again.
        """
        if isinstance(outcome, Saved):
            if outcome.merged and spooled.edit is not None:
                self._restore(spooled, spooled.edit, outcome)
            if outcome.title:
                spooled = replace(spooled, target=Target(spooled.target.site, outcome.title))
        self._settle_late()
        if isinstance(outcome, Saved) and not outcome.merged:
            self._late.append((spooled, outcome, self._parts.now()))
        else:
            self._store.settle(spooled, outcome, self._bot.name, self._parts.now())

    def _settle_late(self) -> None:
        """Settle the saved edit that was left until the wiki is at the next one."""
        for spooled, outcome, when in self._late:
            self._store.settle(spooled, outcome, self._bot.name, when)
        self._late.clear()

    def _use_the_wait(self, planned: _Ahead) -> None:
        """While the wiki is at an edit, settle the one before and make the next one ready."""
        self._settle_late()
        planned.look()

    def _restore(self, spooled: SpooledEdit, edit: Edit, saved: Saved) -> None:
        """Bring back at once what people changed and our edit undid: by edits of their own."""
        found = list(self._desk.undone(edit, saved))
        key = f"{RESTORES}{spooled.receipt}"
        edits = [replace(each, key=key) for each in found if isinstance(each, Edit)]
        self._store.note_findings(self._run, [each for each in found if isinstance(each, Finding)])
        self._store.spool(self._run, edits)
        for restoring in self._store.edits(self._run, ("planned",)):
            if restoring.key == key:
                self._checkpoint(restoring.target.site)
                self._finish(restoring, self._carry_out(restoring))

    def _replan(self, target: Target) -> None:
        self._replans[target] += 1
        if self._replans[target] > self._config.limits.replans_per_target:
            self._store.note_findings(
                self._run, [Finding(target=target, message=Message("edit-conflict-again"))]
            )
            return
        planned = list(self._bot.replan(target))
        self._store.spool(self._run, [p for p in planned if isinstance(p, Edit)])
        self._store.note_findings(self._run, [p for p in planned if isinstance(p, Finding)])
        judged = [p for p in planned if isinstance(p, Judged)]
        self._store.judge(self._bot.name, judged, self._parts.now())

    def _pace(self, site: str) -> None:
        rate = self._config.limits.edits_per_minute
        if rate:
            self._sleep(self._last_write + 60 / rate - time.monotonic(), site)

    def _wait(self, outcome: Deferred, site: str) -> None:
        """A visible wait: the store says until when and why."""
        self._store.set_waiting(self._run, outcome.until, outcome.reason)
        try:
            self._sleep((outcome.until - self._parts.now()).total_seconds(), site)
        finally:
            self._store.set_waiting(self._run, None, None)

    def _sleep(self, seconds: float, site: str) -> None:
        if seconds > 0:
            self._settle_late()
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._parts.cancel.wait(min(left, _SLICE_SECONDS))
            self._checkpoint(site)

    def summary(self, edit: Edit, spooled: SpooledEdit) -> str:
        """The edit summary in the wiki's language: what, and the receipt, which is never cut."""
        language = self._desk.language(edit.target.site)
        site = self._config.sites[edit.target.site]
        account = self._config.account
        receipt = self._parts.messages.text(
            language,
            Message(
                "receipt",
                {
                    "receipt": Ready(spooled.receipt),
                    "task_page": Ready(f"User:{account}/task/{self._bot.name}"),
                    "stop_page": Ready(stop_titles(account, self._bot.name)[0]),
                },
            ),
        )
        if site.edit_group:
            group = f"{site.edit_group}/{self._run.key}"
            receipt += f" ([[:toolforge:editgroups/b/{group}|details]])"
        room = SUMMARY_LENGTH - len(receipt) - 1
        words = self._parts.messages.text(language, edit.summary, wikitext.summary)
        return f"{words if len(words) <= room else words[: room - 1] + '…'} {receipt}"


class _Ahead:
    """Edits in their order, of which the next one can be made ready while the wiki is at one."""

    def __init__(self, edits: Iterator[SpooledEdit]) -> None:
        self._edits = edits
        self._next: list[SpooledEdit] = []

    def look(self) -> None:
        """Read the next edit and make it ready, if that is not done yet."""
        if self._next:
            return
        self._next += islice(self._edits, 1)
        for each in self._next:
            if each.edit is not None and isinstance(each.edit.change, EntityChange):
                each.edit.change.make_ready()

    def __iter__(self) -> Iterator[SpooledEdit]:
        while True:
            self.look()
            if not self._next:
                return
            yield self._next.pop()


def _finding(target: Target, outcome: Refused | Invalid) -> Finding:
    key = f"edit-refused-{outcome.reason}" if isinstance(outcome, Refused) else "edit-invalid"
    return Finding(
        target=target, message=Message(key, {"code": outcome.code, "info": outcome.info})
    )


def _info(outcome: Outcome) -> str:
    return outcome.info if isinstance(outcome, Refused | Invalid | Failed) else outcome.name
