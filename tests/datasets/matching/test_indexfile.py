"""Files that an index can be made of, and files that are refused rather than half believed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bots.datasets.matching import indexfile
from bots.datasets.matching.indexfile import IndexFileError, read_pairs
from bots.datasets.matching.judging import MatchRule
from bots.datasets.matching.pairs import Pairs, doubled
from bots.datasets.matching.spellings import MOST_SPELLINGS, spellings

RULE = MatchRule("P791", ("no-spaces",))
X, Y = RULE.key("SE-X"), RULE.key("SE-Y")
ENTITY = "http://www.wikidata.org/entity/"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "wikidata-entities"


def pairs(folder: Path, name: str, text: str | bytes) -> list[tuple[str, str]]:
    """What is read of a file with this content."""
    raw = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(raw)
    return list(read_pairs(folder / name, RULE))


def broken(folder: Path, name: str, text: str | bytes) -> str:
    """Why a file with this content is refused."""
    with pytest.raises(IndexFileError) as caught:
        pairs(folder, name, text)
    return str(caught.value)


def entity(kind: str, entity_id: str, *values: str, rank: str = "normal") -> str:
    claims = [
        {
            "id": f"{entity_id}$1",
            "type": "statement",
            "rank": rank,
            "mainsnak": {
                "snaktype": "value",
                "property": "P791",
                "datavalue": {"type": "string", "value": value},
            },
        }
        for value in values
    ]
    terms = {"labels": {}, "descriptions": {}, "aliases": {}, "sitelinks": {}}
    more = {"datatype": "string"} if kind == "property" else {}
    return json.dumps({"type": kind, "id": entity_id, **terms, "claims": {"P791": claims}, **more})


def binding(item: str, value: str) -> dict[str, dict[str, str]]:
    """A row of SPARQL's JSON."""
    uri = {"type": "uri", "value": ENTITY + item}
    return {"item": uri, "value": {"type": "literal", "value": value}}


BINDINGS = [binding("Q1", "SE-X"), binding("Q2", "SE-Y")]
ROWS = [{"item": f"{ENTITY}Q1", "isil": "SE-X"}, {"item": "Q2", "isil": "SE-Y"}]

QUERIES = {
    "plain.csv": f"item,isil\r\n{ENTITY}Q1,SE - X\r\nQ2,SE-Y\r\n",
    "named.csv": f"label,value,item\n\"a, \"\"b\"\"\nc\",SE-X,{ENTITY}Q1\n,SE-Y,Q2\n",
    "marked.csv": f"\ufeffitem,value\n{ENTITY}Q1,SE-X\n{ENTITY}Q2,SE-Y\n\n",
    "prefixed.csv": "item,value\nhttps://wiki.example/wiki/Item:Q1,SE-X\nItem:Q2,SE-Y\n",
    "others.csv": "item,value\nQ1,SE-X\nL5,SE-Z\nP3,SE-Z\nQ2,SE-Y\nQ3,\n",
    "sparql.tsv": f'?item\t?value\n<{ENTITY}Q1>\t"SE-X"\n<{ENTITY}Q2>\t"SE-Y"@en\n',
    "plain.tsv": "item\tvalue\nQ1\tSE-X\nQ2\tSE-Y\n",
    "list.json": json.dumps(ROWS),
    "sparql.json": json.dumps(
        {"head": {"vars": ["item", "value"]}, "results": {"bindings": BINDINGS}}
    ),
    "dump.json": f"[\n{entity('item', 'Q1', 'SE-X')},\n{entity('property', 'P791', 'SE-Z')},\n"
                 f"{entity('item', 'Q3')},\n{entity('item', 'Q2', 'SE-Y', rank='deprecated')}\n]\n",
}  # fmt: skip


@pytest.mark.parametrize("name", QUERIES)
def test_every_form_of_a_query_and_a_dump_is_read_also_gzipped(tmp_path: Path, name: str) -> None:
    assert pairs(tmp_path, name, QUERIES[name]) == [(X, "Q1"), (Y, "Q2")]
    zipped = gzip.compress(QUERIES[name].encode())
    assert pairs(tmp_path, f"{name}.gz", zipped) == [(X, "Q1"), (Y, "Q2")]


@pytest.mark.parametrize("name", QUERIES)
def test_a_file_that_was_cut_while_it_was_zipped_is_refused(tmp_path: Path, name: str) -> None:
    zipped = gzip.compress(QUERIES[name].encode())
    assert "cut off" in broken(tmp_path, f"{name}.gz", zipped[:-12])


