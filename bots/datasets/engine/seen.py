"""The statements of one property on an item, as the merge sees them, and whose they are."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bots.core.merge.facts import Base, Entry, Owned, Rank, Relation, Tombstone
from bots.core.merge.stored import memory_of
from bots.core.plan import JSON
from bots.core.wikibase.equality import Equivalence, canonical_snak
from bots.core.wikibase.model import Reference, Snak, Statement
from bots.datasets.engine.bases import CITES, NO_PARTS, Kept, Parts, kept_of
from bots.datasets.engine.claims import Claim, compare_snaks
from bots.datasets.facts import StatementRule

Cites = frozenset[frozenset[str]]
"""By what our references are known: each holds all the snak keys of one of these."""


@dataclass(frozen=True)
class House:
    """What our other datasets left on the item: in each slot by its name; and their references."""

    kept: Mapping[str, Sequence[tuple[str, Kept]]] = field(default_factory=dict)
    texts: Mapping[str, Sequence[Base[str] | Tombstone[str]]] = field(default_factory=dict)
    references: frozenset[str] = frozenset()

    def owns(self, snak: Snak, rule: StatementRule) -> bool:
        """Whether another of our datasets wrote this value."""
        return any(base.owned is Owned.WHOLE for base in self._standing(snak, rule))

    def asserts(self, snak: Snak, rule: StatementRule) -> bool:
        """Whether another of our datasets says this value now, by its own statement or ours."""
        return any(base.owned is not Owned.NOTHING for base in self._standing(snak, rule))

    def left(self, place: str, snak: Snak, rule: StatementRule) -> bool:
        """Whether another of our datasets left this value here, though it be gone by now."""
        key = value_key(snak, rule)
        for name, kept in self.kept.get(snak.property, ()):
            if name == place or name.startswith(f"{place} "):
                bases = (kept.left, *kept.left.past) if kept.left else ()
                if key in kept.ended or any(_says(base, snak, rule) for base in bases):
                    return True
        return False

    def text(self, name: str, text: str) -> Entry[str]:
        """A term as it stands, with what our other datasets have to do with it."""
        said = [each for each in self.texts.get(name, ()) if isinstance(each, Base)]
        owned = [each.owned for each in said if each.value == text]
        return Entry(
            text,
            id=text,
            house=Owned.WHOLE in owned,
            shared=any(each is not Owned.NOTHING for each in owned),
        )

    def left_text(self, name: str, text: str) -> bool:
        """Whether another of our datasets left this term here, though it be gone by now."""
        found = self.texts.get(name, ())
        return any(
            (each.left if isinstance(each, Tombstone) else each).value == text for each in found
        )

    def _standing(self, snak: Snak, rule: StatementRule) -> Iterable[Base[Claim]]:
        for _, kept in self.kept.get(snak.property, ()):
            if isinstance(kept.memory, Base) and _says(kept.memory, snak, rule):
                yield kept.memory


EMPTY_HOUSE = House()


def house_of(others: Iterable[Mapping[str, JSON]]) -> House:
    """What the other datasets' bases say; `others` are their slots on this item."""
    kept: dict[str, list[tuple[str, Kept]]] = {}
    texts: dict[str, list[Base[str] | Tombstone[str]]] = {}
    references: set[str] = set()
    for slots in others:
        for name, raw in slots.items():
            if not isinstance(raw, dict):
                continue
            property_id = name.partition(" ")[0]
            if property_id[:1] == "P":
                one = kept_of(raw, property_id)
                kept.setdefault(property_id, []).append((name, one))
                references |= one.references
            elif (memory := memory_of(raw, str)) is not None:
                texts.setdefault(name, []).append(memory)
    return House(kept, texts, frozenset(references)) if kept or texts else EMPTY_HOUSE


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference of a statement with what it says: its snaks' keys, sorted.

    `digest`: 16 hex digits that stand for that.
    """

    reference: Reference
    keys: tuple[str, ...]
    digest: str

    def without(self, property_id: str) -> tuple[str, ...]:
        """What it says, but for one property."""
        return tuple(key for key in self.keys if key.partition(" ")[0] != property_id)


def cited(reference: Reference) -> Cited:
    """The reference with what it says."""
    return Cited(reference, *_told(reference.snaks))


@lru_cache(maxsize=4096)  # the same one stands in most statements of an item
def _told(snaks: tuple[Snak, ...]) -> tuple[tuple[str, ...], str]:
    keys = tuple(sorted(map(canonical_snak, snaks)))
    text = json.dumps(keys, ensure_ascii=False)
    return keys, hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


class Stated:
    """One statement as it stands, and our part in it."""

    def __init__(self, statement: Statement, cites: Cites) -> None:
        self.statement = statement
        self.references = [cited(reference) for reference in statement.references]
        self.ours = [each for each in self.references if _is_known(each, cites)]

    def as_left(self, parts: Parts, among: Collection[str] = ()) -> list[Cited]:
        """Our references that say what we left in them: the others are people's.

        `among`: what was left in others, where it is not known of this very statement.
        """
        left = (parts.reference,) if parts.reference else among
        return [each for each in self.ours if each.digest in left] if left else self.ours

    def cites(self, wanted: Cited, rule: StatementRule) -> bool:
        """Whether a reference says by what ours in this property is known."""
        known = {key for key in wanted.keys if key.partition(" ")[0] in rule.cites}
        return bool(known) and any(known.issubset(each.keys) for each in self.references)

    def is_touched(self, parts: Parts, rule: StatementRule, house: House) -> bool:
        """Whether qualifiers or references in it are people's, or people took some of ours out."""
        if len(self.references) != len(self.ours) or len(self.ours) > 1:
            known = {parts.reference, *house.references}
            strangers = [each for each in self.references if each not in self.ours]
            if len(self.ours) > 1 or any(each.digest not in known for each in strangers):
                return True
        if len(self.as_left(parts)) != len(self.ours):
            return True
        return self._qualifiers(rule) != _left_qualifiers(parts, rule)

    def _qualifiers(self, rule: StatementRule) -> Counter[str]:
        return Counter(
            canonical_snak(each, _names(rule, each.property))
            for each in self.statement.qualifiers
            if each.property not in rule.keys and not says_why(each, rule)
        )


