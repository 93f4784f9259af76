"""What the tests of matching share: a stand-in Wikibase at its own port, and our way to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest

from bots.wiki.entities import Entities
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase, running_wikibase
from tests.wikibase.entities_scene import open_desk, seed_item, seed_properties

PORTS = cycle(range(21200, 21300))
"""One a test: connections to the last one's stand-in may still be in the session's pool."""


@pytest.fixture
def wiki() -> Iterator[Wikibase]:
    """A stand-in that can search by statement, with Q1 "a", Q2 "b" and Q3 "c d", three days old."""
    with running_wikibase(port=next(PORTS)) as wikibase:
        people.add_people(wikibase.accounts)
        wikibase.settings.cirrus_search = True
        wikibase.state.now = lambda: datetime.now(UTC) - timedelta(days=3)
        seed_properties(wikibase)
        for entity_id, value in (("Q1", "a"), ("Q2", "b"), ("Q3", "c d")):
            seed_item(wikibase, entity_id, value)
        wikibase.state.now = lambda: datetime.now(UTC)
        yield wikibase


@pytest.fixture
def entities(wiki: Wikibase, tmp_path: Path) -> Entities:
    return open_desk(wiki.api, tmp_path).entities("repo")
