"""What a request asks the register: its kinds, the address's parameters, and what answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import current_app, request

from bots.core.register.asking import (
    Asked,
    Question,
    answers,
    columns_of,
    looked_up_by,
    understand,
)
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, KindConfig
from bots.core.register.opening import Open
from webservice.door import the_store

OWN = ("kind", "where", "search", "sort", "as_of", "format", "limit", "after", "uselang")
"""Parameters of the question itself; a field that is called so is asked for as `field.NAME`."""

MOST = 10_000
"""Records that one answer for programs has."""


@dataclass(frozen=True)
class Register(Open):
    """The register, and how addresses ask it."""

    @cached_property
    def parameters(self) -> frozenset[str]:
        """All that an address may say."""
        return frozenset({*OWN, *(parameter(name) for name in self._fields)})

    @cached_property
    def _fields(self) -> frozenset[str]:
        return frozenset(name for kind in self.kinds.values() for name in kind.fields)

    def asked(self) -> Asked:
        """The question of the request at hand, as its asker wrote it."""
        said = request.args
        filters = {name: said.getlist(parameter(name)) for name in sorted(self._fields)}
        return Asked(
            kind=said.get("kind", ""),
            filters={name: words for name, words in filters.items() if any(words)},
            where=said.get("where", ""),
            search=said.get("search", ""),
            sort=said.get("sort", ""),
            as_of=said.get("as_of", ""),
        )

    def filters(self, asked: Asked) -> dict[str, FieldConfig]:
        """By which fields people look up records: of the kind that is asked for, or of all kinds.

        Of all kinds, those that several have and mean the same by. What is asked for is among them.
        """
        kinds = [self.kinds[asked.kind]] if asked.kind in self.kinds else list(self.kinds.values())
        found: dict[str, FieldConfig] = {}
        for kind in kinds:
            for name, field in kind.fields.items():
                looked_up = any(name in looked_up_by(each) for each in kinds)
                if name in asked.filters or (looked_up and _is_shared(name, field, kinds)):
                    found.setdefault(name, field)
        return found

    def columns(self, kind: str) -> list[str]:
        """The fields that a list shows beside the name."""
        return columns_of(self.kinds[kind]) if kind else list(self.filters(Asked()))


@dataclass(frozen=True)
class Found:
    """A question, the records it could be about, and those that answer it."""

    question: Question
    among: Sequence[PageRecord]
    records: Sequence[PageRecord]


def the_register() -> Register:
    """The register, for the request at hand."""
    found: Register = current_app.extensions["hubbot_register"]
    return found


def find(asked: Asked) -> Found:
    """What the store answers. Raises `QueryError`."""
    register = the_register()
    question = understand(asked, register.kinds, register.canonical)
    among = register.records(the_store(), question.kind, question.as_of)
    return Found(question, among, answers(question, register.kinds, among))


def parameter(name: str) -> str:
    """What a field is called in an address."""
    return f"field.{name}" if name in OWN else name


def _is_shared(name: str, field: FieldConfig, kinds: Sequence[KindConfig]) -> bool:
    others = [kind.fields[name] for kind in kinds if name in kind.fields]
    same = all((each.type, each.choices) == (field.type, field.choices) for each in others)
    return same and (len(others) > 1 or len(kinds) == 1)
