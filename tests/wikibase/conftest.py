"""What every test of the Wikibase side may ask for: a running stand-in, new for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.accounts import Login
from sandbox.client import Client
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase, running_wikibase


@pytest.fixture
def standin() -> Iterator[Wikibase]:
    """A stand-in Wikibase on loopback with nothing on it but its accounts, in memory.

    Its accounts are those of sandbox.wikibase.people: HubBot, PlainUser, Admin.
    """
    with running_wikibase() as wikibase:
        people.add_people(wikibase.accounts)
        yield wikibase


@pytest.fixture
def bot(standin: Wikibase) -> Client:
    """The bot's session, by its bot password."""
    return Client(standin, Login(people.BOT_LOGIN, people.BOT_LOGIN_PASSWORD))


@pytest.fixture
def person(standin: Wikibase) -> Client:
    """A person's session."""
    return Client(standin, Login(people.PERSON, people.PERSON_PASSWORD))


@pytest.fixture
def admin(standin: Wikibase) -> Client:
    """An administrator's session."""
    return Client(standin, Login(people.ADMIN, people.ADMIN_PASSWORD))
