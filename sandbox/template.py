"""The wikis as installed: made once by MediaWiki's own installer, copied for every sandbox."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.accounts import Accounts, new_accounts, save_accounts
from sandbox.debian import fetch_mediawiki, install, missing_packages
from sandbox.errors import SandboxError

HOME = Path(__file__).resolve().parent.parent / ".sandbox"
"""Where the unpacked MediaWiki, the template and, if not told otherwise, the sandbox are."""

Progress = Callable[[str], None]
"""Is told each step of what takes time, in a few words."""

_SETTINGS = Path(__file__).resolve().parent / "php"


@dataclass(frozen=True)
class Kind:
    """What is special about a wiki."""

    sitename: str
    language: str
    uploads: bool


KINDS: Mapping[str, Kind] = {
    "hub": Kind("HubBot hub wiki", "en", uploads=False),
    "media": Kind("HubBot media wiki", "en", uploads=True),
    "sv": Kind("HubBot svensk wiki", "sv", uploads=False),
}
EXTENSIONS = (
    "AbuseFilter",
    "Cite",
    "Gadgets",
    "InputBox",
    "ParserFunctions",
    "Scribunto",
    "TemplateData",
)


@dataclass(frozen=True)
class Template:
    """The installed wikis: a directory `KIND/database` each, and `accounts.json`."""

    mediawiki: Path
    directory: Path

    @property
    def accounts(self) -> Path:
        return self.directory / "accounts.json"

    @property
    def made_from(self) -> Path:
        """Holds what the template was made from, as a digest."""
        return self.directory / "made-from"

    @property
    def router(self) -> Path:
        return _SETTINGS / "router.php"

    def database(self, kind: str) -> Path:
        return self.directory / kind / "database"

    def environment(self, wiki: Path) -> dict[str, str]:
        """What MediaWiki's processes must find in their environment to be this wiki."""
        return {
            "MW_INSTALL_PATH": str(self.mediawiki),
            "MW_CONFIG_FILE": str(_SETTINGS / "LocalSettings.php"),
            "HUBBOT_WIKI": str(wiki),
            "HUBBOT_MESSAGES": str(self.directory / "messages"),
        }


def the_template(home: Path, progress: Progress = lambda step: None) -> Template:
    """The template, made first where it is missing or older than what it is made from.

    Raises SandboxError when a package cannot be had or the installer fails.
    """
    home.mkdir(parents=True, exist_ok=True)
    if not os.access(home, os.W_OK):
        raise SandboxError(
            f"{home} is another user's: use the sandbox as that user, or remove the directory."
        )
    with _alone(home / "lock"):
        if missing := missing_packages():
            progress(f"Installing {', '.join(missing)}")
            install(missing)
        if not (home / "mediawiki").exists():
            progress("Fetching MediaWiki")
        mediawiki = fetch_mediawiki(home)
        template = Template(mediawiki, home / "template")
        made_from = _made_from(mediawiki)
        if not template.made_from.exists() or template.made_from.read_text() != made_from:
            progress("Installing the wikis")
            _make(template, home / "template.partial")
            template.made_from.write_text(made_from)
    return template


def write_facts(wiki: Path, kind: str, port: int) -> None:
    """Write down what a wiki is, for its settings (php/LocalSettings.php) to read."""
    facts = {
        "name": kind,
        "sitename": KINDS[kind].sitename,
        "language": KINDS[kind].language,
        "uploads": KINDS[kind].uploads,
        "port": port,
        "extensions": EXTENSIONS,
        "secret": secrets.token_hex(32),
    }
    path = wiki / "wiki.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(facts))


def run_maintenance(template: Template, wiki: Path, script: Path | str, *arguments: str) -> str:
    """Run one of MediaWiki's maintenance scripts for a wiki; what it printed.

    Raises SandboxError when it fails.
    """
    path = template.mediawiki / "maintenance" / script
    return _php(path, *arguments, environment=template.environment(wiki))


def _make(template: Template, partial: Path) -> None:
    shutil.rmtree(partial, ignore_errors=True)
    accounts = new_accounts()
    making = Template(template.mediawiki, partial)
    (partial / "messages").mkdir(parents=True)
    save_accounts(accounts, making.accounts)
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(_install_wiki, making, kind, accounts) for kind in KINDS]:
            done.result()
    shutil.rmtree(template.directory, ignore_errors=True)
    partial.rename(template.directory)


def _install_wiki(template: Template, kind: str, accounts: Accounts) -> None:
    wiki = template.directory / kind
    database = template.database(kind)
    database.mkdir(parents=True)
    password = wiki / "password"
    password.touch(mode=0o600)
    password.write_text(accounts.coordinator.password)
    _php(
        template.mediawiki / "maintenance" / "install.php",
        "--dbtype=sqlite",
        f"--dbpath={database}",
        f"--dbname={kind}",
        f"--lang={KINDS[kind].language}",
        f"--passfile={password}",
        f"--confpath={database}",
        "--server=http://127.0.0.1",
        "--scriptpath=/w",
        f"--extensions={','.join(EXTENSIONS)}",
        "--skins=Vector",
        KINDS[kind].sitename,
        accounts.coordinator.username,
        # The installer refuses to work where these settings are already.
        environment={"MW_CONFIG_FILE": str(database / "LocalSettings.php")},
    )
    for path in set(database.iterdir()) - {database / f"{kind}.sqlite"}:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    password.unlink()
    with closing(sqlite3.connect(database / f"{kind}.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    write_facts(wiki, kind, port=0)
    (wiki / "overrides.json").write_text("{}")
    asked = json.dumps(_wanted(accounts))
    _php(_SETTINGS / "accounts.php", environment=template.environment(wiki), asked=asked)


def _wanted(accounts: Accounts) -> list[dict[str, Any]]:
    """The accounts as php/accounts.php takes them."""
    owner, app = accounts.bot.username.split("@")
    application = {"id": app, "password": accounts.bot.password}
    people = [accounts.coordinator, accounts.aino, accounts.bashir]
    return [
        {
            "name": owner,
            "password": accounts.bot_owner.password,
            "groups": ["bot"],
            "app": application,
        },
        *[
            {"name": person.username, "password": person.password, "groups": [], "app": None}
            for person in people
        ],
    ]


def _php(script: Path, *arguments: str, environment: Mapping[str, str], asked: str = "") -> str:
    done = subprocess.run(
        ["php", str(script), *arguments],
        input=asked,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SandboxError(
            f"MediaWiki's {script.name} failed; it said: "
            f"{(done.stdout + done.stderr).strip()[-2000:]}"
        )
    return done.stdout


def _made_from(mediawiki: Path) -> str:
    """Changes whenever the template must be made again."""
    digest = hashlib.sha256()
    version = (mediawiki / "includes" / "Defines.php").read_bytes()
    for part in [version, *(path.read_bytes() for path in sorted(_SETTINGS.iterdir()))]:
        digest.update(part)
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time: others wait here."""
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
