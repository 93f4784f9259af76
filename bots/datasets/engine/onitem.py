"""One item while it is judged: what is ours there, what people decided, and what is to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from bots.core.merge.facts import Decision, Memory, Ruling, Told, Tombstone
from bots.core.plan import JSON
from bots.datasets.engine.changes import Changes, Rulings
from bots.datasets.engine.seen import Cites, House
from bots.datasets.engine.telling import pair_digest

V = TypeVar("V")


@dataclass
class OnItem:
    """One item, while the slots of its statements are judged.

    `bases` are our dataset's slots there, `by_property` the names of the statements' ones; `since`
    is when it was last edited; `today` is for "retrieved".
    """

    changes: Changes
    bases: Mapping[str, JSON]
    by_property: Mapping[str, Sequence[str]]
    cites: Cites
    house: House
    rulings: Rulings
    since: datetime | None
    today: date

    def ruling(self, name: str, told: Told[V] | None, key: Callable[[V], str]) -> list[Ruling[V]]:
        """What people decided about what is told of a slot: one ruling, or none."""
        if told is None or not self.rulings:
            return []
        ruled = self.rulings.get((name, pair_digest(told.pair, key)))
        return [Ruling(ruled[0], told.pair, ruled[1])] if ruled else []

    def heard(
        self,
        name: str,
        key: Callable[[V], str],
        judge: Callable[[Sequence[Ruling[V]]], Decision[V]],
    ) -> Decision[V]:
        """The decision, after what people decided about its pair."""
        decision = judge(())
        rulings = self.ruling(name, decision.told, key)
        return judge(rulings) if rulings else decision

    def word(
        self, name: str, told: Told[V], key: Callable[[V], str], memory: Memory[V]
    ) -> Ruling[V] | None:
        """What people decided about what is told of a slot, and is not carried out yet."""
        left = memory.left if isinstance(memory, Tombstone) else memory
        spent = left.spent if left else ()
        return next((each for each in self.ruling(name, told, key) if each.id not in spent), None)

    def heard_all(
        self,
        names: Iterable[str],
        key: Callable[[V], str],
        judge: Callable[[Sequence[Ruling[V]]], list[Decision[V]]],
    ) -> list[Decision[V]]:
        """The decisions about all values of a slot, after what people decided; a name for each."""
        decisions = judge(())
        rulings = [
            ruling
            for name, decision in zip(names, decisions, strict=False)
            for ruling in self.ruling(name, decision.told, key)
        ]
        return judge(rulings) if rulings else decisions
