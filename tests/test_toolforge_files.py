"""The files that Toolforge reads are as it wants them, and name only what exists.

The rules are those of wikitech.wikimedia.org, Help:Toolforge/Jobs framework, /Build Service and
/Web.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bots.house import BOTS

ROOT = Path(__file__).resolve().parent.parent
IMAGE = re.compile(r"tool-([a-z0-9-]+)/tool-\1:latest")
PROCFILE_LINE = re.compile(r"([a-z0-9-]+): (.+)")
JOB_KEYS = {
    *("name", "command", "image", "mem", "cpu", "retry", "emails", "mount", "timeout"),
    *("schedule", "continuous", "health-check-script", "health-check-http", "port"),
    *("replicas", "filelog"),
}
SERVICE_KEYS = {
    *("backend", "type", "buildservice-image", "mount", "health-check-path"),
    *("cpu", "mem", "replicas", "extra_args"),
}
MACROS = {"@hourly", "@daily", "@weekly", "@monthly", "@yearly"}
CREDENTIALS = {
    f"TOOL_OAUTH_{part}": f"value-of-{part}"
    for part in ("CONSUMER_TOKEN", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_SECRET")
}


def jobs() -> list[dict[str, Any]]:
    loaded = yaml.safe_load((ROOT / "jobs.yaml").read_text())
    assert isinstance(loaded, list)
    assert loaded
    return loaded


def procfile() -> dict[str, str]:
    found = [PROCFILE_LINE.fullmatch(line) for line in (ROOT / "Procfile").read_text().splitlines()]
    assert all(found)
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize("job", jobs(), ids=lambda job: str(job["name"]))
def test_a_job_has_only_what_the_jobs_framework_takes(job: dict[str, Any]) -> None:
    assert job.keys() <= JOB_KEYS
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", job["name"])
    assert len(job["name"]) <= 52
    assert IMAGE.fullmatch(job["image"])
    assert job["command"] in procfile()
    assert job["mount"] in ("none", "all")
    assert job["emails"] in ("none", "all", "onfinish", "onfailure")
    assert 0 <= job.get("retry", 0) <= 5
    assert ("schedule" in job) + bool(job.get("continuous")) <= 1


@pytest.mark.parametrize("job", jobs(), ids=lambda job: str(job["name"]))
def test_a_schedule_is_one_that_toolforge_spreads_and_its_runs_end_before_the_next(
    job: dict[str, Any],
) -> None:
    assert ("timeout" in job) <= ("schedule" in job)
    if "schedule" in job:
        assert job["schedule"] in MACROS
        assert 0 < job["timeout"] < 3600


def test_no_two_jobs_have_one_name() -> None:
    names = [job["name"] for job in jobs()]
    assert len(set(names)) == len(names)


def test_the_dashboard_is_a_build_service_that_is_asked_for_its_health() -> None:
    service = yaml.safe_load((ROOT / "service.template").read_text())
    assert service.keys() <= SERVICE_KEYS
    assert service["type"] == "buildservice"
    assert service["mount"] == "none"
    assert service["health-check-path"] == "/healthz"
    assert {job["image"] for job in jobs()} == {service["buildservice-image"]}


def test_the_dashboard_starts_where_toolforge_looks_for_it(tmp_path: Path) -> None:
    command = procfile()["web"]
    assert '--bind "0.0.0.0:$PORT"' in command
    done = in_shell(
        f"{command} --check-config", PORT="8000", HUBBOT_STORE=f"sqlite:///{tmp_path}/new"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(procfile().keys() - {"web"}))
def test_a_command_of_the_image_is_one_that_hubbot_has(name: str) -> None:
    command = procfile()[name].rpartition(" python -m bots.cli ")[2].split()
    done = in_shell(f"python -m bots.cli {command[0]} --help")
    assert done.returncode == 0, done.stderr
    if command[0] == "run":
        assert command[1] in BOTS


def test_the_signal_that_ends_a_job_reaches_python_and_not_a_shell_before_it(
    tmp_path: Path,
) -> None:
    command = procfile()["check"].replace("/tmp/hubbot", str(tmp_path))
    asking = command.replace("-m bots.cli check", "-c 'import os; print(os.getpid())'")
    shown = in_shell(f"echo $$; {asking}")
    shell, python = shown.stdout.split()
    assert shell == python


def test_the_commands_put_pywikibots_settings_where_it_takes_them(tmp_path: Path) -> None:
    before, _, _ = procfile()["intake"].partition(" && ")
    done = in_shell(before.replace("/tmp/hubbot", str(tmp_path / "new")))
    assert done.returncode == 0, done.stderr
    settings = tmp_path / "new" / "user-config.py"
    assert settings.read_text() == (ROOT / "user-config.py.example").read_text()
    assert settings.stat().st_mode & 0o777 == 0o600


def test_pywikibot_takes_the_credentials_from_the_environment(tmp_path: Path) -> None:
    done = with_the_settings(tmp_path, TOOL_CONTACT="operators@example.org", **CREDENTIALS)
    assert done.returncode == 0
    assert done.stderr == ""
    oauth = str(tuple(CREDENTIALS.values()))
    assert done.stdout.splitlines() == [oauth, oauth, oauth, "HubBot; operators@example.org"]


def test_the_settings_say_which_variable_is_missing(tmp_path: Path) -> None:
    done = with_the_settings(tmp_path, **CREDENTIALS)
    assert done.returncode == 1
    assert done.stderr == "Set TOOL_CONTACT with `toolforge envvars create NAME`.\n"


def test_pywikibot_can_log_in_by_oauth() -> None:
    done = in_shell("python -c 'import requests_oauthlib'")
    assert done.returncode == 0, done.stderr


def with_the_settings(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Let pywikibot read the settings as on Toolforge, and print what it takes from them."""
    settings = folder / "user-config.py"
    settings.write_text((ROOT / "user-config.py.example").read_text())
    settings.chmod(0o600)
    wikis = ("meta.wikimedia.org", "www.wikidata.org", "sv.wikipedia.org")
    lines = [
        "from pywikibot import config",
        "from pywikibot.comms.http import get_authentication as found",
        *(f"print(found('https://{wiki}/w/api.php'))" for wiki in wikis),
        "print(config.user_agent_description)",
    ]
    code = "; ".join(lines)
    return in_shell(f'python -c "{code}"', PYWIKIBOT_DIR=str(folder), **variables)


def in_shell(command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as the image does: from the root, its own Python first on the path."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    inherited = {"PATH": path, "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=inherited | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
