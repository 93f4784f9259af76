"""A witness of an item's history: whose each part of it is, and what our runs did to people's.

It shares nothing with the engine: it sees the item before and after each edit, and who made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from bots.core.wikibase.model import Item, Snak, Statement, Text
from bots.datasets.facts import StatementRule
from tests.datasets.engine.acts import END, RECORD_ID, STATED_IN
from tests.datasets.engine.values import snak

Place = tuple[str, ...]
Key = tuple[str, ...]
State = object

VALUE: Key = ("value",)
RANK: Key = ("rank",)


@dataclass
class Trace:
    """A part of the item: its states, the newest last, and who left each; None: not there."""

    states: list[tuple[State, str]] = field(default_factory=lambda: [(None, "")])

    @property
    def state(self) -> State:
        return self.states[-1][0]

    @property
    def ours(self) -> bool:
        """Whether it stands as we left it."""
        state, who = self.states[-1]
        return who in ("us", "back") and state is not None

    @property
    def peoples(self) -> bool:
        """Whether it is as people want it; what was never ours is nobody's when it is gone."""
        state, who = self.states[-1]
        return who == "people" and (state is not None or self._left() is not None)

    @property
    def was_ours(self) -> bool:
        """Whether we ever left it."""
        return self._left() is not None

    def by_people(self, state: State) -> None:
        """What we had left and people put back after other people is as we left it again."""
        if state != self.state:
            back = self.states[-1][1] in ("people", "back") and state == self._left()
            self.states.append((state, "us" if back else "people"))

    def put_back(self, state: State) -> None:
        """People put back what we had left and taken away ourselves."""
        if self.state is None and state is not None:
            left = [told for told, who in self.states if who == "us" and told is not None]
            if left and left[-1] == state and self.states[-1][1] == "us":
                self.states.append((state, "back"))

    def by_us(self, state: State) -> bool:
        """Whether that undoes what people did."""
        undone = state != self.state and self.peoples
        if state != self.state:
            self.states.append((state, "us"))
        return undone

    def _left(self) -> State:
        return next((state for state, who in reversed(self.states) if who == "us"), None)


@dataclass
class Held:
    """A statement, while it stands and after.

    `cited`: the place that a reference was for; `places`: where we left it, or cited it;
    `given_back`: we gave up our part in it, or in its twin, and all in it is people's.
    """

    id: str
    parts: dict[Key, Trace] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    cited: dict[Key, Place] = field(default_factory=dict)
    given_back: bool = False

    def part(self, key: Key) -> Trace:
        return self.parts.setdefault(key, Trace())

    def says_ours(self, place: Place) -> bool:
        """Whether we wrote its value, or cite it."""
        cites = (key for key, part in self.parts.items() if key[0] == "reference" and part.ours)
        return self.part(VALUE).ours or any(self.cited.get(key) == place for key in cites)

    def has_peoples_hand(self, about: str = "") -> bool:
        """Another dataset's reference that people took out is not for this one to see."""
        return any(
            part.peoples
            for key, part in self.parts.items()
            if not about or key[0] != "reference" or part.state is not None or about in key[1]
        )

    def is_again(self, other: Held) -> None:
        """People make it say what another statement of ours said."""
        for key, part in other.parts.items():
            if key == VALUE or not self.part(key).ours:
                self.parts[key] = deepcopy(part)
                self.cited |= {key: other.cited[key]} if key in other.cited else {}

    def by_people(self, parts: Mapping[Key, State]) -> None:
        given_back = self.part(RANK).ours and parts.get(VALUE) and parts.get(RANK) is None
        self.given_back = self.given_back or bool(given_back)
        for key in {*self.parts, *parts}:
            if key[0] == "reference":
                self.part(key).put_back(parts.get(key))
                if self.given_back and key not in parts:
                    self.part(key).by_us(None)
            self.part(key).by_people(parts.get(key))


