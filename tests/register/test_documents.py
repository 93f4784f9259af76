"""docs/records.md says what config/records/KIND.yaml may hold, neither more nor less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from bots.core.register.kinds import FieldConfig, KindConfig, PageConfig, Type, load_kinds
from bots.core.register.query import parse_where
from bots.register.lists.calls import OPTIONS
from webservice.asked import OWN

_FOLDER = Path(__file__).parents[2] / "docs"
DOCS = (_FOLDER / "records.md").read_text(encoding="utf-8")
REGISTER = (_FOLDER / "register.md").read_text(encoding="utf-8")


def named(heading: str, document: str = DOCS) -> set[str]:
    """What stands in the first column of the tables below a heading."""
    section = document.partition(f"\n{heading}\n")[2].partition("\n##")[0]
    first = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    return {name for cell in first for name in re.findall(r"`([^`]*)`", cell)}


@pytest.mark.parametrize(
    ("heading", "model"),
    [("### The kind", KindConfig), ("### A field", FieldConfig), ("### A page", PageConfig)],
)
def test_every_key_is_explained(heading: str, model: type[BaseModel]) -> None:
    assert named(heading) == set(model.model_fields) - {"name"}


def test_all_that_a_list_can_be_given_is_explained() -> None:
    assert named("### Put a list on a page", REGISTER) == set(OPTIONS)


def test_all_that_programs_may_ask_is_explained() -> None:
    addresses = {"/api/v1/records", "/api/v1/records/ID"}
    assert named("### By programs", REGISTER) == {*addresses, *OWN}


def test_every_condition_in_the_documents_can_be_asked() -> None:
    section = REGISTER.partition("### Conditions")[2].partition("\n##")[0]
    conditions = re.findall(r"^\| `([^`]*)` \|", section, re.MULTILINE)
    assert len(conditions) == 7
    fields = load_kinds(_FOLDER.parent / "config" / "records")["partner"].fields
    for each in conditions:
        assert parse_where(each, fields, lambda _field, word: word), each


def test_every_type_is_explained() -> None:
    assert named("## Types") == set(Type)
