"""The guard: which plans wait for a person, and which don't."""

from __future__ import annotations

import pytest

from bots.core.config import GuardLimits
from bots.core.guard import PlanSize, shrinks, trips
from bots.core.messages import Message
from bots.core.plan import Edit, PageText, Target

LIMITS = GuardLimits()


def an_edit(before: str | None, text: str) -> Edit:
    change = PageText(text=text, before=before, base_revid=None if before is None else 1)
    return Edit(target=Target("hub", "P"), change=change, summary=Message("s"))


@pytest.mark.parametrize(
    ("edits", "largest", "tripped"),
    [
        (200, None, None),
        (201, None, "guard-first-run"),
        (200, 3, None),
        (201, 3, "guard-growth"),
        (1000, 500, None),
        (1001, 500, "guard-growth"),
    ],
)
def test_a_plan_far_larger_than_any_run_so_far_waits(
    edits: int, largest: int | None, tripped: str | None
) -> None:
    found = [message.key for message in trips(PlanSize(edits=edits), largest, LIMITS)]
    assert found == ([tripped] if tripped else [])


@pytest.mark.parametrize(
    ("before", "text", "shrunk"),
    [
        ("x" * 30_000, "x" * 24_001, False),
        ("x" * 30_000, "x" * 24_000, True),
        ("x" * 5_000, "x" * 1_000, False),
        ("å" * 5_000, "å" * 2_900, True),
        ("x", "", True),
        ("x", " \n", True),
        ("", "", False),
        (None, "", False),
        ("x" * 30_000, "x" * 60_000, False),
    ],
)
def test_a_page_that_loses_a_fifth_or_all_is_shrunk(
    before: str | None, text: str, shrunk: bool
) -> None:
    assert shrinks(an_edit(before, text), LIMITS) is shrunk


def test_one_shrunk_page_makes_the_plan_wait_and_is_named() -> None:
    size = PlanSize()
    size.add(an_edit("x" * 30_000, "x"), LIMITS)
    (message,) = trips(size, 10, LIMITS)
    assert message == Message("guard-shrunk", {"num_pages": 1, "page": "hub:P"})
