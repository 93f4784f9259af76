"""The store as a whole: opened, upgraded, closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from bots.core.store import engine as engines
from bots.core.store.catalogue import Catalogue
from bots.core.store.control import Control
from bots.core.store.journal import Journal
from bots.core.store.memory import Memory
from bots.core.store.pagerecords import PageRecords


class Store(Journal, Memory, Catalogue, PageRecords, Control):
    """All that HubBot keeps. Every method is one transaction; times are UTC."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Store:
        """The store at `url`, its tables brought up to date. Raises `StoreError`."""
        engine = engines.open_engine(url)
        engines.upgrade(engine)
        return cls(engine)

    @classmethod
    def open_for_reading(cls, url: str) -> Store:
        """The store at `url`; the database itself refuses every write on this connection."""
        engine = engines.open_engine(url, read_only=True)
        engines.check(engine)
        return cls(engine)

    def close(self) -> None:
        """Give the database's connections back."""
        self.engine.dispose()


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """`Store.open`, closed at the end."""
    store = Store.open(url)
    try:
        yield store
    finally:
        store.close()
