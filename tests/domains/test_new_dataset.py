"""`hubbot dataset new`: from a partner's file to a mapping that plans, or to what is to be done."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.datasets.beginning.columns import Column, words_of
from bots.datasets.beginning.known import KNOWN
from bots.datasets.beginning.shapes import fit_of
from sandbox.domains import carrying
from tests.domains import files
from tests.domains.hub import Hub
from tests.domains.newly import HUB, mapping, new, table

FILES: list[tuple[Callable[[Path], Path], str, str]] = [
    (files.museums, "museums", "P791"),
    (files.buildings, "byggnader-i-lanet", "P1260"),
    (files.organisations, "organisations", "P6782"),
    (files.monuments, "monuments", "P359"),
]


@pytest.mark.parametrize(("make", "name", "property_id"), FILES, ids=[each[1] for each in FILES])
def test_a_file_becomes_a_mapping_that_plans_at_once(
    hub: Hub, tmp_path: Path, make: Callable[[Path], Path], name: str, property_id: str
) -> None:
    assert new(hub.folder, make(tmp_path)).error == ""
    assert mapping(hub.folder, name)["match"]["property"] == property_id
    hub.properties(**{property_id: "external-id", "P31": "wikibase-item"})
    first = {"P791": "XE-1001", "P1260": "raa/bbr/213000000010", "P6782": "05a28rw58"}
    hub.seed(carrying("Q1", property_id, first.get(property_id, "501")))
    planned = hub.hubbot("plan", name)
    assert planned.exit_code == 0, planned.output
    assert "wikidata:Q1 (edit)" in planned.output
    assert "+" in planned.output.partition("wikidata:Q1 (edit)")[2]
    assert "'hubbot apply" in planned.output


def test_columns_are_told_by_their_names_and_values(place: Path, tmp_path: Path) -> None:
    assert new(place, files.museums(tmp_path), language="en").error == ""
    found = mapping(place, "museums")
    assert found["site"] == "wikidata"
    assert found["terms"] == [{"term": "label", "language": "en", "field": "name"}]
    assert found["tables"] == {
        "kinds": {"archive": "Q166118", "library": "Q7075", "museum": "Q33506"}
    }
    assert table(found) == {
        "P791": {"field": "isil", "datatype": "external-id"},
        "P31": {
            "field": "type",
            "datatype": "wikibase-item",
            "transform": ["lower"],
            "table": "kinds",
        },
        "P571": {"field": "founded", "datatype": "time", "transform": [{"date": ["D.M.YYYY"]}]},
        "P625": {
            "template": "{lat},{lon}",
            "datatype": "globe-coordinate",
            "transform": ["latlon"],
        },
        "P856": {
            "field": "website",
            "datatype": "url",
            "transform": [{"url": "https"}],
            "equivalence": ["url"],
        },
        "P1174": {
            "field": "visitors",
            "datatype": "quantity",
            "transform": [{"decimal": {"point": ".", "group": ","}}],
        },
    }
    text = (place / "datasets" / "museums.yaml").read_text(encoding="utf-8")
    assert "# ecomuseum: Q…  # 1" in text
    assert "# - email: addresses" in text
    package = json.loads((place / "datasets" / "museums" / "datapackage.json").read_text())
    schema = package["resources"][0]["schema"]
    assert (schema["primaryKey"], schema["missingValues"]) == ("isil", ["", "n/a"])


def test_other_languages_letters_and_commas_are_read(place: Path, tmp_path: Path) -> None:
    told = new(place, files.buildings(tmp_path))
    assert "it is read as cp1252. If “Benämning”" in told.output
    found = mapping(place, "byggnader-i-lanet")
    assert found["terms"] == [{"term": "label", "language": "sv", "field": "Benämning"}]
    said = table(found)
    assert said["P571"] == {"field": "Byggår", "datatype": "time", "transform": ["year"]}
    assert said["P625"]["template"] == "{Breddgrad};{Längdgrad}"
    assert said["P625"]["transform"][-1] == "latlon"
    assert found["tables"] == {"places": {}}
    package = json.loads(
        (place / "datasets" / "byggnader-i-lanet" / "datapackage.json").read_text(encoding="utf-8")
    )
    (resource,) = package["resources"]
    assert (resource["encoding"], resource["dialect"]) == ("cp1252", {"delimiter": ";"})


def test_what_lies_in_objects_and_lists_is_found(place: Path, tmp_path: Path) -> None:
    assert new(place, files.organisations(tmp_path)).error == ""
    found = mapping(place, "organisations")
    assert found["match"]["item"] == {"field": "wikidata", "transform": ["wikidata-id"]}
    assert [(each["language"], each["path"]) for each in found["terms"]] == [
        ("sv", "name.sv"),
        ("en", "name.en"),
    ]
    said = table(found)
    assert said["P856"]["many"] is True
    assert said["P17"]["transform"] == ["country-code"]
    assert found["tables"]["countries"] == {"NO": "Q20", "SE": "Q34"}


def test_the_properties_of_geojson_are_fields(place: Path, tmp_path: Path) -> None:
    assert new(place, files.monuments(tmp_path)).error == ""
    found = mapping(place, "monuments")
    assert found["terms"] == [{"term": "label", "language": "nl", "field": "naam"}]
    said = table(found)
    assert said["P625"]["field"] == "geometry"
    assert said["P571"] == {"field": "bouwjaar", "datatype": "time", "transform": ["year"]}
    assert said["P18"]["transform"] == ["commons-file"]


def test_quotation_marks_that_are_letters_are_left_in_place(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "entries.tsv"
    file.write_text('isil\tnotes\nXE-1\t"a";b "c"\nXE-2\td\n')
    assert new(place, file).error == ""
    package = json.loads((place / "datasets" / "entries" / "datapackage.json").read_text())
    assert package["resources"][0]["dialect"] == {"quoteChar": ""}


def test_the_same_file_gives_the_same_mapping_and_nothing_is_overwritten(
    place: Path, tmp_path: Path
) -> None:
    file = files.museums(tmp_path)
    new(place, file)
    first = (place / "datasets" / "museums.yaml").read_bytes()
    assert "is there already, and nothing is overwritten" in new(place, file).error
    assert (place / "datasets" / "museums.yaml").read_bytes() == first
    assert new(place, file, "museums-two").error == ""
    second = (place / "datasets" / "museums-two.yaml").read_bytes()
    assert second.replace(b"museums-two", b"museums") == first


def test_a_file_that_lies_in_its_place_already_is_not_copied(place: Path) -> None:
    there = place / "datasets" / "museums"
    there.mkdir(parents=True)
    assert new(place, files.museums(there)).error == ""
    assert sorted(path.name for path in there.iterdir()) == ["datapackage.json", "museums.csv"]
    mapping(place, "museums")


def test_answers_are_taken_and_no_longer_asked(place: Path, tmp_path: Path) -> None:
    told = new(
        place,
        files.museums(tmp_path),
        partner="Example Museums Authority",
        licence="CC0-1.0",
        stated_in="Q5",
        language="sv",
        c_founded="P1619",
        c_website="-",
    )
    assert told.error == ""
    assert "Whose data" not in told.output
    assert "licence" not in told.output
    found = mapping(place, "museums")
    assert found["partner"] == "Example Museums Authority"
    assert found["reference"][0] == {"property": "P248", "item": "Q5"}
    assert found["terms"][0]["language"] == "sv"
    said = table(found)
    assert said["P1619"]["datatype"] == "time"
    assert "? Is “time” the datatype of P1619?" in told.output
    assert "P571" not in said
    assert "P856" not in said


def test_at_a_terminal_it_asks_and_asks_again_what_can_be_no_answer(
    place: Path, tmp_path: Path
) -> None:
    file = tmp_path / "things.csv"
    file.write_text("code,name\nA-1,One thing\nA-2,Another\n")
    answers = "nonsense\nP9999\nde\nThe Partner\nQ7\nCC0-1.0\n"
    with CliRunner().isolation(answers) as (shown, *_):
        told = new(place, file, asks=True)
        assert told.error == ""
        assert "“nonsense” can’t be an answer" in shown.getvalue().decode()
    found = mapping(place, "things")
    assert found["match"] == {"property": "P9999", "field": "code"}
    assert found["partner"] == "The Partner"
    assert found["terms"][0]["language"] == "de"
    assert "# ? Whose" not in (place / "datasets" / "things.yaml").read_text()


WRONG = {
    "html": (b"<!DOCTYPE html>\n<title>404</title>", "a web page, not data"),
    "empty": (b"", "The file is empty"),
    "header": (b"isil,name\n", "no records"),
    "headless": (b"1,2\n3,4\n", "does not name the columns"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "neither a table nor JSON"),
    "cut": (b'{"items": [{"a": 1}, {"a"', "JSON is broken"),
    "preamble": (b"Museums 2026\n\nisil,name\nXE-A,B\nXE-B,C\n", "(“Museums 2026”) does not name"),
    "separator": (b"sep=;\nisil;name\nXE-A;B\nXE-B;C\n", "Take out what stands above"),
    "by-key": (b'{"XE-A": {"name": "x"}}', "not a list of records"),
    "doubled": (b"isil,isil\nX,Y\n", "there twice"),
    "no-key": (b"name,town\nA,X\nA,Y\n,Y\n", "The nearest is “town”"),
    "no-identifier": (b"name,town\nA,X\nB,Y\n", "--property P"),
    "cells": (b"isil,name\nXE-A,B,C\nXE-B,C,D\n", "Row 1 has 3 cells for 2 columns"),
    "old-sheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Save the sheet as CSV"),
    "gzip": (b"\x1f\x8b\x08\0garbage", "can’t be unpacked"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_broken_file_ends_in_one_error_that_says_what_to_do(
    place: Path, tmp_path: Path, name: str
) -> None:
    data, said = WRONG[name]
    file = tmp_path / f"{name}.{'json' if data[:1] == b'{' else 'csv'}"
    file.write_bytes(data)
    told = new(place, file)
    assert said in told.error
    assert not list(place.glob("datasets/*"))
    assert not list(place.glob("datasets/.*"))


def test_a_spreadsheet_and_a_missing_file_are_told_as_such(place: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "museums.xlsx"
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
    assert "museums.xlsx is a spreadsheet" in new(place, sheet).error
    assert "There is no file" in new(place, tmp_path / "nowhere.csv").error


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"name": "Our Museums"}, "can't be an id"),
        ({"name": "../elsewhere"}, "can't be an id"),
        ({"name": "a/b"}, "can't be an id"),
        ({"name": "intake"}, "another bot's name"),
        ({"site": "wikidate"}, "hub.yaml has no site 'wikidate'"),
        ({"c_nothere": "P5"}, "There is no column “nothere”"),
        ({"c_founded": "571"}, "“571” can’t be an answer"),
        ({"language": "Swedish"}, "“Swedish” can’t be an answer"),
        ({"key": "visitors"}, "The nearest is “visitors”: one record has none"),
        ({"key": "nothere"}, "There is no column “nothere”"),
    ],
)
def test_what_cannot_be_is_told_and_leaves_nothing(
    place: Path, tmp_path: Path, words: dict[str, str], said: str
) -> None:
    told = new(place, files.museums(tmp_path), **words)
    assert said in told.error
    assert ".new-" not in told.error
    assert [path.name for path in place.rglob("*") if path.is_file()] == ["hub.yaml"]


NASTY = (
    'a: [b\nc: "d', "# ? x", "\x1b[31mred", "\u202eturned", "\u2028line", "'\"{}", "{x}", "- -",
    "*a", "&a", "!!python/object", "NO", "null", "1_000", "=cmd|' /C'!A0", "%s", "\u0085next",
    "<b>", "[bold]x[/bold]", "name", "a\tb",
)  # fmt: skip


def test_no_header_and_no_value_breaks_the_mapping_or_the_terminal(
    place: Path, tmp_path: Path
) -> None:
    file = tmp_path / "nasty.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["isil", "type", "country", *NASTY])
        for number in range(2 * len(NASTY) + 2):
            mean = NASTY[number % len(NASTY)]
            cells = [f"x {each} {number % 3}" for each in NASTY]
            writer.writerow([f"XE-{number}", mean, mean, *cells])
    mean = {"partner": NASTY[0], "title": "\x1b]0;t\x07\n# x", "licence": "\u202eCC0\ny: z"}
    told = new(place, file, **mean)
    assert told.error == ""
    assert all(sign.isprintable() or sign == "\n" for sign in told.output)
    found = mapping(place, "nasty")
    assert found["partner"] == NASTY[0]
    assert table(found)["P31"]["field"] == "type"
    text = (place / "datasets" / "nasty.yaml").read_text(encoding="utf-8")
    assert all(sign.isprintable() or sign == "\n" for sign in text)


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)


@settings(max_examples=15, deadline=None)
@given(
    names=st.lists(TEXTS, min_size=1, max_size=4, unique_by=str.strip),
    rows=st.lists(st.lists(TEXTS, min_size=4, max_size=4), min_size=1, max_size=6),
)
def test_whatever_is_in_a_file_the_mapping_is_sound_or_nothing_is_written(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "hub.yaml").write_text(yaml.safe_dump(HUB))
    file = folder / "any.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["key", *names])
        writer.writerows([f"k{n}", *row[: len(names)]] for n, row in enumerate(rows))
    if new(folder, file, match="P999999").error:
        assert not (folder / "datasets" / "any.yaml").exists()
    else:
        mapping(folder, "any")


@pytest.mark.parametrize(
    ("values", "steps", "doubtful"),
    [
        (["1850", "1901"], ("year",), False),
        (["1850-02-01", "1901"], ("date",), False),
        (["1.2.1850", "13.2.1850"], ({"date": ["D.M.YYYY"]},), False),
        (["3/4/1850", "13/4/1850"], ({"date": ["D/M/YYYY"]},), False),
        (["3/4/1850", "4/13/1850"], ({"date": ["M/D/YYYY"]},), False),
        (["3/4/1850", "5/6/1850"], ({"date": ["D/M/YYYY"]},), True),
        (
            ["1 mars 1850", "3 maj 1900"],
            ({"date": {"formats": ["D MMMM YYYY"], "language": "sv"}},),
            False,
        ),
    ],
)
def test_dates_are_read_as_they_are_written(
    values: list[str], steps: tuple[Any, ...], doubtful: bool
) -> None:
    fit = fit_of(column("founded", values), "time")
    assert (fit.steps, fit.share, fit.doubtful) == (steps, 1.0, doubtful)


@pytest.mark.parametrize(
    ("values", "steps", "doubtful"),
    [
        (["12", "7"], (), False),
        (["12,5", "7"], ({"decimal": {"point": ","}},), False),
        (["1.250,5", "7"], ({"decimal": {"point": ",", "group": "."}},), False),
        (["1 250", "7"], ({"decimal": {"point": ",", "group": " "}},), False),
        (["1,250", "3,100"], ({"decimal": {"point": ".", "group": ","}},), True),
    ],
)
def test_numbers_are_read_as_they_are_written(
    values: list[str], steps: tuple[Any, ...], doubtful: bool
) -> None:
    fit = fit_of(column("area", values), "quantity")
    assert (fit.steps, fit.share, fit.doubtful) == (steps, 1.0, doubtful)


def test_a_doubtful_date_is_shown_and_not_used(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "dates.csv"
    file.write_text("isil,founded\nXE-1,3/4/1850\nXE-2,5/6/1850\n")
    assert new(place, file).error == ""
    assert "P571" not in table(mapping(place, "dates"))
    text = (place / "datasets" / "dates.yaml").read_text(encoding="utf-8")
    assert "# - {property: P571, field: founded" in text


def column(name: str, values: list[str]) -> Column:
    return Column(name, {"field": name}, name, tuple(values), filled=len(values))


def test_words_are_found_in_names_of_every_kind() -> None:
    assert words_of("officialWebsite") == ("official", "website")
    assert words_of("name_sv") == ("name", "sv")
    assert words_of("Grundad (år)") == ("grundad", "år")


def test_every_known_property_is_told_once() -> None:
    ids = [each.id for each in KNOWN]
    assert len(ids) == len(set(ids))
