"""Python's own house-keeping while a run is on."""

from __future__ import annotations

import gc

import pytest

from bots.core.run import seldom_collecting


def test_unused_circles_are_looked_for_as_before_once_a_run_is_over_however_it_ends() -> None:
    before = gc.get_threshold()
    seen = []

    def run() -> None:
        with seldom_collecting():
            seen.append(gc.get_threshold())
            raise KeyError

    with pytest.raises(KeyError):
        run()
    assert seen[0] > before
    assert gc.get_threshold() == before
