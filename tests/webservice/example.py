"""A store as it is after two weeks of runs: every state, outcome and hostile text there is."""

from __future__ import annotations

from datetime import datetime, timedelta

from bots.core.config import HubConfig
from bots.core.messages import Message
from bots.core.outcome import (
    Conflict,
    Deferred,
    Failed,
    Invalid,
    Outcome,
    Refused,
    Saved,
    Unchanged,
    Unknown,
)
from bots.core.plan import Edit, Finding, PageText, Target
from bots.core.stop import Stop
from bots.core.store import Run, Store

HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"
_LONG = 86_400.0
"""Seconds that leases last: longer than all tests together take."""

WIKI = "http://hub.example/w/index.php"

CONFIG = HubConfig.model_validate(
    {
        "account": "HubBot",
        "operator": "Operator",
        "contact": "operator@hub.example",
        "hub": "hub",
        "sites": {
            "hub": {"api": "http://hub.example/w/api.php"},
            "media": {"family": "commons", "code": "commons"},
            "evil": {"api": "http://evil.example/api.php", "index_url": "javascript:alert(1)//"},
        },
    }
)


def config(store_url: str) -> HubConfig:
    """The example's configuration with its store."""
    return CONFIG.model_copy(update={"store": store_url})


def edit(title: str, text: str, before: str | None = None, site: str = "hub") -> Edit:
    """An edit of a page, whose reasons say that its state has changed."""
    return Edit(
        target=Target(site, title),
        change=PageText(text=text, before=before, base_revid=None if before is None else 7),
        summary=Message("summary-intake-index"),
        reasons=(Message("intake-why-index", {"num_lines": 2}),),
    )


def finding(title: str, text: str = "CC BY-NC 4.0", site: str = "hub") -> Finding:
    """A finding whose message no file holds, as of a bot of a later version."""
    return Finding(
        target=Target(site, title),
        message=Message("some-later-message", {"value": text}),
        where="licence",
    )


def finished(
    store: Store, bot: str, started: datetime, edits: list[tuple[Edit, Outcome]], state: str
) -> Run:
    """A run that is over, its edits settled as given."""
    run = store.start_run(bot, "run", "host 1 2 3", started)
    store.spool(run, [one for one, _outcome in edits])
    for spooled, (_edit, outcome) in zip(list(store.edits(run)), edits, strict=True):
        store.mark_sent(spooled, started)
        store.settle(spooled, outcome, bot, started + timedelta(seconds=5))
    note = Message("run-edits-failed", {"num_edits": 1}) if state == "failed" else None
    return store.finish_run(run, state, note, started + timedelta(seconds=134))


def fill(store: Store, now: datetime) -> dict[str, Run]:
    """Fill a new store; the runs that tests look at, by what they show."""
    shown: dict[str, Run] = {}
    page = "Partnership requests"
    old = "{| class=wikitable\n! Request !! State\n|-\n| ROR || submitted\n|-\n| Scans || draft\n|}"
    new = old.replace("ROR || submitted", "ROR || ready for review").replace("|}", "|-\n| New\n|}")
    saved = Saved(revid=4711, timestamp=now)
    for ago in range(13, 0, -1):
        day = now - timedelta(days=ago)
        for hour in range(3):
            when = day + timedelta(minutes=hour)
            finished(store, "intake", when, [(edit(page, new, old), saved)] * hour, "finished")
        if ago % 3 == 0:
            state = "failed" if ago == 6 else "deferred"
            lost = [(edit(page, new, old), Failed(code="internal", info="Boom"))]
            finished(store, "intake", day + timedelta(minutes=9), lost, state)
        if ago > 4:
            finished(store, "reports", day, [(edit("Report", "a", "b"), saved)], "finished")

    outcomes: list[Outcome] = [
        Saved(revid=815, timestamp=now, merged=True),
        Unchanged(),
        Conflict(code="editconflict"),
        Refused(reason="protected", code="protectedpage", info=HOSTILE),
        Deferred(until=now + timedelta(minutes=5), reason="lag", info="lagged 12 s"),
        Invalid(code="contenttoobig", info="too big"),
        Unknown(info="connection closed"),
        Failed(code="internal_api_error", info="no such table"),
    ]
    shown["outcomes"] = finished(
        store,
        "intake",
        now - timedelta(hours=3),
        [
            (
                edit(
                    f"{page}/{HOSTILE if n == 3 else n}", f"{HOSTILE}\nnew {n}", f"{HOSTILE}\nold"
                ),
                outcome,
            )
            for n, outcome in enumerate(outcomes)
        ],
        "failed",
    )
    store.note_findings(
        shown["outcomes"],
        [
            finding(f"{page}/Scans", HOSTILE),
            finding("שלום עולם"),
            finding("File:A.jpg", site="evil"),
        ],
    )

    shown["planned"] = store.start_run("intake", "plan", "host 1 2 4", now - timedelta(hours=2))
    store.spool(shown["planned"], [edit(page, new, old), edit("New page", "Hello\nworld")])
    store.finish_run(shown["planned"], "planned", None, now - timedelta(hours=2, seconds=-7))

    shown["held"] = store.start_run("datasets", "run", "host 1 2 5", now - timedelta(minutes=50))
    many = (edit(f"Page {n}", "" if n % 2 else f"{n}\n" * 900, f"{n}\n" * 700) for n in range(60))
    store.spool(shown["held"], many)
    note = Message("guard-first-run", {"num_edits": 60, "num_limit": 50})
    store.finish_run(shown["held"], "held", note, now - timedelta(minutes=49))

    stopped_run = store.start_run("publishing", "run", "host 1 2 6", now - timedelta(minutes=30))
    stop = Stop(
        target=Target("hub", "User:HubBot/stop/publishing"),
        user="Coordinator",
        timestamp=now - timedelta(hours=2),
        revid=99,
        text=f"Please wait until the vote is over. {HOSTILE}",
    )
    store.see_stop("publishing", "hub", stop, now - timedelta(minutes=30))
    note = Message("run-stopped", {"user": "Coordinator", "page": str(stop.target)})
    shown["stopped"] = store.finish_run(stopped_run, "stopped", note, now - timedelta(minutes=29))

    shown["running"] = store.start_run("intake", "run", "host 1 2 7", now - timedelta(seconds=90))
    store.spool(shown["running"], [edit(page, new, old), edit("Other", "a\n", "b\n")])
    first = next(store.edits(shown["running"]))
    store.mark_sent(first, now)
    store.settle(first, saved, "intake", now)
    store.take_lease("intake", "host 1 2 7", now, _LONG)
    store.see_stop("intake", "hub", None, now)

    shown["waiting"] = store.start_run("register", "run", "host 1 2 8", now - timedelta(minutes=4))
    store.set_waiting(shown["waiting"], now + timedelta(hours=4), "lag")
    store.take_lease("register", "host 1 2 8", now, _LONG)
    shown["silent"] = store.start_run("reports", "run", "host 1 2 9", now - timedelta(hours=5))
    return shown
