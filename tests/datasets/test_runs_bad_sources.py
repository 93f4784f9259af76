"""A dataset's runs on files that are broken, cut or wrong: nothing is lost by them, all is told."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.datasets.runs_scene import items, messages, rows
from tests.datasets.scene import FOUNDED, SITE, STAFF, WHEN, Stage, row


def broken(folder: Path, how: str) -> None:
    """Spoil the release's file."""
    csv = folder / "museums.csv"
    text = csv.read_text()
    head, *lines = text.splitlines()
    match how:
        case "empty":
            csv.write_text("")
        case "html":
            csv.write_text("<!DOCTYPE html><html><body>Moved</body></html>")
        case "wrong column":
            csv.write_text("\n".join([head.replace("staff", "personnel", 1), *lines]))
        case "encoding":
            csv.write_bytes(text.replace("Museum", "Musée", 1).encode("latin-1"))
        case "cut gzip":
            packed = gzip.compress(text.encode() * 50)
            (folder / "museums.csv.gz").write_bytes(packed[: len(packed) // 2])
            package = folder / "datapackage.json"
            package.write_text(package.read_text().replace("museums.csv", "museums.csv.gz"))
        case "outside":
            package = folder / "datapackage.json"
            package.write_text(package.read_text().replace("museums.csv", "../../hub.yaml"))


@pytest.mark.parametrize(
    "how", ["empty", "html", "wrong column", "outside", "encoding", "cut gzip"]
)
def test_a_broken_source_changes_nothing_on_the_wiki_and_is_told(stage: Stage, how: str) -> None:
    stage.mapping["source"]["bad_records"] = "stop"
    stage.write()
    items(stage, 3)
    stage.release(rows(3))
    stage.run()
    stage.release(rows(3, staff=50))
    broken(stage.folder / "datasets" / "museums", how)
    mark = stage.ground.mark()
    stage.run()
    assert {each.method for each in stage.ground.asked_since(mark)} == {"GET"}
    assert any(key.startswith("source-") for key in messages(stage))
    stage.release(rows(3, staff=50))
    assert dict(stage.run().counts) == {"saved": 3}


def test_a_bad_record_is_told_by_its_key_and_column_and_the_others_go_on(stage: Stage) -> None:
    items(stage, 3)
    stage.release([row("X-1"), row("X-2", staff="many"), row("X-3")])
    assert dict(stage.run().counts) == {"saved": 2}
    (finding,) = stage.findings()
    assert "X-2" in finding.finding.where
    assert "staff" in finding.finding.where


def test_a_field_that_the_source_does_not_have_is_told_once_and_nothing_is_written(
    stage: Stage,
) -> None:
    items(stage, 3)
    stage.mapping["statements"][2]["field"] = "personnel"
    stage.write()
    stage.release(rows(3))
    assert dict(stage.run().counts) == {}
    (told,) = stage.findings()
    assert told.finding.message.params == {"list_names": ["personnel"]}


def test_what_was_told_stays_told_while_the_source_cannot_be_read(stage: Stage) -> None:
    stage.item("Q1", "X-1")
    stage.item("Q2", "X-1")
    stage.release(rows(1))
    stage.run()
    broken(stage.folder / "datasets" / "museums", "html")
    stage.run()
    assert "match-two-items" in messages(stage)


def test_a_record_with_a_bad_byte_is_not_gone(stage: Stage) -> None:
    for each in stage.mapping["statements"]:
        each["withdrawal"] = "remove"
    stage.mapping["source"]["gone_after"] = 1
    stage.write()
    items(stage, 2)
    stage.release(rows(2))
    stage.run()
    stage.release(rows(2))
    csv = stage.folder / "datasets" / "museums" / "museums.csv"
    before, name, after = csv.read_bytes().rpartition(b"Museum ")
    csv.write_bytes(before + name.replace(b" ", b"\0") + after)
    assert dict(stage.run().counts) == {}
    assert stage.values("Q2", STAFF)


def test_a_property_that_takes_other_values_is_told_once_and_the_rest_is_written(
    stage: Stage,
) -> None:
    founded, staff = stage.mapping["statements"][1:3]
    founded["datatype"] = "string"
    del founded["transform"]
    staff["qualifiers"] = [{"property": WHEN, "field": "staff_year", "datatype": "string"}]
    stage.write()
    items(stage, 2)
    stage.release(rows(2))
    mark = stage.ground.mark()
    assert dict(stage.run().counts) == {"saved": 2}
    sent = stage.ground.asked_since(mark)
    assert [each.method for each in sent].count("PATCH") == 2
    assert stage.values("Q1", FOUNDED) == stage.values("Q1", STAFF) == []
    assert stage.values("Q1", SITE)
    assert messages(stage) == {"check-datatype"}
    told = sorted(str(each.finding.message.params["property"]) for each in stage.findings())
    assert told == [FOUNDED, WHEN]
    founded |= {"datatype": "time", "transform": ["date"]}
    staff["qualifiers"][0] |= {"datatype": "time", "transform": ["year"]}
    stage.write()
    assert dict(stage.run().counts) == {"saved": 2}
    assert stage.values("Q1", FOUNDED)
    assert stage.values("Q1", STAFF)
    assert stage.findings() == []
