"""The return file: what people corrected and added, in the partner's columns, and their answers."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, Resource, validate

from bots.core.cells import read_table
from bots.core.config import SiteNumbers
from bots.core.merge.facts import UNKNOWN, Rank
from bots.core.plan import Target
from bots.core.wikibase.model import (
    Coordinate,
    EntityId,
    Item,
    Reference,
    Sitelink,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)
from bots.datasets.facts import Record, Said, StatementRule, TermRule, TermSaid
from bots.datasets.feedback.returnfiles import Counts, read_answers, write_return
from bots.datasets.feedback.returns import (
    Addition,
    Frame,
    Matched,
    additions,
    article_url,
    corrections,
)
from bots.datasets.feedback.rowids import difference_row
from tests.datasets.report.parts import DATASET, NOW, difference, item_url

FOUNDED = StatementRule("P571", column="founded")
PLACES = StatementRule("P131", column="places", many=True, normalisers=("case",))
LONG_AGO = NOW - timedelta(days=30)


class Links:
    """Addresses as a wiki has them."""

    def page_url(self, target: Target) -> str:
        return item_url(target)

    def diff_url(self, site: str, revid: int) -> str:
        return f"https://{site}.example/w/index.php?diff={revid}"


def frame(**changes: Any) -> Frame:
    given: dict[str, Any] = {
        "dataset": DATASET,
        "site": "data",
        "key_columns": ("isil",),
        "links": Links(),
        "now": NOW,
        "labels": {"P571": "inception", "P214": "VIAF"},
    }
    return Frame(**given | changes)


def year(number: int) -> Time:
    return Time(f"+{number}-00-00T00:00:00Z", 9)


def stated(
    property_id: str,
    value: Value | None,
    *references: Reference,
    rank: Rank = Rank.NORMAL,
    datatype: str | None = None,
) -> Statement:
    return Statement(Snak(property_id, value, datatype=datatype), (), references, rank)


def citing(url: str) -> Reference:
    return Reference((Snak("P854", Text(url)),))


def term(kind: Any, language: str, *texts: str) -> TermSaid:
    return TermSaid(TermRule(kind), language, texts)


def record(**changes: Any) -> Record:
    given: dict[str, Any] = {
        "key": "SE-1",
        "identifiers": (("P791", "SE-1"),),
        "statements": (Said(FOUNDED, (stated("P571", year(1900)),)),),
        "terms": (term("label", "en", "Harbour Museum"), term("alias", "en", "HM")),
    }
    return Record(**given | changes)


def item(*statements: Statement, **terms: Any) -> Item:
    groups: dict[str, tuple[Statement, ...]] = {}
    for each in statements:
        groups[each.property] = (*groups.get(each.property, ()), each)
    return Item(id="Q42", statements=groups, revision=500, **terms)


def matched(on: Item, **changes: Any) -> Matched:
    given: dict[str, Any] = {"record": record(), "key": ("SE-1",), "item": on, "changed": LONG_AGO}
    return Matched(**given | changes)


def added(on: Item, **changes: Any) -> list[tuple[str, str, str]]:
    return [(a.kind, a.code, a.value) for a in additions(matched(on, **changes), frame())]


def one(on: Item, **changes: Any) -> Addition:
    [found] = additions(matched(on, **changes), frame())
    return found


def test_labels_in_other_languages_come_home_and_what_the_record_says_does_not() -> None:
    on = item(
        labels={"en": "Harbour Museum", "sv": "Hamnmuseet", "mul": "Harbour Museum"},
        aliases={"en": ("HM", "Harbour Museum", "The Harbour"), "sv": ("Hamnis",)},
    )
    assert added(on) == [
        ("label", "sv", "Hamnmuseet"),
        ("label", "mul", "Harbour Museum"),
        ("alias", "en", "The Harbour"),
        ("alias", "sv", "Hamnis"),
    ]


def test_another_label_in_a_mapped_language_is_told_once() -> None:
    on = item(labels={"en": "Museum of the Harbour"})
    assert added(on) == [("label", "en", "Museum of the Harbour")]
    told = difference(slot="label/en", property="", column="name")
    assert added(on, differences=(told,)) == []


def test_what_cannot_be_told_is_not_compared() -> None:
    unread = TermSaid(TermRule("label"), "", UNKNOWN)
    on = item(stated("P571", year(1899)), labels={"sv": "Hamnmuseet"}, aliases={"sv": ("Hamnis",)})
    unknown = record(terms=(unread,), statements=(Said(FOUNDED, UNKNOWN),))
    assert added(on, record=unknown) == []


def test_other_identifiers_come_home_with_their_references() -> None:
    found = one(
        item(
            stated("P214", Text("123"), citing("https://viaf.example/123"), datatype="external-id"),
            stated("P791", Text("SE-1"), datatype="external-id"),
            stated("P18", Text("x"), rank=Rank.DEPRECATED),
            stated("P213", Text("0"), rank=Rank.DEPRECATED, datatype="external-id"),
            stated("P244", None, datatype="external-id"),
            stated("P31", EntityId("Q33506")),
        )
    )
    assert (found.kind, found.code, found.label, found.value) == (
        "identifier",
        "P214",
        "VIAF",
        "123",
    )
    assert found.references == ("https://viaf.example/123",)
    assert (found.item, found.item_url) == ("Q42", "https://data.example/wiki/Q42")
    assert (found.key, found.changed) == (("SE-1",), "2026-10-22")


def test_images_and_articles_come_home_with_their_addresses() -> None:
    on = item(
        stated("P18", Text("Harbour museum, 50% of it?.jpg")),
        sitelinks={"svwiki": Sitelink("svwiki", "Göteborgs hamnmuseum")},
    )
    image, article = additions(matched(on), frame())
    assert (image.kind, image.value) == ("image", "Harbour museum, 50% of it?.jpg")
    assert image.url == (
        "https://commons.wikimedia.org/wiki/File:Harbour_museum,_50%25_of_it%3F.jpg"
    )
    assert (article.kind, article.code, article.value) == (
        "article",
        "svwiki",
        "Göteborgs hamnmuseum",
    )
    assert article.url == "https://sv.wikipedia.org/wiki/G%C3%B6teborgs_hamnmuseum"


def test_an_image_is_known_by_the_sites_own_number() -> None:
    on = item(stated("P3", Text("A.jpg")), stated("P18", Text("B.jpg")))
    here = frame(numbers=SiteNumbers(properties={"P18": "P3"}))
    assert [found.value for found in additions(matched(on), here)] == ["A.jpg"]


@pytest.mark.parametrize(
    ("site", "url"),
    [
        ("nlwiki", "https://nl.wikipedia.org/wiki/A_b"),
        ("zh_min_nanwiki", "https://zh-min-nan.wikipedia.org/wiki/A_b"),
        ("svwikisource", "https://sv.wikisource.org/wiki/A_b"),
        ("commonswiki", "https://commons.wikimedia.org/wiki/A_b"),
        ("be_x_oldwiki", "https://be-tarask.wikipedia.org/wiki/A_b"),
        ("hub", ""),
        ("../wiki", ""),
    ],
)
def test_an_article_has_an_address_on_wikis_that_are_known(site: str, url: str) -> None:
    assert article_url(site, "A b") == url


def test_values_that_a_field_lacks_come_home_unless_they_were_once_the_records() -> None:
    saids = (Said(PLACES, (stated("P131", Text("Lund")),)), Said(FOUNDED, ()))
    ours = Reference((Snak("P248", EntityId("Q100")), Snak("P791", Text("SE-1"))))
    on = item(
        stated("P131", Text("LUND")),
        stated("P131", Text("Malmö"), citing("https://paper.example")),
        stated("P131", Text("Ystad"), ours),
        stated("P571", year(1899)),
    )
    place, founded = additions(matched(on, record=record(statements=saids)), frame())
    assert (place.kind, place.field, place.value) == ("value", "places", "Malmö")
    assert place.references == ("https://paper.example",)
    assert (founded.field, founded.code, founded.label, founded.value) == (
        "founded",
        "P571",
        "inception",
        "1899",
    )


def test_a_value_that_is_told_as_a_difference_is_no_addition() -> None:
    on = item(stated("P571", year(1899)), stated("P571", year(1900)))
    assert added(on) == [("value", "P571", "1899")]
    assert added(on, differences=(difference(),)) == []


def test_values_are_as_a_column_has_them() -> None:
    said = (Said(StatementRule("P625", column="place"), ()),)
    on = item(stated("P625", Coordinate(Decimal("57.7"), Decimal("-0.12"))))
    assert added(on, record=record(statements=said)) == [("value", "P625", "57.7,-0.12")]


@pytest.mark.parametrize(("hours", "count"), [(71, 0), (72, 1)])
def test_an_addition_is_told_once_it_has_stood(hours: int, count: int) -> None:
    on = item(labels={"sv": "Hamnmuseet"})
    assert len(added(on, changed=NOW - timedelta(hours=hours))) == count


def test_a_correction_leads_to_what_people_changed_since() -> None:
    refused = {difference_row(difference()): "refused"}
    [found] = corrections(
        matched(item(), differences=(difference(),), left=400), frame(answers=refused)
    )
    assert found.diff_url == "https://data.example/w/index.php?diff=500&oldid=400"
    assert (found.field, found.property, found.label, found.kind) == (
        "founded",
        "P571",
        "inception",
        "conflict",
    )
    assert (found.source_value, found.wiki_value) == ("1900", ("1899",))
    assert found.references == ("https://paper.example/1",)
    assert found.answer == "refused"
    [found] = corrections(matched(item(), differences=(difference(),)), frame())
    assert found.diff_url == "https://data.example/w/index.php?diff=500"
    assert found.answer == ""


def some() -> Iterator[Matched]:
    hostile = '=HYPERLINK("http://x","y")'
    yield matched(item())
    yield matched(
        item(stated("P571", year(1899)), labels={"sv": hostile}),
        differences=(difference(wiki_values=(hostile, "-3"), references=("a", "b")),),
    )
    yield matched(item(labels={"sv": "Två\nrader \ud800"}), key=("SE-2",))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(read_table(file))


def test_the_folder_is_a_valid_data_package_in_the_partners_columns(tmp_path: Path) -> None:
    counts = write_return(tmp_path / "back", frame(title="Museums of Example"), some())
    assert counts == Counts(records=2, corrections=1, additions=2)
    folder = tmp_path / "back"
    assert sorted(path.name for path in folder.iterdir()) == [
        "additions.csv",
        "corrections.csv",
        "datapackage.json",
        "return.json",
    ]
    report = validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["message"])
    package = Package(str(folder / "datapackage.json"))
    assert package.name == "museums-return"
    assert {resource.name: len(resource.read_rows()) for resource in package.resources} == {
        "corrections": 1,
        "additions": 2,
    }
    header = Resource(str(folder / "corrections.csv")).read_rows()[0].to_dict()
    assert next(iter(header)) == "isil"


def test_no_cell_of_the_folder_is_a_formula_and_all_read_back(tmp_path: Path) -> None:
    write_return(tmp_path, frame(), some())
    for name in ("corrections.csv", "additions.csv"):
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]
    [correction] = read(tmp_path / "corrections.csv")
    assert correction["wiki_value"] == '=HYPERLINK("http://x","y") | -3'
    assert (correction["isil"], correction["field"]) == ("SE-1", "founded")
    assert (correction["source_value"], correction["references"]) == ("1900", "a | b")
    first, second = read(tmp_path / "additions.csv")
    assert (first["value"], second["value"]) == ('=HYPERLINK("http://x","y")', "Två\nrader ?")


def test_the_json_holds_both_with_values_as_they_are(tmp_path: Path) -> None:
    write_return(tmp_path, frame(), some())
    both = json.loads((tmp_path / "return.json").read_text(encoding="utf-8"))
    assert (both["dataset"], both["site"]) == ("museums", "data")
    first, second = both["records"]
    assert (first["key"], first["item"]) == (["SE-1"], "Q42")
    assert first["corrections"][0]["wiki_value"] == ['=HYPERLINK("http://x","y")', "-3"]
    assert (second["key"], second["corrections"]) == (["SE-2"], [])
    assert second["additions"][0]["code"] == "sv"


def test_a_return_of_nothing_is_whole_and_replaces_the_one_before(tmp_path: Path) -> None:
    write_return(tmp_path, frame(), some())
    assert write_return(tmp_path, frame(), []) == Counts()
    assert json.loads((tmp_path / "return.json").read_text())["records"] == []
    assert read(tmp_path / "corrections.csv") == read(tmp_path / "additions.csv") == []
    assert validate(str(tmp_path / "datapackage.json")).valid


def test_what_breaks_off_leaves_the_files_of_before(tmp_path: Path) -> None:
    write_return(tmp_path, frame(), some())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken() -> Iterator[Matched]:
        yield from some()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_return(tmp_path, frame(), broken())
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_a_key_column_with_a_name_of_ours_keeps_it(tmp_path: Path) -> None:
    clash = frame(key_columns=("row", "answer"))
    write_return(
        tmp_path,
        clash,
        [matched(each.item, differences=each.differences, key=("1", "=2")) for each in some()],
    )
    [correction] = read(tmp_path / "corrections.csv")
    assert (correction["row"], correction["answer"]) == ("1", "=2")
    assert correction["hubbot_row"].startswith("r")
    assert validate(str(tmp_path / "datapackage.json")).valid
    answers, faults = read_answers(tmp_path / "corrections.csv")
    assert answers == {correction["hubbot_row"]: ""}
    assert faults == []


def refuse(path: Path, word: str = "refused") -> str:
    """The partner writes a word into the answer of the first row; the file's text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[1].endswith(",")
    return "\n".join([lines[0], lines[1] + word, *lines[2:], ""])


