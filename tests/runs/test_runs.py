"""Whole runs on a real wiki: what is written, what is not, and what people have to say about it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from rich.console import Console

from bots.core.lease import LeaseTakenError
from bots.core.outcome import Deferred, Refused, utcnow
from bots.core.plan import Target
from bots.terminal import Printer
from tests.runs.conftest import Stage

PAGES = {f"Kept {number}": f"kept by the bot: {number}" for number in range(3)}


def test_every_edit_carries_its_receipt_and_the_way_to_stop_it(stage: Stage) -> None:
    run = stage.run(PAGES)
    assert (run.state, run.counts) == ("finished", {"saved": 3})
    edits = stage.edits_of_the_bot()
    assert [edit["title"] for edit in edits] == list(PAGES)
    for number, edit in enumerate(edits, start=1):
        assert f"{run.key}/{number}" in edit["comment"]
        assert "[[User:HubBot/stop/pages|" in edit["comment"]
        assert "[[User:HubBot/task/pages|" in edit["comment"]


def test_a_second_run_makes_no_edit(stage: Stage) -> None:
    stage.run(PAGES)
    assert stage.run(PAGES).counts == {}
    assert len(stage.edits_of_the_bot()) == 3


def test_a_plan_changes_nothing_and_apply_carries_it_out(stage: Stage) -> None:
    planned = stage.runner(PAGES).plan()
    assert (planned.state, planned.counts) == ("planned", {"planned": 3})
    assert stage.edits_of_the_bot() == []
    more = {**PAGES, "Not in the plan": "text"}
    applied = stage.runner(more).apply(planned.key)
    assert (applied.state, applied.counts) == ("finished", {"saved": 3})
    assert {edit["title"] for edit in stage.edits_of_the_bot()} == set(PAGES)


def test_a_page_that_people_change_meanwhile_is_read_and_planned_again(stage: Stage) -> None:
    stage.run(PAGES)
    changed = {title: text + ", anew" for title, text in PAGES.items()}
    run = stage.run(changed, between=lambda: stage.aino.edit("Kept 1", "Aino's own words"))
    assert run.counts == {"saved": 3, "conflict": 1}
    assert stage.aino.text("Kept 1") == f"{changed['Kept 1']}\n\nAino's own words"
    assert stage.store.base("pages", Target("hub", "Kept 1")) == {"text": changed["Kept 1"]}


def test_a_page_that_people_create_first_is_not_overwritten(stage: Stage) -> None:
    run = stage.run(PAGES, between=lambda: stage.aino.edit("Kept 2", "I was first"))
    assert run.counts == {"saved": 3, "conflict": 1}
    assert stage.aino.text("Kept 2") == f"{PAGES['Kept 2']}\n\nI was first"


def test_an_edit_that_waits_for_a_refused_one_is_not_made(stage: Stage) -> None:
    stage.coordinator.post(
        action="protect", title="Kept 0", protections="create=sysop", reason="test"
    )
    run = stage.run(PAGES, after={"Kept 1": "Kept 0"})
    assert run.counts == {"saved": 1, "refused": 1, "deferred": 1}
    by_title = {spooled.target.title: spooled.outcome for spooled in stage.store.edits(run)}
    assert isinstance(by_title["Kept 0"], Refused)
    assert by_title["Kept 0"].reason == "protected"
    assert isinstance(by_title["Kept 1"], Deferred)
    assert [s.finding.message.key for s in stage.store.findings()] == ["edit-refused-protected"]


def test_an_edit_that_waits_for_another_comes_after_it(stage: Stage) -> None:
    run = stage.run(PAGES, after={"Kept 0": "Kept 2"})
    assert run.counts == {"saved": 3}
    assert [edit["title"] for edit in stage.edits_of_the_bot()] == ["Kept 1", "Kept 2", "Kept 0"]


def test_a_page_that_excludes_bots_is_left_alone_and_reported(stage: Stage) -> None:
    stage.aino.edit("Kept 1", "{{nobots}} mine")
    run = stage.run(PAGES)
    assert run.counts == {"saved": 2, "refused": 1}
    assert stage.aino.text("Kept 1") == "{{nobots}} mine"
    assert [s.finding.message.key for s in stage.store.findings()] == ["edit-refused-excluded"]


def test_a_wiki_without_an_approval_is_not_written_to(stage: Stage) -> None:
    run = stage.run({"Kept 0": "x"}, site="media")
    assert run.counts == {"refused": 1}
    (stored,) = stage.store.findings()
    assert stored.finding.message.key == "edit-refused-not-approved"


def test_a_second_start_is_told_who_runs(stage: Stage) -> None:
    stage.store.take_lease("pages", "somebody else", utcnow(), 60)
    with pytest.raises(LeaseTakenError) as caught:
        stage.run(PAGES)
    assert caught.value.held.holder == "somebody else"
    assert stage.edits_of_the_bot() == []


@pytest.mark.parametrize("title", ["User:HubBot/stop/pages", "User:HubBot/stop"])
def test_any_text_on_a_stop_page_stops_before_the_first_edit(stage: Stage, title: str) -> None:
    stage.aino.edit(title, "wait, please")
    run = stage.run(PAGES)
    assert run.state == "stopped"
    assert run.note is not None
    assert run.note.params == {"user": "Aino", "page": f"hub:{title}"}
    assert stage.edits_of_the_bot() == []
    stage.aino.edit(title, "")
    assert stage.run(PAGES).counts == {"saved": 3}


class TestStoppedInTheMiddle:
    """Somebody writes into the stop page during a run of 200 edits."""

    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"limits": {"edits_per_minute": 600}}

    def test_a_run_of_200_edits_stops_within_ten_seconds_of_editing(self, stage: Stage) -> None:
        wanted = {f"Kept {number}": "x" for number in range(200)}
        runner = stage.runner(wanted)
        running = threading.Thread(target=runner.run)
        running.start()
        _wait_until(lambda: len(stage.edits_of_the_bot()) >= 20)
        stage.aino.edit("User:HubBot/stop/pages", "Something is wrong")
        running.join(60)
        assert not running.is_alive()
        edits = stage.edits_of_the_bot()
        assert 20 <= len(edits) < 200
        (stop,) = stage.store.stops()
        assert stop.since is not None
        last = datetime.fromisoformat(edits[-1]["timestamp"])
        assert (last - stop.since).total_seconds() <= 10
        (run,) = stage.store.runs()
        assert run.state == "stopped"
        assert run.counts == {"saved": len(edits), "planned": 200 - len(edits)}
        assert "Aino stopped it on hub:User:HubBot/stop/pages" in _status(stage)
        page = _dashboard(stage)
        assert "Aino" in page
        assert "stop/pages" in page


def test_sigterm_ends_a_run_between_two_edits(stage: Stage) -> None:
    runner = stage.runner(PAGES)
    runner.bot.between = runner.cancel.set  # type: ignore[attr-defined]
    run = runner.run()
    assert (run.state, run.counts) == ("interrupted", {"planned": 3})
    assert stage.run(PAGES).counts == {"saved": 3}


def test_a_run_that_crashes_says_so_and_gives_back_its_lease(stage: Stage) -> None:
    def crash() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stage.run(PAGES, between=crash)
    (run,) = stage.store.runs()
    assert run.state == "failed"
    assert stage.store.leases() == []
    assert stage.run(PAGES).counts == {"saved": 3}


class TestHeldPlans:
    """A plan over the guard waits on the wiki for a trusted person."""

    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"guard": {"first_run_edits": 2}}

    def held(self, stage: Stage) -> str:
        run = stage.run(PAGES)
        assert run.state == "held"
        return run.key

    def decide(self, key: str) -> str:
        return f"{{{{HubBot decision|plan={key}|decision=apply}}}}"

    def test_nothing_is_applied_and_a_page_shows_the_plan(self, stage: Stage) -> None:
        key = self.held(stage)
        assert [e["title"] for e in stage.edits_of_the_bot()] == ["User:HubBot/plan/pages"]
        text = stage.aino.text("User:HubBot/plan/pages")
        assert text is not None
        assert f"{{{{HubBot decision|plan={key}|decision=}}}}" in text
        assert all(f"[[:{title}" in text or f"[[{title}" in text for title in PAGES)

    def test_the_same_plan_is_not_shown_again(self, stage: Stage) -> None:
        self.held(stage)
        assert stage.run(PAGES).state == "held"
        assert len(stage.edits_of_the_bot()) == 1

    def test_a_trusted_persons_word_lets_that_plan_through(self, stage: Stage) -> None:
        key = self.held(stage)
        stage.coordinator.edit("User:HubBot/plan/pages", self.decide(key))
        run = stage.run(PAGES)
        assert (run.state, run.counts) == ("finished", {"saved": 3})
        (decision,) = stage.store.decisions("pages")
        assert (decision.user, decision.choice, decision.pair) == ("Coordinator", "apply", key)
        assert stage.run({f"New {n}": "x" for n in range(20)}).state == "held"

    def test_an_ordinary_users_word_does_not(self, stage: Stage) -> None:
        key = self.held(stage)
        stage.aino.edit("User:HubBot/plan/pages", self.decide(key))
        assert stage.run(PAGES).state == "held"
        assert len(stage.edits_of_the_bot()) == 1

    def test_a_trusted_person_who_edits_after_it_lends_it_no_weight(self, stage: Stage) -> None:
        key = self.held(stage)
        stage.aino.edit("User:HubBot/plan/pages", self.decide(key))
        stage.coordinator.edit("User:HubBot/plan/pages", self.decide(key) + "\nI wonder.")
        assert stage.run(PAGES).state == "held"

    def test_apply_lets_it_through_from_the_command_line(self, stage: Stage) -> None:
        key = self.held(stage)
        applied = stage.runner(PAGES).apply(key)
        assert (applied.state, applied.counts) == ("finished", {"saved": 3})


def _wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _status(stage: Stage) -> str:
    written = StringIO()
    console = Console(file=written, soft_wrap=True, highlight=False)
    Printer(stage.house.messages, console).status(stage.store)
    return written.getvalue()


def _dashboard(stage: Stage) -> str:
    from webservice.app import create_app

    return create_app(stage.house.config).test_client().get("/").get_data(as_text=True)
