"""An item that the source itself names, and an item that is about something else."""

from __future__ import annotations

from dataclasses import replace

from bots.core.merge.facts import Rank
from bots.core.wikibase.model import EntityId, Item, Redirect, Snak, Statement
from bots.datasets.matching.judging import (
    Matched,
    MatchRule,
    Question,
    Unmatched,
    Why,
    held,
    judge,
)
from tests.datasets.matching.test_matching import RULE, doubt, item, known, new, world

NOT_PEOPLE = replace(RULE, kind="P31", not_kinds=frozenset({"Q5"}))


def named(key: str, hint: str, *hits: str) -> Question:
    return Question(key=key, identifier=key, hits=hits, hint=hint)


def of_kind(entity: Item, kind: str, rank: Rank = Rank.NORMAL) -> Item:
    said = Statement(Snak("P31", EntityId(kind)), rank=rank)
    return replace(entity, statements={**entity.statements, "P31": (said,)})


def test_an_item_that_two_records_name_is_neithers() -> None:
    found = judge([named("a", "Q1"), named("b", "Q1"), named("c", "Q2")],
                  world(item("Q1"), item("Q2")), RULE)  # fmt: skip
    assert [doubt(each) for each in found.values()] == [
        Why.TWO_NAMED, Why.TWO_NAMED, Why.UNPROVEN,
    ]  # fmt: skip


def test_an_item_that_an_earlier_record_named_or_holds_is_told_to_the_later() -> None:
    first = named("a", "Q1")
    read = world(item("Q1"), item("Q2", "x"), Redirect("Q3", "Q2"))
    names = held(first, judge([first], read, RULE)["a"], RULE)
    later = judge([named("b", "Q1")], read, RULE, dict.fromkeys(names, "a"))["b"]
    assert doubt(later) is Why.TWO_NAMED
    assert doubt(judge([named("b", "Q3")], read, RULE, {"Q2": "a"})["b"]) is Why.TWO_NAMED


def test_a_record_that_is_proven_is_not_held_up_by_another_that_names_its_item() -> None:
    read = world(item("Q1", "a"))
    found = judge([named("a", "Q1", "Q1"), named("b", "Q1")], read, RULE)
    assert found["a"] == Matched("Q1")
    assert doubt(found["b"]) is Why.TWO_NAMED


def test_an_item_about_something_else_is_left_unless_people_chose_it() -> None:
    read = world(of_kind(item("Q1", "x"), "Q5"))
    assert doubt(judge([new("Q1")], read, NOT_PEOPLE)["r"]) is Why.KIND
    assert doubt(judge([known("Q1")], read, NOT_PEOPLE)["r"]) is Why.KIND
    assert judge([known("Q1", chosen=True)], read, NOT_PEOPLE)["r"] == Matched("Q1")
    assert judge([new("Q1")], read, MatchRule("P791"))["r"] == Matched("Q1")
    doubted = world(of_kind(item("Q1", "x"), "Q5", Rank.DEPRECATED))
    assert judge([new("Q1")], doubted, NOT_PEOPLE)["r"] == Matched("Q1")


def test_a_deprecated_identifier_of_a_withdrawn_record_is_as_it_should_be() -> None:
    read = world(item("Q1", deprecated=("x",)))
    assert doubt(judge([known("Q1")], read, RULE)["r"]) is Why.REFUTED
    assert judge([replace(known("Q1"), withdrawn=True)], read, RULE)["r"] == Matched("Q1")
    assert judge([replace(new("Q1"), withdrawn=True)], read, RULE)["r"] == Unmatched()
