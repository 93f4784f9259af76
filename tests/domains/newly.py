"""`hubbot dataset new` in this process, and the mapping that it writes."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from rich.console import Console

from bots.core.config import ConfigError, load_hub
from bots.datasets.beginning.asking import new_dataset
from bots.datasets.mapping import load_dataset
from bots.datasets.source import SourceError
from bots.house import House
from bots.terminal import Printer
from tests.domains.hub import messages

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "config" / "datasets" / "schema.json"
HUB = {
    "account": "HubBot",
    "operator": "Coordinator",
    "contact": "https://hub.example",
    "hub": "meta",
    "sites": {
        "meta": {"family": "meta", "code": "meta"},
        "wikidata": {"family": "wikidata", "code": "wikidata"},
    },
}


@dataclass(frozen=True)
class Told:
    """What the command printed, and what it ended with, if that was an error."""

    output: str
    error: str = ""


def new(
    place: Path, file: Path, name: str | None = None, *, asks: bool = False, **answers: str
) -> Told:
    """`hubbot dataset new FILE`, in this process; `c_NAME` answers about a column."""
    said = io.StringIO()
    printer = Printer(messages(), Console(file=said, highlight=False, soft_wrap=True))
    house = House(load_hub(place / "hub.yaml"), messages(), printer)
    site = answers.pop("site", None)
    given = {
        f"column {key[2:]}" if key.startswith("c_") else key.replace("_", "-"): answer
        for key, answer in answers.items()
    }
    try:
        new_dataset(file, name, site, given, house, asks=asks)
    except ConfigError as error:
        return Told(said.getvalue(), str(error))
    except SourceError as error:
        return Told(said.getvalue(), "\n".join(printer.say(f.message) for f in error.faults))
    return Told(said.getvalue())


def mapping(place: Path, name: str) -> Any:
    """The mapping as it is written, once it is known to be sound."""
    path = place / "datasets" / f"{name}.yaml"
    load_dataset(path, load_hub(place / "hub.yaml"))
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(found)] == []
    return found


def table(found: Any) -> dict[str, Any]:
    """Property → its entry without the property."""
    return {
        each["property"]: {name: held for name, held in each.items() if name != "property"}
        for each in found["statements"]
    }
