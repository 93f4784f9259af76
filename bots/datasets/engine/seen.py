"""The statements of one property on an item, as the merge sees them, and whose they are."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.merge.facts import Base, Entry, Owned, Relation, Tombstone
from bots.core.plan import JSON
from bots.core.wikibase.equality import Equivalence, canonical_snak
from bots.core.wikibase.model import Reference, Snak, Statement
from bots.datasets.engine.bases import CITES, Kept, Parts, kept_of
from bots.datasets.engine.claims import Claim, compare_snaks
from bots.datasets.facts import StatementRule

Cites = frozenset[frozenset[str]]
"""By what our references are known: each holds all the snak keys of one of these."""


@dataclass(frozen=True)
class House:
    """What our other datasets left on the item: by property, each slot; and their references."""

    kept: Mapping[str, Sequence[Kept]] = field(default_factory=dict)
    references: frozenset[str] = frozenset()

    def owns(self, snak: Snak, rule: StatementRule) -> bool:
        """Whether another of our datasets wrote this value."""
        return any(
            base.owned is Owned.WHOLE
            for base in self._bases(snak.property)
            if compare_snaks(snak, base.value.snak, rule.normalisers) is Relation.SAME
        )

    def asserts(self, snak: Snak, rule: StatementRule) -> bool:
        """Whether another of our datasets says this value now, by its own statement or ours."""
        return any(
            base.owned is not Owned.NOTHING
            for base in self._bases(snak.property)
            if compare_snaks(snak, base.value.snak, rule.normalisers) is Relation.SAME
        )

    def _bases(self, property_id: str) -> Iterable[Base[Claim]]:
        for kept in self.kept.get(property_id, ()):
            if kept.memory is not None and not isinstance(kept.memory, Tombstone):
                yield kept.memory


EMPTY_HOUSE = House()


def house_of(others: Iterable[Mapping[str, JSON]]) -> House:
    """What the other datasets' bases say; `others` are their slots on this item."""
    kept: dict[str, list[Kept]] = {}
    references: set[str] = set()
    for slots in others:
        for name, raw in slots.items():
            property_id = name.partition(" ")[0]
            if property_id[:1] != "P" or not isinstance(raw, dict):
                continue
            one = kept_of(raw, property_id)
            kept.setdefault(property_id, []).append(one)
            if one.parts.reference:
                references.add(one.parts.reference)
    return House(kept, frozenset(references)) if kept else EMPTY_HOUSE


@dataclass(frozen=True)
class Cited:
    """A reference of a statement with what it says: its snaks' keys, sorted."""

    reference: Reference
    keys: tuple[str, ...]

    @property
    def digest(self) -> str:
        """As `bases.reference_digest`."""
        text = json.dumps(self.keys, ensure_ascii=False)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    def without(self, property_id: str) -> tuple[str, ...]:
        """What it says, but for one property."""
        return tuple(key for key in self.keys if key.partition(" ")[0] != property_id)


def cited(reference: Reference, equivalence: Equivalence | None = None) -> Cited:
    """The reference with what it says."""
    keys = sorted(canonical_snak(snak, equivalence) for snak in reference.snaks)
    return Cited(reference, tuple(keys))


class Stated:
    """One statement as it stands, and our part in it."""

    def __init__(
        self, statement: Statement, cites: Cites, equivalence: Equivalence | None = None
    ) -> None:
        self.statement = statement
        self.references = [cited(reference) for reference in statement.references]
        self.ours = [
            each
            for each, loose in zip(
                self.references, self._loose(statement, equivalence), strict=True
            )
            if any(wanted <= loose for wanted in cites)
        ]

    def _loose(
        self, statement: Statement, equivalence: Equivalence | None
    ) -> Iterable[frozenset[str]]:
        if not equivalence:
            return (frozenset(each.keys) for each in self.references)
        return (frozenset(cited(each, equivalence).keys) for each in statement.references)

    def is_touched(self, parts: Parts, rule: StatementRule, house: House) -> bool:
        """Whether qualifiers or references in it are people's, or people took some of ours out."""
        if len(self.references) != len(self.ours) or len(self.ours) > 1:
            strangers = [each for each in self.references if each not in self.ours]
            if len(self.ours) > 1 or any(e.digest not in house.references for e in strangers):
                return True
        if parts.reference and self.ours and self.ours[0].digest != parts.reference:
            return True
        return self._qualifiers(rule) != _left_qualifiers(parts, rule)

    def _qualifiers(self, rule: StatementRule) -> Counter[str]:
        return Counter(
            canonical_snak(each, _names(rule, each.property))
            for each in self.statement.qualifiers
            if each.property not in rule.keys
        )