def _is_known(reference: Cited, cites: Cites) -> bool:
    return any(wanted.issubset(reference.keys) for wanted in cites)


def entry_of(
    stated: Stated, kept: Kept, rule: StatementRule, house: House, among: Collection[str]
) -> Entry[Claim]:
    """The statement as an entry of the slot in which `kept` is what we left.

    `among`: the digests of our references as they were left in the property's statements.
    """
    statement = stated.statement
    snak = statement.mainsnak
    base, parts = left_in(snak, kept, rule)
    referenced = bool(rule.cites and parts.reference)
    own = base is not None and base.owned is Owned.WHOLE and (not referenced or bool(stated.ours))
    touched = not own or stated.is_touched(parts, rule, house)
    is_left = not touched and base is not None and base.rank is statement.rank
    # What people deprecated is refuted, whatever its qualifiers say beside ours.
    refuted = statement.rank is Rank.DEPRECATED
    told = () if own or refuted or not rule.qualifiers else statement.qualifiers
    return Entry(
        value=Claim(snak, tuple(each for each in told if each.property in rule.qualifiers)),
        id=statement.id,
        rank=statement.rank,
        denies=snak.snaktype == "novalue" and not (own and is_left),
        cited=(own and not referenced) or bool(stated.as_left(parts, among)),
        touched=touched,
        house=house.owns(snak, rule) if house.kept else False,
        shared=house.asserts(snak, rule) if house.kept else False,
    )


def apart(
    entries: Sequence[Entry[Claim]], stated: Sequence[Stated], rule: StatementRule
) -> list[Entry[Claim]]:
    """Of two that look alike, and both of which may be ours, neither is known to be."""
    found: list[Entry[Claim]] = []
    for entry in entries:
        twins = (
            other.cited or bool(seen.ours)
            for other, seen in zip(entries, stated, strict=True)
            if other is not entry
            if compare_snaks(other.value.snak, entry.value.snak, rule.normalisers) is Relation.SAME
        )
        if entry.touched or not any(twins):
            found.append(entry)
            continue
        denies = entry.value.snak.snaktype == "novalue"
        found.append(replace(entry, touched=True, denies=denies))
    return found


def left_in(snak: Snak, kept: Kept, rule: StatementRule) -> tuple[Base[Claim] | None, Parts]:
    """What we left of this value, and in its statement: now or before; nothing of another one.

    What we only gave a reference to may be finer than what we say.
    """
    left = kept.left
    if left is None:
        return None, NO_PARTS
    for base in (left, *left.past):
        told = base.value.snak
        relation = compare_snaks(snak, told, rule.normalisers)
        if relation is Relation.SAME:
            parts = kept.parts if base is left else kept.past.get(value_key(told, rule), NO_PARTS)
            return base, parts
        if relation is Relation.FINER and base is left and base.owned is not Owned.WHOLE:
            return base, kept.parts
    return None, NO_PARTS


def has_ended(stated: Stated, kept: Kept, rule: StatementRule) -> bool:
    """Whether we said of this value that it has ended: it is not the slot's any more."""
    if not kept.ended:
        return False
    says_end = any(each.property == rule.end for each in stated.statement.qualifiers)
    return says_end and value_key(stated.statement.mainsnak, rule) in kept.ended


def says_why(snak: Snak, rule: StatementRule) -> bool:
    """Whether a qualifier is the reason that we give for a deprecated rank."""
    return rule.reason is not None and canonical_snak(snak) == canonical_snak(rule.reason)


def value_key(snak: Snak, rule: StatementRule) -> str:
    """A main value's key."""
    return canonical_snak(snak, _names(rule, snak.property)).partition(" ")[2]


def _says(base: Base[Claim], snak: Snak, rule: StatementRule) -> bool:
    return compare_snaks(snak, base.value.snak, rule.normalisers) is Relation.SAME


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


def _left_qualifiers(parts: Parts, rule: StatementRule) -> Counter[str]:
    left: Counter[str] = Counter()
    for held in parts.qualifiers.values():
        for memory in held:
            base = memory.left if isinstance(memory, Tombstone) else memory
            if base is None or base.owned is not Owned.WHOLE or says_why(base.value, rule):
                continue
            left[canonical_snak(base.value, _names(rule, base.value.property))] += 1
    return left
