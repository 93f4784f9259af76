"""The rows of the design's merge table, one function for each state of the base."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic

from bots.core.merge.facts import (
    ABSENT,
    Absent,
    Add,
    AddReference,
    AddValue,
    Adopt,
    Base,
    ChangePolicy,
    Conflict,
    Converged,
    Decision,
    EndValue,
    Entry,
    Keep,
    Kind,
    Memory,
    Nothing,
    Owned,
    Pair,
    Rank,
    Relation,
    RemoveEntry,
    RemoveReference,
    Respect,
    Seen,
    SetRank,
    SetValue,
    Slot,
    Step,
    Told,
    Tombstone,
    Update,
    V,
    Withdraw,
    WithdrawalPolicy,
    Yield,
)


@dataclass(frozen=True)
class Case(Generic[V]):
    """One slot, as it is to be judged."""

    slot: Slot[V]
    theirs: tuple[Entry[V], ...]
    ours: V | Absent
    moved_by_us: bool = False

    def told(self, kind: Kind, about: V) -> Told[V]:
        """In a slot per value only what says `about`, or that there is none, is in the pair."""
        seen = (
            e
            for e in self.theirs
            if not self.slot.many or e.denies or same(self.slot, e.value, about)
        )
        pairs = tuple(Seen(e.value, e.rank is Rank.DEPRECATED) for e in seen)
        return Told(kind, Pair(pairs, self.ours))


Steps = tuple[Step[V], ...]


def judge(case: Case[V], base: Memory[V]) -> Decision[V]:
    if isinstance(base, Tombstone):
        return _buried(case, base)
    ours = case.ours
    if base is None:
        return Nothing(base=None) if ours is ABSENT else _fresh(case, ours)
    changed = ours is not ABSENT and not same(case.slot, base.value, ours)
    if changed and case.slot.many:
        raise ValueError(
            f"a slot per value is added and withdrawn, never updated: {base.value!r} to {ours!r}"
        )
    mine = standing(case, base)
    if mine is None:
        return _lost(case, base, changed)
    if ours is ABSENT:
        return withdraw(case, base, mine, case.slot.withdrawal)
    if not alive(mine) and rivals(case, base, mine):
        return _withdrawn(case, base, mine, ours)
    return _changed(case, base, mine, ours) if changed else _unchanged(case, base, mine, ours)


# – | theirs | v


def _fresh(case: Case[V], ours: V) -> Decision[V]:
    found = agreeing(case, ours)
    if found is not None:
        return _adopt(case, found, ours)
    if refuting(case, ours):
        return Conflict(base=None, told=case.told(Kind.REFUTED, ours))
    if any(map(alive, case.theirs)) and not case.slot.many:
        return Conflict(base=None, told=case.told(Kind.CONFLICT, ours))
    return Add(base=Base(ours), steps=(AddValue(ours),))


def _adopt(case: Case[V], entry: Entry[V], ours: V, base: Base[V] | None = None) -> Decision[V]:
    left = base or Base(ours, Owned.NOTHING)
    return Adopt(
        base=replace(left, value=ours, owned=agreed(case.slot, entry, ours), rank=entry.rank),
        steps=reference(case.slot, entry) if left.owned is Owned.NOTHING else (),
    )


# b | b | ours


def _unchanged(case: Case[V], base: Base[V], mine: Entry[V], ours: V) -> Decision[V]:
    if not alive(mine):
        others = replace(case, theirs=tuple(e for e in case.theirs if e is not mine))
        if not is_ours(case, base, mine) or refuting(others, ours):
            return Conflict(base=base, told=case.told(Kind.REFUTED, ours))
        return Add(base=replace(base, rank=Rank.NORMAL), steps=(SetRank(mine, Rank.NORMAL),))
    if base.rank is Rank.DEPRECATED or base.owned is Owned.NOTHING:
        return _adopt(case, mine, ours, base)
    return Keep(base=base)


def _changed(case: Case[V], base: Base[V], mine: Entry[V], ours: V) -> Decision[V]:
    slot = case.slot
    own = is_ours(case, base, mine)
    relation = slot.compare(mine.value, ours)
    if alive(mine) and (relation is Relation.SAME or (relation is Relation.FINER and not own)):
        if base.owned is Owned.NOTHING:
            return _adopt(case, mine, ours, base)
        past = base.past if mine.cited else (*base.past, replace(base, past=(), spent=()))
        owned = agreed(slot, mine, ours)
        return Converged(base=Base(ours, owned, mine.rank, past, base.spent))
    former = past_of(slot, base, ours)
    again = next((e for e in case.theirs if former and is_ours(case, former, e)), None)
    if former and again:
        return _return_to(case, base, mine, former, again)
    beside = agreeing(case, ours, rivals(case, base, mine))
    if beside is not None:
        return _give_way(case, base, mine, beside, ours)
    if refuting(case, ours):
        return Conflict(base=base, told=case.told(Kind.REFUTED, ours))
    if former is not None:
        return Conflict(base=base, told=case.told(Kind.REMOVED, ours))
    if own:
        steps, left = change(case, base, mine, ours)
        return Update(policy=slot.change, base=left, steps=steps)
    steps, left = let_go(case, base, mine)
    told = case.told(Kind.CONFLICT, ours)
    return Yield(base=left, steps=steps, told=told) if steps else Conflict(base=left, told=told)


def _give_way(
    case: Case[V], base: Base[V], mine: Entry[V], beside: Entry[V], ours: V
) -> Decision[V]:
    steps, past = retire(case, base, mine)
    steps += _unless_refused(case, base, beside)
    return Adopt(base=Base(ours, Owned.REFERENCE, beside.rank, past, base.spent), steps=steps)


def _unless_refused(case: Case[V], base: Base[V], found: Entry[V]) -> Steps[V]:
    """Our reference for what stands there, unless it is our former value without it."""
    former = past_of(case.slot, base, found.value)
    refused = former is not None and former.owned is not Owned.NOTHING
    return () if refused else reference(case.slot, found)


def _withdrawn(case: Case[V], base: Base[V], mine: Entry[V], ours: V) -> Decision[V]:
    """We had deprecated ours, and people have filled its place."""
    beside = agreeing(case, ours, rivals(case, base, mine))
    if beside is not None:
        return _give_way(case, base, mine, beside, ours)
    return Conflict(base=base, told=case.told(Kind.CONFLICT, ours))


def _return_to(
    case: Case[V], base: Base[V], mine: Entry[V], former: Base[V], again: Entry[V]
) -> Decision[V]:
    """The source is back at a value of ours that we left standing: no second one is added."""
    slot = case.slot
    preferred = slot.change is ChangePolicy.ADD_PREFERRED and is_ours(case, base, mine)
    rank = Rank.PREFERRED if preferred else Rank.NORMAL
    steps, past = retire(case, base, mine)
    if again.rank is not rank:
        steps += (SetRank(again, rank),)
    past = tuple(p for p in past if not same(slot, p.value, former.value))
    left = replace(former, rank=rank, past=past, spent=base.spent)
    return Update(policy=slot.change, base=left, steps=steps)


def withdraw(case: Case[V], base: Base[V], mine: Entry[V], policy: WithdrawalPolicy) -> Decision[V]:
    """b | b | absent. What we left standing of former values goes with it."""
    if base.rank is Rank.DEPRECATED and alive(mine):
        if any(is_ours(case, base, e) for e in case.theirs):
            return Nothing(base=base)
        # Where people took our reference out, too, it is not put in again later.
        owned = Owned.NOTHING if mine.cited else Owned.REFERENCE
        return Nothing(base=replace(base, owned=owned, rank=mine.rank))
    if base.rank is Rank.DEPRECATED:
        return Nothing(base=base)
    if not is_ours(case, base, mine):
        steps, left = let_go(case, base, mine)
        return Withdraw(policy=policy, base=left, steps=steps) if steps else Nothing(base=base)
    if policy is WithdrawalPolicy.REPORT:
        told = case.told(Kind.UNSUPPORTED, base.value)
        return Withdraw(policy=policy, base=base, told=told)
    ours = [(p, e) for p in base.past for e in case.theirs if is_ours(case, p, e)]
    entries = [mine, *(e for _, e in ours)]
    if policy is WithdrawalPolicy.DEPRECATE:
        past = tuple(
            replace(p, rank=Rank.DEPRECATED) if any(p is q for q, _ in ours) else p
            for p in base.past
        )
        return Withdraw(
            policy=policy,
            base=replace(base, rank=Rank.DEPRECATED, past=past),
            steps=tuple(SetRank(e, Rank.DEPRECATED) for e in entries if alive(e)),
        )
    gone: Steps[V] = tuple(RemoveEntry(e) for e in entries)
    rest: list[Base[V]] = []
    for p in base.past:
        if any(p is q for q, _ in ours):
            continue
        entry = standing(case, p)
        freed, left = let_go(case, p, entry) if entry else ((), p)
        gone += freed
        rest.append(left)
    return Withdraw(policy=policy, base=_remembered(case, base, rest), steps=gone)


def _remembered(case: Case[V], base: Base[V], past: list[Base[V]]) -> Memory[V]:
    """What is left to know once all that was ours is gone: first what people took away."""
    for p in past:
        if standing(case, p) is None:
            rest = tuple(q for q in past if q is not p)
            return Tombstone(replace(p, past=rest, spent=base.spent))
    return replace(past[0], past=tuple(past[1:]), spent=base.spent) if past else None


# b | gone, deprecated or another w | ours


def _lost(case: Case[V], base: Base[V], changed: bool) -> Decision[V]:
    slot, ours = case.slot, case.ours
    if case.moved_by_us:
        return Nothing(base=None) if ours is ABSENT else _fresh(case, ours)
    finer = [e for e in case.theirs if alive(e) and _is(slot, e, base.value, Relation.FINER)]
    others = finer if slot.many else rivals(case, base, None)
    deprecated = any(_is(slot, e, base.value, Relation.SAME) for e in case.theirs if not alive(e))
    if ours is ABSENT:
        return _lost_and_absent(case, base, others, deprecated)
    if not changed:
        if finer:
            return Converged(base=replace(base, owned=Owned.REFERENCE, rank=finer[0].rank))
        if deprecated or not others:
            kind = Kind.REFUTED if deprecated else Kind.REMOVED
            return Respect(base=Tombstone(base), told=case.told(kind, base.value))
        kind = Kind.REFUTED if refuting(case, ours) else Kind.CORRECTED
        return Respect(base=base, told=case.told(kind, base.value))
    found = agreeing(case, ours)
    if found is not None:
        past = remember(slot, base, ours)
        return Converged(
            base=Base(ours, agreed(slot, found, ours), found.rank, past, base.spent),
            steps=_unless_refused(case, base, found),
        )
    if refuting(case, ours):
        return Conflict(base=base, told=case.told(Kind.REFUTED, ours))
    kind = Kind.CONFLICT if others else Kind.REMOVED
    return Conflict(base=base, told=case.told(kind, ours))


def _lost_and_absent(
    case: Case[V], base: Base[V], others: list[Entry[V]], deprecated: bool
) -> Decision[V]:
    gone = deprecated or not others
    strays = [e for e in others if e.cited]
    if strays and base.owned is not Owned.NOTHING and not case.slot.plain:
        left = replace(base, owned=Owned.NOTHING)
        return Withdraw(
            policy=case.slot.withdrawal,
            base=Tombstone(left) if gone else left,
            steps=tuple(RemoveReference(e) for e in strays),
        )
    return Respect(base=Tombstone(base)) if gone else Nothing(base=base)


# tombstone | theirs | ours


def _buried(case: Case[V], tombstone: Tombstone[V]) -> Decision[V]:
    left, ours = tombstone.left, case.ours
    if standing(case, left) is not None:
        return replace(judge(case, left), lifted=True)
    if ours is ABSENT or agreeing(case, ours) is not None:
        return Nothing(base=tombstone)
    deprecated = any(
        _is(case.slot, e, v, Relation.SAME)
        for e in case.theirs
        for v in (left.value, ours)
        if not alive(e)
    )
    kind = Kind.REFUTED if deprecated else Kind.REMOVED
    return Nothing(base=tombstone, told=case.told(kind, left.value))


# What the rows ask


def alive(entry: Entry[V]) -> bool:
    return entry.rank is not Rank.DEPRECATED


def same(slot: Slot[V], theirs: V, ours: V) -> bool:
    return slot.compare(theirs, ours) is Relation.SAME


def standing(case: Case[V], base: Base[V]) -> Entry[V] | None:
    """The entry that base speaks of, if people have neither removed nor deprecated it.

    What we only gave a reference to may have been finer than what we say.
    """
    finer = base.owned is not Owned.WHOLE
    found = [
        e
        for e in case.theirs
        if (alive(e) or base.rank is Rank.DEPRECATED)
        and (
            (relation := case.slot.compare(e.value, base.value)) is Relation.SAME
            or (finer and relation is Relation.FINER)
        )
    ]
    return _best(
        found,
        lambda e: (
            not same(case.slot, e.value, base.value),
            not alive(e),
            not is_ours(case, base, e),
            not e.cited,
        ),
    )


def is_ours(case: Case[V], base: Base[V], entry: Entry[V]) -> bool:
    """Nobody else has a part in the entry: it may be changed.

    Of two that look alike (people gave another entry of ours this value) neither is.
    """
    slot = case.slot
    written = base.owned is Owned.WHOLE or (base.owned is Owned.REFERENCE and entry.house)
    return (
        written
        and same(slot, entry.value, base.value)
        and entry.rank is base.rank
        and (entry.cited or slot.plain)
        and not entry.touched
        and not entry.shared
        and not any(
            e is not entry and (e.cited or slot.plain) and same(slot, e.value, base.value)
            for e in case.theirs
        )
    )


def rivals(case: Case[V], base: Base[V] | None, mine: Entry[V] | None) -> list[Entry[V]]:
    """What stands against ours, but for what is our own."""
    past = base.past if base else ()
    return [
        e
        for e in case.theirs
        if alive(e)
        and e is not mine
        and (e.denies or not case.slot.many)
        and not any(is_ours(case, p, e) for p in past)
    ]


def agreeing(case: Case[V], ours: V, among: Sequence[Entry[V]] | None = None) -> Entry[V] | None:
    """Where the wiki says what we say, or says it more finely."""
    agree = (Relation.SAME, Relation.FINER)
    found = [
        e
        for e in (case.theirs if among is None else among)
        if alive(e) and case.slot.compare(e.value, ours) in agree
    ]
    return _best(
        found,
        lambda e: (
            not same(case.slot, e.value, ours),
            not e.cited,
            e.rank is not Rank.PREFERRED,
        ),
    )


def agreed(slot: Slot[V], entry: Entry[V], ours: V) -> Owned:
    """What is ours of an entry in which people say what we say."""
    whole = slot.returns and same(slot, entry.value, ours)
    return Owned.WHOLE if whole else Owned.REFERENCE


def refuting(case: Case[V], ours: V) -> bool:
    """People have deprecated what we say, or say that there is no value."""
    return any(e.denies if alive(e) else same(case.slot, e.value, ours) for e in case.theirs)


def past_of(slot: Slot[V], base: Base[V], value: V) -> Base[V] | None:
    return next((p for p in base.past if same(slot, p.value, value)), None)


def _is(slot: Slot[V], entry: Entry[V], value: V, relation: Relation) -> bool:
    return slot.compare(entry.value, value) is relation


def _best(
    entries: Sequence[Entry[V]], key: Callable[[Entry[V]], tuple[bool, ...]]
) -> Entry[V] | None:
    return min(entries, key=key, default=None) if len(entries) != 1 else entries[0]


# What the rows do


def reference(slot: Slot[V], entry: Entry[V]) -> Steps[V]:
    return () if entry.cited or slot.plain else (AddReference(entry),)


def let_go(case: Case[V], base: Base[V], mine: Entry[V]) -> tuple[Steps[V], Base[V]]:
    """Our reference goes from what is people's; a reference of ours they put back stays."""
    twins = (e for e in case.theirs if alive(e) and same(case.slot, e.value, base.value))
    cited = [e for e in (mine, *(t for t in twins if t is not mine)) if e.cited]
    if case.slot.plain or not cited or base.owned is Owned.NOTHING:
        return (), base
    return tuple(RemoveReference(e) for e in cited), replace(base, owned=Owned.NOTHING)


