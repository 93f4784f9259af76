"""A run that is killed on its way: the next one finishes what it began, and nothing is twice."""

from __future__ import annotations

import pytest

from sandbox.faults import is_write
from sandbox.proxy import FaultProxy
from tests.datasets.choosing_scene import made, writing_identifiers
from tests.datasets.killed_runs import Death
from tests.datasets.scene import ID, STAFF, Stage, row

KEYS = ["X-1", "X-2", "X-3"]
DEATHS = {
    "before its second edit arrives": Death(2, is_write),
    "before it hears of its second edit": Death(2, is_write, arrives=True),
    "before its sixth commit": Death(6),
}


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
def test_what_a_killed_run_began_is_finished_and_nothing_is_twice(
    stage: Stage, death: Death
) -> None:
    writing_identifiers(stage)
    stage.mapping["create"] = {"labels": ["en"]}
    stage.item("Q1", "X-1")
    stage.release([row(key) for key in KEYS])
    with FaultProxy(stage.ground.api) as proxy:
        stage.ground.api = proxy.api_url
        stage.write()
        code = death.of(proxy, stage.folder / "hub.yaml", stage.dataset, stage.now)
        assert code == -9
        proxy.heal()
        assert stage.run().state == "finished"
        stage.run()
        items = made(stage)
        assert sorted(stage.values(item, ID)[0] for item in items) == KEYS
        assert [len(stage.values(item, STAFF)) for item in items] == [1, 1, 1]
        assert dict(stage.run().counts) == {}
