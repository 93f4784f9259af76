"""The slots of an item's statements: what people did and what the source says, made changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bots.core.entitychange import snak_text
from bots.core.merge import merge, merge_values
from bots.core.merge.facts import (
    ABSENT,
    UNKNOWN,
    Absent,
    AddReference,
    AddValue,
    Base,
    Decision,
    EndValue,
    Entry,
    Lack,
    Pair,
    Rank,
    RemoveEntry,
    RemoveReference,
    Seen,
    SetRank,
    SetValue,
    Step,
    Told,
)
from bots.core.wikibase.model import Snak, Statement
from bots.datasets.engine.asleft import is_as_left
from bots.datasets.engine.bases import NOTHING_KEPT, Kept, kept_json, kept_of
from bots.datasets.engine.changes import Draft
from bots.datasets.engine.claims import Claim, said_claim
from bots.datasets.engine.onitem import OnItem
from bots.datasets.engine.onslot import OnSlot, Rule, place_of
from bots.datasets.engine.parts import SaidParts
from bots.datasets.engine.remembered import remembered
from bots.datasets.engine.restraint import not_for_what_it_does_not_say, not_what_people_took
from bots.datasets.engine.seen import Stated, apart, entry_of, has_ended, left_in, says_why
from bots.datasets.engine.telling import pair_digest, short, tell_snaks, value_text
from bots.datasets.engine.undone import is_statement_undone, is_undone
from bots.datasets.facts import Said, StatementRule


def judge_property(
    on: OnItem, rule: Rule, saids: Sequence[Said], statements: Sequence[Statement]
) -> None:
    """Judge all slots of one property: those that the source speaks of, and those that we left.

    Where some values of several can't be told, those that can are judged, and no others.
    """
    told = [said for said in saids if said.values is not UNKNOWN]
    in_part = len(told) < len(saids)
    if in_part and not (rule.rule.many and told):
        return
    places: dict[str, list[Statement]] = {}
    for statement in statements:
        places.setdefault(place_of(rule.rule, statement.qualifiers), []).append(statement)
    wanted = {place_of(rule.rule, said.key): said for said in told}
    held = on.by_property.get(rule.rule.property, ())
    if not (statements or held or on.house.kept):
        for place, each in wanted.items():
            _add_all(on, rule, place, _values(each))
        return
    if rule.rule.keys:
        _deny_everywhere(rule, places, (*wanted, *held))
    if rule.rule.many:
        if not _are_as_left(on, rule, statements, wanted, held):
            _judge_values(on, rule, places, wanted, held, in_part)
        return
    for name in (*wanted, *(name for name in held if name not in wanted)):
        values = _values(wanted.get(name))
        there = places.get(name, ())
        said, raw = values[0] if values else None, on.bases.get(name)
        if is_as_left(raw, there, said, rule.rule, on.today):
            continue
        if not is_statement_undone(raw, said, rule.rule):
            _judge_one(on, rule, name, there, said)


def _are_as_left(
    on: OnItem,
    rule: Rule,
    statements: Sequence[Statement],
    wanted: Mapping[str, Said],
    held: Sequence[str],
) -> bool:
    """Whether of several values just those stand that we left, each as we left it and as said."""
    if not len(held) == len(statements) == sum(len(_values(each)) for each in wanted.values()):
        return False

    def name(place: str, statement: Statement) -> str:
        return f"{place} {short(rule.key(Claim(statement.mainsnak)))}"

    said = {name(place, each): each for place, found in wanted.items() for each in _values(found)}
    there = {name(place_of(rule.rule, each.qualifiers), each): each for each in statements}
    return all(
        each in there
        and is_as_left(on.bases.get(each), (there[each],), said.get(each), rule.rule, on.today)
        for each in held
    )


def _add_all(on: OnItem, rule: Rule, place: str, values: Sequence[Statement]) -> None:
    """Nothing stands there and nobody left anything, as on a new item: it needs no judging."""
    for said in values if rule.rule.many else values[:1]:
        claim = said_claim(said, rule.rule)
        name = f"{place} {short(rule.key(claim))}" if rule.rule.many else place
        if name not in on.changes.leaves:
            _add(on, rule, said)
            parts = SaidParts.of(said, rule.rule).written()
            on.changes.leaves[name] = kept_json(Kept(Base(claim), parts))


def _add(on: OnItem, rule: Rule, said: Statement, rank: Rank = Rank.NORMAL) -> None:
    """Add the statement that the source's value is written as."""
    on.changes.add.append(said if rank is said.rank else replace(said, rank=rank))
    on.changes.because("dataset-why-add", rule.rule.property, value_text(said.mainsnak))


def _deny_everywhere(rule: Rule, places: dict[str, list[Statement]], names: Iterable[str]) -> None:
    """Who says that there is none, without any of the keys, says it of every slot."""
    whole = place_of(rule.rule, ())
    denials = [each for each in places.get(whole, ()) if each.mainsnak.snaktype == "novalue"]
    for name in dict.fromkeys(names):
        if denials and name != whole:
            places[name] = [*places.get(name, ()), *denials]


