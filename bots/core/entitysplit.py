"""An edit of an entity without one of its parts: how the part that a wiki refuses is found. Pure.

A part is all of one property, of one label or description, or of the aliases of one language; its
name is what the names of its slots begin with: `P571`, `label/en`, `alias/en`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bots.core.entitychange import EntityChange, change_of
from bots.core.plan import Edit
from bots.core.wikibase.change import EntityPatch


def parts(change: EntityChange) -> list[str]:
    """The parts of a change, in the order in which they are read."""
    return list(dict.fromkeys(_parts(change.patch)))


def without(edit: Edit, change: EntityChange, part: str) -> Edit:
    """The edit without one part, which then leaves nothing in that part's slots.

    What is left out is tried again when its record or its item changes.
    """
    patch = change.patch
    rest = replace(
        patch,
        terms=tuple(each for each in patch.terms if _term(each.terms, each.language) != part),
        aliases=tuple(each for each in patch.aliases if f"alias/{each.language}" != part),
        add=tuple(each for each in patch.add if each.property != part),
        edit=tuple(each for each in patch.edit if each.read.property != part),
        remove=tuple(each for each in patch.remove if each.property != part),
    )
    leaves = {name: left for name, left in edit.leaves.items() if name.partition(" ")[0] != part}
    return replace(edit, change=change_of(change.read, rest), leaves=leaves)


def _parts(patch: EntityPatch) -> Iterator[str]:
    yield from (_term(each.terms, each.language) for each in patch.terms)
    yield from (f"alias/{each.language}" for each in patch.aliases)
    yield from (each.property for each in patch.add)
    yield from (each.read.property for each in patch.edit)
    yield from (each.property for each in patch.remove)


def _term(terms: str, language: str) -> str:
    return f"{terms.removesuffix('s')}/{language}"
