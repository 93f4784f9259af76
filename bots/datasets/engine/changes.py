"""What is to change in one item, gathered slot by slot, and made one patch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bots.core.merge.facts import Rank, Word
from bots.core.messages import Message
from bots.core.plan import JSON
from bots.core.wikibase.change import AliasChange, EntityPatch, StatementEdit, TermChange
from bots.core.wikibase.model import Entity, Reference, Snak, Statement
from bots.datasets.facts import Difference

Rulings = Mapping[tuple[str, str], tuple[Word, str]]
"""What people decided about an item: (slot's name, pair's digest) → the word, and its own id."""


@dataclass(frozen=True)
class About:
    """Which item and record it is about, for what is told; see `Difference`."""

    record: str
    item: str
    site: str
    url: str = ""


@dataclass
class Draft:
    """What is to change within one statement."""

    read: Statement
    mainsnak: Snak | None = None
    rank: Rank | None = None
    add_qualifiers: list[Snak] = field(default_factory=list)
    remove_qualifiers: list[Snak] = field(default_factory=list)
    add_references: list[Reference] = field(default_factory=list)
    remove_references: list[Reference] = field(default_factory=list)
    replace_references: list[tuple[Reference, Reference]] = field(default_factory=list)

    def edit(self) -> StatementEdit | None:
        """The edit; None where nothing changes."""
        gone = self.remove_references
        replaced = [pair for pair in self.replace_references if pair[0] not in gone]
        if self.mainsnak is None and self.rank in (None, self.read.rank):
            lists = (self.add_qualifiers, self.remove_qualifiers, self.add_references)
            if not (any(lists) or gone or replaced):
                return None
        return StatementEdit(
            read=self.read,
            mainsnak=self.mainsnak,
            rank=None if self.rank is self.read.rank else self.rank,
            add_qualifiers=tuple(self.add_qualifiers),
            remove_qualifiers=tuple(self.remove_qualifiers),
            add_references=tuple(self.add_references),
            remove_references=tuple(gone),
            replace_references=tuple(replaced),
        )


@dataclass
class Changes:
    """Gathers one item's changes; `leaves` are the slots as they are to be remembered.

    `spent`: the ids of the decisions that were ever carried out on the item.
    """

    about: About
    spent: list[str] = field(default_factory=list)
    leaves: dict[str, JSON] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    reasons: list[Message] = field(default_factory=list)
    terms: list[TermChange] = field(default_factory=list)
    aliases: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    add: list[Statement] = field(default_factory=list)
    remove: list[Statement] = field(default_factory=list)
    _drafts: dict[str, Draft] = field(default_factory=dict)

    def draft(self, statement: Statement) -> Draft:
        """The changes within this statement, to be added to."""
        if statement.id not in self._drafts:
            self._drafts[statement.id] = Draft(statement)
        return self._drafts[statement.id]

    def drafted(self, statement: Statement) -> Draft | None:
        """The changes within this statement so far."""
        return self._drafts.get(statement.id)

    def because(self, key: str, what: str, value: str) -> None:
        """Note a reason for the plan's readers."""
        self.reasons.append(Message(key, {"what": what, "value": value}))

    def patch(self, entity: Entity) -> EntityPatch:
        """All of it as one patch on top of the entity as it was read."""
        removed = {statement.id for statement in self.remove}
        edits = (draft.edit() for key, draft in self._drafts.items() if key not in removed)
        return EntityPatch(
            base_revid=entity.revision if entity.id else None,
            terms=tuple(self.terms),
            aliases=tuple(_alias_changes(self.aliases)),
            add=tuple(self.add),
            edit=tuple(edit for edit in edits if edit is not None),
            remove=tuple(self.remove),
        )


def _alias_changes(aliases: Mapping[str, tuple[list[str], list[str]]]) -> Iterable[AliasChange]:
    for language, (add, remove) in aliases.items():
        if add or remove:
            yield AliasChange(language=language, add=tuple(add), remove=tuple(remove))
