"""A conflict's round: told once it stood, decided by whom the hub trusts, carried out, closed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.datasets.ground import PARTNER, TRUSTED
from tests.datasets.scene import STAFF, Stage, row
from tests.wikibase.entities_scene import Person

PAGE = "User:HubBot/datasets/museums"


@pytest.fixture
def conflict(stage: Stage) -> Stage:
    """People say 99, the source says 13; it has stood for four days."""
    stage.item("Q1", "X-1")
    stage.release([row("X-1", staff=12)])
    stage.run()
    give(stage, 99)
    stage.release([row("X-1", staff=13)])
    stage.run()
    assert page(stage) == ""
    stage.run(4)
    assert "{{HubBot difference" in page(stage)
    return stage


def test_a_conflict_is_told_to_the_partner_only_once_it_has_stood_for_three_days(
    stage: Stage,
) -> None:
    stage.item("Q1", "X-1")
    stage.release([row("X-1", staff=12)])
    stage.run()
    give(stage, 99)
    stage.release([row("X-1", staff=13)])
    for days, shown in ((0.1, False), (2.8, False), (0.2, True)):
        stage.run(days)
        assert ("{{HubBot difference" in page(stage)) is shown
    assert len(stage.findings()) == 1


def test_take_partner_by_a_trusted_person_is_carried_out_and_the_row_is_closed(
    conflict: Stage,
) -> None:
    decide(conflict, conflict.person(TRUSTED), "take-partner")
    conflict.run()
    assert numbers(conflict) == ["+13"]
    assert conflict.findings() == []
    conflict.run()
    assert "{{HubBot difference" not in page(conflict)
    before = conflict.entity("Q1")["lastrevid"]
    conflict.run()
    assert conflict.entity("Q1")["lastrevid"] == before


def test_keep_wiki_leaves_the_item_and_tells_no_more(conflict: Stage) -> None:
    before = conflict.entity("Q1")["lastrevid"]
    decide(conflict, conflict.person(TRUSTED), "keep-wiki")
    conflict.run()
    assert conflict.findings() == []
    assert conflict.entity("Q1")["lastrevid"] == before


def test_both_lets_ours_stand_beside_theirs(conflict: Stage) -> None:
    decide(conflict, conflict.person(TRUSTED), "both")
    conflict.run()
    assert sorted(numbers(conflict)) == ["+13", "+99"]
    assert conflict.findings() == []


def test_a_decision_that_was_carried_out_is_open_again_when_the_source_says_another_value(
    conflict: Stage,
) -> None:
    decide(conflict, conflict.person(TRUSTED), "keep-wiki")
    conflict.run()
    conflict.release([row("X-1", staff=14)])
    conflict.run()
    (again,) = conflict.findings()
    assert again.finding.message.params["ours_value"] == "14"
    assert numbers(conflict) == ["+99"]


def test_a_decision_is_open_again_when_people_say_another_value(conflict: Stage) -> None:
    decide(conflict, conflict.person(TRUSTED), "keep-wiki")
    conflict.run()
    give(conflict, 98)
    conflict.run()
    (again,) = conflict.findings()
    assert again.finding.message.params["wiki_values"] == ["98"]


def test_an_ordinary_account_s_decision_waits_for_somebody_trusted(conflict: Stage) -> None:
    decide(conflict, conflict.person(), "take-partner")
    conflict.run()
    assert numbers(conflict) == ["+99"]
    keys = {each.finding.message.key for each in conflict.findings()}
    assert keys == {"dataset-conflict", "report-decision-waits"}
    for _ in range(2):
        mark = conflict.ground.mark()
        conflict.run()
        asked = [str(each.parameters) for each in conflict.ground.asked_since(mark)]
        assert {each.finding.message.key for each in conflict.findings()} == keys
    assert not any("'list': 'users'" in each for each in asked), "who wrote it is asked once"
    changed = page(conflict).replace("|decision=take-partner ", "|decision=keep-wiki ")
    conflict.person(TRUSTED).write(action="edit", title=PAGE, text=changed)
    conflict.run()
    assert conflict.findings() == [], "the page was edited"


def test_the_partner_s_own_account_does_not_decide_even_if_it_is_trusted(conflict: Stage) -> None:
    decide(conflict, conflict.person(PARTNER), "take-partner")
    conflict.run()
    assert numbers(conflict) == ["+99"]
    keys = {each.finding.message.key for each in conflict.findings()}
    assert keys == {"dataset-conflict", "report-decision-partner"}


def give(stage: Stage, number: int) -> None:
    """A person gives the staff number another value."""
    (statement,) = stage.entity("Q1")["claims"][STAFF]
    statement["mainsnak"]["datavalue"]["value"]["amount"] = f"+{number}"
    stage.person().edit("Q1", {"claims": [statement]})


def decide(stage: Stage, person: Person, word: str) -> None:
    """A person writes a decision into the page's only row."""
    text = page(stage)
    assert text.count("|decision=<!--") == 1
    changed = text.replace("|decision=", f"|decision={word} ")
    answer: Any = person.write(action="edit", title=PAGE, text=changed)
    assert answer.get("edit", {}).get("result") == "Success", answer


def page(stage: Stage) -> str:
    """The dataset's page on the hub wiki; "" while there is none."""
    found = stage.person().ask(
        action="query", prop="revisions", titles=PAGE, rvprop="content", rvslots="main"
    )
    (told,) = found["query"]["pages"]
    if "revisions" not in told:
        return ""
    text: str = told["revisions"][0]["slots"]["main"]["content"]
    return text


def numbers(stage: Stage) -> list[str]:
    return [value["amount"] for value in stage.values("Q1", STAFF)]
