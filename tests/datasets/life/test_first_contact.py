"""Somebody edits an item between HubBot's first look at it and its first edit there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.life.months import somebody_acts
from bench.life.operator import DATASET, data_file, write
from bench.life.source import COLUMNS
from sandbox.faults import Request, is_write
from tests.datasets.histories import History, history, published


class Racer:
    """Somebody who edits each item once, just before HubBot's first edit of it arrives."""

    def __init__(self, lived: History) -> None:
        self._lived = lived
        self.raced: list[str] = []

    def __call__(self, request: Request) -> None:
        found = re.search(r"/items/(Q\d+)", request.path)
        if found and found[1] not in self.raced:
            self.raced.append(found[1])
            somebody_acts(self._lived.scene, found[1])


@pytest.mark.parametrize("seed", [1, 4])
def test_whoever_edits_just_before_our_first_edit_wins(seed: int, tmp_path: Path) -> None:
    with history(seed, tmp_path) as lived:
        racer = Racer(lived)
        lived.proxy.on_request(racer, is_write)
        for release in published(seed)[:2]:
            write(data_file(tmp_path, DATASET), COLUMNS, release.rows.values())
            assert lived.run().state == "finished"
        verdict = lived.verdict()
    assert len(racer.raced) >= 4
    assert verdict.edits > len(racer.raced)
    assert verdict.edits_lost == ()
    assert verdict.double_statements == ()
    assert verdict.double_items == ()
