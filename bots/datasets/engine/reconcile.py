"""One item and one record: everything that is to change, be remembered and be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bots.core.entitychange import EntityChange, change_of, new_item
from bots.core.messages import Message
from bots.core.plan import JSON
from bots.core.wikibase.model import Item
from bots.datasets.engine.bases import CITES, SPENT, references_left
from bots.datasets.engine.changes import About, Changes, Rulings
from bots.datasets.engine.onitem import OnItem
from bots.datasets.engine.onslot import Rule, names_by_property
from bots.datasets.engine.seen import Cited, cited, cites_json, cites_of, house_of
from bots.datasets.engine.statements import judge_property
from bots.datasets.engine.terms import judge_terms
from bots.datasets.facts import (
    Difference,
    Record,
    Said,
    StatementRule,
    TermKind,
    TermRule,
)


@dataclass(frozen=True)
class OnWiki:
    """What is known of an item before it is judged.

    - `bases`: our dataset's slots there; `others`: those of our other datasets.
    - `rulings`: what people decided; `since`: when it was last edited.
    """

    item: Item
    bases: Mapping[str, JSON]
    others: Sequence[Mapping[str, JSON]] = ()
    rulings: Rulings = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True)
class Reconciled:
    """What comes of it: `change` None: nothing is to be written, but `leaves` may be."""

    change: EntityChange | None
    leaves: Mapping[str, JSON]
    differences: tuple[Difference, ...]
    reasons: tuple[Message, ...]


class Engine:
    """The rules of one dataset, ready to judge items."""

    def __init__(self, rules: Iterable[StatementRule], terms: Iterable[TermRule] = ()) -> None:
        self._rules = {rule.property: Rule(rule) for rule in rules}
        self._terms: dict[TermKind, TermRule] = {}
        for term in terms:
            self._terms.setdefault(term.kind, term)

    def reconcile(
        self, record: Record | None, wiki: OnWiki, about: About, today: date
    ) -> Reconciled:
        """Judge every slot of the item.

        `record` None: the source has it no more. An item without an id is made anew.
        """
        saids = _by_property(record.statements if record else ())
        names = names_by_property(wiki.bases)
        wanted: set[str] = set()
        references = _references(saids, wanted, self._rules)
        cites = cites_of(wiki.bases, references, wanted)
        changes = Changes(about, list(wiki.bases.get(SPENT) or ()))
        on = OnItem(
            changes=changes,
            bases=wiki.bases,
            by_property=names,
            cites=cites,
            references=references_left(wiki.bases.values()),
            house=house_of(wiki.others),
            rulings=wiki.rulings,
            since=wiki.since,
            today=today,
        )
        for property_id, rule in self._rules.items():
            said = saids.get(property_id, ())
            if said or property_id in names:
                judge_property(on, rule, said, wiki.item.statements.get(property_id, ()))
        judge_terms(on, wiki.item, self._terms, record.terms if record else ())
        if changes.leaves or wiki.bases:
            kept = cites_json(cites)
            if kept != wiki.bases.get(CITES):
                changes.leaves[CITES] = kept
        if changes.spent != wiki.bases.get(SPENT, []):
            changes.leaves[SPENT] = changes.spent
        return Reconciled(
            change=_change(wiki.item, changes),
            leaves=changes.leaves,
            differences=tuple(changes.differences),
            reasons=tuple(changes.reasons),
        )


def _change(item: Item, changes: Changes) -> EntityChange | None:
    patch = changes.patch(item)
    if not (patch.terms or patch.aliases or patch.add or patch.edit or patch.remove):
        return None
    return change_of(item, patch) if item.id else new_item(patch)


def _by_property(statements: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for said in statements:
        found.setdefault(said.rule.property, []).append(said)
    return found


def _references(
    saids: Mapping[str, Sequence[Said]], wanted: set[str], rules: Mapping[str, Rule]
) -> list[Cited]:
    """Each reference that the record gives, once; `wanted` gets what they are known by."""
    found: dict[int, Cited] = {}
    for property_id, each in saids.items():
        if property_id not in rules:
            raise ValueError(f"{property_id} has no rule")
        wanted |= rules[property_id].rule.cites
        for said in each:
            if isinstance(said.values, tuple):
                for statement in said.values:
                    for reference in statement.references:
                        if id(reference) not in found:
                            found[id(reference)] = cited(reference)
    return list(found.values())