def _judge_one(
    on: OnItem, rule: Rule, name: str, statements: Sequence[Statement], said: Statement | None
) -> None:
    kept = kept_of(on.bases.get(name), rule.rule.property)
    if kept.memory is None and (said is None or _says_less(said, statements)):
        return
    stated = [Stated(each, on.cites) for each in statements]
    stated = [each for each in stated if not has_ended(each, kept, rule.rule)]
    among = on.references_in(rule.rule.property)
    entries = [entry_of(each, kept, rule.rule, on.house, among) for each in stated]
    ours: Claim | Absent = ABSENT if said is None else said_claim(said, rule.rule)
    slot = _slot(on, rule, name, kept, stated, entries, ours)
    decision = on.heard(
        name,
        rule.key,
        lambda rulings: merge(rule.slot, kept.memory, slot.entries, ours, rulings=rulings),
    )
    if kept.ended or on.house.kept:
        alive = (each for each in statements if each.rank is not Rank.DEPRECATED)
        there = {rule.key(Claim(each.mainsnak)) for each in alive}
        decision = not_what_people_took(slot, decision, frozenset(kept.ended) - there)
    _carry_out(slot, decision)


def _says_less(said: Statement, statements: Sequence[Statement]) -> bool:
    """Whether the source knows only that there is some value, and people which."""
    known = (each.mainsnak.value for each in statements if each.rank is not Rank.DEPRECATED)
    return said.mainsnak.snaktype == "somevalue" and any(value is not None for value in known)


def _judge_values(
    on: OnItem,
    rule: Rule,
    places: Mapping[str, Sequence[Statement]],
    wanted: Mapping[str, Said],
    held: Sequence[str],
    in_part: bool,
) -> None:
    """A slot per value: all values of one place together. `in_part`: there are more, unknown."""
    kept_in: dict[str, list[tuple[str, Kept]]] = {}
    some_undone = any(is_undone(on.bases.get(name)) for name in held)
    for name in held:
        kept = kept_of(on.bases.get(name), rule.rule.property)
        if kept.left is None:
            continue
        place = name.removesuffix(f" {short(rule.key(kept.left.value))}")
        kept_in.setdefault(place, []).append((name, kept))
    for place in wanted if in_part else dict.fromkeys((*wanted, *kept_in)):
        values: Sequence[Statement] = _values(wanted.get(place))
        kept_here = kept_in.get(place, [])
        if some_undone:
            values, kept_here = _but_undone(on, rule, place, values, kept_here)
        _judge_place(on, rule, place, places.get(place, ()), values, kept_here, in_part)


def _but_undone(
    on: OnItem,
    rule: Rule,
    place: str,
    values: Sequence[Statement],
    kept: Sequence[tuple[str, Kept]],
) -> tuple[list[Statement], list[tuple[str, Kept]]]:
    """The source's values of a place and what we left there, without what was taken back."""
    said = {f"{place} {short(rule.key(Claim(each.mainsnak)))}": each for each in reversed(values)}
    gone = {
        name
        for name in (*said, *(name for name, _ in kept))
        if is_statement_undone(on.bases.get(name), said.get(name), rule.rule)
    }
    left = [each for name, each in said.items() if name not in gone]
    return left[::-1], [(name, each) for name, each in kept if name not in gone]


def _judge_place(
    on: OnItem,
    rule: Rule,
    place: str,
    statements: Sequence[Statement],
    values: Sequence[Statement],
    kept: Sequence[tuple[str, Kept]],
    in_part: bool,
) -> None:
    stated = [Stated(each, on.cites) for each in statements]
    among = on.references_in(rule.rule.property)
    entries = [
        entry_of(each, _kept_of_value(each, kept, rule), rule.rule, on.house, among)
        for each in stated
    ]
    slots = [(name, each, each.left.value) for name, each in kept if each.left is not None]
    ours: list[Claim] = []
    for said in values:
        claim = said_claim(said, rule.rule)
        if any(rule.is_same(claim, each) for each in ours):
            continue
        ours.append(claim)
        if not any(rule.is_same(claim, left) for _, _, left in slots):
            slots.append((f"{place} {short(rule.key(claim))}", NOTHING_KEPT, claim))
    slot = _slot(on, rule, place, NOTHING_KEPT, stated, entries, ABSENT)
    bases = [each.memory for _, each, _ in slots if each.memory is not None]
    decisions = on.heard_all(
        [name for name, _, _ in slots],
        rule.key,
        lambda rulings: merge_values(rule.slot, bases, slot.entries, ours, rulings=rulings),
    )
    for (name, before, about), decision in zip(slots, decisions, strict=True):
        said_here = next((each for each in ours if rule.is_same(each, about)), None)
        if said_here is None and in_part:
            continue
        one = replace(slot, name=name, kept=before, ours=ABSENT if said_here is None else said_here)
        _carry_out(one, not_what_people_took(one, decision) if on.house.kept else decision)


