"""The slots of an item's statements: what people did and what the source says, made changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bots.core.merge import merge, merge_values
from bots.core.merge.facts import (
    ABSENT,
    UNKNOWN,
    Absent,
    AddReference,
    AddValue,
    Base,
    Conflict,
    Decision,
    EndValue,
    Entry,
    Keep,
    Kind,
    Lack,
    Owned,
    Pair,
    Rank,
    Relation,
    RemoveEntry,
    RemoveReference,
    Ruled,
    Seen,
    SetRank,
    SetValue,
    Slot,
    Told,
    Tombstone,
    Word,
)
from bots.core.plan import JSON
from bots.core.wikibase.equality import canonical_snak
from bots.core.wikibase.model import Snak, Statement
from bots.datasets.engine.asleft import is_as_left
from bots.datasets.engine.bases import NOTHING_KEPT, Kept, Parts, kept_json, kept_of
from bots.datasets.engine.claims import Claim, compare_snaks, comparer_of, contradicts, said_claim
from bots.datasets.engine.onitem import OnItem
from bots.datasets.engine.parts import SaidParts, Within, follow
from bots.datasets.engine.seen import Stated, apart, entry_of, has_ended, left_in, value_key
from bots.datasets.engine.telling import pair_digest, short, tell_snaks, value_text
from bots.datasets.facts import Said, StatementRule


class Rule:
    """A rule with what is made of it once: its slot, and its qualifiers' slots."""

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


def judge_property(
    on: OnItem, rule: Rule, saids: Sequence[Said], statements: Sequence[Statement]
) -> None:
    """Judge all slots of one property: those that the source speaks of, and those that we left."""
    if any(said.values is UNKNOWN for said in saids):
        return
    places: dict[str, list[Statement]] = {}
    for statement in statements:
        places.setdefault(_place(rule.rule, statement.qualifiers), []).append(statement)
    wanted = {_place(rule.rule, said.key): said for said in saids}
    held = on.by_property.get(rule.rule.property, ())
    if rule.rule.many:
        _judge_values(on, rule, places, wanted, held)
        return
    for name in (*wanted, *(name for name in held if name not in wanted)):
        values = _values(wanted.get(name))
        there = places.get(name, ())
        said = values[0] if values else None
        if not is_as_left(on.bases.get(name), there, said, rule.rule, on.today):
            _judge_one(on, rule, name, there, said)


def _judge_one(
    on: OnItem, rule: Rule, name: str, statements: Sequence[Statement], said: Statement | None
) -> None:
    kept = kept_of(on.bases.get(name), rule.rule.property)
    if said is None and kept.memory is None:
        return
    stated = [Stated(each, on.cites) for each in statements]
    alive = (each for each in statements if each.rank is not Rank.DEPRECATED)
    there = {rule.key(Claim(each.mainsnak)) for each in alive} if kept.ended else set()
    stated = [each for each in stated if not has_ended(each, kept, rule.rule)]
    ours: Claim | Absent = ABSENT if said is None else said_claim(said, rule.rule)
    entries = [entry_of(each, kept, rule.rule, on.house, on.references) for each in stated]
    if len(entries) > 1:
        entries = apart(entries, stated, rule.rule)
    decision = _unmoved(rule, kept, entries, ours)
    if decision is None:
        decision = on.heard(
            name,
            rule.key,
            lambda rulings: merge(rule.slot, kept.memory, entries, ours, rulings=rulings),
        )
    if kept.ended or on.house.kept:
        gone = frozenset(kept.ended) - there
        decision = _not_what_people_took(on, rule, name, decision, kept, gone, entries)
    _carry_out(on, rule, name, decision, kept, stated, entries, ours)


def _judge_values(
    on: OnItem,
    rule: Rule,
    places: Mapping[str, Sequence[Statement]],
    wanted: Mapping[str, Said],
    held: Sequence[str],
) -> None:
    """A slot per value: all values of one place together."""
    kept_in: dict[str, list[tuple[str, Kept]]] = {}
    for name in held:
        kept = kept_of(on.bases.get(name), rule.rule.property)
        if kept.left is None:
            continue
        place = name.removesuffix(f" {short(rule.key(kept.left.value))}")
        kept_in.setdefault(place, []).append((name, kept))
    for place in dict.fromkeys((*wanted, *kept_in)):
        said = wanted.get(place)
        there, kept_here = places.get(place, ()), kept_in.get(place, [])
        _judge_place(on, rule, place, there, _values(said), kept_here)


