"""Fixtures for pytest: the wikis and MariaDB, started once a session, fresh for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.mariadb import MariaDB, running_mariadb
from sandbox.mediawiki import Sandbox, reset, running


@pytest.fixture(scope="session")
def shared_wikis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The three wikis with whatever earlier tests left on them."""
    with running(tmp_path_factory.mktemp("wikis")) as sandbox:
        yield sandbox


@pytest.fixture
def wikis(shared_wikis: Sandbox) -> Sandbox:
    """The three wikis as installed."""
    reset(shared_wikis.directory)
    return shared_wikis


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDB]:
    """A MariaDB that runs."""
    with running_mariadb(tmp_path_factory.mktemp("mariadb")) as server:
        yield server


@pytest.fixture
def mariadb_url(mariadb: MariaDB) -> str:
    """The SQLAlchemy URL of an empty database on MariaDB."""
    return mariadb.new_database()
