"""docs/records.md says what config/records/KIND.yaml may hold, neither more nor less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from bots.core.register.kinds import FieldConfig, KindConfig, PageConfig, Type

DOCS = (Path(__file__).parents[2] / "docs" / "records.md").read_text(encoding="utf-8")


def named(heading: str) -> set[str]:
    """What stands in the first column of the table below a heading."""
    section = DOCS.partition(f"\n{heading}\n")[2].partition("\n##")[0]
    first = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    return {name for cell in first for name in re.findall(r"`([^`]*)`", cell)}


@pytest.mark.parametrize(
    ("heading", "model"),
    [("### The kind", KindConfig), ("### A field", FieldConfig), ("### A page", PageConfig)],
)
def test_every_key_is_explained(heading: str, model: type[BaseModel]) -> None:
    assert named(heading) == set(model.model_fields) - {"name"}


def test_every_type_is_explained() -> None:
    assert named("## Types") == set(Type)
