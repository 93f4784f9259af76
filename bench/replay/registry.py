"""The registry's releases as they were published, and a wiki that knows many of the organisations.

The releases are files of changes, `shared/data/ror` beside the project: whole records, new and
changed alike, one a line.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bench.life import values
from bench.life.facts import Rules
from bench.life.scene import Clock, Scene, people_of
from bench.life.subject import Subject
from bench.life.values import Json
from bots.datasets.checks.constraints import CONSTRAINT, DISTINCT
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase

ROOT = Path(__file__).resolve().parents[2]
RELEASES = ROOT.parent / "shared" / "data" / "ror"
MAPPING = ROOT / "config" / "datasets" / "research-organisations.yaml"
TABLES = ROOT / "config" / "datasets" / "tables"
IDENTIFIER, INCEPTION, WEBSITE, ISNI, GRID, FUNDER, COUNTRY, DISSOLVED = (
    "P6782", "P571", "P856", "P213", "P2427", "P3153", "P17", "P576",
)  # fmt: skip
DATATYPES = {
    **dict.fromkeys((IDENTIFIER, ISNI, GRID, FUNDER), "external-id"),
    **dict.fromkeys((INCEPTION, DISSOLVED, values.RETRIEVED, values.END), "time"),
    **dict.fromkeys((WEBSITE, values.REFERENCE_URL), "url"),
    **dict.fromkeys(
        (
            *("P31", COUNTRY, "P159", "P749", "P355", "P1366", "P1365", "P2241"),
            *(values.STATED_IN, values.APPLIES_TO, CONSTRAINT),
        ),
        "wikibase-item",
    ),
    "P625": "globe-coordinate",
    values.PAGES: "string",
}
_OURS = (INCEPTION, WEBSITE, ISNI, GRID, FUNDER, COUNTRY)
_ELSEWHERE = tuple(f"Q{number}" for number in range(9301, 9331))
"""Countries that there are not, for people who say another one."""

Record = dict[str, Any]


@dataclass(frozen=True)
class Release:
    """What the registry published at once, by the organisations' short ids."""

    name: str
    records: Mapping[str, Record]


def releases(folder: Path = RELEASES) -> list[Release]:
    """All releases, in their order. Raises SystemExit where they are not there."""
    paths = sorted(folder.glob("v*.jsonl.gz"), key=_version)
    if not paths:
        raise SystemExit(f"The registry's releases are not beside the project ({folder.name}).")
    return [Release(path.name.removesuffix(".jsonl.gz"), dict(_read(path))) for path in paths]


def rules() -> Rules:
    """What the judge has to know of this wiki."""
    return Rules(
        ours=frozenset({people.BOT}),
        identifier=IDENTIFIER,
        single=frozenset({INCEPTION, COUNTRY, DISSOLVED, "P159", "P625"}),
        cites=frozenset({values.STATED_IN, IDENTIFIER}),
        spelling={ISNI: lambda text: text.replace(" ", "")},
    )


def another(property_id: str, rng: Random) -> Json:
    """A value that nobody else says."""
    text = {
        INCEPTION: str(rng.randrange(1400, 1700)),
        WEBSITE: f"https://people.example/{rng.randrange(10**6)}",
        COUNTRY: rng.choice(_ELSEWHERE),
    }.get(property_id, f"X-{rng.randrange(10**9)}")
    return values.snak(property_id, text, DATATYPES[property_id])


def says(record: Record) -> Iterator[tuple[str, list[Json], list[Json]]]:
    """What a record says of a few properties, as people may say it before the bot does."""
    sites = [each["value"] for each in record["links"] if each["type"] == "website"]
    told = {
        INCEPTION: [str(record["established"])] if record["established"] else [],
        WEBSITE: sites,
        GRID: _identifiers(record, "grid")[:1],
    }
    for property_id, texts in told.items():
        kind = DATATYPES[property_id]
        yield property_id, [values.snak(property_id, text, kind) for text in texts], []


def aliases(record: Record) -> list[str]:
    return [each["value"] for each in record["names"] if each["types"] == ["alias"]]


