"""Values are those of the Table Schema, or a fault with record, row and column."""

from __future__ import annotations

import json
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bots.datasets.facts import Fault, Row
from tests.datasets.source.parts import keys, lines, opened, packed, tabular, words


def _value(tmp_path: Path, field: dict[str, Any], cell: Any, **schema: Any) -> Any:
    """What a field makes of a cell: of a text in CSV, of anything else in JSON."""
    fields = [{"name": "id", "type": "string"}, {"name": "v", **field}]
    format = "csv" if isinstance(cell, str) else "jsonl"
    records = [{"id": "A1", "v": cell}]
    data = tabular(records) if format == "csv" else lines(records)
    described = {"fields": fields, "primaryKey": "id", **schema}
    source = opened(packed(tmp_path, f"m.{format}", data, schema=described))
    (row,) = source.rows()
    assert isinstance(row, Row)
    values = source.values(row)
    if isinstance(values, dict):
        return values["v"]
    (fault,) = values
    assert (fault.key, fault.row, fault.column) == ("A1", 1, "v")
    assert "Row 1" in words(fault)
    return keys([fault])[0]


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ({"type": "string"}, "a", "a"),
        ({"type": "string"}, "", None),
        ({"type": "string"}, 5, "type"),
        ({"type": "integer"}, "1850", 1850),
        ({"type": "integer"}, " 1850 ", 1850),
        ({"type": "integer"}, "1_850", "type"),
        ({"type": "integer"}, "1850.5", "type"),
        ({"type": "integer"}, "9" * 5000, "type"),
        ({"type": "integer"}, 1850, 1850),
        ({"type": "integer"}, True, "type"),
        ({"type": "integer", "constraints": {"maximum": 9}}, "10", "constraint"),
        ({"type": "integer", "constraints": {"required": True}}, "", "required"),
        ({"type": "number"}, "1.90e-9", Decimal("1.90e-9")),
        ({"type": "number"}, "NaN", "type"),
        ({"type": "number"}, "-Infinity", "type"),
        ({"type": "number", "decimalChar": ",", "groupChar": " "}, "1 234,5", Decimal("1234.5")),
        ({"type": "number", "groupChar": ","}, "1,234,567.8", Decimal("1234567.8")),
        ({"type": "number", "groupChar": ","}, "1,5", "type"),
        ({"type": "number", "groupChar": ","}, "1.234,567", "type"),
        ({"type": "number", "groupChar": "."}, "1.5", "type"),
        ({"type": "number", "groupChar": " "}, "1234 567", "type"),
        ({"type": "number", "constraints": {"minimum": "0.1"}}, "0.05", "constraint"),
        ({"type": "boolean", "trueValues": ["ja"], "falseValues": ["nej"]}, "ja", True),
        ({"type": "date"}, "1850-02-30", "type"),
        ({"type": "date"}, "1850-02-03", date(1850, 2, 3)),
        ({"type": "date", "format": "%d/%m/%Y"}, "03/02/1850", date(1850, 2, 3)),
        ({"type": "year"}, "1850", 1850),
        ({"type": "year"}, "185O", "type"),
        ({"type": "string", "format": "email"}, "nobody", "type"),
        ({"type": "string", "constraints": {"enum": ["a", "b"]}}, "c", "constraint"),
        ({"type": "string", "constraints": {"pattern": "a|b"}}, "a", "a"),
        ({"type": "string", "constraints": {"pattern": "a|b"}}, "ac", "constraint"),
        ({"type": "string", "constraints": {"pattern": "a|b"}}, "cb", "constraint"),
        ({"type": "string", "constraints": {"minLength": 3}}, "ab", "constraint"),
        ({"type": "array"}, ["a", {"b": None}], ["a", {"b": None}]),
        ({"type": "array"}, "[1, 2]", [1, 2]),
        ({"type": "array"}, "[52.070, 1e400]", [Decimal("52.070"), Decimal("1e400")]),
        ({"type": "array"}, {"a": 1}, "type"),
        ({"type": "array"}, json.loads("[" * 150 + "]" * 150), "nested-deep"),
        ({"type": "array", "arrayItem": {"type": "date"}}, ["2020-01-02"], [date(2020, 1, 2)]),
        ({"type": "array", "arrayItem": {"type": "date"}}, ["2020"], "constraint_or_type"),
        ({"type": "object"}, {"a": [1]}, {"a": [1]}),
        ({"type": "object"}, "{", "type"),
        ({"type": "object"}, '{"a": 1, "a": 2}', "type"),
        ({"type": "any"}, "x", "x"),
        ({"type": "any"}, "=1+1", "formula"),
        ({"type": "any"}, "=" * 3, "==="),
    ],
)
def test_a_cell_is_a_value_of_its_type_or_a_fault(
    field: dict[str, Any], cell: Any, value: Any, tmp_path: Path
) -> None:
    found = _value(tmp_path, field, cell)
    if value == "constraint_or_type":
        assert found in ("constraint", "type")
    else:
        assert (found, type(found)) == (value, type(value))


