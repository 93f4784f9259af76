"""Every row of the merge table for one value: the item before and after, and what is told."""

from __future__ import annotations

import pytest

from tests.datasets.engine.acts import Says
from tests.datasets.engine.scene import (
    CODE,
    COUNT,
    DEPRECATE,
    ENDING,
    PLAIN,
    PREFERRING,
    REMOVE,
    YEAR,
    Scene,
)

SLOT = "P2"


def left(value: str = "a", **policies: object) -> Scene:
    """We have left a value."""
    scene = Scene(YEAR, **policies).says(value).run()  # type: ignore[arg-type]
    assert len(scene.stands) == 1
    return scene


# nothing left before


def test_what_nobody_says_is_added_with_our_qualifier_and_our_reference() -> None:
    scene = Scene().says(Says("a", own="b")).run()
    assert scene.stands == ["1901 (P585 2002) <ours>"]
    assert scene.told == []


def test_what_people_say_already_gets_our_reference_alone() -> None:
    scene = Scene().people("write", "a").says(Says("a", own="b")).run()
    assert scene.stands == ["1901 <ours>"]
    assert scene.told == []
    assert scene.says("b").run().stands == ["1901"]


def test_what_people_say_more_finely_gets_our_reference_and_stays_as_fine() -> None:
    scene = Scene().people("write", "ax", more="a").says("a").run()
    assert scene.stands == ["1901-05 (P585 2001) <ours>"]
    assert scene.told == []


def test_our_reference_is_not_put_where_a_qualifier_says_another_than_ours() -> None:
    scene = Scene().people("write", "a", more="a").says(Says("a", own="b")).run()
    assert scene.stands == ["1901 (P585 2001)"]
    assert scene.told == [("conflict", SLOT)]
    (difference,) = scene.differences
    assert difference.wiki[0] == "1901; P585 2001"
    assert difference.ours == "1901; P585 2002"
    assert (difference.wiki_values, difference.ours_value) == (("1901",), "1901")


@pytest.mark.parametrize("theirs", ["a", "b", "some"])
def test_what_people_say_more_coarsely_or_otherwise_is_told(theirs: str) -> None:
    scene = Scene().people("write", theirs).says("ax")
    before = scene.stands
    assert scene.run().stands == before
    assert scene.told == [("conflict", SLOT)]
    (difference,) = scene.differences
    assert (difference.record, difference.item, difference.column) == ("one", "Q1", "founded")
    assert difference.ours_value == "1901-05"
    assert difference.statement == scene.item.statements[SLOT][0].id


def test_what_people_deprecated_or_deny_is_not_said() -> None:
    scene = Scene().people("write", "a").people("rank", "deprecated").says("a").run()
    assert (scene.stands, scene.told) == (["1901 deprecated"], [("refuted", SLOT)])
    scene = Scene().people("write", "a", more="a").people("rank", "deprecated")
    scene.says(Says("a", own="b")).run()
    assert (scene.stands, scene.told) == (["1901 (P585 2001) deprecated"], [("refuted", SLOT)])
    scene = Scene().people("write", "none").says("a").run()
    assert (scene.stands, scene.told) == (["novalue"], [("refuted", SLOT)])


# ours stands


def test_what_we_left_is_kept_and_nothing_is_written() -> None:
    scene = left()
    revision = scene.item.revision
    assert scene.run().told == []
    assert scene.item.revision == revision


def test_what_nobody_touched_follows_the_source() -> None:
    scene = left().says(Says("b", own="a")).run()
    assert scene.stands == ["1902 (P585 2001) <ours>"]
    assert len(scene.item.statements[SLOT]) == 1


def test_a_value_that_ended_is_said_to_have_ended_and_the_new_one_stands_beside() -> None:
    scene = left(change=ENDING).says("b").run()
    assert scene.stands == ["1901 (P582 somevalue) <ours>", "1902 <ours>"]
    assert scene.told == []
    scene.says("c").run()
    assert scene.stands[1:] == ["1902 (P582 somevalue) <ours>", "1903 <ours>"]


def test_the_new_value_is_preferred_and_the_old_one_stays_where_that_is_the_policy() -> None:
    scene = left(change=PREFERRING).says("b").run()
    assert scene.stands == ["1901 <ours>", "1902 preferred <ours>"]
    scene.says("a").run()
    assert scene.stands == ["1901 preferred <ours>", "1902 <ours>"]


@pytest.mark.parametrize(
    ("what", "value", "more", "left_with"),
    [
        ("cite", "", "", "1901 <news>"),
        ("qualify", "a", "P1480", "1901 (P1480 a)"),
        ("rank", "preferred", "", "1901 preferred"),
    ],
)
def test_what_people_touched_loses_our_reference_when_the_source_says_another(
    what: str, value: str, more: str, left_with: str
) -> None:
    scene = left().people(what, value, more=more)
    touched = scene.stands
    assert scene.run().stands == touched, "as long as the source says the same"
    scene.says("b").run()
    assert scene.stands == [left_with]
    assert scene.told == [("conflict", SLOT)]


