"""What the partner gets by the command: reports of what stood, and the file to take home."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from bots.house import open_dataset
from tests.datasets.scene import STAFF, Stage, claim, row


def corrected(stage: Stage) -> None:
    """People corrected a number, added a name and an identifier; it stood four days."""
    stage.seed("P214", datatype="external-id")
    stage.item("Q1", "X-1")
    stage.release([row("X-1"), row("X-2")])
    stage.run()
    (statement,) = stage.entity("Q1")["claims"][STAFF]
    statement["mainsnak"]["datavalue"]["value"]["amount"] = "+99"
    viaf = claim("Q1", 5, "P214", "123456")
    del viaf["id"]
    stage.person().edit(
        "Q1",
        {
            "claims": [statement, viaf],
            "labels": {"sv": {"language": "sv", "value": "Museet"}},
        },
    )
    stage.run(0.1)


def test_the_report_has_what_stood_for_three_days_and_nothing_else(stage: Stage) -> None:
    corrected(stage)
    assert reported(stage) == []
    stage.now += timedelta(days=2.8)
    assert reported(stage) == []
    stage.now += timedelta(days=0.2)
    assert [line["record"] for line in reported(stage)] == ["X-1"]


def reported(stage: Stage) -> list[dict[str, Any]]:
    """The report as of the stage's time."""
    file = io.StringIO()
    with open_dataset(stage.house, stage.dataset) as bot:
        bot.report(file, "csv")
    return list(csv.DictReader(io.StringIO(stage.ground.here(file.getvalue()))))


def test_the_three_formats_tell_the_same_correction(stage: Stage) -> None:
    corrected(stage)
    with stage.house.store() as store:
        (found,) = store.findings(stage.dataset)
        assert found.finding.message.key == "dataset-corrected"
    told = stage.command("dataset", "report", stage.dataset)
    (line,) = csv.DictReader(io.StringIO(told.stdout))
    assert (line["record"], line["wiki_value"], line["source_value"]) == ("X-1", "99", "12")
    (same,) = json.loads(
        stage.command("dataset", "report", stage.dataset, "--format", "json").stdout
    )["differences"]
    assert same["item"] == "Q1"
    mismatch = stage.command("dataset", "report", stage.dataset, "--format", "mismatch").stdout
    (finder,) = csv.DictReader(io.StringIO(mismatch))
    assert (finder["item_id"], finder["property_id"], finder["external_value"]) == (
        "Q1",
        STAFF,
        "12",
    )


def test_the_return_file_brings_home_what_people_corrected_and_added(
    stage: Stage, tmp_path: Path
) -> None:
    corrected(stage)
    out = tmp_path / "home"
    told = stage.command("dataset", "return", stage.dataset, str(out))
    assert told.exit_code == 0, told.output
    (correction,) = lines(stage, out / "corrections.csv")
    assert (correction["isil"], correction["field"]) == ("X-1", "staff")
    assert (correction["source_value"], correction["wiki_value"]) == ("12", "99")
    stage.ground.own("a clock that can be set, so that an edit has stood for three days")
    added = {(line["kind"], line["value"]) for line in lines(stage, out / "additions.csv")}
    assert added == {("label", "Museet"), ("identifier", "123456")}


def test_a_row_that_the_partner_refused_comes_back_as_refused_and_decides_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    corrected(stage)
    out = tmp_path / "home"
    stage.command("dataset", "return", stage.dataset, str(out))
    text = (out / "corrections.csv").read_text()
    (first,) = lines(stage, out / "corrections.csv")
    assert first["answer"] == ""
    (out / "corrections.csv").write_text(text.rstrip("\n") + "refused\n")
    given = stage.command("dataset", "answers", stage.dataset, str(out / "corrections.csv"))
    assert given.stdout == "1 rows are refused by the partner\n", given.output
    stage.command("dataset", "return", stage.dataset, str(out))
    (again,) = lines(stage, out / "corrections.csv")
    assert again["answer"] == "refused"
    before = stage.entity("Q1")["lastrevid"]
    stage.run()
    assert stage.entity("Q1")["lastrevid"] == before
    assert len(stage.findings()) == 1


def test_a_dataset_that_there_is_not_is_told(stage: Stage) -> None:
    told = stage.command("dataset", "report", "meseums")
    assert told.exit_code == 2
    assert "meseums" in told.output


def lines(stage: Stage, path: Path) -> list[dict[str, Any]]:
    with path.open(newline="", encoding="utf-8") as file:
        return stage.ground.here(list(csv.DictReader(file)))


def test_a_mapping_s_faults_are_told_by_hubbot_check(stage: Stage) -> None:
    stage.mapping["statements"][1]["change"] = "replce"
    stage.write()
    told = stage.command("check", "--offline")
    assert told.exit_code == 2
    assert "museums.yaml:" in told.output
    assert "replace" in told.output
