"""The store's column types: one Python type each, alike on SQLite and on MariaDB."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, String, Text, TypeDecorator
from sqlalchemy.dialects import mysql


def _is_mariadb(dialect: Dialect) -> bool:
    return dialect.name in ("mysql", "mariadb")


class UTCDateTime(TypeDecorator[datetime]):
    """A time in UTC, to the microsecond; only times that know their zone go in and come out."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return mysql.DATETIME(fsp=6) if _is_mariadb(dialect) else DateTime()

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was about to go into the store")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Name(TypeDecorator[str]):
    """A short text, compared byte by byte: titles differ by case and by accents."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        length = self.impl_instance.length  # type: ignore[attr-defined]
        if _is_mariadb(dialect):
            return mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
        return String(length)


class Long(TypeDecorator[str]):
    """A text of up to 4 GiB (MariaDB's TEXT ends at 64 KiB), in UTF-8."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if _is_mariadb(dialect):
            return mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_bin")
        return Text()


class Revid(TypeDecorator[int]):
    """A revision id: Wikidata's no longer fit into 32 bits."""

    impl = BigInteger
    cache_ok = True
