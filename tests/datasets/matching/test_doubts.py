"""Which records are in doubt, by what was told, and the revisions by which they were judged."""

from __future__ import annotations

from dataclasses import replace

from bots.core.messages import Message, Param
from bots.core.plan import Finding, Target
from bots.core.wikibase.model import Missing, Redirect
from bots.datasets.matching.doubts import Doubt, doubts, judged_by, newest
from tests.datasets.matching.test_matching import item, world


def told(key: str, where: str, title: str = "Q1", **params: Param) -> Finding:
    return Finding(target=Target("repo", title), message=Message(key, params), where=where)


def test_a_record_hangs_on_the_items_that_its_doubt_names() -> None:
    assert doubts(
        [
            told("match-hint", "a", property="P1", identifier="Q9", item="Q1", hint="Q2"),
            told("match-two-items", "b", list_items=["Q3", "Q4"]),
            told("match-kind", "c", item="Q5", kind="Q6"),
            told("match-unproven", "d", item="not an item"),
            told("match-hint-merged", "a", item="Q7", to="Q8"),
            told("dataset-conflict", "e", item="Q1"),
            told("edit-invalid", "", title="Special:NewItem/f"),
        ]
    ) == {
        "a": Doubt(("Q1", "Q2"), asks=False),
        "b": Doubt(("Q3", "Q4"), asks=False),
        "c": Doubt(("Q5",), asks=False),
        "d": Doubt((), asks=True),
        "f": Doubt((), asks=False),
    }


def test_it_was_judged_by_the_newest_revision_of_these_items() -> None:
    read = world(
        replace(item("Q1"), revision=7), replace(item("Q2"), revision=9),
        replace(item("Q3"), revision=11), Redirect("Q4", "Q3"), Missing("Q5"),
    )  # fmt: skip
    assert judged_by(Message("match-hint", {"item": "Q2", "hint": "Q1"}), read) == 9
    assert judged_by(Message("match-hint", {"item": "Q1", "hint": "Q4"}), read) == 11
    assert judged_by(Message("match-deleted", {"item": "Q5"}), read) is None
    assert newest([None, 3, 2]) == 3
