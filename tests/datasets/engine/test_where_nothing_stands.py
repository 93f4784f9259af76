"""Where nothing stands and nobody left anything, all that is said is added unjudged."""

from __future__ import annotations

import pytest

from bots.core.merge.facts import UNKNOWN
from bots.core.wikibase.model import Item
from bots.datasets.engine.reconcile import Engine, OnWiki, Reconciled
from bots.datasets.facts import Said, StatementRule
from tests.datasets.engine.acts import Says
from tests.datasets.engine.scene import CODE, COUNT, KIND, PLAIN, YEAR, Scene
from tests.datasets.engine.world import ABOUT, TODAY

ELSEWHERE = {"P99": {"value": "what another of our datasets left"}}
"""Makes that every slot is judged, though there is nothing in it."""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (YEAR, [Says("ax", own="a")]),
        (YEAR, [Says("some")]),
        (CODE, [Says("a"), Says("A"), Says("b")]),
        (KIND, [Says("a", own="a"), Says("b"), Says("none")]),
        (COUNT, [Says("a", key="k"), Says("a", key="l"), Says("b")]),
        (PLAIN, [Says("a")]),
    ],
)
def test_what_is_added_is_what_judging_would_add(rule: StatementRule, said: list[Says]) -> None:
    for in_part in (False, True):
        at_once, judged = (found(rule, said, in_part, *others) for others in ((), (ELSEWHERE,)))
        assert at_once == judged
        assert bool(at_once.change) == (rule.many or not in_part)


def found(
    rule: StatementRule, said: list[Says], in_part: bool, *others: dict[str, dict[str, str]]
) -> Reconciled:
    """What comes of a new item; `in_part`: something is said besides that can't be told."""
    record = Scene(rule).says(*said).world.ours.source.record()
    assert record is not None
    statements = record.statements + ((Said(rule, UNKNOWN),) if in_part else ())
    record = type(record)("r", statements=statements)
    return Engine([rule]).reconcile(record, OnWiki(Item(), {}, others), ABOUT, TODAY)
