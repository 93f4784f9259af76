"""The demo's domains: a Wikidata of their own, the datasets as they ship, people, a next release.

The stand-in Wikibase keeps what is on it, as the wikis do. Once, people edit what the bots wrote,
and the partners publish a next release, in which some values are made up. Then nothing changes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bots.core.store import Run, StoredFinding
from bots.datasets.facts import Row
from bots.datasets.mapping import Dataset, load_dataset
from bots.datasets.records import Mapper
from bots.datasets.source import open_source
from bots.house import House, run_all, run_bot
from sandbox.accounts import Accounts
from sandbox.client import Client
from sandbox.template import HOME
from sandbox.wikibase.server import Wikibase, running_wikibase

DIRECTORY = HOME / "wikibase"
"""Where the demo's stand-in keeps what is on it."""
PORT = 8630
SHIPPED = Path(__file__).parents[1] / "config" / "datasets"
NAMES = (
    "human-genes",
    "human-proteins",
    "research-organisations",
    "heritage-sweden",
    "heritage-england",
    "collecting-institutions",
)
LABELS = Path(__file__).parent / "seed" / "labels.yaml"
"""What properties and items are called, by number."""
FIRST_ITEM = 900_000_000
"""From here on the items are numbered that people had for records whose own item nobody names."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """What somebody does to what a bot said of a record's property.

    `value`: what it is changed to, with a newspaper for a reference; None: it is removed.
    """

    record: str
    property: str
    value: str | None


@dataclass(frozen=True)
class Story:
    """What happens to a dataset: what people do, and what the next release says otherwise.

    `file`: below the dataset's folder; `changes`: old texts in it and new ones.
    """

    file: str
    acts: tuple[Act, ...]
    changes: Mapping[str, str]


STORIES = {
    "human-genes": Story(
        "genes.jsonl",
        (Act("213", "P4196", None), Act("348", "P4196", "19q13")),
        {'"4q13.3"': '"4q13.2"', '"19q13.32"': '"19q13.33"', '"7p22.1"': '"7p22.2"'},
    ),
    "research-organisations": Story(
        "organisations.jsonl",
        (
            Act("https://ror.org/00240q980", "P571", "1221"),
            Act("https://ror.org/027bh9e22", "P571", None),
        ),
        {
            '"established": 1222': '"established": 1223',
            '"established": 1827': '"established": 1828',
        },
    ),
    "heritage-sweden": Story(
        "buildings.geojson",
        (
            Act("99900000000003", "P571", "1538"),
            Act("99900000000001", "P6375", None),
        ),
        {'"byggd": "1537"': '"byggd": "1536"', '"Slottsbacken 1"': '"Slottsbacken 2"'},
    ),
    "collecting-institutions": Story(
        "institutions.csv",
        (Act("DE-1", "P571", "1659"), Act("DE-4", "P571", None)),
        {"staatsbibliothek-berlin.de/,1661": "staatsbibliothek-berlin.de/,1662"},
    ),
}


@contextmanager
def wikidata(port: int, accounts: Accounts) -> Iterator[Wikibase]:
    """The stand-in, with the accounts of the wikis. Raises SandboxError: the port is taken."""
    with running_wikibase(DIRECTORY, port) as wikibase:
        wikibase.settings.cirrus_search = True
        name, _, label = accounts.bot.username.partition("@")
        wikibase.accounts.add(name, accounts.bot_owner.password, "bot")
        wikibase.accounts.add_bot_password(name, label, accounts.bot.password)
        wikibase.accounts.add(accounts.aino.username, accounts.aino.password)
        yield wikibase


def forget() -> None:
    """Remove what is on the stand-in, and the partners' releases."""
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    shutil.rmtree(HOME / "datasets", ignore_errors=True)


def copy_mappings(folder: Path) -> None:
    """The mappings as they ship, over those that are there; releases stay as they are."""
    (folder / "samples").mkdir(parents=True, exist_ok=True)
    shutil.copytree(SHIPPED / "tables", folder / "tables", dirs_exist_ok=True)
    for name in NAMES:
        shutil.copy(SHIPPED / f"{name}.yaml", folder)
        if not (folder / "samples" / name).exists():
            shutil.copytree(SHIPPED / "samples" / name, folder / "samples" / name)


def seed(wikibase: Wikibase, dataset: Dataset, cache: Path, most: int | None = None) -> None:
    """What a Wikidata has on which a dataset is to run: properties, items that its mapping names,
    and, for so many of its records (all, unless told), an item that carries the identifier."""
    state = wikibase.state
    called = yaml.safe_load(LABELS.read_text(encoding="utf-8"))
    with state.transaction():
        for property_id, datatype in properties(dataset):
            if state.datatype(property_id) is None:
                labels = _labels(called.get(property_id, ""))
                seeded = {"type": "property", "id": property_id, "datatype": datatype}
                state.seed({**seeded, "labels": labels})
        for item in sorted(set(items(dataset))):
            if not state.exists(item):
                state.seed({"type": "item", "id": item, "labels": _labels(called.get(item, ""))})
        for number, (item, identifier) in enumerate(_known(dataset, cache)):
            if most is None or number < most:
                state.seed(carrying(item or _free(wikibase), *identifier))


