"""Random histories over HTTP with runs killed at any moment: people win, and nothing is twice.

HUBBOT_HISTORIES=500 lives through more of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.datasets.histories import history

HISTORIES = int(os.environ.get("HUBBOT_HISTORIES", "50"))


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whenever_a_run_is_killed_people_win_and_nothing_is_done_twice(
    seed: int, tmp_path: Path
) -> None:
    with history(seed, tmp_path) as lived:
        lived.live()
        verdict = lived.verdict()
    assert verdict.edits_lost == ()
    assert verdict.double_statements == ()
    assert verdict.double_items == ()
    assert lived.deaths
    assert lived.again == []
    for before, rebuilt in lived.plans:
        assert rebuilt == before
