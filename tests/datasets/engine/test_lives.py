"""Random lives of an item, in process: people win, and a run after a run has nothing to do.

HUBBOT_HISTORIES sets how many are lived; a failure tells the shortest one found, as plain acts.
"""

from __future__ import annotations

import os

import pytest

from bots.core.merge.facts import Rank, WithdrawalPolicy
from bots.core.wikibase.model import Snak
from bots.datasets.engine import statements
from bots.datasets.facts import StatementRule
from tests.datasets.engine.acts import END, RUN, Life, life, shrunk
from tests.datasets.engine.values import snak
from tests.datasets.engine.witness import said
from tests.datasets.engine.world import World, WrongError

HISTORIES = int(os.environ.get("HUBBOT_HISTORIES", "2000"))
PARTS = 4
QUIET = max(200, HISTORIES // 10)


def lived(told: Life) -> World:
    world = World(told)
    world.live(told)
    return world


def fault(told: Life) -> str:
    """What goes wrong in a life, "" for nothing."""
    try:
        lived(told)
    except WrongError as wrong:
        return str(wrong)
    return ""


def explained(told: Life) -> str:
    """The shortest life in which the same goes wrong."""
    begins = fault(told)[:20]
    short = shrunk(told, lambda less: fault(less)[:20] == begins)
    acts = [{name: held for name, held in vars(act).items() if held} for act in short.acts]
    lines = [f"life {told.seed}: {fault(short)}", *map(str, short.rules), *map(str, acts)]
    return "\n".join(lines)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.timeout(0 if HISTORIES > 2000 else 120)
def test_nothing_that_people_did_is_undone_and_a_run_after_a_run_changes_nothing(
    part: int,
) -> None:
    for seed in range(part, HISTORIES, PARTS):
        told = life(seed)
        if fault(told):
            pytest.fail(explained(told))


@pytest.mark.timeout(0 if HISTORIES > 2000 else 120)
def test_where_people_do_nothing_the_item_says_what_the_source_says_without_conflict() -> None:
    for seed in range(QUIET):
        told = life(seed, people=False)
        world = lived(told)
        assert world.ours.told is not None
        kinds = {each.kind for each in world.ours.told.differences}
        assert kinds <= {"unsupported"}, explained(told)
        for rule in told.rules:
            for key in ("k", "l") if rule.keys else ("",):
                assert _agrees(world, rule, key), f"life {seed}: {rule.property} {key}"


def test_what_is_told_by_looking_is_what_judging_would_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lives = [life(seed) for seed in range(150)]
    looked = [lived(told) for told in lives]
    monkeypatch.setattr(statements, "is_as_left", lambda *_: False)
    judged = [lived(told) for told in lives]
    for one, other in zip(looked, judged, strict=True):
        assert one.item == other.item
        assert (one.ours.bases, one.ours.told) == (other.ours.bases, other.ours.told)


def test_lives_are_the_same_every_time_and_none_is_without_its_kind_of_act() -> None:
    assert life(7) == life(7)
    happened = {(act.who, act.what) for seed in range(400) for act in life(seed).acts}
    for what in ("write", "value", "rank", "remove", "copy", "cite", "uncite", "recite", "redate"):
        assert ("people", what) in happened
    for what in ("qualify", "unqualify", "clear", "label", "alias", "undo", "rollback", "restore"):
        assert ("people", what) in happened
    for what in ("run", "dies", "lost", "decided", "other"):
        assert ("hubbot", what) in happened
    assert all(life(seed).acts[-1] == RUN for seed in range(20))


def _agrees(world: World, rule: StatementRule, key: str) -> bool:
    """Whether the slot says what the source does; what it leaves standing is by policy."""
    source = world.ours.source
    says = source.says.get(rule.property, ())
    if says is None:
        return True
    wanted = {str(said(snak(rule.property, each.value))) for each in says if each.key == key}
    stands = {
        str(said(each.mainsnak))
        for each in world.item.statements.get(rule.property, ())
        if each.rank is not Rank.DEPRECATED and not _has(each.qualifiers, END)
        if not key or snak("P10", key) in each.qualifiers
    }
    if not source.there or not wanted:
        return rule.withdrawal is WithdrawalPolicy.REPORT or not stands
    if rule.many and rule.withdrawal is WithdrawalPolicy.REPORT:
        return wanted <= stands
    return wanted <= stands if rule.change.value == "add-preferred" else wanted == stands


def _has(qualifiers: tuple[Snak, ...], name: str) -> bool:
    return any(each.property == name for each in qualifiers)
