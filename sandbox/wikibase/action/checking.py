"""Holding the statements of an edit against the properties they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.wikibase.values import Context, check_snak


def check_statement(statement: Mapping[str, Any], context: Context) -> None:
    """Whether every snak of a statement may be. Raises BadValue."""
    for snak in snaks_of(statement):
        check_snak(snak, context)


def snaks_of(statement: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The main snak, the qualifiers and the snaks of the references."""
    yield statement["mainsnak"]
    for group in (statement.get("qualifiers") or {}).values():
        yield from group
    for reference in statement.get("references") or []:
        for group in reference["snaks"].values():
            yield from group
