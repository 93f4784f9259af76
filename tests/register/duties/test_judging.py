"""How a duty stands on a day: by its period, what was seen, and what people say."""

from __future__ import annotations

import datetime as dt

import pytest

from bots.register.duties.form import Duty, Known, Rhythm, read_duties
from bots.register.duties.judging import UNSEEN, Sight, Standing, Term, judge, period_of

D = dt.date
TODAY = D(2026, 11, 21)
ALWAYS = Term()
KNOWN = Known("hub", ("hub",), ("ds",))
THERE, NOT_THERE = Sight(holds=True), Sight(holds=False)


def standing(
    line: str, sight: Sight = UNSEEN, today: dt.date = TODAY, term: Term = ALWAYS
) -> Standing | None:
    [duty] = read_duties(f"we; it; {line}", KNOWN)
    assert isinstance(duty, Duty)
    return judge(duty, sight, term, today)


def stands(line: str, sight: Sight = UNSEEN, today: dt.date = TODAY, term: Term = ALWAYS) -> str:
    found = standing(line, sight, today, term)
    assert found is not None
    return f"{found.state.value} {found.period} {found.due or '-'}"


def seen(last: dt.date | None, looked: dt.date | None = TODAY) -> Sight:
    return Sight(last=last, looked=looked)


@pytest.mark.parametrize(
    ("sight", "expected"),
    [
        (seen(D(2026, 10, 2)), "met 2026-Q4 2027-03-31"),
        (seen(D(2026, 9, 30)), "later 2026-Q4 2026-12-31"),
        (seen(D(2026, 7, 1)), "later 2026-Q4 2026-12-31"),
        (seen(D(2026, 6, 30)), "overdue 2026-Q3 2026-09-30"),
        (seen(D(2026, 6, 30), D(2026, 9, 30)), "unknown 2026-Q3 2026-09-30"),
        (seen(D(2026, 6, 30), None), "unknown 2026-Q3 2026-09-30"),
        (seen(None), "unknown 2026-Q3 2026-09-30"),
    ],
)
def test_a_release_each_quarter(sight: Sight, expected: str) -> None:
    assert stands("each quarter; dataset ds", sight) == expected


def test_a_period_before_the_agreement_is_nobodys() -> None:
    old = seen(D(2025, 1, 1))
    assert stands("each quarter; dataset ds", old, term=Term(D(2026, 10, 5))).startswith("later")
    assert stands("each quarter from 2026-10; dataset ds", old).startswith("later 2026-Q4")
    assert stands("each quarter from 2027; dataset ds", old) == "later 2027-Q1 2027-03-31"
    assert stands("each quarter from 2026-07; dataset ds", old).startswith("overdue 2026-Q3")


def test_an_agreement_that_has_ended_obliges_to_nothing() -> None:
    assert standing("each quarter; dataset ds", term=Term(None, D(2026, 11, 20))) is None
    assert standing("by 2020", term=Term(None, D(2026, 11, 20))) is None
    assert standing("by 2020", term=Term(None, TODAY)) is not None


@pytest.mark.parametrize(
    ("line", "today", "expected"),
    [
        ("each month", D(2026, 11, 22), "unknown 2026-10 2026-10-31"),
        ("each month", D(2026, 11, 23), "due-soon 2026-11 2026-11-30"),
        ("each quarter", D(2026, 12, 10), "due-soon 2026-Q4 2026-12-31"),
        ("each year", D(2026, 12, 1), "due-soon 2026 2026-12-31"),
        ("each year", D(2026, 11, 30), "unknown 2025 2025-12-31"),
        ("by 2026-12-31", D(2026, 11, 30), "later 2026-12-31 2026-12-31"),
        ("by 2026-12-31", D(2026, 12, 1), "due-soon 2026-12-31 2026-12-31"),
        ("by 2026-12-31", D(2026, 12, 31), "due-soon 2026-12-31 2026-12-31"),
        ("by 2026-12-31", D(2027, 1, 1), "unknown 2026-12-31 2026-12-31"),
        ("from 2026-12", TODAY, "later 2026-Q4 2026-12-01"),
        ("from 2026-11", TODAY, "unknown 2026-Q4 -"),
    ],
)
def test_what_only_people_can_see(line: str, today: dt.date, expected: str) -> None:
    assert stands(line, today=today) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("each month; done 2026-11-01", "met 2026-11 2026-12-31"),
        ("each month; done 2026-10-31", "later 2026-11 2026-11-30"),
        ("each month; done 2026-09-30", "unknown 2026-10 2026-10-31"),
        ("by 2020; done 2024", "met 2020-12-31 -"),
        ("from 2020; done 2020", "met 2026-Q4 -"),
    ],
)
def test_people_say_that_it_was_done(line: str, expected: str) -> None:
    assert stands(line) == expected


def test_people_go_before_the_check() -> None:
    old = seen(D(2025, 1, 1))
    assert stands("each quarter; dataset ds; done 2026-10-01", old).startswith("met 2026-Q4")
    assert stands("each quarter; dataset ds; done 2026-09-01", old).startswith("later 2026-Q4")
    assert stands("from 2020; template A; done 2026", NOT_THERE).startswith("met")


@pytest.mark.parametrize(
    ("line", "sight", "expected"),
    [
        ("from 2026; template A", THERE, "met 2026-Q4 -"),
        ("from 2026; template A", NOT_THERE, "overdue 2026-Q4 -"),
        ("from 2026; template A", UNSEEN, "unknown 2026-Q4 -"),
        ("from 2027; template A", NOT_THERE, "later 2026-Q4 2027-01-01"),
        ("by 2026-11-20; page A", THERE, "met 2026-11-20 -"),
        ("by 2026-11-20; page A", NOT_THERE, "overdue 2026-11-20 2026-11-20"),
        ("by 2026-11-20; page A", UNSEEN, "unknown 2026-11-20 2026-11-20"),
        ("by 2026-11-22; page A", NOT_THERE, "due-soon 2026-11-22 2026-11-22"),
        ("by 2026-11-22; page A", THERE, "met 2026-11-22 -"),
        ("each year; page A", THERE, "met 2026 2027-12-31"),
    ],
)
def test_what_can_be_seen_of_pages_and_templates(line: str, sight: Sight, expected: str) -> None:
    assert stands(line, sight) == expected


def test_what_was_done_late_was_done() -> None:
    assert stands("by 2026-06; dataset ds", seen(D(2026, 8, 1))).startswith("met")
    before = Term(D(2026, 3, 1))
    assert stands("by 2026-06; done 2026-02", term=before).startswith("met")
    assert stands("by 2026-06; dataset ds", seen(D(2026, 2, 1)), term=before).startswith("overdue")


@pytest.mark.parametrize("rhythm", Rhythm)
def test_periods_lie_side_by_side(rhythm: Rhythm) -> None:
    names = []
    day = D(2023, 1, 1)
    while day < D(2029, 1, 1):
        period = period_of(day, rhythm)
        assert period.first == day
        assert period_of(period.last, rhythm) == period
        names.append(period.name)
        day = period.last + dt.timedelta(days=1)
    assert len(set(names)) == len(names) == 72 // rhythm.months
