"""The datasets of genes and proteins as they ship, on a hub of a test's own and by themselves."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from bots.core.config import load_hub
from bots.core.wikibase.model import EntityId, Snak, Statement, Text, Value
from bots.datasets.facts import Record, Row
from bots.datasets.mapping import Dataset, load_dataset
from bots.datasets.records import Mapper
from sandbox.domains import items as items_of
from sandbox.domains import properties
from tests.domains.hub import Hub

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
DATASETS = ROOT / "config" / "datasets"
TODAY = date(2026, 11, 21)

_KEYS = ("entrezgene", "Entry", "DB_Object_ID")
GENES, PROTEINS, FUNCTIONS = "human-genes", "human-proteins", "human-proteins-go"


@cache
def mapping(name: str) -> Dataset:
    """A mapping as it ships."""
    return load_dataset(DATASETS / f"{name}.yaml", load_hub(ROOT / "config" / "hub.yaml"))


@cache
def fields(name: str) -> tuple[str, ...]:
    """The fields of the mapping's source."""
    if name == FUNCTIONS:
        return ("DB_Object_ID", "annotations")
    package = DATASETS / "samples" / name
    schema = json.loads((package / "schema.json").read_text(encoding="utf-8"))
    return tuple(each["name"] for each in schema["fields"])


def record_of(
    name: str,
    values: Mapping[str, Any],
    item_of: Callable[[str, str], str | None] = lambda _dataset, _key: None,
    dataset: Dataset | None = None,
) -> Record:
    """What a record of the source says, by the mapping as it ships (or another)."""
    made = dataset or mapping(name)
    of = Mapper(made, made.numbers, TODAY, item_of=item_of)
    key = str(next(values[each] for each in _KEYS if each in values))
    return of.record(Row(1, key, "0" * 32, None), {n: values.get(n) for n in fields(name)})


def said(of: Record, property_id: str) -> list[Statement]:
    """All statements of a property that can be told."""
    return [
        statement
        for each in of.statements
        if each.rule.property == property_id and isinstance(each.values, tuple)
        for statement in each.values
    ]


def values(of: Record, property_id: str) -> list[str]:
    """The same's values, in few words."""
    return [word(each.mainsnak) for each in said(of, property_id)]


def words(snaks: Iterable[Snak]) -> dict[str, str]:
    """Qualifiers, or a reference, by property."""
    return {each.property: word(each) for each in snaks}


def word(snak: Snak) -> str:
    """A snak's value in few words: an id, a text, a day."""
    value: Value | None = snak.value
    if isinstance(value, EntityId):
        return value.id
    return value.text if isinstance(value, Text) else str(getattr(value, "time", value))


def set_up(hub: Hub, symbols: Sequence[str] = ()) -> Hub:
    """The datasets as they ship, with these genes of the sample (or all) and their proteins."""
    folder = hub.folder / "datasets"
    for name in (GENES, PROTEINS):
        shutil.copytree(DATASETS / "samples" / name, folder / "samples" / name)
        shutil.copy(DATASETS / f"{name}.yaml", folder)
    both = (mapping(GENES), mapping(PROTEINS))
    hub.properties(**dict(chain.from_iterable(map(properties, both))))
    for item in sorted(set(chain.from_iterable(map(items_of, both)))):
        hub.seed({"type": "item", "id": item})
    hub.approved = (GENES, PROTEINS)
    hub.write()
    if symbols:
        genes = [each for each in sample() if each["symbol"] in symbols]
        write_genes(hub, genes)
        wanted = {each["uniprot"]["Swiss-Prot"] for each in genes if "uniprot" in each}
        path = folder / "samples" / PROTEINS / "proteins.tsv"
        head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [row for row in rows if row.split("\t")[0] in wanted]
        path.write_text("".join([head, *kept]), encoding="utf-8")
    return hub


def sample() -> list[dict[str, Any]]:
    """The genes of the sample."""
    path = DATASETS / "samples" / GENES / "genes.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_genes(hub: Hub, genes: Sequence[Mapping[str, Any]]) -> None:
    """A release of the genes."""
    path = hub.folder / "datasets" / "samples" / GENES / "genes.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in genes), encoding="utf-8")
