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

    `base` is the revision that `content` was made from, 0 for a new entity. Where the entity has
    moved on since, the change is patched in if `patch` says so, as far as Wikibase does, unless it
    is to `clear` the entity; else the edit is refused as a late-conflict. `right` is what the
    author needs beside edit. `counted` says that the try was counted against the limits already.
    """

    entity: str
    content: Mapping[str, Any]
    comment: str
    base: int
    bot: bool = False
    tags: tuple[str, ...] = ()
    minor: bool = False
    patch: bool = False
    clear: bool = False
    counted: bool = False
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

        Reasons: missing-right (fact `missing`, the rights), blocked and partially-blocked (fact
        `block`), protected (fact `level`). Being read-only is the API's own first look.
        """
        needed = ["edit", right] if entity else ["edit", "createpage", right]
        missing = [name for name in dict.fromkeys(needed) if name not in session.rights]
        if missing:
            raise Refusal("missing-right", missing=missing)
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
        for action in ("edit", "create") if new else ("edit",):
            if self.accounts.over_limit(session, action):
                raise Refusal("rate-limited")

    def save(self, session: Session, edit: Edit) -> Saved:
        """Make an edit, in Wikibase's order: rights, labels, rate limit, conflict, save.

        Raises Refusal. An edit that changes nothing is counted against the rate limit too.
        """
        state = self.state
        page = state.page(edit.entity)
        current = page.latest if page and not page.deleted else 0
        base, now = _content(state, edit.base), _content(state, current)
        redirecting = "redirect" in edit.content
        self.check_may_edit(session, edit.entity if current else None, edit.right)
        if not redirecting:
            check_fingerprint(edit.content, base, state)
        if not edit.counted:
            self.count_try(session, new=not current)
        content, moved = edit.content, edit.base != current
        if moved:
            content = self._patched(edit, base, now)
        if content == now:
            revision = state.revision(current)
            if revision is None:
                raise Refusal("no-such-revision")
            return Saved(revision, changed=False)
        if not redirecting:
            check_sitelinks(content, state)
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
        return Saved(revision, changed=True, patched=moved)

    def _patched(
        self, edit: Edit, base: Mapping[str, Any], now: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        if not edit.patch:
            raise Refusal("late-conflict", entity=edit.entity)
        if edit.clear:
            raise Refusal("clear-conflict", entity=edit.entity)
        return patched(base, edit.content, now)


def _content(state: State, number: int) -> Mapping[str, Any]:
    revision = state.revision(number) if number else None
    content: Mapping[str, Any] = state.content(revision) if revision else {}
    return content
