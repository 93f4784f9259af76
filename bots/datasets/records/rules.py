"""How what a mapping says is kept: its rules, in the site's own numbers."""

from __future__ import annotations

from collections.abc import Iterable

from bots.core.config import SiteNumbers
from bots.core.wikibase.model import EntityId, Snak
from bots.datasets.facts import QualifierRule, StatementRule, TermRule
from bots.datasets.mapping.checks import cited
from bots.datasets.mapping.dataset import Dataset
from bots.datasets.mapping.parts import Cite, StatementTake, TermTake

_REASON = "P2241"
"""The property of the reason for a deprecated rank."""


def rules_of(
    dataset: Dataset, numbers: SiteNumbers, takes: Iterable[StatementTake] | None = None
) -> dict[str, StatementRule]:
    """One rule a property (as the site numbers it), of all statements or of these, in order."""
    entries: dict[str, list[StatementTake]] = {}
    for each in dataset.statements if takes is None else takes:
        entries.setdefault(numbers.here(each.property), []).append(each)
    return {
        property_id: _rule(property_id, group, dataset, numbers)
        for property_id, group in entries.items()
    }


def term_rule(take: TermTake) -> TermRule:
    """How a term is kept."""
    return TermRule(take.term, take.column, take.taken, take.withdrawal)


def block_of(take: StatementTake, dataset: Dataset) -> Iterable[Cite]:
    """The snaks of a statement's reference: its own, or the mapping's."""
    return dataset.reference if take.reference is None else take.reference


def _rule(
    property_id: str, group: list[StatementTake], dataset: Dataset, numbers: SiteNumbers
) -> StatementRule:
    first = group[0]
    blocks = [list(block_of(each, dataset)) for each in group]
    dates = [cite.property for block in blocks for cite in block if cite.retrieved]
    return StatementRule(
        property=property_id,
        column=next((each.column for each in group if each.column), ""),
        many=first.many,
        keys=frozenset(numbers.here(each.property) for each in first.qualifiers if each.key),
        change=first.change,
        withdrawal=first.withdrawal,
        reason=_reason(first, numbers),
        normalisers=tuple(first.equivalence),
        qualifiers={
            numbers.here(each.property): QualifierRule(
                numbers.here(each.property), each.many, tuple(each.equivalence), each.column
            )
            for entry in group
            for each in entry.qualifiers
            if not each.key
        },
        end=numbers.here(first.end),
        cites=frozenset(numbers.here(each.property) for block in blocks for each in cited(block)),
        retrieved=numbers.here(dates[0] if dates else "P813"),
        retrieved_days=dataset.retrieved_days or 0,
    )


def _reason(take: StatementTake, numbers: SiteNumbers) -> Snak | None:
    if take.reason is None:
        return None
    return Snak(numbers.here(_REASON), EntityId(numbers.here(take.reason)))
