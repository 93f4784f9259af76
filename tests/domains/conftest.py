"""What tests of domains may ask for: a hub whose Wikidata is a stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from sandbox.wikibase import people
from sandbox.wikibase.server import running_wikibase
from tests.domains.hub import Hub
from tests.domains.newly import HUB


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A folder with a hub.yaml, and a stand-in Wikibase with nothing on it."""
    with running_wikibase() as wikibase:
        people.add_people(wikibase.accounts)
        wikibase.settings.cirrus_search = True
        (tmp_path / "hub").mkdir()
        yield Hub(wikibase, tmp_path / "hub")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a hub.yaml and nothing else."""
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "hub.yaml").write_text(yaml.safe_dump(HUB))
    return tmp_path / "hub"
