"""What an operator took back is not done again, and not told, while the source says the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bots.datasets.engine.undone import after_undo
from bots.datasets.facts import StatementRule, TermRule
from tests.datasets.engine.acts import Says
from tests.datasets.engine.scene import CODE, COUNT, ENDING, REMOVE, YEAR, Scene

LABEL, ALIAS = TermRule("label", taken="report"), TermRule("alias", taken="report")


def undone(scene: Scene) -> Scene:
    """A run, and the one that takes it back: the item is as before."""
    world, ours = scene.world, scene.world.ours
    item, before = world.item, json.loads(json.dumps(ours.bases))
    left: dict[str, Any] = scene.run().world.ours.bases
    assert world.item != item
    assert world.witness.us(world.item, item, ours.source.name) == []
    changed = {name for name in {*left, *before} if before.get(name) != left.get(name)}
    slots = {name: after_undo(left.get(name), before.get(name)) for name in changed - {"cites"}}
    ours.bases = {**left, **slots}
    world.item = item
    return scene


def is_silent(scene: Scene) -> bool:
    """Whether a run does nothing and tells nothing."""
    before = scene.item
    return (scene.run().item, scene.told) == (before, [])


@pytest.mark.parametrize("rule", [YEAR, CODE, COUNT])
def test_what_was_added_is_not_added_again_and_what_the_source_says_next_is(
    rule: StatementRule,
) -> None:
    scene = undone(Scene(rule).says("a"))
    assert is_silent(scene)
    assert is_silent(scene.says())
    assert is_silent(scene.says("A"))
    scene.says("b").run()
    assert (len(scene.stands), scene.told) == (1, [])


@pytest.mark.parametrize("change", [ENDING, YEAR.change])
def test_what_was_changed_is_kept_as_it_was_and_follows_the_source_further(change: Any) -> None:
    scene = undone(Scene(YEAR, change=change).says("a").run().says("b"))
    assert is_silent(scene)
    scene.says("c").run()
    assert (scene.stands[-1], scene.told) == ("1903 <ours>", [])


def test_what_was_withdrawn_is_kept_and_goes_when_it_is_withdrawn_anew() -> None:
    for rule in (YEAR, CODE):
        scene = undone(Scene(rule, withdrawal=REMOVE).says("a").run().says())
        assert is_silent(scene)
        assert is_silent(scene.says("a"))
        assert scene.says().run().stands == []


def test_a_qualifier_and_a_reference_that_were_taken_back_are_too() -> None:
    scene = undone(Scene(YEAR).says(Says("a", own="a")).run().says(Says("a", own="b")))
    assert is_silent(scene)
    assert scene.says("b").run().stands == ["1902 (P585 2001) <ours>"]
    scene = undone(Scene(YEAR).people("write", "a").says("a"))
    assert is_silent(scene)
    assert scene.stands == ["1901"]


def test_what_people_say_there_is_told_once_the_source_says_another() -> None:
    scene = undone(Scene(YEAR).says("a")).people("write", "c")
    assert is_silent(scene)
    assert scene.says("b").run().told == [("conflict", "P2")]


@pytest.mark.parametrize("kind", ["label", "alias"])
def test_a_term_that_was_taken_back_is_not_set_again_and_another_one_is(kind: str) -> None:
    scene = undone(Scene(YEAR, LABEL, ALIAS).term(kind, "One"))
    assert is_silent(scene)
    assert is_silent(scene.term(kind))
    assert is_silent(scene.term(kind, "One"))
    item = scene.term(kind, "Two").run().item
    assert (dict(item.labels) or item.aliases) in ({"en": "Two"}, {"en": ("Two",)})
    assert scene.told == []
