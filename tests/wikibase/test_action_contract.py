"""The recorded exchanges of a real Wikibase's Action API, replayed on the stand-in over HTTP.

The same test holds any real Wikibase to them: HUBBOT_WIKIBASE_API (…/w/api.php),
HUBBOT_WIKIBASE_USER and HUBBOT_WIKIBASE_PASSWORD (a bot password's) name it.
"""

from __future__ import annotations

import pytest

from tests.wikibase.action_replay import play
from tests.wikibase.action_setups import RECORDED
from tests.wikibase.action_stories import LEFT_OUT, STORIES, Story
from tests.wikibase.action_target import is_real, real_target, standin_target

_PLAYED: dict[str, dict[str, list[str]]] = {}
REPLAYED = [(story, name) for story in STORIES for name in story.recordings]


def _differences(story: Story, name: str) -> list[str]:
    """What differs for a recording; its story is played once, on a wiki of its own if possible."""
    if story.name not in _PLAYED:
        if is_real():
            _PLAYED[story.name] = play(story, real_target())
        else:
            with standin_target() as target:
                _PLAYED[story.name] = play(story, target)
    return _PLAYED[story.name][name]


@pytest.mark.parametrize(("story", "name"), REPLAYED, ids=[name for _, name in REPLAYED])
def test_a_recorded_request_is_answered_as_recorded(story: Story, name: str) -> None:
    if is_real() and story.needs:
        pytest.skip(f"On a wiki that is not ours this cannot be set up: it needs {story.needs}.")
    assert _differences(story, name) == []


def test_every_recording_is_replayed_once_or_left_out_with_a_reason() -> None:
    named = [name for _, name in REPLAYED]
    assert sorted([*named, *LEFT_OUT]) == sorted(path.stem for path in RECORDED.glob("*.json"))
    assert all(LEFT_OUT.values())
