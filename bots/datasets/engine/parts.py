"""What is ours within a statement: each qualifier a slot of its own, and our one reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat

from bots.core.merge import merge, merge_values
from bots.core.merge.facts import (
    ABSENT,
    AddValue,
    Base,
    Conflict,
    Decision,
    Entry,
    Kind,
    Memory,
    Pair,
    Relation,
    RemoveEntry,
    Ruled,
    Ruling,
    Seen,
    SetValue,
    Slot,
    Told,
    Tombstone,
    WithdrawalPolicy,
    Word,
)
from bots.core.wikibase.model import Reference, Snak, Statement, Time
from bots.datasets.engine.bases import FOREIGN, Parts
from bots.datasets.engine.claims import compare_snaks
from bots.datasets.engine.onitem import OnItem
from bots.datasets.engine.seen import Stated, cited
from bots.datasets.engine.telling import pair_digest, snak_key, tell_snaks, value_text
from bots.datasets.facts import QualifierRule, StatementRule


@dataclass(frozen=True)
class SaidParts:
    """What the source says within a statement."""

    qualifiers: Mapping[str, tuple[Snak, ...]]
    reference: Reference | None

    @classmethod
    def of(cls, said: Statement, rule: StatementRule) -> SaidParts:
        """The parts of a statement that a record says."""
        qualifiers: dict[str, tuple[Snak, ...]] = {}
        if rule.qualifiers:
            for snak in said.qualifiers:
                if snak.property in rule.qualifiers:
                    held = qualifiers.get(snak.property, ())
                    qualifiers[snak.property] = (*held, snak)
        return cls(qualifiers, said.references[0] if said.references else None)

    def written(self) -> Parts:
        """What is left once the whole statement is written."""
        held: dict[str, tuple[Memory[Snak], ...]] = {
            name: tuple(Base(snak) for snak in snaks) for name, snaks in self.qualifiers.items()
        }
        return Parts(held, self._digest())

    def referenced(self) -> Parts:
        """What is left once our reference alone is put into people's statement."""
        return Parts({}, self._digest())

    def _digest(self) -> str:
        return cited(self.reference).digest if self.reference else ""


@dataclass(frozen=True)
class Within:
    """A statement in which we have a part: as it stands, and what we left in it.

    `whole`: we wrote it; `untouched`: and nobody else has a part in it.
    """

    name: str
    stated: Stated
    before: Parts
    whole: bool
    untouched: bool


def follow(
    on: OnItem, rule: StatementRule, within: Within, wanted: SaidParts, rewritten: bool
) -> Parts:
    """Let our parts of a statement follow the source; what is left in them.

    `rewritten`: its value is given anew, and our reference with it.
    """
    qualifiers = _qualifiers(on, rule, within, wanted) if within.whole else {}
    return Parts(qualifiers, _reference(on, rule, within, wanted, rewritten))


def _reference(
    on: OnItem, rule: StatementRule, within: Within, wanted: SaidParts, rewritten: bool
) -> str:
    """Our reference follows the source, unless people changed it; the digest of what is left."""
    left = within.before.reference
    among = on.references_in(rule.property)
    ours = within.stated.as_left(within.before, among)
    if wanted.reference is None or not ours:
        return left
    now, new = ours[0], cited(wanted.reference)
    if not left and not among:
        # Nothing was left here yet: what is cited as we would was cited by somebody else.
        if within.stated.cites(new, rule):
            return FOREIGN
        on.changes.draft(within.stated.statement).add_references.append(wanted.reference)
        said = value_text(within.stated.statement.mainsnak)
        on.changes.because("dataset-why-reference", rule.property, said)
        return new.digest
    left = left or now.digest
    moved = rewritten or now.without(rule.retrieved) != new.without(rule.retrieved)
    if not moved and not is_old(now.reference, rule, on.today):
        return left
    if any(each.keys == new.keys for each in within.stated.references):
        return left
    draft = on.changes.draft(within.stated.statement)
    draft.replace_references.append((now.reference, wanted.reference))
    on.changes.because(
        "dataset-why-reference", rule.property, value_text(within.stated.statement.mainsnak)
    )
    return new.digest


def is_old(reference: Reference, rule: StatementRule, today: date) -> bool:
    """Whether "retrieved" is older than the mapping lets it be."""
    if not rule.retrieved_days:
        return False
    for snak in reference.snaks:
        if snak.property == rule.retrieved and isinstance(snak.value, Time):
            try:
                told = date.fromisoformat(snak.value.time.lstrip("+").partition("T")[0])
            except ValueError:
                return False
            return (today - told).days >= rule.retrieved_days
    return False