def _judge_place(
    on: OnItem,
    rule: Rule,
    place: str,
    statements: Sequence[Statement],
    values: Sequence[Statement],
    kept: Sequence[tuple[str, Kept]],
) -> None:
    stated = [Stated(each, on.cites) for each in statements]
    entries = [_entry_among(on, each, kept, rule) for each in stated]
    if len(entries) > 1:
        entries = apart(entries, stated, rule.rule)
    slots = [(name, each, each.left.value) for name, each in kept if each.left is not None]
    ours: list[Claim] = []
    for said in values:
        claim = said_claim(said, rule.rule)
        if any(_relation(rule, claim, each) is Relation.SAME for each in ours):
            continue
        ours.append(claim)
        if not any(_relation(rule, claim, left) is Relation.SAME for _, _, left in slots):
            slots.append((f"{place} {short(rule.key(claim))}", NOTHING_KEPT, claim))
    bases = [each.memory for _, each, _ in slots if each.memory is not None]
    decisions = on.heard_all(
        [name for name, _, _ in slots],
        rule.key,
        lambda rulings: merge_values(rule.slot, bases, entries, ours, rulings=rulings),
    )
    for (name, before, about), decision in zip(slots, decisions, strict=True):
        if on.house.kept:
            decision = _not_what_people_took(on, rule, name, decision, before, frozenset(), entries)
        claim_or_none = next((e for e in ours if _relation(rule, e, about) is Relation.SAME), None)
        _carry_out(
            on,
            rule,
            name,
            decision,
            before,
            stated,
            entries,
            ABSENT if claim_or_none is None else claim_or_none,
        )


def _carry_out(
    on: OnItem,
    rule: Rule,
    name: str,
    decision: Decision[Claim],
    kept: Kept,
    stated: Sequence[Stated],
    entries: Sequence[Entry[Claim]],
    ours: Claim | Absent,
) -> None:
    """Make the decision changes of the item, and of what is remembered."""
    by_id = {each.statement.id: each for each in stated}
    decision = _not_for_what_it_does_not_say(on, rule, name, decision, kept, by_id, entries, ours)
    ended = list(kept.ended)
    for step in decision.steps:
        _take(on, rule, step, by_id, kept, ended)
    if decision.told is not None:
        _tell(on, rule, name, decision.told, stated)
    after = _parts_after(on, rule, name, decision, kept, by_id, entries, ours)
    after = replace(after, ended=tuple(dict.fromkeys(ended)))
    raw = kept_json(after)
    if raw != on.bases.get(name):
        on.changes.leaves[name] = raw


def _take(
    on: OnItem,
    rule: Rule,
    step: object,
    by_id: Mapping[str, Stated],
    kept: Kept,
    ended: list[str],
) -> None:
    changes, property_id = on.changes, rule.rule.property
    match step:
        case AddValue(value=Claim(said=Statement() as said), rank=rank):
            changes.add.append(said if rank is said.rank else replace(said, rank=rank))
            changes.because("dataset-why-add", property_id, value_text(said.mainsnak))
        case SetValue(entry=entry, value=Claim(snak=snak)):
            draft = changes.draft(by_id[entry.id].statement)
            now = draft.read.mainsnak
            if (now.value, now.snaktype) != (snak.value, snak.snaktype):
                draft.mainsnak = snak
            changes.because("dataset-why-update", property_id, value_text(snak))
        case EndValue(entry=entry):
            statement = by_id[entry.id].statement
            changes.draft(statement).add_qualifiers.append(Snak.somevalue(rule.rule.end))
            ended.append(rule.key(entry.value))
            changes.because("dataset-why-end", property_id, value_text(statement.mainsnak))
        case SetRank(entry=entry, rank=rank):
            changes.draft(by_id[entry.id].statement).rank = rank
            changes.because("dataset-why-rank", property_id, rank.value)
        case RemoveEntry(entry=entry):
            statement = by_id[entry.id].statement
            if statement not in changes.remove:
                changes.remove.append(statement)
            changes.because("dataset-why-remove", property_id, value_text(statement.mainsnak))
        case RemoveReference(entry=entry):
            seen = by_id[entry.id]
            _, parts = left_in(entry.value.snak, kept, rule.rule)
            gone = [each.reference for each in seen.as_left(parts, on.references)]
            changes.draft(seen.statement).remove_references += gone
            changes.because(
                "dataset-why-unreference", property_id, value_text(seen.statement.mainsnak)
            )
        case AddReference():
            pass  # which reference is for `_parts_after` to say
        case _:
            raise TypeError(step)


