"""A table of millions of pairs of texts, kept on disk while a run lasts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from types import TracebackType

MOST_OTHERS = 10
_AT_ONCE = 500


class Pairs:
    """Pairs (key, name); a key may have many names. To be closed, or used in a with block.

    It lives in a temporary file of SQLite's, so that a million pairs take a few MB of memory.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        try:
            self._fill(pairs)
        except BaseException:
            self._db.close()
            raise

    def find(self, keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Of these keys, those that are there, each with its names."""
        found: dict[str, dict[str, None]] = {}
        wanted = map(_bytes, dict.fromkeys(keys))
        while batch := list(islice(wanted, _AT_ONCE)):
            marks = ", ".join("?" * len(batch))
            sql = f"select key, name from pair where key in ({marks}) order by rowid"  # noqa: S608
            for key, name in self._db.execute(sql, batch):
                found.setdefault(_text(key), {})[_text(name)] = None
        return {key: tuple(names) for key, names in found.items()}

    def doubled(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The keys that have more than one name, each with its names."""
        sql = "select key from pair group by key having count(distinct name) > 1"
        for (key,) in self._db.execute(sql):
            yield _text(key), self.find([_text(key)])[_text(key)]

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Pairs:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _fill(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._db.execute("pragma journal_mode = off")
        self._db.execute("create table pair (key blob, name blob)")
        self._db.execute("begin")
        rows = ((_bytes(key), _bytes(name)) for key, name in pairs)
        self._db.executemany("insert into pair values (?, ?)", rows)
        self._db.execute("create index pair_key on pair (key)")
        self._db.execute("commit")


def doubled(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Of pairs (an identifier's key, a record's key): the records that share one.

    Each with some of the others, at most `MOST_OTHERS`.
    """
    others: dict[str, tuple[str, ...]] = {}
    with closing(Pairs(pairs)) as table:
        for _, names in table.doubled():
            some = names[: MOST_OTHERS + 1]
            for name in names:
                others[name] = tuple(each for each in some if each != name)[:MOST_OTHERS]
    return others


def _bytes(text: str) -> bytes:
    """Half a surrogate pair, as JSON may hold, is kept as it is."""
    return text.encode("utf-8", "surrogatepass")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogatepass")