def change(case: Case[V], base: Base[V], mine: Entry[V], ours: V) -> tuple[Steps[V], Base[V]]:
    """Our own entry follows the source, by policy. One that we had deprecated is used again."""
    slot = case.slot
    if slot.change is ChangePolicy.REPLACE:
        revive: Steps[V] = () if alive(mine) else (SetRank(mine, Rank.NORMAL),)
        rank = mine.rank if alive(mine) else Rank.NORMAL
        left = replace(base, value=ours, owned=Owned.WHOLE, rank=rank)
        return (*revive, SetValue(mine, ours)), left
    steps, past = retire(case, base, mine)
    add_preferred = slot.change is ChangePolicy.ADD_PREFERRED
    rank = Rank.PREFERRED if add_preferred else Rank.NORMAL
    return (*steps, AddValue(ours, rank)), Base(ours, Owned.WHOLE, rank, past, base.spent)


def retire(case: Case[V], base: Base[V], mine: Entry[V]) -> tuple[Steps[V], tuple[Base[V], ...]]:
    """Our entry makes room, by the policy of change; and the past to remember."""
    if not is_ours(case, base, mine):
        steps, left = let_go(case, base, mine)
        return steps, (*base.past, replace(left, past=(), spent=()))
    slot = case.slot
    if slot.change is ChangePolicy.REPLACE:
        return (RemoveEntry(mine),), base.past
    if slot.change is ChangePolicy.END_AND_ADD and alive(mine):
        return (EndValue(mine),), base.past
    rank = Rank.NORMAL if alive(mine) else mine.rank
    past = (*base.past, replace(base, rank=rank, past=(), spent=()))
    return (() if mine.rank is rank else (SetRank(mine, rank),)), past


def remember(slot: Slot[V], base: Base[V], ours: V) -> tuple[Base[V], ...]:
    """The past, and what we last left in it: people took it away."""
    kept = tuple(p for p in base.past if not same(slot, p.value, base.value))
    gone = replace(base, owned=Owned.NOTHING, past=(), spent=())
    return tuple(p for p in (*kept, gone) if not same(slot, p.value, ours))
