"""What is proposed for a file: each column's meaning, and the questions that are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bots.core.messages import Message

COLUMN = "column "
"""Begins the name of the question about a column."""

LEFT_OUT = "-"
"""The answer by which a column says nothing."""


@dataclass(frozen=True)
class Question:
    """What people are asked.

    - `name`: what it is about: a column, or one of `partner`, `language`, `stated-in`, ….
    - `choices`: answer → what it is called; others may be given too. `default`: what is taken
      where nobody answers.
    """

    name: str
    message: Message
    default: str
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Statement:
    """A line of a mapping's statements, of a column; `commented`: shown, since nobody is sure."""

    entry: Mapping[str, Any]
    label: str
    column: str
    notes: tuple[Message, ...] = ()
    commented: bool = False


@dataclass(frozen=True)
class Term:
    """A line of a mapping's terms."""

    entry: Mapping[str, Any]
    notes: tuple[Message, ...] = ()
    commented: bool = False


@dataclass(frozen=True)
class ValueTable:
    """A value table: what is known of it, and the values that people have to complete it with."""

    known: Mapping[str, str]
    waiting: Mapping[str, int]


@dataclass(frozen=True)
class Proposal:
    """A mapping as proposed, and what is asked about it.

    - `key`: the field that tells records apart. `match`: the `match` of the mapping.
    - `record_url`: the record's address, "" for none. `left`: columns that say nothing, and why.
    - `numbers`: fields whose type in the Table Schema is kept as inferred.
    """

    key: str
    match: Mapping[str, Any]
    language: str
    statements: tuple[Statement, ...] = ()
    terms: tuple[Term, ...] = ()
    tables: Mapping[str, ValueTable] = field(default_factory=dict)
    record_url: str = ""
    stated_in: str = ""
    left: Mapping[str, Message] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    questions: tuple[Question, ...] = ()
