"""What tests of a dataset's runs may ask for: a stage with a stand-in Wikibase."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.wikibase import people
from sandbox.wikibase.server import running_wikibase
from tests.datasets.scene import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A partner's dataset, set up on a stand-in of its own."""
    with running_wikibase() as wikibase:
        people.add_people(wikibase.accounts)
        yield Stage(wikibase, tmp_path)
