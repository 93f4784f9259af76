"""The way from a request to the store, which is opened when it is first asked for."""

from __future__ import annotations

import threading

from flask import current_app
from sqlalchemy import Engine

from bots.core.store import Store
from bots.core.store.engine import check


class StoreDoor:
    """Holds the store once it could be opened; until then, every request tries anew."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._store: Store | None = None

    def store(self) -> Store:
        """The store, for reading. Raises `StoreError`, and SQLAlchemy's errors."""
        with self._lock:
            if self._store is None:
                self._store = Store.open_for_reading(self._url)
            return self._store

    def check(self) -> None:
        """Raise `StoreError` or SQLAlchemy's errors unless the store is there and up to date."""
        check(self.store().engine)


def engine() -> Engine:
    """The store's engine, for the request at hand."""
    return the_store().engine


def the_store() -> Store:
    """The store, for the request at hand."""
    door: StoreDoor = current_app.extensions["hubbot_store"]
    return door.store()
