"""Doubtful matches: people are asked on a page which item a record is, and are obeyed."""

from __future__ import annotations

from typing import Any

import pytest

from bots.datasets.choices.matchpages import MATCHES
from bots.datasets.choices.rowpages import rows_in
from tests.datasets.choosing_scene import (
    ARCHIVE,
    PAGE,
    admin,
    asks,
    decide,
    edit,
    keys,
    like,
    made,
    numbers,
    text,
    told,
    writing_identifiers,
)
from tests.datasets.ground import OTHER, PARTNER
from tests.datasets.scene import (
    ID,
    STAFF,
    Stage,
    claim,
    row,
)

# The round


def test_an_item_that_a_trusted_person_chose_is_written_to_and_remembered(asked: Stage) -> None:
    assert "|item=Q2|" in text(asked, PAGE)
    assert asked.values("Q2", STAFF) == []
    before = [asked.entity("Q2")["lastrevid"], asked.entity("Q1")["lastrevid"]]
    asked.run()
    assert [asked.entity("Q2")["lastrevid"], asked.entity("Q1")["lastrevid"]] == before
    decide(asked, admin(asked), "X-2", "this one", note="I rang them")
    assert dict(asked.run().counts) == {"saved": 1}
    assert asked.values("Q2", ID) == ["X-2"]
    assert numbers(asked, "Q2") == ["+12"]
    assert dict(asked.run().counts) == {"saved": 2}
    assert keys(asked) == []
    (kept,) = rows_in(text(asked, ARCHIVE), MATCHES)[0]
    assert kept.key == "X-2"
    assert [kept.call.value(name) for name in ("by", "decision", "note")] == [
        "Admin",
        "this one",
        "I rang them",
    ]
    asked.release([row("X-1"), row("X-2", staff=40)])
    assert dict(asked.run().counts) == {"saved": 1}
    assert numbers(asked, "Q2") == ["+40"]
    assert asked.findings() == []


def test_an_ordinary_account_s_choice_waits_for_somebody_trusted(asked: Stage) -> None:
    decide(asked, asked.person(), "X-2", "this one")
    assert dict(asked.run().counts) == {}
    assert asked.values("Q2", STAFF) == []
    assert told(asked) == {"choosing-waits": "X-2"}
    decide(asked, asked.person(), "X-2", "")
    decide(asked, admin(asked), "X-2", "Q2")
    asked.run()
    assert numbers(asked, "Q2") == ["+12"]
    assert told(asked) == {}


def test_the_partner_s_own_account_does_not_choose_even_if_it_is_trusted(asked: Stage) -> None:
    decide(asked, asked.person(PARTNER), "X-2", "this one")
    assert dict(asked.run().counts) == {}
    assert told(asked) == {"choosing-partner": "X-2"}


def test_an_item_that_was_not_proposed_can_be_chosen(asked: Stage) -> None:
    asked.seed("Q50")
    decide(asked, admin(asked), "X-2", "[[Q50]]")
    asked.run()
    assert numbers(asked, "Q50") == ["+12"]
    assert asked.values("Q2", STAFF) == []


def test_what_is_no_decision_is_told_with_its_record(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "perhaps Q2")
    asked.run()
    assert told(asked) == {"candidate-decision-unclear": "X-2"}
    assert asked.values("Q2", STAFF) == []


