"""`hubbot dataset new` on files as people really have them: what is seen through, what is told."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bots.datasets.beginning.looking import look_at
from tests.domains.newly import mapping, new, table

ROWS = ("XE-1", "XE-2", "XE-3", "XE-4", "XE-5", "XE-6")


def lines(header: str, row: str) -> str:
    """A file of six records; in `row` the identifier is {0}, a number from 1 on {1}."""
    return "\n".join([header, *(row.format(each, n) for n, each in enumerate(ROWS, 1))]) + "\n"


def package(place: Path, name: str) -> Any:
    """The resource in the data package that was written."""
    text = (place / "datasets" / name / "datapackage.json").read_text(encoding="utf-8")
    return json.loads(text)["resources"][0]


TOLD = {
    "cut.json": (b'[{"isil": "XE-1"}, {"isil"', "Row 2: the JSON is broken"),
    "null.json": (b"null", "not a list of records"),
    "report.csv": (b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n", "neither a table nor JSON"),
    "letter.csv": (b"{\\rtf1 museums}", "neither a table nor JSON"),
    "feed.csv": (b"<?xml version='1.0'?>\n<records/>", "neither a table nor JSON"),
    "groups.csv": (
        lines("Identity,,Place,\nisil,name,lat,lon", "{0},n,5{1}.1,1{1}.2").encode(),
        "fill columns without a name",
    ),
    "headless.csv": (b"XE-1,Town\nXE-2,Mill\nXE-3,Kiln\n", "does not name the columns"),
    "years.csv": (b"Town,1901\nMill,1902\nKiln,1903\n", "does not name the columns"),
    "formulas.csv": (
        lines("isil,code", '{0},"=""00{1}"""').encode(),
        'Row 1, column “code”: “="001"” is a spreadsheet’s formula',
    ),
    "small.csv": (lines("isil,name", "xe-{1},n").encode(), "such as “xe-1”. Correct them"),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_wrong_with_a_file_is_told_at_once(place: Path, tmp_path: Path, name: str) -> None:
    data, said = TOLD[name]
    (tmp_path / name).write_bytes(data)
    assert said in new(place, tmp_path / name).error
    assert not list(place.glob("datasets/*"))


