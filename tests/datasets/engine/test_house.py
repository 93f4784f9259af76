"""Two of our datasets on one item: neither takes the other for people, nor takes its own away."""

from __future__ import annotations

from bots.datasets.facts import TermRule
from tests.datasets.engine.acts import Says
from tests.datasets.engine.scene import CODE, REMOVE, YEAR, Scene


def both(**policies: object) -> Scene:
    """Both datasets say 1901; the other wrote it."""
    scene = Scene(YEAR, **policies)  # type: ignore[arg-type]
    return scene.says("a", who="other").says("a").run("other").run()


def test_what_the_other_dataset_wrote_gets_our_reference_beside_its_own() -> None:
    assert both().stands == ["1901 <other, ours>"]


def test_the_other_s_reference_does_not_make_a_statement_people_s() -> None:
    scene = both(withdrawal=REMOVE).says().run().says(who="other").run("other")
    assert scene.stands == []


def test_what_the_other_still_says_is_not_withdrawn() -> None:
    scene = both(withdrawal=REMOVE).says(who="other").run("other")
    assert scene.stands == ["1901 <ours>"]


def test_what_the_other_still_says_is_not_changed() -> None:
    scene = both().says("b", who="other").run("other")
    assert scene.stands == ["1901 <ours>"]
    assert scene.run().told == []


def test_another_value_than_the_other_s_is_told_and_not_put_over_it() -> None:
    scene = Scene().says("a", who="other").run("other").says("b").run()
    assert (scene.stands, scene.told) == (["1901 <other>"], [("conflict", "P2")])


def test_what_people_removed_from_the_other_is_not_brought_back_by_us() -> None:
    scene = Scene().says("a", who="other").run("other").people("remove").says("a").run()
    assert (scene.stands, scene.told) == ([], [("removed", "P2")])
    assert scene.decided("keep-wiki").run().told == []
    scene = Scene(CODE).says("a", who="other").run("other").people("remove").run("other")
    assert (scene.says("a", "b").run().stands, scene.told) == (
        ["00 02 <ours>"],
        [("removed", "P1 text:0001")],
    )


def test_what_people_removed_from_the_other_is_said_on_a_person_s_word_once() -> None:
    scene = Scene().says("a", who="other").run("other").people("remove").says("a").run()
    assert scene.decided("take-partner").run().stands == ["1901 <ours>"]
    assert scene.people("remove").run().stands == []


def test_a_value_of_the_other_with_another_qualifier_does_not_stand_for_ours() -> None:
    scene = Scene(CODE).says("a", who="other").run("other").says("a").run()
    assert scene.stands == ["00 01 <other, ours>"]
    year = Scene().says(Says("a", own="a"), who="other").run("other").says(Says("a", own="b")).run()
    assert year.stands == ["1901 (P585 2001) <other>"]


def test_a_label_that_people_removed_from_the_other_is_not_brought_back() -> None:
    scene = Scene(YEAR, TermRule("label"), TermRule("alias"))
    scene.term("label", "One", who="other").term("alias", "Two", who="other").run("other")
    scene.people_set("label", "").people_set("alias", "", gone="Two")
    scene.term("label", "One").term("alias", "Two").run()
    assert (scene.item.labels, scene.item.aliases) == ({}, {"en": ()})
    assert scene.told == [("removed", "label/en"), ("removed", "alias/en Two")]


def test_a_label_that_the_other_still_says_is_not_withdrawn() -> None:
    scene = Scene(YEAR, TermRule("label", withdrawal=REMOVE))
    scene.term("label", "One").run().term("label", "One", who="other").run("other")
    assert scene.term("label").run().item.labels == {"en": "One"}
