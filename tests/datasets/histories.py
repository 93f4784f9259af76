"""Random histories: releases, people who edit all the while, and runs that are killed at any point.

The wiki, the people, the source and the judge are those of `bench/life`: they know nothing of
HubBot but the name of its account.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

from bench.life import values
from bench.life.acts import identifier_of
from bench.life.deciding import decide
from bench.life.facts import Event, Verdict
from bench.life.history import deletions, revisions
from bench.life.judge import Case
from bench.life.months import rules, somebody_acts
from bench.life.operator import DATASET, MAPPING, data_file, set_up, write
from bench.life.scene import Scene, staged
from bench.life.source import BETWEEN, COLUMNS, Release, Row, releases
from bots.core.store import Run, opened
from bots.house import House, run_bot
from sandbox.faults import HttpError, Request
from sandbox.proxy import FaultProxy
from tests.datasets.killed_runs import Death, house_at

RECORDS = 7
"""Records in each release, at most; most of them are there from the first on."""
ROUNDS = 2
"""Releases in a history."""
_MONTHS = 6
"""Months of the partner's changes between two releases."""

_VALUES = {*values.DIRECTORS.values(), *values.SUBJECTS.values(), *values.DATASETS}
"""Items that nobody edits."""

_DIRECTORS = dict(list(values.DIRECTORS.items())[:4])
_SUBJECTS = dict(list(values.SUBJECTS.items())[:6])
_IDENTIFIER = re.compile(r"\bXX-\d+\b")

Planned = tuple[str, str]
"""What a run would do to an item: what it says before and after."""


