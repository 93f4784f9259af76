"""Whether a duty is met, as far as anybody can see; pure, and never a verdict about people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bots.register.duties.form import By, Check, Duty, Each, From, How, Rhythm


class State(StrEnum):
    """How a duty stands; the value is also what lists know it by."""

    MET = "met"
    LATER = "later"
    """It is not due yet."""
    SOON = "due-soon"
    OVERDUE = "overdue"
    """Its time is over, and what would show that it was done was looked for and is not there."""
    UNKNOWN = "unknown"
    """Its time is over, and nobody has said that it was done, nor can it be seen."""


@dataclass(frozen=True)
class Sight:
    """What was seen of a check.

    `holds`: the template is in use, the page is there; None: that could not be told. Of a dataset:
    `last`, the day on which its newest release was out, and `looked`, when it was last looked for
    with success; None: never.
    """

    holds: bool | None = None
    last: dt.date | None = None
    looked: dt.date | None = None


UNSEEN = Sight()


@dataclass(frozen=True)
class Term:
    """From when to when an agreement holds; None: nobody says."""

    begins: dt.date | None = None
    ends: dt.date | None = None


@dataclass(frozen=True)
class Period:
    """A stretch of time in which a duty is to be done, its days included; `name` is the same in
    every language.
    """

    name: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Standing:
    """How a duty stands today. `period`: the one that is told of; `due`: its last day, if any."""

    duty: Duty
    state: State
    period: str
    due: dt.date | None


SOON_DAYS: Mapping[Rhythm | None, int] = {
    Rhythm.MONTH: 7,
    Rhythm.QUARTER: 21,
    Rhythm.YEAR: 30,
    None: 30,
}
"""So many days before the end of a period it is due soon; None: what is due once."""


def judge(duty: Duty, sight: Sight, term: Term, today: dt.date) -> Standing | None:
    """How a duty stands; None where nothing is due any more, since the agreement has ended."""
    if term.ends and term.ends < today:
        return None
    match duty.when:
        case Each():
            return _each(duty, duty.when, sight, term, today)
        case By():
            return _by(duty, duty.when.day, sight, term, today)
        case From():
            return _from(duty, duty.when.day, sight, today)


def period_of(day: dt.date, rhythm: Rhythm) -> Period:
    """The month, quarter or year of a day."""
    number = (day.month - 1) // rhythm.months
    first = dt.date(day.year, number * rhythm.months + 1, 1)
    after = first.replace(day=28) + dt.timedelta(days=31 * rhythm.months - 27)
    last = after.replace(day=1) - dt.timedelta(days=1)
    names = {
        Rhythm.MONTH: f"{first:%Y-%m}",
        Rhythm.QUARTER: f"{first:%Y}-Q{number + 1}",
        Rhythm.YEAR: f"{first:%Y}",
    }
    return Period(names[rhythm], first, last)


def _each(duty: Duty, when: Each, sight: Sight, term: Term, today: dt.date) -> Standing:
    now = period_of(today, when.rhythm)
    starts = [day for day in (when.start, term.begins) if day]
    begun = period_of(max(starts), when.rhythm) if starts else None
    if begun and now.first < begun.first:
        return Standing(duty, State.LATER, begun.name, begun.last)
    if _met(duty, sight, now):
        return Standing(duty, State.MET, now.name, _next(now, when.rhythm).last)
    before = period_of(now.first - dt.timedelta(days=1), when.rhythm)
    if (begun is None or begun.first <= before.first) and not _met(duty, sight, before):
        state = _missed(duty, sight, before.last)
        if state is State.OVERDUE:
            return Standing(duty, state, before.name, before.last)
    else:
        state = State.LATER
    if (now.last - today).days <= SOON_DAYS[when.rhythm]:
        return Standing(duty, State.SOON, now.name, now.last)
    told = before if state is State.UNKNOWN else now
    return Standing(duty, state, told.name, told.last)


def _by(duty: Duty, day: dt.date, sight: Sight, term: Term, today: dt.date) -> Standing:
    # What was done late has been done, too.
    whole = Period(day.isoformat(), term.begins or dt.date.min, max(day, today))
    if duty.done or _met(duty, sight, whole):
        return Standing(duty, State.MET, whole.name, None)
    if day < today:
        return Standing(duty, _missed(duty, sight, day), whole.name, day)
    soon = (day - today).days <= SOON_DAYS[None]
    return Standing(duty, State.SOON if soon else State.LATER, whole.name, day)


def _from(duty: Duty, day: dt.date, sight: Sight, today: dt.date) -> Standing:
    # It is told of once a quarter for as long as it is not so.
    quarter = period_of(today, Rhythm.QUARTER).name
    if today < day:
        return Standing(duty, State.LATER, quarter, day)
    if duty.done or _met(duty, sight, Period(quarter, day, today)):
        return Standing(duty, State.MET, quarter, None)
    return Standing(duty, _missed(duty, sight, day), quarter, None)


def _next(period: Period, rhythm: Rhythm) -> Period:
    return period_of(period.last + dt.timedelta(days=1), rhythm)


def _met(duty: Duty, sight: Sight, period: Period) -> bool:
    days = [day for day in (duty.done, sight.last if _is_dataset(duty.check) else None) if day]
    if any(period.first <= day <= period.last for day in days):
        return True
    return bool(sight.holds) and duty.check is not None


def _missed(duty: Duty, sight: Sight, last: dt.date) -> State:
    """What can be said once the time is over: a release that nobody looked for may be there."""
    if duty.check is None:
        return State.UNKNOWN
    if _is_dataset(duty.check):
        looked = sight.last is not None and sight.looked is not None and sight.looked > last
        return State.OVERDUE if looked else State.UNKNOWN
    return State.OVERDUE if sight.holds is False else State.UNKNOWN


def _is_dataset(check: Check | None) -> bool:
    return check is not None and check.how is How.DATASET