def test_a_row_that_was_refused_comes_back_as_such_until_the_wiki_says_something_new(
    tmp_path: Path,
) -> None:
    write_return(tmp_path, frame(), some())
    given = tmp_path / "given.csv"
    given.write_text(refuse(tmp_path / "corrections.csv", "Refused "), encoding="utf-8")
    answers, faults = read_answers(given)
    assert (list(answers.values()), faults) == (["refused"], [])
    assert write_return(tmp_path, frame(answers=answers), some()).refused == 1
    assert read(tmp_path / "corrections.csv")[0]["answer"] == "refused"
    new = [matched(item(), differences=(difference(),))]
    assert write_return(tmp_path, frame(answers=answers), new).refused == 0


@pytest.mark.parametrize("between", [";", "\t"])
def test_answers_are_read_as_spreadsheets_save_them(tmp_path: Path, between: str) -> None:
    write_return(tmp_path, frame(), some())
    with (tmp_path / "additions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    # Its first column comes right behind the byte order mark.
    rows = [[*row[-2:], "mine", *row[:-2]] for row in rows]
    rows[2][1] = "refused"
    given = tmp_path / "given.csv"
    with given.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=between).writerows(rows)
    answers, faults = read_answers(given)
    assert (list(answers.values()), faults) == (["", "refused"], [])


