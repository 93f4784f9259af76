"""After a merged edit: what of people's changes it undid, and the edits that bring it back."""

from __future__ import annotations

from collections.abc import Iterator

from bots.core.entitychange import EntityChange, change_of
from bots.core.entityloss import loss
from bots.core.messages import Message
from bots.core.outcome import Failed, NotReachedError, Saved
from bots.core.plan import Edit, Finding, Planned, Target
from bots.core.wikibase.model import Entity
from bots.wiki.entities import Entities


def undone(
    entities: Entities, target: Target, change: EntityChange, saved: Saved
) -> Iterator[Planned]:
    """What people changed between the revision that was read and ours, and ours undid.

    An edit that brings it back, on top of the entity as it is now, and a finding that says so. What
    somebody has changed since is only told. Raises `NotReachedError`.
    """
    if change.base_revid is None or not saved.revid:
        return
    entity_id = change.read.id
    between = list(entities.history(entity_id, change.base_revid, saved.revid))
    if all(each.user == entities.wiki.account.name for each in between[:-1]):
        return
    ours = between[0]
    wanted = (change.base_revid, ours.parent, ours.revid)
    told = dict(entities.old(wanted))
    now = entities.read_one(entity_id)
    base, people, after = (told[revid] for revid in wanted)
    if not (isinstance(base, Entity) and isinstance(people, Entity) and isinstance(after, Entity)):
        info = f"{entity_id}: revisions {ours.parent} and {ours.revid} can't be read"
        raise NotReachedError(Failed(code="entity-not-told", info=info))
    if not isinstance(now, Entity):
        return
    found = loss(base, people, after, now, change.patch)
    if found.statements:
        message = Message("entity-edit-undone", {"num_statements": len(found.statements)})
        yield Finding(target=target, where=", ".join(found.statements), message=message)
    restoring = change_of(now, found.patch, restores=True)
    if not restoring.is_empty:
        yield Edit(
            target=target,
            change=restoring,
            summary=Message("entity-edit-restores", {"revision": str(saved.revid)}),
        )
