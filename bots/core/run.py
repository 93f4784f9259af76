"""What every run does, in this order: lease, stop page, read, plan, guard, apply, report."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from bots.core import guard, pausing, planpage, trialpage
from bots.core.apply import Applier, Ending, EndRunError
from bots.core.lease import Lease, LeaseLostError
from bots.core.messages import Message
from bots.core.outcome import NotReachedError
from bots.core.plan import Edit, Finding, Judged
from bots.core.ports import Parts, Progress, Rebuilding, Showing
from bots.core.store import Run

_BATCH = 500
"""Planned edits and findings that are held at once, between the bot and the spool."""


_COLLECTED = (50_000, 20, 20)
"""So many new objects, and younger collections, before one; Python's own are (700, 10, 10)."""


class Runner(Parts):
    """Runs one bot. `cancel` may be set from a signal handler: the run ends after this edit."""

    def run(self) -> Run:
        """Read, plan and apply. Raises `LeaseTakenError` where another run is at it."""
        return self._under_lease("run", None, self._run)

    def trial(self, limit: int) -> Run:
        """As `run`, but at most `limit` edits are made, which a page on the wiki then lists."""
        return self._under_lease("trial", None, lambda run, lease: self._run(run, lease, limit))

    def undo(self, run_key: str) -> Run:
        """Read, plan and apply: the bot is one that takes back what that run did."""
        return self._under_lease("undo", run_key, self._undo)

    def plan(self) -> Run:
        """Read and plan; nothing is written to a wiki. The plan stays in the store."""
        return self._under_lease("plan", None, self._plan_only)

    def apply(self, plan_key: str) -> Run:
        """Plan afresh, and apply what is also in an earlier plan: a person has let it through."""
        return self._under_lease("apply", plan_key, self._run)

    def rebuild(self) -> Run:
        """Fill a lost store from the wiki, on which nothing is written; see `Rebuilding`."""
        return self._under_lease("rebuild", None, self._rebuild)

    def _under_lease(
        self, mode: str, plan_of: str | None, work: Callable[[Run, Lease], Ending]
    ) -> Run:
        seconds = self.config.limits.lease_seconds
        with (
            seldom_collecting(),
            Lease(self.store, self.bot.name, seconds, self.now) as lease,
        ):
            self.store.interrupt_dead_runs(self.bot.name, self.now())
            run = self.store.start_run(self.bot.name, mode, lease.holder, self.now(), plan_of)
            ending = Ending("failed", Message("run-crashed"))
            try:
                ending = work(run, lease)
            except EndRunError as end:
                ending = Ending(end.state, end.note)
            except NotReachedError as error:
                ending = _not_reached(error)
            except LeaseLostError:
                ending = Ending("interrupted", Message("run-lease-lost"))
            finally:
                run = self.store.finish_run(run, ending.state, ending.note, self.now())
            self.store.roll_up(self.now() - timedelta(days=self.config.history_days))
            return run

    def _plan_only(self, run: Run, lease: Lease) -> Ending:
        self._spool(run, lease, only=None)
        return Ending("planned", None)

    def _run(self, run: Run, lease: Lease, limit: int | None = None) -> Ending:
        applier = Applier(self, run, lease)
        applier.look_at_stop_pages(force=True)
        applier.settle_earlier()
        self._stop_if_reverted(applier)
        size = self._spool(run, lease, only=run.plan_of)
        if not run.plan_of:
            size.limit = limit
            why = guard.trips(size, self.store.largest_run(self.bot.name), self.config.guard)
            if why:
                self._show(run, applier)
                return self._hold(run, applier, why)
        applier.apply(limit)
        self._show(run, applier)
        self.store.close_findings(run)
        if limit is None:
            return applier.ending()
        ending = applier.ending()
        self._show_trial(run, applier)
        note = Message("trial-limited", {"num_limit": limit})
        return Ending(ending.state, ending.note or note)

    def _stop_if_reverted(self, applier: Applier) -> None:
        found = pausing.pause(self.desk, self.store, self.config, self.messages, self.bot.name)
        if found is not None:
            edit, why = found
            applier.apply_only(edit)
            raise EndRunError("stopped", why)

    def _undo(self, run: Run, lease: Lease) -> Ending:
        """A person asked for it, so that no guard holds it; other findings stay as they are."""
        applier = Applier(self, run, lease)
        applier.look_at_stop_pages(force=True)
        applier.settle_earlier()
        self._spool(run, lease, only=None)
        applier.apply()
        return applier.ending()

    def _rebuild(self, run: Run, lease: Lease) -> Ending:
        if not isinstance(self.bot, Rebuilding):
            return Ending("failed", Message("rebuild-cannot", {"bot": self.bot.name}))
        known = self.bot.rebuild(self._ticking(lease))
        targets = 0
        while batch := list(itertools.islice(known, _BATCH)):
            judged = [each for each in batch if isinstance(each, Judged)]
            self.store.judge(self.bot.name, judged, self.now())
            self.store.note_findings(run, [each for each in batch if isinstance(each, Finding)])
            targets += len(judged)
        return Ending("finished", Message("rebuild-done", {"num_targets": targets}))

    def _show(self, run: Run, applier: Applier) -> None:
        """Bring the pages up to date by which people know what the bot does."""
        if not isinstance(self.bot, Showing):
            return
        for planned in self.bot.pages(run):
            if isinstance(planned, Edit):
                applier.apply_only(planned)
            elif isinstance(planned, Finding):
                self.store.note_findings(run, [planned])

    def _show_trial(self, run: Run, applier: Applier) -> None:
        planned = trialpage.edit(self.desk, self.store, self.config, self.messages, run)
        if isinstance(planned, Finding):
            self.store.note_findings(run, [planned])
        else:
            applier.apply_only(planned)

    def _spool(self, run: Run, lease: Lease, only: str | None) -> guard.PlanSize:
        """Spool the plan; what an approved plan does not have is left out or counted."""
        approved = only or self._approved_plan()

        ticking = self._ticking(lease)
        facts = self.bot.read(ticking)
        size = guard.PlanSize()
        plan = self.bot.plan(facts)
        while batch := list(itertools.islice(plan, _BATCH)):
            edits = [planned for planned in batch if isinstance(planned, Edit)]
            if approved:
                through = [edit for edit in edits if self.store.planned_in(approved, edit)]
                edits, counted = (through, []) if only else (edits, _without(edits, through))
            else:
                counted = edits
            for edit in counted:
                if not self._is_page_of_ours(edit.target.title):
                    size.add(edit, self.config.guard)
            self.store.spool(run, edits)
            self.store.note_findings(run, [p for p in batch if isinstance(p, Finding)])
            if run.mode != "plan":
                judged = [planned for planned in batch if isinstance(planned, Judged)]
                self.store.judge(self.bot.name, judged, self.now())
            ticking("plan", size.edits, None)
        if isinstance(self.bot, guard.Weighed) and not approved:
            size.weight = self.bot.weight()
        return size

    def _ticking(self, lease: Lease) -> Progress:
        """Tells how far it is, and holds the lease."""

        def ticking(what: str, done: int, total: int | None) -> None:
            lease.hold(0)
            self.progress(what, done, total)

        return ticking

    def _is_page_of_ours(self, title: str) -> bool:
        """Whether it is below the bot's own user page: such pages grow and shrink by themselves."""
        return title.startswith(f"User:{self.config.account}/")

    def _approved_plan(self) -> str | None:
        """The key of the bot's held plan, if a trusted person let it through on the wiki."""
        held = self.store.held_plan(self.bot.name)
        if held is None:
            return None
        return planpage.approved(
            self.desk, self.store, self.config, self.bot.name, held, self.now()
        )

    def _hold(self, run: Run, applier: Applier, why: list[Message]) -> Ending:
        """Keep the plan, show it on the wiki, and wait for a person.

        A plan that is already shown there stays: nobody is asked the same thing twice.
        """
        held = self.store.held_plan(self.bot.name)
        if held and all(
            spooled.edit and self.store.planned_in(held, spooled.edit)
            for spooled in self.store.edits(run)
        ):
            self.store.follow_plan(run, held)
        else:
            applier.apply_only(
                planpage.edit(self.desk, self.store, self.config, self.messages, run, why)
            )
        return Ending("held", why[0])


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let Python look for circles of unused objects seldom.

    A run makes millions of facts, in which there are none: looking through them again and again
    takes half of the time in which entities are read.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECTED)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _without(edits: list[Edit], through: list[Edit]) -> list[Edit]:
    let_through = {id(edit) for edit in through}
    return [edit for edit in edits if id(edit) not in let_through]


def _not_reached(error: NotReachedError) -> Ending:
    outcome = error.outcome
    state = "deferred" if outcome.name == "deferred" else "failed"
    return Ending(state, Message("run-not-reached", {"info": outcome.info}))
