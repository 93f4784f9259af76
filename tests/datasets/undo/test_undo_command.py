"""`hubbot undo`, `run --limit` and `rebuild` on a dataset, as an operator types them."""

from __future__ import annotations

import re

import pytest

from tests.datasets.scene import FOUNDED, KIND, STAFF, Said, Stage, row

ITEMS = {"Q1": "XX-1", "Q2": "XX-2"}


@pytest.fixture
def museums(stage: Stage) -> Stage:
    for item, isil in ITEMS.items():
        stage.item(item, isil)
    stage.release([row(isil) for isil in ITEMS.values()])
    return stage


def run_key(result: Said) -> str:
    found = re.match(r"museums ([0-9a-f]{12}): finished", result.stdout)
    assert found, result.output
    return found[1]


def count(stage: Stage) -> list[int]:
    """How many statements and labels each item has besides its identifier."""
    entities = [stage.entity(item) for item in ITEMS]
    return [sum(map(len, e["claims"].values())) - 1 + len(e.get("labels", ())) for e in entities]


def test_undo_takes_back_a_datasets_run_and_the_next_run_does_not_do_it_again(
    museums: Stage,
) -> None:
    key = run_key(museums.command("run", museums.dataset))
    assert min(count(museums)) >= 4
    undone = museums.command("undo", key)
    assert (undone.exit_code, count(museums)) == (0, [0, 0]), undone.output
    assert "finished; 2 saved" in undone.stdout
    assert museums.command("run", museums.dataset).exit_code == 0
    assert (count(museums), museums.findings()) == ([0, 0], [])


@pytest.mark.parametrize("lost", [False, True])
def test_what_the_source_says_after_an_undo_is_written_and_nothing_told(
    museums: Stage, lost: bool
) -> None:
    museums.command("undo", run_key(museums.command("run", museums.dataset)))
    if lost:
        assert museums.rebuild().state == "finished"
    museums.release([row("XX-1", staff=13), row("XX-2")])
    assert museums.run(5).state == "finished"
    assert (count(museums), museums.findings()) == ([1, 0], [])
    (staff,) = museums.entity("Q1")["claims"][STAFF]
    assert staff["mainsnak"]["datavalue"]["value"]["amount"] == "+13"


def test_what_was_undone_to_be_done_again_is_done_again(museums: Stage) -> None:
    key = run_key(museums.command("run", museums.dataset))
    before = count(museums)
    assert museums.command("undo", "--again", key).exit_code == 0
    assert count(museums) == [0, 0]
    assert "2 saved" in museums.command("run", museums.dataset).stdout
    assert count(museums) == before


def test_what_somebody_changed_is_printed_and_the_command_ends_with_three(
    museums: Stage,
) -> None:
    key = run_key(museums.command("run", museums.dataset))
    person = museums.person()
    (staff,) = museums.entity("Q1")["claims"][STAFF]
    person.edit("Q1", {"claims": [{**staff, "rank": "preferred"}]})
    undone = museums.command("undo", key)
    assert undone.exit_code == 3
    assert f"repo:Q1 ({staff['id']}): “{STAFF} +12” was left" in undone.stdout
    assert "PlainUser" in undone.stdout
    assert count(museums) == [1, 0]


def test_a_dry_run_prints_what_would_be_taken_back_and_changes_nothing(museums: Stage) -> None:
    key = run_key(museums.command("run", museums.dataset))
    before = count(museums)
    shown = museums.command("undo", "--dry-run", key)
    assert shown.exit_code == 0
    assert "planned; 2 planned" in shown.stdout
    assert re.search(rf"^  -{FOUNDED} .*1850", shown.stdout, re.MULTILINE), shown.stdout
    assert count(museums) == before
    assert museums.command("undo", key).exit_code == 0
    assert count(museums) == [0, 0]


def test_a_run_that_there_is_not_ends_with_two(museums: Stage) -> None:
    missing = museums.command("undo", "000000000000")
    assert missing.exit_code == 2
    assert "There is no run '000000000000'" in missing.stderr


def test_a_limit_makes_it_a_trial(museums: Stage) -> None:
    trial = museums.command("run", museums.dataset, "--limit", "1")
    assert trial.exit_code == 0
    assert "1 planned, 2 saved" in trial.stdout
    assert "A trial" in trial.stdout
    assert len([number for number in count(museums) if number]) == 1
    assert museums.command("run", museums.dataset, "--limit", "0").exit_code == 2
    assert "1 saved" in museums.command("run", museums.dataset).stdout
    assert all(museums.values(item, KIND) for item in ITEMS)


def test_a_bot_that_keeps_nothing_of_the_kind_is_not_rebuilt(museums: Stage) -> None:
    result = museums.command("rebuild", "intake")
    assert result.exit_code == 1
    assert "keeps nothing" in result.stdout
