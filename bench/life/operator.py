"""HubBot on a wiki as an operator sets it up: hub.yaml, a mapping, a data package on disk."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bench.life import deciding, values
from bench.life.facts import Event, Told
from bench.life.scene import PARTNER, Scene
from bench.life.source import COLUMNS, Release
from bots.core.store import Run
from bots.house import House, open_house, run_all, run_bot
from sandbox.wikibase import people

DATASET, SECOND = "life", "second"
_DECIDING = 0.5
"""How often somebody looks at the pages with differences before a run."""


class Operator:
    """Runs HubBot whenever it is time, with the wiki's time for its clock."""

    def __init__(self, scene: Scene, folder: Path, house: House, datasets: Sequence[str]) -> None:
        self._scene = scene
        self._folder = folder
        self._house = house
        self._datasets = datasets
        self.runs: list[Run] = []

    def run(self) -> Sequence[Event]:
        """People decide, HubBot runs; who was allowed what, and what it tells now."""
        said: list[Event] = []
        if self._scene.rng.random() < _DECIDING:
            for dataset in self._datasets:
                said += deciding.decide(self._scene, dataset)

        def start(dataset: str) -> Run:
            ended = self._started(dataset)
            self.runs.append(ended)
            if ended.state == "finished":
                said.extend([*deciding.told(self._scene, dataset), *self._findings(dataset)])
            elif ended.state == "stopped":
                self._let_go_on(dataset)
            return ended

        run_all(self._house, self._datasets, start)
        return said

    def _started(self, dataset: str) -> Run:
        """One run."""
        return run(self._house, dataset)

    def _let_go_on(self, dataset: str) -> None:
        """It stopped itself, since people reverted too much of it; the operator has looked."""
        title = f"User:{self._scene.bot}/stop/{dataset}"
        self._scene.admin.edit(title, "", "looked at")

    def _findings(self, dataset: str) -> Iterator[Told]:
        """The differences among its open findings, read from the store's own table."""
        now = self._scene.clock.tick()
        with contextlib.closing(sqlite3.connect(self._folder / "hubbot.sqlite")) as store:
            query = "select content from findings where closed_run is null and bot = ?"
            for (content,) in store.execute(query, (dataset,)).fetchall():
                message = json.loads(content)["message"]
                slot = message["params"].get("slot", "")
                if slot:
                    kind = message["key"].removeprefix("dataset-")
                    item = message["params"]["item"]
                    yield Told(item, slot.partition(" ")[0], kind, now, settled=False)


class MuseumsOperator(Operator):
    """Runs the two datasets of the simulated museums."""

    def __init__(self, scene: Scene, folder: Path, house: House) -> None:
        super().__init__(scene, folder, house, (DATASET, SECOND))
        self._late: Release | None = None

    def publish(self, release: Release) -> None:
        """The partner has put a new file in place of the old one; the other one is a month late."""
        rows = (self._late or release).rows.values()
        write(data_file(self._folder, SECOND), SECOND_COLUMNS, rows)
        write(data_file(self._folder, DATASET), COLUMNS, release.rows.values())
        self._late = release


@contextmanager
def employed(scene: Scene, api: str) -> Iterator[MuseumsOperator]:
    """HubBot at work on the scene's wiki, through that address of its API."""
    with TemporaryDirectory() as folder:
        datasets = {DATASET: (MAPPING, COLUMNS), SECOND: (SECOND_MAPPING, SECOND_COLUMNS)}
        house = set_up(Path(folder), api, datasets, lambda: scene.clock.now)
        yield MuseumsOperator(scene, Path(folder), house)


def set_up(
    folder: Path,
    api: str,
    datasets: Mapping[str, tuple[dict[str, Any], Sequence[str]]],
    now: Callable[[], datetime] | None = None,
) -> House:
    """The house of a folder with hub.yaml, and by dataset its mapping and its file's columns."""
    write_hub(folder, api, datasets)
    for name, (mapping, columns) in datasets.items():
        data_file(folder, name).parent.mkdir(parents=True, exist_ok=True)
        mapping = {**mapping, "source": {**_SOURCE, "package": f"{name}/datapackage.json"}}
        (folder / "datasets" / f"{name}.yaml").write_text(yaml.safe_dump(mapping, sort_keys=False))
        package = data_file(folder, name).parent / "datapackage.json"
        package.write_text(json.dumps(_package(columns)))
    house = open_house(folder / "hub.yaml")
    return replace(house, now=now) if now else house


