"""How many items with ten statements are merged in a second: from a row's values to the patch."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bench.life import values
from bots.core.config import HubConfig, SiteNumbers
from bots.core.wikibase.action_json import parse_entity
from bots.core.wikibase.model import Item
from bots.core.wikibase.patch import to_json_patch
from bots.datasets.engine.changes import About
from bots.datasets.engine.reconcile import Engine, OnWiki
from bots.datasets.facts import Row
from bots.datasets.mapping import load_dataset
from bots.datasets.records import Mapper

ITEMS = 2_000
_TODAY = date(2026, 1, 1)
_TEXTS = tuple(f"P{number}" for number in range(5001, 5005))
_DATES = tuple(f"P{number}" for number in range(5005, 5008))
_NUMBERS = tuple(f"P{number}" for number in range(5008, 5011))
_REFERENCE = [
    {"property": values.STATED_IN, "item": values.DATASET},
    {"property": values.IDENTIFIER, "field": "isil"},
]
MAPPING: dict[str, Any] = {
    "title": "Ten statements",
    "partner": "Example Museums",
    "site": "repo",
    "source": {"package": "data/datapackage.json", "kind": "full"},
    "match": {"property": values.IDENTIFIER, "field": "isil"},
    "reference": _REFERENCE,
    "statements": [
        *({"property": name, "field": name, "datatype": "string"} for name in _TEXTS),
        *(
            {"property": name, "field": name, "datatype": "time", "transform": ["year"]}
            for name in _DATES
        ),
        *({"property": name, "field": name, "datatype": "quantity"} for name in _NUMBERS),
    ],
}
_TYPES = {
    **dict.fromkeys(_TEXTS, "string"),
    **dict.fromkeys(_DATES, "time"),
    **dict.fromkeys(_NUMBERS, "quantity"),
}


def merged_per_second() -> float:
    """Items whose record changed in one of ten values; reading them is not counted."""
    mapper = _mapper()
    engine = Engine(mapper.rules, mapper.terms)
    cases = [_case(mapper, engine, number) for number in range(1, ITEMS + 1)]
    began = time.perf_counter()
    for number, (wiki, about) in enumerate(cases, 1):
        record = mapper.record(*_row(number, changed=True))
        found = engine.reconcile(record, wiki, about, _TODAY)
        if found.change is None or not to_json_patch(wiki.item, found.change.patch):
            raise SystemExit(f"{about.item} was to be changed")
    return ITEMS / (time.perf_counter() - began)


def _mapper() -> Mapper:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ten.yaml"
        path.write_text(yaml.safe_dump(MAPPING))
        hub = HubConfig.model_validate(
            {
                "account": "HubBot",
                "operator": "Coordinator",
                "contact": "https://hubbot.example/contact",
                "hub": "repo",
                "sites": {"repo": {"api": "http://127.0.0.1:1/w/api.php"}},
            }
        )
        return Mapper(load_dataset(path, hub), SiteNumbers(), _TODAY)


def _row(number: int, *, changed: bool = False) -> tuple[Row, dict[str, Any]]:
    cells: dict[str, Any] = {"isil": f"XX-{number:05}"}
    cells |= {name: f"text {number} of {name}" for name in _TEXTS}
    cells |= {name: str(1800 + number % 200) for name in _DATES}
    cells |= dict.fromkeys(_NUMBERS, number)
    if changed:
        cells[_TEXTS[0]] = f"another text {number}"
    return Row(number, cells["isil"], f"{number:032x}", list(cells.values())), cells


def _case(mapper: Mapper, engine: Engine, number: int) -> tuple[OnWiki, About]:
    """An item on which all ten statements stand as we left them."""
    row, cells = _row(number)
    about = About(row.key, f"Q{number}", "repo", "")
    first = engine.reconcile(mapper.record(row, cells), OnWiki(Item(), {}), about, _TODAY)
    cited = values.reference(**{values.STATED_IN: values.DATASET, values.IDENTIFIER: row.key})
    claims = {
        name: [values.statement(_snak(name, cells[name]), [cited], of=about.item)]
        for name in _TYPES
    }
    item = parse_entity(
        {
            "id": about.item,
            "type": "item",
            "lastrevid": number,
            "labels": {},
            "descriptions": {},
            "aliases": {},
            "sitelinks": {},
            "claims": claims,
        }
    )
    if not isinstance(item, Item):
        raise TypeError(item)
    return OnWiki(item, first.leaves), about


def _snak(name: str, cell: object) -> values.Json:
    return values.snak(name, str(cell), _TYPES[name])