@dataclass
class Witness:
    """Told of every edit in order; `faults` are what our edits did that they may not."""

    rules: Mapping[str, StatementRule]
    held: dict[str, Held] = field(default_factory=dict)
    terms: dict[Key, Trace] = field(default_factory=dict)
    taken: dict[Place, Held] = field(default_factory=dict)
    left: dict[Place, dict[Key, State]] = field(default_factory=dict)
    dataset: str = ""

    def people(self, before: Item, after: Item) -> None:
        """People edited."""
        taken: dict[Place, Held] = {}
        for old in before.all_statements():
            now, held = after.statement(old.id), self.held[old.id]
            if (
                now is not None
                and _alive(now) >= _alive(old)
                and _same(self._place(now), old, self)
            ):
                continue
            place = self._place(old)
            ours = held.says_ours(place) and place in held.places
            if now is None:
                held.by_people({})
            if ours:
                taken[place] = self._moved_on(held, now)
        for now in after.all_statements():
            was, place = before.statement(now.id), self._place(now)
            back = (taken.pop(place, None) or self.taken.pop(place, None)) if _alive(now) else None
            if was is not None and _alive(was) and self._place(was) == place:
                back = None
            if now.id not in self.held:
                self.held[now.id] = deepcopy(back) if back else Held(now.id)
            elif back is not None and place not in self.held[now.id].places:
                self.held[now.id].is_again(back)
            self.held[now.id].by_people(self._parts(now))
            if self.held[now.id].part(RANK).ours:
                taken.pop(place, None)
                self.taken.pop(place, None)
            if was != now:
                self._as_left(now)
            self._copied(now, before)
            self._left_in_twin(now, after)
        self.taken |= taken
        for key, state in self._terms(after).items():
            self.terms.setdefault(key, Trace()).by_people(state)

    def _moved_on(self, held: Held, now: Statement | None) -> Held:
        """The statement as it was; a reference that went on with its statement is not refused."""
        copy = deepcopy(held)
        for key in self._parts(now) if now is not None else ():
            if key[0] == "reference":
                copy.parts.pop(key, None)
        return copy

    def _as_left(self, now: Statement) -> None:
        """What says all that we left there, and no more, is ours, whoever put it there."""
        parts = self._parts(now)
        if parts == self.left.get(self._place(now)):
            held = self.held[now.id]
            held.places.add(self._place(now))
            for key in {*parts, *held.parts}:
                held.part(key).states.append((held.part(key).state, "us"))
                held.cited[key] = self._place(now)

    def _copied(self, now: Statement, before: Item) -> None:
        """A reference of ours is ours in a copy too, that people make of a statement."""
        if before.statement(now.id) is None:
            for old in before.statements.get(now.property, ()):
                for key, part in self.held[old.id].parts.items():
                    mine = self.held[now.id].part(key)
                    if key[0] == "reference" and part.ours and mine.state == part.state:
                        mine.states.append((mine.state, "us"))
                        self.held[now.id].cited[key] = self._place(now)

    def _left_in_twin(self, now: Statement, after: Item) -> None:
        """A reference of ours that people leave in one of two twins they have not refused."""
        others = (each for each in after.statements[now.property] if each.id != now.id)
        twins = [each for each in others if self._alike(each, now)]
        for key, part in self.held[now.id].parts.items():
            refused = key[0] == "reference" and part.peoples and part.state is None
            if refused and any(key in self._parts(each) for each in twins):
                part.states.append((None, "us"))

    def _alike(self, one: Statement, other: Statement) -> bool:
        return self._place(one) == self._place(other)

    def us(self, before: Item, after: Item, dataset: str) -> list[tuple[str, str]]:
        """Our account edited for a dataset: (property or term, what was wrong) for all that was."""
        self.dataset = dataset
        owned = {
            self._place(each)[:-1] for each in before.all_statements() if self._is_wholly_ours(each)
        }
        faults: list[tuple[str, str]] = []
        for old in before.all_statements():
            if after.statement(old.id) is None:
                if self.held[old.id].has_peoples_hand(self.dataset):
                    faults.append((old.property, f"removed, with people's hand in it: {old}"))
                self.held[old.id].places.clear()
                for held in self.held.values():
                    held.places.discard(self._place(old))
                for part in self.held[old.id].parts.values():
                    part.by_us(None)
        for now in after.all_statements():
            was = before.statement(now.id)
            if was is None:
                faults += self._added(now, before, after, owned)
            elif was != now:
                faults += self._changed(was, now, before, after)
        for old in before.all_statements():
            if after.statement(old.id) != old:
                self.left.pop(self._place(old), None)
        for now in after.all_statements():
            if before.statement(now.id) != now and self._is_wholly_ours(now):
                self.left[self._place(now)] = self._parts(now)
        for key, state in {**dict.fromkeys(self.terms), **self._terms(after)}.items():
            if self.terms.setdefault(key, Trace()).by_us(state):
                faults.append((key[0], f"people's {' '.join(key)} undone: {state}"))
        return faults

    def has_twins(self, item: Item) -> bool:
        """Whether two statements say the same value in one slot."""
        places = [self._place(each) for each in item.all_statements()]
        return len(set(places)) < len(places)

    def _changed(
        self, was: Statement, now: Statement, before: Item, after: Item
    ) -> Iterable[tuple[str, str]]:
        held, parts = self.held[now.id], self._parts(now)
        place, peoples = self._place(was), held.has_peoples_hand(self.dataset)
        for key in sorted({*held.parts, *parts}):
            state = parts.get(key)
            if held.part(key).state == state:
                continue
            corrected = held.part(key).state is None and held.cited.get(key, place) != place
            if key[0] == "reference" and state is None:
                for each in after.statements[now.property]:
                    if each.id != now.id and self._alike(each, now):
                        self.held[each.id].given_back = True
                for taken in self.taken.values():
                    if taken.id == now.id:
                        taken.part(key).by_us(None)
            if held.part(key).by_us(state) and not corrected:
                yield now.property, f"people's {key} undone: {was} became {now}"
            elif peoples and key[0] != "reference":
                yield now.property, f"{key} changed, with people's hand in it: {was} became {now}"
        held.cited |= {key: self._place(now) for key in parts if key[0] == "reference"}
        held.places.add(self._place(now))
        if self._place(was) != self._place(now) or _alive(now) > _alive(was):
            yield from self._said(now, before, after)

    def _added(
        self, now: Statement, before: Item, after: Item, owned: set[Place]
    ) -> Iterable[tuple[str, str]]:
        held = self.held.setdefault(now.id, Held(now.id))
        held.places.add(self._place(now))
        for key, state in self._parts(now).items():
            held.part(key).by_us(state)
            if key[0] == "reference":
                held.cited[key] = self._place(now)
        yield from self._said(now, before, after)
        rule, place = self.rules[now.property], self._place(now)[:-1]
        if rule.many or place in owned:
            return
        for each in before.all_statements():
            if (
                each.property == now.property
                and self._place(each)[:-1] == place
                and _alive(each)
                and after.statement(each.id) is not None
                and not self._is_ended_by_us(each)
            ):
                yield now.property, f"put beside people's {each}: {now}"

    def _said(self, now: Statement, before: Item, after: Item) -> Iterable[tuple[str, str]]:
        if self.taken.pop(self._place(now), None):
            yield now.property, f"brought back: {now}"
        for each in after.all_statements():
            if each.id != now.id and self._whole(each) == self._whole(now):
                yield now.property, f"said twice: {now} and {each}"
        for each in before.statements.get(now.property, ()):
            if any(told.property == END for told in each.qualifiers) or each.id == now.id:
                continue
            if each.mainsnak == snak(now.property, "none") and _alive(each):
                held = self.held[each.id]
                if held.part(VALUE).peoples and self._place(each)[:-1] == self._place(now)[:-1]:
                    yield now.property, f"said though people say that there is none: {now}"

    def _is_wholly_ours(self, statement: Statement) -> bool:
        held = self.held[statement.id]
        return held.part(VALUE).ours and not held.has_peoples_hand(self.dataset)

    def _is_ended_by_us(self, statement: Statement) -> bool:
        held = self.held[statement.id]
        end = held.part(("qualifier", END))
        return held.part(VALUE).ours and end.state is not None and end.was_ours

    def _place(self, statement: Statement) -> Place:
        """The slot, and last the value."""
        keys = self.rules[statement.property].keys
        slot = sorted(str(said(each)) for each in statement.qualifiers if each.property in keys)
        return (statement.property, *slot, str(said(statement.mainsnak)))

    def _whole(self, statement: Statement) -> object:
        qualifiers = sorted(str(said(each)) for each in statement.qualifiers)
        return statement.property, str(said(statement.mainsnak)), qualifiers

    def _parts(self, statement: Statement) -> dict[Key, State]:
        parts: dict[Key, State] = {
            VALUE: str(said(statement.mainsnak)),
            RANK: None if statement.rank.value == "normal" else statement.rank.value,
        }
        for each in statement.qualifiers:
            key = ("qualifier", each.property)
            parts[key] = sorted([*(parts.get(key) or []), str(said(each))])  # type: ignore[misc]
        for reference in statement.references:
            says = sorted(str(said(each)) for each in reference.snaks)
            key = _known_by(reference.snaks) or ("reference", *says)
            parts[key] = [*(parts.get(key) or []), says]  # type: ignore[misc]
        return parts

    def _terms(self, item: Item) -> dict[Key, State]:
        terms: dict[Key, State] = dict.fromkeys(self.terms)
        terms |= {("label", language): text for language, text in item.labels.items()}
        terms |= {("description", language): text for language, text in item.descriptions.items()}
        for language, texts in item.aliases.items():
            terms |= {("alias", language, text): text for text in texts}
        return terms


def _same(place: Place, old: Statement, witness: Witness) -> bool:
    return place == witness._place(old)


def _alive(statement: Statement) -> bool:
    return statement.rank.value != "deprecated"


def _known_by(snaks: Iterable[Snak]) -> Key:
    told = {each.property: str(said(each)) for each in snaks}
    if STATED_IN in told and RECORD_ID in told:
        return ("reference", told[STATED_IN], told[RECORD_ID])
    return ()


def said(each: Snak) -> object:
    """What a snak says, in the one spelling that the letters of one value share."""
    value = each.value
    if value is None:
        return each.property, each.snaktype
    if each == snak("P2", "A"):
        value = snak("P2", "a").value
    if each == snak("P3", "A"):
        value = snak("P3", "a").value
    if isinstance(value, Text):
        return each.property, value.text.replace(" ", "")
    return each.property, value
