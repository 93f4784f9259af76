"""What tests of a dataset's runs may ask for: a stage with a stand-in Wikibase."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.wikibase import people
from sandbox.wikibase.server import running_wikibase
from tests.datasets.choosing_scene import keys, like, writing_identifiers
from tests.datasets.scene import Stage, row


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A partner's dataset, set up on a stand-in of its own."""
    with running_wikibase() as wikibase:
        people.add_people(wikibase.accounts)
        yield Stage(wikibase, tmp_path)


@pytest.fixture
def asked(stage: Stage) -> Stage:
    """X-1 is Q1, X-2 is on no item: people are asked whether it is Q2, which has its name."""
    writing_identifiers(stage)
    stage.item("Q1", "X-1")
    like(stage, "Q2", "X-2")
    stage.release([row("X-1"), row("X-2")])
    stage.run()
    assert keys(stage) == ["X-2"]
    return stage
