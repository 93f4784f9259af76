"""`hubbot register KIND`: asked with the fields of the kind, answered as table or file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from bots.cli import main
from bots.core.cells import read_table
from bots.core.store import opened
from tests.webservice import registered
from tests.webservice.example import CONFIG, HOSTILE


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub.yaml with kinds of records beside it, and a store that holds some."""
    folder = tmp_path_factory.mktemp("command")
    registered.write_kinds(folder)
    with opened(f"sqlite:///{folder}/store.sqlite") as store:
        registered.fill(store)
    said = CONFIG.model_dump(include={"account", "operator", "contact", "hub"})
    sites = {"hub": {"api": "http://hub.example/w/api.php"}}
    path = folder / "hub.yaml"
    path.write_text(yaml.safe_dump({**said, "sites": sites, "store": "sqlite:///store.sqlite"}))
    return path


def ask(hub: Path, *words: str) -> Result:
    """What the command says."""
    return CliRunner().invoke(main, ["--config", str(hub), "register", *words])


def test_records_are_shown_as_a_table(hub: Path) -> None:
    told = ask(hub, "partner", "--country", "Sweden", "--topics", "built heritage")
    assert told.exit_code == 0, told.output
    head, *rows, count = told.stdout.splitlines()
    assert head.split() == ["Name", "Topics", "Country", "Stage"]
    assert [row.split("  ")[0] for row in rows] == ["Malmö museer", "Nationalmuseum"]
    assert count == "2 records"


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["--country", "SE", "--country", "NL"], ["12", "11", "14", "13"]),
        (["--kind", "museum", "--where", "stage=active; country!=SE", "--search", "rijk"], ["14"]),
        (["--sort", "-since", "--limit", "1"], ["11"]),
        (["--stage", "talking", "--as-of", "2024-12-31", "--country", "SE"], ["12", "11"]),
    ],
)
def test_a_question_is_answered(hub: Path, words: list[str], ids: list[str]) -> None:
    told = ask(hub, "partner", *words, "--format", "json")
    assert [each["id"] for each in json.loads(told.stdout)["records"]] == ids


def test_files_go_to_standard_output(hub: Path) -> None:
    table = ask(hub, "partner", "--format", "csv").stdout
    rows = list(read_table(io.StringIO(table, newline="")))
    assert [row["id"] for row in rows] == ["15", "12", "11", "17", "14", "13"]
    assert rows[0]["name"] == HOSTILE
    graph = json.loads(ask(hub, "agreement", "--format", "jsonld").stdout)["@graph"]
    assert graph[0]["@id"] == "http://hub.example/w/index.php?title=Partnerships/Agreements/Scans"


def test_help_says_what_can_be_asked(hub: Path) -> None:
    assert "Agreements" in ask(hub, "--help").stdout
    told = ask(hub, "partner", "--help").stdout
    assert "--endpoint TEXT" in told
    assert "(talking, active)" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["prtner"], "There is no kind of record 'prtner'; there are: agreement, partner, person."),
        (["partner", "--contry", "SE"], "Did you mean"),
        (["partner", "--country", "Atlantis"], "“Atlantis” is no value that the field “country”"),
    ],
)
def test_a_question_that_makes_no_sense_says_why(hub: Path, words: list[str], said: str) -> None:
    told = ask(hub, *words)
    assert told.exit_code == 2
    assert said in " ".join(told.stderr.split())


def test_nothing_that_a_page_says_steers_the_terminal(tmp_path: Path) -> None:
    registered.write_kinds(tmp_path)
    with opened(f"sqlite:///{tmp_path}/store.sqlite") as store:
        evil = registered.partner(1, "\x1b[31mred\u202e", topics=["[bold]x[/bold]\x07"])
        store.put_page_record(evil, "hub", registered.START)
    path = tmp_path / "hub.yaml"
    path.write_text(
        "{account: A, operator: O, contact: https://c.example, hub: hub, "
        "sites: {hub: {api: http://hub.example/w/api.php}}, store: 'sqlite:///store.sqlite'}"
    )
    told = ask(path, "partner").stdout
    assert not set(told) & {"\x1b", "\u202e", "\x07"}
    assert "[bold]x[/bold]" in told


def test_a_fault_in_a_kinds_file_is_told_with_its_place(hub: Path, tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text(hub.read_text())
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "bad.yaml").write_text("template: X\nbelow: Y\n")
    told = ask(tmp_path / "hub.yaml", "bad")
    assert told.exit_code == 2
    assert "bad.yaml" in told.stderr


def test_a_kind_that_is_called_like_another_list_is_told_by_check(
    hub: Path, tmp_path: Path
) -> None:
    (tmp_path / "hub.yaml").write_text(hub.read_text())
    person = registered.write_kinds(tmp_path) / "records" / "person.yaml"
    person.rename(person.with_name("people.yaml"))
    told = CliRunner().invoke(main, ["--config", str(tmp_path / "hub.yaml"), "check", "--offline"])
    assert "people.yaml:1: a list with of=people is of something else" in told.output
