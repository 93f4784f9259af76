"""What a story of recorded requests is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.wikibase.rest_setups import Step

OTHER_ACCOUNTS = "other accounts with known passwords"
OWNER = "the powers of the wiki's owner or of an administrator"


@dataclass(frozen=True)
class Story:
    """Steps in their order: names of recordings, and set-ups. `needs` says what it takes beside a
    bot's account: nothing, OTHER_ACCOUNTS or OWNER."""

    name: str
    steps: Sequence[str | Step]
    needs: str = ""

    @property
    def recordings(self) -> list[str]:
        """The recordings that it replays."""
        return [step for step in self.steps if isinstance(step, str)]
