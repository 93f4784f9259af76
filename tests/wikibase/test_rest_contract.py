"""The recorded exchanges of a real Wikibase's REST API, replayed on the stand-in over HTTP.

The same test holds any real Wikibase to them: HUBBOT_WIKIBASE_API (…/w/api.php),
HUBBOT_WIKIBASE_USER and HUBBOT_WIKIBASE_PASSWORD (a bot password's) name it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sandbox.wikibase.server import running_wikibase
from tests.wikibase.rest_replay import names_of_recordings, play, story_of
from tests.wikibase.rest_stories import LEFT_OUT, STORIES
from tests.wikibase.rest_target import Target, real_target, standin_target

REPLAYED = [name for story in STORIES for name in story.recordings]

Outcome = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """The real Wikibase that the environment names, else a stand-in."""
    real = real_target()
    if real is not None:
        yield real
        return
    with running_wikibase() as wikibase:
        yield standin_target(wikibase)


@pytest.fixture(scope="module")
def outcome(target: Target) -> Outcome:
    """What differs for a recording; its story is played once, when first asked for."""
    found: dict[str, list[str]] = {}

    def of(name: str) -> list[str]:
        if name not in found:
            found.update(play(story_of(name), target))
        return found[name]

    return of


@pytest.mark.parametrize("name", REPLAYED)
def test_a_recorded_request_is_answered_as_recorded(
    name: str, target: Target, outcome: Outcome
) -> None:
    needs = story_of(name).needs(name)
    if target.owner is None and needs:
        pytest.skip(f"On a wiki that is not ours this cannot be set up: it needs {needs}.")
    assert outcome(name) == []


def test_every_recording_is_replayed_once_or_left_out_with_a_reason() -> None:
    assert sorted([*REPLAYED, *LEFT_OUT]) == names_of_recordings()
    assert all(LEFT_OUT.values())


def test_at_least_180_recordings_are_replayed() -> None:
    assert len(REPLAYED) >= 180
