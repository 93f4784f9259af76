"""What is counted of the register: how it is spread, who carries it, what each year gave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bots.core.config import HubConfig
from bots.core.messages import Message
from bots.core.outcome import Saved
from bots.core.plan import Edit, PageText, Target
from bots.core.register.computed import COMPUTED as COMPUTED_PATH
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import load_kinds
from bots.core.store import Store
from bots.register.lists.facts import ListSource
from bots.register.sources import Around, Wanted, equity, people, read, years
from bots.register.sources.requests import Request, requests_in
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from tests.register.sources.scene import COMPUTED, KINDS, NOW, record

SWEDEN, NORWAY, NOBODY = (
    record("partner", "One", country="SE", languages=["sv", "fi"], mediators=["Aino", "Bashir"]),
    record("partner", "Two", country="NO", requests="Requests/Far", mediators="Aino"),
    record("partner", "Three", mediators="Chen"),
)
OVER = record("partner", "Four", country="SE", stage="ended", mediators="Aino")
PARTNERS = [SWEDEN, NORWAY, NOBODY, OVER]


def spread(dimension: str, records: list[PageRecord], requests: list[Request]) -> dict[str, Any]:
    source = equity.source_of(dimension, KINDS, records, requests, COMPUTED["equity"])
    assert source is not None
    return {row.key: numbers(row.values) for row in source.rows}


def numbers(values: Any) -> str:
    names = ("partners", "partners share", "requests", "support", "answered", "waiting")
    return " ".join(next(iter(values.get(name, ())), "-") for name in names)


def asked(title: str, day: int, answered: int | None = None, **more: Any) -> Request:
    until = date(2026, 3, answered) if answered else None
    return Request(f"Requests/{title}", date(2026, 3, day), until, **more)


def test_partners_requests_support_and_waiting_are_counted_by_country() -> None:
    requests = [
        asked("Maps", 1, 11, country=["SE"]),
        asked("Prints", 1, 3, country=["SE"]),
        asked("Songs", 2, country=["SE", "FI"]),
        asked("Far", 5, 6, country=["SE"]),
        asked("Nowhere", 5),
    ]
    support = [
        record("activity", "Workshop", partners=[NORWAY.title, NOBODY.title]),
        record("activity", "Datathon", partners=NORWAY.title, country="DK"),
        record("grant", "Grant"),
    ]
    assert spread("country", [*PARTNERS, *support], requests) == {
        "SE": "1 33.3 3 0 2 6",
        "NO": "1 33.3 1 1 1 1",
        "DK": "0 0 0 1 0 -",
        "FI": "0 0 1 0 0 -",
        "unknown": "1 33.3 1 1 0 -",
    }


def test_a_partner_of_two_languages_counts_in_both() -> None:
    found = spread("language", PARTNERS, [asked("Maps", 1, 2, languages=["sv"])])
    assert found["sv"] == "1 33.3 1 0 1 1"
    assert found["fi"].startswith("1 33.3 0")
    assert found["unknown"].startswith("2 66.7 0")


def test_what_is_not_known_is_said_so() -> None:
    for dimension, shown in (("country", "ZZ"), ("languages", "und"), ("region", "–")):
        source = equity.source_of(dimension, KINDS, [NOBODY], [], COMPUTED["equity"])
        assert source is not None
        assert [(row.key, row.values["group"]) for row in source.rows] == [("unknown", (shown,))]
        assert source.fields["group"].type is KINDS["partner"].fields[dimension].type
    source = equity.source_of("stage", KINDS, [NOBODY], [], COMPUTED["equity"])
    assert source is not None
    assert source.rows[0].values["group"] == ("unknown",)
    assert "unknown" in source.fields["group"].choices


@pytest.mark.parametrize("dimension", ["", "wealth"])
def test_what_partners_do_not_say_is_counted_by_nobody(dimension: str) -> None:
    assert equity.source_of(dimension, KINDS, PARTNERS, [], COMPUTED["equity"]) is None


def test_requests_are_known_by_what_the_intake_remembers() -> None:
    slots = {
        "region": "\n{| a table",
        "state:Requests/Maps": ["accepted", "2026-05-01", "2026-03-01"],
        "about:Requests/Maps": {"answered": "2026-03-04", "country": ["SE"], "languages": []},
        "state:Requests/Songs": ["needs-info", "2026-03-02", "2026-03-02"],
        "state:Requests/Draft": ["draft", "2026-03-02", "2026-03-02"],
        "state:Requests/Broken": ["triaged", "soon", "soon"],
    }
    maps, songs = requests_in(slots)
    assert maps == Request("Requests/Maps", date(2026, 3, 1), date(2026, 3, 4), ("SE",), ())
    assert (songs.title, songs.waited) == ("Requests/Songs", None)


def test_only_those_are_listed_who_say_so_on_their_own_page() -> None:
    persons = [
        record("person", "Aino", user="Aino", listed="yes"),
        record("person", "Bashir", user="Bashir", listed="no"),
        record("person", "Chen", user="Chen"),
        record("person", "Dana", user="Dana", listed="yes"),
    ]
    found = people.source_of([*PARTNERS, *persons], COMPUTED["people"])
    assert [(row.page, dict(row.values)) for row in found.rows] == [
        (
            persons[0].title,
            {
                "name": ("Aino",),
                "partners": ("2",),
                "ended": ("1",),
                "organisations": (SWEDEN.title, NORWAY.title),
                "countries": ("NO", "SE"),
                "languages": ("fi", "sv"),
            },
        ),
        (persons[3].title, {"name": ("Dana",), "partners": ("0",), "ended": ("0",)}),
    ]


def moment(year: int, month: int = 6, day: int = 1) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def account(store: Store, year: int | None, requests: list[Request]) -> ListSource:
    records = list(store.page_records())
    history = years.read_history(store, records, NOW)
    return years.source_of(year, KINDS, records, requests, history, COMPUTED["year"])


def told(source: ListSource) -> dict[str, list[str]]:
    """The rows' numbers, and those of the year before, where one of them is something."""
    found = {
        row.key: [next(iter(row.values.get(name, ())), "") for name in ("number", "before")]
        for row in source.rows
    }
    return {key: both for key, both in found.items() if set(both) - {"0", ""}}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_year_is_told_from_the_history_of_records(store: Store) -> None:
    one = record("partner", "Old", moment(2024), since="2024-02", outcomes="100 photographs")
    for each in (
        one,
        record("partner", "Undated", moment(2025)),
        record("partner", "Over", moment(2024), since="2023", stage="ended", ended="2025-06"),
        record("activity", "Workshop", moment(2026), when="2025-12-15"),
        record("grant", "Late", moment(2025), deadline="2026"),
    ):
        store.put_page_record(each, "hub", each.edited)
    ended = {**one.values, "stage": ("ended",), "outcomes": ("100 photographs", "A guide")}
    store.put_page_record(replace(one, revid=999, edited=moment(2026), values=ended), "hub", NOW)
    # Only in 2026 does the page say that it ended, in 2025.
    late = record("partner", "Late", moment(2024), since="2023")
    store.put_page_record(late, "hub", late.edited)
    said = {**late.values, "stage": ("ended",), "ended": ("2025-11-30",)}
    store.put_page_record(replace(late, revid=998, edited=moment(2026), values=said), "hub", NOW)
    requests = [
        Request("Requests/Maps", date(2025, 12, 30), date(2026, 1, 4)),
        Request("Requests/Songs", date(2026, 2, 1)),
    ]
    assert told(account(store, None, requests)) == {
        "2024/partners": ["2", ""],
        "2024/partner": ["1", ""],
        "2024/outcomes": ["1", ""],
        "2025/partners": ["3", "2"],
        "2025/partner": ["1", "1"],
        "2025/activity": ["1", "0"],
        "2025/grant": ["1", "0"],
        "2025/ended": ["2", "0"],
        "2025/outcomes": ["0", "1"],
        "2025/requests": ["1", "0"],
        "2026/partners": ["1", "3"],
        "2026/partner": ["0", "1"],
        "2026/activity": ["0", "1"],
        "2026/grant": ["0", "1"],
        "2026/ended": ["1", "2"],
        "2026/outcomes": ["1", "0"],
        "2026/requests": ["1", "1"],
        "2026/answered": ["1", "0"],
        "2026/waiting": ["5", ""],
    }
    source = account(store, 2025, requests)
    assert {row.values["year"] for row in source.rows} == {("2025",)}
    assert source.fields["what"].choices["grant"] == {"en": "grants (new)"}
    assert account(store, 2019, requests).rows == []