def _parts_after(
    on: OnItem,
    rule: Rule,
    name: str,
    decision: Decision[Claim],
    kept: Kept,
    by_id: Mapping[str, Stated],
    entries: Sequence[Entry[Claim]],
    ours: Claim | Absent,
) -> Kept:
    """What is remembered after: the decision's base, and the parts of the statement it is in."""
    memory = decision.base
    base = memory.left if isinstance(memory, Tombstone) else memory
    if base is None:
        return Kept()
    past = _past_parts(rule, base, kept)
    same = kept.left is not None and _same(rule, kept.left.value, base.value)
    before = kept.parts if same else past.pop(rule.key(base.value), None)
    before = before or Parts({}, kept.parts.reference)
    for former in list(past):
        if not any(rule.key(each.value) == former for each in base.past):
            del past[former]
    if not isinstance(ours, Claim) or ours.said is None or isinstance(memory, Tombstone):
        return Kept(memory, before, past)
    wanted = SaidParts.of(ours.said, rule.rule)
    if any(isinstance(step, AddValue) for step in decision.steps):
        return Kept(memory, wanted.written(), past)
    adds = next((step for step in decision.steps if isinstance(step, AddReference)), None)
    if adds is not None and wanted.reference is not None:
        stated = by_id[adds.entry.id]
        refused = rule.key(adds.entry.value) in kept.ended
        if not (refused or stated.ours):  # else people took it out, or changed it
            on.changes.draft(stated.statement).add_references.append(wanted.reference)
            on.changes.because(
                "dataset-why-reference", rule.rule.property, value_text(stated.statement.mainsnak)
            )
        return Kept(memory, wanted.referenced(), past)
    if _relation(rule, base.value, ours) is not Relation.SAME:
        return Kept(memory, before, past)
    if base.owned is Owned.NOTHING:
        return Kept(memory, Parts({}, before.reference), past)
    sets = next((step for step in decision.steps if isinstance(step, SetValue)), None)
    mine = sets.entry if sets else _revived(decision)
    mine = mine or _standing(rule, base, entries, ours)
    if mine and mine.touched and len(entries) > 1:
        alike = _with_all_they_say(entries, by_id)
        mine = _standing(rule, base, alike, ours)
    if mine is None:
        return Kept(memory, before, past)
    left, parts = left_in(mine.value.snak, kept, rule.rule)
    within = Within(
        name=name,
        stated=by_id[mine.id],
        before=parts if left else before,
        whole=base.owned is Owned.WHOLE,
        untouched=not mine.touched and mine.rank is (left or base).rank,
    )
    follows = follow(on, rule.rule, within, wanted, rewritten=sets is not None)
    return Kept(memory, follows, past)


def _revived(decision: Decision[Claim]) -> Entry[Claim] | None:
    """Our own entry, where we had deprecated it and it is used again."""
    return next(
        (
            step.entry
            for step in decision.steps
            if isinstance(step, SetRank) and step.rank is not Rank.DEPRECATED
            if step.entry.rank is Rank.DEPRECATED
        ),
        None,
    )


def _unmoved(
    rule: Rule, kept: Kept, entries: Sequence[Entry[Claim]], ours: Claim | Absent
) -> Decision[Claim] | None:
    """Keep, where there is nothing but what we left and the source says the same: the many cases.

    As `merge` would decide; it is asked for all the others.
    """
    base = kept.memory
    if len(entries) != 1 or not isinstance(base, Base) or not isinstance(ours, Claim):
        return None
    (entry,) = entries
    if entry.rank is Rank.DEPRECATED or base.rank is Rank.DEPRECATED:
        return None
    if base.owned is Owned.NOTHING or not _same(rule, base.value, ours):
        return None
    return Keep(base=base) if _same(rule, entry.value, base.value) else None


