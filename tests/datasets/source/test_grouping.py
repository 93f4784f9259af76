"""Rows of one key as one record: as a file of annotations has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bots.datasets.facts import Fault, Row
from tests.datasets.source.parts import keys, packed, read, refused

FIELDS = [{"name": name, "type": "string"} for name in ("db", "id", "term", "evidence")]
SCHEMA = {"fields": FIELDS, "primaryKey": "id"}
DIALECT = {"header": False, "commentChar": "!", "quoteChar": ""}
LINES = (
    "!gaf-version: 2.2\n"
    "!\n"
    'UniProtKB\tP1\tGO:1\t"IDA"\n'
    "UniProtKB\tP2\tGO:1\tIEA\n"
    "! in between\n"
    "UniProtKB\tP1\tGO:2\tIEA\n"
)


def gaf(folder: Path, text: str = LINES, dialect: Any = None, **config: Any) -> Any:
    """The rows, faults and source of a file without header."""
    package = packed(
        folder, "m.gaf", text.encode(), format="tsv", dialect=dialect or DIALECT, schema=SCHEMA
    )
    return read(package, group="rows", **config)


def digests(rows: list[Row]) -> dict[str, str]:
    return {each.key: each.digest for each in rows}


def test_the_rows_of_a_key_are_one_record_wherever_they_stand(tmp_path: Path) -> None:
    rows, faults, source = gaf(tmp_path)
    assert (faults, source.faults, source.whole) == ([], [], True)
    assert source.fields == ("id", "rows")
    assert [(each.key, each.number) for each in rows] == [("P1", 1), ("P2", 2)]
    assert source.values(rows[0]) == {
        "id": "P1",
        "rows": [
            {"db": "UniProtKB", "id": "P1", "term": "GO:1", "evidence": '"IDA"'},
            {"db": "UniProtKB", "id": "P1", "term": "GO:2", "evidence": "IEA"},
        ],
    }


def test_a_records_digest_is_another_when_one_of_its_rows_is(tmp_path: Path) -> None:
    before = digests(gaf(tmp_path)[0])
    after = digests(gaf(tmp_path, LINES.replace("GO:2\tIEA", "GO:2\tTAS"))[0])
    assert before["P1"] != after["P1"]
    assert before["P2"] == after["P2"]
    moved = LINES.replace("! in between\n", "UniProtKB\tP0\tGO:9\tIEA\n")
    assert digests(gaf(tmp_path, moved)[0])["P1"] == before["P1"]


def test_a_row_that_can_not_be_read_takes_all_records_with_it(tmp_path: Path) -> None:
    """It may be any record's, and a record without it would look as if it said less."""
    rows, faults, source = gaf(tmp_path, LINES + "UniProtKB\tP1\n")
    assert (rows, keys(faults), source.whole) == ([], ["cells"], False)


def test_a_row_with_a_bad_cell_takes_its_record_with_it(tmp_path: Path) -> None:
    rows, faults, source = gaf(tmp_path, LINES + "UniProtKB\tP1\tGO:3\tI\0A\n")
    assert [each.key for each in rows] == ["P2"]
    assert [(each.key, each.row) for each in faults] == [("P1", 4)]
    assert source.whole


def test_a_value_of_a_wrong_type_says_its_own_row(tmp_path: Path) -> None:
    rows, _, source = gaf(tmp_path, LINES.replace("GO:2\t", "GO:2\t=1+1"))
    found = source.values(rows[0])
    assert [(each.key, each.row, each.column) for each in found] == [("P1", 3, "evidence")]
    assert all(isinstance(each, Fault) for each in found)


def test_a_row_without_a_key_is_no_record(tmp_path: Path) -> None:
    rows, faults, source = gaf(tmp_path, LINES + "UniProtKB\t\tGO:3\tIEA\n")
    assert ([each.key for each in rows], keys(faults)) == (["P1", "P2"], ["key-empty"])
    assert source.whole


def test_a_record_of_too_many_rows_is_told_and_left_out(tmp_path: Path) -> None:
    many = "".join(f"UniProtKB\tP1\tGO:{n}\tIEA\n" for n in range(500))
    rows, faults, _ = gaf(tmp_path, LINES + many, limits={"cell_characters": 5_000})
    assert [each.key for each in rows] == ["P2"]
    assert [(each.message.key, each.key) for each in faults] == [("source-cell-long", "P1")]


def test_rows_are_not_grouped_under_the_keys_own_name_nor_those_of_json(tmp_path: Path) -> None:
    package = packed(
        tmp_path, "m.gaf", LINES.encode(), format="tsv", dialect=DIALECT, schema=SCHEMA
    )
    assert keys(refused(package, group="id")) == ["group"]
    package = packed(tmp_path, "m.jsonl", b'{"id": "P1"}\n', schema=SCHEMA)
    assert keys(refused(package, group="rows")) == ["group"]


@pytest.mark.parametrize("mark", [1, ["!"]])
def test_a_comment_is_begun_by_a_text(tmp_path: Path, mark: Any) -> None:
    dialect = {**DIALECT, "commentChar": mark}
    package = packed(
        tmp_path, "m.gaf", LINES.encode(), format="tsv", dialect=dialect, schema=SCHEMA
    )
    assert keys(refused(package)) == ["dialect"]


def test_where_values_are_quoted_comments_stand_before_the_first_record_alone(
    tmp_path: Path,
) -> None:
    text = '# made by hand\nid,name,founded\nA1,"two\n# lines",1850\n'
    package = packed(tmp_path, "m.csv", text.encode(), dialect={"commentChar": "#"})
    rows, faults, _ = read(package)
    assert (faults, [each.cells for each in rows]) == ([], [["A1", "two\n# lines", "1850"]])
