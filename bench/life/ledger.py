"""Whose each part of an item is: every part's states in order, and who left each."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bench.life.snapshot import EMPTY, VALUE, Claim, Key, Parts, Snapshot

Who = Literal["nobody", "people", "us"]
State = tuple[str, ...] | None
"""What a part says; None: it is not there."""


@dataclass
class Part:
    """One part of an item: a value, a rank, the qualifiers of a property, a reference, a term."""

    states: list[tuple[State, Who, datetime | None]] = field(
        default_factory=lambda: [(None, "nobody", None)]
    )

    @property
    def state(self) -> State:
        return self.states[-1][0]

    @property
    def peoples(self) -> bool:
        """Whether it is as people made it; what they took away counts if it had been ours."""
        state, who, _ = self.states[-1]
        return who == "people" and (state is not None or self._left() is not None)

    @property
    def ours(self) -> bool:
        """Whether it is there, as we left it."""
        state, who, _ = self.states[-1]
        return who == "us" and state is not None

    @property
    def was_ours(self) -> bool:
        """Whether we ever left it."""
        return self._left() is not None

    @property
    def last(self) -> Who:
        """Who left it as it is."""
        return self.states[-1][1]

    @property
    def since(self) -> datetime | None:
        """Since when it is as it is, but for what was put right again."""
        return self.states[-1][2]

    def by_people_since(self, before: datetime, read: datetime) -> bool:
        """Whether it is as people left it by the time `before`; or was so at the time `read`."""
        seen = [entry for entry in self.states if entry[2] is None or entry[2] <= read]
        return any(
            who == "people" and since is not None and since <= before
            for _, who, since in (seen[-1], self.states[-1])
        )

    def by_people(self, state: State, time: datetime) -> None:
        """People change it. Putting back what we had left, after other people, makes it ours;
        putting back what people had left, as old as it was."""
        if state == self.state:
            return
        left = self._left()
        again = self.last == "people" and left is not None and left[0] == state
        before = next((t for s, who, t in self.states if (s, who) == (state, "people")), None)
        self.states.append((state, "us" if again else "people", before or time))

    def by_us(self, state: State, time: datetime) -> bool:
        """We change it; whether that undid what people had done."""
        if state == self.state:
            return False
        lost = self.peoples
        self.states.append((state, "us", time))
        return lost

    def _left(self) -> tuple[State, Who, datetime | None] | None:
        """The last state that we left."""
        return next((entry for entry in reversed(self.states) if entry[1] == "us"), None)


@dataclass
class Held:
    """All parts that a statement ever had; `claim` is how it stands or last stood.

    `cited`: the value for which we left a reference. `taken`: since when people have had it
    elsewhere or not at all, where it is kept for what it was.
    """

    claim: Claim
    parts: dict[Key, Part] = field(default_factory=dict)
    cited: dict[Key, State] = field(default_factory=dict)
    taken: datetime | None = None

    def part(self, key: Key) -> Part:
        return self.parts.setdefault(key, Part())

    def peoples(self, but: Key | None = None) -> bool:
        """Whether people have a hand in it."""
        return any(part.peoples for key, part in self.parts.items() if key != but)

    @property
    def ours(self) -> bool:
        """Whether we have a hand in it."""
        return any(part.ours for part in self.parts.values())

    @property
    def says_ours(self) -> bool:
        """Whether its value is ours, or our reference stands in it."""
        said = (key for key in self.parts if key == VALUE or key[0] == "reference")
        return any(self.parts[key].ours for key in said)

    @property
    def wholly_ours(self) -> bool:
        return self.part(VALUE).ours and not self.peoples()

    def set(self, key: Key, state: State, time: datetime) -> bool:
        """We change a part; whether that undid what people had done.

        A reference of ours that people took out with the value that it was for may come to stand
        for the value that they gave instead.
        """
        part, value = self.part(key), self.part(VALUE).state
        corrected = part.state is None and self.cited.get(key, value) != value
        lost = part.by_us(state, time) and not corrected
        if key[0] == "reference":
            self.cited[key] = value
        return lost

    def become(self, parts: Parts, time: datetime) -> None:
        """People make it so."""
        for key in {*self.parts, *parts}:
            self.part(key).by_people(parts.get(key), time)

    def changed(self, parts: Parts) -> list[Key]:
        """In which parts it would differ from what it is; the value first."""
        keys = sorted({*self.parts, *parts}, key=lambda key: (key != VALUE, key))
        return [key for key in keys if self.part(key).state != parts.get(key)]


@dataclass
class Ledger:
    """One item: how it stands, what it had, and what people took away of what we had left.

    `taken`: (slot, value) → the statement and its parts. `was_gone`: it had been deleted or
    merged into another once, so that its record may have gone elsewhere.
    `merged`: the items that people merged into it, and when they had emptied those for it.
    """

    now: Snapshot = EMPTY
    held: dict[str, Held] = field(default_factory=dict)
    terms: dict[tuple[str, ...], Part] = field(default_factory=dict)
    taken: dict[tuple[tuple[str, ...], str], Held] = field(default_factory=dict)
    edited: datetime | None = None
    """When people edited it last."""
    deleted: bool = False
    was_gone: bool = False
    merged: list[tuple[Ledger, datetime]] = field(default_factory=list)
    had_identifier: bool = False

    def standing(self) -> Iterator[Held]:
        """The statements that stand now."""
        return (self.held[guid] for guid in self.now.claims)

    def term(self, key: tuple[str, ...]) -> Part:
        return self.terms.setdefault(key, Part())

    def people_edit(self, then: Snapshot, time: datetime, merged: Ledger | None = None) -> None:
        """People leave the item so; `merged` is the item that they merged into it just now."""
        taken: dict[tuple[tuple[str, ...], str], Held] = {}
        for guid, was in self.now.claims.items():
            claim = then.claims.get(guid)
            held = self.held[guid]
            if claim is not None and (claim.slot, claim.value) == (was.slot, was.value):
                continue
            had_a_hand, before = held.says_ours, copy.deepcopy(held)
            if claim is None:
                held.become({}, time)
            if had_a_hand:
                gone = taken[was.slot, was.value] = before if claim else copy.deepcopy(held)
                gone.taken = time
        if merged is not None:
            taken |= copy.deepcopy(merged.taken)
            self.merged.append((merged, merged.edited or time))
        for guid, claim in then.claims.items():
            back = taken.pop((claim.slot, claim.value), None)
            back = self.taken.pop((claim.slot, claim.value), None) or back
            if guid not in self.held:
                self.held[guid] = copy.deepcopy(back) if back else Held(claim)
            elif back is not None and merged is not None and guid in self.now.claims:
                for key, part in back.parts.items():
                    self.held[guid].parts.setdefault(key, copy.deepcopy(part))
            self.held[guid].claim = claim
            self.held[guid].become(claim.parts, time)
        self.taken |= taken
        for key in {*self.terms, *then.terms}:
            text = then.terms.get(key)
            if merged is not None and key in merged.terms and self.term(key).state is None:
                self.terms[key] = copy.deepcopy(merged.terms[key])
            self.term(key).by_people(None if text is None else (text,), time)
        self.now = then
        self.edited = time

    def hand_of_people(self, slot: str) -> bool:
        """Whether anything in a property or term is as people made it."""
        return any(part.peoples for part in self._parts_of(slot))

    def edited_by_people(self, slot: str, before: datetime, read: datetime) -> bool:
        """Whether people were the last, by that time, to edit something in a property or term: as
        it is, or as it was when it was read."""
        if any(part.by_people_since(before, read) for part in self._parts_of(slot)):
            return True
        gone = (held for held in self.taken.values() if held.claim.property == slot)
        if any(held.taken is not None and held.taken <= before for held in gone):
            return True
        for other, emptied in self.merged:
            last = emptied - timedelta(seconds=1)
            if other.edited_by_people(slot, min(before, last), min(read, last)):
                return True
        return False

    def knows(self, slot: str) -> bool:
        """Whether we have ever left anything in a property or term."""
        here = any(part.was_ours for part in self._parts_of(slot))
        return here or any(other.knows(slot) for other, _ in self.merged)

    def _parts_of(self, slot: str) -> Iterator[Part]:
        kind, _, language = slot.partition("/")
        if language:
            yield from (part for key, part in self.terms.items() if key[:2] == (kind, language))
            return
        for held in (*self.held.values(), *self.taken.values()):
            if held.claim.property == slot:
                yield from held.parts.values()
