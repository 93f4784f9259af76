"""What a bot's `plan` gives: edits with their reasons, findings for people, and what is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from bots.core.entitychange import EntityChange
from bots.core.messages import Message
from bots.core.register.facts import PageRecord

JSON = Any
"""A value that `json` can write: str, int, float, bool, None, list, dict."""


NEW_ITEM = "Special:NewItem/"
"""Begins the title of a target that is a new item, before the bot's own name for the record."""


@dataclass(frozen=True)
class Target:
    """What an edit changes: `site` is a key of `sites` in hub.yaml, `title` a full page title.

    An entity's is that of its page (`Q42`, `Property:P31`). A new item has none yet: there it is
    `NEW_ITEM` and the bot's own name for the record, the same in every run.
    """

    site: str
    title: str

    def __str__(self) -> str:
        return f"{self.site}:{self.title}"


@dataclass(frozen=True, kw_only=True)
class PageText:
    """A page's whole new text, on top of the revision that was read.

    `before` is the text that was read and `base_revid` its revision; a page that was not there
    has None for both, and is created only if it is still not there. `base_timestamp` is when the
    base revision was saved. `announce` leaves the bot flag off, so that people who watch the
    page see the edit (for posts on talk pages). `moved`: so many bytes of what is taken out go to
    other pages, by edits that come before this one.
    """

    kind: Literal["page"] = "page"
    text: str
    before: str | None = None
    base_revid: int | None = None
    base_timestamp: datetime | None = None
    announce: bool = False
    moved: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to save."""
        return self.text == self.before

    @property
    def shown(self) -> tuple[str, str]:
        """The text before and after, for people."""
        return self.before or "", self.text


Change = Annotated[PageText | EntityChange, Field(discriminator="kind")]
"""Every kind of change there is."""


@dataclass(frozen=True)
class RecordState:
    """How far a record of a source is judged, for the store: see `bots.core.store.Known`.

    - `digest`: what the source said, and by which mapping it was read.
    - `quiet`: nothing is told of it: it need not be looked at until it or its item changes.
    - `gone_since`: the source's release, by its number, that had it no more; 0: it is there.
    - `row`: what the source said, as JSON text with exact numbers (`wikibase.exact`), where the
      record is to be judged again without the source.
    - `links`: the records of datasets that it names, as (bot, record, title of its item's page, ""
      for none): once one of these is another, it is looked at again. None: as it was.
    - `gaps`: what the record lacks on the wiki, where its bot counts that.
    """

    record: str
    digest: str
    quiet: bool = False
    gone_since: int = 0
    row: str | None = None
    links: tuple[tuple[str, str, str], ...] | None = None
    gaps: JSON = None


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One change of one target, as one revision.

    - `summary`: the words of the edit summary; the runner adds the receipt.
    - `reasons`: why, for the plan's readers.
    - `leaves`: slot → value that HubBot will have left on the target once this is saved; the
      store takes it over as base in the same transaction that settles the edit. A slot with
      None is forgotten.
    - `key`: the bot's own name for the edit in this plan; `after`: the key of an edit that must
      be done first.
    - `record`: the record that will have been judged by this, on the revision that was saved.
    """

    target: Target
    change: Change
    summary: Message
    reasons: tuple[Message, ...] = ()
    leaves: Mapping[str, JSON] = field(default_factory=dict)
    key: str = ""
    after: str = ""
    record: RecordState | None = None

    @property
    def kind(self) -> str:
        """ "create" or "edit": what a person who lets a held plan through agrees to."""
        return "create" if self.change.base_revid is None else "edit"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something for people to look at: what is wrong, where, and what to do, as a message.

    `where` says the place inside the target: "line 12", a parameter's name, a record's key.
    """

    target: Target
    message: Message
    where: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same finding in every run: 32 hex digits."""
        parts = [self.target.site, self.target.title, self.where, self.message.key]
        parts.append(json.dumps(self.message.params, sort_keys=True, ensure_ascii=False))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A target that was looked at and needs no edit: what is known of it from now on.

    Stored as soon as the plan is made, unless it is a dry run. `leaves` is as an edit's;
    `record`, where it is about one, was judged on revision `revid` of the target. `page_record` is
    a record of the register as it stands on a page of the target's site; `page_gone` the number of
    a page there that holds one no more.
    """

    target: Target
    leaves: Mapping[str, JSON] = field(default_factory=dict)
    record: RecordState | None = None
    revid: int | None = None
    page_record: PageRecord | None = None
    page_gone: int | None = None


Planned = Edit | Finding | Judged

_EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)
_FINDING: TypeAdapter[Finding] = TypeAdapter(Finding)


def edit_to_json(edit: Edit) -> str:
    """The edit as JSON text, for the spool."""
    return _EDIT.dump_json(edit).decode()


def edit_from_json(text: str) -> Edit:
    """The edit that `edit_to_json` wrote. Raises `pydantic.ValidationError` for anything else."""
    return _EDIT.validate_json(text)


def finding_to_json(finding: Finding) -> str:
    """The finding as JSON text, for the store."""
    return _FINDING.dump_json(finding).decode()


def finding_from_json(text: str) -> Finding:
    """The finding that `finding_to_json` wrote."""
    return _FINDING.validate_json(text)
