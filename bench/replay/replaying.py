"""Brings release after release to the wiki with HubBot, and lets people edit in between."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bench.life import values
from bench.life.facts import Event, Verdict
from bench.life.months import Racer, judged, somebody_acts
from bench.life.operator import Operator, write_hub
from bench.life.scene import Scene
from bench.replay.registry import (
    MAPPING,
    TABLES,
    Record,
    Release,
    releases,
    rules,
    scene_of,
)
from bots.core.plan import Finding
from bots.core.ports import silent
from bots.core.store import Run
from bots.house import House, open_dataset, open_house
from sandbox.faults import Request, is_write
from sandbox.proxy import FaultProxy
from sandbox.wikibase import people
from sandbox.wikibase.server import Arrived, running_wikibase

DATASET = "research-organisations"
SEED = 12
ACTS = 150
"""What people do between two releases."""
_MONTH = timedelta(days=30)
_RETURNING = 0.7
"""How often they do it to an organisation of which a later release speaks."""
_RACING = 0.01
"""How often somebody edits an item just between HubBot's look at it and its edit."""
_TRIES = 5


@dataclass(frozen=True)
class Replayed:
    """What became of it.

    `changed`: items that were written to, counted run by run. `writes`: requests that wrote to
    items. `findings`: what is open at the end, by message.
    """

    verdict: Verdict
    acts: int
    records: int
    changed: int
    writes: int
    again_edits: int
    again_requests: int
    again_records: int
    findings: dict[str, int]


def replay(most: int | None = None, acts: int = ACTS) -> Replayed:
    """Replay all releases, or so many of them; then all that they say at once, once more."""
    published = releases()[:most]
    with running_wikibase() as wikibase, FaultProxy(wikibase.api) as proxy:
        people.add_people(wikibase.accounts)
        scene = scene_of(wikibase, published, SEED)
        with employed(scene, proxy.api_url) as registrar:
            proxy.on_request(Racer(scene, SEED, _RACING), is_write)
            said: list[Event] = []
            newest: dict[str, Record] = {}
            for number, release in enumerate(published):
                coming = published[number + 1].records if number + 1 < len(published) else {}
                scene.coming = coming
                said += registrar.bring(release.records.values())
                newest |= release.records
                if coming:
                    _people_act(scene, registrar, published[number + 1 :], acts)
            proxy.on_request(lambda _request: None, is_write)
            scene.go_on(scene.clock.now + _MONTH)
            said += registrar.bring(newest.values())
            writes, asked = registrar.writes, registrar.asked
            said += registrar.bring(newest.values())
            case = judged(scene, said, rules())
            return Replayed(
                verdict=case.verdict(),
                acts=sum(scene.done.values()),
                records=sum(len(release.records) for release in published),
                changed=registrar.changed,
                writes=writes,
                again_edits=registrar.writes - writes,
                again_requests=registrar.asked - asked,
                again_records=len(newest),
                findings=registrar.findings(),
            )


