"""A stand-in Wikibase for the tests of undoing, rebuilding and trials, and a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.core.store import Store, opened
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase, running_wikibase
from tests.wikibase.entities_scene import seed_properties


@pytest.fixture
def wiki() -> Iterator[Wikibase]:
    """A stand-in Wikibase with nobody's items."""
    with running_wikibase() as wikibase:
        people.add_people(wikibase.accounts)
        seed_properties(wikibase)
        yield wikibase


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with opened(f"sqlite:///{tmp_path}/store.sqlite") as found:
        yield found
