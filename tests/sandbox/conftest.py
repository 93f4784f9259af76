"""The sandbox's fixtures, for the tests of the sandbox itself."""

from __future__ import annotations

from sandbox.testing import mariadb, mariadb_url, shared_wikis, wikis

__all__ = ["mariadb", "mariadb_url", "shared_wikis", "wikis"]
