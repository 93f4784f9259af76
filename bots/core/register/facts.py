"""A record of the register as it was read from its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Values = Mapping[str, Sequence[str]]
"""A field's name → its values in canonical form, in the order of the page; none: left out.

Canonical: a country as ISO 3166-1 (SE), a language as MediaWiki's code, a date as 2026-11 or
2026-11-21, an item as Q42, a reference to another record as that record's page title, a choice as
its key, a user's name and a category of Commons without namespace, a licence as CC BY 4.0; text as
it stands, without markup of its own, with its line ends.
"""


@dataclass(frozen=True, kw_only=True)
class PageRecord:
    """One record: a page on the hub wiki that holds a call of its kind's template.

    `page` is the page's number, which stays when it is moved. `values` has the good values alone:
    a bad one is a finding. `revid` and `edited`: the newest revision, and when it was saved.
    `lines`: on which line of the page, from 1, each field's value begins.
    """

    kind: str
    page: int
    title: str
    revid: int
    edited: datetime
    values: Values = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        """What lists, files and links call it."""
        return str(self.page)

    def first(self, name: str) -> str:
        """The first value of a field, "" where there is none."""
        return next(iter(self.values.get(name, ())), "")
