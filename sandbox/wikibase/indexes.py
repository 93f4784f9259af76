"""What can be looked up without reading every entity: terms, sitelinks, statements, data types."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

TABLES = """
create table if not exists term (entity text, kind text, language text, text text, lower text);
create index if not exists term_entity on term (entity);
create index if not exists term_text on term (text, kind, language);
create index if not exists term_lower on term (lower);
create table if not exists sitelink (entity text, site text, title text, primary key (site, title));
create index if not exists sitelink_entity on sitelink (entity);
create table if not exists claim (entity text, property text, value text);
create index if not exists claim_entity on claim (entity);
create index if not exists claim_value on claim (property, value);
create index if not exists claim_linked on claim (value);
create table if not exists property (entity text primary key, datatype text);
"""


def renew(db: sqlite3.Connection, entity: str, content: Mapping[str, Any]) -> None:
    """Look an entity up by its content from now on; empty content forgets it."""
    _replace(db, "term", entity, set(_terms(content)))
    _replace(db, "claim", entity, set(_claims(content)))
    links = content.get("sitelinks") or {}
    _replace(db, "sitelink", entity, {(link["site"], link["title"]) for link in links.values()})
    if entity[0] == "P":
        db.execute("delete from property where entity = ?", (entity,))
        if "datatype" in content:
            db.execute("insert into property values (?, ?)", (entity, content["datatype"]))


def _replace(db: sqlite3.Connection, table: str, entity: str, rows: set[tuple[str, ...]]) -> None:
    columns = {
        "term": ("kind", "language", "text", "lower"),
        "claim": ("property", "value"),
        "sitelink": ("site", "title"),
    }[table]
    found = db.execute(f"select {', '.join(columns)} from {table} where entity = ?", (entity,))  # noqa: S608
    there = set(found.fetchall())
    condition = " and ".join(f"{column} = ?" for column in columns)
    for row in there - rows:
        db.execute(f"delete from {table} where entity = ? and {condition}", (entity, *row))  # noqa: S608
    marks = ", ".join("?" * (len(columns) + 1))
    for row in rows - there:
        names = ", ".join(columns)
        db.execute(f"insert into {table} (entity, {names}) values ({marks})", (entity, *row))  # noqa: S608


def _terms(content: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for field, kind in (("labels", "label"), ("descriptions", "description")):
        for language, term in (content.get(field) or {}).items():
            yield kind, language, term["value"], term["value"].lower()
    for language, aliases in (content.get("aliases") or {}).items():
        for alias in aliases:
            yield "alias", language, alias["value"], alias["value"].lower()


def _claims(content: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for field in ("claims", "statements"):
        for prop, statements in (content.get(field) or {}).items():
            for statement in statements:
                yield prop, value_key(statement["mainsnak"])


def value_key(snak: Mapping[str, Any]) -> str:
    """What `haswbstatement:P1=…` compares: the text or id of a value, else nothing."""
    if snak["snaktype"] != "value":
        return ""
    value = snak["datavalue"]["value"]
    if isinstance(value, str):
        return value
    return str(value.get("id") or value.get("text") or value.get("amount") or value.get("time", ""))
