"""The dashboard on a filled store, on SQLite and on MariaDB; made once, since it only reads."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bots.core.outcome import utcnow
from bots.core.store import Run, opened
from sandbox.mariadb import MariaDB
from tests.webservice import example, registered
from webservice.app import create_app


@dataclass(frozen=True)
class Dashboard:
    """The application, the store that it reads, and the example's runs by what they show."""

    app: Flask
    store_url: str
    runs: dict[str, Run]

    @property
    def client(self) -> FlaskClient:
        """A client that has sent nothing yet."""
        return self.app.test_client()

    def page(self, path: str) -> str:
        """A page's HTML; `{name}` in the path is the key of that run."""
        return self.get(path).text

    def get(self, path: str, status: int = 200, **headers: str):  # type: ignore[no-untyped-def]
        """A response, which has to have this status."""
        keys = {name: run.key for name, run in self.runs.items()}
        response = self.client.get(path.format(**keys), headers=headers)
        assert response.status_code == status, response.text
        return response


@pytest.fixture(scope="session", params=["sqlite", "mariadb"])
def dashboard(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Dashboard:
    """The dashboard of the example's store."""
    if request.param == "mariadb":
        server: MariaDB = request.getfixturevalue("mariadb")
        url = server.new_database()
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('dashboard')}/store.sqlite"
    with opened(url) as store:
        runs = example.fill(store, utcnow())
        registered.fill(store)
    config = registered.config(url, tmp_path_factory.mktemp("hub"))
    return Dashboard(create_app(config), url, runs)
