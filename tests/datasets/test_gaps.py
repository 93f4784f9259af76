"""What is missing on the wiki: exact counts, and lists on which people tick off, hide and note."""

from __future__ import annotations

from typing import Any

import pytest

from bots.datasets.choices.rowpages import FoundRow, rows_in
from bots.datasets.gaps.pages import GAPS
from tests.datasets.choosing_scene import edit, text
from tests.datasets.scene import FOUNDED, SITE, Stage, row

COUNTS = "User:HubBot/gaps/museums"
LIST = f"{COUNTS}/{SITE}"
NOT_TOLD: dict[str, Any] = {"website": ""}


@pytest.fixture
def counted(stage: Stage) -> Stage:
    """Five museums in two towns: one without an item, two without a website, all with a year."""
    stage.mapping["gaps"] = {
        "lacks": ["item", SITE, FOUNDED, "label/sv", "article/svwiki"],
        "by": ["staff"],
        "lists": [SITE],
    }
    stage.write()
    for number in (1, 2, 3, 4):
        stage.item(f"Q{number}", f"X-{number}")
    rows = [row("X-1"), row("X-2", **NOT_TOLD), row("X-3", staff=7, **NOT_TOLD)]
    stage.release([*rows, row("X-4", staff=7), row("X-5", staff=7)])
    stage.run()
    return stage


def rows(stage: Stage) -> dict[str, FoundRow]:
    return {each.key: each for each in rows_in(text(stage, LIST), GAPS)[0]}


def fill(stage: Stage, key: str, **said: str) -> None:
    """Somebody writes into a row."""
    now = text(stage, LIST)
    found = rows(stage)[key]
    block = now[found.start : found.end]
    new = block
    for name, value in said.items():
        new = new.replace(f"|{name}=", f"|{name}={value}")
    edit(stage.person(), LIST, now.replace(block, new))


def table(stage: Stage) -> dict[str, list[str]]:
    """The heading of each line of the tables, and its numbers."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in text(stage, COUNTS).splitlines():
        if line.startswith('! scope="row" | '):
            heading = line.partition(" | ")[2]
            found[heading] = []
        elif line.startswith('| style="text-align: end;" | '):
            found[heading].append(line.rpartition(" | ")[2])
    return found


def test_the_counts_are_exact(counted: Stage) -> None:
    assert table(counted) == {
        "item": ["1", "5", "20.0"],
        f"[[{LIST}|{SITE}]]": ["2", "4", "50.0"],
        FOUNDED: ["0", "4", "0.0"],
        "label in sv": ["4", "4", "100.0"],
        "article at svwiki": ["4", "4", "100.0"],
        "7": ["3", "1", "1", "0", "2", "2"],
        "12": ["2", "0", "1", "0", "2", "2"],
    }
    assert all(":User:HubBot/task/museums|" in text(counted, page) for page in (COUNTS, LIST))


def test_a_list_has_the_items_that_lack_it(counted: Stage) -> None:
    found = rows(counted)
    assert {key: each.call.value("item") for key, each in found.items()} == {
        "X-2": "Q2",
        "X-3": "Q3",
    }
    assert found["X-2"].call.value("url").endswith("/Q2")
    assert (found["X-3"].heading, found["X-3"].call.value("about")) == ("Museum X-3", "7")


def test_a_second_run_reads_and_writes_no_page(counted: Stage) -> None:
    mark = counted.ground.mark()
    counted.run()
    asked = [str(each.parameters) for each in counted.ground.asked_since(mark)]
    assert [each for each in asked if "gaps" in each] == []


def test_what_people_add_is_counted_and_its_row_goes(counted: Stage) -> None:
    website = {"type": "string", "value": "https://two.example/"}
    snak = {"snaktype": "value", "property": SITE, "datavalue": website}
    made = {"type": "statement", "rank": "normal", "mainsnak": snak}
    counted.person().edit("Q2", {"claims": [made]})
    counted.run()
    assert table(counted)[f"[[{LIST}|{SITE}]]"] == ["1", "4", "25.0"]
    assert rows(counted).keys() == {"X-3"}


def test_what_the_source_comes_to_say_is_counted_in_the_run_that_writes_it(counted: Stage) -> None:
    counted.release([row(f"X-{number}") for number in range(1, 6)])
    counted.run()
    assert table(counted)[f"[[{LIST}|{SITE}]]"][0] == "0"
    assert rows(counted) == {}


def test_ticks_hidden_rows_and_notes_stay(counted: Stage) -> None:
    fill(counted, "X-2", state="hide", note="a private house")
    fill(counted, "X-3", note="asked the museum")
    counted.release([row(f"X-{number}") for number in range(1, 6)])
    counted.run()
    found = rows(counted)
    assert (found["X-2"].call.value("state"), found["X-2"].call.value("note")) == (
        "hide",
        "a private house",
    )
    assert found["X-3"].call.value("note") == "asked the museum"
    assert counted.findings() == []
    saved = text(counted, LIST)
    counted.run()
    assert text(counted, LIST) == saved


def test_a_row_that_people_took_away_is_not_put_back(counted: Stage) -> None:
    now = text(counted, LIST)
    found = rows(counted)["X-2"]
    edit(counted.person(), LIST, now[: found.start] + now[found.end :])
    counted.item("Q5", "X-5")
    lacking = [row(f"X-{number}", **NOT_TOLD) for number in (2, 3, 5)]
    counted.release([row("X-1"), row("X-4"), *lacking])
    counted.run()
    assert rows(counted).keys() == {"X-3", "X-5"}
    assert counted.findings() == []
