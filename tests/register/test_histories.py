"""Each of the histories, on text alone."""

from __future__ import annotations

import pytest

from bots.core.plan import JSON
from bots.register.lists.facts import Grid, ListFault, MergedList
from bots.register.lists.merging import merge_list
from tests.register.histories import HISTORIES
from tests.register.history import History


def rendered(text: str, base: JSON, ours: Grid) -> MergedList:
    merged = merge_list(text, base, ours)
    assert not isinstance(merged, ListFault), merged
    return merged


@pytest.mark.parametrize("history", HISTORIES, ids=[each.name for each in HISTORIES])
def test_what_people_did_ends_as_they_expect(history: History) -> None:
    text, base, told = "\n", None, []
    for step in history.steps:
        if isinstance(step, Grid):
            merged = rendered(text, base, step)
            text, base = merged.text, merged.base
            again = rendered(text, base, step)
            assert again.text == text
            told = sorted((each.what, each.row, each.column) for each in merged.told)
            assert sorted((each.what, each.row, each.column) for each in again.told) == told
        else:
            edited = step(text)
            assert edited != text
            text = edited
    assert text == history.ends
    assert told == sorted(history.told)


def test_there_are_enough_histories_and_none_is_named_twice() -> None:
    assert len({each.name for each in HISTORIES}) == len(HISTORIES) >= 25
