"""An item, its people, and the engine on it in process: acts carried out, and watched."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bots.core.merge.facts import Word
from bots.core.plan import JSON
from bots.core.wikibase.change import EntityPatch, applied
from bots.core.wikibase.model import Item
from bots.datasets.engine.changes import About, Rulings
from bots.datasets.engine.reconcile import Engine, OnWiki, Reconciled
from bots.datasets.facts import Record
from tests.datasets.engine.acts import Act, Life
from tests.datasets.engine.people import Edit, edited
from tests.datasets.engine.values import Source
from tests.datasets.engine.witness import Witness

TODAY = date(2026, 2, 1)
ABOUT = About("one", "Q1", "repo")


def stored(bases: Mapping[str, JSON], leaves: Mapping[str, JSON]) -> dict[str, Any]:
    """The bases as the store has them once these leaves are in it."""
    held = {name: raw for name, raw in {**bases, **leaves}.items() if raw is not None}
    read: dict[str, Any] = json.loads(json.dumps(held))
    return read


def saved(item: Item, patch: EntityPatch, number: int) -> Item:
    """The item as the wiki has it once the patch is saved; new statements get their ids."""
    after = applied(item, patch)
    ids = (f"Q1$us{number}-{place}" for place in itertools.count())
    groups = {
        name: tuple(each if each.id else replace(each, id=next(ids)) for each in group)
        for name, group in after.statements.items()
    }
    return replace(after, id="Q1", revision=number, statements=groups)


class WrongError(AssertionError):
    """What happened in a life should not have."""


@dataclass
class Ours:
    """One of our datasets, and what it left. `pending`: saved, but not settled yet."""

    source: Source
    engine: Engine
    bases: dict[str, Any] = field(default_factory=dict)
    pending: Mapping[str, JSON] | None = None
    told: Reconciled | None = None
    rulings: dict[tuple[str, str], tuple[Word, str]] = field(default_factory=dict)

    def settle(self) -> None:
        if self.pending is not None:
            self.bases = stored(self.bases, self.pending)
            self.pending = None


class World:
    """Lives a life. Raises WrongError where HubBot does what it may not."""

    def __init__(self, life: Life) -> None:
        self.item = Item(id="Q1", revision=1)
        self.rules = {rule.property: rule for rule in life.rules}
        terms = {rule.kind: rule for rule in life.terms}
        self.ours = self._dataset(life, Source(self.rules, terms))
        self.other = self._dataset(life, Source(self.rules, terms, "Q200"))
        self.witness = Witness(self.rules)
        self.past: list[Edit] = []
        self.permitted: dict[str, int] = {}
        self._numbers = itertools.count(2)

    def _dataset(self, life: Life, source: Source) -> Ours:
        return Ours(source, Engine(life.rules, life.terms))

    def live(self, life: Life) -> None:
        """Carry all of it out."""
        for act in life.acts:
            self.happens(act)

    def happens(self, act: Act) -> None:
        """Carry one act out."""
        match act.who:
            case "source":
                self.ours.source.happens(act)
            case "other":
                self.other.source.happens(act)
            case "people":
                number = next(self._numbers)
                self._people(edited(self.item, act, self.past, lambda: f"Q1$p{number}"))
            case _:
                self._hubbot(act)

    def _people(self, after: Item) -> None:
        if after == self.item:
            return
        after = replace(after, revision=next(self._numbers))
        self.witness.people(self.item, after)
        self.past.append(("people", self.item, after))
        self.item = after

    def _hubbot(self, act: Act) -> None:
        match act.what:
            case "run":
                self.run(self.ours, self.other)
            case "lost":
                self.run(self.ours, self.other, settled=False)
            case "other":
                self.run(self.other, self.ours)
            case "dies":
                self.ours.settle()
                self.ours.told = self._judge(self.ours, self.other)
            case "decided":
                self._decide(Word(act.value))

    def _decide(self, word: Word) -> None:
        for told in self.ours.told.differences if self.ours.told else ():
            number = next(self._numbers)
            self.ours.rulings[told.slot, told.pair] = (word, str(number))
            if word is not Word.KEEP_WIKI:
                name = told.property or told.slot.partition("/")[0]
                self.permitted[name] = self.permitted.get(name, 0) + 1

    def _judge(self, ours: Ours, other: Ours) -> Reconciled:
        others = [other.bases] if other.bases else []
        rulings: Rulings = ours.rulings
        on = OnWiki(self.item, ours.bases, others, rulings)
        record: Record | None = ours.source.record()
        return ours.engine.reconcile(record, on, ABOUT, TODAY)

    def run(self, ours: Ours, other: Ours, *, settled: bool = True) -> None:
        """A run, and what always holds of one."""
        ours.settle()
        other.settle()
        done = ours.told = self._judge(ours, other)
        if done.change is not None:
            self._save(done.change.patch, ours.source.name)
        ours.pending = done.leaves
        if settled:
            ours.settle()
            self._is_at_rest(ours, other, done)

    def _save(self, patch: EntityPatch, who: str) -> None:
        before = self.item
        self.item = saved(before, patch, next(self._numbers))
        if replace(self.item, revision=before.revision) == before:
            raise WrongError("an edit that changes nothing")
        faults = self.witness.us(before, self.item, who)
        allowed = {name for name, _ in faults if self.permitted.get(name)}
        for name in allowed:
            self.permitted[name] -= 1
        wrong = [fault for name, fault in faults if name not in allowed]
        if wrong:
            raise WrongError("; ".join(wrong))
        self.past.append((who, before, self.item))

    def _is_at_rest(self, ours: Ours, other: Ours, done: Reconciled) -> None:
        again = self._judge(ours, other)
        if again.change is not None:
            raise WrongError(f"a second run writes: {again.change.patch}")
        if again.leaves and (ours.rulings or self.witness.has_twins(self.item)):
            # Which of two that say the same is ours may be told only once both are written.
            ours.bases = stored(ours.bases, again.leaves)
            again = self._judge(ours, other)
        if again.leaves:
            raise WrongError(f"a second run remembers other things: {again.leaves} in {ours.bases}")
        if not ours.rulings:
            told = {(each.slot, each.pair) for each in done.differences}
            news = [each for each in again.differences if (each.slot, each.pair) not in told]
            if news:
                raise WrongError(f"a second run tells news: {news}")
