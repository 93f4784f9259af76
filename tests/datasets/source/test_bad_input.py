"""Bad files: each is a clear fault with record, row and column, and the good records are read."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bots.datasets.facts import Fault, Row
from bots.datasets.source import SourceLimits
from tests.datasets.source.parts import (
    FIELDS,
    RECORDS,
    keys,
    lines,
    many_museums_gzipped,
    museums,
    opened,
    packed,
    read,
    refused,
    tabular,
    words,
    zipped,
)

GOOD = b"id,name,founded\nA1,East,1850\nA2,North,1900\n"
SMALL = {"limits": {"cell_characters": 1000, "unpacked_mb": 20, "ratio": 100}}


def _found(tmp_path: Path, name: str, data: bytes, **config: object) -> tuple[list[str], Fault]:
    """The keys of the good records, and the one fault."""
    rows, faults, _source = read(packed(tmp_path, name, data), **config)
    (fault,) = faults
    return [row.key for row in rows], fault


# Files that break off


def test_a_gzip_that_breaks_off_gives_what_is_before_and_says_nothing_is_gone(
    tmp_path: Path,
) -> None:
    data = many_museums_gzipped()
    rows, faults, source = read(packed(tmp_path, "m.csv.gz", data[: len(data) // 2]))
    assert keys(faults) == ["broken"]
    assert 100 < len(rows) < 20_000
    assert rows[-1].key == f"A{len(rows) - 1}"
    assert faults[0].row == len(rows) + 1
    assert not source.whole


@pytest.mark.parametrize("packing", [gzip.compress, lambda data: zipped({"m.csv": data})])
def test_a_damaged_packed_file_is_refused_since_what_comes_out_may_look_like_data(
    packing: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    data = bytearray(packing(museums(20_000)))
    data[len(data) // 2] ^= 255
    assert keys(refused(packed(tmp_path, "m.csv", bytes(data)))) == ["unpack"]


def test_a_zip_that_breaks_off_is_refused(tmp_path: Path) -> None:
    data = zipped({"m.csv": GOOD})
    assert keys(refused(packed(tmp_path, "m.zip.csv", data[:-30]))) == ["unpack"]


def test_a_json_array_that_breaks_off_gives_what_is_before(tmp_path: Path) -> None:
    data = json.dumps([{"id": f"A{n}", "name": "x", "founded": 1} for n in range(9000)]).encode()
    rows, faults, source = read(packed(tmp_path, "m.json", data[: len(data) // 2]))
    assert keys(faults) == ["json"]
    assert rows
    assert faults[0].row == len(rows) + 1
    assert not source.whole


def test_what_follows_a_json_array_is_a_fault(tmp_path: Path) -> None:
    data = json.dumps(RECORDS).encode()
    rows, faults, source = read(packed(tmp_path, "m.json", data + b' {"id": "A4"}'))
    assert (len(rows), keys(faults), source.whole) == (3, ["json"], False)


def test_a_json_line_that_breaks_off_is_a_fault_and_the_others_are_read(tmp_path: Path) -> None:
    data = lines(RECORDS)
    rows, faults, source = read(packed(tmp_path, "m.jsonl", data[:-10]))
    assert ([row.key for row in rows], keys(faults)) == (["A1", "A2"], ["json-line"])
    assert faults[0].row == 3
    assert not source.whole


def test_a_csv_that_breaks_off_within_quotes_is_a_fault(tmp_path: Path) -> None:
    rows, fault = _found(tmp_path, "m.csv", GOOD + b'A3,"South')
    assert (rows, keys([fault]), fault.row) == (["A1", "A2"], ["quotes"], 3)


def test_a_quote_left_open_hides_no_record_as_gone(tmp_path: Path) -> None:
    data = GOOD + b'A3,"South,1\nA4,x,2\nA5,"y",3\nA6,z,4\n'
    rows, _faults, source = read(packed(tmp_path, "m.csv", data))
    assert [row.key for row in rows] == ["A1", "A2", "A6"]
    assert not source.whole
    next(source.rows())
    assert not source.whole, "nor once it is read again"


def test_a_file_that_is_not_the_one_described_is_refused(tmp_path: Path) -> None:
    import hashlib

    right = hashlib.sha256(GOOD).hexdigest()
    fitting = packed(tmp_path, "m.csv", GOOD, bytes=len(GOOD), hash=f"sha256:{right}")
    assert refused(fitting) == []
    assert refused(packed(tmp_path, "m.csv", GOOD, hash=hashlib.md5(GOOD).hexdigest())) == []
    cut = packed(tmp_path, "m.csv", GOOD[:-3], bytes=len(GOOD))
    assert keys(refused(cut)) == ["size"]
    other = packed(tmp_path, "m.csv", GOOD.replace(b"1900", b"1901"), hash=f"sha256:{right}")
    assert keys(refused(other)) == ["hash"]


# Encodings and characters


def test_a_byte_in_another_encoding_is_named_with_its_record_row_and_column(
    tmp_path: Path,
) -> None:
    data = GOOD + "A3,Östra,1\nA4,Västra,2\n".encode("latin-1") + b"A5,good,3\n"
    rows, faults, source = read(packed(tmp_path, "m.csv", data))
    assert [row.key for row in rows] == ["A1", "A2", "A5"]
    assert [(f.key, f.row, f.column) for f in faults] == [("A3", 3, "name"), ("A4", 4, "name")]
    assert "D6" in words(faults[0])
    assert source.whole, "the records are there, and known by their keys"


def test_a_wrong_byte_in_a_key_leaves_unknown_whose_record_it_is(tmp_path: Path) -> None:
    rows, faults, source = read(packed(tmp_path, "m.csv", GOOD + b"\xc5ngstrom,x,3\n"))
    assert len(rows) == 2
    assert (keys(faults), faults[0].column, faults[0].row) == (["encoding"], "id", 3)
    assert not source.whole


def test_a_wrong_byte_in_json_is_named(tmp_path: Path) -> None:
    record = b'{"id": "A3", "name": "\xd6stra", "founded": 1}'
    rows, fault = _found(tmp_path / "l", "m.jsonl", lines(RECORDS[:2]) + record)
    assert (rows, keys([fault]), fault.key) == (["A1", "A2"], ["encoding"], "A3")
    assert "D6" in words(fault)
    data = json.dumps(RECORDS).encode()[:-1] + b"," + record.replace(b"A3", b"A4") + b"]"
    rows, fault = _found(tmp_path / "a", "m.json", data)
    assert (rows, keys([fault]), fault.key) == (["A1", "A2", "A3"], ["encoding"], "A4")


def test_half_a_character_in_json_is_a_fault(tmp_path: Path) -> None:
    bad = b'{"id": "A3", "name": "\\ud800", "founded": 1}\n'
    rows, fault = _found(tmp_path, "m.jsonl", lines(RECORDS[:2]) + bad)
    assert (rows, keys([fault]), fault.column) == (["A1", "A2"], ["encoding"], "name")


def test_utf_16_that_nobody_announced_is_named_as_such(tmp_path: Path) -> None:
    data = GOOD.decode().encode("utf-16")
    assert keys(refused(packed(tmp_path, "m.csv", data))) == ["encoding-utf16"]


def test_an_encoding_that_is_none_for_text_is_refused(tmp_path: Path) -> None:
    for name in ("zip", "rot13", "idna", "unicode_escape", "no-such", "a\0b"):
        assert keys(refused(packed(tmp_path, "m.csv", GOOD, encoding=name))) == ["encoding-unknown"]


def test_nul_bytes_are_a_fault_with_record_and_column(tmp_path: Path) -> None:
    rows, fault = _found(tmp_path / "c", "m.csv", GOOD + b"A3,So\0uth,1\nA4,good,2\n")
    assert (rows, keys([fault])) == (["A1", "A2", "A4"], ["nul"])
    assert (fault.key, fault.row, fault.column) == ("A3", 3, "name")
    data = lines([*RECORDS, {"id": "A4", "name": {"a": ["\0"]}, "founded": 1}])
    rows, fault = _found(tmp_path / "j", "m.jsonl", data)
    assert (rows, keys([fault]), fault.key) == (["A1", "A2", "A3"], ["nul"], "A4")


def test_the_letters_of_an_escaped_nul_are_no_nul(tmp_path: Path) -> None:
    data = lines([{"id": "A1", "name": "\\u0000", "founded": 1}])
    assert len(read(packed(tmp_path, "m.jsonl", data))[0]) == 1


def test_mixed_line_ends_end_lines(tmp_path: Path) -> None:
    rows, faults, _source = read(
        packed(tmp_path, "m.csv", b"id,name,founded\r\nA1,a,1\nA2,b,2\rA3,c,3\r\n\r\nA4,d,4")
    )
    assert ([row.key for row in rows], faults) == (["A1", "A2", "A3", "A4"], [])


# Columns and cells


def test_a_missing_column_and_its_new_name_are_told_before_anything_is_read(
    tmp_path: Path,
) -> None:
    found = refused(packed(tmp_path, "m.csv", GOOD.replace(b"founded", b"year")))
    assert (keys(found), found[0].column) == (["column-missing"], "founded")
    assert "year" in words(found[0])


def test_a_property_that_no_json_record_has_is_a_missing_column(tmp_path: Path) -> None:
    data = lines([{"id": f"A{n}", "title": "x", "founded": 1} for n in range(5)])
    found = refused(packed(tmp_path / "a", "m.jsonl", data))
    assert (keys(found), found[0].column) == (["column-missing"], "name")
    loose = {"fields": FIELDS, "primaryKey": "id", "fieldsMatch": "partial"}
    assert len(read(packed(tmp_path / "b", "m.jsonl", data, schema=loose))[0]) == 5


def test_an_extra_column_is_told_and_not_read(tmp_path: Path) -> None:
    more = GOOD.replace(b"\n", b",x\n").replace(b"founded,x", b"founded,extra")
    rows, faults, source = read(packed(tmp_path, "m.csv", more))
    assert [(keys([f]), f.column) for f in source.faults] == [(["column-extra"], "extra")]
    assert ([len(row.cells) for row in rows], faults) == ([3, 3], [])


def test_a_column_name_given_twice_is_refused(tmp_path: Path) -> None:
    found = refused(packed(tmp_path, "m.csv", GOOD.replace(b"founded", b"name")))
    assert (keys(found), found[0].column) == (["header-double"], "name")


def test_a_property_given_twice_is_a_fault_of_its_record(tmp_path: Path) -> None:
    bad = b'{"id": "A4", "name": {"a": 1, "a": 2}}'
    data = json.dumps(RECORDS).encode()
    for name, text in (
        ("m.jsonl", bad + b"\n" + lines(RECORDS)),
        ("m.json", b"[" + bad + b"," + data[1:]),
    ):
        rows, fault = _found(tmp_path / name, name, text)
        assert (rows, keys([fault]), fault.row) == (["A1", "A2", "A3"], ["property-double"], 1)


def test_a_row_with_too_many_or_too_few_cells_is_a_fault(tmp_path: Path) -> None:
    data = GOOD + b"A3,a,b,1\nA4,a\n,,\n\nA5,a,1\n"
    rows, faults, source = read(packed(tmp_path, "m.csv", data))
    assert [row.key for row in rows] == ["A1", "A2", "A5"]
    assert [(keys([f])[0], f.row) for f in faults][:2] == [("cells", 3), ("cells", 4)]
    assert not source.whole


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://example.org";"x")',
        "=1+1",
        "= SUM(A1:A2)",
        "=A1",
        "@SUM(A1)",
        "+IMPORTXML(1)",
        "-CMD(1)",
        "=cmd|'/c calc'!A0",
        "@x|'y'!A0",
        "#REF!",
        "#N/A",
        "#NAME?",
        "#DIV/0!",
    ],
)
def test_a_formula_is_no_value(text: str, tmp_path: Path) -> None:
    data = tabular([*RECORDS, {"id": "A4", "name": text, "founded": 1}])
    source = opened(packed(tmp_path, "m.csv", data))
    (fault,) = source.check()
    assert (keys([fault]), fault.key, fault.row, fault.column) == (["formula"], "A4", 4, "name")


@pytest.mark.parametrize(
    "text", ["+46 8 123 456", "-5", "@handle", "- a dash (and more)", "-", "#1", "=", "A=B", "#"]
)
def test_a_text_with_such_a_sign_is_still_a_text(text: str, tmp_path: Path) -> None:
    data = tabular([{"id": "A4", "name": text, "founded": 1}])
    rows, _faults, source = read(packed(tmp_path, "m.csv", data))
    assert source.values(rows[0]) == {"id": "A4", "name": text, "founded": 1}


def test_a_cell_of_ten_megabytes_leaves_out_its_record_alone(tmp_path: Path) -> None:
    data = GOOD + b"A3," + b"x" * 10_000_000 + b",1\nA4,good,2\n"
    rows, fault = _found(tmp_path / "c", "m.csv", data)
    assert (rows, keys([fault])) == (["A1", "A2", "A4"], ["cell-long"])
    assert (fault.key, fault.row, fault.column) == ("A3", 3, "name")
    long = [{"id": "A4", "name": "x" * 10_000_000, "founded": 1}]
    for format, text in (
        ("json", json.dumps([*RECORDS, *long]).encode()),
        ("jsonl", lines([*RECORDS, *long])),
    ):
        rows, fault = _found(tmp_path / format, f"m.{format}", text)
        assert (rows, fault.key, fault.column) == (["A1", "A2", "A3"], "A4", "name")


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
def test_a_record_that_never_ends_is_not_held_in_memory(format: str, tmp_path: Path) -> None:
    start = {"csv": GOOD + b'A3,"', "json": b'[{"id": "', "jsonl": lines(RECORDS) + b'{"id": "'}
    package = packed(
        tmp_path, f"m.{format}.gz", gzip.compress(start[format] + b"x" * 70_000_000, 1)
    )
    limits = SourceLimits(ratio=10_000).model_dump()
    if format == "json":
        assert keys(refused(package, limits=limits)) == ["record-long"]
        return
    rows, faults, source = read(package, limits=limits)
    assert (len(rows) >= 2, keys(faults), source.whole) == (True, ["record-long"], False)


def test_json_nested_beyond_measure_is_a_fault(tmp_path: Path) -> None:
    deep = b'{"id": "A4", "name": ' + b"[" * 100_000 + b"]" * 100_000 + b', "founded": 1}'
    rows, fault = _found(tmp_path / "l", "m.jsonl", lines(RECORDS) + deep)
    assert (rows, keys([fault])) == (["A1", "A2", "A3"], ["json-line"])
    whole = json.dumps(RECORDS).encode()[:-1] + b"," + deep + b"]"
    rows, fault = _found(tmp_path / "a", "m.json", whole)
    assert (rows, keys([fault])) == (["A1", "A2", "A3"], ["json"])


# Keys


def test_a_doubled_key_names_both_rows_and_only_the_first_is_a_record(tmp_path: Path) -> None:
    data = GOOD + b"A1,again,1\nA3,good,2\n A2 ,again,3\nA1,third,4\n"
    rows, faults, source = read(packed(tmp_path, "m.csv", data))
    assert [(row.key, row.number) for row in rows] == [("A1", 1), ("A2", 2), ("A3", 4)]
    assert [(f.key, f.row, f.message.params["first"]) for f in faults] == [
        ("A1", 3, "1"),
        ("A2", 5, "2"),
        ("A1", 6, "1"),
    ]
    assert set(keys(faults)) == {"key-double"}
    assert source.whole


class _Twin(str):
    """A key that seems to be another one: all of these have the same hash."""

    __slots__ = ()

    def __hash__(self) -> int:
        return 7

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other)  # type: ignore[return-value]


def test_two_keys_that_only_seem_the_same_are_two_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = opened(packed(tmp_path, "m.csv", GOOD + b"A3,x,1\nA2,double,2\n"))
    real: Callable[..., object] = source._key  # type: ignore[assignment]
    monkeypatch.setattr(source, "_key", lambda cells: _Twin(real(cells)))
    found = list(source.rows())
    assert [each.key for each in found if isinstance(each, Row)] == ["A1", "A2", "A3"]
    assert [(f.key, f.row) for f in found if isinstance(f, Fault)] == [("A2", 4)]


def test_a_record_without_a_key_is_a_fault_and_hides_no_other(tmp_path: Path) -> None:
    rows, faults, source = read(packed(tmp_path, "m.csv", GOOD + b" ,x,1\n,y,2\n"))
    assert ([row.key for row in rows], keys(faults)) == (["A1", "A2"], ["key-empty", "key-empty"])
    assert [(f.row, f.column) for f in faults] == [(3, "id"), (4, "id")]
    assert source.whole


def test_a_key_that_can_be_none_leaves_unknown_whose_record_it_is(tmp_path: Path) -> None:
    bad = ["[1]", "true", "1.5", '"' + "x" * 256 + '"', '"a\\nb"']
    data = lines(RECORDS) + "".join(f'{{"id": {each}}}\n' for each in bad).encode()
    rows, faults, source = read(packed(tmp_path, "m.jsonl", data))
    assert ([row.key for row in rows], keys(faults)) == (["A1", "A2", "A3"], ["key-bad"] * 5)
    assert not source.whole


def test_what_is_no_json_object_is_a_fault(tmp_path: Path) -> None:
    rows, faults, source = read(
        packed(tmp_path, "m.jsonl", lines(RECORDS) + b"5\n[1]\nnull\nNaN\n")
    )
    assert (len(rows), keys(faults)) == (3, ["not-object"] * 4)
    assert not source.whole


# Files that are something else


@pytest.mark.parametrize("name", ["m.csv", "m.json", "m.jsonl", "m.tsv"])
def test_an_empty_file_is_refused(name: str, tmp_path: Path) -> None:
    for data in (b"", gzip.compress(b""), zipped({"m.csv": b""})):
        assert keys(refused(packed(tmp_path, name, data), kind="delta")) == ["empty"]


def test_a_web_page_in_place_of_data_is_refused(tmp_path: Path) -> None:
    for data in (b"\n <!DOCTYPE html><p>", b"\xef\xbb\xbf<html lang=en>", b"<HTML>\n<body>"):
        for page in (data, gzip.compress(data)):
            assert keys(refused(packed(tmp_path, "m.csv", page))) == ["html-file"]


def test_a_json_object_without_the_way_to_its_list_is_refused(tmp_path: Path) -> None:
    data = json.dumps({"items": RECORDS}).encode()
    assert keys(refused(packed(tmp_path, "m.json", data))) == ["json-shape"]


# Bombs and archives


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    data = GOOD + b"\n" * 60_000_000
    for packing in (gzip.compress(data, 9), zipped({"m.csv": data})):
        assert keys(refused(packed(tmp_path, "m.csv", packing))) == ["bomb"]


def test_a_file_that_unpacks_to_more_than_the_limit_is_not_read_further(tmp_path: Path) -> None:
    data = GOOD + b"\n" * 30_000_000
    limits = {"unpacked_mb": 20, "ratio": 100_000}
    package = packed(tmp_path, "m.csv.gz", gzip.compress(data))
    assert keys(refused(package, limits=limits)) == ["unpacked"]


def test_a_file_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    package = packed(tmp_path, "m.csv", GOOD + b"\n" * 1_100_000)
    assert keys(refused(package, limits={"fetched_mb": 1})) == ["too-big"]


def test_a_packed_file_in_a_packed_file_is_refused(tmp_path: Path) -> None:
    once = gzip.compress(GOOD)
    for data in (gzip.compress(once), zipped({"m": once}), zipped({"m.zip": zipped({"m": GOOD})})):
        assert keys(refused(packed(tmp_path, "m.csv", data))) == ["nested"]


def test_an_archive_of_several_files_needs_the_name_of_one(tmp_path: Path) -> None:
    data = zipped({"folder/m.csv": GOOD, "README": b"x"})
    assert keys(refused(packed(tmp_path, "m.csv.zip", data))) == ["zip-members"]
    chosen = packed(tmp_path, "m.csv.zip", data, innerpath="folder/m.csv")
    assert len(read(chosen)[0]) == 2
    wrong = packed(tmp_path, "m.csv.zip", data, innerpath="m.csv")
    assert keys(refused(wrong)) == ["zip-members"]
    assert keys(refused(packed(tmp_path, "m.csv.zip", zipped({})))) == ["zip-members"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b", "..\\b"])
def test_an_archive_with_a_name_that_leads_out_of_it_is_refused(name: str, tmp_path: Path) -> None:
    assert keys(refused(packed(tmp_path, "m.csv.zip", zipped({name: GOOD})))) == ["zip-name"]


def test_an_archive_with_a_long_list_of_files_is_not_even_listed(tmp_path: Path) -> None:
    data = zipped({f"{n}-{'x' * 200}": b"" for n in range(5000)})
    assert keys(refused(packed(tmp_path, "m.csv.zip", data))) == ["zip-directory"]


def test_an_archive_packed_in_a_rare_way_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, "m.csv.zip", b"")
    with zipfile.ZipFile(tmp_path / "m.csv.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("m.csv", GOOD)
    assert keys(refused(path)) == ["packing"]
    data = bytearray(zipped({"m.csv": GOOD}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert keys(refused(packed(tmp_path, "m.csv.zip", bytes(data)))) == ["zip-secret"]
    assert keys(refused(packed(tmp_path, "m.csv", b"BZh91AY&SY"))) == ["packing"]


def test_an_archive_that_lies_about_the_size_of_its_list_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"m.csv": GOOD}))
    struct.pack_into("<L", data, len(data) - 10, 0xFFFFFF00)
    assert keys(refused(packed(tmp_path, "m.csv.zip", bytes(data)))) == ["zip-directory"]


def test_gzip_with_a_wrong_sum_is_told(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(GOOD))
    data[-8:-4] = struct.pack("<L", zlib.crc32(b"other"))
    assert keys(refused(packed(tmp_path, "m.csv.gz", bytes(data)))) == ["unpack"]


# Of the run


def test_check_tells_all_faults_at_once_so_that_a_run_can_stop_before_its_first_edit(
    tmp_path: Path,
) -> None:
    data = GOOD + b"A3,x,many\nA1,again,1\nA4,y\nA5,=1+1,2100\n"
    source = opened(packed(tmp_path, "m.csv", data))
    said = ["type", "cells", "formula", "constraint", "key-double"]
    assert keys(source.check()) == said
    unchanged = {"A3", "A5"}
    assert keys(source.check(lambda row: row.key not in unchanged)) == ["cells", "key-double"]


def test_check_ends_after_a_thousand_faults(tmp_path: Path) -> None:
    package = packed(tmp_path, "m.csv", GOOD + b"x\n" * 3000)
    assert len(opened(package).check()) == 1000


def test_a_file_replaced_while_it_is_read_is_told(tmp_path: Path) -> None:
    source = opened(packed(tmp_path, "m.csv", GOOD))
    (tmp_path / "m.csv").write_bytes(GOOD + b"A3,x,1\n")
    (fault,) = source.rows()
    assert isinstance(fault, Fault)
    assert (keys([fault]), source.whole) == (["changed"], False)


def test_what_a_fault_quotes_is_short_and_can_be_stored(tmp_path: Path) -> None:
    data = GOOD + b"\xff" * 5000 + b",x,1\nA4,x," + b"9x" * 5000 + b"\n"
    source = opened(packed(tmp_path, "m.csv", data))
    for fault in source.check():
        said = words(fault) + fault.key + fault.column
        assert len(said) < 1000
        assert said.encode()
        assert said.replace("\n", "").isprintable()
