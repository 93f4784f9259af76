"""A life: month by month a release, runs, people who edit all the while; then the verdict."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from bench.life import values
from bench.life.acts_items import ACTS
from bench.life.facts import Event, Permission, Rules, Told, Verdict
from bench.life.history import happened
from bench.life.instep import behind
from bench.life.judge import Case
from bench.life.scene import BEGAN, Scene, attempt, staged
from bench.life.source import Release, releases
from sandbox.faults import Request, is_write
from sandbox.proxy import FaultProxy
from sandbox.wikibase import people

MONTH = timedelta(days=30)
_RACING = 0.03
"""How often somebody edits an item just between the bot's look at it and its edit."""
_LATE = 0.2
"""How often people edit in the last hours before a run."""


def rules() -> Rules:
    """What is so on the simulated wiki."""
    spaces = dict.fromkeys((values.IDENTIFIER, values.PHONE), _without_spaces)
    return Rules(
        ours=frozenset({people.BOT}),
        identifier=values.IDENTIFIER,
        single=frozenset(values.SINGLE),
        keys={values.VISITORS: frozenset({values.AS_OF})},
        cites=frozenset({values.STATED_IN, values.IDENTIFIER}),
        end=values.END,
        spelling=spaces,
    )


def _without_spaces(text: str) -> str:
    return text.replace(" ", "")


class Keeper(Protocol):
    """Whoever keeps the wiki in step with the releases."""

    def publish(self, release: Release) -> None:
        """The partner has published a release."""

    def run(self) -> Sequence[Event]:
        """Run once; what it tells the partner, and what people had allowed it."""


@dataclass(frozen=True)
class Course:
    """How long a life is, and how much happens."""

    records: int = 120
    months: int = 20
    acts: int = 50
    """People's acts a month."""
    runs: int = 4
    """Runs a month."""
    seed: int = 20


@dataclass(frozen=True)
class Life:
    """What became of it.

    `acts`: how often people did what. `told`: how often a difference was told, of each run.
    `decisions`: how often a trusted person overruled people. `slots`, `behind`: as of the end.
    """

    verdict: Verdict
    acts: dict[str, int]
    told: int
    decisions: int
    slots: int
    behind: tuple[str, ...]


Employ = Callable[[Scene, str], AbstractContextManager[Keeper]]
"""Puts a keeper to work, by the address of the wiki's API."""


def live(course: Course, employ: Employ) -> Life:
    """Live through all months, and judge."""
    published = releases(course.records, course.months + 1, course.seed)
    first, second = published[0].rows, published[1].rows
    with (
        staged(first, second, course.seed) as scene,
        FaultProxy(scene.wikibase.api) as proxy,
        employ(scene, proxy.api_url) as keeper,
    ):
        proxy.on_request(Racer(scene, course.seed), is_write)
        said: list[Event] = []
        for release, coming in itertools.pairwise(published):
            scene.coming = coming.rows
            keeper.publish(release)
            for moment, act in _month(scene, release.month, course, keeper, said):
                scene.go_on(moment)
                act()
        scene.go_on(scene.clock.now + MONTH)
        said += keeper.run()
        return _life(scene, said, published[course.months - 1])


def _month(
    scene: Scene, month: int, course: Course, keeper: Keeper, said: list[Event]
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """What happens in a month, in order."""
    begins = BEGAN + month * MONTH
    every = MONTH / course.runs
    happens: list[tuple[datetime, Callable[[], object]]] = [
        (begins + every * number + timedelta(hours=12), lambda: said.extend(keeper.run()))
        for number in range(course.runs)
    ]
    for _ in range(course.acts):
        late = scene.rng.random() < _LATE
        moment = begins + MONTH * scene.rng.random()
        if late:
            moment = scene.rng.choice(happens[: course.runs])[0]
            moment -= timedelta(hours=6 * scene.rng.random())
        happens.append((moment, lambda: somebody_acts(scene)))
    yield from sorted(happens, key=lambda each: each[0])


def somebody_acts(scene: Scene, item: str = "") -> None:
    """Somebody does something to some item: what has been done least, if it can be done."""
    names = sorted(ACTS, key=lambda name: (scene.done.get(name, 0), scene.rng.random()))
    items = [item] if item else scene.rng.sample(scene.items(), 8)
    for name in names[:6]:
        for each in items:
            person = scene.person()
            if attempt(lambda: ACTS[name](scene, person, each, scene.entity(each))):  # noqa: B023
                scene.done[name] = scene.done.get(name, 0) + 1
                return


class Racer:
    """Edits an item while the bot's edit of it is under way, now and then."""

    def __init__(self, scene: Scene, seed: int, chance: float = _RACING) -> None:
        self._scene = scene
        self._rng = Random(seed)
        self._chance = chance

    def __call__(self, request: Request) -> None:
        found = re.search(r"/items/(Q\d+)", request.path)
        item = found[1] if found else request.params.get("id", "")
        if item and self._rng.random() < self._chance:
            somebody_acts(self._scene, item)


def judged(scene: Scene, said: list[Event], rules: Rules) -> Case:
    """The whole life as the judge has heard it. `said`: what the bot told, and was allowed."""
    for (title,) in scene.wikibase.state.rows("select title from page where gone = 1"):
        scene.admin.post(action="undelete", title=title)
    events = [*happened(scene.admin), *said]
    case = Case(rules)
    for event in sorted(events, key=lambda each: (each.time, getattr(each, "id", 0))):
        case.take(event)
    return case


def _life(scene: Scene, said: list[Event], last: Release) -> Life:
    case = judged(scene, said, rules())
    slots, late = behind(case, last.rows)
    told = sum(isinstance(event, Told) for event in said)
    allowed = sum(isinstance(event, Permission) for event in said)
    return Life(case.verdict(), scene.done, told, allowed, slots, late)
