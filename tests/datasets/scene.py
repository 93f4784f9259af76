"""A partner's dataset as an operator sets it up: hub.yaml, mapping, data package, Wikibase."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner

from bots.cli import main
from bots.core.config import load_hub
from bots.core.messages import Messages
from bots.core.run import Runner
from bots.core.store import Run, StoredFinding
from bots.house import I18N, House, run_bot
from bots.terminal import Printer
from tests.datasets.ground import PERSON, Ground
from tests.wikibase.entities_scene import Person

ID, KIND, FOUNDED, STAFF, SITE, WHEN = "P791", "P31", "P571", "P1128", "P856", "P585"
STATED_IN, RETRIEVED = "P248", "P813"
DATATYPES = {
    ID: "external-id",
    KIND: "wikibase-item",
    FOUNDED: "time",
    STAFF: "quantity",
    SITE: "url",
    WHEN: "time",
    STATED_IN: "wikibase-item",
    RETRIEVED: "time",
    "P582": "time",
    "P854": "url",
}
REGISTER, MUSEUM, LIBRARY = "Q100", "Q33506", "Q7075"
COLUMNS = ("isil", "name", "kind", "founded", "staff", "staff_year", "website")
GROUNDWORK: Mapping[str, Mapping[str, Any]] = {
    **{name: {"type": "property", "datatype": datatype} for name, datatype in DATATYPES.items()},
    **{name: {"type": "item"} for name in (REGISTER, MUSEUM, LIBRARY)},
}
"""What every test finds on the wiki."""

SCHEMA = {
    "fields": [
        {"name": "isil", "type": "string", "constraints": {"required": True}},
        {"name": "name", "type": "string"},
        {"name": "kind", "type": "string"},
        {"name": "founded", "type": "string"},
        {"name": "staff", "type": "integer"},
        {"name": "staff_year", "type": "string"},
        {"name": "website", "type": "string"},
    ],
    "primaryKey": "isil",
}

MAPPING: dict[str, Any] = {
    "title": "Museums of Example",
    "partner": "Example Museums Authority",
    "partner_accounts": ["ExampleMuseums"],
    "site": "repo",
    "source": {"package": "museums/datapackage.json", "kind": "full", "gone_after": 2},
    "match": {"property": ID, "field": "isil", "index": "search"},
    "record_url": "https://museums.example/{isil}",
    "reference": [
        {"property": STATED_IN, "item": REGISTER},
        {"property": ID, "field": "isil"},
        {"property": RETRIEVED, "retrieved": True},
    ],
    "statements": [
        {
            "property": KIND,
            "field": "kind",
            "datatype": "wikibase-item",
            "table": "kinds",
            "many": True,
            "transform": [{"split": "|"}],
        },
        {"property": FOUNDED, "field": "founded", "datatype": "time", "transform": ["date"]},
        {
            "property": STAFF,
            "field": "staff",
            "datatype": "quantity",
            "qualifiers": [
                {"property": WHEN, "field": "staff_year", "datatype": "time", "transform": ["year"]}
            ],
        },
        {"property": SITE, "field": "website", "datatype": "url", "equivalence": ["url"]},
    ],
    "terms": [{"term": "label", "language": "en", "field": "name", "taken": "alias"}],
    "tables": {"kinds": {"museum": MUSEUM, "library": LIBRARY}},
}
"""A mapping with a single-valued, a multi-valued and a qualified property, and a label."""


@dataclass
class Stage:
    """The dataset on a Wikibase; `now` is when the next run is, as a stand-in is told too."""

    ground: Ground
    folder: Path
    now: datetime = field(init=False)
    mapping: dict[str, Any] = field(default_factory=lambda: json.loads(json.dumps(MAPPING)))
    limits: dict[str, Any] = field(default_factory=dict)
    guard: dict[str, Any] = field(default_factory=dict)

    _people: dict[str, Person] = field(default_factory=dict)
    _seeded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = self.ground.began
        self.ground.follow(self._tick)
        self.mapping["match"]["index"] = self.ground.index
        (self.folder / "datasets" / "museums").mkdir(parents=True)
        self.write()

    @property
    def dataset(self) -> str:
        """The dataset's id, which is the name of its bot."""
        return self.ground.there("/bot/museums").removeprefix("/bot/")

    def write(self) -> None:
        """Write hub.yaml and the mapping as they are now."""
        credentials = self.folder / "accounts.json"
        credentials.write_text(json.dumps({"bot": asdict(self.ground.login)}))
        credentials.chmod(0o600)
        approval = {"opt_in": "Project:Opt-in", "bot_approval": "Project:Approval"}
        hub = {
            "account": self.ground.account,
            "operator": "Coordinator",
            "contact": "https://hubbot.example/contact",
            "hub": "repo",
            "store": "sqlite:///store.sqlite",
            "sites": {"repo": {"api": self.ground.api, "approvals": {self.dataset: approval}}},
            "credentials": str(credentials),
            "limits": {"edits_per_minute": 0, "request_timeout_seconds": 10, **self.limits},
            "guard": self.guard,
            "public_pages": False,
        }
        (self.folder / "hub.yaml").write_text(yaml.safe_dump(hub))
        mapping = self.folder / "datasets" / f"{self.dataset}.yaml"
        partners = [self.ground.there(name) for name in self.mapping["partner_accounts"]]
        told = self.mapping | {"partner_accounts": partners}
        mapping.write_text(yaml.safe_dump(told, sort_keys=False))
        self._write_numbers()

    def release(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """The partner's next release."""
        package = self.folder / "datasets" / "museums"
        with (package / "museums.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for each in rows:
                writer.writerow({name: self._there(value) for name, value in each.items()})
        (package / "datapackage.json").write_text(
            json.dumps(
                {
                    "name": "museums",
                    "title": "Museums",
                    "licenses": [{"name": "CC0-1.0"}],
                    "contributors": [{"title": "Example Museums Authority"}],
                    "resources": [
                        {
                            "name": "museums",
                            "path": "museums.csv",
                            "profile": "tabular-data-resource",
                            "schema": SCHEMA,
                        }
                    ],
                }
            )
        )

    @property
    def house(self) -> House:
        config = load_hub(self.folder / "hub.yaml")
        return House(config, messages(), Printer(messages()), now=lambda: self.now)

    def run(self, days: float = 1) -> Run:
        """A run, so many days after the last."""
        self.now += timedelta(days=days)
        return self.do(lambda runner: runner.run())

    def do(self, how: Callable[[Runner], Run]) -> Run:
        """Whatever a runner can do with the dataset's bot, at the stage's time."""
        return run_bot(self.house, self.dataset, how)

    def lose_store(self) -> None:
        """The store is gone, as when a disk is."""
        for path in self.folder.glob("store.sqlite*"):
            path.unlink()

    def rebuild(self) -> Run:
        """The store is lost, and made anew from what the wiki tells."""
        self.lose_store()
        return self.do(lambda runner: runner.rebuild())

    def command(self, *words: str) -> Said:
        """What `hubbot` with these words says."""
        done = CliRunner().invoke(main, ["--config", str(self.folder / "hub.yaml"), *words])
        return self.ground.here(Said(done.exit_code, done.stdout, done.stderr))

    def findings(self) -> list[StoredFinding]:
        """What is open."""
        with self.house.store() as store:
            return self.ground.here(store.findings(self.dataset))

    def person(self, name: str = PERSON) -> Person:
        """Somebody with a session of their own, logged in once."""
        if name not in self._people:
            self._people[name] = self.ground.person(name)
        return self._people[name]

    def seed(self, entity: str, **said: Any) -> None:
        """An item or a property, as people made it."""
        kind = "property" if entity[0] == "P" else "item"
        self.ground.seed({"type": kind, "id": entity, **said})
        self._seeded.append(entity)
        self._write_numbers()

    def item(self, item: str, isil: str, **more: Any) -> None:
        """An item that carries the identifier, as people made it."""
        claims = {ID: [claim(item, 1, ID, isil)], **more.pop("claims", {})}
        self.seed(item, claims=claims, **more)

    def entity(self, item: str) -> Any:
        """The item, in the Action API's JSON."""
        return self.person().entity(item)

    def items(self) -> list[str]:
        """The items that the test has made, and those that the dataset's bot has."""
        asked = {"ucuser": "HubBot", "ucshow": "new", "ucprop": "title|comment", "uclimit": "500"}
        found = self.person().ask(action="query", list="usercontribs", **asked)
        ours = [
            each["title"].rpartition(":")[2]
            for each in found["query"]["usercontribs"]
            if "/task/museums|" in each["comment"]
        ]
        return [each for each in (*self._seeded, *reversed(ours)) if _ITEM.fullmatch(each)]

    def values(self, item: str, property_id: str) -> list[Any]:
        """The property's main values on the item."""
        return [
            each["mainsnak"].get("datavalue", {}).get("value", each["mainsnak"]["snaktype"])
            for each in self.entity(item)["claims"].get(property_id, ())
        ]

    def _there(self, value: Any) -> Any:
        return self.ground.there(value) if isinstance(value, str) else value

    def _write_numbers(self) -> None:
        """What Wikidata's numbers are on the wiki, as an operator tells it."""
        if self.ground.numbers:
            kinds = {"properties": "P", "items": "Q"}
            numbers = {
                kind: {name: there for name, there in self.ground.numbers.items() if name[0] == one}
                for kind, one in kinds.items()
            }
            (self.folder / "sites").mkdir(exist_ok=True)
            (self.folder / "sites" / "repo.yaml").write_text(yaml.safe_dump(numbers))

    def _tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        return self.stdout + self.stderr


_ITEM = re.compile(r"Q[0-9]+")


@cache
def messages() -> Messages:
    """All messages, read once: their checks take a while."""
    return Messages(I18N)


def claim(item: str, number: int, property_id: str, value: Any, **more: Any) -> dict[str, Any]:
    """A statement in the Action API's JSON; `value` a text or a whole datavalue."""
    datavalue = {"type": "string", "value": value} if isinstance(value, str) else value
    snak = {"snaktype": "value", "property": property_id, "datavalue": datavalue}
    number_text = f"{item}$00000000-0000-4000-8000-{number:012d}"
    return {
        "id": number_text,
        "type": "statement",
        "rank": "normal",
        "mainsnak": snak,
        **more,
    }


def row(isil: str, **more: Any) -> dict[str, Any]:
    """A record of the partner's."""
    return {
        "isil": isil,
        "name": f"Museum {isil}",
        "kind": "museum",
        "founded": "1850",
        "staff": 12,
        "staff_year": "2020",
        "website": f"https://{isil.lower()}.example/",
        **more,
    }
