"""What tests of a dataset's runs may ask for: a stage with a Wikibase."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.wikibase.server import running_wikibase
from tests.datasets.choosing_scene import keys, like, writing_identifiers
from tests.datasets.foreign import ForeignGround, ForeignWiki, foreign_wiki, is_foreign
from tests.datasets.ground import Ground, OwnGround
from tests.datasets.scene import GROUNDWORK, ID, Stage, row


@pytest.fixture(scope="session")
def foreign() -> Iterator[ForeignWiki]:
    """The Wikibase that the environment names, with what all tests find there."""
    if "HUBBOT_WIKIBASE_ACCOUNTS" not in os.environ:
        pytest.skip("HUBBOT_WIKIBASE_ACCOUNTS names no file of accounts on the Wikibase.")
    with foreign_wiki() as wiki:
        wiki.share(GROUNDWORK, own=ID)
        yield wiki


@pytest.fixture
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """A stand-in of the test's own; or the Wikibase that the environment names."""
    if is_foreign():
        yield ForeignGround(request.getfixturevalue("foreign"))
        return
    with running_wikibase() as wikibase:
        own = OwnGround(wikibase)
        for name, entity in GROUNDWORK.items():
            own.seed({"id": name, **entity})
        yield own


@pytest.fixture
def stage(ground: Ground, tmp_path: Path) -> Stage:
    """A partner's dataset, set up on a Wikibase."""
    return Stage(ground, tmp_path)


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
