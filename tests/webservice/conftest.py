"""What the dashboard's tests may ask for."""

from __future__ import annotations

from tests.store_fixtures import database, mariadb, new_store_url, store, store_url

__all__ = ["database", "mariadb", "new_store_url", "store", "store_url"]
