"""One item while it is judged: what is ours there, what people decided, and what is to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from bots.core.merge.facts import Decision, Ruled, Ruling, Told, Word
from bots.core.plan import JSON
from bots.datasets.engine.bases import references_left
from bots.datasets.engine.changes import Changes, Rulings
from bots.datasets.engine.seen import Cites, House
from bots.datasets.engine.telling import pair_digest

V = TypeVar("V")


@dataclass
class OnItem:
    """One item, while the slots of its statements are judged.

    `bases` are our dataset's slots there, `by_property` the names of the statements' ones;
    `references` the digests of our references as they were left; `since` is when it was last
    edited; `today` is for "retrieved".
    """

    changes: Changes
    bases: Mapping[str, JSON]
    by_property: Mapping[str, Sequence[str]]
    cites: Cites
    references: frozenset[str]
    house: House
    rulings: Rulings
    since: datetime | None
    today: date

    def references_in(self, property_id: str) -> frozenset[str]:
        """The digests of our references as they were left in a property, or else on the item.

        One that people put back from before is theirs, whatever stands in other properties.
        """
        names = self.by_property.get(property_id, ())
        return references_left(self.bases[name] for name in names) or self.references

    def ruling(self, name: str, told: Told[V] | None, key: Callable[[V], str]) -> list[Ruling[V]]:
        """What people decided about what is told of a slot: one ruling, or none."""
        word = self.word(name, told, key) if told is not None and self.rulings else None
        return [word] if word else []

    def word(self, name: str, told: Told[V], key: Callable[[V], str]) -> Ruling[V] | None:
        """What people decided about what is told of a slot, and is not carried out yet."""
        ruled = self.rulings.get((name, pair_digest(told.pair, key))) if self.rulings else None
        if ruled is None or ruled[1] in self.changes.spent:
            return None
        return Ruling(ruled[0], told.pair, ruled[1])

    def spend(self, ruling: Ruling[V]) -> None:
        """It is carried out: undone by people, it has to be said anew."""
        self.changes.spent.append(ruling.id)

    def heard(
        self,
        name: str,
        key: Callable[[V], str],
        judge: Callable[[Sequence[Ruling[V]]], Decision[V]],
    ) -> Decision[V]:
        """The decision, after what people decided about its pair."""
        return self.heard_all([name], key, lambda rulings: [judge(rulings)])[0]

    def heard_all(
        self,
        names: Iterable[str],
        key: Callable[[V], str],
        judge: Callable[[Sequence[Ruling[V]]], list[Decision[V]]],
    ) -> list[Decision[V]]:
        """The decisions about all values of a slot, after what people decided; a name for each."""
        decisions = judge(())
        if not self.rulings:
            return decisions
        words = [
            self.ruling(name, decision.told, key)
            for name, decision in zip(names, decisions, strict=False)
        ]
        rulings = [each for word in words for each in word]
        if not rulings:
            return decisions
        decisions = judge(rulings)
        for word, decision in zip(words, decisions, strict=True):
            if isinstance(decision, Ruled) and decision.word is not Word.KEEP_WIKI:
                for each in word:
                    self.spend(each)
        return decisions
