"""Each row of the design's merge table on a Wikibase: the item before a run, and after it.

A row's story: what the source says first (or nothing), what people then do, what the source says
next; and what the item says after the run, what is told, and that the next run does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.datasets.scene import REGISTER, STAFF, STATED_IN, WHEN, Stage, claim, row
from tests.wikibase.entities_scene import Person

NEWSPAPER = "Q200"
Act = Callable[[Person, list[dict[str, Any]]], dict[str, Any] | None]
"""Given the statements of staff numbers, what a person saves (or nothing)."""


def amount(number: int, **more: Any) -> dict[str, Any]:
    value = {"amount": f"+{number}", "unit": "1"} | more
    return {"value": value, "type": "quantity"}


def snak(property_id: str, datavalue: dict[str, Any]) -> dict[str, Any]:
    return {"snaktype": "value", "property": property_id, "datavalue": datavalue}


def cites(item: str) -> dict[str, Any]:
    value = {"entity-type": "item", "id": item}
    return {"snaks": {STATED_IN: [snak(STATED_IN, {"value": value, "type": "wikibase-entityid"})]}}


def says(number: int) -> Act:
    """A person gives the statement another value."""

    def act(_person: Person, now: list[dict[str, Any]]) -> dict[str, Any]:
        now[0]["mainsnak"]["datavalue"] = amount(number)
        return {"claims": now}

    return act


def ranked(rank: str) -> Act:
    def act(_person: Person, now: list[dict[str, Any]]) -> dict[str, Any]:
        now[0]["rank"] = rank
        return {"claims": now}

    return act


def cited(_person: Person, now: list[dict[str, Any]]) -> dict[str, Any]:
    """A person adds a newspaper."""
    now[0]["references"].append(cites(NEWSPAPER))
    return {"claims": now}


def removed(_person: Person, now: list[dict[str, Any]]) -> dict[str, Any]:
    return {"claims": [{"id": each["id"], "remove": ""} for each in now]}


def beside(number: int, **more: Any) -> Act:
    """A person adds a statement of their own."""

    def act(_person: Person, _now: list[dict[str, Any]]) -> dict[str, Any]:
        return {"claims": [claim("Q1", 77, STAFF, amount(number)) | {"id": ""} | more]}

    return act


def in_turn(*acts: Act) -> Act:
    def act(person: Person, _now: list[dict[str, Any]]) -> None:
        for each in acts:
            now = person.entity("Q1")["claims"].get(STAFF, [])
            save(person, each(person, now))

    return act


def save(person: Person, data: dict[str, Any] | None) -> None:
    for each in (data or {}).get("claims", ()):
        if each.get("id") == "":
            del each["id"]
    if data:
        person.edit("Q1", data)


def reverted(person: Person, now: list[dict[str, Any]]) -> None:
    """A vandal removes what we left, and a person brings it back by restoring the revision."""
    before = person.entity("Q1")["lastrevid"]
    save(person, removed(person, now))
    last = person.entity("Q1")["lastrevid"]
    answer = person.write(action="edit", title="Q1", undo=last, undoafter=before)
    assert "error" not in answer, answer


@dataclass(frozen=True)
class Row:
    """A row of the table; staff numbers, None: the source says none.

    `people_before` comes before our first run. `says` is what the item says after the last run,
    (number, rank, ours and others' references); `told`: the kinds of what is told.
    """

    first: int | None
    people: Act | None
    then: int | None
    says: list[tuple[str, str, str]]
    told: list[str]
    people_before: Act | None = None
    mapping: dict[str, Any] | None = None
    between: int | None = -1
    """What the source says in a run in between; -1: there is none."""


A_YEAR = {
    "type": "time",
    "value": {
        "time": "+2020-00-00T00:00:00Z",
        "timezone": 0,
        "before": 0,
        "after": 0,
        "precision": 9,
        "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
    },
}
OURS, THEIRS, BOTH, NONE = "ours", "theirs", "ours and theirs", "none"
ROWS = {
    "– | – | v: add": Row(None, None, 10, [("+10", "normal", OURS)], []),
    "– | v | v: adopt": Row(
        None, None, 10, [("+10", "normal", OURS)], [], people_before=beside(10)
    ),
    "– | v more finely, in a year | v: adopt": Row(
        None,
        None,
        10,
        [("+10", "normal", OURS)],
        [],
        people_before=beside(10, qualifiers={WHEN: [snak(WHEN, A_YEAR)]}),
    ),
    "– | w | v: conflict": Row(
        None, None, 10, [("+11", "normal", NONE)], ["conflict"], people_before=beside(11)
    ),
    "– | v deprecated | v: conflict": Row(
        None,
        None,
        10,
        [("+10", "deprecated", NONE)],
        ["refuted"],
        people_before=beside(10, rank="deprecated"),
    ),
    "– | novalue | v: conflict": Row(
        None,
        None,
        10,
        [("novalue", "normal", NONE)],
        ["refuted"],
        people_before=beside(0, mainsnak={"snaktype": "novalue", "property": STAFF}),
    ),
    "b | b | b: keep": Row(10, None, 10, [("+10", "normal", OURS)], []),
    "b | b untouched | v: update": Row(10, None, 12, [("+12", "normal", OURS)], []),
    "b | b with people's reference | v: yield": Row(
        10, cited, 12, [("+10", "normal", THEIRS)], ["conflict"]
    ),
    "b | b preferred by people | v: yield": Row(
        10, ranked("preferred"), 12, [("+10", "preferred", NONE)], ["conflict"]
    ),
    "b | b and v beside | v: withdraw b, adopt v": Row(
        10, beside(12), 12, [("+12", "normal", OURS)], []
    ),
    "b | b | absent: report": Row(10, None, None, [("+10", "normal", OURS)], ["unsupported"]),
    "b | b | absent: remove": Row(10, None, None, [], [], mapping={"withdrawal": "remove"}),
    "b | b | absent: deprecate": Row(
        10, None, None, [("+10", "deprecated", OURS)], [], mapping={"withdrawal": "deprecate"}
    ),
    "b | b touched | absent: our reference goes": Row(
        10, cited, None, [("+10", "normal", THEIRS)], [], mapping={"withdrawal": "remove"}
    ),
    "b | w | b: respect": Row(10, says(11), 10, [("+11", "normal", OURS)], ["corrected"]),
    "b | gone | b: tombstone": Row(10, removed, 10, [], ["removed"]),
    "b | deprecated | b: tombstone": Row(
        10, ranked("deprecated"), 10, [("+10", "deprecated", OURS)], ["refuted"]
    ),
    "b | w | w: converged": Row(10, says(11), 11, [("+11", "normal", OURS)], []),
    "b | w | v: conflict": Row(10, says(11), 12, [("+11", "normal", OURS)], ["conflict"]),
    "b | gone | v: conflict": Row(10, removed, 12, [], ["removed"]),
    "tombstone | put back | v: lifted": Row(10, reverted, 12, [("+12", "normal", OURS)], []),
    "tombstone | nothing | dropped and brought again: nothing": Row(
        10, removed, 10, [], ["removed"], between=None
    ),
}


@pytest.mark.parametrize("story", ROWS.values(), ids=ROWS.keys())
def test_a_row_of_the_merge_table_on_a_wikibase(stage: Stage, story: Row) -> None:
    stage.item("Q1", "X-1")
    stage.seed(NEWSPAPER)
    staff = next(each for each in stage.mapping["statements"] if each["property"] == STAFF)
    del staff["qualifiers"]
    staff.update(story.mapping or {})
    stage.write()
    person = stage.person()
    if story.people_before:
        save(person, story.people_before(person, []))
    if story.first is not None:
        released(stage, story.first)
        assert numbers(stage) == [(f"+{story.first}", "normal", OURS)]
    if story.people:
        save(person, story.people(person, stage.entity("Q1")["claims"].get(STAFF, [])))
    if story.between != -1:
        released(stage, story.between)
    released(stage, story.then)
    assert numbers(stage) == story.says
    assert kinds(stage) == story.told
    before = stage.entity("Q1")["lastrevid"]
    again = stage.run()
    assert again.state == "finished"
    assert stage.entity("Q1")["lastrevid"] == before
    assert kinds(stage) == story.told


def released(stage: Stage, number: int | None) -> None:
    """The source's next release, and a run."""
    stage.release([row("X-1", staff="" if number is None else number)])
    assert stage.run().state == "finished"


def numbers(stage: Stage) -> list[tuple[str, str, str]]:
    """What the item says of the staff: the number, its rank, and whose references stand there."""
    found = []
    for each in stage.entity("Q1")["claims"].get(STAFF, ()):
        told = each["mainsnak"].get("datavalue", {}).get("value", {}).get("amount")
        sources = {
            snak["datavalue"]["value"]["id"]
            for reference in each.get("references", ())
            for snak in reference["snaks"].get(STATED_IN, ())
        }
        who = {frozenset(): NONE, frozenset({REGISTER}): OURS, frozenset({NEWSPAPER}): THEIRS}
        whose = who.get(frozenset(sources), BOTH)
        found.append((told or each["mainsnak"]["snaktype"], each["rank"], whose))
    return found


def kinds(stage: Stage) -> list[str]:
    """What is told of the staff, by kind."""
    return [
        each.finding.message.key.removeprefix("dataset-")
        for each in stage.findings()
        if each.finding.message.params.get("property") == STAFF
    ]