def test_missing_values_are_none_and_no_key(tmp_path: Path) -> None:
    missing = ["", "n/a", "-"]
    assert _value(tmp_path, {"type": "integer"}, "n/a", missingValues=missing) is None
    assert _value(tmp_path, {"type": "integer", "missingValues": ["?"]}, "?") is None
    schema = {"fields": [{"name": "id"}], "primaryKey": "id", "missingValues": missing}
    source = opened(packed(tmp_path, "m.csv", b"id\nA1\nn/a\n-\n", schema=schema))
    found = list(source.rows())
    assert keys([f for f in found if isinstance(f, Fault)]) == ["key-empty", "key-empty"]


def test_what_is_no_json_number_is_no_value(tmp_path: Path) -> None:
    fields = [{"name": "id"}, {"name": "n", "type": "number"}, {"name": "s", "type": "string"}]
    schema = {"fields": fields, "primaryKey": "id"}
    data = b'{"id": "A", "n": NaN, "s": NaN}\n{"id": "B", "n": -Infinity, "s": "x"}\n'
    found = opened(packed(tmp_path, "m.jsonl", data, schema=schema)).check()
    assert [(f.key, f.column) for f in found] == [("A", "n"), ("A", "s"), ("B", "n")]


def test_all_that_is_wrong_in_a_record_is_told_at_once(tmp_path: Path) -> None:
    fields = [{"name": "id"}, *({"name": n, "type": "integer"} for n in "abc")]
    schema = {"fields": fields, "primaryKey": "id"}
    source = opened(packed(tmp_path, "m.csv", b"id,a,b,c\nA1,x,1,y\n", schema=schema))
    (row,) = source.rows()
    assert isinstance(row, Row)
    values = source.values(row)
    assert isinstance(values, list)
    assert [fault.column for fault in values] == ["a", "c"]


def test_values_can_be_asked_for_again(tmp_path: Path) -> None:
    field = {"name": "v", "type": "array", "arrayItem": {"type": "date"}}
    schema = {"fields": [{"name": "id"}, field], "primaryKey": "id"}
    data = json.dumps([{"id": "A", "v": ["2020-01-02"]}]).encode()
    source = opened(packed(tmp_path, "m.json", data, schema=schema))
    (row,) = source.rows()
    assert isinstance(row, Row)
    assert source.values(row) == source.values(row) == {"id": "A", "v": [date(2020, 1, 2)]}
    assert row.cells["v"] == ["2020-01-02"]


def test_a_pattern_made_to_take_for_ever_does_not(tmp_path: Path) -> None:
    field = {"type": "string", "constraints": {"pattern": "(a+)+$"}}
    start = time.monotonic()
    assert _value(tmp_path, field, "a" * 5000 + "!") == "constraint"
    assert time.monotonic() - start < 5
