"""Where a life takes place: a stand-in Wikibase that is told the time, and people who edit it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bench.life import values
from bench.life.source import Row, aliases, description, statements
from bench.life.subject import MUSEUMS, Subject
from bench.life.values import Json
from sandbox.accounts import Login
from sandbox.client import Client, RefusedError
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase, running_wikibase

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
EDITORS = ("Editor 1", "Editor 2", "Editor 3", "Vandal")
PARTNER = "ExampleMuseums"
_PASSWORD = "peoplepass-1234"
_NAMED = {
    values.DATASET: "The dataset",
    values.SECOND_DATASET: "The other dataset",
    values.NEWSPAPER: "The newspaper",
    values.DEPARTMENT: "The department",
    **{item: name for name, item in (values.DIRECTORS | values.SUBJECTS).items()},
}
"""The items that values and references point to."""


@dataclass
class Clock:
    """The time of the simulated wiki: it stands still but for a second an edit."""

    now: datetime = BEGAN

    def tick(self) -> datetime:
        """The time of an edit: no two are made at once."""
        self.now += timedelta(seconds=1)
        return self.now

    def until(self, moment: datetime) -> None:
        """Let the time pass; it never runs back."""
        self.now = max(self.now, moment)


@dataclass
class Scene:
    """A wiki, its people, and what they will do later; `coming`: the next rows by identifier."""

    wikibase: Wikibase
    clock: Clock
    rng: Random
    people: dict[str, Client] = field(default_factory=dict)
    coming: Mapping[str, Any] = field(default_factory=dict)
    subject: Subject = MUSEUMS
    plans: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    """How often people did what."""

    @property
    def bot(self) -> str:
        return people.BOT

    @property
    def admin(self) -> Client:
        return self.people[people.ADMIN]

    def person(self) -> Client:
        """Somebody who edits in good faith."""
        return self.people[self.rng.choice(EDITORS[:3])]

    def later(self, days: float, act: Callable[[], object]) -> None:
        """Plan to do something in so many days."""
        self.plans.append((self.clock.now + timedelta(days=days), act))

    def go_on(self, moment: datetime) -> None:
        """Let the time pass, and do what was planned for before that moment."""
        while due := [plan for plan in self.plans if plan[0] <= moment]:
            plan = min(due, key=lambda each: each[0])
            self.plans.remove(plan)
            self.clock.until(plan[0])
            attempt(plan[1])
        self.clock.until(moment)

    def items(self) -> list[str]:
        """The items that there are, but for those that values point to."""
        rows = self.wikibase.state.rows(
            "select entity from page where model = 'wikibase-item' and gone = 0"
            " and redirect is null order by id"
        )
        return [entity for (entity,) in rows if entity not in _NAMED]

    def entity(self, item: str) -> Json:
        """An item as anybody can read it."""
        answer = self.admin.ask(action="wbgetentities", ids=item, redirects="no")
        found: Json = answer["entities"][item]
        return found


def attempt(act: Callable[[], object]) -> bool:
    """Do it; whether the wiki let it be done."""
    try:
        return act() is not False
    except RefusedError:
        return False


@contextmanager
def staged(rows: Mapping[str, Row], coming: Mapping[str, Row], seed: int) -> Iterator[Scene]:
    """A wiki with items for most records, on which people had said this and that before us."""
    clock, rng = Clock(), Random(seed)
    with running_wikibase() as wikibase:
        wikibase.state.now = clock.tick
        wikibase.settings.cirrus_search = True
        people.add_people(wikibase.accounts)
        with wikibase.state.transaction():
            _seed(wikibase, rows, rng)
        yield Scene(wikibase, clock, rng, people_of(wikibase), coming)


def people_of(wikibase: Wikibase) -> dict[str, Client]:
    """Everybody who edits on a wiki, logged in, by name; accounts are made where there is none."""
    found = {people.ADMIN: Client(wikibase, Login(people.ADMIN, people.ADMIN_PASSWORD))}
    for name in (*EDITORS, PARTNER):
        wikibase.accounts.add(name, _PASSWORD)
        found[name] = Client(wikibase, Login(name, _PASSWORD))
    return found


def save(person: Client, item: str, **data: Any) -> Any:
    """Save statements and terms in an item."""
    return person.post(action="wbeditentity", id=item, data=json.dumps(data))


def _seed(wikibase: Wikibase, rows: Mapping[str, Row], rng: Random) -> None:
    for property_id, datatype in values.DATATYPES.items():
        wikibase.state.seed({"type": "property", "id": property_id, "datatype": datatype})
    for item, name in _NAMED.items():
        labels = {"en": values.term("en", name)}
        wikibase.state.seed({"type": "item", "id": item, "labels": labels})
    for number, row in enumerate(rows.values(), 1):
        if rng.random() < 0.85:
            wikibase.state.seed(_item(f"Q{number}", row, rng))


def _item(item: str, row: Row, rng: Random) -> Json:
    """An item that people had before: now and then with a statement of the same, or another."""
    known = values.statement(values.snak(values.IDENTIFIER, row["isil"]), of=item)
    claims: dict[str, list[Json]] = {values.IDENTIFIER: [known]}
    for property_id, snaks, qualifiers in statements(row):
        if property_id == values.IDENTIFIER or not snaks or rng.random() > 0.2:
            continue
        cited = [values.cutting(rng)] if rng.random() < 0.5 else []
        made = rng.choice((_same, _same, _other, _finer, _refuted, _none))
        claims[property_id] = [made(item, property_id, snaks[0], qualifiers, cited, rng)]
    seeded: Json = {"type": "item", "id": item, "claims": claims}
    if rng.random() < 0.5:
        seeded["labels"] = {"en": values.term("en", row["name"])}
    elif rng.random() < 0.3:
        seeded["labels"] = {"en": values.term("en", f"The {row['name']}")}
    if rng.random() < 0.2 and aliases(row):
        seeded["aliases"] = {"en": [values.term("en", text) for text in aliases(row)[:1]]}
    if rng.random() < 0.2 and description(row):
        seeded["descriptions"] = {"en": values.term("en", f"a {description(row)}")}
    return seeded


def _same(
    item: str, _name: str, snak: Json, qualifiers: list[Json], cited: list[Json], _rng: Random
) -> Json:
    return values.statement(snak, cited, qualifiers, of=item)


def _other(
    item: str, name: str, _snak: Json, qualifiers: list[Json], cited: list[Json], rng: Random
) -> Json:
    return values.statement(values.another(name, rng), cited, qualifiers, of=item)


def _finer(
    item: str, name: str, snak: Json, qualifiers: list[Json], cited: list[Json], rng: Random
) -> Json:
    if name == values.FOUNDED:
        year = snak["datavalue"]["value"]["time"][1:5]
        snak = values.snak(name, f"{year}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}")
    return values.statement(snak, cited, qualifiers, of=item)


def _refuted(
    item: str, _name: str, snak: Json, qualifiers: list[Json], cited: list[Json], _rng: Random
) -> Json:
    return values.statement(snak, cited, qualifiers, "deprecated", of=item)


def _none(
    item: str, name: str, _snak: Json, _qualifiers: list[Json], cited: list[Json], _rng: Random
) -> Json:
    return values.statement(values.no_value(name), cited, of=item)
