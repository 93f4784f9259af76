"""The guard: which plans wait for a person, and which don't."""

from __future__ import annotations

from typing import Any

import pytest

from bots.core.config import GuardLimits
from bots.core.entitychange import change_of
from bots.core.guard import PlanSize, Weight, shrinks, trips
from bots.core.merge.facts import Rank
from bots.core.messages import Message
from bots.core.plan import Edit, PageText, Target
from bots.core.wikibase.change import EntityPatch, StatementEdit
from bots.core.wikibase.model import Item, Snak, Statement, Text

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


BY_HAND = Statement(Snak("P1", Text("v")), id="Q1$1")


def an_item_edit(**patch: Any) -> Edit:
    item = Item(id="Q1", revision=5, statements={"P1": (BY_HAND,)})
    change = change_of(item, EntityPatch(base_revid=5, **patch))
    return Edit(target=Target("repo", "Q1"), change=change, summary=Message("s"))


@pytest.mark.parametrize(
    ("patch", "withdrawn"),
    [
        ({"remove": (BY_HAND,)}, 1),
        ({"edit": (StatementEdit(read=BY_HAND, rank=Rank.DEPRECATED),)}, 1),
        ({"edit": (StatementEdit(read=BY_HAND, rank=Rank.PREFERRED),)}, 0),
        ({"add": (BY_HAND,)}, 0),
    ],
)
def test_what_is_removed_or_deprecated_is_withdrawn(patch: Any, withdrawn: int) -> None:
    size = PlanSize()
    size.add(an_item_edit(**patch), LIMITS)
    assert size.withdrawn == withdrawn


@pytest.mark.parametrize(
    ("withdrawn", "statements", "tripped"),
    [
        (11, 1100, False),
        (12, 1100, True),
        (10, 100, False),
        (11, 100, True),
        (1000, 0, False),
    ],
)
def test_a_hundredth_of_a_datasets_statements_is_not_withdrawn_unseen(
    withdrawn: int, statements: int, tripped: bool
) -> None:
    size = PlanSize(edits=1, withdrawn=withdrawn, weight=Weight(statements=statements))
    found = trips(size, 10, LIMITS)
    params = {"num_withdrawn": withdrawn, "num_statements": statements}
    assert found == ([Message("guard-withdrawn", params)] if tripped else [])


@pytest.mark.parametrize(
    ("edits", "records", "gone", "tripped"),
    [(1, 100, 20, False), (1, 100, 21, True), (0, 100, 21, False), (1, 0, 0, False)],
)
def test_a_source_that_lost_a_fifth_of_its_records_is_doubted(
    edits: int, records: int, gone: int, tripped: bool
) -> None:
    found = trips(PlanSize(edits=edits, weight=Weight(records=records, gone=gone)), 10, LIMITS)
    params = {"num_gone": gone, "num_records": records}
    assert found == ([Message("guard-gone", params)] if tripped else [])


def test_a_trial_is_as_large_as_its_limit() -> None:
    assert trips(PlanSize(edits=5000, limit=50), None, LIMITS) == []
    assert trips(PlanSize(edits=5000, limit=50), 3, LIMITS) == []
    assert trips(PlanSize(edits=5000, limit=201), None, LIMITS) != []
    assert trips(PlanSize(edits=5000, limit=50, shrunk=1), 3, LIMITS) != []