def _not_for_what_it_does_not_say(
    on: OnItem,
    rule: Rule,
    name: str,
    decision: Decision[Claim],
    kept: Kept,
    stated: Mapping[str, Stated],
    entries: Sequence[Entry[Claim]],
    ours: Claim | Absent,
) -> Decision[Claim]:
    """Our reference does not stand in people's statement whose qualifiers say another than ours."""
    base = decision.base
    if not isinstance(base, Base) or base.owned is not Owned.REFERENCE:
        return decision
    if not isinstance(ours, Claim) or not ours.qualifiers:
        return decision
    if _relation(rule, base.value, ours) is not Relation.SAME:
        return decision
    whole = _with_all_they_say(entries, stated)
    adds = [step.entry.id for step in decision.steps if isinstance(step, AddReference)]
    among = [each for each in whole if each.id in adds] or whole
    revived = _revived(decision)
    if revived and contradicts(stated[revived.id].statement.qualifiers, ours.qualifiers, rule.rule):
        refuted: Told[Claim] = Told(Kind.REFUTED, Pair((Seen(revived.value, True),), ours))
        return Conflict(base=kept.memory, told=refuted)
    mine = _standing(rule, base, among, ours)
    if mine is None or not (mine.cited or adds) or not _contradicts(rule, mine, ours):
        return decision
    told: Told[Claim] = Told(Kind.CONFLICT, Pair((Seen(mine.value),), ours))
    word = on.word(name, told, rule.key)
    steps = tuple(step for step in decision.steps if not isinstance(step, AddReference))
    if word is None or word.word is Word.KEEP_WIKI:
        if not adds:
            agree = (Relation.SAME, Relation.FINER)
            cited = [e for e in whole if e.cited and _relation(rule, e.value, ours) in agree]
            steps = (*steps, *map(RemoveReference, cited))
        left = replace(base, owned=Owned.NOTHING)
        if kept.left and kept.left.owned is Owned.NOTHING and _same(rule, kept.left.value, ours):
            left = kept.left
        return Conflict(base=left, steps=steps, told=None if word else told)
    if word.word is Word.TAKE_PARTNER:
        steps = (*steps, RemoveEntry(mine))
    on.spend(word)
    return Ruled(
        word=word.word,
        base=Base(ours, past=base.past, spent=base.spent),
        steps=(*steps, AddValue(ours)),
    )


def _with_all_they_say(
    entries: Sequence[Entry[Claim]], stated: Mapping[str, Stated]
) -> list[Entry[Claim]]:
    return [
        replace(each, value=replace(each.value, qualifiers=stated[each.id].statement.qualifiers))
        for each in entries
    ]


def _not_what_people_took(
    on: OnItem,
    rule: Rule,
    name: str,
    decision: Decision[Claim],
    kept: Kept,
    gone: frozenset[str],
    entries: Sequence[Entry[Claim]],
) -> Decision[Claim]:
    """What another of our datasets left here and people took away is not brought back.

    Nor is what we said has ended: `gone` are the keys of those that people took away.
    """
    said = [step.value for step in decision.steps if isinstance(step, AddValue | SetValue)]
    if not said or isinstance(decision, Ruled):
        return decision
    (ours,) = said
    place = name.removesuffix(f" {short(rule.key(ours))}") if rule.rule.many else name
    if rule.key(ours) not in gone and not on.house.left(place, ours.snak, rule.rule):
        return decision
    same = [each for each in entries if _relation(rule, each.value, ours) is Relation.SAME]
    if any(each.rank is not Rank.DEPRECATED for each in same):
        return decision
    against = [each for each in entries if not rule.rule.many or each in same or each.denies]
    seen = tuple(Seen(each.value, each.rank is Rank.DEPRECATED) for each in against)
    told: Told[Claim] = Told(Kind.REFUTED if same else Kind.REMOVED, Pair(seen, ours))
    word = on.word(name, told, rule.key)
    if word is None or word.word is Word.KEEP_WIKI:
        return Conflict(base=kept.memory, told=None if word else told)
    on.spend(word)
    return Ruled(word=word.word, base=decision.base, steps=decision.steps)


