"""The partner's report: CSV that no spreadsheet runs, JSON, and what Mismatch Finder takes."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.core.cells import Table, as_it_was, harmless, read_table
from bots.datasets.facts import Difference
from bots.datasets.feedback.report import COLUMNS, Format, Written, write_report
from bots.datasets.feedback.rowids import difference_row
from tests.datasets.report.parts import GUID, NOW, difference, item_url


def written(form: Format, *differences: Difference, **given: Any) -> tuple[str, Written]:
    file = io.StringIO(newline="")
    counts = write_report(file, form, differences, page_url=item_url, **given)
    return file.getvalue(), counts


def mismatches(*differences: Difference) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written("mismatch", *differences)[0])))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "＝1", "'=1"],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert as_it_was(harmless(text)) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Museum;=1+1", "Museum;'=1+1"),
        ("Museum\t @SUM(A1);x", "Museum\t '@SUM(A1);x"),
        ("Museum\r\n-2+3", "Museum\r\n'-2+3"),
        ("\t=1", "'\t'=1"),
        ("12;-5;+7.5", "12;-5;+7.5"),
        ("12;'=1", "12;''=1"),
    ],
)
def test_what_another_spreadsheet_would_begin_a_cell_with_gets_one_too(
    text: str, cell: str
) -> None:
    assert harmless(text) == cell
    assert as_it_was(cell) == text


@pytest.mark.parametrize("text", ["a\r=1", "\r", "a\r\nb", 'a"\r'])
def test_no_cell_ends_its_row(text: str) -> None:
    file = io.StringIO(newline="")
    Table(file, ["a", "b"]).add({"a": text, "b": "c"})
    assert list(read_table(io.StringIO(file.getvalue(), newline=""))) == [{"a": text, "b": "c"}]


@pytest.mark.parametrize(
    "text", ["-0.1276", "+46", "1850-02-01", "Museum", "'s-Gravenhage", "", "a=b"]
)
def test_other_text_and_plain_numbers_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@given(st.text(st.sampled_from("'=+-@\t\r\n 12.a＝;"), max_size=8) | st.text())
def test_every_cell_is_read_back_as_it_was(text: str) -> None:
    cell = harmless(text)
    assert as_it_was(cell) == text
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_the_csv_says_all_of_a_difference_and_reads_back() -> None:
    hostile = difference(
        wiki=("=HYPERLINK(1)", "1898 (deprecated)"),
        wiki_values=("=HYPERLINK(1)", "1898"),
        references=("https://paper.example/1", "P248 Q36578"),
        column="@founded",
    )
    text, counts = written("csv", hostile, answers={difference_row(hostile): "refused"})
    assert counts == Written(1)
    assert next(csv.reader(io.StringIO(text))) == list(COLUMNS)
    assert "'=HYPERLINK(1) | 1898" in text
    assert ",'@founded," in text
    assert list(read_table(io.StringIO(text, newline=""))) == [
        {
            "record": "SE-1",
            "item": "Q42",
            "item_url": "https://data.example/wiki/Q42",
            "field": "@founded",
            "property": "P571",
            "kind": "conflict",
            "source_value": "1900",
            "source_shown": "1900",
            "wiki_value": "=HYPERLINK(1) | 1898",
            "wiki_shown": "=HYPERLINK(1) | 1898 (deprecated)",
            "references": "https://paper.example/1 | P248 Q36578",
            "calendar": "Gregorian",
            "statement": GUID,
            "source_url": "https://museums.example/SE-1",
            "since": NOW.isoformat(),
            "slot": "P571",
            "pair": "0123456789abcdef",
            "row": difference_row(hostile),
            "answer": "refused",
        }
    ]


def test_line_ends_and_quotes_in_values_survive() -> None:
    text, _ = written("csv", difference(wiki_values=('a "b"\r\nc,d;e',)))
    assert next(read_table(io.StringIO(text, newline="")))["wiki_value"] == 'a "b"\r\nc,d;e'


def test_the_json_keeps_values_apart_and_nothing_is_null() -> None:
    text, counts = written(
        "json", difference(ours=None, ours_value=None, wiki_values=("=1", "2")), difference()
    )
    assert counts == Written(2)
    first, second = json.loads(text)["differences"]
    assert tuple(first) == COLUMNS
    assert (first["source_value"], first["wiki_value"]) == (None, ["=1", "2"])
    assert (second["source_value"], second["answer"]) == ("1900", "")


@pytest.mark.parametrize("form", ["csv", "json", "mismatch"])
def test_a_report_of_nothing_is_whole(form: Format) -> None:
    text, counts = written(form)
    assert counts == Written(0)
    if form == "json":
        assert json.loads(text) == {"differences": []}
    else:
        assert text.count("\n") == 1


def test_an_answer_is_about_one_value_of_the_wiki() -> None:
    one = difference()
    others = [
        difference(record="SE-2"),
        difference(slot="P1619"),
        difference(kind="removed"),
        difference(wiki_values=("1898",)),
    ]
    assert len({difference_row(each) for each in (one, *others)}) == 5
    assert difference_row(one) == difference_row(difference(ours_value="1901", since=None))
    assert difference_row(one).startswith("r")


def test_a_mismatch_has_the_columns_and_words_of_mismatch_finder() -> None:
    text, counts = written("mismatch", difference(calendar="Julian"))
    assert counts == Written(1)
    assert text.splitlines() == [
        "item_id,statement_guid,property_id,wikidata_value,meta_wikidata_value,"
        "external_value,external_url,type",
        f"Q42,{GUID},P571,1899,Q1985786,1900,https://museums.example/SE-1,statement",
    ]


def test_what_is_missing_on_the_wiki_has_neither_id_nor_value_nor_calendar() -> None:
    gone = difference(kind="removed", wiki=(), wiki_values=(), statement="", calendar="")
    bare = difference(kind="removed", wiki=(), wiki_values=())
    for row in mismatches(gone, bare):
        here = ("statement_guid", "wikidata_value", "meta_wikidata_value")
        assert [row[name] for name in here] == ["", "", ""]
        assert row["external_value"] == "1900"
    assert len(mismatches(gone, bare)) == 2


def test_a_qualifier_is_reported_under_its_own_property() -> None:
    row = mismatches(difference(slot='P1082 ["P585 x"] / P459', property="P1082"))[0]
    assert (row["property_id"], row["type"]) == ("P459", "qualifier")


@pytest.mark.parametrize(
    "changes",
    [
        {"property": "", "slot": "label/en"},
        {"ours": None, "ours_value": None},
        {"ours_value": "  "},
        {"ours_value": "1899"},
        {"ours_value": "x" * 1501},
        {"wiki_values": ("x" * 1501,)},
        {"wiki_values": ("(no value)",)},
        {"wiki_values": ("=1+1",)},
        {"statement": ""},
        {"statement": "Q43" + GUID[3:]},
        {"statement": "Q42$1"},
        {"item": "L1"},
    ],
    ids=str,
)
def test_what_would_have_the_whole_file_refused_is_left_out(changes: dict[str, Any]) -> None:
    text, counts = written("mismatch", difference(**changes), difference())
    assert counts == Written(1, left_out=1)
    assert text.count("\n") == 2


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "museums.example", "http://", "http://[", "a\nb"]
)
def test_what_is_no_web_address_is_not_given_as_one(url: str) -> None:
    assert mismatches(difference(url=url))[0]["external_url"] == ""


def test_an_external_value_is_made_harmless_for_mismatch_finder_too() -> None:
    assert mismatches(difference(ours_value="=1+1"))[0]["external_value"] == "'=1+1"
    assert mismatches(difference(ours_value="-5"))[0]["external_value"] == "-5"
