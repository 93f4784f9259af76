"""The dashboard's pages."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from typing import Any

from flask import Blueprint, abort, current_app, g, render_template, request

from bots.core.config import HubConfig
from bots.core.outcome import NAMES
from bots.core.plan import Target
from bots.core.planpage import plan_page
from bots.core.stop import stop_titles
from bots.core.store import RUN_STATES, Run
from webservice import paging, queries
from webservice.diffs import Diff, diff
from webservice.door import engine, the_store
from webservice.overview import Standing, grid, last_days, standings
from webservice.queries import ShownEdit

blueprint = Blueprint("pages", __name__)

EDIT_STATES = ("planned", "sent", *NAMES)
RUNS_A_PAGE = 50
EDITS_A_PAGE = 25
FINDINGS_A_PAGE = 100

_OPEN_LINES = 40
"""A plan's diff of so many lines is open when the page is; a longer one opens by a click."""


@blueprint.get("/")
def index() -> str:
    """How all bots stand, and their last days."""
    now: datetime = g.now
    days = last_days(now)
    since = datetime.combine(days[0], time(), now.tzinfo)
    found = _standings()
    return render_template(
        "index.html",
        standings=found,
        in_states=Counter(one.state for one in found),
        counts=_counts([one.run for one in found if one.run]),
        days=days,
        grid=grid(queries.glances(engine(), since), now),
        **_of_bots(),
    )


@blueprint.get("/runs")
def runs() -> str:
    """Runs, the newest first, of one bot or one state if asked for."""
    bot, state = paging.bot(), paging.state()
    found, before = queries.run_list(
        engine(),
        bot=bot,
        states=[state] if state else (),
        before=paging.number("before"),
        limit=paging.limit(RUNS_A_PAGE),
    )
    return render_template(
        "runs.html",
        runs=found,
        counts=_counts(found),
        before=before,
        bot=bot,
        state=state,
        bots=queries.bots(engine()),
        states=RUN_STATES,
    )


@blueprint.get("/runs/<key>")
def run(key: str) -> str:
    """One run: its edits with what they change and what became of them, and its findings."""
    found = paging.run_or_404(key)
    state = request.args.get("state") or None
    if state is not None and state not in EDIT_STATES:
        abort(400)
    edits, after = queries.edit_list(
        engine(),
        found,
        state=state,
        after=paging.number("after", 0) or 0,
        limit=paging.limit(EDITS_A_PAGE, EDITS_A_PAGE),
    )
    findings, _before = queries.finding_list(engine(), run=found, limit=FINDINGS_A_PAGE)
    return render_template(
        "run.html",
        run=found,
        counts=_counts([found])[found.id],
        lease=next((held for held in the_store().leases() if held.name == found.bot), None),
        edits=[(shown, _diff(shown)) for shown in edits],
        after=after,
        state=state,
        open_lines=_OPEN_LINES,
        findings=findings,
        findings_in_all=queries.finding_count(engine(), run=found),
        **_of_bots(),
    )


@blueprint.get("/findings")
def findings() -> str:
    """What waits for people to look at it."""
    bot = paging.bot()
    found, before = queries.finding_list(
        engine(), bot=bot, before=paging.number("before"), limit=paging.limit(FINDINGS_A_PAGE)
    )
    return render_template(
        "findings.html",
        findings=found,
        in_all=queries.finding_count(engine(), bot=bot),
        before=before,
        bot=bot,
        bots=queries.bots(engine()),
    )


@blueprint.get("/bots/<name>")
def bot(name: str) -> str:
    """One bot: its stop page as last seen, its last runs, its findings."""
    standing = next((one for one in _standings() if one.bot == name), None)
    if standing is None:
        abort(404)
    runs, before = queries.run_list(engine(), bot=name, limit=20)
    findings, _before = queries.finding_list(engine(), bot=name, limit=20)
    return render_template(
        "bot.html",
        standing=standing,
        runs=runs,
        counts=_counts(runs),
        before=before,
        findings=findings,
        **_of_bots(),
    )


def _of_bots() -> dict[str, Any]:
    """Where a bot's own pages on the hub wiki are."""
    config: HubConfig = current_app.extensions["hubbot_config"]
    return {
        "stop_page": lambda bot: Target(config.hub, stop_titles(config.account, bot)[0]),
        "task_page": lambda bot: Target(config.hub, f"User:{config.account}/task/{bot}"),
        "plan_page": lambda bot: plan_page(config, bot),
    }


def _standings() -> list[Standing]:
    store = the_store()
    return standings(
        queries.bots(engine()),
        queries.last_runs(engine()),
        store.stops(),
        store.leases(),
        queries.finding_counts(engine()),
        g.now,
    )


def _counts(runs: list[Run]) -> dict[int, dict[str, int]]:
    """Each run's edits by state: as it ended with, or, while it runs, as they are now."""
    now = queries.counts(engine(), [run.id for run in runs if run.ended is None])
    return {run.id: dict(run.counts) if run.ended else now.get(run.id, {}) for run in runs}


def _diff(shown: ShownEdit) -> Diff | None:
    edit = shown.spooled.edit
    return None if edit is None else diff(*edit.change.shown)
