"""What a merged edit undid of people's changes, and the patch that brings it back: pure.

`wbeditentity` saves a changed statement whole, also over what somebody changed in it in the moment
before (45 of 300 in a race on a real Wikibase).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bots.core.wikibase.change import EntityPatch, StatementEdit
from bots.core.wikibase.equality import (
    canonical_reference,
    canonical_snak,
    canonical_statement,
)
from bots.core.wikibase.model import Entity, Reference, Snak, Statement

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Loss:
    """What people lost: `statements` are its ids, `left` those that somebody changed since.

    `patch` brings the others back, on top of the entity as it is now.
    """

    statements: tuple[str, ...]
    left: tuple[str, ...]
    patch: EntityPatch


def loss(base: Entity, people: Entity, ours: Entity, now: Entity, patch: EntityPatch) -> Loss:
    """What `patch` undid. `base`: as we had read it; `people`: just before our revision.

    Looked at are the statements that the patch edits or removes: of the value with its qualifiers,
    of the rank, and of each reference, whether what people changed is in `ours`.
    """
    lost: list[str] = []
    left: list[str] = []
    edits: list[StatementEdit] = []
    adds: list[Statement] = []
    removes: list[Statement] = []
    for statement_id in _touched(patch):
        before, theirs, after, current = (
            each.statement(statement_id) for each in (base, people, ours, now)
        )
        if before is None or not _is_lost(before, theirs, after):
            continue
        lost.append(statement_id)
        if _says(current) != _says(after):
            left.append(statement_id)
        elif theirs is None:
            removes += [current] if current else []
        elif current is None:
            adds.append(theirs)
        else:
            edits.append(_back(before, theirs, current))
    return Loss(
        statements=tuple(lost),
        left=tuple(left),
        patch=EntityPatch(
            base_revid=now.revision, edit=tuple(edits), add=tuple(adds), remove=tuple(removes)
        ),
    )


def _touched(patch: EntityPatch) -> Iterator[str]:
    for edit in patch.edit:
        yield edit.read.id
    for statement in patch.remove:
        yield statement.id


def _says(statement: Statement | None) -> object:
    if statement is None:
        return None
    references = sorted(map(canonical_reference, statement.references))
    return canonical_statement(statement), statement.rank, references


def _is_lost(before: Statement, theirs: Statement | None, after: Statement | None) -> bool:
    if _says(theirs) == _says(before):
        return False
    if theirs is None or after is None:
        return theirs is not after
    said, ranked = _changed(before, theirs)
    if said and canonical_statement(after) != canonical_statement(theirs):
        return True
    if ranked and after.rank is not theirs.rank:
        return True
    added, removed = _references(before, theirs, after)
    return bool(added or removed)


def _changed(before: Statement, theirs: Statement) -> tuple[bool, bool]:
    said = canonical_statement(theirs) != canonical_statement(before)
    return said, theirs.rank is not before.rank


def _references(
    before: Statement, theirs: Statement, after: Statement
) -> tuple[list[Reference], list[Reference]]:
    """Of the references that people added, those that are not there; of those removed, that are."""
    had, have, left = (
        _counted(each.references, canonical_reference) for each in (before, theirs, after)
    )
    missing = (have - had) - (left - (left & had))
    back = (had - have) & left
    return (
        _chosen(theirs.references, canonical_reference, missing),
        _chosen(after.references, canonical_reference, back),
    )


def _back(before: Statement, theirs: Statement, current: Statement) -> StatementEdit:
    said, ranked = _changed(before, theirs)
    added, removed = _references(before, theirs, current)
    mainsnak = None
    new: tuple[Snak, ...] = ()
    old: tuple[Snak, ...] = ()
    if said:
        if canonical_snak(current.mainsnak) != canonical_snak(theirs.mainsnak):
            mainsnak = theirs.mainsnak
        have = _counted(theirs.qualifiers, canonical_snak)
        left = _counted(current.qualifiers, canonical_snak)
        new = tuple(_chosen(theirs.qualifiers, canonical_snak, have - left))
        old = tuple(_chosen(current.qualifiers, canonical_snak, left - have))
    return StatementEdit(
        read=current,
        mainsnak=mainsnak,
        rank=theirs.rank if ranked and current.rank is not theirs.rank else None,
        add_qualifiers=new,
        remove_qualifiers=old,
        add_references=tuple(added),
        remove_references=tuple(removed),
    )


def _counted(parts: Iterable[T], key: Callable[[T], str]) -> Counter[str]:
    return Counter(map(key, parts))


def _chosen(parts: Iterable[T], key: Callable[[T], str], wanted: Counter[str]) -> list[T]:
    chosen, left = [], Counter(wanted)
    for part in parts:
        if left[key(part)] > 0:
            left[key(part)] -= 1
            chosen.append(part)
    return chosen
