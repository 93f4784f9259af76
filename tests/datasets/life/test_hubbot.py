"""Four months of a dataset's life with HubBot: nothing that people did is undone."""

from __future__ import annotations

import pytest

from bench.life.acts_items import ACTS
from bench.life.months import Course, Life, live
from bench.life.operator import employed


@pytest.fixture(scope="module")
def life() -> Life:
    return live(Course(records=40, months=4, acts=40, runs=1), employed)


def test_nothing_that_people_did_is_undone(life: Life) -> None:
    assert [str(lost) for lost in life.verdict.edits_lost] == []


def test_nothing_is_said_or_made_twice(life: Life) -> None:
    doubles = (*life.verdict.double_statements, *life.verdict.double_items)
    assert [str(double) for double in doubles] == []


def test_nobody_is_told_of_differences_that_people_did_not_make(life: Life) -> None:
    assert life.told > 100
    assert life.verdict.false_conflicts == ()


def test_all_that_people_have_no_hand_in_is_in_step_with_the_source(life: Life) -> None:
    assert life.slots > 30
    assert life.behind == ()


def test_people_did_all_that_they_can(life: Life) -> None:
    assert {name for name in ACTS if not life.acts.get(name)} == set()
