"""What every test of the Wikibase side may ask for: a running stand-in, new for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.wikibase.people import add_people
from sandbox.wikibase.server import Wikibase, running_wikibase


@pytest.fixture
def standin() -> Iterator[Wikibase]:
    """A stand-in Wikibase on loopback with nothing on it but its accounts, in memory.

    Its accounts are those of sandbox.wikibase.people: HubBot, PlainUser, Admin.
    """
    with running_wikibase() as wikibase:
        add_people(wikibase.accounts)
        yield wikibase
