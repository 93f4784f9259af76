"""The one merge: base, ours, theirs of a slot in; out comes what is done, left and told.

For a single-valued slot (– nothing; b what we last left; v, w other values):

    base       theirs                              ours      decision
    –          –                                   v         Add
    –          v, or v more finely                 v         Adopt: our reference alone is ours
    –          v more coarsely, or another w       v         Conflict (per value: Add beside)
    –          v deprecated, or novalue            v         Conflict
    b          b                                   b         Keep
    b          b, untouched by people              v         Update, by the slot's policy
    b          b, touched by people                v         Yield: our reference goes
    b          b, and v beside it                  v         Adopt; ours goes
    b          b                                   absent    Withdraw, by the slot's policy
    b          another w                           b         Respect
    b          gone, or deprecated                 b         Respect, and a tombstone
    b          w                                   w         Converged: the reference alone is ours
    b          w, or gone                          v         Conflict
    tombstone  what we left, put back              any       lifted; as if never gone
    tombstone  anything else                       any       Nothing
    any        any                                 unknown   Nothing

Beyond the table: b, another w, absent: Nothing, base stays. b, gone, absent: a tombstone, untold.
b, b more finely, b: Converged. Where nothing of ours is left to take away, Yield is a Conflict.
Where the slot `returns`, what people say as we do is wholly ours, with Adopt and Converged.

How it is used: `merge` (a slot), `merge_cell` (a slot that holds one plain value), `merge_values`
(all values of a multi-valued slot); what they take and give is in `facts`. Of the decision,

1. `steps` are written to the target, all of them in one edit, and nothing else;
2. `base` is stored once they are saved, or at once where there are none;
3. `told` makes a finding, told at every merge for as long as it is so: a finding that is not told
   any more is closed, except where ours is UNKNOWN, when nothing is judged;
4. a person's decision about `told.pair` comes back as a `Ruling`; a caller who keeps only a
   pair's digest merges without, looks it up by `told.pair`, and merges again with it.

Bases are a dataset's own, and so are `cited` and the reference in steps. What base speaks of may
be gone by our own doing (another dataset, an undo): then `moved_by_us` says so, else it would be
taken for people's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bots.core.merge.facts import (
    ABSENT,
    UNKNOWN,
    Absent,
    AddValue,
    Base,
    Decision,
    Entry,
    Lack,
    Memory,
    Nothing,
    Owned,
    Relation,
    RemoveEntry,
    RemoveReference,
    Ruling,
    SetValue,
    Slot,
    Step,
    Tombstone,
    Unknown,
    V,
)
from bots.core.merge.judge import Case, judge, same
from bots.core.merge.rulings import rule, same_pair

__all__ = ["CELL", "cell_after", "merge", "merge_cell", "merge_values", "same_pair"]

CELL: Slot[Any] = Slot(plain=True)
"""Text that is the same only when equal, and is reported, not removed, when withdrawn."""


def merge(
    slot: Slot[V],
    base: Memory[V],
    theirs: Sequence[Entry[V]],
    ours: V | Lack,
    *,
    rulings: Iterable[Ruling[V]] = (),
    moved_by_us: bool = False,
) -> Decision[V]:
    """Decide one slot.

    `theirs` is all that stands in the slot: for a slot per value too, all values of the property.
    `rulings`: this slot's, the newest first; each holds for its own pair alone.
    Raises ValueError where a slot per value is given another value than its base has.
    """
    if isinstance(ours, Lack) and ours is UNKNOWN:
        return Nothing(base=base)
    case = Case(slot, tuple(theirs), ours, moved_by_us)
    return rule(case, base, judge(case, base), rulings)


def merge_cell(
    base: Memory[V],
    theirs: V | None,
    ours: V | Lack,
    slot: Slot[V] = CELL,
    *,
    rulings: Iterable[Ruling[V]] = (),
) -> Decision[V]:
    """Decide a slot that holds one plain value, or None: a cell, a label, a parameter."""
    entries = () if theirs is None else (Entry(theirs),)
    return merge(slot, base, entries, ours, rulings=rulings)


def cell_after(decision: Decision[V], theirs: V | None) -> V | None:
    """What the cell is to hold; None: nothing."""
    for step in decision.steps:
        match step:
            case AddValue(value=value) | SetValue(value=value):
                theirs = value
            case RemoveEntry():
                theirs = None
    return theirs


def merge_values(
    slot: Slot[V],
    bases: Sequence[Base[V] | Tombstone[V]],
    theirs: Sequence[Entry[V]],
    ours: Sequence[V] | Unknown,
    *,
    rulings: Sequence[Ruling[V]] = (),
) -> list[Decision[V]]:
    """Decide all values of a multi-valued slot: one decision for each base, then for what is new.

    A value that the source gives twice, in whatever spelling, counts once.
    """
    if isinstance(ours, Lack):
        return [Nothing(base=base) for base in bases]
    left = [base.left if isinstance(base, Tombstone) else base for base in bases]
    values = [*(base.value for base in left), *ours]
    whole = [base.value for base in left if base.owned is Owned.WHOLE]
    decisions: list[Decision[V]] = []
    for memory, base in zip(bases, left, strict=True):
        said: V | Absent = next((v for v in ours if same(slot, base.value, v)), ABSENT)
        seen = _free(slot, theirs, values if base.owned is Owned.WHOLE else whole, base.value)
        decisions.append(merge(slot, memory, seen, said, rulings=rulings))
    for i, value in enumerate(values[len(left) :], len(left)):
        if not any(same(slot, known, value) for known in values[:i]):
            seen = _free(slot, theirs, values, value)
            decisions.append(merge(slot, None, seen, value, rulings=rulings))
    return _each_step_once(slot, decisions, ours)


def _free(
    slot: Slot[V], theirs: Sequence[Entry[V]], values: Sequence[V], value: V
) -> list[Entry[V]]:
    """The entries without those that are another of our values, which may be finer than this."""
    others = [v for v in values if not same(slot, v, value)]
    return [e for e in theirs if e.denies or not any(same(slot, e.value, v) for v in others)]


def _each_step_once(
    slot: Slot[V], decisions: list[Decision[V]], ours: Sequence[V]
) -> list[Decision[V]]:
    """Two values can rest on one entry, finer than both, or stand against one."""
    agree = (Relation.SAME, Relation.FINER)
    done: list[Step[V]] = []
    once: list[Decision[V]] = []
    for decision in decisions:
        steps: list[Step[V]] = []
        for step in decision.steps:
            needed = isinstance(step, RemoveReference) and any(
                slot.compare(step.entry.value, v) in agree for v in ours
            )
            if not needed and (isinstance(step, AddValue) or step not in done):
                steps.append(step)
        done += steps
        once.append(decision.with_steps(tuple(steps)))
    return once
