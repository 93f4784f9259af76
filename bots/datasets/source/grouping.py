"""Rows of one key made one record, wherever in the file they stand and however many they are."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import blake2b
from itertools import groupby

from bots.datasets.facts import Fault, Row
from bots.datasets.source.faults import at_row, fault


def grouped(rows: Iterable[Row | Fault], name: str, longest: int) -> Iterator[Row | Fault]:
    """A row for each key, in the order of keys; its cells are a list of [number, cells].

    `name`: the field that holds them; all its texts together have at most `longest` characters. A
    row that can't be read takes its record with it, and one whose record can't be told all of
    them: what a record with a part missing says is not what its source says.
    """
    # A name of no characters is a file of its own, gone with the connection.
    with closing(sqlite3.connect("")) as spool:
        spool.execute("create table rows (key text, number integer, digest text, cells text)")
        faulty: set[str] = set()
        for each in rows:
            if isinstance(each, Fault):
                yield each
                if not each.key and each.message.key != "source-key-empty":
                    return
                faulty.add(each.key)
                continue
            cells = json.dumps(each.cells)
            told = (each.key, each.number, each.digest, cells)
            spool.execute("insert into rows values (?, ?, ?, ?)", told)
        found = spool.execute("select key, number, digest, cells from rows order by key, number")
        for key, group in groupby(found, key=lambda each: str(each[0])):
            if key not in faulty:
                yield _record(key, group, name, longest)


def _record(
    key: str, group: Iterable[tuple[str, int, str, str]], name: str, longest: int
) -> Row | Fault:
    digest = blake2b(digest_size=16)
    held: list[list[object]] = []
    size = first = 0
    for _, number, one, cells in group:
        first = first or number
        size += len(cells)
        if size <= longest:
            digest.update(one.encode())
            held.append([number, json.loads(cells)])
    if size > longest:
        told = fault(
            "cell-long", column=name, name=name, characters=str(size), longest=str(longest)
        )
        return at_row(told, first, key)
    return Row(first, key, digest.hexdigest(), held)
