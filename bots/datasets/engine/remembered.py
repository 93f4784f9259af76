"""What is remembered of a slot once a decision is carried out."""

from __future__ import annotations

from bots.core.merge.facts import (
    AddReference,
    AddValue,
    Base,
    Decision,
    Entry,
    Owned,
    SetValue,
    Tombstone,
)
from bots.datasets.engine.bases import NOTHING_KEPT, Kept, Parts
from bots.datasets.engine.claims import Claim
from bots.datasets.engine.onslot import OnSlot
from bots.datasets.engine.parts import SaidParts, Within, follow
from bots.datasets.engine.restraint import revived
from bots.datasets.engine.seen import cited, left_in
from bots.datasets.engine.telling import value_text


def remembered(slot: OnSlot, decision: Decision[Claim]) -> Kept:
    """The decision's base, and the parts of the statement that it is in, which follow the source.

    What is to change in these is put into the item's changes.
    """
    memory, ours, rule = decision.base, slot.ours, slot.rule
    base = memory.left if isinstance(memory, Tombstone) else memory
    if base is None:
        return NOTHING_KEPT
    before, past = _parts_before(slot, base)
    if not isinstance(ours, Claim) or ours.said is None or isinstance(memory, Tombstone):
        return Kept(memory, before, past)
    wanted = SaidParts.of(ours.said, rule.rule)
    if any(isinstance(step, AddValue) for step in decision.steps):
        return Kept(memory, wanted.written(), past)
    adds = next((step for step in decision.steps if isinstance(step, AddReference)), None)
    if adds is not None and wanted.reference is not None:
        _add_reference(slot, adds.entry, wanted)
        return Kept(memory, wanted.referenced(), past)
    if not rule.is_same(base.value, ours):
        return Kept(memory, before, past)
    if base.owned is Owned.NOTHING:
        return Kept(memory, Parts({}, before.reference), past)
    sets = next((step for step in decision.steps if isinstance(step, SetValue)), None)
    mine = sets.entry if sets else revived(decision) or _mine(slot, base, ours)
    if mine is None:
        return Kept(memory, before, past)
    left, parts = left_in(mine.value.snak, slot.kept, rule.rule)
    within = Within(
        name=slot.name,
        stated=slot.stated[mine.id],
        before=parts if left else before,
        whole=base.owned is Owned.WHOLE,
        untouched=not mine.touched and mine.rank is (left or base).rank,
    )
    follows = follow(slot.on, rule.rule, within, wanted, rewritten=sets is not None)
    return Kept(memory, follows, past)


def _parts_before(slot: OnSlot, base: Base[Claim]) -> tuple[Parts, dict[str, Parts]]:
    """The parts kept of what base speaks of, and those of its past."""
    kept, rule = slot.kept, slot.rule
    past = dict(kept.past)
    if kept.left is not None and rule.is_same(kept.left.value, base.value):
        before = kept.parts
    else:
        if kept.left is not None:
            past[rule.key(kept.left.value)] = kept.parts
        before = (
            past.pop(rule.key(base.value), Parts({}, kept.parts.reference)) if past else Parts()
        )
    if past:
        known = {rule.key(each.value) for each in base.past}
        past = {key: parts for key, parts in past.items() if key in known}
    return before, past


def _add_reference(slot: OnSlot, entry: Entry[Claim], wanted: SaidParts) -> None:
    """Put our reference into people's statement, unless they took it out, or have changed it."""
    stated, rule = slot.stated[entry.id], slot.rule
    refused = bool(slot.kept.ended) and rule.key(entry.value) in slot.kept.ended
    if wanted.reference is None or refused:
        return
    if not stated.cites(cited(wanted.reference), rule.rule):
        slot.on.changes.draft(stated.statement).add_references.append(wanted.reference)
        slot.on.changes.because(
            "dataset-why-reference", rule.rule.property, value_text(stated.statement.mainsnak)
        )


def _mine(slot: OnSlot, base: Base[Claim], ours: Claim) -> Entry[Claim] | None:
    """The entry that our parts are in; of twins, the one whose qualifiers are as ours."""
    mine = slot.standing(base, ours, slot.entries)
    if mine and mine.touched and len(slot.entries) > 1:
        return slot.standing(base, ours, slot.whole())
    return mine