ORGANISATIONS = Subject(
    identifier=IDENTIFIER,
    ours=_OURS,
    single=(INCEPTION, COUNTRY),
    dated=(INCEPTION,),
    qualified={},
    datasets=(values.DATASET,),
    another=another,
    says=says,
    aliases=aliases,
)


def scene_of(wikibase: Wikibase, published: Iterable[Release], seed: int) -> Scene:
    """A wiki with an item for most of the organisations for which the registry names one."""
    clock, rng = Clock(), Random(seed)
    wikibase.state.now = clock.tick
    wikibase.settings.cirrus_search = True
    with wikibase.state.transaction():
        _seed(wikibase, published, rng)
    scene = Scene(wikibase, clock, rng, subject=ORGANISATIONS)
    scene.people |= people_of(wikibase)
    return scene


def name_of(record: Record) -> str:
    """The name that the registry shows."""
    return next(each["value"] for each in record["names"] if "ror_display" in each["types"])


def seed_known(wikibase: Wikibase, distinct: Collection[str] = ()) -> set[str]:
    """Put on a wiki the properties and all items that the mapping itself knows; those items.

    `distinct`: properties of which the wiki says that a value stands on one item alone.
    """
    for property_id, datatype in DATATYPES.items():
        seeded = {"type": "property", "id": property_id, "datatype": datatype}
        if property_id in distinct:
            said = values.snak(CONSTRAINT, DISTINCT, "wikibase-item")
            seeded["claims"] = {CONSTRAINT: [values.statement(said, of=property_id)]}
        wikibase.state.seed(seeded)
    known = {*_tables(), *_ELSEWHERE, values.DATASET, values.NEWSPAPER, values.DEPARTMENT}
    for item in sorted(known):
        wikibase.state.seed({"type": "item", "id": item})
    return known


def item_named(record: Record) -> str:
    """The item that a record names, of several the one that it prefers or the first; or ""."""
    return next(iter(_identifiers(record, "wikidata")), "")


def _seed(wikibase: Wikibase, published: Iterable[Release], rng: Random) -> None:
    taken = seed_known(wikibase)
    seen: set[str] = set()
    for release in published:
        for key, record in release.records.items():
            item = item_named(record)
            if key not in seen and item and item not in taken:
                wikibase.state.seed(_item(item, key, record, rng))
                taken.add(item)
            seen.add(key)


def _item(item: str, key: str, record: Record, rng: Random) -> Json:
    """An item as people had it: most with the ROR id, some with statements of their own."""
    claims: dict[str, list[Json]] = {}
    if rng.random() < 0.8:
        known = ORGANISATIONS.identified(key)
        claims[IDENTIFIER] = [values.statement(known, of=item)]
    for property_id, snaks, _ in says(record):
        chance = rng.random()
        if snaks and chance < 0.3:
            cited = [values.cutting(rng)] if rng.random() < 0.5 else []
            said = snaks[0] if chance < 0.2 else another(property_id, rng)
            rank = "deprecated" if chance < 0.02 else "normal"
            claims[property_id] = [values.statement(said, cited, rank=rank, of=item)]
    labels = {"en": values.term("en", name_of(record)[:200])}
    return {"type": "item", "id": item, "claims": claims, "labels": labels}


def _identifiers(record: Record, kind: str) -> list[str]:
    found = [
        each["preferred"] or each["all"][0]
        for each in record["external_ids"]
        if each["type"] == kind and each["all"]
    ]
    return [text.strip() for text in found]


def _tables() -> set[str]:
    """Every item that the mapping itself and its tables name."""
    found = set(re.findall(r"\bQ[1-9]\d*", MAPPING.read_text(encoding="utf-8")))
    for path in TABLES.glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                found.update(re.findall(r"\bQ[1-9]\d*", row.get("item") or ""))
    return found


def _read(path: Path) -> Iterator[tuple[str, Record]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            record: Record = json.loads(line)
            yield record["id"].rpartition("/")[2], record


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", path.name))
