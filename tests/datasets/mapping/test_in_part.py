"""Several values of which some fail: what can be told of the others is, where that is safe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bots.core.merge.facts import UNKNOWN
from bots.datasets.facts import Record
from tests.datasets.mapping.scene import mapper, record

HEAD = """\
title: T
partner: P
site: wikidata
source: {package: p.json, kind: full, key: id}
match: {property: P1, field: id}
statements:
"""
TABLES = "tables: {kinds: {a: Q1, b: Q2, both: [Q1, Q2]}, ways: {x: Q8, y: Q9}}\n"


def told(tmp_path: Path, statement: str, item_of: Any = None, **values: Any) -> tuple[Any, bool]:
    """The values of P2 that can be told, and whether there are more."""
    text = HEAD + f"  - {statement}\n" + TABLES
    more = {"item_of": item_of} if item_of else {}
    of = record(mapper(tmp_path, text, **more), {"id": "1", **values}, key="1")
    saids = [each for each in of.statements if each.rule.property == "P2"]
    in_doubt = any(each.values is UNKNOWN for each in saids)
    assert in_doubt == bool(of.faults)
    return sorted(_values(of)), in_doubt


def _values(of: Record) -> list[str]:
    return [
        str(getattr(statement.mainsnak.value, "id", ""))
        + "".join(f" {getattr(each.value, 'id', '')}" for each in statement.qualifiers)
        for said in of.statements
        if isinstance(said.values, tuple)
        for statement in said.values
    ]


MANY = "{property: P2, field: k, table: kinds, many: true}"


def test_a_value_that_a_table_does_not_hold_leaves_the_others(tmp_path: Path) -> None:
    assert told(tmp_path, MANY, k=["a", "other", "b"]) == (["Q1", "Q2"], True)
    assert told(tmp_path, MANY, k=["a", "b"]) == (["Q1", "Q2"], False)
    assert told(tmp_path, MANY, k=["other"]) == ([], True)


def test_a_record_without_an_item_leaves_the_others_and_each_is_asked_for_once(
    tmp_path: Path,
) -> None:
    asked: list[str] = []

    def item_of(dataset: str, key: str) -> str | None:
        asked.append(f"{dataset} {key}")
        return {"a": "Q1"}.get(key)

    statement = "{property: P2, field: k, record_of: others, many: true}"
    assert told(tmp_path, statement, item_of, k=["a", "b", "a"]) == (["Q1"], True)
    assert asked == ["others a", "others b"]


def test_a_record_tells_which_others_it_names(tmp_path: Path) -> None:
    text = HEAD + "  - {property: P2, field: k, record_of: others, many: true}\n"
    made = mapper(tmp_path, text, item_of=lambda _dataset, key: {"a": "Q1"}.get(key))
    links = record(made, {"id": "1", "k": ["a", "b"]}).links
    assert links == (("others", "a", "Q1"), ("others", "b", ""))
    assert record(made, {"id": "2", "k": None}).links == ()
    assert (
        record(mapper(tmp_path, HEAD + f"  - {MANY}\n" + TABLES), {"id": "1", "k": "a"}).links
        is None
    )


def test_after_a_step_on_all_values_nothing_is_told(tmp_path: Path) -> None:
    """The only one that can be told is not the only one."""
    statement = (
        "{property: P2, field: k, datatype: wikibase-item, transform: [wikidata-id, only],"
        " many: true}"
    )
    assert told(tmp_path, statement, k=["Q1", "no id"]) == ([], True)


def test_of_one_value_none_is_told_when_another_fails(tmp_path: Path) -> None:
    statement = "{property: P2, field: k, table: kinds}"
    assert told(tmp_path, statement, k=["a", "other"]) == ([], True)


EACH = (
    "{property: P2, each: l, field: k, table: kinds, many: true, qualifiers:"
    " [{property: P3, field: w, table: ways, many: true}]}"
)


def test_a_qualifier_that_fails_takes_its_value_and_leaves_the_others(tmp_path: Path) -> None:
    rows = [{"k": "a", "w": "x"}, {"k": "b", "w": "none"}]
    assert told(tmp_path, EACH, l=rows) == (["Q1 Q8"], True)


@pytest.mark.parametrize("turn", [1, -1])
def test_a_value_that_is_said_twice_and_once_in_doubt_is_in_doubt(
    tmp_path: Path, turn: int
) -> None:
    """Else its qualifier would look as if the source said it no more."""
    rows = [{"k": "a", "w": "x"}, {"k": "a", "w": "none"}, {"k": "b", "w": "y"}][::turn]
    assert told(tmp_path, EACH, l=rows) == (["Q2 Q9"], True)


def test_of_several_entries_one_may_fail(tmp_path: Path) -> None:
    second = "{property: P2, field: m, table: kinds, many: true}"
    assert told(tmp_path, f"{MANY}\n  - {second}", k="a", m="other") == (["Q1"], True)
    assert told(tmp_path, f"{MANY}\n  - {second}", k="a") == (["Q1"], True), "no field m"
