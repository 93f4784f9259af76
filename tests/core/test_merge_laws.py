"""The laws of merge, over random lives of a slot: the source, people, other datasets, our runs.

HUBBOT_EXAMPLES sets how many lives are tried of each kind of slot.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.core.merge import merge, merge_values, same_pair
from bots.core.merge.facts import (
    ABSENT,
    UNKNOWN,
    Add,
    AddValue,
    Base,
    ChangePolicy,
    Decision,
    Kind,
    Lack,
    Memory,
    Owned,
    Rank,
    Ruled,
    Ruling,
    SetRank,
    SetValue,
    Slot,
    Told,
    Tombstone,
    WithdrawalPolicy,
    Word,
)
from tests.core.merge_model import State, Statement, apply_to, compare, entries

EXAMPLES = int(os.environ.get("HUBBOT_EXAMPLES", "800"))

single = [
    Slot(compare, change=change, withdrawal=withdrawal)
    for change in ChangePolicy
    for withdrawal in WithdrawalPolicy
]
many = [Slot(compare, many=True, withdrawal=withdrawal) for withdrawal in WithdrawalPolicy]
plain = [
    Slot(compare, plain=True, many=several, withdrawal=withdrawal)
    for withdrawal in (WithdrawalPolicy.REPORT, WithdrawalPolicy.REMOVE)
    for several in (False, True)
]

Event = tuple[str, object]

SAYS: list[list[str] | Lack] = [
    ["a"],
    ["A"],
    ["ax"],
    ["b"],
    ["a", "b"],
    ["ax", "a"],
    ABSENT,
    ABSENT,
]
SOURCE: list[Event] = [("source", says) for says in (*SAYS, UNKNOWN)]
PEOPLE: list[Event] = [
    *(("write", value) for value in ("a", "A", "ax", "b", "none")),
    *(("overwrite", (i, value)) for i in (0, 1) for value in ("a", "ax", "b")),
    *(
        (what, i)
        for what in ("remove", "deprecate", "normal", "prefer", "cite", "uncite")
        for i in (0, 0, 1)
    ),
    *((what, 0) for what in ("restore", "restore", "revert", "revert")),
]
OTHERS: list[Event] = [("assert", "a"), ("assert", "b"), ("unassert", 0)]
DECISIONS: list[Event] = [("rule", word) for word in Word]
RUN: Event = ("run", 0)


def rounds(events: list[Event]) -> st.SearchStrategy[list[Event]]:
    """The source speaks; then one thing after another happens, most often with a run between."""
    happens = st.tuples(st.sampled_from(events), st.sampled_from([(RUN,), (RUN,), ()]))
    then = st.lists(happens, min_size=6, max_size=12).map(
        lambda rest: [e for event, run in rest for e in (event, *run)]
    )
    return st.builds(lambda first, rest: [first, RUN, *rest], st.sampled_from(SOURCE), then)


histories = rounds([*SOURCE * 2, *PEOPLE, *OTHERS, *DECISIONS])
without_people = rounds(SOURCE)


@dataclass
class Life:
    """A slot on a wiki, the store beside it, and what people have taken away for good."""

    slot: Slot[str]
    state: State = ()
    ours: Sequence[str] | Lack = ABSENT
    memories: list[Memory[str]] = field(default_factory=lambda: [None])
    told: list[Told[str]] = field(default_factory=list)
    rulings: list[Ruling[str]] = field(default_factory=list)
    buried: set[str] = field(default_factory=set)
    removed: list[Statement] = field(default_factory=list)
    before: State = ()
    names: itertools.count[int] = field(default_factory=itertools.count)

    def name(self) -> str:
        return f"s{next(self.names)}"

    # What others do

    def happen(self, event: Event) -> None:
        what, about = event
        match what, about:
            case "source", Lack():
                self.ours = about
            case "source", list():
                self.ours = about
            case "run", _:
                self.run()
            case "rule", Word():
                rulings = [Ruling(about, told.pair, self.name()) for told in self.told]
                self.rulings += rulings
            case "assert", str():
                self.another_dataset(about)
            case "unassert", _:
                self.state = tuple(replace(s, shared=False) for s in self.state)
            case _:
                self.people(what, about)

    def another_dataset(self, about: str) -> None:
        twin = next((s for s in self.state if s.alive and s.value == about), None)
        if self.slot.plain:
            return
        if twin:
            self.state = tuple(replace(s, shared=True) if s is twin else s for s in self.state)
        else:
            new = Statement(self.name(), about, left=about, house=True, shared=True)
            self.state = (*self.state, new)
            self.buried.discard(about.lower())

    def people(self, what: str, about: object) -> None:
        after = self.edited(what, about)
        gone = {s.value.lower() for s in self.state if s.alive}
        now = {s.value.lower() for s in after if s.alive}
        self.removed += [s for s in self.state if s.id not in {t.id for t in after}]
        self.buried |= (gone - now) & self.known()
        self.buried -= now
        says = [s.value.lower() for s in after]
        self.state = tuple(
            replace(s, refused=s.refused and says.count(s.value.lower()) == 1) for s in after
        )

    def known(self, besides: Owned | None = None) -> set[str]:
        """What our account has left here and not taken away itself."""
        bases = [m for m in self.memories if isinstance(m, Base)]
        left = [b for base in bases for b in (base, *base.past)]
        return {b.value.lower() for b in left if b.owned is not besides}

    def edited(self, what: str, about: object) -> State:
        state = self.state
        if what == "write":
            assert isinstance(about, str)
            kept = () if self.slot.plain and not self.slot.many else state
            return (*kept, self.by_people(about))
        if what == "revert":
            now = {s.id: s for s in state}
            return tuple(
                replace(s, left=now[s.id].left, left_rank=now[s.id].left_rank) if s.id in now else s
                for s in self.before
            )
        if what == "restore":
            back = [s for s in self.removed if s.id not in {t.id for t in state}][-1:]
            return (*state, *back) if not self.slot.plain else state
        new = None
        if isinstance(about, tuple):
            about, new = about
        if not state:
            return state
        assert isinstance(about, int)
        old = state[about % len(state)]
        if what == "remove":
            return tuple(s for s in state if s is not old)
        return tuple(self.touched(s, what, new) if s is old else s for s in state)

    def by_people(self, about: str) -> Statement:
        """In a plain slot, what we left and people put back is ours again."""
        left = {
            b.value
            for m in self.memories
            if (b := m.left if isinstance(m, Tombstone) else m) and b.value.lower() == about.lower()
        }
        return Statement(self.name(), about, left=about if self.slot.plain and left else None)

    def touched(self, old: Statement, what: str, new: str | None) -> Statement:
        if new is not None:
            put = self.by_people(new) if self.slot.plain else old
            return replace(old, value=new, left=put.left, refused=False)
        if self.slot.plain:
            return old
        ranks = {"deprecate": Rank.DEPRECATED, "normal": Rank.NORMAL, "prefer": Rank.PREFERRED}
        if what in ranks:
            return replace(old, rank=ranks[what])
        if what == "uncite":
            said = old.value.lower() in self.known(besides=Owned.NOTHING)
            return replace(old, cited=False, refused=old.refused or (old.cited and said))
        return replace(old, touched=True)

    # What we do

    def decide(self) -> list[Decision[str]]:
        theirs = entries(self.state)
        if self.slot.many:
            bases = [m for m in self.memories if m is not None]
            ours = () if self.ours is ABSENT else self.ours
            if isinstance(ours, Lack):
                assert ours is UNKNOWN
                return merge_values(self.slot, bases, theirs, ours)
            return merge_values(self.slot, bases, theirs, ours, rulings=self.rulings)
        one = self.ours if isinstance(self.ours, Lack) else self.ours[0]
        return [merge(self.slot, self.memories[0], theirs, one, rulings=self.rulings)]

    def run(self) -> None:
        decided = self.decide()
        state = apply_to(self.state, decided, self.slot.plain, iter(self.name, ""))
        for decision in decided:
            self.brings_nothing_back(decision)
            self.contradicts_nobody(decision)
        if self.ours is UNKNOWN:
            assert state == self.state
            assert [d.base for d in decided] == self.remembered()
        elif state != self.state:
            self.before = self.state
        self.told = [d.told for d in decided if d.told]
        self.state = state
        self.memories = [d.base for d in decided]
        again = self.decide()
        assert [d for d in again if d.steps] == [], "a second merge writes"
        ruled = any(isinstance(d, Ruled) and d.steps for d in decided)
        news = [d.told for d in again if d.told and not self.was_told(d.told)]
        assert not news or (ruled and self.slot.many), "a second merge tells news"
        self.memories = [d.base for d in again]

    def remembered(self) -> list[Memory[str]]:
        return [m for m in self.memories if m is not None or not self.slot.many]

    def brings_nothing_back(self, decision: Decision[str]) -> None:
        decided = isinstance(decision, Ruled) and decision.word is not Word.KEEP_WIKI
        for step in decision.steps:
            match step:
                case AddValue(value=back) | SetValue(value=back):
                    pass
                case SetRank(entry=entry, rank=rank) if rank is not Rank.DEPRECATED:
                    back = entry.value
                case _:
                    continue
            if decided:
                self.buried.discard(back.lower())
            assert back.lower() not in self.buried, f"{back} is brought back by {decision}"

    def contradicts_nobody(self, decision: Decision[str]) -> None:
        """Where there is room for one value, ours is not added to what people say."""
        if isinstance(decision, Add) and not self.slot.many:
            assert all(s.hub for s in self.state if s.alive)

    def was_told(self, told: Told[str]) -> bool:
        return any(
            told.kind is t.kind and same_pair(self.slot, told.pair, t.pair) for t in self.told
        )


def live(slot: Slot[str], history: list[Event]) -> Life:
    life = Life(slot)
    for event in history:
        life.happen(event)
    life.run()
    return life


lives = settings(max_examples=EXAMPLES, deadline=None, derandomize=True)


@pytest.mark.parametrize("slots", [single, many, plain], ids=["single", "many", "plain"])
@lives
@given(data=st.data(), history=histories)
def test_people_win_in_every_life_of_a_slot(
    slots: list[Slot[str]], data: st.DataObject, history: list[Event]
) -> None:
    live(data.draw(st.sampled_from(slots)), history)


@pytest.mark.parametrize("slots", [single, many, plain], ids=["single", "many", "plain"])
@lives
@given(data=st.data(), history=without_people)
def test_where_people_do_nothing_there_is_no_conflict_and_the_slot_says_what_the_source_says(
    slots: list[Slot[str]], data: st.DataObject, history: list[Event]
) -> None:
    slot = data.draw(st.sampled_from(slots))
    life = live(slot, history)
    assert {t.kind for t in life.told} <= {Kind.UNSUPPORTED}
    stands = {s.value.lower() for s in life.state if s.alive}
    if not isinstance(life.ours, Lack):
        said = life.ours if slot.many else life.ours[:1]
        assert stands >= {v.lower() for v in said}
    elif life.ours is ABSENT and slot.withdrawal is not WithdrawalPolicy.REPORT:
        assert stands == set()
