"""What a wiki says of a property's values: its constraints (P2302), as far as they are held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bots.core.config import SiteNumbers
from bots.core.merge.facts import Rank
from bots.core.messages import Message
from bots.core.wikibase.model import EntityId, Property, Statement, Text
from bots.datasets.transforms.base import shown
from bots.datasets.transforms.patterns import compiled

CONSTRAINT, PATTERN, STATUS, SEPARATOR = "P2302", "P1793", "P2316", "P4155"
FORMAT, DISTINCT = "Q21502404", "Q21502410"
SINGLE = ("Q19474404", "Q52060874")
SUGGESTION = "Q62026391"

_LONGEST_PATTERN = 2000


@dataclass(frozen=True)
class Constraints:
    """A property's constraints.

    - `patterns`: each has to match the whole value.
    - `single`: an item has one value; `distinct`: a value is on one item.
    - `faults`: what of them can't be held, and why.
    """

    patterns: tuple[str, ...] = ()
    single: bool = False
    distinct: bool = False
    faults: tuple[Message, ...] = ()


def constraints_of(found: Property, numbers: SiteNumbers) -> Constraints:
    """The constraints that stand on a property's page.

    A constraint that is only a suggestion is none here, nor is that of a single value where a
    qualifier may tell several apart.
    """
    patterns: list[str] = []
    faults: list[Message] = []
    kinds: set[str] = set()
    for statement in found.statements.get(numbers.here(CONSTRAINT), ()):
        kind = statement.mainsnak.value
        suggested = numbers.here(SUGGESTION) in _items(statement, numbers.here(STATUS))
        if statement.rank is Rank.DEPRECATED or suggested or not isinstance(kind, EntityId):
            continue
        if kind.id == numbers.here(FORMAT):
            for text in _texts(statement, numbers.here(PATTERN)):
                fault = _unusable(text)
                if fault is None:
                    patterns.append(text)
                else:
                    told = {"property": found.id, "pattern": shown(text), "reason": fault}
                    faults.append(Message("check-pattern", told))
        elif not _snaks(statement, numbers.here(SEPARATOR)):
            kinds.add(kind.id)
    return Constraints(
        patterns=tuple(patterns),
        single=any(numbers.here(each) in kinds for each in SINGLE),
        distinct=numbers.here(DISTINCT) in kinds,
        faults=tuple(faults),
    )


def _unusable(pattern: str) -> str | None:
    """Why a pattern can't be used: it comes from outside, so RE2 alone is given it."""
    if len(pattern) > _LONGEST_PATTERN:
        return f"{len(pattern)} characters"
    try:
        compiled(pattern)
    except ValueError as error:
        return shown(str(error))
    return None


def _snaks(statement: Statement, property_id: str) -> list[object]:
    return [each.value for each in statement.qualifiers if each.property == property_id]


def _items(statement: Statement, property_id: str) -> Iterable[str]:
    return (each.id for each in _snaks(statement, property_id) if isinstance(each, EntityId))


def _texts(statement: Statement, property_id: str) -> Iterable[str]:
    return (each.text for each in _snaks(statement, property_id) if isinstance(each, Text))