def test_a_query_without_hits_is_an_index_that_knows_nothing(tmp_path: Path) -> None:
    assert pairs(tmp_path, "none.csv", "item,value\n") == []
    assert pairs(tmp_path, "none.json", "[]") == []
    nothing = {"head": {"vars": ["item", "value"]}, "results": {"bindings": []}}
    assert pairs(tmp_path, "none.json", json.dumps(nothing)) == []


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.csv", "", "empty"),
        ("a.json", "\n \n", "empty"),
        ("a.csv", "<!DOCTYPE html>\n<p>Busy", "two columns"),
        ("a.csv", "item\nQ1\n", "two columns"),
        ("a.csv", "item,item\nQ1,x\n", "two columns"),
        ("a.csv", "item,value\nQ1,x\nSPARQL-QUERY: queryStr=select,y\n", "row 3: 'SPARQL"),
        ("a.csv", "item,value\nQ1,x\njava.util.concurrent.TimeoutException\n", "row 3: 1 columns"),
        ("a.csv", "item,value\nQ1,x\nQ2,y,z\n", "row 3: 3 columns"),
        ("a.csv", "item,value\nQ0,x\n", "row 2: 'Q0'"),
        ("a.csv", 'item,value\nQ1,"x\n', "row 2: unexpected end"),
        ("a.csv", b"item,value\nQ1,\xe5\n", "UTF-8"),
        ("a.csv", "item,value\nQ1," + "x" * 200_000, "row 2: field larger"),
        ("a.json", '[{"item": "Q1", "value": "x"}', "JSON is broken"),
        ("a.json", '[{"item": "Q1", "value": "x"}, 5]', "row 2: no object"),
        ("a.json", '[{"item": "Q1", "value": ["x"]}]', "no text"),
        ("a.json", '{"error": {"info": "busy"}}', "no query's result"),
        ("a.json", f"[\n{entity('item', 'Q1', 'x')},\n", "ends with ]"),
        ("a.json", f"[\n{entity('item', 'Q1', 'x')[:-30]}\n]", "line 2"),
        ("a.xml", "<x/>", "ends with none of"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_with_the_place(
    tmp_path: Path, name: str, text: str | bytes, why: str
) -> None:
    assert why in broken(tmp_path, name, text)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match="No such file"):
        list(read_pairs(tmp_path / "a.csv", RULE))


def test_a_line_without_end_is_not_read_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexfile, "LONGEST_LINE", 1000)
    assert "line 2 is longer" in broken(tmp_path, "a.csv", "item,value\n" + "x" * 2000)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not there")
def test_real_entities_are_read_as_a_dump(tmp_path: Path) -> None:
    lines = [path.read_text().strip() for path in sorted(SHARED.glob("Q*.json"))[:20]]
    (tmp_path / "dump.json").write_text("[\n" + ",\n".join(lines) + "\n]")
    found = list(read_pairs(tmp_path / "dump.json", MatchRule("P214")))
    assert found
    for key, item in found:
        assert key.removeprefix("text:") in (SHARED / f"{item}.json").read_text()


def test_pairs_keep_all_names_of_a_key_in_their_order_and_each_once() -> None:
    with Pairs([("k", "b"), ("k", "a"), ("other", "c"), ("k", "b"), ("\ud800", "d")]) as table:
        assert table.find(["k", "none", "\ud800"]) == {"k": ("b", "a"), "\ud800": ("d",)}
        assert table.find(f"k{number}" for number in range(2000)) == {}


def test_records_that_share_an_identifier_are_found_wherever_they_stand() -> None:
    told = [(f"key-{number}", f"r{number}") for number in range(3000)]
    told += [("key-0", "late"), ("key-5", "r5"), *(("n/a", f"s{number}") for number in range(500))]
    found = doubled(told)
    assert (found["r0"], found["late"]) == (("late",), ("r0",))
    assert len(found) == 502
    assert len(found["s0"]) == 10
    assert "s0" not in found["s0"]


@pytest.mark.parametrize(
    ("identifier", "normalisers", "known"),
    [
        ("000000012281955X", ["no-spaces"], {"0000 0001 2281 955X", "000000012281955X"}),
        ("0000 0001 2281 955X", ["no-spaces"], {"0000 0001 2281 955X", "000000012281955X"}),
        ("000000012281955X", ["no-dashes"], {"0000-0001-2281-955X", "000000012281955X"}),
        ("SE Kb", ["no-spaces"], {"SE Kb", "SEKb"}),
        ("se-kb", ["case"], {"se-kb", "SE-KB"}),
        ("http://A.example/x", ["url"], {"http://A.example/x", "https://a.example/x"}),
        ("0012", ["no-leading-zeros"], {"0012", "12"}),
        ("x", [], {"x"}),
    ],
)
def test_the_spellings_that_people_use_are_asked_for(
    identifier: str, normalisers: list[str], known: set[str]
) -> None:
    found = spellings(identifier, normalisers)
    assert found[0] == identifier
    assert known <= set(found)
    assert len(found) <= MOST_SPELLINGS
    rule = MatchRule("P1", tuple(normalisers))
    assert {rule.key(each) for each in found} == {rule.key(identifier)}


def test_all_equivalences_together_ask_for_no_more_than_is_decent() -> None:
    every = ["case", "dashes", "no-dashes", "no-leading-zeros", "no-spaces", "one-space",
             "underscores", "url"]  # fmt: skip
    found = spellings("HTTPS://a-b.example/ 0 1/", every)
    assert len(found) == MOST_SPELLINGS
    assert spellings("", every) == ()