def test_a_path_that_is_no_file_is_told(place: Path, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    for name in ("folder.csv", "loop.csv"):
        assert f"There is no file {name}. Give the path" in new(place, tmp_path / name).error


def test_rows_without_a_value_and_what_a_mac_adds_are_no_data(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "museums.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("museums.csv", lines("isil,name,,", "{0},Name {1},,") + ",,,\n,,,\n")
        archive.writestr("__MACOSX/._museums.csv", "\0\5\x16\7")
    told = new(place, file)
    assert told.error == ""
    assert "6 records" in told.output
    assert "“”" not in told.output


def test_commas_in_texts_do_not_part_the_columns(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "texts.csv"
    file.write_text(lines("isil;name;beschreibung", "{0};Haus {1};ein Haus, alt, groß, schön"))
    assert new(place, file).error == ""
    assert package(place, "texts")["dialect"] == {"delimiter": ";"}
    terms = [(each["term"], each["language"]) for each in mapping(place, "texts")["terms"]]
    assert terms == [("label", "de"), ("description", "de")]


@pytest.mark.parametrize(
    ("data", "encoding", "heard", "bad"),
    [
        (b"x\n" * 600_000 + "Köln\n".encode("latin-1"), "cp1252", "Köln", 0),
        ("Köln\nÖrebro\n".encode() + "Öd\n".encode("latin-1"), "utf-8", "", 1),
        ("Köln\nÖrebro\n".encode("latin-1"), "cp1252", "Köln", 0),
    ],
    ids=["late", "one row", "all"],
)
def test_the_encoding_is_told_by_all_of_the_file(
    tmp_path: Path, data: bytes, encoding: str, heard: str, bad: int
) -> None:
    file = tmp_path / "names.csv"
    file.write_bytes(b"name\n" + data)
    looked = look_at(file)
    assert (looked.encoding, looked.heard, looked.bad) == (encoding, heard, bad)


def test_a_years_column_and_a_numbering_one_are_no_missing_header(
    place: Path, tmp_path: Path
) -> None:
    file = tmp_path / "visits.csv"
    file.write_text(lines(",ISIL-Code,2019,2020", "{1},{0},{1}0,{1}1"))
    assert new(place, file).error == ""
    assert mapping(place, "visits")["match"]["field"] == "ISIL-Code"


def said(place: Path, tmp_path: Path, header: str, row: str) -> tuple[dict[str, Any], str]:
    """The statements of a mapping by property, and its text."""
    file = tmp_path / "guessed.csv"
    file.write_text(lines(header, row))
    assert new(place, file).error == ""
    text = (place / "datasets" / "guessed.yaml").read_text(encoding="utf-8")
    return table(mapping(place, "guessed")), text


def test_places_in_degrees_and_minutes_are_read_from_two_columns(
    place: Path, tmp_path: Path
) -> None:
    found, _text = said(place, tmp_path, "isil,lat,lon", "{0},55°4{1}.5'N,13°1{1}.2'E")
    assert found["P625"]["template"] == "{lat},{lon}"


def test_what_is_no_latitude_is_told_and_a_width_is_none(place: Path, tmp_path: Path) -> None:
    found, text = said(
        place, tmp_path, "isil,lat,lon,Breite,Länge", "{0},658{1}822,67403{1},4{1}.5,60"
    )
    assert "P625" not in found
    assert "# - lat: by its name coordinate location, but its values can’t" in text
    assert "# - Breite: not known" in text


@pytest.mark.parametrize(
    ("header", "row", "property_id"),
    [
        ("isil,image_url", "{0},https://i.example/{1}.jpg", "P856"),
        ("isil,Bild", "{0},https://i.example/{1}.jpg", "P856"),
        ("isil,created", "{0},2023-05-0{1}T12:31:01Z", "P571"),
        ("isil,founded", "{0},430{1}", "P571"),
        ("isil,Fläche", '{0},"1.25{1},5"', "P625"),
        ("isil,scan", "{0},DSC_{1}.jpg", "P18"),
    ],
)
def test_what_a_column_may_mean_is_not_used_before_people_have_said_so(
    place: Path, tmp_path: Path, header: str, row: str, property_id: str
) -> None:
    found, text = said(place, tmp_path, header, row)
    assert property_id not in found
    assert f"# - {header.partition(',')[2]}: " in text or f"# - {{property: {property_id}" in text


def test_the_address_of_a_record_and_a_website_are_still_known(place: Path, tmp_path: Path) -> None:
    found, _text = said(
        place,
        tmp_path,
        "isil,source_url,website_url",
        "{0},https://s.example/{1},https://{0}.example/",
    )
    assert (found["P973"]["field"], found["P856"]["field"]) == ("source_url", "website_url")


def test_languages_with_a_country_or_script_are_told_and_others_asked_about(
    place: Path, tmp_path: Path
) -> None:
    header = "isil,name_sv_SE,name@pt-br,name_zh-hans,Namn,Kort namn"
    _found, text = said(place, tmp_path, header, "{0},a{1},b{1},c{1},d{1},e{1}")
    terms = [(each["language"], each["field"]) for each in mapping(place, "guessed")["terms"]]
    assert terms == [("sv", "name_sv_SE"), ("pt-br", "name@pt-br"), ("zh-hans", "name_zh-hans")]
    assert "# - {term: alias, language: sv, field: Kort namn}" in text


def test_texts_with_line_breaks_are_joined_and_those_with_html_left_out(
    place: Path, tmp_path: Path
) -> None:
    _found, text = said(
        place, tmp_path, "isil,name,description", '{0},"Town\nmuseum {1}",<p>One &amp; {1}</p>'
    )
    (term,) = mapping(place, "guessed")["terms"]
    assert term["transform"] == ["one-space"]
    assert "# - description: its texts have HTML in them" in text


def test_a_number_that_no_two_have_is_not_the_key_and_the_nearest_key_is_told(
    place: Path, tmp_path: Path
) -> None:
    file = tmp_path / "visits.csv"
    file.write_text(lines("isil,visitors,name", "{0},{1}00,Name {1}") + ",2100,Sum\n")
    told = new(place, file)
    assert package(place, "visits")["schema"]["primaryKey"] == "name"
    assert "“isil” would tell the records from one another, but one record has none" in told.output


def test_no_more_than_ten_columns_of_words_are_asked_about(place: Path, tmp_path: Path) -> None:
    columns = [f"Question {n}" for n in range(40)]
    _found, text = said(
        place, tmp_path, ",".join(["isil", *columns]), ",".join(["{0}", *["yes"] * 40])
    )
    assert text.count("# ? What is the column “Question") == 10
    assert text.count("# - Question") == 40


def test_thousands_are_not_read_as_decimals(place: Path, tmp_path: Path) -> None:
    found, _text = said(place, tmp_path, "isil;Besucher", "{0};12.{1}00")
    assert found["P1174"]["transform"] == [{"decimal": {"point": ",", "group": "."}}]
    fields = package(place, "guessed")["schema"]["fields"]
    assert [each["type"] for each in fields] == ["string", "string"]


def test_what_programs_write_for_no_value_is_none(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "frame.csv"
    file.write_text("isil,name,founded\nXE-1,nan,1901\nXE-2,Nan,\\N\nXE-3,None,1903\n")
    assert new(place, file).error == ""
    assert package(place, "frame")["schema"]["missingValues"] == ["", "None", "\\N", "nan"]
    assert table(mapping(place, "frame"))["P571"]["transform"] == ["year"]


def test_a_property_that_is_now_a_text_and_now_an_object_may_be_both(
    place: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mixed.json"
    file.write_text('[{"isil": "XE-1", "name": {"de": "Haus"}}, {"isil": "XE-2", "name": "Hus"}]')
    assert new(place, file).error == ""
    fields = package(place, "mixed")["schema"]["fields"]
    assert [each["type"] for each in fields] == ["string", "any"]
