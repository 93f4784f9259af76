"""A decision that was taken back is forgotten, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bots.core.plan import Target
from bots.core.store import Decision, Store

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
DECIDED = Decision(
    bot="museums",
    target=Target("hub", "Q42"),
    slot="P571",
    pair="0123456789abcdef",
    choice="keep-wiki",
    user="Coordinator",
    revid=10,
    decided=NOW,
)


def test_a_decision_that_was_taken_back_is_forgotten_and_no_other(store: Store) -> None:
    others = [replace(DECIDED, slot="P1082"), replace(DECIDED, bot="archives")]
    for each in (DECIDED, *others):
        store.decide(each)
    assert store.undecide(DECIDED)
    assert store.decisions("museums") == [others[0]]
    assert store.decisions("archives") == [others[1]]
    assert not store.undecide(DECIDED)


def test_a_decision_that_was_made_anew_is_not_taken_back_with_the_old_one(store: Store) -> None:
    again = replace(DECIDED, revid=12)
    store.decide(DECIDED)
    store.decide(again)
    assert not store.undecide(DECIDED)
    assert store.decisions("museums") == [again]
