"""Opening the store: its address, the database's manners, and its migrations."""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import toolforge
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from pymysql.constants import CLIENT
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_SECONDS = 60


class StoreError(Exception):
    """The store can't be used; says what is wrong and what to do."""


def open_engine(url: str, *, read_only: bool = False) -> Engine:
    """An engine on the store at `url`, a SQLAlchemy URL or 'toolsdb:NAME'.

    Raises `StoreError` for an address that can't be one, and for SQLite on Toolforge, whose
    files are not shared between jobs in a way that SQLite's locks survive.
    """
    if url.startswith("toolsdb:"):
        engine = _toolsdb_engine(url.removeprefix("toolsdb:"))
    else:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise StoreError(
                f"'{url}' is no store address; give one like sqlite:///hubbot.sqlite"
            ) from error
        if parsed.get_backend_name() == "sqlite":
            path = Path(parsed.database or ":memory:")
            if read_only and not path.exists():
                raise StoreError(f"There is no store at {path} yet; a bot's first run makes it")
            return _sqlite_engine(url, read_only=read_only)
        if parsed.get_backend_name() not in ("mysql", "mariadb"):
            raise StoreError(
                f"The store runs on SQLite and MariaDB, not on {parsed.get_backend_name()}"
            )
        engine = create_engine(url, pool_pre_ping=True, pool_recycle=300)
    if read_only:
        event.listen(engine, "connect", _mariadb_read_only)
    return engine


def upgrade(engine: Engine) -> None:
    """Bring the store's tables to what this version needs; safe when several start at once."""
    with engine.connect() as connection:
        if version(connection) == _head():
            return
        _lock(connection)
        try:
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        finally:
            _unlock(connection)


def check(engine: Engine) -> None:
    """Raise `StoreError` unless the tables are those of this version."""
    with engine.connect() as connection:
        found = version(connection)
    if found != _head():
        said = "has no tables yet" if found is None else f"is at version {found}, not {_head()}"
        raise StoreError(f"The store {said}; run 'hubbot check', which brings it up to date")


def _head() -> str | None:
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def version(connection: Connection) -> str | None:
    """The version of the tables that are there; None: there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        return  # every transaction of ours holds the lock from its first statement
    got = connection.execute(text(f"SELECT GET_LOCK('hubbot-upgrade', {_LOCK_SECONDS})")).scalar()
    if got != 1:
        raise StoreError("Another process has been upgrading the store for a minute; try again")


def _unlock(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT RELEASE_LOCK('hubbot-upgrade')"))


def _sqlite_engine(url: str, *, read_only: bool) -> Engine:
    if on_toolforge(os.environ):
        raise StoreError(
            "This is Toolforge, where the store has to be on ToolsDB: "
            "set HUBBOT_STORE to 'toolsdb:hubbot' (toolforge envvars create HUBBOT_STORE)"
        )
    engine = create_engine(url, connect_args={"timeout": 30})

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below, not the driver's
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        else:
            cursor.execute("PRAGMA journal_mode=WAL")
            # Safe when the process is killed; a power cut may cost the last moments, and a wait
            # for the disk at every commit costs a fifth of a run.
            cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begin)
    return engine


def _toolsdb_engine(name: str) -> Engine:
    # An UPDATE counts the rows that it found, as SQLAlchemy expects, not those that it changed.
    found_rows: dict[str, Any] = {"client_flag": CLIENT.FOUND_ROWS}
    database = f"{_toolsdb_user(os.environ)}__{name}"
    return create_engine(
        "mysql+pymysql://",
        creator=lambda: toolforge.toolsdb(database, **found_rows),
        pool_pre_ping=True,
        pool_recycle=300,
    )


def _toolsdb_user(environment: Mapping[str, str]) -> str:
    if user := environment.get("TOOL_TOOLSDB_USER"):
        return user
    parser = configparser.ConfigParser()
    parser.read(Path("~/replica.my.cnf").expanduser())
    user = parser.get("client", "user", fallback="").strip("'\"")
    if not user:
        raise StoreError(
            "ToolsDB wants TOOL_TOOLSDB_USER and TOOL_TOOLSDB_PASSWORD in the environment, "
            "or a replica.my.cnf in the home folder; neither is here"
        )
    return user


def on_toolforge(environment: Mapping[str, str]) -> bool:
    """Whether this is a Toolforge job or web service: the platform sets these for each tool."""
    return "TOOL_DATA_DIR" in environment or "TOOL_TOOLSDB_USER" in environment


def _mariadb_read_only(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SET SESSION TRANSACTION READ ONLY")
    cursor.close()
