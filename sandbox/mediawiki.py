"""Three real MediaWikis on loopback: brought up, taken down, set back as installed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from sandbox.accounts import Accounts, load_accounts
from sandbox.copies import copy_state
from sandbox.errors import SandboxError
from sandbox.processes import Process, end, free_ports, load, port_taken, save, start, wait_for
from sandbox.template import HOME, Progress, Template, the_template, write_facts

DIRECTORY = HOME / "wikis"
"""The sandbox of this checkout, when no other is named."""

_WORKERS = 4
_PHP_SETTINGS = {
    "opcache.enable": "1",
    "opcache.max_accelerated_files": "10000",
    "upload_max_filesize": "100M",
    "post_max_size": "110M",
}
_PATIENCE = 30.0
"""Seconds that a wiki has to answer once its server is started."""


@dataclass(frozen=True)
class Ports:
    """Where the wikis listen on 127.0.0.1."""

    hub: int = 8610
    media: int = 8611
    sv: int = 8612


@dataclass(frozen=True)
class Request:
    """A request as the wiki's server wrote it down on its arrival.

    `parameters` holds, from query string and form, what was given as action, list, prop, meta and
    generator, and how many titles, pageids and revids there were.
    """

    time: float
    method: str
    uri: str
    agent: str
    parameters: Mapping[str, str | int]


@dataclass(frozen=True)
class Wiki:
    """One wiki: `name` is hub, media or sv."""

    name: str
    directory: Path
    port: int

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.url}/w/api.php"

    @property
    def rest(self) -> str:
        return f"{self.url}/w/rest.php"

    def mark(self) -> int:
        """A point in the server's own log, for requests_since."""
        log = self.directory / "requests.jsonl"
        return log.stat().st_size if log.exists() else 0

    def requests_since(self, mark: int = 0) -> list[Request]:
        """The requests that have arrived since the mark, oldest first."""
        log = self.directory / "requests.jsonl"
        if not log.exists():
            return []
        with log.open("rb") as lines:
            lines.seek(mark)
            return [
                Request(**{**facts, "parameters": dict(facts["parameters"])})
                for facts in map(json.loads, lines)
            ]

    def override(self, **settings: Any) -> None:
        """Set MediaWiki's variables from the next request on, beside those set before.

        A map is merged into MediaWiki's own: `override(wgReadOnly="Maintenance")`,
        `override(wgGroupPermissions={"user": {"edit": False}})`. reset() undoes it.
        """
        path = self.directory / "overrides.json"
        written = path.with_suffix(".new")
        written.write_text(json.dumps({**json.loads(path.read_text()), **settings}))
        written.replace(path)


@dataclass(frozen=True)
class Sandbox:
    """The three wikis and who there is on them."""

    directory: Path
    hub: Wiki
    media: Wiki
    sv: Wiki
    accounts: Accounts

    @property
    def wikis(self) -> tuple[Wiki, Wiki, Wiki]:
        return (self.hub, self.media, self.sv)


@dataclass(frozen=True)
class State:
    """Whether a wiki is served, and by which process."""

    name: str
    url: str
    pid: int | None


def up(
    directory: Path = DIRECTORY,
    ports: Ports = Ports(),
    progress: Progress = lambda step: None,
    home: Path = HOME,
) -> Sandbox:
    """Bring the wikis up, installing what is missing, and wait until each answers.

    What was written on them before stays. Wikis that are up already are left as they are.
    Raises SandboxError: a port is taken, something cannot be installed, a wiki does not answer.
    """
    template = the_template(home, progress)
    directory.mkdir(parents=True, exist_ok=True)
    _renew_if_older(directory, template, progress)
    served = load(directory / "processes.json")
    wikis = [Wiki(name, directory / name, port) for name, port in vars(ports).items()]
    starting = [wiki for wiki in wikis if not _is_served(wiki, served)]
    for wiki in starting:
        if wiki.name in served:
            end(served.pop(wiki.name))
    for wiki in starting:
        if port_taken(wiki.port):
            raise SandboxError(
                f"Port {wiki.port} for the {wiki.name} wiki is taken: end what listens there, or "
                f"choose another one with `--{wiki.name}-port`."
            )
    for wiki in starting:
        progress(f"Starting the {wiki.name} wiki at {wiki.url}")
        served[wiki.name] = _serve(wiki, template)
        save(served, directory / "processes.json")
    for wiki in starting:
        _await_answer(wiki, served[wiki.name])
    return the_sandbox(directory)


def down(directory: Path = DIRECTORY) -> None:
    """End the wikis' servers; what was written on the wikis stays.

    Raises SandboxError when a process does not end.
    """
    record = directory / "processes.json"
    for process in load(record).values():
        end(process)
    record.unlink(missing_ok=True)


def reset(directory: Path = DIRECTORY, snapshot: Path | None = None, home: Path = HOME) -> None:
    """Set the wikis back, served or not, to how they were installed or to a snapshot.

    Who was logged in no longer is: sessions are set back too.
    """
    wikis = the_sandbox(directory).wikis
    template = the_template(home)
    source = snapshot or template.directory
    if snapshot is None:
        _copy_accounts(template, directory)
    for wiki in wikis:
        copy_state(source / wiki.name, wiki.directory)


def take_snapshot(directory: Path, snapshot: Path) -> None:
    """Keep all that is on the wikis now, for reset; the snapshot's directory is made or renewed."""
    for wiki in the_sandbox(directory).wikis:
        copy_state(wiki.directory, snapshot / wiki.name)


def status(directory: Path = DIRECTORY) -> list[State]:
    """Each wiki's address and, if it is served, the server's process id; empty before any up."""
    if not (directory / "accounts.json").exists():
        return []
    served = load(directory / "processes.json")
    return [
        State(wiki.name, wiki.url, served[wiki.name].pid if _is_served(wiki, served) else None)
        for wiki in the_sandbox(directory).wikis
    ]


def the_sandbox(directory: Path = DIRECTORY) -> Sandbox:
    """The sandbox that up() made in this directory. Raises SandboxError where there is none."""
    if not (directory / "accounts.json").exists():
        raise SandboxError(f"There is no sandbox in {directory}: run `hubbot sandbox up`.")
    wikis = {name: Wiki(name, directory / name, _port(directory / name)) for name in vars(Ports())}
    return Sandbox(directory, **wikis, accounts=load_accounts(directory / "accounts.json"))


@contextmanager
def running(directory: Path, ports: Ports | None = None, home: Path = HOME) -> Iterator[Sandbox]:
    """A sandbox for the length of a with block, on free ports if none are named."""
    try:
        yield up(directory, ports or Ports(*free_ports(3)), home=home)
    finally:
        down(directory)


def _renew_if_older(directory: Path, template: Template, progress: Progress) -> None:
    """Copy the template where there are no wikis, or wikis of an older template."""
    wanted = template.made_from.read_text()
    made_from = directory / "made-from"
    if made_from.exists() and made_from.read_text() == wanted:
        return
    if made_from.exists():
        progress("MediaWiki or its settings have changed: making the wikis anew")
        down(directory)
    for name, port in vars(Ports()).items():
        copy_state(template.directory / name, directory / name)
        write_facts(directory / name, name, port)
    _copy_accounts(template, directory)
    made_from.write_text(wanted)


def _copy_accounts(template: Template, directory: Path) -> None:
    """The passwords that go with the template's databases."""
    shutil.copyfile(template.accounts, directory / "accounts.json")
    (directory / "accounts.json").chmod(0o600)


def _serve(wiki: Wiki, template: Template) -> Process:
    write_facts(wiki.directory, wiki.name, wiki.port)
    code = wiki.directory / "public" / "w"
    code.unlink(missing_ok=True)
    code.symlink_to(template.mediawiki)
    settings = [f"-d{name}={value}" for name, value in _PHP_SETTINGS.items()]
    listens = ["-S", f"127.0.0.1:{wiki.port}", "-t", str(code.parent)]
    return start(
        ["php", *settings, *listens, str(template.router)],
        log=wiki.directory / "server.log",
        env={**template.environment(wiki.directory), "PHP_CLI_SERVER_WORKERS": str(_WORKERS)},
    )


def _await_answer(wiki: Wiki, server: Process) -> None:
    def answers_or_ended() -> bool:
        return not server.alive or _answers(wiki)

    if wait_for(answers_or_ended, _PATIENCE) and server.alive:
        return
    log = (wiki.directory / "server.log").read_text(errors="replace")
    raise SandboxError(
        f"The {wiki.name} wiki at {wiki.url} does not answer; its server's last words, from "
        f"{wiki.directory / 'server.log'}: {log[-1000:].strip()}"
    )


def _answers(wiki: Wiki) -> bool:
    parameters = {"action": "query", "meta": "siteinfo", "format": "json"}
    try:
        answer = requests.get(wiki.api, params=parameters, timeout=_PATIENCE)
    except requests.RequestException:
        return False
    return answer.ok and "general" in answer.text


def _is_served(wiki: Wiki, served: Mapping[str, Process]) -> bool:
    process = served.get(wiki.name)
    return process is not None and process.alive and _port(wiki.directory) == wiki.port


def _port(directory: Path) -> int:
    return int(json.loads((directory / "wiki.json").read_text())["port"])