def write_hub(folder: Path, api: str, datasets: Iterable[str]) -> None:
    """hub.yaml of a folder, in which these datasets may write.

    Without the pages that show mapping and task: what is counted is the work on items.
    """
    login = {"username": people.BOT_LOGIN, "password": people.BOT_LOGIN_PASSWORD}
    credentials = folder / "accounts.json"
    credentials.write_text(json.dumps({"bot": login}))
    credentials.chmod(0o600)
    approval = {"opt_in": "Project:Opt-in", "bot_approval": "Project:Approval"}
    site = {"api": api, "approvals": dict.fromkeys(datasets, approval)}
    hub = {
        "account": people.BOT,
        "operator": people.ADMIN,
        "contact": "https://hubbot.example/contact",
        "hub": "repo",
        "sites": {"repo": site},
        "trusted_groups": ["sysop"],
        "credentials": str(credentials),
        "limits": {"edits_per_minute": 0},
        "public_pages": False,
        "guard": {"first_run_edits": 10**6, **GUARD},
    }
    (folder / "hub.yaml").write_text(yaml.safe_dump(hub))


def data_file(folder: Path, dataset: str) -> Path:
    """Where a partner's file lies."""
    return folder / "datasets" / dataset / "data.csv"


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write these columns of the rows as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _package(columns: Sequence[str]) -> dict[str, Any]:
    fields = [{"name": name, "type": _TYPES.get(name, "string")} for name in columns]
    data = {
        "name": "data",
        "path": "data.csv",
        "profile": "tabular-data-resource",
        "schema": {"fields": fields, "primaryKey": "isil"},
    }
    return {
        "name": "data",
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "Example Museums"}],
        "resources": [data],
    }


def run(house: House, name: str) -> Run:
    """One run, without a word."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return run_bot(house, name, lambda runner: runner.run())


_TYPES = {"holdings": "integer", "visitors": "integer"}
GUARD = {"withdrawn_percent": 100, "gone_percent": 100, "growth": 1000}
"""What the guard lets through besides: nobody is there to let a plan through."""

_SOURCE = {"kind": "full", "gone_after": 2}
_REFERENCE = [
    {"property": values.STATED_IN, "item": values.DATASET},
    {"property": values.IDENTIFIER, "field": "isil"},
    {"property": values.RETRIEVED, "retrieved": True},
]
_AS_OF = {"property": values.AS_OF, "datatype": "time", "transform": ["year"]}
MAPPING: dict[str, Any] = {
    "title": "Museums of Example",
    "partner": "Example Museums",
    "partner_accounts": [PARTNER],
    "site": "repo",
    "match": {"property": values.IDENTIFIER, "field": "isil", "index": "search"},
    "create": {"labels": ["en"]},
    "record_url": "https://museums.example/{isil}",
    "reference": _REFERENCE,
    "statements": [
        {"property": values.IDENTIFIER, "field": "isil", "datatype": "external-id"},
        {
            "property": values.FOUNDED,
            "field": "founded",
            "datatype": "time",
            "transform": ["year"],
        },
        {
            "property": values.HOLDINGS,
            "field": "holdings",
            "datatype": "quantity",
            "withdrawal": "remove",
            "qualifiers": [{**_AS_OF, "field": "holdings_year"}],
        },
        {
            "property": values.VISITORS,
            "field": "visitors",
            "datatype": "quantity",
            "qualifiers": [{**_AS_OF, "field": "visitors_year", "key": True}],
        },
        {
            "property": values.PHONE,
            "field": "phone",
            "datatype": "string",
            "change": "end-and-add",
            "equivalence": ["no-spaces"],
        },
        {
            "property": values.WEBSITE,
            "field": "website",
            "datatype": "url",
            "change": "add-preferred",
            "withdrawal": "deprecate",
        },
        {
            "property": values.DIRECTOR,
            "field": "director",
            "datatype": "wikibase-item",
            "table": "directors",
            "change": "end-and-add",
            "withdrawal": "remove",
        },
        {
            "property": values.FIELDS,
            "field": "subjects",
            "datatype": "wikibase-item",
            "transform": ["split"],
            "table": "subjects",
            "many": True,
            "withdrawal": "remove",
        },
    ],
    "terms": [
        {"term": "label", "language": "en", "field": "name", "taken": "alias"},
        {
            "term": "alias",
            "language": "en",
            "field": "short",
            "transform": ["split"],
        },
        {"term": "description", "language": "en", "template": "museum in {town}"},
    ],
    "tables": {"directors": values.DIRECTORS, "subjects": values.SUBJECTS},
}
SECOND_COLUMNS = ("isil", "subjects")
SECOND_MAPPING: dict[str, Any] = {
    "title": "Subjects of Example",
    "partner": "Another register",
    "site": "repo",
    "match": MAPPING["match"],
    "reference": [{**_REFERENCE[0], "item": values.SECOND_DATASET}, *_REFERENCE[1:]],
    "statements": [each for each in MAPPING["statements"] if each["property"] == values.FIELDS],
    "tables": {"subjects": values.SUBJECTS},
}
"""Another dataset of ours on the same items, which says some of the same."""