def run_all_of(house: House, wikibase: Wikibase, folder: Path, accounts: Accounts) -> list[Run]:
    """The bots' runs; the first time with what people do and a next release between two of them."""
    is_new = not wikibase.state.count("revision", "user = ?", accounts.bot_owner.username)
    if is_new:
        for name in NAMES:
            dataset = load_dataset(folder / f"{name}.yaml", house.config)
            seed(wikibase, dataset, HOME / "cache", 0 if name.startswith("human-") else None)
    ended = _run(house)
    if is_new:
        person = Client(wikibase, accounts.aino)
        with house.store() as store:
            for name, story in STORIES.items():
                known = store.known(name, {act.record for act in story.acts})
                for act in story.acts:
                    _do(person, known[act.record].title, act)
        for name, story in STORIES.items():
            path = folder / "samples" / name / story.file
            path.write_text(_changed(path.read_text("utf-8"), story.changes), "utf-8")
        ended += _run(house)
    return ended


def kept(house: House) -> Iterator[tuple[str, StoredFinding]]:
    """What was kept for people and is told to the partner, by the dataset's id."""
    with house.store() as store:
        for name in NAMES:
            for each in store.findings(name):
                if each.finding.message.params.get("pair"):
                    yield name, each


def properties(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """The properties that a mapping writes, with their datatypes."""
    for each in _parts(dataset):
        yield each.property, each.kind()
        if getattr(each, "reason", None):
            yield "P2241", "wikibase-item"


def items(dataset: Dataset) -> Iterator[str]:
    """The items that a mapping and its tables name."""
    yield from named(dataset)
    for table in dataset.lookups.values():
        for held in table.values():
            yield from (each for each in held if each[:1] == "Q" and each[1:].isdigit())


def named(dataset: Dataset) -> Iterator[str]:
    """The items that a mapping itself names, for all records."""
    for each in _parts(dataset):
        for item in (each.item, getattr(each, "reason", None)):
            if item:
                yield item


def carrying(item: str, property_id: str, value: str, label: str = "") -> Json:
    """An item that carries an identifier, and in English a label; in the Action API's JSON."""
    snak = _snak(property_id, {"type": "string", "value": value})
    statement = {
        "id": f"{item}$00000000-0000-4000-8000-000000000001",
        "type": "statement",
        "rank": "normal",
        "mainsnak": snak,
    }
    claims = {property_id: [statement]}
    return {"type": "item", "id": item, "labels": _labels(label), "claims": claims}


def _labels(english: str) -> Json:
    return {"en": {"language": "en", "value": english}} if english else {}


def _parts(dataset: Dataset) -> Iterator[Any]:
    """Everything in a mapping that becomes a value of a property."""
    made = dataset.create
    for each in (*dataset.statements, *(made.statements if made else ()), *dataset.reference):
        yield each
        yield from getattr(each, "qualifiers", ())
        yield from getattr(each, "reference", None) or ()


def _known(dataset: Dataset, cache: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Of each record the item that the source names, "" for none, and the identifier."""
    now = datetime.now(UTC)
    source = open_source(dataset.source, dataset.path.parent, cache, None, now)
    mapper = Mapper(dataset, dataset.numbers, now.date())
    for row in source.rows():
        values = source.values(row) if isinstance(row, Row) else None
        if isinstance(row, Row) and isinstance(values, dict):
            record = mapper.record(row, values)
            if record.identifiers:
                yield record.item, record.identifiers[0]


def _free(wikibase: Wikibase) -> str:
    """An item's id that nobody has, among those that the demo gives."""
    number = FIRST_ITEM + wikibase.state.count("page", "model = 'wikibase-item'")
    return f"Q{number}"


def _run(house: House) -> list[Run]:
    return run_all(house, NAMES, lambda name: run_bot(house, name, lambda runner: runner.run()))


def _do(person: Client, item: str, act: Act) -> None:
    """Carry out what somebody does to the only statement of a property."""
    entity = person.ask(action="wbgetentities", ids=item)["entities"][item]
    (claim,) = entity["claims"][act.property]
    if act.value is None:
        person.post(action="wbremoveclaims", claim=claim["id"])
        return
    claim["mainsnak"] = _snak(act.property, _value(claim["mainsnak"]["datatype"], act.value))
    url = {"type": "string", "value": "https://newspaper.example/1854"}
    claim["references"] = [{"snaks": {"P854": [_snak("P854", url)]}}]
    person.post(action="wbsetclaim", claim=json.dumps(claim))


def _value(datatype: str, text: str) -> Json:
    if datatype != "time":
        return {"type": "string", "value": text}
    value = {
        "time": f"+{text}-00-00T00:00:00Z",
        "precision": 9,
        "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
        **dict.fromkeys(("timezone", "before", "after"), 0),
    }
    return {"type": "time", "value": value}


def _snak(property_id: str, datavalue: Json) -> Json:
    return {"snaktype": "value", "property": property_id, "datavalue": datavalue}


def _changed(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        if old not in text:
            raise ValueError(f"the sample has no {old}")
        text = text.replace(old, new)
    return text
