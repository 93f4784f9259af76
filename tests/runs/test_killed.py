"""Killed at any moment of a run: the next run ends with the same pages, and nothing twice."""

from __future__ import annotations

import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from sandbox.faults import Cut, Request, is_any, is_edit
from sandbox.proxy import FaultProxy
from tests.killing import PROCESSES, Killer, die_at_commit, finish
from tests.runs.requests_scene import Result, Scene


def run_intake(config: str, commit: int = 0) -> None:
    """`hubbot run intake` in a process of its own, which dies before its n-th commit."""
    from bots.cli import main

    die_at_commit(commit)
    main(["--config", config, "run", "intake"])


def started(config: Path, commit: int = 0) -> BaseProcess:
    process = PROCESSES.Process(target=run_intake, args=(str(config), commit))
    process.start()
    return process


def at_request(
    nth: int, when: Callable[[Request], bool], *, arrives: bool
) -> Callable[[FaultProxy, Path], BaseProcess]:
    """Die at the n-th such request: it never arrives, or it is carried out unanswered."""

    def start(proxy: FaultProxy, config: Path) -> BaseProcess:
        killer = Killer(nth)
        if not arrives:
            proxy.inject(Cut(), when, skip=nth - 1)
        proxy.on_request(killer, when, moment="after" if arrives else "before")
        killer.process = started(config)
        return killer.process

    return start


def at_commit(nth: int) -> Callable[[FaultProxy, Path], BaseProcess]:
    """Die before the n-th commit to the store."""

    def start(_proxy: FaultProxy, config: Path) -> BaseProcess:
        return started(config, nth)

    return start


POINTS = {
    **{f"request {n}": at_request(n, is_any, arrives=False) for n in (1, 3, 5, 7)},
    **{f"edit {n} not sent": at_request(n, is_edit, arrives=False) for n in (1, 3, 4, 6, 7)},
    **{f"edit {n} saved": at_request(n, is_edit, arrives=True) for n in range(1, 8)},
    **{f"commit {n}": at_commit(n) for n in (3, 6, 10, 11, 14, 18)},
}


@pytest.mark.parametrize("die", POINTS.values(), ids=POINTS.keys())
def test_after_a_kill_the_next_run_ends_with_the_same_pages_and_nothing_twice(
    scene: Scene,
    undisturbed: Result,
    tmp_path: Path,
    die: Callable[[FaultProxy, Path], BaseProcess],
) -> None:
    scene.begin()
    with FaultProxy(scene.wikis.hub.api) as proxy:
        house = scene.house(tmp_path, proxy.api_url)
        config = house.config.folder / "hub.yaml"
        assert finish(die(proxy, config)) == -signal.SIGKILL
        proxy.heal()
        assert finish(started(config)) == 0
        saved = proxy.count(is_edit)
        assert finish(started(config)) == 0
        assert proxy.count(is_edit) == saved
        with house.store() as store:
            states = [run.state for run in store.runs()]
            assert store.unsettled("intake") == []
    assert states[:2] == ["finished", "finished"]
    assert scene.result() == undisturbed


def test_there_are_at_least_twenty_points() -> None:
    assert len(POINTS) >= 20
