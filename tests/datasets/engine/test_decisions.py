"""What a person decided about a slot's pair is carried out once, and for that pair alone."""

from __future__ import annotations

import pytest

from bots.core.merge.facts import Word
from bots.datasets.facts import TermRule
from tests.datasets.engine.acts import Says
from tests.datasets.engine.scene import CODE, REMOVE, YEAR, Scene


def conflict(**policies: object) -> Scene:
    """People say 1902, the source 1901."""
    return Scene(YEAR, **policies).people("write", "b").says("a").run()  # type: ignore[arg-type]


def test_keep_wiki_silences_the_pair_and_writes_nothing() -> None:
    scene = conflict().decided("keep-wiki").run()
    assert (scene.stands, scene.told) == (["1902"], [])


def test_take_partner_puts_ours_in_the_place_of_people_s() -> None:
    scene = conflict().decided("take-partner").run()
    assert (scene.stands, scene.told) == (["1901 <ours>"], [])
    assert scene.says("c").run().stands == ["1903 <ours>"], "and it is ours from then on"


def test_both_puts_ours_beside_people_s() -> None:
    scene = conflict().decided("both").run()
    assert (scene.stands, scene.told) == (["1902", "1901 <ours>"], [])


def test_a_new_value_on_either_side_reopens_it() -> None:
    scene = conflict().decided("keep-wiki").run().says("c").run()
    assert scene.told == [("conflict", "P2")]
    scene = conflict().decided("keep-wiki").run().people("value", "c").run()
    assert scene.told == [("conflict", "P2")]


def test_a_decision_that_was_carried_out_and_undone_by_people_is_spent() -> None:
    scene = conflict().decided("take-partner").run().people("undo").run()
    assert scene.stands == ["1902"]
    assert scene.told == [("corrected", "P2")]


def test_a_decision_stays_spent_when_the_slot_was_forgotten_meanwhile() -> None:
    scene = Scene(CODE, withdrawal=REMOVE).says("a").run().people("undo").run()
    assert scene.decided("take-partner").run().stands == ["00 01 <ours>"]
    scene.says().run().says("a").run().people("remove").run()
    assert (scene.stands, scene.told) == ([], [("removed", "P1 text:0001")])


def test_what_people_removed_comes_back_on_their_word() -> None:
    scene = Scene().says("a").run().people("remove").run().decided("take-partner").run()
    assert scene.stands == ["1901 <ours>"]


def test_what_people_deprecated_is_revived_on_their_word() -> None:
    scene = Scene().says("a").run().people("rank", "deprecated").run()
    assert scene.decided("take-partner").run().stands == ["1901 <ours>"]


def test_what_the_source_says_no_more_is_removed_on_people_s_word() -> None:
    scene = Scene().says("a").run().says().run()
    assert scene.told == [("unsupported", "P2")]
    assert scene.decided("take-partner").run().stands == []


@pytest.mark.parametrize("word", ["take-partner", "both"])
def test_the_same_value_with_another_qualifier_is_said_on_people_s_word(word: str) -> None:
    scene = Scene().says("a").people("write", "a").run().people("qualify", "a", more="P585")
    scene.says(Says("a", own="b")).run()
    assert (scene.stands, scene.told) == (["1901 (P585 2001)"], [("conflict", "P2")])
    stands = ["1901 (P585 2002) <ours>"]
    beside = ["1901 (P585 2001)", *stands]
    assert scene.decided(word).run().stands == (stands if word == "take-partner" else beside)


def test_a_label_and_an_alias_follow_a_person_s_word() -> None:
    scene = Scene(YEAR, TermRule("label", taken="report"), TermRule("alias"))
    scene.people_set("label", "Two").term("label", "One").term("alias", "Three").run()
    scene.people_set("alias", "", gone="Three").run()
    assert scene.told == [("conflict", "label/en"), ("removed", "alias/en Three")]
    scene.decided("take-partner").run()
    assert (scene.item.labels, scene.item.aliases) == ({"en": "One"}, {"en": ("Three",)})


def test_a_decision_about_another_slot_or_pair_is_not_heard() -> None:
    scene = conflict()
    (told,) = scene.differences
    ours = scene.world.ours
    ours.rulings = {
        (told.slot, "0" * 16): (Word.KEEP_WIKI, "1"),
        ("P3", told.pair): (Word.BOTH, "2"),
    }
    assert (scene.run().stands, scene.told) == (["1902"], [("conflict", "P2")])