def test_what_is_no_answer_is_told_with_its_row(tmp_path: Path) -> None:
    write_return(tmp_path, frame(), some())
    given = tmp_path / "given.csv"
    given.write_text(refuse(tmp_path / "corrections.csv", "no thanks"), encoding="utf-8")
    answers, [fault] = read_answers(given)
    assert answers == {}
    assert fault.message.key == "report-answer-unknown"
    assert (fault.message.params, fault.column, fault.row) == ({"given": "no thanks"}, "answer", 1)


@pytest.mark.parametrize(
    ("content", "info"),
    [
        (b"", "it has no column row"),
        (b"<!DOCTYPE html><html>", "it has no column row"),
        (b"row,note\nr1,x\n", "it has no column answer"),
        ("row,answer\nr1,avböjd".encode("cp1252"), "it is not UTF-8"),
        (b"PK\x03\x04\xff\xfe", "it is not UTF-8"),
        (b"row,answer\nr1," + b"x" * (2**20 + 1), "field larger than field limit (1048576)"),
        (None, "No such file or directory"),
    ],
)
def test_a_file_that_is_no_return_file_is_told_and_gives_no_answers(
    tmp_path: Path, content: bytes | None, info: str
) -> None:
    given = tmp_path / "given.csv"
    if content is not None:
        given.write_bytes(content)
    answers, [fault] = read_answers(given)
    assert answers == {}
    assert (fault.message.key, fault.message.params) == (
        "report-answers-unreadable",
        {"info": info},
    )
    assert csv.field_size_limit() != 2**20
