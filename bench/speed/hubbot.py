"""HubBot at the work of the speed benchmark: runs that are timed from when it is logged in."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.life import values
from bench.life.operator import data_file, set_up, write
from bench.speed import material
from bench.speed.material import COLUMNS, Row
from bench.speed.wiki import Requests, Served
from bots.core.run import Runner
from bots.core.store import Run
from bots.house import House, make_bot
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis

DATASET = "museums"
MAPPING: dict[str, Any] = {
    "title": "Museums of Example",
    "partner": "Example Museums",
    "site": "repo",
    "match": {"property": values.IDENTIFIER, "field": "isil"},
    "reference": [
        {"property": values.STATED_IN, "item": values.DATASET},
        {"property": values.IDENTIFIER, "field": "isil"},
    ],
    "statements": [
        {"property": values.PHONE, "field": "phone", "datatype": "string"},
        {
            "property": values.FOUNDED,
            "field": "founded",
            "datatype": "time",
            "transform": ["year"],
        },
    ],
}


@dataclass(frozen=True)
class Timed:
    """One run: its wall time from when it was logged in, and its requests since then."""

    seconds: float
    requests: Requests
    run: Run


@dataclass
class Workplace:
    """A folder as an operator has it, with the wiki behind the slow proxy."""

    wiki: Served
    folder: Path

    def begin(self) -> None:
        """The first run, which is not timed, writes all statements."""
        house = set_up(self.folder, self.wiki.api, {DATASET: (MAPPING, COLUMNS)})
        write(data_file(self.folder, DATASET), COLUMNS, material.rows())
        self._expect(timed_run(house, DATASET, self.wiki), material.ITEMS)

    def timed(self, rows: Sequence[Row], changed: int) -> Timed:
        """A run on another release; it has to change so many items."""
        house = set_up(self.folder, self.wiki.slow_api, {DATASET: (MAPPING, COLUMNS)})
        write(data_file(self.folder, DATASET), COLUMNS, rows)
        return self._expect(timed_run(house, DATASET, self.wiki), changed)

    def _expect(self, timed: Timed, changed: int) -> Timed:
        expected = {"saved": changed} if changed else {}
        if timed.run.state != "finished" or timed.run.counts != expected:
            raise SystemExit(f"The run did not do its work: {timed.run}")
        return timed


def timed_run(house: House, name: str, wiki: Served) -> Timed:
    """One run of a dataset's bot."""
    with house.store() as store:
        desk = Desk(Wikis(house.config))
        desk.wikis["repo"].log_in()
        bot = make_bot(name, house, desk, store)
        runner = Runner(bot, desk, store, house.config, house.messages)
        wiki.requests()
        began = time.perf_counter()
        run = runner.run()
        seconds = time.perf_counter() - began
    return Timed(seconds, wiki.requests(), run)
