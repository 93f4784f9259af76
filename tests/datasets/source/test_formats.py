"""Every format in every packing tells the same records."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bots.datasets.facts import Row
from bots.datasets.source import Source
from tests.datasets.source.parts import (
    FIELDS,
    RECORDS,
    described,
    described_in,
    keys,
    lines,
    opened,
    packed,
    read,
    refused,
    tabular,
    zipped,
)

FORMATS: dict[str, tuple[bytes, dict[str, Any]]] = {
    "csv": (tabular(RECORDS), {}),
    "tsv": (tabular(RECORDS, "\t"), {}),
    "json": (json.dumps(RECORDS, indent=1).encode(), {}),
    "jsonl": (lines(RECORDS), {}),
    "deep.json": (
        json.dumps({"n": [{"item": 5}], "answer": {"items": RECORDS}, "more": 1}).encode(),
        {"dialect": {"property": "answer.items"}},
    ),
    "semicolon.csv": (tabular(RECORDS, ";"), {"dialect": {"csv": {"delimiter": ";"}}}),
    "bare.csv": (tabular(RECORDS).split(b"\n", 1)[1], {"dialect": {"header": False}}),
    "latin.csv": (tabular(RECORDS).decode().encode("latin-1"), {"encoding": "iso-8859-1"}),
    "utf16.csv": (tabular(RECORDS).decode().encode("utf-16"), {"encoding": "utf-16"}),
    "utf16.json": (
        json.dumps(RECORDS, ensure_ascii=False).encode("utf-16"),
        {"encoding": "utf-16"},
    ),
    "bom.csv": (b"\xef\xbb\xbf" + tabular(RECORDS), {}),
    "bom.json": (b"\xef\xbb\xbf" + json.dumps(RECORDS).encode(), {}),
    "windows.csv": (tabular([*RECORDS[:2], RECORDS[2]]).replace(b"9\n", b"9\r\n"), {}),
}


def _values(source: Source) -> list[Any]:
    return [source.values(row) for row in source.rows() if isinstance(row, Row)]


@pytest.mark.parametrize("packing", ["", ".gz", ".zip"])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_the_same_records_plain_gzipped_and_zipped(
    name: str, packing: str, tmp_path: Path
) -> None:
    data, resource = FORMATS[name]
    pack = {"": bytes, ".gz": gzip.compress, ".zip": lambda data: zipped({name: data})}[packing]
    rows, faults, source = read(packed(tmp_path, f"m.{name}{packing}", pack(data), **resource))
    assert (faults, source.faults, source.whole) == ([], [], True)
    assert [(row.number, row.key) for row in rows] == [(1, "A1"), (2, "A2"), (3, "A3")]
    assert [source.values(row) for row in rows] == RECORDS


def test_a_record_keeps_its_digest_until_something_in_it_changes(tmp_path: Path) -> None:
    first = read(packed(tmp_path / "a", "m.csv", tabular(RECORDS)))[0]
    changed = [dict(RECORDS[0]), {**RECORDS[1], "founded": 1900}, RECORDS[2]]
    second = read(packed(tmp_path / "b", "m.csv", tabular(changed)))[0]
    assert [a.digest == b.digest for a, b in zip(first, second, strict=True)] == [True, False, True]
    assert all(len(row.digest) == 32 for row in first)


def test_columns_in_another_order_change_no_record(tmp_path: Path) -> None:
    turned = [dict(reversed(each.items())) for each in RECORDS]
    rows, _faults, source = read(packed(tmp_path / "a", "m.csv", tabular(RECORDS)))
    others, _faults, other = read(packed(tmp_path / "b", "m.csv", tabular(turned)))
    assert [row.digest for row in rows] == [row.digest for row in others]
    assert _values(source) == _values(other)


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_what_is_shared_out_among_cells_otherwise_has_another_digest(
    format: str, tmp_path: Path
) -> None:
    records = [{"id": "A", "name": "a", "note": ""}, {"id": "B", "name": "", "note": "a"}]
    fields = [{"name": name, "type": "string"} for name in ("id", "name", "note")]
    data = tabular(records) if format == "csv" else lines(records)
    data = data.replace(b"B", b"A")
    rows = [
        read(
            packed(
                tmp_path / str(n),
                f"m.{format}",
                data.splitlines()[0] + b"\n" + line if format == "csv" else line,
                schema={"fields": fields, "primaryKey": "id"},
            )
        )[0][0]
        for n, line in enumerate(data.splitlines()[-2:])
    ]
    assert rows[0].key == rows[1].key
    assert rows[0].digest != rows[1].digest


def test_a_number_and_the_text_with_its_digits_are_not_the_same(tmp_path: Path) -> None:
    digests = set()
    for n, value in enumerate(("1.5", '"1.5"', "1.50", "15", "null", '""')):
        schema = {"fields": [{"name": "id"}, {"name": "v", "type": "any"}], "primaryKey": "id"}
        data = f'[{{"id": "A", "v": {value}}}]'.encode()
        digests.add(read(packed(tmp_path / str(n), "m.json", data, schema=schema))[0][0].digest)
    assert len(digests) == 6


def test_another_type_in_the_schema_makes_all_records_new(tmp_path: Path) -> None:
    was = read(packed(tmp_path / "a", "m.csv", tabular(RECORDS)))[0]
    fields = [*FIELDS[:2], {"name": "founded", "type": "year"}]
    told = [*FIELDS[:2], {**FIELDS[2], "title": "Founded in"}]
    schema = {"fields": fields, "primaryKey": "id"}
    now = read(packed(tmp_path / "b", "m.csv", tabular(RECORDS), schema=schema))[0]
    schema = {"fields": told, "primaryKey": "id"}
    same = read(packed(tmp_path / "c", "m.csv", tabular(RECORDS), schema=schema))[0]
    assert was[0].digest != now[0].digest
    assert was[0].digest == same[0].digest


def test_numbers_and_nested_values_of_json_stay_exact(tmp_path: Path) -> None:
    schema = {
        "primaryKey": "id",
        "fields": [
            {"name": "id", "type": "integer"},
            {"name": "big", "type": "integer"},
            {"name": "mass", "type": "number"},
            {"name": "names", "type": "array"},
            {"name": "place", "type": "object"},
            {"name": "any", "type": "any"},
        ],
    }
    record = (
        '{"id": 7, "big": 123456789012345678901, "mass": 1.90e-9, "names": [{"v": ["x"]}],'
        ' "place": {"lat": 52.0}, "any": [1, null]}'
    )
    for format, data in (("json", f"[{record}]"), ("jsonl", record)):
        rows, _faults, source = read(
            packed(tmp_path / format, f"m.{format}", data.encode(), schema=schema)
        )
        assert rows[0].key == "7"
        assert source.values(rows[0]) == {
            "id": 7,
            "big": 123456789012345678901,
            "mass": Decimal("1.90e-9"),
            "names": [{"v": ["x"]}],
            "place": {"lat": Decimal("52.0")},
            "any": [1, None],
        }


def test_a_key_of_two_fields_can_be_read_in_one_way_only(tmp_path: Path) -> None:
    records = [{"id": "a|b", "name": "c", "founded": 1}, {"id": "a", "name": "b|c", "founded": 1}]
    rows, faults, _source = read(packed(tmp_path, "m.csv", tabular(records)), key=["id", "name"])
    assert faults == []
    assert [row.key for row in rows] == ["a\\|b|c", "a|b\\|c"]


def test_rows_can_be_read_again_and_again_and_left_in_the_middle(tmp_path: Path) -> None:
    source = opened(packed(tmp_path, "m.csv", tabular(RECORDS)))
    begun = source.rows()
    first = next(begun)
    begun.close()  # type: ignore[attr-defined]
    assert next(source.rows()) == first
    assert not source.whole, "nobody has seen the end"
    assert list(source.rows()) == list(source.rows())
    assert source.whole


def test_a_delta_may_be_without_records_and_a_full_source_may_not(tmp_path: Path) -> None:
    for name, data in (("m.csv", b"id,name,founded\n"), ("m.json", b"[]"), ("m.jsonl", b"\n")):
        package = packed(tmp_path / name, name, data)
        assert keys(refused(package)) == ["no-records"]
        assert read(package, kind="delta")[:2] == ([], [])


def test_the_schema_and_dialect_may_lie_in_files_of_the_packages_folder(tmp_path: Path) -> None:
    descriptor = described("m.csv", schema="schema.json", dialect="dialect.json")
    (tmp_path / "m.csv").write_bytes(tabular(RECORDS, ";"))
    (tmp_path / "schema.json").write_text(json.dumps({"fields": FIELDS, "primaryKey": ["id"]}))
    (tmp_path / "dialect.json").write_text('{"delimiter": ";"}')
    assert len(read(described_in(tmp_path, descriptor))[0]) == 3


ROR = Path(__file__).resolve().parents[4] / "shared" / "data" / "ror"


@pytest.mark.skipif(not ROR.is_dir(), reason="the shared data are not here")
def test_a_release_of_ror_is_read_without_a_fault(tmp_path: Path) -> None:
    fields = [
        {"name": "id", "type": "string", "format": "uri"},
        {"name": "names", "type": "array"},
        {"name": "established", "type": "integer"},
        {"name": "locations", "type": "array"},
        {"name": "admin", "type": "object"},
    ]
    package = packed(
        tmp_path,
        "ror.jsonl.gz",
        (ROR / "v2.6.jsonl.gz").read_bytes(),
        schema={"fields": fields, "primaryKey": "id"},
    )
    rows, faults, source = read(package)
    assert (len(rows), faults, source.whole) == (1203, [], True)
    assert source.check() == []
    assert {"types", "links"} <= {each.column for each in source.faults}
