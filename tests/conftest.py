"""What every folder of tests may ask for: fresh stores, and one set of real wikis a session."""

from __future__ import annotations

pytest_plugins = ["tests.store_fixtures", "tests.wiki_fixtures"]
