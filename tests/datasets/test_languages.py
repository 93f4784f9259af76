"""Terms in languages that the wiki does not have are told, and never sent."""

from __future__ import annotations

from typing import Any

from tests.datasets.choosing_scene import told
from tests.datasets.scene import Stage, row

IN_ANOTHER: dict[str, Any] = {
    "term": "alias",
    "language": {"field": "staff_year"},
    "field": "name",
}
"""An alias whose language is in a column that the tests have for something else."""


def test_a_name_in_a_language_that_the_wiki_does_not_have_is_left_out(stage: Stage) -> None:
    stage.mapping["terms"].append(IN_ANOTHER)
    stage.write()
    stage.item("Q1", "X-1")
    stage.item("Q2", "X-2")
    stage.release([row("X-1", name="Ojibwe museum", staff_year="oj"), row("X-2", staff_year="sv")])
    assert dict(stage.run().counts) == {"saved": 2}
    assert stage.entity("Q1")["labels"]["en"]["value"] == "Ojibwe museum"
    assert stage.entity("Q1")["aliases"] == {}
    assert stage.entity("Q2")["aliases"]["sv"][0]["value"] == "Museum X-2"
    assert told(stage)["check-language"] == "X-1, column name"
    assert dict(stage.run().counts) == {}