def test_the_edits_of_each_dataset_are_told_by_year(store: Store) -> None:
    runs = [("museums", 2025), ("museums", 2026), ("museums", 2026), ("intake", 2026)]
    for bot, year in (*runs, ("register", 2025), ("register", 2026)):
        run = store.start_run(bot, "live", "here", moment(year))
        targets = [Target("hub", f"{bot} {number}") for number in range(2)]
        change = PageText(text="x")
        edits = [Edit(target=each, change=change, summary=Message("x")) for each in targets]
        store.spool(run, edits)
        for spooled in store.edits(run):
            store.settle(spooled, Saved(revid=1, timestamp=moment(year)), bot, moment(year))
        store.finish_run(run, "finished", None, moment(year))
    quiet = store.start_run("museums", "live", "here", moment(2026))
    store.finish_run(quiet, "finished", None, moment(2026))
    store.start_run("museums", "live", "here", moment(2026))
    assert store.saved_by_year(NOW) == {
        2025: {"museums": 2, "register": 2},
        2026: {"museums": 4, "intake": 2, "register": 2},
    }
    assert told(account(store, None, [])) == {
        "2025/edits/museums": ["2", ""],
        "2025/edits/register": ["2", ""],
        "2026/edits/museums": ["4", "2"],
        "2026/edits/intake": ["2", ""],
        "2026/edits/register": ["2", "2"],
    }


