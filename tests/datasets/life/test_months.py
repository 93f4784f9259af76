"""A short life: the judge tells a bot that keeps people's edits from one that does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.life.acts_items import ACTS
from bench.life.integrator import Integrator
from bench.life.months import Course, Keeper, live
from bench.life.scene import Scene


@pytest.mark.parametrize("mode", ["APPEND_OR_REPLACE", "REPLACE_ALL"])
def test_a_bot_without_a_memory_is_found_out(mode: str) -> None:
    @contextmanager
    def employ(scene: Scene, api: str) -> Iterator[Keeper]:
        yield Integrator(scene, api, mode)

    life = live(Course(records=15, months=3, acts=30, runs=1), employ)
    assert len(life.verdict.edits_lost) > 20
    assert life.verdict.double_items
    assert life.slots > 30
    assert sum(1 for name in ACTS if life.acts.get(name)) > 40


def test_a_bot_that_does_nothing_is_far_behind() -> None:
    class Idle:
        def publish(self, _release: object) -> None: ...

        def run(self) -> list[object]:
            return []

    @contextmanager
    def employ(_scene: Scene, _api: str) -> Iterator[Keeper]:
        yield Idle()

    life = live(Course(records=15, months=1, acts=5, runs=1), employ)
    assert life.verdict.edits_lost == ()
    assert len(life.behind) == life.slots > 0
