"""What is known of accepted requests and of the records that they may be of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.plan import JSON
from bots.core.register.facts import PageRecord, Values
from bots.core.register.kinds import KindConfig
from bots.core.seen import Seen
from bots.register.records import Rules

KIND = "partner"
"""The kind of record that a partnership request is about."""

RECORD = "record"
"""The request's field that links to its partner's record, and the slot of that link."""

DONE = "accepted"
"""The slot of a request's page that holds as what its record was last brought up to date."""

DELETED, TAKEN, KEPT_OUT = "deleted", "taken", "kept-out"
"""What may hinder that; it stands in the same slot."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """An accepted request; `first`: the day on which it was first seen.

    `values`: what it says of its partner, by the record's fields. `link`: the title of the record
    that it links to, "" for none.
    """

    title: str
    first: str
    values: Values = field(default_factory=dict)
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a plan is made of.

    `template`: the request template's names. `requests`: all that are accepted, the first ones
    first. `partners`: all records of the kind. `bases`: title → what the register left there.
    `pages`: title → page, of those that something may be written to. `deleted`: titles of pages
    that people have deleted.
    """

    site: str
    rules: Rules
    template: Sequence[str]
    requests: Sequence[Request]
    partners: Sequence[PageRecord]
    bases: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)
    pages: Mapping[str, Seen] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()

    @property
    def kind(self) -> KindConfig:
        """What a partner is."""
        return self.rules.kinds[KIND]

    @property
    def folder(self) -> str:
        """How the titles of partners begin."""
        return self.rules.world.folder(KIND)

    def left(self, title: str) -> Mapping[str, JSON]:
        """What the register left on a page."""
        return self.bases.get(title, {})
