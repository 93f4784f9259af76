"""A Wikibase for the tests of undoing, rebuilding and trials, and a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.core.store import Store, opened
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase, running_wikibase
from tests.datasets.foreign import ForeignWiki, is_foreign
from tests.datasets.undo.front import Front, front_of
from tests.wikibase.entities_scene import DATATYPES, seed_properties

PROPERTIES = {name: {"type": "property", "datatype": each} for name, each in DATATYPES.items()}


@pytest.fixture
def wiki(request: pytest.FixtureRequest) -> Iterator[Wikibase | Front]:
    """A stand-in Wikibase with nobody's items; or the Wikibase that the environment names."""
    if is_foreign():
        known: ForeignWiki = request.getfixturevalue("foreign")
        known.share(PROPERTIES)
        with front_of(known) as front:
            yield front
        return
    with running_wikibase() as wikibase:
        people.add_people(wikibase.accounts)
        seed_properties(wikibase)
        yield wikibase


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with opened(f"sqlite:///{tmp_path}/store.sqlite") as found:
        yield found
