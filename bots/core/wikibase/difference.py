"""What is to change so that an entity says what another one says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeVar

from bots.core.wikibase.change import AliasChange, EntityPatch, StatementEdit, TermChange
from bots.core.wikibase.equality import (
    canonical_reference,
    canonical_snak,
    canonical_statement,
)
from bots.core.wikibase.model import Entity, Statement

T = TypeVar("T")


def says(statement: Statement | None) -> object:
    """All that a statement says, rank and references too; equal where two say the same."""
    if statement is None:
        return None
    references = sorted(map(canonical_reference, statement.references))
    return canonical_statement(statement), statement.rank, references


def difference(now: Entity, wanted: Entity) -> EntityPatch:
    """The patch on top of `now` after which it says all that `wanted` does, and no more.

    Statements are told apart by their ids; one of `wanted` that `now` does not have is added, for
    the wiki to give it a new one. The order of statements, references and aliases is no matter.
    """
    held = {statement.id: statement for statement in now.all_statements()}
    kept = {statement.id: statement for statement in wanted.all_statements()}
    edits = (_edit(held[each.id], each) for each in kept.values() if each.id in held)
    return EntityPatch(
        base_revid=now.revision,
        terms=tuple(_terms(now, wanted)),
        aliases=tuple(_aliases(now, wanted)),
        add=tuple(each for each in kept.values() if each.id not in held),
        edit=tuple(edit for edit in edits if edit is not None),
        remove=tuple(each for each in held.values() if each.id not in kept),
    )


def missing(parts: Iterable[T], among: Iterable[T], key: Callable[[T], str]) -> tuple[T, ...]:
    """Those of `parts` that `among` has not, each as often as it is short of it."""
    left = Counter(map(key, parts)) - Counter(map(key, among))
    found = []
    for part in parts:
        if left[key(part)] > 0:
            left[key(part)] -= 1
            found.append(part)
    return tuple(found)


def _edit(now: Statement, wanted: Statement) -> StatementEdit | None:
    if says(now) == says(wanted):
        return None
    same = canonical_snak(now.mainsnak) == canonical_snak(wanted.mainsnak)
    return StatementEdit(
        read=now,
        mainsnak=None if same else wanted.mainsnak,
        rank=None if now.rank is wanted.rank else wanted.rank,
        add_qualifiers=missing(wanted.qualifiers, now.qualifiers, canonical_snak),
        remove_qualifiers=missing(now.qualifiers, wanted.qualifiers, canonical_snak),
        add_references=missing(wanted.references, now.references, canonical_reference),
        remove_references=missing(now.references, wanted.references, canonical_reference),
    )


def _terms(now: Entity, wanted: Entity) -> Iterator[TermChange]:
    names: tuple[Literal["labels", "descriptions"], ...] = ("labels", "descriptions")
    for name in names:
        held, kept = getattr(now, name), getattr(wanted, name)
        for language in {**held, **kept}:
            if held.get(language) != kept.get(language):
                text = kept.get(language)
                yield TermChange(
                    terms=name, language=language, text=text, before=held.get(language)
                )


def _aliases(now: Entity, wanted: Entity) -> Iterator[AliasChange]:
    for language in {**now.aliases, **wanted.aliases}:
        held = now.aliases.get(language, ())
        kept = wanted.aliases.get(language, ())
        add = tuple(text for text in kept if text not in held)
        remove = tuple(text for text in held if text not in kept)
        if add or remove:
            yield AliasChange(language=language, add=add, remove=remove)