def entry_of(stated: Stated, kept: Kept, rule: StatementRule, house: House) -> Entry[Claim]:
    """The statement as an entry of the slot in which `kept` is what we left."""
    statement = stated.statement
    snak = statement.mainsnak
    parts = _own_parts(stated, kept, rule)
    own = parts is not None
    cited = bool(stated.ours) or (own and not rule.cites)
    told = () if own or not rule.qualifiers else statement.qualifiers
    return Entry(
        value=Claim(snak, tuple(each for each in told if each.property in rule.qualifiers)),
        id=statement.id,
        rank=statement.rank,
        denies=snak.snaktype == "novalue",
        cited=cited,
        touched=parts is None or stated.is_touched(parts, rule, house),
        house=house.owns(snak, rule) if house.kept else False,
        shared=house.asserts(snak, rule) if house.kept else False,
    )


def has_ended(stated: Stated, kept: Kept, rule: StatementRule) -> bool:
    """Whether it is one of ours that we said has ended: it is not the slot's any more."""
    if not kept.ended or not stated.ours:
        return False
    says_end = any(each.property == rule.end for each in stated.statement.qualifiers)
    return says_end and value_key(stated.statement.mainsnak, rule) in kept.ended


def value_key(snak: Snak, rule: StatementRule) -> str:
    """A main value's key."""
    return canonical_snak(snak, _names(rule, snak.property)).partition(" ")[2]


def cites_of(bases: Mapping[str, JSON], references: Iterable[Cited], cites: Iterable[str]) -> Cites:
    """By what our references on an item are known: as they were when left, and as they are now."""
    wanted = frozenset(cites)
    known = {frozenset(keys) for keys in bases.get(CITES) or ()}
    for each in references:
        keys = frozenset(key for key in each.keys if key.partition(" ")[0] in wanted)
        if keys:
            known.add(keys)
    return frozenset(known)


def cites_json(cites: Cites) -> JSON:
    """As the store keeps them."""
    return sorted(sorted(keys) for keys in cites) or None


def _names(rule: StatementRule, property_id: str) -> Equivalence | None:
    if property_id == rule.property:
        return {property_id: rule.normalisers} if rule.normalisers else None
    qualifier = rule.qualifiers.get(property_id)
    return {property_id: qualifier.normalisers} if qualifier and qualifier.normalisers else None


def _own_parts(stated: Stated, kept: Kept, rule: StatementRule) -> Parts | None:
    """What we left in it, if it is one that we wrote whole, now or before."""
    left = kept.left
    if left is None or (rule.cites and not stated.ours):
        return None
    for base in (left, *left.past):
        if base.owned is Owned.WHOLE:
            snak = base.value.snak
            same = compare_snaks(stated.statement.mainsnak, snak, rule.normalisers)
            if same is Relation.SAME:
                return kept.parts if base is left else kept.past.get(value_key(snak, rule))
    return None


def _left_qualifiers(parts: Parts, rule: StatementRule) -> Counter[str]:
    left: Counter[str] = Counter()
    for held in parts.qualifiers.values():
        for memory in held:
            base = memory.left if isinstance(memory, Tombstone) else memory
            if base is not None:
                left[canonical_snak(base.value, _names(rule, base.value.property))] += 1
    return left
