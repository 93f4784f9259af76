"""What a story of recorded requests is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.wikibase.rest_setups import Step

OTHER_ACCOUNTS = "other accounts with known passwords"
OWNER = "the powers of the wiki's owner or of an administrator"


@dataclass(frozen=True)
class Needs:
    """From here on a story takes more than a bot's account: `what` says what."""

    what: str


@dataclass(frozen=True)
class Story:
    """Steps in their order: names of recordings, set-ups, and what it takes to go on."""

    name: str
    steps: Sequence[str | Step | Needs]

    @property
    def recordings(self) -> list[str]:
        """The recordings that it replays."""
        return [step for step in self.steps if isinstance(step, str)]

    def needs(self, recording: str) -> str:
        """What a recording takes beside a bot's account; nothing, mostly."""
        before = self.steps[: self.steps.index(recording)]
        return next((step.what for step in before if isinstance(step, Needs)), "")
