"""Several values of which some can't be told: those that can are judged, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.core.merge.facts import UNKNOWN
from bots.core.wikibase.model import Item
from bots.datasets.engine.reconcile import Engine, OnWiki, Reconciled
from bots.datasets.facts import Said
from tests.datasets.engine.acts import Says
from tests.datasets.engine.scene import CODE, DEPRECATE, KIND, REMOVE, YEAR, Scene, shown
from tests.datasets.engine.world import ABOUT, TODAY, saved


def in_part(scene: Scene, *values: str) -> tuple[Reconciled, list[str]]:
    """What comes of it when the source says these, and others that can't be told; what stands."""
    scene.says(*values)
    ours = scene.world.ours
    record = ours.source.record()
    assert record is not None
    record = replace(record, statements=(*record.statements, Said(scene.rule, UNKNOWN)))
    wiki = OnWiki(item=scene.item, bases=ours.bases)
    found = Engine([scene.rule]).reconcile(record, wiki, ABOUT, TODAY)
    item: Item = scene.item
    if found.change is not None:
        item = saved(item, found.change.patch, 9)
    return found, [shown(each) for each in item.all_statements()]


@pytest.mark.parametrize("withdrawal", [REMOVE, DEPRECATE])
def test_what_can_be_told_is_added_and_nothing_is_withdrawn(withdrawal: object) -> None:
    scene = Scene(CODE, withdrawal=withdrawal).says("a", "b").run()  # type: ignore[arg-type]
    found, stands = in_part(scene, "b", "c")
    assert stands == ["00 01 <ours>", "00 02 <ours>", "00 03 <ours>"]
    assert found.differences == ()
    assert sum(name[0] == "P" for name in found.leaves) == 1, "the rest is kept as it was"


def test_a_value_that_people_wrote_is_adopted_and_another_is_not_told() -> None:
    scene = Scene(CODE).people("write", "a").people("write", "b")
    found, stands = in_part(scene, "a")
    assert stands == ["00 01 <ours>", "00 02"]
    assert found.differences == ()


def test_what_people_removed_is_not_brought_back_by_what_can_be_told() -> None:
    scene = Scene(CODE).says("a", "b").run().people("remove", at=0)
    _, stands = in_part(scene, "a", "b")
    assert stands == ["00 02 <ours>"]


def test_a_value_that_can_be_told_keeps_to_its_own_qualifiers() -> None:
    scene = Scene(KIND, withdrawal=REMOVE).says(Says("a", own="a"), "b").run()
    _, stands = in_part(scene, "a")
    assert stands == ["Q1 <ours>", "Q2 <ours>"]


def test_a_property_of_one_value_stays_as_it_was() -> None:
    scene = Scene(YEAR).says("a").run()
    found, stands = in_part(scene, "b")
    assert (found.change, stands) == (None, ["1901 <ours>"])


def test_where_nothing_can_be_told_nothing_is_judged() -> None:
    scene = Scene(CODE, withdrawal=REMOVE).says("a").run()
    scene.says(None)
    assert scene.run().stands == ["00 01 <ours>"]
