"""Statements that somebody else had cited as we would, before we ever came to the item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bots.core.wikibase import make
from bots.core.wikibase.model import EntityId, Item, Reference, Snak, Statement, Text
from bots.datasets.engine.reconcile import Engine, OnWiki, Reconciled
from bots.datasets.facts import Record, Said, StatementRule
from tests.datasets.engine.scene import DEPRECATE, REMOVE
from tests.datasets.engine.world import ABOUT, saved, stored

CITES = frozenset({"P248", "P351"})
CODE = StatementRule("P639", many=True, cites=CITES, retrieved_days=30)
OTHER = StatementRule("P594", many=True, cites=frozenset({"P248", "P594"}))
TODAY = date(2026, 11, 21)


def cites(source: str, property_id: str, said: str, day: int = 0) -> Reference:
    snaks = (Snak("P248", EntityId(source)), Snak(property_id, Text(said)))
    retrieved = (Snak("P813", make.date(2020, 4, day)),) if day else ()
    return Reference((*snaks, *retrieved))


THEIRS = cites("Q20641742", "P351", "7157", 4)
OURS = cites("Q20641742", "P351", "7157", 5)
ENSEMBL = cites("Q83867711", "P594", "ENSG1")


def statement(property_id: str, value: str, *references: Reference, id: str = "") -> Statement:
    return Statement(Snak(property_id, Text(value)), (), references, id=id)


def item(*references: Reference) -> Item:
    """An item that says what our source says, with these references."""
    return Item(
        id="Q1",
        revision=5,
        statements={"P639": (statement("P639", "NM_1", *references, id="Q1$a"),)},
    )


def judged(
    on: Item,
    bases: Mapping[str, Any],
    *values: str,
    rule: StatementRule = CODE,
    ours: Reference = OURS,
) -> tuple[Reconciled, Item, dict[str, Any]]:
    """A run of ours, the item after it, and what is remembered."""
    saids = (
        Said(rule, tuple(statement("P639", each, ours) for each in values)),
        Said(OTHER, (statement("P594", "ENSG1", ENSEMBL),)),
    )
    engine = Engine([rule, OTHER])
    found = engine.reconcile(Record("1", statements=saids), OnWiki(on, bases), ABOUT, TODAY)
    after = on if found.change is None else saved(on, found.change.patch, 6)
    return found, after, stored(bases, found.leaves)


def references(of: Item) -> list[Reference]:
    return list(of.statements["P639"][0].references)


@pytest.mark.parametrize("rule", [CODE, replace(CODE, many=False)])
def test_the_same_reference_stays_as_it_was_read_even_when_its_date_is_old(
    rule: StatementRule,
) -> None:
    found, after, bases = judged(item(THEIRS), {}, "NM_1", rule=rule)
    assert references(after) == [THEIRS]
    again, _, _ = judged(after, bases, "NM_1", rule=rule)
    assert (again.change, again.differences, found.differences) == (None, (), ())


@pytest.mark.parametrize("rule", [CODE, replace(CODE, many=False)])
def test_beside_another_source_that_we_cite_elsewhere_ours_is_added(rule: StatementRule) -> None:
    _, after, bases = judged(item(ENSEMBL), {}, "NM_1", rule=rule)
    assert references(after) == [ENSEMBL, OURS]
    again, _, _ = judged(after, bases, "NM_1", rule=rule)
    assert again.change is None


@pytest.mark.parametrize("policy", [REMOVE, DEPRECATE])
def test_when_the_source_says_it_no_more_the_reference_of_others_stays(policy: Any) -> None:
    rule = replace(CODE, withdrawal=policy)
    _, after, bases = judged(item(THEIRS), {}, "NM_1", rule=rule)
    _, gone, _ = judged(after, bases, rule=rule)
    assert references(gone) == [THEIRS]
    assert gone.statements["P639"] == after.statements["P639"]


def test_only_the_reference_that_we_added_goes_again() -> None:
    rule = replace(CODE, withdrawal=REMOVE)
    _, after, bases = judged(item(ENSEMBL), {}, "NM_1", rule=rule)
    _, gone, _ = judged(after, bases, rule=rule)
    assert references(gone) == [ENSEMBL]


def test_our_own_reference_still_follows_its_date() -> None:
    _, after, bases = judged(item(), {}, "NM_1")
    assert references(after) == [OURS]
    newer = cites("Q20641742", "P351", "7157", 9)
    _, later, _ = judged(after, bases, "NM_1", ours=newer)
    assert references(later) == [newer]


def test_of_one_value_a_new_one_is_told_where_the_reference_is_not_ours() -> None:
    rule = replace(CODE, many=False)
    _, after, bases = judged(item(THEIRS), {}, "NM_1", rule=rule)
    found, later, _ = judged(after, bases, "NM_2", rule=rule)
    assert later.statements["P639"] == after.statements["P639"]
    assert [(each.kind, each.ours) for each in found.differences] == [("conflict", "NM_2")]
