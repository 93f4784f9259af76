"""What the merge of values decides and is not done, for what it does not see.

It sees one value beside another of one dataset: neither what qualifiers say beside a value that is
the same, nor what people took away from another dataset of ours, or from what we said has ended.
"""

from __future__ import annotations

from dataclasses import replace

from bots.core.merge.facts import (
    AddReference,
    AddValue,
    Base,
    Conflict,
    Decision,
    Entry,
    Kind,
    Owned,
    Pair,
    Rank,
    RemoveEntry,
    RemoveReference,
    Ruled,
    Seen,
    SetRank,
    SetValue,
    Told,
    Word,
)
from bots.datasets.engine.claims import Claim, contradicts
from bots.datasets.engine.onslot import AGREE, OnSlot
from bots.datasets.engine.telling import short


def not_for_what_it_does_not_say(slot: OnSlot, decision: Decision[Claim]) -> Decision[Claim]:
    """Our reference does not stand in people's statement whose qualifiers say another than ours."""
    base, ours, rule = decision.base, slot.ours, slot.rule
    if not isinstance(base, Base) or base.owned is not Owned.REFERENCE:
        return decision
    if not isinstance(ours, Claim) or not ours.qualifiers or not rule.is_same(base.value, ours):
        return decision
    entry = revived(decision)
    if entry:
        there = slot.stated[entry.id].statement.qualifiers
        if contradicts(there, ours.qualifiers, rule.rule):
            refuted = Pair((Seen(entry.value, deprecated=True),), ours)
            return Conflict(base=slot.kept.memory, told=Told(Kind.REFUTED, refuted))
    adds = [step.entry.id for step in decision.steps if isinstance(step, AddReference)]
    whole = slot.whole()
    mine = slot.standing(base, ours, [each for each in whole if each.id in adds] or whole)
    if mine is None or not (mine.cited or adds) or not slot.contradicts(mine, ours):
        return decision
    steps = tuple(step for step in decision.steps if not isinstance(step, AddReference))
    told: Told[Claim] = Told(Kind.CONFLICT, Pair((Seen(mine.value),), ours))
    word = slot.word(told)
    if word is None or word.word is Word.KEEP_WIKI:
        after_us = _let_go(slot, base, ours)
        if not adds and after_us is not slot.kept.left:
            cited = (e for e in whole if e.cited and rule.relation(e.value, ours) in AGREE)
            steps = (*steps, *map(RemoveReference, cited))
        return Conflict(base=after_us, steps=steps, told=None if word else told)
    slot.on.spend(word)
    if word.word is Word.TAKE_PARTNER:
        steps = (*steps, RemoveEntry(mine))
    after = Base(ours, past=base.past, spent=base.spent)
    return Ruled(word=word.word, base=after, steps=(*steps, AddValue(ours)))


def not_what_people_took(
    slot: OnSlot, decision: Decision[Claim], gone: frozenset[str] = frozenset()
) -> Decision[Claim]:
    """What another of our datasets left here and people took away is not brought back.

    Nor is what we said has ended: `gone` are the keys of those that people took away.
    """
    rule = slot.rule
    said = [step.value for step in decision.steps if isinstance(step, AddValue | SetValue)]
    if not said or isinstance(decision, Ruled):
        return decision
    (ours,) = said
    place = slot.name
    if rule.rule.many:
        place = place.removesuffix(f" {short(rule.key(ours))}")
    if rule.key(ours) not in gone and not slot.on.house.left(place, ours.snak, rule.rule):
        return decision
    same = [each for each in slot.entries if rule.is_same(each.value, ours)]
    if any(each.rank is not Rank.DEPRECATED for each in same):
        return decision
    against = [each for each in slot.entries if not rule.rule.many or each in same or each.denies]
    seen = tuple(Seen(each.value, each.rank is Rank.DEPRECATED) for each in against)
    told: Told[Claim] = Told(Kind.REFUTED if same else Kind.REMOVED, Pair(seen, ours))
    word = slot.word(told)
    if word is None or word.word is Word.KEEP_WIKI:
        return Conflict(base=slot.kept.memory, told=None if word else told)
    slot.on.spend(word)
    return Ruled(word=word.word, base=decision.base, steps=decision.steps)


def revived(decision: Decision[Claim]) -> Entry[Claim] | None:
    """The entry that was deprecated and is to stand again."""
    return next(
        (
            step.entry
            for step in decision.steps
            if isinstance(step, SetRank) and step.rank is not Rank.DEPRECATED
            if step.entry.rank is Rank.DEPRECATED
        ),
        None,
    )


def _let_go(slot: OnSlot, base: Base[Claim], ours: Claim) -> Base[Claim]:
    """The base without our reference; as it was kept where it was without before: people may have
    put it back since."""
    left = slot.kept.left
    if left and left.owned is Owned.NOTHING and slot.rule.is_same(left.value, ours):
        return left
    return replace(base, owned=Owned.NOTHING)
