"""A store that was lost and rebuilt: what the wiki doesn't tell is asked of people, not guessed."""

from __future__ import annotations

import pytest

from tests.datasets.choosing_scene import admin, decide, keys, made, numbers, told
from tests.datasets.scene import ID, STAFF, Stage, row


@pytest.fixture
def lost(stage: Stage) -> Stage:
    """Two items, one of them made by us, which people deleted; then the store was lost."""
    stage.mapping["create"] = {"labels": ["en"]}
    stage.mapping["statements"].append({"property": ID, "field": "isil", "datatype": "external-id"})
    stage.write()
    stage.item("Q1", "X-1")
    stage.release([row("X-1"), row("X-2")])
    stage.run()
    for title in made(stage):
        assert "error" not in admin(stage).write(action="delete", title=title)
    assert stage.rebuild().state == "finished"
    assert set(told(stage)) == {"dataset-rebuild-asks"}
    return stage


def test_what_people_deleted_before_the_store_was_lost_is_not_made_again(lost: Stage) -> None:
    for staff in (12, 13):
        lost.release([row("X-1", staff=staff), row("X-2", staff=staff)])
        assert lost.run().state == "finished"
        assert made(lost) == []
    assert keys(lost) == ["X-1", "X-2"]


def test_a_new_item_is_made_where_a_trusted_person_says_so(lost: Stage) -> None:
    lost.release([row("X-1"), row("X-2")])
    lost.run()
    decide(lost, admin(lost), "X-2", "new")
    lost.run()
    assert len(made(lost)) == 1


def test_a_record_that_comes_after_the_rebuilding_gets_its_item(lost: Stage) -> None:
    lost.release([row("X-1"), row("X-2"), row("X-3")])
    lost.run()
    (new,) = made(lost)
    assert lost.entity(new)["claims"][ID][0]["mainsnak"]["datavalue"]["value"] == "X-3"


def test_an_item_that_we_never_edited_is_found_again(lost: Stage) -> None:
    lost.item("Q50", "X-2")
    lost.release([row("X-1"), row("X-2")])
    lost.run()
    assert numbers(lost, "Q50") == ["+12"]


def test_what_we_said_has_ended_is_not_taken_back_when_its_successor_is_gone(
    stage: Stage,
) -> None:
    staff = next(each for each in stage.mapping["statements"] if each["property"] == STAFF)
    staff |= {"change": "end-and-add", "withdrawal": "remove", "qualifiers": []}
    stage.write()
    stage.item("Q1", "X-1")
    for number in (12, 13, ""):
        stage.release([row("X-1", staff=number)])
        assert stage.run().state == "finished"
    (ended,) = stage.entity("Q1")["claims"][STAFF]
    assert stage.rebuild().state == "finished"
    assert dict(stage.run().counts) == {}
    assert stage.entity("Q1")["claims"][STAFF] == [ended]


def test_a_decision_that_waits_on_the_page_is_carried_out_by_the_first_run(stage: Stage) -> None:
    stage.item("Q1", "X-1")
    stage.release([row("X-1")])
    stage.run()
    (statement,) = stage.entity("Q1")["claims"][STAFF]
    statement["mainsnak"]["datavalue"]["value"]["amount"] = "+99"
    stage.person().edit("Q1", {"claims": [statement]})
    stage.release([row("X-1", staff=13)])
    stage.run()
    stage.run(4)
    title = "User:HubBot/datasets/museums"
    page = admin(stage).ask(
        action="query", prop="revisions", titles=title, rvprop="content", rvslots="main"
    )["query"]["pages"][0]["revisions"][0]["slots"]["main"]["content"]
    changed = page.replace("|decision=", "|decision=take-partner ")
    answer = admin(stage).write(action="edit", title=title, text=changed)
    assert answer["edit"]["result"] == "Success", answer
    assert stage.rebuild().state == "finished"
    stage.run()
    assert numbers(stage, "Q1") == ["+13"]
