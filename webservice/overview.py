"""What the first page says of each bot: how it stands now, and its last days. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bots.core.store import LeaseHeld, Run, StopSeen
from webservice.queries import RunGlance

DAYS = 14
"""Days that the grid shows, today among them."""

LOOKS: dict[str, tuple[str, str]] = {
    "running": ("busy", "play"),
    "waiting": ("wait", "clock"),
    "silent": ("bad", "question"),
    "finished": ("good", "check"),
    "planned": ("plain", "eye"),
    "held": ("warn", "pause"),
    "stopped": ("bad", "stop"),
    "deferred": ("wait", "clock"),
    "failed": ("bad", "cross"),
    "interrupted": ("warn", "bolt"),
    "never": ("plain", "dash"),
    "sent": ("busy", "play"),
    "saved": ("good", "check"),
    "unchanged": ("plain", "equals"),
    "conflict": ("warn", "swap"),
    "refused": ("warn", "ban"),
    "invalid": ("bad", "bang"),
    "unknown": ("warn", "question"),
}
"""State of a bot, a run or an edit → its tone in hubbot.css and its sign in icons.svg."""

_WORST_FIRST = (
    "failed",
    "interrupted",
    "stopped",
    "held",
    "deferred",
    "running",
    "finished",
    "planned",
)


@dataclass(frozen=True)
class Standing:
    """How a bot stands: `state` is a run's state, or 'waiting', 'silent' or 'never'.

    - waiting: its run waits for the wiki; `run` says for what and until when;
    - silent: its run has not ended, but nobody holds its lease any more;
    - never: it has not run yet.
    """

    bot: str
    state: str
    run: Run | None
    stop: StopSeen | None
    lease: LeaseHeld | None
    findings: int


@dataclass(frozen=True)
class Day:
    """A bot's runs on one day (UTC): how many, the edits saved, and the run that went worst."""

    day: date
    runs: int = 0
    saved: int = 0
    worst: RunGlance | None = None


def standing(
    bot: str,
    run: Run | None,
    stop: StopSeen | None,
    lease: LeaseHeld | None,
    findings: int,
    now: datetime,
) -> Standing:
    """How a bot stands now. What people stopped is stopped, whatever its last run came to."""
    alive = lease if lease and lease.expires > now else None
    if stop and stop.stopped:
        state = "stopped"
    elif run is None:
        state = "never"
    elif run.state != "running":
        state = run.state
    elif alive is None:
        state = "silent"
    else:
        state = "waiting" if run.waits_until and run.waits_until > now else "running"
    return Standing(bot, state, run, stop, alive, findings)


def standings(
    bots: Iterable[str],
    runs: Mapping[str, Run],
    stops: Iterable[StopSeen],
    leases: Iterable[LeaseHeld],
    findings: Mapping[str, int],
    now: datetime,
) -> list[Standing]:
    """How all bots stand, by name."""
    by_bot = {stop.bot: stop for stop in stops}
    by_name = {lease.name: lease for lease in leases}
    return [
        standing(bot, runs.get(bot), by_bot.get(bot), by_name.get(bot), findings.get(bot, 0), now)
        for bot in bots
    ]


def last_days(now: datetime) -> list[date]:
    """The days of the grid, the oldest first."""
    return [now.date() - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]


def grid(runs: Sequence[RunGlance], now: datetime) -> dict[str, list[Day]]:
    """Each bot's days, in the order of `last_days`; a bot without a run there is left out."""
    cells: dict[tuple[str, date], list[RunGlance]] = {}
    for run in runs:
        cells.setdefault((run.bot, run.started.date()), []).append(run)
    return {
        bot: [_day(day, cells.get((bot, day), [])) for day in last_days(now)]
        for bot in dict.fromkeys(run.bot for run in runs)
    }


def _day(day: date, runs: Sequence[RunGlance]) -> Day:
    if not runs:
        return Day(day)
    saved: Counter[str] = Counter()
    for run in runs:
        saved.update(run.counts)
    # Of several that went alike, the last.
    worst = min(reversed(runs), key=lambda run: _WORST_FIRST.index(run.state))
    return Day(day, len(runs), saved["saved"], worst)
