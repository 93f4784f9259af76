"""A private MariaDB for tests of the store: own data directory, own socket, no network."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymysql

from sandbox.debian import FOR_MARIADB, install, missing_packages
from sandbox.errors import SandboxError
from sandbox.processes import Process, end, start, wait_for

_PATIENCE = 30.0
"""Seconds that the server has to answer once it is started."""


@dataclass(frozen=True)
class MariaDB:
    """A server that runs, reached by its socket alone."""

    socket: Path

    def new_database(self) -> str:
        """Make an empty utf8mb4 database; its SQLAlchemy URL."""
        name = f"hubbot_{secrets.token_hex(4)}"
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return f"mysql+pymysql://root@localhost/{name}?unix_socket={self.socket}&charset=utf8mb4"

    def answers(self) -> bool:
        """Whether the server takes connections."""
        try:
            self._connect().close()
        except pymysql.OperationalError:
            return False
        return True

    def _connect(self) -> pymysql.Connection[pymysql.cursors.Cursor]:
        return pymysql.connect(unix_socket=str(self.socket), user="root", charset="utf8mb4")


@contextmanager
def running_mariadb(directory: Path) -> Iterator[MariaDB]:
    """A MariaDB for the length of a with block, its data in this directory, as root or not.

    Installs what is missing. Raises SandboxError when it cannot, or the server does not start.
    """
    install(missing_packages(FOR_MARIADB))
    directory.mkdir(parents=True, exist_ok=True)
    # A socket's path has at most 107 bytes, which a test's directory may exceed.
    with tempfile.TemporaryDirectory(prefix="hubbot-mariadb-") as short:
        data = directory / "data"
        if not data.exists():
            _make_data(data)
        server = MariaDB(Path(short, "socket"))
        log = directory / "mariadb.log"
        process = _serve(data, server, log)
        try:
            _await_answer(server, process, log)
            yield server
        finally:
            end(process)


def _make_data(data: Path) -> None:
    partial = data.with_name("data.partial")
    shutil.rmtree(partial, ignore_errors=True)
    done = subprocess.run(
        [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={partial}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve",
            *_as_whom(),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SandboxError(f"mariadb-install-db failed: {(done.stdout + done.stderr)[-1000:]}")
    partial.rename(data)


def _serve(data: Path, server: MariaDB, log: Path) -> Process:
    return start(
        [
            _server_program(),
            "--no-defaults",
            f"--datadir={data}",
            f"--socket={server.socket}",
            f"--pid-file={server.socket.with_name('pid')}",
            "--skip-networking",
            "--character-set-server=utf8mb4",
            # The data does not outlive the tests, so nothing waits for the disk.
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-use-native-aio=0",
            "--innodb-buffer-pool-size=32M",
            *_as_whom(),
        ],
        log=log,
    )


def _await_answer(server: MariaDB, process: Process, log: Path) -> None:
    wait_for(lambda: not process.alive or server.answers(), _PATIENCE)
    if not process.alive or not server.answers():
        words = log.read_text(errors="replace")[-1000:].strip()
        raise SandboxError(f"MariaDB does not start; its last words, from {log}: {words}")


def _server_program() -> str:
    """mariadbd, which Debian keeps where an ordinary user's PATH does not look."""
    return shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "mariadbd"


def _as_whom() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []
