"""The `hubbot` command as people start it: what it prints, and the exit status it ends with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bots.cli import main
from bots.core.outcome import utcnow
from sandbox.client import Client
from tests.runs.requests_scene import TOP, Scene


@pytest.fixture
def config(scene: Scene, tmp_path: Path) -> Path:
    """A configuration for the scene, on which no bot has been."""
    scene.begin()
    return scene.house(tmp_path).config.folder / "hub.yaml"


def hubbot(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(config), *arguments])


def test_plan_prints_a_diff_and_apply_carries_out_that_plan(scene: Scene, config: Path) -> None:
    before = scene.result()
    planned = hubbot(config, "plan", "intake")
    assert planned.exit_code == 0
    assert f"hub:{TOP}/Sea (edit)" in planned.stdout
    assert f"hub:Talk:{TOP}/Everything (create)" in planned.stdout
    assert "\n  +== " in planned.stdout
    assert "\x1b" not in planned.stdout
    assert scene.result() == before
    last = planned.stdout.splitlines()[-1]
    assert last.startswith("7 edits planned; 'hubbot apply ")
    applied = hubbot(config, "apply", last.split("'")[1].split()[-1])
    assert applied.exit_code == 0
    assert "finished; 7 saved" in applied.stdout
    assert len(scene.result().edits) == 7


def test_run_says_what_became_of_it_and_status_remembers(config: Path) -> None:
    ran = hubbot(config, "run", "intake")
    assert ran.exit_code == 0
    assert "finished; 7 saved" in ran.stdout
    again = hubbot(config, "run", "intake")
    assert "finished; no edits" in again.stdout
    status = hubbot(config, "status")
    assert status.exit_code == 0
    assert "intake" in status.stdout
    assert "open findings" in status.stdout
    findings = hubbot(config, "findings")
    assert f"hub:{TOP}/Everything" in findings.stdout


def test_a_second_start_says_who_is_at_it_and_ends_well(scene: Scene, config: Path) -> None:
    hubbot(config, "status")
    with scene.house(config.parent).store() as store:
        store.take_lease("intake", "another process", utcnow(), 60)
    second = hubbot(config, "run", "intake")
    assert second.exit_code == 0
    assert "another process" in second.stdout
    assert scene.result().edits == {}


def test_a_stopped_run_says_who_stopped_it(scene: Scene, config: Path) -> None:
    Client(scene.wikis.hub, scene.wikis.accounts.aino).edit("User:HubBot/stop", "no")
    stopped = hubbot(config, "run", "intake")
    assert stopped.exit_code == 0
    assert "stopped" in stopped.stdout
    assert "Aino" in stopped.stdout


def test_a_failed_run_ends_with_one(scene: Scene, config: Path) -> None:
    coordinator = Client(scene.wikis.hub, scene.wikis.accounts.coordinator)
    coordinator.post(action="block", user="HubBot", reason="test", expiry="never")
    failed = hubbot(config, "run", "intake")
    assert failed.exit_code == 1
    assert "failed" in failed.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "nobody"), "There is no bot 'nobody'; there are: intake"),
        (("run", "intake", "nobody"), "There is no bot 'nobody'"),
        (("apply", "000000000000"), "There is no plan '000000000000'"),
        (("run",), "Missing argument"),
        (("fly",), "No such command"),
        (("import", "nowhere.jsonl"), "'nowhere.jsonl' does not exist"),
    ],
)
def test_a_wrong_use_ends_with_two_and_says_what_there_is(
    config: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = hubbot(config, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_what_is_exported_is_imported_into_an_empty_store_and_the_bot_goes_on(
    scene: Scene, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(config.parent / "store.jsonl.gz")
    hubbot(config, "run", "intake")
    findings = hubbot(config, "findings").stdout
    exported = hubbot(config, "export", file)
    assert exported.exit_code == 0
    assert "rows are in" in exported.stdout
    refused = hubbot(config, "import", file)
    assert refused.exit_code == 2
    assert "The store is not empty" in refused.stderr
    monkeypatch.setenv("HUBBOT_STORE", f"sqlite:///{config.parent}/another.sqlite")
    assert hubbot(config, "import", file).exit_code == 0
    assert hubbot(config, "findings").stdout == findings != ""
    before = scene.result()
    assert "finished; no edits" in hubbot(config, "run", "intake").stdout
    assert scene.result() == before


def test_a_store_that_does_not_answer_is_told_in_words(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUBBOT_STORE", "mysql+pymysql://u:p@127.0.0.1:1/x")
    for arguments in (("status",), ("run", "intake"), ("apply", "x"), ("export", "x.jsonl")):
        result = hubbot(config, *arguments)
        assert result.exit_code == 2
        assert "The store does not answer" in result.stderr
        assert "u:p@" not in result.stderr


def test_a_wrong_configuration_ends_with_two_and_names_the_line(config: Path) -> None:
    config.write_text(config.read_text().replace("hub: hub", "hub: elsewhere"))
    for arguments in (("run", "intake"), ("status",), ("check",)):
        result = hubbot(config, *arguments)
        assert result.exit_code == 2
        assert f"{config}:1: hub: 'elsewhere' is none of the sites" in result.stderr


def test_check_finds_nothing_wrong_with_the_sandbox(config: Path) -> None:
    result = hubbot(config, "check")
    assert (result.exit_code, result.stdout) == (0, "All is well.\n"), result.stderr


def test_check_tells_a_missing_bot_flag(scene: Scene, config: Path) -> None:
    scene.wikis.media.override(wgGroupPermissions={"bot": {"bot": False}})
    result = hubbot(config, "check")
    assert result.exit_code == 2
    assert "sites.media: the account HubBot has no bot flag there" in result.stderr


def test_check_tells_a_wrong_password_and_does_not_print_it(config: Path) -> None:
    accounts = config.parent / "accounts.json"
    accounts.touch(mode=0o600)
    accounts.write_text('{"bot": {"username": "HubBot@hubbot", "password": "open sesame"}}')
    text = config.read_text().splitlines()
    lines = [f"credentials: {accounts}" if x.startswith("credentials:") else x for x in text]
    config.write_text("\n".join(lines))
    # A process of its own: in this one, pywikibot is logged in already.
    result = subprocess.run(
        [sys.executable, "-m", "bots.cli", "--config", str(config), "check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert result.returncode == 2
    assert "sites.hub:" in result.stderr
    assert "Traceback" not in result.stderr
    assert "sesame" not in result.stderr + result.stdout
