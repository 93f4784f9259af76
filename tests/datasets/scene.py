"""A partner's dataset as an operator sets it up: hub.yaml, mapping, data package, Wikibase."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bots.core.config import load_hub
from bots.core.messages import Messages
from bots.core.store import Run, StoredFinding
from bots.house import I18N, House, run_bot
from bots.terminal import Printer
from sandbox.wikibase.server import Wikibase
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
BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
DATASET = "museums"

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
    """The dataset on a stand-in; `now` is the time of the next run, which the wiki is told too."""

    wikibase: Wikibase
    folder: Path
    api: str = ""
    now: datetime = BEGAN
    mapping: dict[str, Any] = field(default_factory=lambda: json.loads(json.dumps(MAPPING)))
    limits: dict[str, Any] = field(default_factory=dict)
    guard: dict[str, Any] = field(default_factory=dict)

    _people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.api = self.api or self.wikibase.api
        self.wikibase.settings.cirrus_search = True
        self.wikibase.state.now = self._tick
        for property_id, datatype in DATATYPES.items():
            self.wikibase.state.seed({"type": "property", "id": property_id, "datatype": datatype})
        for item in (REGISTER, MUSEUM, LIBRARY):
            self.wikibase.state.seed({"type": "item", "id": item})
        (self.folder / "datasets" / "museums").mkdir(parents=True)
        self.write()

    def write(self) -> None:
        """Write hub.yaml and the mapping as they are now."""
        credentials = self.folder / "accounts.json"
        secret = {"username": "HubBot@hub", "password": "hub" * 11}
        credentials.write_text(json.dumps({"bot": secret}))
        credentials.chmod(0o600)
        approval = {"opt_in": "Project:Opt-in", "bot_approval": "Project:Approval"}
        hub = {
            "account": "HubBot",
            "operator": "Coordinator",
            "contact": "https://hubbot.example/contact",
            "hub": "repo",
            "store": "sqlite:///store.sqlite",
            "sites": {"repo": {"api": self.api, "approvals": {DATASET: approval}}},
            "credentials": "accounts.json",
            "limits": {"edits_per_minute": 0, "request_timeout_seconds": 10, **self.limits},
            "guard": self.guard,
            "public_pages": False,
        }
        hub["credentials"] = str(credentials)
        (self.folder / "hub.yaml").write_text(yaml.safe_dump(hub))
        mapping = self.folder / "datasets" / f"{DATASET}.yaml"
        mapping.write_text(yaml.safe_dump(self.mapping, sort_keys=False))

    def release(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """The partner's next release."""
        package = self.folder / "datasets" / "museums"
        with (package / "museums.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
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
        return run_bot(self.house, DATASET, lambda runner: runner.run())

    def findings(self) -> list[StoredFinding]:
        """What is open."""
        with self.house.store() as store:
            return store.findings(DATASET)

    def person(self, name: str = "PlainUser", password: str = "plainpass-1234") -> Person:
        """Somebody with a session of their own, logged in once."""
        if name not in self._people:
            self._people[name] = Person(self.wikibase.api, name, password)
        return self._people[name]

    def item(self, item: str, isil: str, **more: Any) -> None:
        """An item that carries the identifier, as people made it."""
        claims = {ID: [claim(item, 1, ID, isil)], **more.pop("claims", {})}
        self.wikibase.state.seed({"type": "item", "id": item, "claims": claims, **more})

    def entity(self, item: str) -> Any:
        """The item, in the Action API's JSON."""
        return self.person().entity(item)

    def values(self, item: str, property_id: str) -> list[Any]:
        """The property's main values on the item."""
        return [
            each["mainsnak"].get("datavalue", {}).get("value", each["mainsnak"]["snaktype"])
            for each in self.entity(item)["claims"].get(property_id, ())
        ]

    def _tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


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
