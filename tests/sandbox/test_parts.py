"""What the sandbox takes from Debian: packages, and a MariaDB of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy

from sandbox.debian import RUNTIME, fetch_mediawiki, install, missing_packages
from sandbox.errors import SandboxError
from sandbox.mariadb import running_mariadb


def test_packages_that_are_not_installed_are_named() -> None:
    assert missing_packages(["dpkg", "no-such-package-as-this"]) == ["no-such-package-as-this"]
    assert missing_packages(RUNTIME) == []


def test_without_apt_the_error_names_the_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    install([])
    with pytest.raises(SandboxError, match=r"php-cli.*no apt-get"):
        install(["php-cli"])
    with pytest.raises(SandboxError, match="Debian 12 or 13"):
        missing_packages()
    with pytest.raises(SandboxError, match=r"MediaWiki.*no apt-get"):
        fetch_mediawiki(tmp_path)


def test_a_failed_installation_is_tried_again_with_new_lists_and_says_what_apt_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = tmp_path / "asked"
    _program(
        tmp_path / "apt-get",
        f'echo "$2" >> {asked}; echo "E: Unable to locate php-x" >&2; exit 100',
    )
    _program(tmp_path / "sudo", 'shift; exec "$@"')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(SandboxError, match=r"Unable to locate php-x.*`apt-get install php-x`"):
        install(["php-x"])
    assert asked.read_text().split() == ["install", "update", "install"]


def test_two_databases_of_the_private_mariadb_know_nothing_of_each_other(tmp_path: Path) -> None:
    with running_mariadb(tmp_path) as server:
        first, second = server.new_database(), server.new_database()
        with _connection(first) as one, _connection(second) as other:
            one.execute(sqlalchemy.text("CREATE TABLE fact (word VARCHAR(9))"))
            one.execute(sqlalchemy.text("INSERT INTO fact VALUES ('🦊 räv')"))
            assert one.execute(sqlalchemy.text("SELECT word FROM fact")).scalar() == "🦊 räv"
            assert other.execute(sqlalchemy.text("SHOW TABLES")).all() == []
    assert not server.answers()


def _connection(url: str) -> sqlalchemy.Connection:
    return sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool).connect()


def _program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
