"""What every test of the Wikibase side may ask for: a running stand-in, new for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.wikibase.server import Wikibase, running_wikibase


@pytest.fixture
def standin() -> Iterator[Wikibase]:
    """A stand-in Wikibase on loopback with nothing on it but its accounts, in memory.

    Accounts: Admin (adminpass-1234, sysop), HubBot (hubbotpass-1234, bot; bot password
    HubBot@hub with `hubhubhubhubhubhubhubhubhubhubhub`), PlainUser (plainpass-1234).
    """
    with running_wikibase() as wikibase:
        wikibase.accounts.add("PlainUser", "plainpass-1234")
        wikibase.accounts.add("HubBot", "hubbotpass-1234", "bot")
        wikibase.accounts.add_bot_password("HubBot", "hub", "hubhubhubhubhubhubhubhubhubhubhub")
        yield wikibase