def test_edits_are_counted_by_whole_months_so_that_none_of_them_changes_the_account(
    store: Store,
) -> None:
    def saved(at: datetime) -> None:
        run = store.start_run("register", "live", "here", at)
        target, change = Target("hub", "A year"), PageText(text="x")
        edit = Edit(target=target, change=change, summary=Message("x"))
        store.spool(run, [edit])
        for spooled in store.edits(run):
            store.settle(spooled, Saved(revid=1, timestamp=at), "register", at)
        store.finish_run(run, "finished", None, at)

    def counted(now: datetime) -> dict[int, Any]:
        return dict(years.read_history(store, [], now).edits)

    saved(moment(2026, 5))
    saved(moment(2026, 6))
    assert counted(moment(2026, 6)) == counted(moment(2026, 6, 30)) == {2026: {"register": 1}}
    assert counted(moment(2026, 7)) == {2026: {"register": 2}}


def test_the_fields_that_are_counted_are_those_of_the_shipped_kinds() -> None:
    kinds = load_kinds(COMPUTED_PATH.parent / "records")
    assert {"partner", "person", "tool", "goal", *equity.SUPPORT} <= kinds.keys()
    for name, fields in {
        "partner": {"stage", "ended", "mediators", "country", "languages", "outcomes", "requests"},
        "person": {"user", "listed"},
        "tool": {"name", "owner"},
        "goal": {"counts", "target"},
    }.items():
        assert fields <= kinds[name].fields.keys()
    assert "ended" in kinds["partner"].fields["stage"].choices
    for dimension in ("country", "language", "region"):
        assert equity.source_of(dimension, kinds, PARTNERS, [], COMPUTED["equity"]) is not None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_the_intake_left_is_counted_without_a_request(store: Store) -> None:
    sites = {"hub": {"api": "http://127.0.0.1:9/api.php"}}
    asked = {"account": "HubBot", "operator": "A", "contact": "B", "hub": "hub", "sites": sites}
    config = HubConfig.model_validate({**asked, "intake": {"requests_page": "requests_here"}})
    slots = {
        "state:Requests here/Maps": ["triaged", "2026-03-04", "2026-03-01"],
        "about:Requests here/Maps": {"answered": "2026-03-04", "country": ["SE"], "languages": []},
    }
    store.leave("intake", Target("hub", "Requests here"), slots, NOW)
    store.put_page_record(SWEDEN, "hub", NOW)
    around = Around(
        desk=Desk(Wikis(config)),
        store=store,
        config=config,
        kinds=KINDS,
        records=[SWEDEN],
        sites=(),
        now=NOW,
    )
    wanted = ["equity:country", "year", "year:2026", "people"]
    others = [
        "equity",
        "equity:wealth",
        "year:this",
        "people:Aino",
        "software:sv",
        "goal",
        "partner",
    ]
    found = read([Wanted(of, "en") for of in (*wanted, *others)], around)
    assert {of for of, _ in found} == set(wanted)
    (sweden,) = found["equity:country", "en"].rows
    assert numbers(sweden.values) == "1 100 1 0 1 3"
    assert told(found["year:2026", "en"])["2026/waiting"] == ["3", ""]
