"""The sandbox comes up, goes down and is set back, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from sandbox.client import Client
from sandbox.errors import SandboxError
from sandbox.mediawiki import (
    Ports,
    Sandbox,
    down,
    reset,
    running,
    status,
    take_snapshot,
    the_sandbox,
    up,
)
from sandbox.processes import Process, end, free_ports, load, start


def test_up_twice_is_fine_and_starts_nothing_anew(tmp_path: Path) -> None:
    with running(tmp_path) as sandbox:
        before = load(tmp_path / "processes.json")
        again = up(tmp_path, Ports(*(wiki.port for wiki in sandbox.wikis)))
        assert again == sandbox
        assert load(tmp_path / "processes.json") == before


def test_pages_outlive_down_and_another_port(tmp_path: Path) -> None:
    with running(tmp_path) as sandbox:
        Client(sandbox.hub, sandbox.accounts.aino).edit("Kept", "text")
    with running(tmp_path) as sandbox:
        assert Client(sandbox.hub).text("Kept") == "text"
        address = Client(sandbox.hub).ask(action="query", meta="siteinfo")["query"]["general"]
        assert address["server"] == sandbox.hub.url


def test_down_leaves_no_process_and_a_second_down_is_fine(tmp_path: Path) -> None:
    with running(tmp_path) as sandbox:
        assert len(_processes_of(tmp_path)) > 3
        assert [state.pid is not None for state in status(tmp_path)] == [True] * 3
    assert _processes_of(tmp_path) == []
    assert [state.pid for state in status(tmp_path)] == [None] * 3
    with pytest.raises(requests.ConnectionError):
        requests.get(sandbox.hub.api, timeout=5)
    down(tmp_path)


def test_down_ends_the_workers_of_a_server_that_was_killed(tmp_path: Path) -> None:
    with running(tmp_path):
        os.kill(load(tmp_path / "processes.json")["hub"].pid, signal.SIGKILL)
        assert _processes_of(tmp_path)
    assert _processes_of(tmp_path) == []


def test_up_starts_again_what_was_killed(tmp_path: Path) -> None:
    with running(tmp_path) as sandbox:
        os.kill(load(tmp_path / "processes.json")["sv"].pid, signal.SIGKILL)
        again = up(tmp_path, Ports(*(wiki.port for wiki in sandbox.wikis)))
        assert Client(again.sv).ask(action="query", meta="siteinfo")


def test_a_process_that_got_a_recorded_id_by_chance_is_not_ended(tmp_path: Path) -> None:
    process = start(["sleep", "60"], log=tmp_path / "log")
    try:
        end(replace(process, started=process.started - 1))
        assert process.alive
    finally:
        end(process)
    assert not process.alive


def test_a_taken_port_is_named_with_a_way_out_and_nothing_is_left(tmp_path: Path) -> None:
    first, second, third = free_ports(3)
    with socket.socket() as other:
        other.bind(("127.0.0.1", second))
        other.listen()
        with pytest.raises(SandboxError, match=rf"Port {second} .*media.* taken.*--media-port"):
            up(tmp_path, Ports(first, second, third))
    assert _processes_of(tmp_path) == []


def test_reset_brings_back_the_wikis_as_installed_while_they_are_served(tmp_path: Path) -> None:
    with running(tmp_path) as sandbox:
        aino = Client(sandbox.hub, sandbox.accounts.aino)
        aino.edit("Gone", "text")
        sandbox.hub.override(wgReadOnly="Maintenance")
        begun = time.monotonic()
        reset(tmp_path)
        assert time.monotonic() - begun < 1
        assert Client(sandbox.hub).text("Gone") is None
        Client(sandbox.hub, sandbox.accounts.aino).edit("Gone", "anew")


def test_reset_brings_back_a_snapshot_with_its_pages(tmp_path: Path) -> None:
    with running(tmp_path / "wikis") as sandbox:
        aino = Client(sandbox.sv, sandbox.accounts.aino)
        aino.edit("Sida", "först")
        take_snapshot(tmp_path / "wikis", tmp_path / "snapshot")
        aino.edit("Sida", "sedan")
        reset(tmp_path / "wikis", tmp_path / "snapshot")
        assert aino.text("Sida") == "först"


def test_passwords_are_the_owners_alone_and_not_in_what_is_printed(
    shared_wikis: Sandbox,
) -> None:
    path = shared_wikis.directory / "accounts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    passwords = re.findall(r'"password": "(.*)"', path.read_text())
    assert len(set(passwords)) == 5
    assert not any(password in repr(shared_wikis) for password in passwords)


def test_without_a_sandbox_there_is_a_sentence(tmp_path: Path) -> None:
    assert status(tmp_path) == []
    with pytest.raises(SandboxError, match="hubbot sandbox up"):
        the_sandbox(tmp_path)


def _processes_of(directory: Path) -> list[Process]:
    """What runs with this directory in its environment."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            environment = (folder / "environ").read_bytes()
        except (FileNotFoundError, NotADirectoryError, ProcessLookupError, PermissionError):
            continue
        if f"HUBBOT_WIKI={directory}".encode() in environment:
            found.append(Process(int(folder.name), 0))
    return found