@dataclass
class History:
    """One history, lived by `live`; what became of it.

    - `deaths`: how many runs were killed.
    - `again`: items that were edited by a run just after another one that had come to its end.
    - `plans`: what a run would have done to each item with the store as it was, and with one that
      was rebuilt; but for items of which more happened than the wiki tells.
    """

    seed: int
    folder: Path
    scene: Scene
    proxy: FaultProxy
    house: House
    rng: Random
    said: list[Event] = field(default_factory=list)
    deaths: int = 0
    again: list[str] = field(default_factory=list)
    plans: list[tuple[Planned | None, Planned | None]] = field(default_factory=list)

    def live(self) -> None:
        """Live through all of it; in every other history the store is lost at the end."""
        for release, coming in pairwise(published(self.seed)):
            self.scene.coming = coming.rows
            write(data_file(self.folder, DATASET), COLUMNS, release.rows.values())
            self._people(days=9)
            self._die()
            self._people(days=2)
            self._run_to_the_end()
        if self.seed % 2:
            self._people(days=9)
            write(data_file(self.folder, DATASET), COLUMNS, coming.rows.values())
            self._rebuild(coming)
            self._run_to_the_end()
        self._run_again()

    def verdict(self) -> Verdict:
        """What the judge says of it."""
        admin = self.scene.admin
        events: list[Event] = [*deletions(admin), *self.said]
        for (title,) in self.scene.wikibase.state.rows("select title from page where gone = 1"):
            admin.post(action="undelete", title=title)
        items = "select title from page where model = 'wikibase-item'"
        for (title,) in self.scene.wikibase.state.rows(items):
            if title not in _VALUES:
                events += revisions(admin, title)
        case = Case(rules())
        for event in sorted(events, key=lambda each: (each.time, getattr(each, "id", 0))):
            case.take(event)
        return case.verdict()

    def _people(self, days: float) -> None:
        """People edit for some days, and now and then somebody decides something."""
        until = self.scene.clock.now + timedelta(days=days)
        for _ in range(self.rng.randrange(1, 7)):
            moment = self.scene.clock.now + (until - self.scene.clock.now) * self.rng.random()
            self.scene.go_on(moment)
            somebody_acts(self.scene, self.rng.choice(self.scene.items()))
        if self.rng.random() < 0.3:
            self.said += decide(self.scene, DATASET)
        self.scene.go_on(until)

    def _die(self) -> None:
        """Runs that are killed, one after the other: the second one settles the first one's."""
        for _ in range(self.rng.choice((1, 1, 2))):
            death = Death.drawn(self.rng)
            config = self.folder / "hub.yaml"
            code = death.of(self.proxy, config, DATASET, self.scene.clock.now)
            self.heal()
            assert code in (0, -signal.SIGKILL), f"{death} ended with {code}"
            self.deaths += code != 0

    def heal(self) -> None:
        """The network is well again. Every third history is on a wiki without a REST API."""
        self.proxy.heal()
        if self.seed % 3 == 0:
            self.proxy.inject(HttpError(404, None), _is_rest, times=None)

    def _run_to_the_end(self) -> None:
        """A run that nobody kills."""
        ended = self.run()
        if ended.state == "stopped":
            title = f"User:{self.scene.bot}/stop/{DATASET}"
            self.scene.admin.edit(title, "", "looked at")
            ended = self.run()
        assert ended.state == "finished", ended

    def _run_again(self) -> None:
        """A run just after another one."""
        before = self._ours()
        again = self.run()
        assert again.state == "finished", again
        self.again = self._ours()[len(before) :]
        with self.house.store() as store:
            assert store.unsettled(DATASET) == []

    def run(self) -> Run:
        """A run that nobody kills, whatever it ends with."""
        return run_bot(self.house, DATASET, lambda runner: runner.run())

    def _ours(self) -> list[str]:
        """The items of all our edits, the newest last."""
        rows = self.scene.wikibase.state.rows(
            "select entity from revision join page on page.id = page"
            " where user = ? and page.model = 'wikibase-item' order by revision.id",
            self.scene.bot,
        )
        return [entity for (entity,) in rows]

    def _rebuild(self, release: Release) -> None:
        """The store is lost, and rebuilt from the wiki."""
        before = self._planned()
        for path in self.folder.glob("hubbot.sqlite*"):
            path.unlink()
        rebuilt = run_bot(self.house, DATASET, lambda runner: runner.rebuild())
        assert rebuilt.state == "finished", rebuilt
        after = self._planned()
        disturbed = self._disturbed()
        for item in self.scene.items():
            record = identifier_of(self.scene, self.scene.entity(item))
            if record in release.rows and not disturbed & {item, record}:
                self.plans.append((before.get(item), after.get(item)))

    def _disturbed(self) -> set[str]:
        """Items of which more has happened than the wiki tells, and their identifiers: those that
        were merged, deleted or brought back, those on which people undid an edit of ours between
        two of our runs, and those with terms of people's own: nothing tells that we had agreed."""
        rows = self.scene.wikibase.state.rows(
            "select entity, content from revision join page on page.id = page where entity in ("
            " select entity from revision join page on page.id = page"
            " where comment like '/* wbmergeitems%' or comment like '/* wbset%'"
            " or comment like '/* undo%|HubBot *%' or tags like '%mw-rollback%'"
            " union select title from log where type = 'delete')"
        )
        items = {entity for entity, _ in rows}
        return items.union(*(_IDENTIFIER.findall(content) for _, content in rows))

    def _planned(self) -> dict[str, Planned]:
        planned = run_bot(self.house, DATASET, lambda runner: runner.plan())
        with opened(self.house.config.store_url) as store:
            return {
                spooled.target.title: spooled.edit.change.shown
                for spooled in store.edits(planned)
                if spooled.edit and not spooled.target.title.startswith("User:")
            }


@contextmanager
def history(seed: int, folder: Path) -> Iterator[History]:
    """A history that is ready to be lived."""
    first, second, *_ = published(seed)
    with (
        staged(first.rows, second.rows, seed) as scene,
        FaultProxy(scene.wikibase.api) as proxy,
    ):
        mapping = {**MAPPING, "tables": {"directors": _DIRECTORS, "subjects": _SUBJECTS}}
        set_up(folder, proxy.api_url, {DATASET: (mapping, COLUMNS)})
        house = house_at(folder / "hub.yaml", lambda: scene.clock.now)
        ready = History(seed, folder, scene, proxy, house, Random(seed))
        ready.heal()
        yield ready


def published(seed: int) -> list[Release]:
    """The partner's releases, and one more: what it will say next.

    Few names of people and subjects are said, so that they come and go.
    """
    found = releases(RECORDS - 2, _MONTHS * (ROUNDS + 1) + 1, seed)[::_MONTHS]
    return [
        Release(
            each.month,
            {key: _told(row) for key, row in each.rows.items() if int(key[3:]) <= RECORDS},
        )
        for each in found
    ]


def _told(row: Row) -> Row:
    names, director = list(_DIRECTORS), row["director"]
    if director:
        director = names[int(director.split()[1]) % len(names)]
    said = [each for each in row["subjects"].split(BETWEEN) if each in _SUBJECTS]
    return {**row, "director": director, "subjects": BETWEEN.join(said)}


def _is_rest(request: Request) -> bool:
    return "/rest.php" in request.path
