"""The set-up does nothing where all is there, and says in a sentence what it cannot do."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def set_up(checkout: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run it where no package index can be reached."""
    unreachable = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    return subprocess.run(
        [checkout / "sandbox" / "setup.sh"],
        env=os.environ | unreachable | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What set-up reads, in a folder whose name has a space in it."""
    folder = tmp_path_factory.mktemp("set-up") / "hub bot"
    (folder / "sandbox").mkdir(parents=True)
    for name in ("sandbox/setup.sh", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def failed(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Its end, at first, with an environment that has nothing in it yet."""
    return set_up(checkout)


def test_without_a_package_index_it_says_what_is_missing_and_what_to_do(
    failed: subprocess.CompletedProcess[str],
) -> None:
    assert failed.returncode == 1
    assert "see that pip reaches its package index, then try again" in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.usefixtures("failed")
def test_an_environment_that_is_there_needs_no_network(checkout: Path) -> None:
    stamp = checkout / ".venv" / "made-from"
    assert not stamp.exists()
    pins = b"".join(
        (checkout / name).read_bytes() for name in ("requirements-dev.txt", "pyproject.toml")
    )
    stamp.write_text(f"{checkout}\n{hashlib.sha256(pins).hexdigest()}  -\n")
    assert set_up(checkout).returncode == 0
    with (checkout / "requirements-dev.txt").open("a") as lock:
        lock.write("# another pin\n")
    assert set_up(checkout).returncode == 1
