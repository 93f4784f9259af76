"""Labels, descriptions and aliases: rows of the merge table for plain text."""

from __future__ import annotations

import pytest

from bots.core.merge.facts import WithdrawalPolicy
from bots.datasets.engine.reconcile import OnWiki
from bots.datasets.facts import Record, TermRule, TermSaid
from tests.datasets.engine.scene import REMOVE, Scene
from tests.datasets.engine.world import ABOUT, TODAY

REPORT = WithdrawalPolicy.REPORT


def labels(taken: str = "report", withdrawal: WithdrawalPolicy = REPORT) -> Scene:
    return Scene(
        Scene().rule,
        TermRule("label", "name", taken, withdrawal),  # type: ignore[arg-type]
        TermRule("description", "kind", withdrawal=withdrawal),
        TermRule("alias", "also", withdrawal=withdrawal),
    )


def test_a_label_is_added_kept_and_follows_the_source() -> None:
    scene = labels().term("label", "One").run()
    assert scene.item.labels == {"en": "One"}
    assert scene.run().told == []
    assert scene.term("label", "Two").run().item.labels == {"en": "Two"}


def test_a_label_that_people_have_is_kept_and_told() -> None:
    scene = labels()
    scene.people_set("label", "Two")
    scene.term("label", "One").run()
    assert (scene.item.labels, scene.told) == ({"en": "Two"}, [("conflict", "label/en")])
    (difference,) = scene.differences
    assert (difference.wiki, difference.ours, difference.column) == (("Two",), "One", "name")
    assert difference.property == ""


def test_a_label_that_people_changed_is_kept_and_told() -> None:
    scene = labels().term("label", "One").run().people_set("label", "Two").run()
    assert (scene.item.labels, scene.told) == ({"en": "Two"}, [("corrected", "label/en")])


def test_a_label_that_people_removed_is_not_brought_back() -> None:
    scene = labels().term("label", "One").run().people_set("label", "").run()
    assert (scene.item.labels, scene.told) == ({}, [("removed", "label/en")])
    scene.term("label").run().term("label", "One").run()
    assert scene.item.labels == {}


@pytest.mark.parametrize(("taken", "aliases"), [("alias", {"en": ("One",)}), ("nothing", {})])
def test_where_people_have_another_label_ours_becomes_an_alias_or_nothing(
    taken: str, aliases: dict[str, tuple[str, ...]]
) -> None:
    scene = labels(taken).people_set("label", "Two").term("label", "One").run()
    assert (scene.item.labels, scene.told) == ({"en": "Two"}, [])
    assert scene.item.aliases == aliases


def test_an_alias_in_place_of_our_label_that_people_removed_is_not_brought_back() -> None:
    scene = labels("alias").people_set("label", "Two").term("label", "One").run()
    scene.people_set("alias", "", gone="One").run()
    assert scene.item.aliases == {"en": ()}
    assert scene.told == [("removed", "alias/en One")]


def test_a_label_that_the_source_says_no_more_goes_by_policy() -> None:
    scene = labels().term("label", "One").run().term("label").run()
    assert (scene.item.labels, scene.told) == ({"en": "One"}, [("unsupported", "label/en")])
    scene = labels(withdrawal=REMOVE).term("label", "One").run().term("label").run()
    assert (scene.item.labels, scene.told) == ({}, [])


def test_a_label_is_not_put_beside_the_same_one_for_all_languages() -> None:
    scene = labels().people_set("label", "One", language="mul").term("label", "One").run()
    assert (scene.item.labels, scene.told) == ({"mul": "One"}, [])
    assert scene.term("label", "Two").run().item.labels == {"mul": "One", "en": "Two"}


def test_our_label_that_people_made_one_for_all_languages_is_not_missed() -> None:
    scene = labels().term("label", "One").run()
    scene.people_set("label", "One", language="mul").people_set("label", "").run()
    assert (scene.item.labels, scene.told) == ({"mul": "One"}, [])


def test_our_own_label_for_all_languages_spares_the_others_and_gives_them_back() -> None:
    scene = labels(withdrawal=REMOVE).term("label", "One", language="en")
    scene.term("label", "One", language="mul").run()
    assert scene.item.labels == {"mul": "One"}
    scene.term("label", language="mul").run()
    assert (scene.item.labels, scene.told) == ({"en": "One"}, [])


def test_a_description_is_never_made_an_alias() -> None:
    scene = labels("alias").people_set("description", "Two").term("description", "One").run()
    assert scene.item.aliases == {}
    assert scene.told == [("conflict", "description/en")]


def test_aliases_are_added_and_withdrawn_each_by_itself() -> None:
    scene = labels(withdrawal=REMOVE).people_set("alias", "Three")
    scene.term("alias", "One", "Two").run()
    assert scene.item.aliases == {"en": ("Three", "One", "Two")}
    assert scene.term("alias", "Two").run().item.aliases == {"en": ("Three", "Two")}


def test_people_s_alias_that_the_source_says_too_stays_when_the_source_drops_it() -> None:
    scene = labels(withdrawal=REMOVE).people_set("alias", "One").term("alias", "One").run()
    assert scene.term("alias").run().item.aliases == {"en": ("One",)}


def test_an_alias_that_people_removed_is_not_brought_back() -> None:
    scene = labels().term("alias", "One").run().people_set("alias", "", gone="One").run()
    assert scene.item.aliases == {"en": ()}
    assert scene.told == [("removed", "alias/en One")]


def test_an_alias_that_is_the_label_is_not_added_nor_missed() -> None:
    scene = labels().people_set("label", "One").term("alias", "One").run()
    assert scene.item.aliases == {}
    scene = labels(withdrawal=REMOVE).term("alias", "One").run()
    scene.people_set("alias", "", gone="One").people_set("label", "One").run()
    assert scene.told == []
    scene.people_set("label", "Two").run()
    assert scene.item.aliases == {"en": ()}, "people took it away with the label"


def test_an_alias_of_ours_that_people_made_the_label_besides_is_not_withdrawn() -> None:
    scene = labels(withdrawal=REMOVE).term("alias", "One").run().people_set("label", "One").run()
    assert (scene.item.aliases, scene.told) == ({"en": ("One",)}, [])


def test_what_cannot_be_told_of_labels_changes_no_alias_that_stands_for_one() -> None:
    scene = labels("alias", REMOVE).people_set("label", "Two").term("label", "One").run()
    scene.term("label", None).run()
    assert scene.item.aliases == {"en": ("One",)}


def test_a_term_is_told_with_the_column_that_it_came_from() -> None:
    """A mapping has a rule for each of its columns."""
    scene = labels()
    french = TermSaid(TermRule("alias", "autres noms"), "fr", ("Un",))
    on = OnWiki(scene.item, {"alias/fr Un": {"value": "Un"}})
    done = scene.world.ours.engine.reconcile(Record("one", terms=(french,)), on, ABOUT, TODAY)
    assert [(each.slot, each.column) for each in done.differences] == [
        ("alias/fr Un", "autres noms")
    ]


def test_a_long_alias_has_a_slot_of_its_own() -> None:
    long = "A very long name indeed. " * 12
    scene = labels().term("alias", f"{long}1", f"{long}2").run()
    assert len(scene.item.aliases["en"]) == 2
    assert all(len(name) < 200 for name in scene.world.ours.bases)
    assert scene.run().told == []