def test_people_s_value_beside_ours_is_adopted_and_ours_goes() -> None:
    scene = left().people("write", "b").says("b").run()
    assert scene.stands == ["1902 <ours>"]
    assert scene.told == []


@pytest.mark.parametrize(
    ("policy", "stands", "told"),
    [
        (YEAR.withdrawal, ["1901 <ours>"], [("unsupported", SLOT)]),
        (REMOVE, [], []),
        (DEPRECATE, ["1901 deprecated <ours>"], []),
    ],
)
def test_what_the_source_says_no_more_goes_by_policy(
    policy: object, stands: list[str], told: list[tuple[str, str]]
) -> None:
    assert left(withdrawal=policy).says().run().stands == stands
    scene = left(withdrawal=policy).source("gone").run()
    assert (scene.stands, scene.told) == (stands, told)
    scene.source("back").run()
    assert (scene.stands, scene.told) == (["1901 <ours>"], [])


@pytest.mark.parametrize("policy", [REMOVE, DEPRECATE])
def test_what_people_touched_and_the_source_says_no_more_loses_our_reference_alone(
    policy: object,
) -> None:
    scene = left(withdrawal=policy).people("cite").says().run()
    assert (scene.stands, scene.told) == (["1901 <news>"], [])


# people took ours away


def test_what_people_corrected_is_kept_and_told() -> None:
    scene = left().people("value", "b").run()
    assert (scene.stands, scene.told) == (["1902 <ours>"], [("corrected", SLOT)])
    (difference,) = scene.differences
    assert difference.wiki_values == ("1902",)
    assert difference.calendar == "Gregorian"


def test_a_statement_people_removed_is_not_brought_back_even_if_the_source_comes_back_to_it() -> (
    None
):
    scene = left().people("remove").run()
    assert (scene.stands, scene.told) == ([], [("removed", SLOT)])
    assert scene.says().run().told == []
    assert (scene.says("a").run().stands, scene.told) == ([], [("removed", SLOT)])
    assert (scene.says("b").run().stands, scene.told) == ([], [("removed", SLOT)])


def test_a_statement_people_deprecated_is_not_revived() -> None:
    scene = left().people("rank", "deprecated").run()
    assert (scene.stands, scene.told) == (["1901 deprecated <ours>"], [("refuted", SLOT)])
    assert scene.says("b").run().stands == ["1901 deprecated <ours>"]


def test_an_edit_of_ours_that_people_undid_is_not_made_again() -> None:
    scene = left().says("b").run().people("undo").run()
    assert (scene.stands, scene.told) == (["1901 <ours>"], [("corrected", SLOT)])


def test_where_people_and_the_source_come_to_say_the_same_it_is_people_s() -> None:
    scene = left().people("value", "b").says("b").run()
    assert (scene.stands, scene.told) == (["1902 <ours>"], [])
    assert (scene.says("c").run().stands, scene.told) == (["1902"], [("conflict", SLOT)])


def test_where_people_and_the_source_change_it_differently_people_s_stays() -> None:
    scene = left().people("value", "b").says("c").run()
    assert (scene.stands, scene.told) == (["1902 <ours>"], [("conflict", SLOT)])


def test_where_people_removed_it_and_the_source_says_another_nothing_is_said() -> None:
    scene = left().people("remove").says("b").run()
    assert (scene.stands, scene.told) == ([], [("removed", SLOT)])


def test_what_a_vandal_removed_and_people_put_back_is_ours_again() -> None:
    scene = left().people("remove").run().people("restore").run()
    assert (scene.stands, scene.told) == (["1901 <ours>"], [])
    assert scene.says("b").run().stands == ["1902 <ours>"]


def test_where_people_say_another_and_the_source_nothing_nothing_is_told() -> None:
    scene = left().people("value", "b").people("uncite").says().run()
    assert (scene.stands, scene.told) == (["1902"], [])


def test_what_people_made_finer_is_theirs_with_our_reference() -> None:
    scene = left().people("value", "ax").run()
    assert (scene.stands, scene.told) == (["1901-05 <ours>"], [])


def test_what_cannot_be_told_changes_nothing() -> None:
    scene = left(withdrawal=REMOVE).says(None).run()
    assert (scene.stands, scene.told) == (["1901 <ours>"], [])
    gone = left().people("remove").says(None).run()
    assert (gone.stands, gone.told) == ([], [])