class Registrar(Operator):
    """Brings the registry's releases to the wiki, each in one run."""

    def __init__(self, scene: Scene, folder: Path, house: House) -> None:
        super().__init__(scene, folder, house, (DATASET,))
        self._file = folder / "datasets" / "ror" / "release.jsonl"
        self.changed = 0
        self.writes = 0
        self.asked = 0

    def bring(self, records: Iterable[Record]) -> list[Event]:
        """Publish, and run until a run has ended: it may have stopped itself for reverts."""
        self._publish(records)
        said: list[Event] = []
        for _ in range(_TRIES):
            said += self.run()
            if self._ended():
                return said
        raise SystemExit(f"The run did not end: {self.runs[-1]}")

    def foresee(self, records: Iterable[Record]) -> list[tuple[Finding, str]]:
        """Publish, and plan: what would be told of these records, each with its words."""
        self._publish(records)
        messages = self._house.messages
        with open_dataset(self._house, DATASET) as bot:
            planned = list(bot.plan(bot.read(silent)))
        told = (each for each in planned if isinstance(each, Finding))
        return [(each, messages.text("en", each.message)) for each in told]

    def _publish(self, records: Iterable[Record]) -> None:
        with self._file.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)

    def _started(self, dataset: str) -> Run:
        """One run, of which requests, writes and changed items are counted."""
        wikibase = self._scene.wikibase
        (last,) = wikibase.state.rows("select coalesce(max(id), 0) from revision")[0]
        mark = wikibase.mark()
        ended = super()._started(dataset)
        requests = wikibase.requests_since(mark)
        self.asked += len(requests)
        self.writes += sum(map(_wrote_item, requests))
        (items,) = wikibase.state.rows(
            "select count(distinct revision.page) from revision join page on page.id ="
            " revision.page where revision.id > ? and revision.user = ?"
            " and page.model = 'wikibase-item'",
            last,
            people.BOT,
        )[0]
        self.changed += items
        return ended

    def items(self) -> dict[str, str]:
        """The organisations that HubBot knows the item of."""
        with closing(sqlite3.connect(self._folder / "hubbot.sqlite")) as store:
            rows = store.execute("select record, title from records where title <> ''").fetchall()
        return {record.rpartition("/")[2]: title for record, title in rows}

    def findings(self) -> dict[str, int]:
        """How many findings are open, by their message."""
        found: dict[str, int] = {}
        with closing(sqlite3.connect(self._folder / "hubbot.sqlite")) as store:
            query = "select content from findings where closed_run is null"
            for (content,) in store.execute(query):
                key = json.loads(content)["message"]["key"]
                found[key] = found.get(key, 0) + 1
        return dict(sorted(found.items()))

    def _ended(self) -> bool:
        last: Run = self.runs[-1]
        if last.state not in ("finished", "stopped"):
            raise SystemExit(f"The run did not do its work: {last}")
        return last.state == "finished"


def _people_act(scene: Scene, registrar: Registrar, later: list[Release], acts: int) -> None:
    """A month in which people edit, most often what a later release speaks of."""
    items = registrar.items()
    coming = {key for release in later for key in release.records}
    returning = {item for key, item in items.items() if key in coming}
    begins = scene.clock.now
    moments = sorted(begins + _MONTH * scene.rng.random() for _ in range(acts))
    for moment in moments:
        scene.go_on(moment)
        there = set(scene.items())
        few = returning & there if scene.rng.random() < _RETURNING else set()
        somebody_acts(scene, scene.rng.choice(sorted(few or there & set(items.values()))))
    scene.go_on(begins + _MONTH)


@contextmanager
def employed(scene: Scene, api: str) -> Iterator[Registrar]:
    """HubBot with the project's own mapping, but for where it writes and that it makes items."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_hub(folder, api, (DATASET,))
        place = folder / "datasets" / "ror"
        place.mkdir(parents=True)
        shutil.copytree(TABLES, folder / "datasets" / TABLES.name)
        mapping: dict[str, Any] = yaml.safe_load(MAPPING.read_text(encoding="utf-8"))
        mapping["site"] = "repo"
        mapping["source"] |= {"package": "ror/datapackage.json"}
        mapping["create"]["people"] = False
        mapping["match"]["index"] = "search"
        stated = {"property": values.STATED_IN, "item": values.DATASET}
        mapping["reference"] = [stated, *mapping["reference"]]
        path = folder / "datasets" / f"{DATASET}.yaml"
        path.write_text(yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True))
        (place / "datapackage.json").write_text(json.dumps(_PACKAGE))
        house = open_house(folder / "hub.yaml")
        yield Registrar(scene, folder, replace(house, now=lambda: scene.clock.now))


def _wrote_item(arrived: Arrived) -> bool:
    if "HubBot" not in arrived.agent:
        return False
    request = Request(0, arrived.method, arrived.uri, arrived.parameters)
    return is_write(request) and (
        "/entities/items" in arrived.uri or request.action == "wbeditentity"
    )


_FIELDS = {
    "id": "string",
    "status": "string",
    "established": "integer",
    "admin": "object",
    **dict.fromkeys(("domains", "external_ids", "links", "locations"), "array"),
    **dict.fromkeys(("names", "relationships", "types"), "array"),
}
_PACKAGE = {
    "name": "ror",
    "title": "Research Organization Registry",
    "licenses": [{"name": "CC0-1.0"}],
    "contributors": [{"title": "Research Organization Registry"}],
    "resources": [
        {
            "name": "organisations",
            "path": "release.jsonl",
            "format": "jsonl",
            "schema": {
                "fields": [{"name": name, "type": kind} for name, kind in _FIELDS.items()],
                "primaryKey": "id",
            },
        }
    ],
}