def _standing(
    rule: Rule, base: Base[Claim], entries: Sequence[Entry[Claim]], ours: Claim
) -> Entry[Claim] | None:
    """The entry in which what base speaks of stands, our own first."""
    found: list[tuple[tuple[bool, ...], int]] = []
    for place, entry in enumerate(entries):
        relation = _relation(rule, entry.value, base.value)
        if relation not in (Relation.SAME, Relation.FINER):
            continue
        if entry.rank is Rank.DEPRECATED and base.rank is not Rank.DEPRECATED:
            continue
        other = relation is not Relation.SAME
        order = (_contradicts(rule, entry, ours), other, entry.touched, not entry.cited)
        found.append((order, place))
    return entries[min(found)[1]] if found else None


def _relation(rule: Rule, theirs: Claim, ours: Claim) -> Relation:
    return compare_snaks(theirs.snak, ours.snak, rule.rule.normalisers)


def _contradicts(rule: Rule, entry: Entry[Claim], ours: Claim) -> bool:
    return contradicts(entry.value.qualifiers, ours.qualifiers, rule.rule)


def _tell(on: OnItem, rule: Rule, name: str, told: Told[Claim], stated: Sequence[Stated]) -> None:
    pair = _pair(rule, told)
    snaks: Pair[Snak] = Pair(
        tuple(Seen(each.value.snak, each.deprecated) for each in told.pair.theirs),
        ABSENT if told.pair.ours is ABSENT else told.pair.ours.snak,
    )
    among = [
        each.statement
        for each in stated
        if any(
            compare_snaks(each.statement.mainsnak, seen.value) is Relation.SAME
            for seen in snaks.theirs
        )
    ]
    on.changes.differences.append(
        tell_snaks(
            on.changes.about,
            Told(told.kind, snaks),
            name,
            rule.rule.column,
            pair,
            among,
            on.since,
        )
    )


def _past_parts(rule: Rule, base: Base[Claim], kept: Kept) -> dict[str, Parts]:
    past = dict(kept.past)
    if kept.left is not None and not _same(rule, kept.left.value, base.value):
        past[rule.key(kept.left.value)] = kept.parts
    return past


def _entry_among(
    on: OnItem, stated: Stated, kept: Iterable[tuple[str, Kept]], rule: Rule
) -> Entry[Claim]:
    """The statement as an entry, told against the base of its own value."""
    for _, each in kept:
        left = each.left
        if (
            left
            and compare_snaks(stated.statement.mainsnak, left.value.snak, rule.rule.normalisers)
            is Relation.SAME
        ):
            return entry_of(stated, each, rule.rule, on.house, on.references)
    return entry_of(stated, NOTHING_KEPT, rule.rule, on.house, on.references)


def _values(said: Said | None) -> tuple[Statement, ...]:
    """What the source says; nothing where it says nothing."""
    return () if said is None or isinstance(said.values, Lack) else said.values


def _pair(rule: Rule, told: Told[Claim]) -> str:
    return pair_digest(told.pair, rule.key)


def _same(rule: Rule, one: Claim, other: Claim) -> bool:
    return rule.slot.compare(one, other) is Relation.SAME


def _place(rule: StatementRule, snaks: Iterable[Snak]) -> str:
    """The slot's name, without the value: the property, and what its key qualifiers say."""
    if not rule.keys:
        return rule.property
    keys = sorted(canonical_snak(each) for each in snaks if each.property in rule.keys)
    return f"{rule.property} {short(json.dumps(keys, ensure_ascii=False))}"


def names_by_property(bases: Mapping[str, JSON]) -> dict[str, list[str]]:
    """The names of the statements' slots in the bases, by property."""
    found: dict[str, list[str]] = {}
    for name in _statement_names(bases):
        found.setdefault(name.partition(" ")[0], []).append(name)
    return found


def _statement_names(bases: Mapping[str, JSON]) -> Iterator[str]:
    return (name for name in bases if name[:1] == "P")
