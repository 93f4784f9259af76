"""What is to change in an entity, together with what was read, so that no change acts blindly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import is_
from typing import Literal, TypeVar

from bots.core.merge.facts import Rank
from bots.core.wikibase.equality import (
    canonical_reference,
    canonical_snak,
    canonical_statement,
)
from bots.core.wikibase.exact import IN_VALUE
from bots.core.wikibase.model import Entity, Reference, Snak, Statement

E = TypeVar("E", bound=Entity)


class MovedError(Exception):
    """What the change relied on is not there any more: read and plan again. Says what and where."""


@dataclass(frozen=True, kw_only=True)
class TermChange:
    """A label or description set, or taken away (`text` None); `before` is what was read."""

    terms: Literal["labels", "descriptions"]
    language: str
    text: str | None
    before: str | None = None


@dataclass(frozen=True, kw_only=True)
class AliasChange:
    """Aliases of one language put behind the others, and taken away."""

    language: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StatementEdit:
    """Changes within the statement that was read as `read`, which is found by its id.

    `mainsnak` and `rank` None: they stay. A qualifier or reference to remove is found by what it
    says. The edit relies on main snak and qualifiers; where it sets the rank, on the rank too;
    and on each reference that it removes or replaces. What else people change meanwhile stays,
    and what is said already is not added again.
    """

    read: Statement
    mainsnak: Snak | None = None
    rank: Rank | None = None
    add_qualifiers: tuple[Snak, ...] = ()
    remove_qualifiers: tuple[Snak, ...] = ()
    add_references: tuple[Reference, ...] = ()
    remove_references: tuple[Reference, ...] = ()
    replace_references: tuple[tuple[Reference, Reference], ...] = ()


@dataclass(frozen=True, kw_only=True)
class EntityPatch:
    """All changes of one entity, saved as one revision, on top of the revision that was read.

    `base_revid` None: a new item is made. `remove` holds statements as they were read: one is
    removed only while it says all of that still, references and rank too.
    """

    kind: Literal["entity"] = "entity"
    base_revid: int | None = None
    terms: tuple[TermChange, ...] = ()
    aliases: tuple[AliasChange, ...] = ()
    add: tuple[Statement, ...] = ()
    edit: tuple[StatementEdit, ...] = ()
    remove: tuple[Statement, ...] = ()

    def __post_init__(self) -> None:
        ids = [each.read.id for each in self.edit] + [each.id for each in self.remove]
        if "" in ids or len(set(ids)) < len(ids):
            raise ValueError("a statement is edited or removed by its id, and only once")
        places = [f"{each.terms}/{each.language}" for each in self.terms]
        places += [each.language for each in self.aliases]
        if len(set(places)) < len(places):
            raise ValueError("the terms of a language are changed only once")


def applied(entity: E, change: EntityPatch) -> E:
    """The entity once the change is saved; what is new has no ids and hashes yet.

    Raises MovedError.
    """
    labels, descriptions = dict(entity.labels), dict(entity.descriptions)
    for term in change.terms:
        require_term(entity, term)
        held = labels if term.terms == "labels" else descriptions
        held.pop(term.language, None) if term.text is None else held.update(
            {term.language: term.text}
        )
    aliases = dict(entity.aliases)
    for each in change.aliases:
        kept = aliases_after(entity, each)
        aliases.pop(each.language, None)
        if kept:
            aliases[each.language] = kept
    groups = {property_id: list(group) for property_id, group in entity.statements.items()}
    for edit in change.edit:
        now = _as_read(entity, edit)
        group = groups[now.property]
        group[group.index(now)] = edited(now, edit)
    for statement in change.add:
        groups.setdefault(statement.property, []).append(fresh(statement))
    for statement in change.remove:
        now = require_whole(entity, statement)
        groups[now.property].remove(now)
    return replace(
        entity,
        labels=labels,
        descriptions=descriptions,
        aliases=aliases,
        statements={property_id: tuple(group) for property_id, group in groups.items() if group},
    )


def edited(now: Statement, edit: StatementEdit) -> Statement:
    """The statement with the edit made. Raises MovedError for what is not there to remove."""
    references = list(now.references)
    for old, new in edit.replace_references:
        references[reference_place(now, old, references)] = fresh_reference(new)
    for old in edit.remove_references:
        del references[reference_place(now, old, references)]
    references += new_references(references, edit)
    qualifiers = list(now.qualifiers)
    for snak in edit.remove_qualifiers:
        del qualifiers[qualifier_place(now, snak, qualifiers)]
    qualifiers += new_qualifiers(qualifiers, edit)
    mainsnak = now.mainsnak
    if edit.mainsnak is not None:
        said = edit.mainsnak
        extra = tuple(each for each in mainsnak.extra if not each[0].startswith(IN_VALUE))
        mainsnak = replace(mainsnak, value=said.value, snaktype=said.snaktype, hash="", extra=extra)
    return replace(
        now,
        mainsnak=mainsnak,
        rank=edit.rank or now.rank,
        qualifiers=tuple(qualifiers),
        references=tuple(references),
    )


def new_references(among: Iterable[Reference], edit: StatementEdit) -> list[Reference]:
    """Those to add that nothing says yet: Wikibase would store one twice."""
    if not edit.add_references:
        return []
    said = {canonical_reference(each) for each in among}
    new = {canonical_reference(each): fresh_reference(each) for each in edit.add_references}
    return [reference for key, reference in new.items() if key not in said]


def new_qualifiers(among: Iterable[Snak], edit: StatementEdit) -> list[Snak]:
    """Those to add that nothing says yet."""
    if not edit.add_qualifiers:
        return []
    said = {canonical_snak(each) for each in among}
    new = {canonical_snak(each): fresh_snak(each) for each in edit.add_qualifiers}
    return [snak for key, snak in new.items() if key not in said]


def require_term(entity: Entity, change: TermChange) -> None:
    """Raises MovedError where the term is not what was read."""
    held = entity.labels if change.terms == "labels" else entity.descriptions
    now = held.get(change.language)
    if now != change.before:
        place = f"{entity.id} {change.terms}/{change.language}"
        raise MovedError(f"{place} is {now!r}, and was {change.before!r}")


def aliases_after(entity: Entity, change: AliasChange) -> tuple[str, ...]:
    """The language's aliases once changed; one that is there is not added again.

    Raises MovedError where one to remove is not there.
    """
    now = entity.aliases.get(change.language, ())
    gone = [text for text in change.remove if text not in now]
    if gone:
        raise MovedError(f"{entity.id} aliases/{change.language}: {gone[0]!r} is not there")
    kept = [text for text in now if text not in change.remove]
    return tuple(dict.fromkeys([*kept, *change.add]))


def require_read(entity: Entity, edit: StatementEdit) -> Statement:
    """The statement as it is now, if all that the edit relies on stands; else MovedError."""
    now = _as_read(entity, edit)
    edited(now, edit)
    return now


def _as_read(entity: Entity, edit: StatementEdit) -> Statement:
    """As `require_read`, but for what is to be removed in it."""
    now = entity.statement(edit.read.id)
    if now is None:
        raise MovedError(f"{edit.read.id} is gone")
    if now is not edit.read and canonical_statement(now) != canonical_statement(edit.read):
        raise MovedError(f"{now.id} says another now: {canonical_statement(now)}")
    if edit.rank is not None and now.rank is not edit.read.rank:
        raise MovedError(f"{now.id} has rank {now.rank.value}, and had {edit.read.rank.value}")
    if edit.mainsnak is not None and edit.mainsnak.property != now.property:
        raise ValueError(f"{now.id} is of {now.property}, not {edit.mainsnak.property}")
    return now


def require_whole(entity: Entity, read: Statement) -> Statement:
    """The statement as it is now, if it says all that was read and no more; else MovedError."""
    now = require_read(entity, StatementEdit(read=read, rank=read.rank))
    references = [sorted(map(canonical_reference, each.references)) for each in (now, read)]
    if references[0] != references[1]:
        raise MovedError(f"{now.id} has other references now")
    return now


def reference_place(now: Statement, wanted: Reference, among: Iterable[Reference]) -> int:
    """The index of the first reference that says the same. Raises MovedError."""
    key = canonical_reference(wanted)
    for place, each in enumerate(among):
        if canonical_reference(each) == key:
            return place
    raise MovedError(f"{now.id} has no reference {key}")


def qualifier_place(now: Statement, wanted: Snak, among: Iterable[Snak]) -> int:
    """The index of the first qualifier that says the same. Raises MovedError."""
    key = canonical_snak(wanted)
    for place, each in enumerate(among):
        if canonical_snak(each) == key:
            return place
    raise MovedError(f"{now.id} has no qualifier {key}")


def fresh(statement: Statement) -> Statement:
    """The statement as it is sent to be added: ids and hashes are the wiki's to give."""
    mainsnak = fresh_snak(statement.mainsnak)
    qualifiers = tuple(map(fresh_snak, statement.qualifiers))
    references = tuple(map(fresh_reference, statement.references))
    parts = (mainsnak, *qualifiers, *references)
    was = (statement.mainsnak, *statement.qualifiers, *statement.references)
    if not statement.id and all(map(is_, parts, was)):
        return statement
    return replace(
        statement, id="", mainsnak=mainsnak, qualifiers=qualifiers, references=references
    )


def fresh_reference(reference: Reference) -> Reference:
    snaks = tuple(map(fresh_snak, reference.snaks))
    if not reference.hash and all(map(is_, snaks, reference.snaks)):
        return reference
    return replace(reference, hash="", snaks=snaks)


def fresh_snak(snak: Snak) -> Snak:
    if not snak.hash and snak.datatype is None:
        return snak
    return replace(snak, hash="", datatype=None)
