"""A source's values that no table knows: people say on a page which items they are."""

from __future__ import annotations

import pytest

from bots.datasets.choices.rowpages import rows_in
from bots.datasets.choices.valuepages import VALUES
from tests.datasets.choosing_scene import VALUE_PAGE, admin, asks, complete, items, text, told
from tests.datasets.scene import (
    KIND,
    LIBRARY,
    MUSEUM,
    Stage,
    row,
)


def gallery(stage: Stage) -> str:
    """The source's value, which is in no table; every test has its own."""
    return stage.dataset.replace("museums", "gallery")


@pytest.fixture
def unknown(stage: Stage) -> Stage:
    """Two records are of a kind that no table knows."""
    for number in (1, 2, 3):
        stage.item(f"Q{number}", f"X-{number}")
    kind = gallery(stage)
    stage.seed("Q80", labels={"en": {"language": "en", "value": kind}})
    stage.release([row("X-1", kind=kind), row("X-2", kind=f"museum|{kind}"), row("X-3")])
    stage.run()
    return stage


def test_a_value_that_people_complete_a_table_with_is_written_by_the_next_run(
    unknown: Stage,
) -> None:
    (one,) = rows_in(text(unknown, VALUE_PAGE), VALUES)[0]
    assert (one.key, one.call.value("option"), one.call.value("records")) == (
        gallery(unknown),
        "Q80",
        "2",
    )
    assert unknown.values("Q1", KIND) == []
    complete(unknown, unknown.person(), "this one")
    unknown.run()
    assert unknown.values("Q1", KIND) == []
    assert "choosing-waits" in told(unknown)
    complete(unknown, unknown.person(), "")
    complete(unknown, admin(unknown), "Q80")
    assert dict(unknown.run().counts) == {"saved": 2}
    assert items(unknown, "Q1") == ["Q80"]
    assert sorted(items(unknown, "Q2")) == sorted([MUSEUM, "Q80"])
    assert unknown.findings() == []
    before = text(unknown, VALUE_PAGE)
    assert dict(unknown.run().counts) == {}
    assert text(unknown, VALUE_PAGE) == before
    complete(unknown, admin(unknown), LIBRARY)
    unknown.run()
    assert items(unknown, "Q1") == ["Q80", LIBRARY]


def test_a_value_for_an_item_that_is_not_there_is_told_and_not_taken(unknown: Stage) -> None:
    complete(unknown, admin(unknown), "Q404")
    unknown.run()
    assert "candidate-item-missing" in told(unknown)
    assert unknown.values("Q1", KIND) == []


def test_a_fault_stays_told_as_long_as_it_is_there(unknown: Stage) -> None:
    def faulty() -> set[str]:
        found = [each.finding for each in unknown.findings()]
        return {e.where for e in found if e.message.key == "mapping-not-in-table"}

    assert len(faulty()) == 2
    mark = unknown.ground.mark()
    unknown.run()
    assert len(faulty()) == 2
    assert not any("wbgetentities" in each for each in asks(unknown, mark))
    unknown.release([row("X-1", kind=gallery(unknown)), row("X-2"), row("X-3")])
    unknown.run()
    assert len(faulty()) == 1
    (one,) = rows_in(text(unknown, VALUE_PAGE), VALUES)[0]
    assert one.call.value("records") == "1"
    unknown.release([row("X-1"), row("X-2"), row("X-3")])
    unknown.run()
    assert unknown.findings() == []
    assert rows_in(text(unknown, VALUE_PAGE), VALUES)[0] == ()


def test_a_mapping_can_name_the_page_of_a_table(stage: Stage) -> None:
    page = f"Project:Kinds of {stage.dataset}"
    stage.mapping["tables"]["kinds"] = {
        "values": stage.mapping["tables"]["kinds"],
        "page": page,
    }
    stage.write()
    stage.item("Q1", "X-1")
    stage.release([row("X-1", kind=gallery(stage))])
    stage.run()
    assert [each.key for each in rows_in(text(stage, page), VALUES)[0]] == [gallery(stage)]
