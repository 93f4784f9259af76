"""Which item a record is: every doubt is a finding, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bots.core.merge.facts import Rank
from bots.core.messages import Messages
from bots.core.wikibase.model import (
    Entity,
    Item,
    Missing,
    Property,
    Redirect,
    Snak,
    Statement,
    Text,
)
from bots.datasets.facts import Record
from bots.datasets.matching.judging import (
    Carried,
    Create,
    Doubtful,
    LookAgain,
    Matched,
    MatchRule,
    Moved,
    Question,
    Refusal,
    Unmatched,
    Verdict,
    Why,
    carries,
    creation,
    held,
    judge,
    question,
    to_read,
)

RULE = MatchRule("P791", ("no-spaces",))
MESSAGES = Messages(Path(__file__).parents[3] / "config" / "i18n")

Found = Entity | Redirect | Missing


def item(entity_id: str, *values: str, deprecated: tuple[str, ...] = ()) -> Item:
    """An item with these identifiers."""
    said = [Statement(Snak("P791", Text(value))) for value in values]
    said += [Statement(Snak("P791", Text(each)), rank=Rank.DEPRECATED) for each in deprecated]
    return Item(id=entity_id, statements={"P791": tuple(said)} if said else {})


def world(*found: Found) -> dict[str, Found]:
    return {each.id: each for each in found}


def judged(asked: Question, *found: Found) -> Verdict:
    """The verdict on one record, by itself; whatever is read was asked for."""
    there, read = world(*found), dict[str, Found]()
    while wanted := to_read([asked], read):
        read |= {each: there[each] for each in wanted}
    return judge([asked], read, RULE)[asked.key]


def doubt(verdict: Verdict) -> Why:
    """Why it is in doubt; its message has all that it needs, in each language."""
    assert isinstance(verdict, Doubtful), verdict
    for language in ("en", "sv"):
        said = MESSAGES.text(language, verdict.message)
        assert all(each in said for each in verdict.items)
    return verdict.why


def new(*hits: str, identifier: str = "x", hint: str = "") -> Question:
    return Question(key="r", identifier=identifier, hits=hits, hint=hint)


def known(entity_id: str, *hits: str, chosen: bool = False, hint: str = "") -> Question:
    return Question(key="r", identifier="x", known=entity_id, hits=hits, chosen=chosen, hint=hint)


@pytest.mark.parametrize(
    ("carried", "entity"),
    [
        (Carried.YES, item("Q1", "x")),
        (Carried.YES, item("Q1", " x ", "x")),
        (Carried.YES, item("Q1", "x", deprecated=("y",))),
        (Carried.YES, item("Q1", "x", deprecated=("x",))),
        (Carried.NO, item("Q1")),
        (Carried.NO, item("Q1", deprecated=("y",))),
        (Carried.OTHER, item("Q1", "y")),
        (Carried.TWICE, item("Q1", "x", "y")),
        (Carried.REFUTED, item("Q1", deprecated=("x",))),
        (Carried.REFUTED, item("Q1", "y", deprecated=("x",))),
        (Carried.REFUTED, Item(statements={"P791": (Statement(Snak.novalue("P791")),)})),
        (Carried.NO, Item(statements={"P791": (Statement(Snak.somevalue("P791")),)})),
        (Carried.NO, Item(statements={"P1": (Statement(Snak("P1", Text("x"))),)})),
    ],
)
def test_whether_an_item_carries_an_identifier(carried: Carried, entity: Item) -> None:
    assert carries(entity, RULE, "x") is carried


def test_an_index_hit_that_carries_the_identifier_is_the_item() -> None:
    assert judged(new("Q1"), item("Q1", "x")) == Matched("Q1")


def test_an_identifier_may_be_spelled_otherwise() -> None:
    asked = new("Q1", identifier="0000 0001")
    assert judged(asked, item("Q1", "00000001")) == Matched("Q1")


def test_a_stale_hit_beside_the_right_item_does_no_harm() -> None:
    found = judged(new("Q1", "Q2", "Q3", "Q4"), item("Q1"), item("Q2", "x"), Missing("Q3"),
                   item("Q4", deprecated=("x",)))  # fmt: skip
    assert found == Matched("Q2")


def test_one_record_with_two_items_is_a_finding() -> None:
    verdict = judged(new("Q1", "Q2"), item("Q1", "x"), item("Q2", "x"))
    assert doubt(verdict) is Why.TWO_ITEMS
    assert isinstance(verdict, Doubtful)
    assert verdict.items == ("Q1", "Q2")


def test_two_hits_that_were_merged_are_one_item() -> None:
    assert judged(new("Q1", "Q2"), Redirect("Q1", "Q2"), item("Q2", "x")) == Matched("Q2")


def test_a_known_record_with_a_second_item_is_a_finding() -> None:
    assert doubt(judged(known("Q1", "Q2"), item("Q1", "x"), item("Q2", "x"))) is Why.TWO_ITEMS


def test_a_known_item_is_still_the_item_while_it_carries_the_identifier() -> None:
    assert judged(known("Q1"), item("Q1", "x")) == Matched("Q1")


def test_a_known_item_that_no_longer_carries_the_identifier_is_a_finding() -> None:
    assert doubt(judged(known("Q1"), item("Q1"))) is Why.LOST
    assert doubt(judged(known("Q1"), item("Q1", "y"))) is Why.LOST


def test_where_a_lost_identifier_stands_now_is_told_and_not_followed() -> None:
    verdict = judged(known("Q1", "Q2"), item("Q1"), item("Q2", "x"))
    assert doubt(verdict) is Why.LOST
    assert isinstance(verdict, Doubtful)
    assert verdict.items == ("Q1", "Q2")


def test_a_hit_that_no_longer_carries_the_identifier_is_a_finding_and_no_reason_to_make_one() -> (
    None
):
    assert doubt(judged(new("Q1"), item("Q1"))) is Why.LOST


def test_an_identifier_that_people_deprecated_is_a_finding() -> None:
    assert doubt(judged(known("Q1"), item("Q1", deprecated=("x",)))) is Why.REFUTED
    assert doubt(judged(new("Q1", "Q2"), item("Q1", deprecated=("x",)), item("Q2"))) is Why.REFUTED


def test_an_item_with_another_identifier_of_the_scheme_besides_is_a_finding() -> None:
    assert doubt(judged(known("Q1"), item("Q1", "x", "y"))) is Why.TWO_VALUES
    assert doubt(judged(new("Q1"), item("Q1", "x", "y"))) is Why.TWO_VALUES


def test_a_deleted_item_is_a_finding_and_never_made_again() -> None:
    assert doubt(judged(known("Q1"), Missing("Q1"))) is Why.DELETED
    assert doubt(judged(new("Q1"), Missing("Q1"))) is Why.DELETED
    verdict = judged(new(hint="Q1"), Missing("Q1"))
    assert doubt(verdict) is Why.DELETED
    assert creation(verdict, True, None) == verdict


def test_a_merged_item_is_followed_where_the_target_carries_the_identifier() -> None:
    chain = (Redirect("Q1", "Q2"), Redirect("Q2", "Q3"), item("Q3", "x"))
    assert judged(known("Q1"), *chain) == Moved("Q3", "Q1")


def test_a_merged_item_is_not_followed_where_the_target_does_not_carry_it() -> None:
    assert doubt(judged(known("Q1"), Redirect("Q1", "Q2"), item("Q2", "y"))) is Why.MERGED
    assert doubt(judged(known("Q1"), Redirect("Q1", "Q2"), item("Q2"))) is Why.MERGED
    assert doubt(judged(new("Q1"), Redirect("Q1", "Q2"), item("Q2"))) is Why.MERGED


def test_two_items_with_identifiers_that_were_merged_are_a_finding_for_both() -> None:
    read = world(Redirect("Q1", "Q2"), item("Q2", "x", "y"))
    asked = [known("Q1"), Question(key="s", identifier="y", known="Q2")]
    verdicts = judge(asked, read, RULE)
    assert {doubt(each) for each in verdicts.values()} == {Why.TWO_VALUES}


def test_items_merged_in_a_circle_or_into_a_deleted_one_are_a_finding() -> None:
    assert doubt(judged(known("Q1"), Redirect("Q1", "Q2"), Redirect("Q2", "Q1"))) is Why.DELETED
    assert doubt(judged(known("Q1"), Redirect("Q1", "Q2"), Missing("Q2"))) is Why.DELETED


def test_what_is_no_item_is_not_written_to() -> None:
    assert doubt(judged(known("P5"), Property(id="P5", datatype="string"))) is Why.DELETED


def test_two_records_of_a_batch_with_one_item_are_a_finding_each() -> None:
    asked = [
        Question(key="r", identifier="x", known="Q1"),
        Question(key="s", identifier=" x", hits=("Q1",)),
    ]
    verdicts = judge(asked, world(item("Q1", "x")), RULE)
    assert [doubt(verdicts[key]) for key in "rs"] == [Why.TWO_RECORDS, Why.TWO_RECORDS]


def test_an_item_that_another_record_has_in_the_stores_map_is_a_finding() -> None:
    read = world(item("Q1", "x"))
    assert doubt(judge([new("Q1")], read, RULE, {"Q1": "s"})["r"]) is Why.TWO_RECORDS
    assert judge([new("Q1")], read, RULE, {"Q1": "r", "Q2": "s"})["r"] == Matched("Q1")


def test_two_new_records_with_one_identifier_make_no_item() -> None:
    asked = [Question(key=key, identifier="x") for key in "rs"]
    assert {doubt(each) for each in judge(asked, {}, RULE).values()} == {Why.TWO_RECORDS}
    holders = dict.fromkeys(held(asked[0], Unmatched(), RULE), "r")
    assert doubt(judge([asked[1]], {}, RULE, holders)["s"]) is Why.TWO_RECORDS


def test_a_record_with_the_identifier_of_a_doubtful_one_makes_no_item_either() -> None:
    asked = [known("Q1"), Question(key="s", identifier="x")]
    verdicts = judge(asked, world(item("Q1")), RULE)
    assert (doubt(verdicts["r"]), doubt(verdicts["s"])) == (Why.LOST, Why.TWO_RECORDS)


def test_many_records_with_one_identifier_are_not_all_named_in_each_finding() -> None:
    asked = [Question(key=f"r{number}", identifier="n/a") for number in range(500)]
    verdict = judge(asked, {}, RULE)["r0"]
    assert doubt(verdict) is Why.TWO_RECORDS
    assert isinstance(verdict, Doubtful)
    assert len(MESSAGES.text("en", verdict.message)) < 500


def test_the_sources_own_item_is_a_hint_and_no_proof() -> None:
    assert judged(new(hint="Q1"), item("Q1", "x")) == Matched("Q1")
    assert doubt(judged(new(hint="Q1"), item("Q1"))) is Why.UNPROVEN
    assert doubt(judged(new(hint="Q1"), item("Q1", "y"))) is Why.UNPROVEN
    assert doubt(judged(new(hint="Q1"), item("Q1", deprecated=("x",)))) is Why.REFUTED
    assert doubt(judged(new(hint="no item"))) is Why.UNPROVEN


def test_a_hint_that_disagrees_with_the_index_or_the_map_is_a_finding() -> None:
    there = (item("Q1", "x"), item("Q2"), Redirect("Q3", "Q1"), Missing("Q4"))
    assert doubt(judged(new("Q1", hint="Q2"), *there)) is Why.HINT
    assert doubt(judged(new("Q1", hint="Q4"), *there)) is Why.HINT
    assert doubt(judged(new("Q1", hint="?"), *there)) is Why.HINT
    assert doubt(judged(known("Q1", hint="Q2"), *there)) is Why.HINT
    assert judged(known("Q1", hint="Q1"), *there) == Matched("Q1")
    assert judged(new("Q1", hint="Q3"), *there) == Matched("Q1")


def test_an_item_that_people_chose_need_not_carry_the_identifier_yet() -> None:
    assert judged(known("Q1", chosen=True), item("Q1")) == Matched("Q1")
    assert judged(known("Q1", chosen=True), item("Q1", "x")) == Matched("Q1")


def test_a_chosen_item_with_another_identifier_or_beside_one_that_has_it_is_a_finding() -> None:
    assert doubt(judged(known("Q1", chosen=True), item("Q1", "y"))) is Why.TWO_VALUES
    assert doubt(judged(known("Q1", chosen=True), item("Q1", deprecated=("x",)))) is Why.REFUTED
    twice = judged(known("Q1", "Q2", chosen=True), item("Q1"), item("Q2", "x"))
    assert doubt(twice) is Why.TWO_ITEMS
    assert doubt(judged(known("Q1", chosen=True), Redirect("Q1", "Q2"), item("Q2"))) is Why.MERGED


def test_a_record_without_an_identifier_is_matched_by_people_alone() -> None:
    bare = Question(key="r", known="Q1", chosen=True)
    assert judged(bare, item("Q1")) == Matched("Q1")
    assert doubt(judged(Question(key="r", known="Q1"), item("Q1"))) is Why.LOST
    assert judged(Question(key="r", hint="Q1"), item("Q1")) == Unmatched()


def test_the_question_of_a_record_has_its_identifier_of_the_scheme_and_its_hint() -> None:
    record = Record("r", identifiers=(("P214", "1"), ("P791", "x")), item="Q5")
    asked = question(record, RULE, hits=["Q1"])
    assert asked == replace(new("Q1", hint="Q5"), withdrawn=True), "it says nothing else"


def test_an_item_is_made_only_where_a_look_up_said_that_there_is_none() -> None:
    refusal = Refusal(judge([known("Q1")], world(Missing("Q1")), RULE)["r"].message)  # type: ignore[union-attr]
    assert creation(Unmatched(), True, None) == Create()
    assert creation(Unmatched(), False, None) == Unmatched()
    assert creation(Unmatched(), True, ("Q1",)) == LookAgain(("Q1",))
    assert doubt(creation(Unmatched(), True, refusal)) is Why.NOT_LOOKED_UP  # type: ignore[arg-type]
    assert creation(Matched("Q1"), True, None) == Matched("Q1")
