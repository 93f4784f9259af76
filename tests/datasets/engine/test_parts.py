"""Within a statement: our qualifiers are slots of their own, and our reference is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bots.core.wikibase.model import Item
from bots.datasets.engine.reconcile import Engine, OnWiki
from bots.datasets.facts import QualifierRule
from tests.datasets.engine.acts import OWN, RUN, Act, Life, Says
from tests.datasets.engine.scene import CODE, KIND, REMOVE, YEAR, Scene
from tests.datasets.engine.world import ABOUT, TODAY, World, stored

SLOT = "P2 / P585"


def left(own: str = "a", **policies: object) -> Scene:
    """We have left 1901 with a qualifier."""
    return Scene(YEAR, **policies).says(Says("a", own=own)).run()  # type: ignore[arg-type]


# qualifiers


def test_our_qualifier_follows_the_source_while_the_statement_is_ours() -> None:
    scene = left().says(Says("a", own="b")).run()
    assert (scene.stands, scene.told) == (["1901 (P585 2002) <ours>"], [])


def test_a_qualifier_is_added_where_the_source_comes_to_say_one() -> None:
    assert left("").says(Says("a", own="b")).run().stands == ["1901 (P585 2002) <ours>"]


def test_a_qualifier_that_the_source_says_no_more_goes_by_the_policy_of_withdrawal() -> None:
    scene = left().says("a").run()
    assert (scene.stands, scene.told) == (["1901 (P585 2001) <ours>"], [("unsupported", SLOT)])
    scene = left(withdrawal=REMOVE).says("a").run()
    assert (scene.stands, scene.told) == (["1901 <ours>"], [])


def test_a_qualifier_that_people_changed_is_kept_and_told() -> None:
    scene = left().people("qualify", "b", more=OWN).run()
    assert (scene.stands, scene.told) == (["1901 (P585 2002) <ours>"], [("corrected", SLOT)])
    (difference,) = scene.differences
    assert (difference.wiki_values, difference.ours_value) == (("2002",), "2001")


def test_a_qualifier_that_people_removed_is_not_put_back() -> None:
    scene = left().people("unqualify", more=OWN).run()
    assert (scene.stands, scene.told) == (["1901 <ours>"], [("removed", SLOT)])
    assert scene.says(Says("a", own="b")).run().stands == ["1901 <ours>"]


@pytest.mark.parametrize("touch", ["cite", "rank"])
def test_in_a_statement_that_people_touched_a_new_qualifier_is_told_not_written(touch: str) -> None:
    scene = left().people(touch, "preferred").says(Says("a", own="b")).run()
    assert "P585 2001" in scene.stands[0]
    assert scene.told == [("conflict", SLOT)]


def test_a_qualifier_that_was_held_back_is_written_on_a_person_s_word_and_silent_on_another() -> (
    None
):
    told = left().people("cite").says(Says("a", own="b")).run()
    assert told.decided("take-partner").run().stands == ["1901 (P585 2002) <ours, news>"]
    told = left().people("cite").says(Says("a", own="b")).run()
    assert told.decided("keep-wiki").run().told == []
    assert told.stands == ["1901 (P585 2001) <ours, news>"]


def test_a_qualifier_of_many_values_is_added_and_withdrawn_value_by_value() -> None:
    rule = replace(YEAR, qualifiers={OWN: QualifierRule(OWN, many=True)}, withdrawal=REMOVE)
    scene = Scene(rule).says(Says("a", own="a")).run()
    assert scene.people("cite").run().told == []
    scene = Scene(rule).says(Says("a", own="a")).run().says(Says("a", own="b")).run()
    assert scene.stands == ["1901 (P585 2002) <ours>"]


def test_qualifiers_of_another_value_of_the_source_do_not_follow_into_what_people_keep() -> None:
    scene = left().people("cite").says(Says("b", own="b")).run()
    assert scene.stands == ["1901 (P585 2001) <news>"]
    assert scene.told == [("conflict", "P2")]


# references


def test_our_reference_follows_the_source() -> None:
    scene = left()
    scene.source("url").run()
    (reference,) = scene.item.statements["P2"][0].references
    assert reference == scene.world.ours.source.reference()


def test_a_reference_of_people_beside_ours_does_not_hold_ours_back() -> None:
    scene = left().people("cite").source("url").run()
    ours, _ = scene.item.statements["P2"][0].references
    assert ours == scene.world.ours.source.reference()
    assert scene.stands == ["1901 (P585 2001) <ours, news>"]


def test_our_reference_that_people_edited_is_theirs() -> None:
    scene = left().people("recite").source("url").run()
    assert scene.stands == ["1901 (P585 2001) <ours with page>"]
    (reference,) = scene.item.statements["P2"][0].references
    assert reference != scene.world.ours.source.reference()
    scene.says("b").run()
    assert scene.stands == ["1901 (P585 2001) <ours with page>"]
    assert scene.told == [("conflict", "P2")]


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("wrote", [False, True])
def test_our_reference_that_people_dated_anew_is_theirs(many: bool, wrote: bool) -> None:
    scene = Scene(YEAR, many=many)
    scene = scene.says("a").run() if wrote else scene.people("write", "a").says("a").run()
    (before,) = scene.people("redate").item.statements["P2"]
    for says in ((), ("a",), ("b",), ()):
        scene.source("url").says(*says).run()
        assert scene.item.statements["P2"][0] == before, says


def test_our_reference_that_people_put_back_with_the_value_from_before_is_theirs() -> None:
    """It is the same as in another property, where it stands as we left it."""
    world = World(Life(0, (replace(YEAR, withdrawal=REMOVE), CODE), (), ()))
    said = (Says("a"),)
    for act in (
        Act("source", "says", "P2", says=said),
        Act("source", "says", "P1", says=said),
        RUN,
    ):
        world.happens(act)
    (before,) = world.item.statements["P2"]
    for act in (Act("source", "day"), Act("source", "says", "P2", says=(Says("b"),)), RUN):
        world.happens(act)
    for act in (Act("people", "undo"), Act("source", "says", "P2", says=()), RUN):
        world.happens(act)
    assert world.item.statements["P2"] == (before,)


def test_our_reference_that_people_took_out_is_not_put_back() -> None:
    scene = left().people("uncite").source("url").run()
    assert (scene.stands, scene.told) == (["1901 (P585 2001)"], [])
    scene.says("b").run().says(Says("a", own="a")).run()
    assert scene.stands == ["1901 (P585 2001)"]


def test_our_reference_that_people_put_back_where_we_had_taken_it_out_stays() -> None:
    scene = Scene(YEAR).people("write", "a", more="a").says(Says("a", own="a")).run()
    assert scene.stands == ["1901 (P585 2001) <ours>"]
    scene.says(Says("a", own="b")).run()
    assert (scene.stands, scene.told) == (["1901 (P585 2001)"], [("conflict", "P2")])
    scene.people("undo").run()
    assert (scene.stands, scene.told) == (["1901 (P585 2001) <ours>"], [("conflict", "P2")])


def test_retrieved_alone_is_no_reason_to_write() -> None:
    scene = left()
    before = scene.item
    assert scene.source("day").run().item == before


def test_retrieved_moves_with_something_else() -> None:
    scene = left().source("day").says(Says("b", own="a")).run()
    assert scene.item.statements["P2"][0].references == (scene.world.ours.source.reference(),)


def test_retrieved_moves_alone_once_it_is_old_enough() -> None:
    """The source was read on 1 and 2 January 2026."""
    rule = replace(YEAR, retrieved_days=30)
    for today, moves in ((date(2026, 1, 30), False), (date(2026, 1, 31), True)):
        scene = Scene(rule).says("a").run().source("day")
        ours = scene.world.ours
        on = OnWiki(scene.item, ours.bases)
        done = Engine([rule]).reconcile(ours.source.record(), on, ABOUT, today)
        assert (done.change is not None) is moves, today


def test_what_says_the_same_in_another_order_is_the_same_reference() -> None:
    scene = left()
    (statement,) = scene.item.statements["P2"]
    (reference,) = statement.references
    turned = replace(statement, references=(replace(reference, snaks=reference.snaks[::-1]),))
    scene.world.item = replace(scene.item, statements={"P2": (turned,)})
    assert scene.run().told == []
    assert scene.item.statements["P2"] == (turned,)


def test_a_value_that_the_source_says_twice_is_said_once() -> None:
    assert Scene(CODE).says("a", "A", "b").run().stands == ["00 01 <ours>", "00 02 <ours>"]
    scene = Scene(KIND).says(Says("a", own="a"), Says("a", own="b")).run()
    assert scene.stands == ["Q1 (P585 2001) <ours>"]


# what an item is made of


def test_a_new_item_is_made_of_all_that_the_record_says() -> None:
    scene = Scene(YEAR).says(Says("a", own="a"))
    done = Engine([YEAR]).reconcile(
        scene.world.ours.source.record(), OnWiki(Item(), {}), ABOUT, TODAY
    )
    assert done.change is not None
    assert done.change.base_revid is None
    (statement,) = done.change.patch.add
    assert (statement.id, statement.mainsnak.property) == ("", "P2")
    assert stored({}, done.leaves).keys() == {"P2", "cites"}
    assert [reason.key for reason in done.reasons] == ["dataset-why-add"]
