"""The schema for editors and docs/mapping.md are what the mapping's model is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from bots.core.wikibase.equality import NORMALISERS
from bots.datasets.mapping import schema_json
from bots.datasets.mapping.document import key_tables, transform_table
from bots.datasets.mapping.parts import Datatype
from tests.datasets.mapping.scene import MUSEUMS, loaded
from tests.datasets.mapping.test_shapes import GENES, ORGANISATIONS

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "mapping.md"
SCHEMA = ROOT / "config" / "datasets" / "schema.json"


def region(name: str) -> str:
    text = DOCUMENT.read_text(encoding="utf-8")
    return text.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0]


def test_the_schema_is_that_of_the_model() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_json(), (
        "write schema_json() to config/datasets/schema.json"
    )


@pytest.mark.parametrize("text", [MUSEUMS, GENES, ORGANISATIONS])
def test_an_editor_takes_what_the_model_takes(text: str) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []


@pytest.mark.parametrize(
    "change",
    [
        ("title:", "titel:"),
        ("{split:", "{splitt:"),
        ("lower]", "lowered]"),
        ("datatype: time", "datatype: date"),
        ("[no-spaces]", "[no-space]"),
        ("P248", "248"),
        ("kind: full", "kind: some"),
        ("Q7075", "[7075]"),
    ],
)
def test_an_editor_marks_what_the_model_refuses(change: tuple[str, str]) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert not validator.is_valid(yaml.safe_load(MUSEUMS.replace(*change, 1)))


def test_the_documents_tables_are_those_of_the_model() -> None:
    assert region("transforms") == transform_table(), "put transform_table() into docs/mapping.md"
    assert region("keys") == key_tables(), "put key_tables() into docs/mapping.md"


def test_the_documents_example_can_be_loaded(tmp_path: Path) -> None:
    found = re.search(r"```yaml\n(.*?)```", region("example"), re.S)
    assert found is not None
    assert loaded(tmp_path, found[1]).title == "Museums of Example"


def test_every_equivalence_and_datatype_is_in_the_document() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    told = text.partition("## Equivalences")[2].partition("## ")[0]
    assert {name for name in NORMALISERS if f"`{name}`" in told} == NORMALISERS.keys()
    made = text.partition("| datatype |")[2].partition("\n\n")[0]
    assert all(f"`{name}`" in made for name in Datatype.__args__)  # type: ignore[attr-defined]
