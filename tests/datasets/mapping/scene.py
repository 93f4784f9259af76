"""A museum's mapping and what the tests do with mappings: write, load, and make a record."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bots.core.config import HubConfig, SiteNumbers
from bots.core.merge.facts import UNKNOWN
from bots.core.wikibase.model import Statement
from bots.datasets.facts import Record, Row
from bots.datasets.mapping import Dataset, load_dataset
from bots.datasets.records import WIKIDATA, Mapper

TODAY = date(2026, 11, 21)
HUB = HubConfig.model_validate(
    {
        "account": "HubBot",
        "operator": "Coordinator",
        "contact": "https://hub.example",
        "hub": "hub",
        "sites": {
            "hub": {"api": "https://hub.example/w/api.php"},
            "wikidata": {"family": "wikidata", "code": "wikidata"},
        },
    }
)

MUSEUMS = """\
title: Museums of Example
partner: Example Museums Authority
partner_accounts: [ExampleMuseums]
site: wikidata
source: {package: samples/museums/datapackage.json, kind: full, key: isil}
match: {property: P791, field: isil, equivalence: [no-spaces], pattern: "XE-[A-Z]{2,4}"}
create: {labels: [en]}
record_url: "https://museums.example/{isil}"
reference:
  - {property: P248, item: Q100}
  - {property: P791, field: isil}
  - {property: P854, record_url: true}
  - {property: P813, retrieved: true}
retrieved_days: 365
statements:
  - {property: P791, field: isil, datatype: external-id, equivalence: [no-spaces]}
  - {property: P31, field: kinds, transform: [{split: ";"}, lower], table: kinds, many: true}
  - {property: P571, field: founded, datatype: time, transform: [year]}
  - {property: P625, template: "{lat},{lon}", datatype: globe-coordinate, transform: [latlon]}
  - {property: P856, field: web, datatype: url, transform: [{url: https}], equivalence: [url]}
  - {property: P1448, field: name, datatype: monolingualtext, language: nl}
  - {property: P18, field: image, datatype: commonsMedia, transform: [commons-file]}
  - property: P1174
    field: visitors
    datatype: quantity
    transform: [{decimal: {point: ",", group: "."}}]
    plus_minus: {field: around}
    change: end-and-add
    qualifiers:
      - {property: P585, field: year, datatype: time, transform: [year], key: true}
      - {property: P459, field: method, datatype: wikibase-item, transform: [wikidata-id]}
terms:
  - {term: label, language: en, field: name}
  - {term: alias, language: en, field: acronyms, transform: [split]}
  - {term: description, language: en, template: "museum in {town}"}
tables:
  kinds: {museum: Q33506, library: Q7075, "art house": Q1 Q2, other: null}
"""

MUSEUM: dict[str, Any] = {
    "isil": "XE-AB",
    "kinds": "Museum;library; other",
    "founded": "1798",
    "lat": "52.0705",
    "lon": "4.3007",
    "web": "www.museum.example",
    "name": " Het Museum ",
    "image": "File:Het_museum.jpg",
    "visitors": "1.200.000",
    "around": None,
    "year": 2025,
    "method": "https://www.wikidata.org/wiki/Q791801",
    "acronyms": "HM;Het Museum;HM",
    "town": "The Hague",
}
"""A row of the museums' CSV, as its Table Schema gives it."""


def loaded(folder: Path, text: str = MUSEUMS, name: str = "museums") -> Dataset:
    """The mapping, written to a file and loaded."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return load_dataset(path, HUB)


def mapper(folder: Path, text: str = MUSEUMS, **more: Any) -> Mapper:
    """The mapping, ready to make records."""
    return Mapper(loaded(folder, text), more.pop("numbers", SiteNumbers()), TODAY, **more)


def record(made: Mapper, values: Mapping[str, Any], key: str = "XE-AB") -> Record:
    """What a row of these values says."""
    return made.record(Row(7, key, "0" * 32, None), values)


def said(of: Record, property_id: str) -> list[Statement]:
    """All statements of a property, of all its slots; none may be unknown."""
    found: list[Statement] = []
    for each in of.statements:
        if each.rule.property == property_id:
            assert isinstance(each.values, tuple), f"{property_id} is unknown"
            found += each.values
    return found


def is_unknown(of: Record, property_id: str) -> bool:
    """Whether what the record says of a property is unknown: nothing else is told of it."""
    told = [each for each in of.statements if each.rule.property == property_id]
    unknown = [each for each in told if each.values is UNKNOWN]
    return len(unknown) == len(told) == 1


def wrong(of: Record) -> list[tuple[str, str]]:
    """The record's faults: message and column."""
    return [(fault.message.key, fault.column) for fault in of.faults]


def one_field(folder: Path, concepts: str = WIKIDATA, **statement: Any) -> Callable[[Any], Record]:
    """A mapping of one field `x` to P1; gives what a record says whose x is a value."""
    told = {"property": "P1", **statement}
    if "table" not in told:
        told.setdefault("datatype", "string")
    if "path" not in told:
        told["field"] = "x"
    text = f"""\
title: One field
partner: Nobody
site: wikidata
source: {{package: p.json, kind: full}}
match: {{property: P2, field: id}}
statements: [{json.dumps(told)}]
tables: {{kinds: {{a: Q5}}}}
"""
    made = mapper(folder, text, concepts=concepts)
    return lambda value: record(made, {"id": "1", "x": value})
