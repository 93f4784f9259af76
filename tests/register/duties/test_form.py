"""Obligations as people write them: read, or told by line."""

from __future__ import annotations

import datetime as dt

import pytest

from bots.register.duties.form import (
    LONGEST,
    MOST,
    By,
    Check,
    Duty,
    Each,
    From,
    How,
    Known,
    LineFault,
    Rhythm,
    days_of,
    read_duties,
)
from tests.register.world import messages

KNOWN = Known("hub", ("hub", "sv"), ("heritage-sweden",))
D = dt.date


def read(text: str) -> list[Duty | LineFault]:
    return list(read_duties(text, KNOWN))


@pytest.mark.parametrize(
    ("line", "when", "check", "done"),
    [
        ("each quarter", Each(Rhythm.QUARTER), None, None),
        ("Every  Month", Each(Rhythm.MONTH), None, None),
        ("each year from 2026", Each(Rhythm.YEAR, D(2026, 1, 1)), None, None),
        ("each month from 3 May 2026", Each(Rhythm.MONTH, D(2026, 5, 3)), None, None),
        ("by 2026-12-31", By(D(2026, 12, 31)), None, None),
        ("by 2026-02", By(D(2026, 2, 28)), None, None),
        ("by 2026", By(D(2026, 12, 31)), None, None),
        ("from 2026-02", From(D(2026, 2, 1)), None, None),
        ("by 2026; done 2026-03-01", By(D(2026, 12, 31)), None, D(2026, 3, 1)),
        (
            "each quarter; dataset heritage-sweden",
            Each(Rhythm.QUARTER),
            Check(How.DATASET, "heritage-sweden"),
            None,
        ),
        (
            "from 2026; template Heritage note on sv; done 2026-02",
            From(D(2026, 1, 1)),
            Check(How.TEMPLATE, "Heritage note", "sv"),
            D(2026, 2, 28),
        ),
        ("by 2026; page [[Terms]];", By(D(2026, 12, 31)), Check(How.PAGE, "Terms", "hub"), None),
        (
            "by 2026; PAGE Report on the year 2025",
            By(D(2026, 12, 31)),
            Check(How.PAGE, "Report on the year 2025", "hub"),
            None,
        ),
        (
            "by 2026; page Report on cooperation on hub",
            By(D(2026, 12, 31)),
            Check(How.PAGE, "Report on cooperation", "hub"),
            None,
        ),
    ],
)
def test_a_line_is_read(line: str, when: object, check: object, done: object) -> None:
    [duty] = read(f"* partner; publishes it ; {line}")
    assert isinstance(duty, Duty)
    assert (duty.who, duty.what) == ("partner", "publishes it")
    assert (duty.when, duty.check, duty.done) == (when, check, done)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("partner publishes it each quarter", "parts"),
        ("partner; publishes it", "parts"),
        ("partner; ; each quarter", "parts"),
        (";;;", "parts"),
        ("partner; it; each day", "when"),
        ("partner; it; sometimes", "when"),
        ("partner; it; by next Tuesday", "date"),
        ("partner; it; by 2026-02-30", "date"),
        ("partner; it; by 2026-13", "date"),
        ("partner; it; from 0000", "date"),
        ("partner; it; by 03/04/2027", "date"),
        ("partner; it; each year; done", "date"),
        ("partner; it; each year; link https://a.example", "check"),
        ("partner; it; each year; dataset", "check"),
        ("partner; it; each year; dataset nobody", "no-dataset"),
        ("partner; it; each year; page A on wiki", "no-site"),
        ("partner; it; each year; page [[A|b]]", "title"),
        ("partner; it; each year; page {{A}}", "title"),
        ("partner; it; each year; page A; page B", "twice"),
        ("partner; it; each year; done 2026; done 2025", "twice"),
        ("x" * (LONGEST + 1), "long"),
    ],
)
def test_a_line_that_cannot_be_understood_is_told_in_words(line: str, key: str) -> None:
    first, fault = read(f"we; it; by 2026\n{line}")
    assert isinstance(first, Duty)
    assert isinstance(fault, LineFault)
    assert (fault.line, fault.message.key) == (2, f"register-duty-{key}")
    for language in ("en", "sv"):
        said = fault.message.__class__(fault.message.key, {**fault.message.params, "line": "9"})
        assert "9" in messages().text(language, said)


def test_empty_lines_are_none_and_lines_keep_their_numbers() -> None:
    found = read("\n\nwe; it; by 2026\n  \nnonsense\n")
    assert [each.line for each in found] == [3, 5]


def test_of_very_many_lines_the_first_are_read() -> None:
    found = read("we; it; by 2026\n" * (MOST + 5))
    assert len(found) == MOST + 1
    assert isinstance(found[-1], LineFault)
    assert found[-1].line == MOST + 1


def test_a_duty_is_the_same_whatever_becomes_of_its_time_and_its_check() -> None:
    one, other, another = read(
        "we; send it; by 2026\nWe; Send it; each year; done 2026\nwe; send them; by 2026"
    )
    assert isinstance(one, Duty)
    assert isinstance(other, Duty)
    assert isinstance(another, Duty)
    assert one.key == other.key != another.key


@pytest.mark.parametrize("text", ["", "2026-1", "26", "2026-11-21x", "0026"])
def test_no_days_of_what_is_no_date(text: str) -> None:
    assert days_of(text) == (None, None)