def _qualifiers(
    on: OnItem, rule: StatementRule, within: Within, wanted: SaidParts
) -> dict[str, tuple[Memory[Snak], ...]]:
    left: dict[str, tuple[Memory[Snak], ...]] = {}
    for name in dict.fromkeys((*wanted.qualifiers, *within.before.qualifiers)):
        kept = within.before.qualifiers.get(name, ())
        qualifier = rule.qualifiers.get(name) or QualifierRule(name)
        said = wanted.qualifiers.get(name, ())
        there = [each for each in within.stated.statement.qualifiers if each.property == name]
        if _is_as_left(kept, said, there, qualifier):
            left[name] = kept
        else:
            left[name] = _qualifier(on, rule, qualifier, within, kept, said, there)
    return left


def _is_as_left(
    kept: Sequence[Memory[Snak]],
    said: Sequence[Snak],
    there: Sequence[Snak],
    qualifier: QualifierRule,
) -> bool:
    """The many cases: one value, the same on all three sides."""
    if not len(kept) == len(said) == len(there) == 1 or not isinstance(kept[0], Base):
        return False
    left, names = kept[0].value, qualifier.normalisers
    return all(compare_snaks(each, left, names) is Relation.SAME for each in (said[0], there[0]))


def _qualifier(
    on: OnItem,
    rule: StatementRule,
    qualifier: QualifierRule,
    within: Within,
    kept: Sequence[Memory[Snak]],
    said: Sequence[Snak],
    there: Sequence[Snak],
) -> tuple[Memory[Snak], ...]:
    names = qualifier.normalisers
    removes = rule.withdrawal is WithdrawalPolicy.REMOVE
    slot: Slot[Snak] = Slot(
        compare=lambda theirs, ours: compare_snaks(theirs, ours, names),
        many=qualifier.many,
        plain=True,
        withdrawal=WithdrawalPolicy.REMOVE if removes else WithdrawalPolicy.REPORT,
    )
    entries = [Entry(snak, id=str(place)) for place, snak in enumerate(there)]
    place = f"{within.name} / {qualifier.property}"
    key = snak_key(names)

    def judged(rulings: Sequence[Ruling[Snak]]) -> list[Decision[Snak]]:
        if qualifier.many:
            known = [memory for memory in kept if memory is not None]
            return merge_values(slot, known, entries, said, rulings=rulings)
        memory = kept[0] if kept else None
        ours = said[0] if said else ABSENT
        return [merge(slot, memory, entries, ours, rulings=rulings)]

    left: list[Memory[Snak]] = []
    for number, decision in enumerate(on.heard_all(repeat(place), key, judged)):
        memory = kept[number] if number < len(kept) else None
        told = decision.told
        if decision.steps and not within.untouched and not isinstance(decision, Ruled):
            told = told or _withheld(decision, entries, said)
            word = on.word(place, told, key)
            told = None if word else told
            decision = _after_word(on, decision, memory, word)
        _write(on, within.stated.statement, decision)
        left.append(decision.base)
        if told is not None:
            pair = pair_digest(told.pair, key)
            on.changes.differences.append(
                tell_snaks(
                    on.changes.about,
                    told,
                    place,
                    qualifier.column or rule.column,
                    pair,
                    [within.stated.statement],
                    on.since,
                )
            )
    return tuple(memory for memory in left if memory is not None)


def _after_word(
    on: OnItem, decision: Decision[Snak], memory: Memory[Snak], word: Ruling[Snak] | None
) -> Decision[Snak]:
    """A change in a statement in which people have a part: made only where people said so."""
    if word is None or word.word is Word.KEEP_WIKI:
        return Conflict(base=memory)
    on.spend(word)
    return Ruled(word=word.word, base=decision.base, steps=decision.steps)


def _withheld(
    decision: Decision[Snak], entries: Sequence[Entry[Snak]], said: Sequence[Snak]
) -> Told[Snak]:
    """People have a part in the statement: what we would change in it is told instead."""
    base = decision.base
    left = base.left if isinstance(base, Tombstone) else base
    ours = next((each for each in said if left and each == left.value), None)
    seen = tuple(Seen(entry.value) for entry in entries)
    return Told(Kind.CONFLICT, Pair(seen, ABSENT if ours is None else ours))


def _write(on: OnItem, statement: Statement, decision: Decision[Snak]) -> None:
    for step in decision.steps:
        draft = on.changes.draft(statement)
        match step:
            case AddValue(value=snak):
                draft.add_qualifiers.append(snak)
                on.changes.because("dataset-why-add", snak.property, value_text(snak))
            case SetValue(entry=entry, value=snak):
                draft.remove_qualifiers.append(entry.value)
                draft.add_qualifiers.append(snak)
                on.changes.because("dataset-why-update", snak.property, value_text(snak))
            case RemoveEntry(entry=entry):
                draft.remove_qualifiers.append(entry.value)
                on.changes.because(
                    "dataset-why-remove", entry.value.property, value_text(entry.value)
                )