def test_of_two_statements_that_say_what_we_left_neither_is_known_to_be_ours() -> None:
    scene = left().people("copy").says("b").run()
    assert (scene.stands, scene.told) == (["1901", "1901"], [("conflict", SLOT)])
    scene = left().people("copy").people("recite").says("b").run()
    assert (scene.stands, scene.told) == (
        ["1901 <ours with page>", "1901"],
        [("conflict", SLOT)],
    )


# other kinds of slots


def test_a_value_that_there_is_none_follows_the_source_as_any_other() -> None:
    scene = Scene().says("none").run()
    assert scene.stands == ["novalue <ours>"]
    assert scene.says("some").run().stands == ["somevalue <ours>"]
    assert scene.says("a").run().stands == ["1901 <ours>"]


def test_where_people_know_the_value_a_source_that_knows_only_of_one_says_nothing() -> None:
    scene = Scene().people("write", "b").says("some").run()
    assert (scene.stands, scene.told) == (["1902"], [])
    ours = Scene().says("some").run().people("value", "b").run()
    assert (ours.stands, ours.told) == (["1902 <ours>"], [("corrected", SLOT)])


def test_key_qualifiers_make_slots_of_their_own() -> None:
    scene = Scene(COUNT).says(Says("a", key="k"), Says("b", key="l")).run()
    assert scene.stands == ["+10 (P10 Q8) <ours>", "+20 (P10 Q9) <ours>"]
    scene.people("value", "c", at=0).says(Says("a", key="k"), Says("c", key="l")).run()
    assert scene.stands == ["+30 (P10 Q8) <ours>", "+30 (P10 Q9) <ours>"]
    assert scene.told == [("corrected", 'P3 ["P10 entity:Q8"]')]


def test_who_denies_without_a_key_denies_every_slot_of_the_property() -> None:
    scene = Scene(COUNT).people("write", "none").says(Says("a", key="k"), Says("b", key="l")).run()
    slots = [f'P3 ["P10 entity:Q{n}"]' for n in (8, 9)]
    assert scene.stands == ["novalue"]
    assert scene.told == [("refuted", slot) for slot in slots]
    scene = Scene(COUNT).says(Says("a", key="k")).run().people("write", "none").run()
    assert scene.stands == ["+10 (P10 Q8) <ours>", "novalue"]
    assert (scene.says(Says("b", key="k")).run().stands, scene.told) == (
        ["+10 (P10 Q8) <ours>", "novalue"],
        [("refuted", slots[0])],
    )


def test_without_references_ownership_is_known_by_what_we_left_alone() -> None:
    scene = Scene(PLAIN).says("a").run().says("b").run()
    assert scene.stands == ["Two"]
    assert (scene.people("cite").says("c").run().stands, scene.told) == (
        ["Two <news>"],
        [("conflict", "P5")],
    )
    scene = Scene(PLAIN).people("write", "a").says("a").run()
    assert scene.says("b").run().stands == ["One"]


def test_values_of_many_are_added_and_withdrawn_each_by_itself() -> None:
    scene = Scene(CODE, withdrawal=REMOVE).says("a", "b").run()
    assert scene.stands == ["00 01 <ours>", "00 02 <ours>"]
    assert scene.says("b", "c").run().stands == ["00 02 <ours>", "00 03 <ours>"]


def test_a_value_that_people_say_stands_beside_ours_of_many() -> None:
    scene = Scene(CODE).people("write", "b").says("a").run()
    assert (scene.stands, scene.told) == (["00 02", "00 01 <ours>"], [])


def test_a_value_spelled_otherwise_is_the_same_value() -> None:
    scene = Scene(CODE).people("write", "A").says("a").run()
    assert scene.stands == ["0001 <ours>"]
    ours = Scene(CODE).says("a").run().people("value", "A").run()
    assert (ours.stands, ours.told) == (["0001 <ours>"], [])


def test_of_many_values_the_one_that_people_removed_is_not_brought_back() -> None:
    scene = Scene(CODE).says("a", "b").run().people("remove", at=0).run()
    assert (scene.stands, scene.told) == (["00 02 <ours>"], [("removed", "P1 text:0001")])
    scene.says("A", "b", "c").run()
    assert scene.stands == ["00 02 <ours>", "00 03 <ours>"]


def test_of_many_values_none_is_said_where_people_say_that_there_is_none() -> None:
    scene = Scene(CODE).people("write", "none").says("a").run()
    assert (scene.stands, scene.told) == (["novalue"], [("refuted", "P1 text:0001")])
    assert scene.decided("keep-wiki").run().told == []


def test_a_value_we_ended_and_people_removed_is_not_said_again() -> None:
    scene = left(change=ENDING).says("b").run().people("remove", at=0).says("a").run()
    assert (scene.stands, scene.told) == (["1902 <ours>"], [("removed", SLOT)])
