"""A fresh store for each test that asks for one: once on SQLite, once on a real MariaDB.

A pytest plugin, named in tests/conftest.py. One server is started for the whole session, and
only if a test wants it; each test has its own database there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from bots.core.store import Store, opened
from sandbox.mariadb import MariaDB, running_mariadb


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDB]:
    """A MariaDB for the session; `new_database()` gives a fresh database's SQLAlchemy URL."""
    with running_mariadb(tmp_path_factory.mktemp("mariadb")) as server:
        yield server


@pytest.fixture(params=["sqlite", "mariadb"])
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test's store is on. Parametrise it indirectly to have only one."""
    return cast(str, request.param)


@pytest.fixture
def new_store_url(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[], str]:
    """Gives the URL of another empty database, without tables, at each call."""
    if database == "mariadb":
        server: MariaDB = request.getfixturevalue("mariadb")
        return server.new_database
    numbers = iter(range(1000))
    return lambda: f"sqlite:///{tmp_path}/store-{next(numbers)}.sqlite"


@pytest.fixture
def store_url(new_store_url: Callable[[], str]) -> str:
    """The URL of an empty database, without tables."""
    return new_store_url()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store at `store_url`, open for writing, its tables made."""
    with opened(store_url) as store:
        yield store
