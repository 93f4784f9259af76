"""Wikis for the tests of the sandbox itself, which set them back as no other room's tests do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.mediawiki import Sandbox, reset, running


@pytest.fixture(scope="package")
def shared_wikis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The three wikis with whatever earlier tests left on them."""
    with running(tmp_path_factory.mktemp("wikis")) as sandbox:
        yield sandbox


@pytest.fixture
def wikis(shared_wikis: Sandbox) -> Sandbox:
    """The three wikis as installed."""
    reset(shared_wikis.directory)
    return shared_wikis
