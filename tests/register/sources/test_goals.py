"""Goals that count themselves, with evidence; and those whose question makes no sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bots.core.config import HubConfig
from bots.core.plan import Target
from bots.core.register.computed import COMPUTED as COMPUTED_PATH
from bots.core.register.facts import PageRecord
from bots.core.register.goals import (
    PAGES_SLOT,
    Countable,
    faults,
    pages_asked,
    pages_left,
    with_counts,
)
from bots.core.register.kinds import FieldConfig
from bots.core.register.opening import open_register
from bots.core.register.query import QueryError
from bots.core.store import Store
from bots.register.lists.rendering import Look
from bots.register.lists.sourcing import of_kind
from tests.register.sources.scene import COMPUTED, KINDS, NOW, SPOKEN, record

RECORDS = [
    record("partner", "A", kind="technical", stage="collaboration"),
    record("partner", "B", kind="technical", stage="conversation"),
    record("partner", "C", stage="collaboration"),
    *(record("partner", f"N{number}", stage="conversation") for number in range(9)),
]


def word(field: FieldConfig, said: str) -> str | None:
    """As the register reads words: here, a choice is its key, and all else what it says."""
    return said if not field.choices or said in field.choices else None


def there(pages: Iterable[str] = (), items: Mapping[str, int] | None = None) -> Countable:
    return Countable(KINDS, RECORDS, word, set(pages), lambda dataset: (items or {})[dataset])


def goal(counts: str, target: str = "") -> PageRecord:
    return record("goal", counts or "none", counts=counts, target=target)


def counted(counts: str, target: str = "", found: Countable | None = None) -> list[list[str]]:
    (told,) = with_counts([goal(counts, target)], found or there())
    return [list(told.values.get(name, ())) for name in COMPUTED["goal"].fields]


def test_records_that_meet_the_conditions_are_counted_and_named() -> None:
    assert counted("of=partner; kind=technical; stage=collaboration", "5") == [
        ["1"],
        ["20"],
        ["Partnerships/partners/A"],
    ]
    reached, share, evidence = counted("of=partner", "6")
    assert (reached, share) == (["12"], ["200"])
    assert evidence == [f"Partnerships/partners/{name}" for name in ("A", "B", "C", "N0", "N1")]


def test_who_does_not_say_that_they_may_be_listed_counts_and_is_not_named() -> None:
    people = [
        record("person", name, user=name, listed=listed)
        for name, listed in (("Aino", "yes"), ("Bashir", "no"), ("Chen", ()))
    ]
    found = replace(there(), records=people)
    assert counted("of=person", "3", found) == [["3"], ["100"], [people[0].title]]
    shown = of_kind(KINDS["person"], people).rows
    assert [row.page for row in shown] == [people[0].title]


def test_evidence_is_called_by_what_records_are_called() -> None:
    title = "Partnerships/partners/A"
    look = Look(**SPOKEN, site="hub", called={title: "A and sons"})
    evidence = COMPUTED["goal"].fields["evidence"]
    said = look.cell("evidence", evidence, [title, "Help basics"])
    assert said == f"[[{title}|A and sons]], [[Help basics]]"


def test_a_goal_without_a_target_has_no_share() -> None:
    assert counted("of=partner; stage=ended") == [["0"], [], []]
    assert counted("of=partner; stage=ended", "0") == [["0"], [], []]


def test_a_page_counts_once_it_is_there() -> None:
    title = "Help:Data; modelling"
    assert counted("page=Help:Basics", "1") == [["0"], ["0"], []]
    found = there(pages=["Help:Basics"])
    assert counted("page = Help:Basics", "1", found) == [["1"], ["100"], ["Help:Basics"]]
    assert list(faults([goal(f"page={title}")], there()))


def test_the_pages_that_goals_ask_for_are_each_named_once() -> None:
    asked = ["page=Help:A", "of=partner", "page=Help:B", "page=Help:A", "page=", ""]
    assert pages_asked(map(goal, asked)) == ["Help:A", "Help:B"]


def test_what_the_bot_saw_is_known_to_who_can_not_ask_the_wiki() -> None:
    assert pages_left({PAGES_SLOT: ["Help:A"]}) == {"Help:A"}
    assert pages_left({}) == pages_left({PAGES_SLOT: None}) == frozenset()


def test_a_datasets_items_are_counted() -> None:
    found = there(items={"museums": 250})
    assert counted("of=dataset:museums", "1000", found) == [["250"], ["25"], []]


@pytest.mark.parametrize(
    ("counts", "key"),
    [
        ("five partners", "register-goal-counts"),
        ("of=", "register-goal-counts"),
        ("kind=technical; of=partner", "register-goal-counts"),
        ("of=dataset:museums; kind=technical", "register-goal-counts"),
        ("of=museum", "register-no-kind"),
        ("of=partner; wealth=5", "register-no-field"),
        ("of=partner; stage=married", "register-where-value"),
        ("of=partner; stage", "register-where-form"),
        ("of=partner;" + "x" * 1000, "register-where-long"),
    ],
)
def test_a_question_without_sense_is_told_and_counts_nothing(counts: str, key: str) -> None:
    asked = goal(counts, "5")
    assert with_counts([asked], there()) == [asked]
    ((found, fault),) = faults([asked, goal("of=partner"), goal("")], there())
    assert isinstance(fault, QueryError)
    assert (found, fault.key) == (asked, key)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_asks_the_register_is_told_what_goals_count(store: Store) -> None:
    site = {"api": "https://hub.example/w/api.php"}
    asked = {"account": "HubBot", "operator": "A", "contact": "B", "hub": "hub"}
    config = HubConfig.model_validate({**asked, "sites": {"hub": site}})
    register = open_register(config.model_copy(update={"folder": COMPUTED_PATH.parent}), ["en"])
    goals = [goal("of=partner; stage=in conversation", "4"), goal("page=Help:A", "1")]
    items = goal("of=dataset:museums", "1")
    for each in (*RECORDS, *goals, items):
        store.put_page_record(each, "hub", NOW)
    store.leave("register", Target("hub", "Partnerships"), {PAGES_SLOT: ["Help:A"]}, NOW)
    later = NOW + timedelta(days=1)
    more = record("partner", "Late", later, stage="conversation")
    store.put_page_record(more, "hub", later)

    def reached(kind: str | None, as_of: datetime | None = None) -> list[str]:
        found = register.records(store, kind, as_of)
        return [each.first("reached") for each in found if each.kind == "goal"]

    assert reached("goal") == reached(None) == ["11", "1", "0"]
    assert reached("goal", later - timedelta(hours=1)) == ["10", "", ""]
    assert {"target", "reached", "share", "evidence"} <= register.kinds["goal"].fields.keys()
    assert register.records(store, "partner")[0] == RECORDS[0]
