"""Writing entities so that nobody's edit is lost: one request for one edit, one outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from bots.core.entitychange import EntityChange
from bots.core.outcome import (
    Conflict,
    Invalid,
    NotReachedError,
    Outcome,
    Saved,
    Unchanged,
    Unknown,
    utcnow,
)
from bots.core.wikibase.change import MovedError
from bots.core.wikibase.exact import dumps
from bots.core.wikibase.model import Entity, Item, entity_type
from bots.core.wikibase.patch import to_wbeditentity
from bots.wiki.entities import REST, Entities
from bots.wiki.entity_answers import is_stale, new_id, of_rest, of_wbeditentity
from bots.wiki.writing import LONGEST_SUMMARY

_MOST_FAULTS = 5
"""So many faults of one change are told."""


def write(
    entities: Entities,
    change: EntityChange,
    summary: str,
    meanwhile: Callable[[], None] | None = None,
) -> Outcome:
    """Send the change, once, with this summary; what became of it. `meanwhile`: see `Desk.write`.

    Never raises for what a wiki or the network does. Items go by the REST API where the wiki has
    it: saved only on top of the very revision that was read. Elsewhere the entity is read just
    before; what people change in the moment between is then patched into ours or undone by it:
    `Saved.merged` says so, and `bots.wiki.entity_restoring` looks for what was undone.
    """
    settled = _without_asking(change, summary)
    if settled is not None:
        return settled
    try:
        waits = entities.not_now()
        if waits is not None:
            return waits
        outcome = _by_rest(entities, change, summary, meanwhile)
        if outcome is None:
            outcome = _by_wbeditentity(entities, change, summary)
    except MovedError:
        return Conflict(code="moved")
    except NotReachedError as error:
        return error.outcome
    if isinstance(outcome, Unknown):
        entities.look_again()
    return outcome


def _without_asking(change: EntityChange, summary: str) -> Outcome | None:
    """What becomes of a change that is not sent at all.

    Among them: what Wikibase takes without a word and should not (31 February).
    """
    if len(summary) > LONGEST_SUMMARY:
        info = f"the edit summary has {len(summary)} characters, {LONGEST_SUMMARY} are allowed"
        return Invalid(code="summary-too-long", info=info)
    try:
        summary.encode()
    except UnicodeEncodeError as error:
        return Invalid(code="not-unicode", info=f"{error.reason} at character {error.start}")
    if change.is_empty:
        return Unchanged()
    if faults := change.faults:
        return Invalid(code=faults[0].rule.value, info="; ".join(map(str, faults[:_MOST_FAULTS])))
    return None


def _by_rest(
    entities: Entities, change: EntityChange, summary: str, meanwhile: Callable[[], None] | None
) -> Outcome | None:
    """What became of it by the REST API; None: it is no item, or the wiki has no such API."""
    if entities.without_rest or not isinstance(change.read, Item):
        return None
    told = {"bot": True, "comment": summary, "tags": []}
    base = change.base_revid
    if base is None:
        body = {"item": change.for_rest, **told}
        answer = entities.wiki.rest("POST", f"{REST}/entities/items", body, {}, is_stale, meanwhile)
        if not entities.has_rest(answer):
            return None
        return _named(entities, of_rest(answer, None, utcnow()), new_id(answer))
    body = {"patch": change.for_rest, **told}
    path = f"{REST}/entities/items/{quote(change.read.id, safe='')}"
    on_top = {"if-match": f'"{base}"'}
    answer = entities.wiki.rest("PATCH", path, body, on_top, is_stale, meanwhile)
    return of_rest(answer, base, utcnow()) if entities.has_rest(answer) else None


def _by_wbeditentity(entities: Entities, change: EntityChange, summary: str) -> Outcome:
    form = {
        "action": "wbeditentity",
        "summary": summary,
        "bot": "1",
        "maxlag": str(entities.wiki.config.limits.maxlag_seconds),
    }
    if change.base_revid is None:
        form |= {"new": "item", "data": dumps(to_wbeditentity(Item(), change.patch))}
        answer = entities.wiki.post(form)
        return _named(entities, of_wbeditentity(answer, utcnow()), new_id(answer))
    now = entities.read_one(change.read.id)
    if not isinstance(now, Entity):
        moved = getattr(now, "target", "")
        return Conflict(code="redirected-item" if moved else "no-such-entity", moved_to=moved)
    form |= {
        "id": now.id,
        "baserevid": str(now.revision),
        "data": dumps(to_wbeditentity(now, change.patch)),
    }
    outcome = of_wbeditentity(entities.wiki.post(form), utcnow())
    if isinstance(outcome, Saved) and not outcome.merged:
        return replace(outcome, merged=not _is_on_top(entities, outcome.revid, change.base_revid))
    return outcome


def _is_on_top(entities: Entities, revid: int, base: int) -> bool:
    """Whether our revision is known to follow the one that was read: not left to a warning."""
    try:
        return entities.parent(revid) == base
    except NotReachedError:
        return False


def _named(entities: Entities, outcome: Outcome, made: str) -> Outcome:
    """The outcome with the new item's title."""
    if not isinstance(outcome, Saved):
        return outcome
    if entity_type(made) != "item":
        return Unknown(info="an answer that does not name the new item")
    return replace(outcome, title=entities.title(made))
