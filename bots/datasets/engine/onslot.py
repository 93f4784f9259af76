"""One slot of statements while it is judged: what we left, what stands, what the source says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bots.core.merge.facts import Absent, Base, Entry, Rank, Relation, Ruling, Slot, Told
from bots.core.plan import JSON
from bots.core.wikibase.equality import canonical_snak
from bots.core.wikibase.model import Snak
from bots.datasets.engine.bases import Kept
from bots.datasets.engine.claims import Claim, compare_snaks, comparer_of, contradicts
from bots.datasets.engine.onitem import OnItem
from bots.datasets.engine.seen import Stated, value_key
from bots.datasets.engine.telling import short
from bots.datasets.facts import StatementRule

AGREE = (Relation.SAME, Relation.FINER)


class Rule:
    """A rule with what is made of it once: its slot."""

    def __init__(self, rule: StatementRule) -> None:
        self.rule = rule
        self.slot: Slot[Claim] = Slot(
            compare=comparer_of(rule),
            many=rule.many,
            change=rule.change,
            withdrawal=rule.withdrawal,
        )

    def key(self, claim: Claim) -> str:
        """A claim's own key, for a slot per value and for pairs."""
        return value_key(claim.snak, self.rule)

    def relation(self, theirs: Claim, ours: Claim) -> Relation:
        """How the values stand to one another, whatever their qualifiers say."""
        return compare_snaks(theirs.snak, ours.snak, self.rule.normalisers)

    def is_same(self, one: Claim, other: Claim) -> bool:
        """Whether they are one value."""
        return self.relation(one, other) is Relation.SAME


@dataclass(frozen=True)
class OnSlot:
    """A slot: `kept` is what we left, `stated` what stands by its id, `entries` the same as the
    merge sees it, `ours` what the source says."""

    on: OnItem
    rule: Rule
    name: str
    kept: Kept
    stated: Mapping[str, Stated]
    entries: Sequence[Entry[Claim]]
    ours: Claim | Absent

    def contradicts(self, entry: Entry[Claim], ours: Claim) -> bool:
        """Whether the entry's qualifiers say another than ours."""
        return contradicts(entry.value.qualifiers, ours.qualifiers, self.rule.rule)

    def whole(self) -> list[Entry[Claim]]:
        """The entries with all qualifiers that the statements have, our own too."""
        return [
            replace(
                each,
                value=replace(each.value, qualifiers=self.stated[each.id].statement.qualifiers),
            )
            for each in self.entries
        ]

    def standing(
        self, base: Base[Claim], ours: Claim, among: Sequence[Entry[Claim]]
    ) -> Entry[Claim] | None:
        """The entry in which what base speaks of stands, our own first."""
        found: list[tuple[tuple[bool, ...], int]] = []
        for place, entry in enumerate(among):
            relation = self.rule.relation(entry.value, base.value)
            if relation not in AGREE:
                continue
            if entry.rank is Rank.DEPRECATED and base.rank is not Rank.DEPRECATED:
                continue
            other = relation is not Relation.SAME
            order = (self.contradicts(entry, ours), other, entry.touched, not entry.cited)
            found.append((order, place))
        return among[min(found)[1]] if found else None

    def word(self, told: Told[Claim]) -> Ruling[Claim] | None:
        """What people decided about what is told of the slot."""
        return self.on.word(self.name, told, self.rule.key)


def place_of(rule: StatementRule, snaks: Iterable[Snak]) -> str:
    """The slot's name, without the value: the property, and what its key qualifiers say."""
    if not rule.keys:
        return rule.property
    keys = sorted(canonical_snak(each) for each in snaks if each.property in rule.keys)
    return f"{rule.property} {short(json.dumps(keys, ensure_ascii=False))}"


def names_by_property(bases: Mapping[str, JSON]) -> dict[str, list[str]]:
    """The names of the statements' slots in the bases, by property."""
    found: dict[str, list[str]] = {}
    for name in bases:
        if name[:1] == "P":
            found.setdefault(name.partition(" ")[0], []).append(name)
    return found
