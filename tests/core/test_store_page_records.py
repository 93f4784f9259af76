"""The register's records and their versions, on SQLite and on a real MariaDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bots.core.plan import Judged, Target
from bots.core.register.facts import PageRecord
from bots.core.store import Store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PAGE = 2**33

RECORD = PageRecord(
    kind="partner",
    page=PAGE,
    title="Partnerships/Partners/Sjömuseet",
    revid=7,
    edited=NOW - 9 * DAY,
    values={"name": ("Sjömuseet",), "languages": ("sv", "en")},
    lines={"name": 2, "languages": 4},
)


def test_a_record_is_kept_with_all_that_it_says(store: Store) -> None:
    store.put_page_record(RECORD, "hub", NOW)
    (kept,) = store.page_records()
    assert (kept, kept.lines) == (RECORD, RECORD.lines)
    assert list(store.page_records("partner")) == [RECORD]
    assert list(store.page_records("tool")) == []
    assert store.page_record_history(PAGE) == [(RECORD, RECORD.edited, None)]
    assert store.page_record_revids() == {PAGE: ("partner", RECORD.title, 7)}


def test_a_revision_that_changes_nothing_in_a_record_makes_no_version(store: Store) -> None:
    store.put_page_record(RECORD, "hub", NOW)
    same = replace(RECORD, revid=8, edited=NOW, values={**RECORD.values, "country": ()}, lines={})
    store.put_page_record(same, "hub", NOW)
    ((newest, since, until),) = store.page_record_history(PAGE)
    assert (newest.revid, newest.edited, newest.values) == (8, NOW, RECORD.values)
    assert (since, until, newest.lines) == (RECORD.edited, None, {})


def test_what_a_record_said_before_is_found_as_of_then(store: Store) -> None:
    moved = replace(RECORD, title="Partnerships/Partners/Havsmuseet", revid=9, edited=NOW - 2 * DAY)
    for version in (RECORD, moved):
        store.put_page_record(version, "hub", NOW)
    assert list(store.page_records(as_of=RECORD.edited - DAY)) == []
    assert list(store.page_records(as_of=RECORD.edited)) == [RECORD]
    assert list(store.page_records(as_of=moved.edited - DAY)) == [RECORD]
    assert list(store.page_records(as_of=moved.edited)) == [moved]
    assert list(store.page_records()) == [moved]
    assert store.page_record_history(PAGE) == [
        (RECORD, RECORD.edited, moved.edited),
        (moved, moved.edited, None),
    ]


def test_a_record_whose_page_went_is_no_more_and_yet_was(store: Store) -> None:
    store.put_page_record(RECORD, "hub", NOW)
    store.end_page_record(PAGE, "elsewhere", NOW)
    assert list(store.page_records()) == [RECORD]
    store.end_page_record(PAGE, "hub", NOW)
    store.end_page_record(PAGE, "hub", NOW + DAY)
    assert list(store.page_records()) == []
    assert store.page_record_revids() == {}
    assert store.page_record_history(PAGE) == [(RECORD, RECORD.edited, NOW)]
    assert list(store.page_records("partner", as_of=NOW - DAY)) == [RECORD]


def test_a_page_that_came_back_is_a_record_again_since_it_was_seen(store: Store) -> None:
    store.put_page_record(RECORD, "hub", NOW - 3 * DAY)
    store.end_page_record(PAGE, "hub", NOW - 2 * DAY)
    store.put_page_record(RECORD, "hub", NOW)
    spans = [(since, until) for _, since, until in store.page_record_history(PAGE)]
    assert spans == [(RECORD.edited, NOW - 2 * DAY), (NOW, None)]
    assert list(store.page_records(as_of=NOW - DAY)) == []


def test_what_is_read_anew_from_the_same_revision_holds_from_when_it_was_seen(store: Store) -> None:
    edited = replace(RECORD, revid=8, edited=NOW - 2 * DAY)
    for version in (RECORD, edited):
        store.put_page_record(version, "hub", NOW - DAY)
    more = replace(edited, values={**RECORD.values, "country": ("SE",)})
    store.put_page_record(more, "hub", NOW)
    assert list(store.page_records(as_of=NOW - DAY)) == [edited]
    assert list(store.page_records(as_of=NOW)) == [more]


def test_records_are_stored_and_ended_as_a_plan_says(store: Store) -> None:
    target = Target("hub", RECORD.title)
    gone = replace(RECORD, page=2)
    store.judge(
        "register", [Judged(target=target, page_record=each) for each in (RECORD, gone)], NOW
    )
    store.judge("register", [Judged(target=target, page_gone=2)], NOW + DAY)
    assert list(store.page_records()) == [RECORD]
    assert list(store.page_records(as_of=NOW)) == [gone, RECORD]


def test_many_records_are_walked_by_page_beyond_one_query(store: Store) -> None:
    many = [replace(RECORD, page=1 + number % 1200, revid=number) for number in range(1200)]
    target = Target("hub", RECORD.title)
    store.judge("register", [Judged(target=target, page_record=each) for each in many[::-1]], NOW)
    store.put_page_record(replace(RECORD, page=500), "elsewhere", NOW)
    assert [each.page for each in store.page_records("partner")] == sorted([*range(1, 1201), 500])
