"""What can become of one edit: a closed list, each member of which knows what may follow.

Eight things can happen to an edit, and no ninth. Whoever sends one looks only at the three
questions that every outcome answers: `retry_at` (may this very edit be tried again, and when),
`replan` (must its target be read and planned again first) and `run_continues`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    @property
    def retry_at(self) -> datetime | None:
        """When the same edit may be sent again (UTC); None: never as it is."""
        return None

    @property
    def replan(self) -> bool:
        """Whether the target has to be read again, and a new edit planned for it."""
        return False

    @property
    def run_continues(self) -> bool:
        """Whether the run goes on with the next edit."""
        return True

    @property
    def done(self) -> bool:
        """Whether the wiki now says what the edit wanted it to say."""
        return False


@dataclass(frozen=True, kw_only=True)
class Saved(_Outcome):
    """The wiki has it: revision `revid` at `timestamp`.

    `merged` is true where MediaWiki put our edit on top of one that we had not read
    (the new revision's parent is not the revision that the edit was planned on). `title` is the
    page's where the wiki chose it: that of a new item.
    """

    name: Literal["saved"] = "saved"
    revid: int
    timestamp: datetime
    merged: bool = False
    title: str = ""

    @property
    def done(self) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class Unchanged(_Outcome):
    """The wiki said it already looked like that; no revision was made."""

    name: Literal["unchanged"] = "unchanged"

    @property
    def done(self) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class Conflict(_Outcome):
    """Somebody else changed the target first; nothing was written.

    `moved_to` is the entity into which people have merged the target, where the wiki said so.
    """

    name: Literal["conflict"] = "conflict"
    code: str
    moved_to: str = ""

    @property
    def replan(self) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class Refused(_Outcome):
    """The wiki, or a rule of the house, does not let us: protected, blocked, excluded, filtered.

    `reason` is one of the words above or `not-approved`; `whole_account` is true where the
    refusal is not about this page (a block), so that the run ends.
    """

    name: Literal["refused"] = "refused"
    reason: Literal["protected", "blocked", "excluded", "filtered", "not-approved", "permission"]
    code: str
    info: str = ""
    whole_account: bool = False

    @property
    def run_continues(self) -> bool:
        return not self.whole_account


@dataclass(frozen=True, kw_only=True)
class Deferred(_Outcome):
    """Not now: lag, rate limit, read-only, or the wiki is down. Nothing was written."""

    name: Literal["deferred"] = "deferred"
    until: datetime
    reason: Literal["lag", "rate-limit", "read-only", "unavailable", "waits-for-another"]
    info: str = ""

    @property
    def retry_at(self) -> datetime | None:
        return self.until


@dataclass(frozen=True, kw_only=True)
class Invalid(_Outcome):
    """The wiki will never take this content (too big, a bad title, a bad value)."""

    name: Literal["invalid"] = "invalid"
    code: str
    info: str = ""


@dataclass(frozen=True, kw_only=True)
class Unknown(_Outcome):
    """The answer was lost: the edit may have been saved or not.

    Nothing is sent again before the wiki has been looked at; see `bots.core.run`.
    """

    name: Literal["unknown"] = "unknown"
    info: str = ""


@dataclass(frozen=True, kw_only=True)
class Failed(_Outcome):
    """Anything else: the wiki's own error, one that HubBot does not know, a lost session."""

    name: Literal["failed"] = "failed"
    code: str
    info: str = ""


Outcome = Saved | Unchanged | Conflict | Refused | Deferred | Invalid | Unknown | Failed

NAMES: tuple[str, ...] = (
    "saved",
    "unchanged",
    "conflict",
    "refused",
    "deferred",
    "invalid",
    "unknown",
    "failed",
)

_ADAPTER: TypeAdapter[Outcome] = TypeAdapter(Annotated[Outcome, Field(discriminator="name")])


def to_json(outcome: Outcome) -> str:
    """The outcome as JSON text, for the store."""
    return _ADAPTER.dump_json(outcome).decode()


def from_json(text: str) -> Outcome:
    """The outcome that `to_json` wrote. Raises `pydantic.ValidationError` for anything else."""
    return _ADAPTER.validate_json(text)


def utcnow() -> datetime:
    """The time now, UTC, to the microsecond: the one clock of the house."""
    return datetime.now(UTC)


class NotReachedError(Exception):
    """A wiki could not be read, tried as often as is decent; `outcome` says when to come again."""

    def __init__(self, outcome: Deferred | Refused | Failed) -> None:
        super().__init__(f"{outcome.name}: {outcome.info}")
        self.outcome = outcome
