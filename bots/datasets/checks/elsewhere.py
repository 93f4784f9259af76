"""Values that the wiki wants on one item alone, and that stand on another already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bots.core.wikibase.model import Item
from bots.datasets.checks.judging import Doubt, distinct_values, on_another, without
from bots.datasets.facts import Record, StatementRule
from bots.datasets.matching.judging import MatchRule, identifiers_on
from bots.datasets.matching.lookup import Search
from bots.datasets.matching.spellings import spellings
from bots.wiki.entities import Entities, NoSearchError


@dataclass(frozen=True)
class Placed:
    """A record, and the items that may be its own."""

    record: Record
    items: tuple[Item, ...]


def without_others(
    placed: Sequence[Placed], distinct: Collection[str], entities: Entities
) -> list[Record]:
    """The records without what stands on other items; `distinct`: properties.

    Of one that has no item yet none is made then: the other may well be it. A wiki that can't be
    searched is not asked. Raises `NotReachedError`.
    """
    wanted = [(each, list(_new(each, distinct))) for each in placed]
    found = _found((rule, text) for _, new in wanted for rule, text in new)
    hits = {key: items for rule in found for key, items in _search(rule, found[rule], entities)}
    return [_held(each, new, hits) for each, new in wanted]


def _held(
    placed: Placed, new: list[tuple[MatchRule, str]], hits: dict[tuple[str, str], tuple[str, ...]]
) -> Record:
    own = {each.id for each in placed.items}
    others = {
        (rule.property, rule.key(text)): other
        for rule, text in new
        for other in hits.get((rule.property, rule.key(text)), ())
        if other not in own
    }
    if not others:
        return placed.record
    doubts: list[Doubt] = []
    for rule, statement, _ in distinct_values(placed.record):
        matching = _rule(rule)
        value = statement.mainsnak.value
        text = getattr(value, "text", "")
        other = others.get((rule.property, matching.key(text)))
        if other is not None:
            doubts.append(on_another(rule, statement, other))
    record = without(placed.record, doubts)
    return record if placed.items else replace(record, may_create=False)


def _new(placed: Placed, distinct: Collection[str]) -> Iterable[tuple[MatchRule, str]]:
    """What the record says and none of its items carries; nothing where nothing can be written."""
    if not placed.items and not placed.record.may_create:
        return
    for rule, statement, _ in distinct_values(placed.record):
        if rule.property not in distinct:
            continue
        matching = _rule(rule)
        text = getattr(statement.mainsnak.value, "text", "")
        if not any(matching.key(text) in identifiers_on(each, matching) for each in placed.items):
            yield matching, text


def _found(values: Iterable[tuple[MatchRule, str]]) -> dict[MatchRule, dict[str, tuple[str, ...]]]:
    """By rule: a value's key, and how it may be spelled."""
    found: dict[MatchRule, dict[str, tuple[str, ...]]] = {}
    for rule, text in values:
        found.setdefault(rule, {})[rule.key(text)] = spellings(text, rule.normalisers)
    return found


def _search(
    rule: MatchRule, wanted: dict[str, tuple[str, ...]], entities: Entities
) -> Iterable[tuple[tuple[str, str], tuple[str, ...]]]:
    try:
        for key, items in Search(entities, rule).find(wanted).items():
            yield (rule.property, key), items
    except NoSearchError:
        return


def _rule(rule: StatementRule) -> MatchRule:
    return MatchRule(rule.property, rule.normalisers)