def _slot(
    on: OnItem,
    rule: Rule,
    name: str,
    kept: Kept,
    stated: Sequence[Stated],
    entries: Sequence[Entry[Claim]],
    ours: Claim | Absent,
) -> OnSlot:
    seen = apart(entries, stated, rule.rule) if len(entries) > 1 else entries
    return OnSlot(on, rule, name, kept, {each.statement.id: each for each in stated}, seen, ours)


def _carry_out(slot: OnSlot, decision: Decision[Claim]) -> None:
    """Make the decision changes of the item, and of what is remembered."""
    decision = not_for_what_it_does_not_say(slot, decision)
    ended = list(slot.kept.ended)
    for step in decision.steps:
        _take(slot, step)
        if isinstance(step, EndValue):
            ended.append(slot.rule.key(step.entry.value))
    if decision.told is not None:
        _tell(slot, decision.told)
    after = remembered(slot, decision)
    if ended:
        after = replace(after, ended=tuple(dict.fromkeys(ended)))
    raw = kept_json(after)
    if raw != slot.on.bases.get(slot.name):
        slot.on.changes.leaves[slot.name] = raw


def _take(slot: OnSlot, step: Step[Claim]) -> None:
    changes, rule = slot.on.changes, slot.rule.rule
    match step:
        case AddValue(value=Claim(said=Statement() as said), rank=rank):
            _add(slot.on, slot.rule, said, rank)
            return
        case AddValue() | AddReference():
            return  # which reference it is, is for `remembered` to say
    statement = slot.stated[step.entry.id].statement
    draft = changes.draft(statement)
    match step:
        case SetValue(value=Claim(snak=snak)):
            now = statement.mainsnak
            if (now.value, now.snaktype) != (snak.value, snak.snaktype):
                draft.mainsnak = snak
            changes.because("dataset-why-update", rule.property, value_text(snak))
        case EndValue():
            draft.add_qualifiers.append(Snak.somevalue(rule.end))
            changes.because("dataset-why-end", rule.property, value_text(statement.mainsnak))
        case SetRank(rank=rank):
            draft.rank = rank
            _say_why(draft, rule, rank)
            changes.because("dataset-why-rank", rule.property, rank.value)
        case RemoveEntry():
            if statement not in changes.remove:
                changes.remove.append(statement)
            changes.because("dataset-why-remove", rule.property, value_text(statement.mainsnak))
        case RemoveReference(entry=entry):
            _, parts = left_in(entry.value.snak, slot.kept, rule)
            among = slot.on.references_in(rule.property)
            gone = slot.stated[entry.id].as_left(parts, among)
            draft.remove_references += [each.reference for each in gone]
            changes.because(
                "dataset-why-unreference", rule.property, value_text(statement.mainsnak)
            )


def _say_why(draft: Draft, rule: StatementRule, rank: Rank) -> None:
    """Why a value is deprecated, as long as it is by us."""
    said = [each for each in draft.read.qualifiers if says_why(each, rule)]
    if rank is not Rank.DEPRECATED:
        draft.remove_qualifiers += said
    elif rule.reason is not None and not said:
        draft.add_qualifiers.append(rule.reason)


def _tell(slot: OnSlot, told: Told[Claim]) -> None:
    snaks: Pair[Snak] = Pair(
        tuple(Seen(each.value.snak, each.deprecated) for each in told.pair.theirs),
        ABSENT if told.pair.ours is ABSENT else told.pair.ours.snak,
    )
    among = [
        each.statement
        for each in slot.stated.values()
        if any(slot.rule.is_same(Claim(each.statement.mainsnak), s.value) for s in told.pair.theirs)
    ]
    difference = tell_snaks(
        slot.on.changes.about,
        Told(told.kind, snaks),
        slot.name,
        slot.rule.rule.column,
        pair_digest(told.pair, slot.rule.key),
        among,
        slot.on.since,
    )
    ours = told.pair.ours
    alive = [each.value for each in told.pair.theirs if not each.deprecated]
    if isinstance(ours, Claim) and any(slot.rule.is_same(each, ours) for each in alive):
        # The values are the same: what differs is said about them.
        theirs = zip(difference.wiki, told.pair.theirs, strict=True)
        difference = replace(
            difference,
            wiki=tuple(t if s.deprecated else t + _qualified(s.value) for t, s in theirs),
            ours=f"{difference.ours}{_qualified(ours)}",
        )
    slot.on.changes.differences.append(difference)


def _qualified(claim: Claim) -> str:
    return "".join(f"; {snak_text(each)}" for each in claim.qualifiers)


def _kept_of_value(stated: Stated, kept: Iterable[tuple[str, Kept]], rule: Rule) -> Kept:
    """What we left of the value that stands there: a slot per value."""
    claim = Claim(stated.statement.mainsnak)
    of_value = (each for _, each in kept if each.left and rule.is_same(claim, each.left.value))
    return next(of_value, NOTHING_KEPT)


def _values(said: Said | None) -> tuple[Statement, ...]:
    """What the source says; nothing where it says nothing."""
    return () if said is None or isinstance(said.values, Lack) else said.values
