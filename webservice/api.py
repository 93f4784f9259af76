"""The dashboard's facts for programs: JSON, a health check, and a feed of what went wrong."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from bots.core import outcome as outcomes
from bots.core.messages import Message
from bots.core.plan import Target
from bots.core.store import Run, StoreError
from webservice import paging, queries
from webservice.door import StoreDoor, engine
from webservice.queries import FindingSeen, ShownEdit

blueprint = Blueprint("api", __name__)

_TROUBLE = ("failed", "interrupted", "held", "stopped")


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """200 if the store answers and is of this version, else 503 with the reason."""
    door: StoreDoor = current_app.extensions["hubbot_store"]
    try:
        door.check()
    except StoreError as error:
        return jsonify(status="unavailable", reason=str(error)), 503
    except SQLAlchemyError as error:
        current_app.logger.warning("the store does not answer: %s", error)
        return jsonify(status="unavailable", reason="The store does not answer"), 503
    return jsonify(status="ok"), 200


@blueprint.get("/api/v1/runs")
def runs() -> Response:
    """Runs, the newest first: `bot`, `state`, `limit` (to 200), `before`."""
    state, limit = paging.state(), paging.limit(50)
    found, before = queries.run_list(
        engine(),
        bot=paging.bot(),
        states=[state] if state else (),
        before=paging.number("before"),
        limit=limit,
    )
    return jsonify(runs=[_run(one) for one in found], next=_next("api.runs", before=before))


@blueprint.get("/api/v1/runs/<key>")
def run(key: str) -> Response:
    """One run with its edits in order (`limit` to 50, `after`), and what it found (to 200)."""
    found = paging.run_or_404(key)
    edits, after = queries.edit_list(
        engine(), found, after=paging.number("after", 0) or 0, limit=paging.limit(50, 50)
    )
    findings, _before = queries.finding_list(engine(), run=found, limit=200)
    return jsonify(
        **_run(found),
        edits=[_edit(shown) for shown in edits],
        findings=[_finding(one) for one in findings],
        next=_next("api.run", key=key, after=after),
    )


@blueprint.get("/api/v1/findings")
def findings() -> Response:
    """Open findings, the newest first: `bot`, `limit` (to 200), `before`."""
    found, before = queries.finding_list(
        engine(), bot=paging.bot(), before=paging.number("before"), limit=paging.limit(50)
    )
    return jsonify(
        findings=[_finding(one) for one in found], next=_next("api.findings", before=before)
    )


@blueprint.get("/feed.atom")
def feed() -> Response:
    """The last runs that want a person's eye."""
    found, _before = queries.run_list(engine(), states=_TROUBLE, limit=50)
    return Response(render_template("feed.xml", runs=found), mimetype="application/atom+xml")


def _next(endpoint: str, **where: Any) -> str | None:
    """The address of the page after this one; None where there is none."""
    if None in where.values():
        return None
    kept = {name: request.args[name] for name in ("bot", "state", "limit") if name in request.args}
    return url_for(endpoint, **kept, **where, _external=True)


def _run(run: Run) -> dict[str, Any]:
    return {
        "key": run.key,
        "bot": run.bot,
        "mode": run.mode,
        "state": run.state,
        "started": _time(run.started),
        "ended": _time(run.ended),
        "plan_of": run.plan_of,
        "note": _message(run.note),
        "waits_until": _time(run.waits_until),
        "waits_for": run.waits_for,
        "edits_by_state": dict(run.counts) if run.ended else _live(run),
        "url": url_for("pages.run", key=run.key, _external=True),
    }


def _live(run: Run) -> dict[str, int]:
    return queries.counts(engine(), [run.id]).get(run.id, {})


def _edit(shown: ShownEdit) -> dict[str, Any]:
    spooled, edit = shown.spooled, shown.spooled.edit
    links = current_app.extensions["hubbot_links"]
    return {
        "receipt": spooled.receipt,
        "target": _target(spooled.target),
        "state": spooled.state,
        "outcome": None
        if spooled.outcome is None
        else json.loads(outcomes.to_json(spooled.outcome)),
        "revid": spooled.revid,
        "diff": links.diff(spooled.target.site, spooled.revid),
        "sent": _time(spooled.sent),
        "settled": _time(spooled.settled),
        "kind": edit.kind if edit else None,
        "summary": _message(edit.summary) if edit else None,
        "reasons": [_message(reason) for reason in edit.reasons] if edit else None,
    }


def _finding(seen: FindingSeen) -> dict[str, Any]:
    finding = seen.stored.finding
    return {
        "id": finding.fingerprint,
        "bot": seen.stored.bot,
        "target": _target(finding.target),
        "where": finding.where,
        "message": _message(finding.message),
        "first_run": seen.first_key,
        "first_seen": _time(seen.first_seen),
        "last_run": seen.last_key,
        "last_seen": _time(seen.last_seen),
        "open": seen.stored.closed_run is None,
    }


def _target(target: Target) -> dict[str, Any]:
    links = current_app.extensions["hubbot_links"]
    return {"site": target.site, "title": target.title, "url": links.page(target)}


def _message(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "key": message.key,
        "params": dict(message.params),
        "language": g.reader.language,
        "text": g.reader.plain(message),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