def test_a_choice_that_is_taken_back_before_the_run_is_not_carried_out(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q99")
    asked.run()
    assert told(asked) == {"candidate-item-missing": "X-2"}
    decide(asked, admin(asked), "X-2", "")
    asked.run()
    assert told(asked) == {}
    asked.seed("Q99")
    asked.run()
    assert asked.values("Q99", STAFF) == []
    assert keys(asked) == ["X-2"]


def test_who_decided_is_asked_once(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q99")
    asked.run()
    mark = asked.ground.mark()
    asked.run()
    assert [each for each in asks(asked, mark) if "users" in each] == []
    assert told(asked) == {"candidate-item-missing": "X-2"}


# No item, or a new one


def test_a_record_that_is_none_is_not_asked_about_again_until_it_changes(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "none")
    assert dict(asked.run().counts) == {"saved": 2}
    assert keys(asked) == []
    assert [each.key for each in rows_in(text(asked, ARCHIVE), MATCHES)[0]] == ["X-2"]
    asked.release([row("X-1", staff=3), row("X-2")])
    assert dict(asked.run().counts) == {"saved": 1}
    assert keys(asked) == []
    asked.release([row("X-1", staff=3), row("X-2", staff=3)])
    asked.run()
    assert keys(asked) == ["X-2"]
    decide(asked, asked.person(), "X-2", "none")
    asked.run()
    assert keys(asked) == ["X-2"]
    decide(asked, asked.person(), "X-2", "")
    decide(asked, admin(asked), "X-2", "none")
    asked.run()
    assert keys(asked) == []
    assert text(asked, ARCHIVE).count("|key=X-2\n") == 2


def test_a_new_item_is_made_where_people_say_so(stage: Stage) -> None:
    writing_identifiers(stage)
    stage.mapping["create"] = {"labels": ["en"], "people": True}
    stage.write()
    stage.release([row("X-2"), row("X-3")])
    stage.run()
    assert keys(stage) == ["X-2", "X-3"]
    assert made(stage) == []
    decide(stage, admin(stage), "X-3", "new")
    assert dict(stage.run().counts) == {"saved": 1}
    (item,) = made(stage)
    assert stage.values(item, ID) == ["X-3"]
    stage.run()
    assert keys(stage) == ["X-2"]
    assert made(stage) == [item]
    before = stage.entity(item)["lastrevid"]
    assert dict(stage.run().counts) == {}
    assert stage.entity(item)["lastrevid"] == before


@pytest.mark.parametrize(
    ("create", "more", "why"),
    [
        (None, {}, "choosing-no-create"),
        ({"labels": ["en"], "when": "kind == 'library'"}, {}, "choosing-no-item-of-it"),
        ({"labels": ["en"]}, {"website": ""}, "choosing-no-identifier"),
    ],
)
def test_why_no_new_item_is_made_is_told(
    stage: Stage, create: Any, more: dict[str, str], why: str
) -> None:
    writing_identifiers(stage)
    if create is not None:
        stage.mapping["create"] = create
    if why == "choosing-no-identifier":
        stage.mapping["match"]["field"] = "website"
    stage.write()
    stage.release([row("X-2", **more)])
    stage.run()
    decide(stage, admin(stage), "X-2", "new")
    stage.run()
    assert told(stage) == {why: "X-2"}
    assert made(stage) == []
    stage.run()
    assert told(stage) == {why: "X-2"}
    assert keys(stage) == ["X-2"]


# Items that can't be taken


def test_a_chosen_item_that_is_gone_or_merged_or_another_s_is_not_taken(asked: Stage) -> None:
    for item in ("Q60", "Q61", "Q62"):
        asked.seed(item)
    assert "error" not in admin(asked).write(action="delete", title="Q60")
    assert "error" not in admin(asked).write(action="wbmergeitems", fromid="Q61", toid="Q62")
    asked.item("Q63", "X-63")
    for item, why in {
        "Q60": "candidate-item-missing",
        "Q61": "candidate-item-merged",
        "Q63": "match-other-value",
        "Q1": "match-other-value",
    }.items():
        decide(asked, admin(asked), "X-2", item)
        assert dict(asked.run().counts) == {}
        assert told(asked) == {why: "X-2"}, item
    decide(asked, admin(asked), "X-2", "Q62")
    asked.run()
    assert numbers(asked, "Q62") == ["+12"]
    assert told(asked) == {}


def test_two_records_for_which_one_item_is_chosen_both_wait(asked: Stage) -> None:
    asked.release([row("X-1"), row("X-2"), row("X-3")])
    asked.run()
    for key in ("X-2", "X-3"):
        decide(asked, admin(asked), key, "Q2")
    assert dict(asked.run().counts) == {}
    assert asked.values("Q2", STAFF) == []
    found = [each.finding for each in asked.findings()]
    assert {each.where for each in found} == {"X-2", "X-3"}
    assert {each.message.key for each in found} == {"match-two-records"}
    decide(asked, admin(asked), "X-3", "none")
    asked.run()
    assert asked.values("Q2", ID) == ["X-2"]


def test_an_item_that_carries_the_identifier_already_speaks_against_another(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q2")
    asked.item("Q70", "X-2")
    assert dict(asked.run().counts) == {}
    assert told(asked) == {"match-two-items": "X-2"}


def test_two_decisions_in_one_row_are_none_and_the_later_one_stands(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q2\n|decision=Q50")
    assert dict(asked.run().counts) == {}
    assert told(asked) == {"candidate-decision-two": "X-2"}
    asked.seed("Q50")
    page = text(asked, PAGE).replace("|decision=Q50\n", "")
    edit(admin(asked), PAGE, page)
    decide(asked, asked.person(OTHER), "X-2", "Q50")
    asked.run()
    assert asked.values("Q2", STAFF) == []
    assert numbers(asked, "Q50") == ["+12"]
    asked.run()
    (kept,) = rows_in(text(asked, ARCHIVE), MATCHES)[0]
    assert kept.call.value("by") == "Other"


def test_a_choice_made_after_another_was_carried_out_is_told_and_not_done(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q2")
    asked.run()
    asked.seed("Q50")
    decide(asked, admin(asked), "X-2", "Q50")
    asked.run()
    assert told(asked) == {"choosing-already": "X-2"}
    assert asked.values("Q50", STAFF) == []


# What is remembered


def test_an_item_without_the_identifier_stays_the_record_s_where_it_is_not_written(
    stage: Stage,
) -> None:
    like(stage, "Q2", "X-2")
    stage.release([row("X-2")])
    stage.run()
    decide(stage, admin(stage), "X-2", "Q2")
    stage.run()
    assert stage.values("Q2", ID) == []
    for staff in (20, 30):
        stage.release([row("X-2", staff=staff)])
        stage.run()
        assert numbers(stage, "Q2") == [f"+{staff}"]
    assert stage.findings() == []


def test_a_record_without_any_identifier_keeps_its_item(stage: Stage) -> None:
    stage.mapping["match"]["field"] = "website"
    stage.write()
    like(stage, "Q2", "X-2")
    stage.release([row("X-2", website="")])
    stage.run()
    decide(stage, admin(stage), "X-2", "Q2")
    stage.run()
    stage.release([row("X-2", website="", staff=20)])
    stage.run()
    assert numbers(stage, "Q2") == ["+20"]
    assert stage.findings() == []


def test_an_identifier_that_people_take_from_a_chosen_item_ends_it(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q2")
    asked.run()
    (statement,) = asked.entity("Q2")["claims"][ID]
    asked.person().edit("Q2", {"claims": [{"id": statement["id"], "remove": ""}]})
    asked.release([row("X-1"), row("X-2", staff=40)])
    asked.run()
    assert numbers(asked, "Q2") == ["+12"]
    assert "match-lost" in told(asked)


def test_a_file_of_changes_need_not_have_the_record_again(stage: Stage) -> None:
    writing_identifiers(stage)
    stage.mapping["source"]["kind"] = "delta"
    stage.write()
    like(stage, "Q2", "X-2")
    stage.release([row("X-2")])
    stage.run()
    stage.release([row("X-3")])
    stage.run()
    assert keys(stage) == ["X-2", "X-3"]
    decide(stage, admin(stage), "X-2", "Q2")
    stage.run()
    assert numbers(stage, "Q2") == ["+12"]


# Certain matches


@pytest.mark.parametrize("certain", [False, True])
def test_a_certain_match_is_taken_without_a_person_only_where_the_mapping_says_so(
    stage: Stage, certain: bool
) -> None:
    writing_identifiers(stage)
    stage.mapping["match"]["certain"] = certain
    stage.write()
    like(stage, "Q2", "X-2", sure=True)
    like(stage, "Q3", "X-3")
    stage.release([row("X-2"), row("X-3")])
    stage.run()
    assert keys(stage) == (["X-3"] if certain else ["X-2", "X-3"])
    assert stage.values("Q2", ID) == (["X-2"] if certain else [])
    assert stage.values("Q3", STAFF) == []
    if certain:
        stage.release([row("X-2", staff=20), row("X-3")])
        assert dict(stage.run().counts) == {"saved": 1}
        assert numbers(stage, "Q2") == ["+20"]


def test_an_item_that_is_another_record_s_is_certain_for_none(stage: Stage) -> None:
    writing_identifiers(stage)
    stage.mapping["match"]["certain"] = True
    stage.mapping["match"]["field"] = "staff_year"
    stage.mapping["statements"][-1]["field"] = "staff_year"
    stage.write()
    like(stage, "Q2", "X-2", sure=True, claims={ID: [claim("Q2", 9, ID, "2020")]})
    twin = row("X-3", name="Museum X-2", website="https://x-2.example/", staff_year="")
    stage.release([row("X-2"), twin])
    stage.run()
    assert numbers(stage, "Q2") == ["+12"]
    assert keys(stage) == ["X-3"]
    assert dict(stage.run().counts) == {}


def test_a_certain_item_that_stands_in_another_s_row_is_left_to_people(stage: Stage) -> None:
    writing_identifiers(stage)
    stage.mapping["match"]["certain"] = True
    stage.write()
    like(stage, "Q2", "X-2", sure=True)
    twins = [row("X-2"), row("X-3", name="Museum X-2", website="https://x-2.example/")]
    stage.release(twins)
    stage.run()
    assert keys(stage) == ["X-2", "X-3"]
    stage.release([row("X-2", staff=13), twins[1]])
    stage.run()
    assert stage.values("Q2", STAFF) == []
    assert keys(stage) == ["X-2", "X-3"]


# The item that the source names


@pytest.fixture
def hinted(stage: Stage) -> Stage:
    """The source names Q2 for X-2, in a column of its own; Q2 does not carry the identifier."""
    stage.mapping["statements"] = [
        each for each in stage.mapping["statements"] if each["field"] != "website"
    ]
    stage.mapping["match"]["item"] = {"field": "website", "transform": ["wikidata-id"]}
    writing_identifiers(stage)
    stage.item("Q1", "X-1")
    like(stage, "Q2", "X-2")
    named = stage.ground.there("Q2")
    stage.release([row("X-1", website=""), row("X-2", website=named)])
    stage.run()
    return stage


def test_people_are_asked_whether_a_record_is_the_item_that_the_source_names(
    hinted: Stage,
) -> None:
    assert keys(hinted) == ["X-2"]
    assert "|item=Q2|" in text(hinted, PAGE)
    assert hinted.values("Q2", STAFF) == []
    assert told(hinted) == {"match-unproven": "X-2"}
    decide(hinted, admin(hinted), "X-2", "this one")
    hinted.run()
    assert hinted.values("Q2", ID) == ["X-2"]
    hinted.run()
    assert (keys(hinted), hinted.findings()) == ([], [])


def test_the_item_that_the_source_names_is_looked_at_once_a_release(hinted: Stage) -> None:
    hinted.run()
    mark = hinted.ground.mark()
    assert dict(hinted.run().counts) == {}
    seen = asks(hinted, mark)
    assert not any("wbgetentities" in each or "haswbstatement" in each for each in seen)
    assert told(hinted) == {"match-unproven": "X-2"}
    hinted.person().edit("Q2", {"claims": [claim("Q2", 1, ID, "X-2")]})
    hinted.release([row("X-1"), row("X-2", website=hinted.ground.there("Q2"), staff=7)])
    hinted.run()
    assert numbers(hinted, "Q2") == ["+7"]
