"""A statement as the merge sees it: its value, and what its qualifiers say against ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bots.core.merge.facts import Relation
from bots.core.wikibase.equality import compare
from bots.core.wikibase.model import Snak, Statement
from bots.datasets.facts import StatementRule

_AGREE = (Relation.SAME, Relation.FINER)


@dataclass(frozen=True, slots=True)
class Claim:
    """A main value; `qualifiers` are those of people's statements, or what the source says.

    A statement of our own has none here: there each qualifier is a slot of its own. `said` is the
    whole statement that the source's value is written as.
    """

    snak: Snak
    qualifiers: tuple[Snak, ...] = ()
    said: Statement | None = field(default=None, compare=False)


def said_claim(statement: Statement, rule: StatementRule) -> Claim:
    """What the source says, as a claim."""
    qualifiers = tuple(each for each in statement.qualifiers if each.property in rule.qualifiers)
    return Claim(statement.mainsnak, qualifiers, statement)


def comparer_of(rule: StatementRule) -> Callable[[Claim, Claim], Relation]:
    """How people's claim stands to ours.

    The same value with a qualifier that says another than ours is another claim: our reference
    would stand for what our source does not say.
    """

    def relation(theirs: Claim, ours: Claim) -> Relation:
        found = compare_snaks(theirs.snak, ours.snak, rule.normalisers)
        if (
            theirs.qualifiers
            and ours.qualifiers
            and found in _AGREE
            and contradicts(theirs.qualifiers, ours.qualifiers, rule)
        ):
            return Relation.OTHER
        return found

    return relation


def compare_snaks(theirs: Snak, ours: Snak, normalisers: tuple[str, ...] = ()) -> Relation:
    """How one snak stands to another of the same property."""
    if theirs.value is None or ours.value is None:
        alike = theirs.snaktype == ours.snaktype and theirs.value is ours.value
        return Relation.SAME if alike else Relation.OTHER
    return compare(theirs.value, ours.value, normalisers)


def contradicts(theirs: Iterable[Snak], ours: Iterable[Snak], rule: StatementRule) -> bool:
    """Whether a qualifier of ours is there with other values only."""
    told = list(theirs)
    for wanted in ours:
        names = rule.qualifiers[wanted.property].normalisers
        same = [each for each in told if each.property == wanted.property]
        if same and not any(compare_snaks(each, wanted, names) in _AGREE for each in same):
            return True
    return False
