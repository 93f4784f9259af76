"""A page as it was read, for a plan that may want to change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bots.core.plan import PageText


@dataclass(frozen=True)
class Seen:
    """A page as it was read; `text` is None where there is none, `fault` says why it can't be read.

    `timestamp` is that of the newest revision, which `user` made; of a page that is not there, when
    the wiki said so. `skip`: a redirect, or no wikitext; `kept_out`: its people don't want HubBot
    there ({{bots}}, {{nobots}}).
    """

    title: str
    text: str | None
    revid: int | None
    timestamp: datetime | None
    user: str = ""
    fault: str = ""
    skip: bool = False
    kept_out: bool = False

    def change(self, text: str, *, announce: bool = False) -> PageText:
        """The change that gives the page another text, or makes it."""
        return PageText(
            text=text,
            before=self.text,
            base_revid=self.revid,
            base_timestamp=self.timestamp,
            announce=announce,
        )
