"""Slots in an entity: its statements by property and key qualifiers, and our reference in them.

A slot's name is text for the store, the same however the statement is spelled:
`P1082` for a single-valued property, `P1082 ["P585 time:…"]` where qualifiers are its key; a slot
per value ends with the value's own key: `P213 text:00000001`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from bots.core.wikibase.equality import (
    Equivalence,
    canonical_reference,
    canonical_snak,
)
from bots.core.wikibase.model import Entity, Reference, Snak, Statement


def slot_name(
    statement: Statement,
    keys: Collection[str] = (),
    equivalence: Equivalence | None = None,
    *,
    per_value: bool = False,
) -> str:
    """The name of the slot that the statement is in; `keys` are ids of the key qualifiers."""
    parts = [statement.property]
    if keys:
        told = _key(statement.qualifiers, keys, equivalence)
        parts.append(json.dumps(told, ensure_ascii=False))
    if per_value:
        parts.append(canonical_snak(statement.mainsnak, equivalence).partition(" ")[2])
    return " ".join(parts)


def statements_in(
    entity: Entity,
    property_id: str,
    key: Iterable[Snak] = (),
    keys: Collection[str] = (),
    equivalence: Equivalence | None = None,
) -> tuple[Statement, ...]:
    """The statements of a property whose key qualifiers (ids in `keys`) say what `key` does."""
    wanted = _key(key, keys, equivalence)
    group = entity.statements.get(property_id, ())
    return tuple(s for s in group if _key(s.qualifiers, keys, equivalence) == wanted)


def references_citing(
    statement: Statement, cites: Collection[Snak], equivalence: Equivalence | None = None
) -> tuple[Reference, ...]:
    """The references that say all of `cites`: ours, where it is "stated in" and the identifier.

    Found by what they say: hashes change when a touched time loses its timezone, and when people
    add a snak. Raises ValueError for no `cites`, which every reference would say.
    """
    if not cites:
        raise ValueError("a reference is found by what it says: nothing was given")
    wanted = {canonical_snak(each, equivalence) for each in cites}
    return tuple(
        reference
        for reference in statement.references
        if wanted <= {canonical_snak(each, equivalence) for each in reference.snaks}
    )


def has_reference(
    statement: Statement, reference: Reference, equivalence: Equivalence | None = None
) -> bool:
    """Whether a reference says the same as this one: adding it again would double it."""
    wanted = canonical_reference(reference, equivalence)
    return any(canonical_reference(r, equivalence) == wanted for r in statement.references)


def _key(
    snaks: Iterable[Snak], keys: Collection[str], equivalence: Equivalence | None
) -> list[str]:
    return sorted(canonical_snak(each, equivalence) for each in snaks if each.property in keys)
