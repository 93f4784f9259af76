"""How an edit is made: who may, how a stale one is patched in, what is checked, what is saved.

Both APIs save through here. Nothing in here knows how an answer looks: what is not to be is a
Refusal, which each API puts in its own words.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.wikibase import entities
from sandbox.wikibase.accounts import Accounts, Session
from sandbox.wikibase.patching import patched
from sandbox.wikibase.refusals import Refusal
from sandbox.wikibase.settings import Settings
from sandbox.wikibase.state import Revision, State, place_of
from sandbox.wikibase.terms import check_fingerprint, check_sitelinks


@dataclass(frozen=True)
class Edit:
    """One edit to be made: the whole entity as it is to be, and what belongs to the revision.

    `base` is the revision that `content` was made from, 0 for a new entity. `stale` is a base that
    the caller named: where the entity has moved on since, the change is patched in, as far as
    Wikibase does. `right` is what the author needs beside edit.
    """

    entity: str
    content: Mapping[str, Any]
    comment: str
    base: int
    bot: bool = False
    tags: tuple[str, ...] = ()
    minor: bool = False
    stale: bool = False
    right: str = "edit"


@dataclass(frozen=True)
class Saved:
    """What came of an edit: `changed` is False where there was nothing to do.

    `patched` says that the entity had moved on, and the change was patched into it.
    """

    revision: Revision
    changed: bool
    patched: bool = False


class Editing:
    """Makes edits on one stand-in."""

    def __init__(self, state: State, accounts: Accounts, settings: Settings) -> None:
        self.state = state
        self.accounts = accounts
        self.settings = settings

    def check_may_edit(self, session: Session, entity: str | None, right: str = "edit") -> None:
        """Whether they may edit an entity, or make a new one where it is None. Raises Refusal.

        Reasons: missing-right (facts `right`, `bot_password`), blocked and partially-blocked (fact
        `block`), protected (fact `level`). Being read-only is the API's own first look.
        """
        needed = ["edit"] if right == "edit" else ["edit", right]
        needed += ["createpage"] if entity is None else []
        for name in needed:
            if name not in session.rights:
                raise Refusal("missing-right", right=name, rights=session.rights)
        title = place_of(entity)[1] if entity else ""
        block = self.accounts.block_of(session)
        if block is not None and (not block.pages or title in block.pages):
            raise Refusal("partially-blocked" if block.pages else "blocked", block=block)
        page = self.state.page(entity) if entity else None
        level = page.protection.get("edit") if page else None
        if level and level not in session.groups:
            raise Refusal("protected", level=level)

    def check_tags(self, tags: Iterable[str]) -> None:
        """Whether these tags may be put on an edit. Raises Refusal unknown-tag (fact `tag`)."""
        for tag in tags:
            if tag not in self.settings.tags:
                raise Refusal("unknown-tag", tag=tag)

    def count_try(self, session: Session, *, new: bool) -> None:
        """Count an edit against the rate limits. Raises Refusal rate-limited."""
        actions = ("edit", "create") if new else ("edit",)
        if any([self.accounts.over_limit(session, action) for action in actions]):
            raise Refusal("rate-limited")

    def check_content(self, content: Mapping[str, Any], old: Mapping[str, Any]) -> None:
        """What holds for an entity as a whole beside all others. Raises Refusal."""
        check_fingerprint(content, old, self.state)
        check_sitelinks(content, self.state)

    def save(self, session: Session, edit: Edit) -> Saved:
        """Make an edit: patch it in if it is stale, check it, count it, save it. Raises Refusal.

        Nothing is checked or counted where nothing would change.
        """
        state = self.state
        page = state.page(edit.entity)
        current = page.latest if page and not page.deleted else 0
        content, was_patched = edit.content, False
        old = _content(state, current)
        if edit.base and edit.base != current:
            if not edit.stale:
                raise Refusal("late-conflict", entity=edit.entity)
            base = _content(state, edit.base)
            content = patched(base, edit.content, old)
            was_patched = True
        if current and content == old and not edit.content.get("redirect"):
            revision = state.revision(current)
            if revision is None:
                raise Refusal("no-such-revision")
            return Saved(revision, changed=False)
        self.check_may_edit(session, edit.entity if current else None, edit.right)
        self.count_try(session, new=not current)
        if "redirect" not in content:
            self.check_content(content, old)
            if len(entities.encode(content)) > self.settings.max_entity_size:
                raise Refusal("too-big", limit=self.settings.max_entity_size)
        if self.settings.save_delay:
            time.sleep(self.settings.save_delay)
        revision = state.save(
            edit.entity,
            copy.deepcopy(content),
            session.author,
            edit.comment,
            expected=current,
            bot=edit.bot and "bot" in session.rights,
            minor=edit.minor,
            tags=edit.tags,
        )
        return Saved(revision, changed=True, patched=was_patched)


def _content(state: State, number: int) -> Mapping[str, Any]:
    revision = state.revision(number) if number else None
    content: Mapping[str, Any] = state.content(revision) if revision else {}
    return content
