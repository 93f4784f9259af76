"""Every fault of the network, at every kind of edit: in the end the same pages, nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bots.core.store import Run
from bots.house import House, run_bot
from sandbox.faults import (
    Cut,
    Fault,
    Html,
    HttpError,
    Late,
    Request,
    SessionLost,
    Timeout,
    Truncated,
    badtoken,
    editconflict,
    is_edit,
    maxlag,
    ratelimited,
    readonly,
)
from sandbox.proxy import FaultProxy
from tests.runs.requests_scene import TOP, Result, Scene

FAULTS: dict[str, Fault] = {
    "503 before the wiki": HttpError(503, retry_after=1),
    "503 after the save": HttpError(503, retry_after=1, saved=True),
    "429": HttpError(429, retry_after=1),
    "502 without Retry-After": HttpError(502, retry_after=None),
    "timeout before the wiki": Timeout(),
    "timeout after the save": Timeout(saved=True),
    "cut before the wiki": Cut(),
    "cut after the save": Cut(saved=True),
    "HTML before the wiki": Html(),
    "HTML after the save": Html(saved=True),
    "half the JSON": Truncated(),
    "half the JSON, as if whole": Truncated(announced=False),
    "maxlag": maxlag(retry_after=1),
    "ratelimited": ratelimited(),
    "readonly": readonly(),
    "badtoken": badtoken(),
    "session lost": SessionLost(),
    "editconflict": editconflict(),
}

EDITS: dict[str, Callable[[Request], bool]] = {
    "an edited page": lambda request: _edits(request, f"{TOP}/Sea"),
    "a created page": lambda request: _edits(request, f"Talk:{TOP}/Everything"),
    "a new talk section": lambda request: _edits(request, f"Talk:{TOP}/Sea"),
}


def _edits(request: Request, title: str) -> bool:
    return is_edit(request) and request.params.get("title") == title


def run(house: House) -> Run:
    return run_bot(house, "intake", lambda runner: runner.run())


def run_until_finished(house: House, most: int) -> None:
    """Run, and run again after a run that the wiki sent away, as a schedule does."""
    states = []
    while not states or states[-1] == "deferred":
        states.append(run(house).state)
        assert len(states) <= most, states
    assert states[-1] == "finished"


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_after_a_fault_the_pages_are_the_same_and_nothing_is_there_twice(
    scene: Scene, undisturbed: Result, tmp_path: Path, fault: Fault
) -> None:
    """The fault comes at an edited page, at a created one, and at a new talk section."""
    scene.begin()
    with FaultProxy(scene.wikis.hub.api) as proxy:
        limits = {"request_timeout_seconds": 1, "longest_wait_seconds": 0}
        house = scene.house(tmp_path, proxy.api_url, **limits)
        for when in EDITS.values():
            proxy.inject(fault, when)
        run_until_finished(house, most=len(EDITS) + 1)
        assert sum(entry.fault is not None for entry in proxy.log) == len(EDITS)
        assert run(house).counts == {}
    assert scene.result() == undisturbed


@pytest.mark.parametrize("edit", ["a created page", "a new talk section"])
def test_the_run_itself_finds_what_was_saved_when_the_answer_was_cut(
    scene: Scene, undisturbed: Result, tmp_path: Path, edit: str
) -> None:
    scene.begin()
    with FaultProxy(scene.wikis.hub.api) as proxy:
        house = scene.house(tmp_path, proxy.api_url)
        proxy.inject(Cut(saved=True), EDITS[edit])
        ended = run(house)
        assert (ended.state, ended.counts) == ("finished", {"saved": 7})
        assert proxy.count(EDITS[edit]) == 1
    assert scene.result() == undisturbed


@pytest.mark.parametrize("when", EDITS.values(), ids=EDITS.keys())
@pytest.mark.parametrize("arrives", ["before the next run", "after the next run"])
def test_an_edit_that_arrives_late_is_not_there_twice(
    scene: Scene,
    undisturbed: Result,
    tmp_path: Path,
    arrives: str,
    when: Callable[[Request], bool],
) -> None:
    scene.begin()
    let_go = threading.Event()
    with FaultProxy(scene.wikis.hub.api) as proxy:
        house = scene.house(tmp_path, proxy.api_url, request_timeout_seconds=1)
        proxy.inject(Late(let_go), when)
        assert run(house).state == "finished"
        if arrives == "before the next run":
            let_go.set()
            assert proxy.settle()
        assert run(house).state == "finished"
        let_go.set()
        assert proxy.settle()
        assert run(house).counts == {}
    assert scene.result() == undisturbed


def test_a_wait_that_the_wiki_asks_for_is_made_and_the_same_run_goes_on(
    scene: Scene, undisturbed: Result, tmp_path: Path
) -> None:
    scene.begin()
    waits = []
    with FaultProxy(scene.wikis.hub.api) as proxy:
        house = scene.house(tmp_path, proxy.api_url)
        proxy.inject(maxlag(retry_after=1), is_edit, skip=2, times=2)

        def look(_request: Request) -> None:
            with house.store() as store:
                waits.append(store.runs(limit=1)[0].waits_for)

        proxy.on_request(look, lambda request: "User:HubBot/stop" in str(request.params))
        assert run(house).state == "finished"
    assert scene.result() == undisturbed


def test_a_wiki_that_cannot_be_read_ends_the_run_and_nothing_is_written(
    scene: Scene, tmp_path: Path
) -> None:
    scene.begin()
    with FaultProxy(scene.wikis.hub.api) as proxy:
        house = scene.house(tmp_path, proxy.api_url, longest_wait_seconds=0)
        run(house)
        before = scene.result()
        proxy.inject(readonly(), is_edit, times=None)
        proxy.inject(HttpError(503, retry_after=1), times=None)
        ended = run(house)
        assert ended.state in ("deferred", "stopped")
        assert ended.note is not None
    assert scene.result() == before
