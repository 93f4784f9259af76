"""What is known of a file's columns before anybody has said what they mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bots.core.messages import Message

_WORD = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")


@dataclass(frozen=True)
class Column:
    """A column, or a property of JSON records (`a.b` lies in the object `a`).

    - `take`: how a mapping names it: {"field": …} or {"path": …}; `top`: the record's own field.
    - `values`: the first values that are there, those of lists each by itself; `counts`: how many
      records have each text, of the first few thousand texts.
    - `filled` of `total` records say something; `unique`: no text came twice.
    - `lists`: whether the values came in lists; `objects`: what it holds can't be told as values.
    """

    name: str
    take: Mapping[str, str]
    top: str
    values: tuple[Any, ...] = ()
    counts: Mapping[str, int] = field(default_factory=Counter)
    filled: int = 0
    total: int = 0
    unique: bool = False
    lists: bool = False
    objects: bool = False

    @property
    def is_key(self) -> bool:
        """Whether it can tell one record from another."""
        return "field" in self.take and self.unique and 0 < self.total == self.filled

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its name, in small letters."""
        return words_of(self.name)


@dataclass(frozen=True)
class Looked:
    """A file as it was looked at.

    - `format`, `encoding`, `dialect`, `fields`: as a data package says them, a field's name and
      type each. `missing`: texts that stand for no value.
    - `records`: how many were read, `bad` of them could not be, the first for the reason `why`;
      `whole`: whether these are all.
    - `heard`: a text of the file with letters beyond ASCII, where its encoding was guessed.
    """

    format: str
    encoding: str
    dialect: Mapping[str, Any]
    fields: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    missing: tuple[str, ...] = ("",)
    records: int = 0
    bad: int = 0
    why: Message | None = None
    whole: bool = True
    heard: str = ""


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name such as `officialWebsite`, `name_sv` or `Grundad (år)`."""
    return tuple(word.casefold() for word in _WORD.findall(_CAMEL.sub(" ", name)))
