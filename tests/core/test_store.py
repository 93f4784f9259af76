"""The store, on SQLite and on a real MariaDB: what goes in comes out, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bots.core.messages import Message
from bots.core.outcome import Failed, Saved, Unknown
from bots.core.plan import Edit, Finding, PageText, Target
from bots.core.stop import Stop
from bots.core.store import Decision, Run, Store, StoreError, opened
from bots.core.store.engine import open_engine
from bots.core.store.schema import metadata

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
PAGE = Target("hub", "Requests/Å ä 日本 🏛")


def a_run(store: Store, bot: str = "intake") -> Run:
    return store.start_run(bot, "run", "me", NOW)


def an_edit(title: str = PAGE.title, **more: object) -> Edit:
    change = PageText(text="new ~~~~ \U0001f3db", before="old", base_revid=7, base_timestamp=NOW)
    return Edit(
        target=Target("hub", title), change=change, summary=Message("s", {"num": 1}), **more
    )  # type: ignore[arg-type]


def test_an_edit_comes_out_of_the_spool_as_it_went_in(store: Store) -> None:
    run = a_run(store)
    edit = an_edit(leaves={"region": "x"}, key="k", after="j", reasons=(Message("why"),))
    store.spool(run, [edit])
    (spooled,) = store.edits(run)
    assert spooled.edit == edit
    assert spooled.receipt == f"{run.key}/1"
    assert spooled.state == "planned"


def test_edits_are_walked_in_order_while_more_are_spooled(store: Store) -> None:
    run = a_run(store)
    store.spool(run, [an_edit(f"P{n}") for n in range(501)])
    seen = []
    for spooled in store.edits(run, ("planned",)):
        if spooled.seq == 1:
            store.spool(run, [an_edit("late")])
        store.settle(spooled, Failed(code="x"), "intake", NOW)
        seen.append(spooled.target.title)
    assert seen == [f"P{n}" for n in range(501)] + ["late"]


def test_two_megabytes_fit_into_the_spool(store: Store) -> None:
    run = a_run(store)
    big = "å" * 1_000_000
    edit = Edit(target=PAGE, change=PageText(text=big, before=big), summary=Message("s"))
    store.spool(run, [edit])
    (spooled,) = store.edits(run)
    assert spooled.edit == edit


def test_a_sent_edit_stays_unsettled_until_it_is_settled(store: Store) -> None:
    run = a_run(store)
    store.spool(run, [an_edit(leaves={"region": "x"}), an_edit("B")])
    first, second = store.edits(run)
    store.mark_sent(first, NOW)
    assert [s.receipt for s in store.unsettled("intake")] == [first.receipt]
    assert store.unsettled("intake")[0].sent == NOW
    assert store.unsettled("another") == []
    store.settle(first, Unknown(), "intake", NOW)
    assert [s.receipt for s in store.unsettled("intake")] == [first.receipt]
    store.settle(first, Saved(revid=2**40, timestamp=NOW), "intake", NOW)
    assert store.unsettled("intake") == []
    assert next(store.edits(run)).revid == 2**40
    assert second.state == "planned"


def test_bases_are_recorded_only_with_an_edit_that_the_wiki_has(store: Store) -> None:
    run = a_run(store)
    store.spool(run, [an_edit(leaves={"region": "x"})])
    (spooled,) = store.edits(run)
    store.settle(spooled, Failed(code="no"), "intake", NOW)
    assert store.base("intake", PAGE) == {}
    store.settle(spooled, Saved(revid=1, timestamp=NOW), "intake", NOW)
    assert store.base("intake", PAGE) == {"region": "x"}
    assert store.base("other", PAGE) == {}


def test_a_base_keeps_its_other_slots_and_none_forgets_one(store: Store) -> None:
    store.leave("intake", PAGE, {"a": 1, "b": ["ü"]}, NOW)
    store.leave("intake", PAGE, {"a": None, "c": {"d": 2}}, NOW)
    assert store.base("intake", PAGE) == {"b": ["ü"], "c": {"d": 2}}
    store.leave("intake", PAGE, {"b": None, "c": None}, NOW)
    assert list(store.bases("intake", "hub")) == []


def test_all_bases_of_a_site_are_walked_in_pages(store: Store) -> None:
    for number in range(1001):
        store.leave("intake", Target("hub", f"P{number:04}"), {"n": number}, NOW)
    store.leave("intake", Target("sv", "P"), {"n": -1}, NOW)
    assert [slots["n"] for _title, slots in store.bases("intake", "hub")] == list(range(1001))


def test_titles_that_differ_by_case_or_accent_are_two(store: Store) -> None:
    store.leave("intake", Target("hub", "Ark"), {"n": 1}, NOW)
    store.leave("intake", Target("hub", "ark"), {"n": 2}, NOW)
    store.leave("intake", Target("hub", "Årk"), {"n": 3}, NOW)
    assert store.base("intake", Target("hub", "Ark")) == {"n": 1}
    assert len(list(store.bases("intake", "hub"))) == 3


def test_a_finding_is_one_row_however_often_it_is_found(store: Store) -> None:
    finding = Finding(target=PAGE, message=Message("f", {"value": "x"}), where="licence")
    first, second = a_run(store), a_run(store)
    store.note_findings(first, [finding, finding])
    store.note_findings(second, [finding])
    (stored,) = store.findings()
    assert stored.finding == finding
    assert (stored.first_run, stored.last_run) == (first.id, second.id)


def test_a_finding_that_is_no_longer_found_is_closed_and_reopens(store: Store) -> None:
    finding = Finding(target=PAGE, message=Message("f"))
    first, second, third = a_run(store), a_run(store), a_run(store)
    store.note_findings(first, [finding])
    assert store.close_findings(second) == 1
    assert store.findings() == []
    assert [s.finding for s in store.findings(run=first)] == [finding]
    store.note_findings(third, [finding])
    assert store.findings()[0].closed_run is None


def test_a_run_says_how_it_ended_and_what_became_of_its_edits(store: Store) -> None:
    run = a_run(store)
    store.spool(run, [an_edit(f"P{n}") for n in range(3)])
    for spooled in store.edits(run):
        outcome = Saved(revid=1, timestamp=NOW) if spooled.seq < 3 else Failed(code="x")
        store.settle(spooled, outcome, "intake", NOW)
    note = Message("run-stopped", {"user": "Aino"})
    store.finish_run(run, "stopped", note, NOW + timedelta(seconds=5))
    kept = store.run(run.key)
    assert kept is not None
    assert (kept.state, kept.note) == ("stopped", note)
    assert kept.counts == {"saved": 2, "failed": 1}
    assert kept.ended == NOW + timedelta(seconds=5)
    assert store.largest_run("intake") == 2


def test_a_killed_runs_row_is_closed_by_the_next(store: Store) -> None:
    dead = a_run(store)
    other = a_run(store, "other")
    store.interrupt_dead_runs("intake", NOW)
    assert {r.key: r.state for r in store.runs()} == {
        dead.key: "interrupted",
        other.key: "running",
    }


def test_a_held_plan_waits_until_a_run_has_finished(store: Store) -> None:
    assert store.held_plan("intake") is None
    held = store.finish_run(a_run(store), "held", None, NOW)
    store.finish_run(a_run(store), "interrupted", None, NOW)
    assert store.held_plan("intake") == held.key
    follower = a_run(store)
    store.follow_plan(follower, held.key)
    store.finish_run(follower, "held", None, NOW)
    assert store.held_plan("intake") == held.key
    store.finish_run(a_run(store), "finished", None, NOW)
    assert store.held_plan("intake") is None


def test_rolled_up_history_keeps_outcomes_and_drops_texts(store: Store) -> None:
    old, new = a_run(store), a_run(store)
    for run in (old, new):
        store.spool(run, [an_edit()])
        (spooled,) = store.edits(run)
        store.settle(spooled, Saved(revid=1, timestamp=NOW), "intake", NOW)
    store.finish_run(old, "finished", None, NOW - timedelta(days=100))
    store.finish_run(new, "finished", None, NOW)
    assert store.roll_up(NOW - timedelta(days=90)) == 1
    assert [(s.edit is None, s.state) for s in store.edits(old)] == [(True, "saved")]
    assert [s.edit is None for s in store.edits(new)] == [False]


def test_only_one_holder_has_a_lease_and_an_expired_one_is_free(store: Store) -> None:
    assert store.take_lease("intake", "a", NOW, 10).holder == "a"
    assert store.take_lease("intake", "b", NOW + timedelta(seconds=9), 10).holder == "a"
    assert store.take_lease("intake", "a", NOW + timedelta(seconds=9), 10).holder == "a"
    assert store.take_lease("intake", "b", NOW + timedelta(seconds=18), 10).holder == "a"
    assert store.take_lease("intake", "b", NOW + timedelta(seconds=19), 10).holder == "b"
    store.end_lease("intake", "a")
    assert [lease.holder for lease in store.leases()] == ["b"]
    store.end_lease("intake", "b")
    assert store.leases() == []


def test_a_decision_is_kept_once_and_a_later_edit_replaces_it(store: Store) -> None:
    decision = Decision("intake", PAGE, "plan", "abc", "apply", "Coordinator", 9, NOW)
    assert store.decide(decision)
    assert not store.decide(decision)
    assert store.decisions("intake", PAGE) == [decision]
    later = Decision("intake", PAGE, "plan", "abc", "keep-wiki", "Coordinator", 10, NOW)
    assert store.decide(later)
    assert store.decisions("intake") == [later]


def test_the_stop_page_is_remembered_as_last_seen(store: Store) -> None:
    stop = Stop(Target("hub", "User:HubBot/stop"), "Aino", NOW, 5, "please <b>stop</b>")
    store.see_stop("intake", "hub", stop, NOW)
    (seen,) = store.stops()
    assert (seen.stopped, seen.user, seen.text) == (True, "Aino", "please <b>stop</b>")
    store.see_stop("intake", "hub", None, NOW)
    assert [seen.stopped for seen in store.stops()] == [False]


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="without a zone"):
        store.start_run("intake", "run", "me", NOW.replace(tzinfo=None))


def test_the_reading_connection_cannot_write(store: Store, store_url: str) -> None:
    a_run(store)
    reading = Store.open_for_reading(store_url)
    try:
        assert len(reading.runs()) == 1
        with pytest.raises(DBAPIError):
            a_run(reading)
    finally:
        reading.close()


def test_the_migrations_make_the_tables_of_the_schema(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_store_of_another_version_is_not_read(new_store_url: Callable[[], str]) -> None:
    empty = new_store_url()
    with pytest.raises(StoreError, match=r"no tables yet|no store at"):
        Store.open_for_reading(empty)
    with opened(empty) as store, store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    with pytest.raises(StoreError, match="version old"):
        Store.open_for_reading(empty)


def test_sqlite_is_refused_on_toolforge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOL_DATA_DIR", "/data/project/hubbot")
    with pytest.raises(StoreError, match="ToolsDB"):
        open_engine("sqlite:///x.sqlite")


@pytest.mark.parametrize("url", ["postgresql://x/y", "nonsense", "oracle://x"])
def test_an_address_that_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(StoreError):
        open_engine(url)


def test_toolsdb_without_credentials_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.delenv("TOOL_TOOLSDB_USER", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(StoreError, match="TOOL_TOOLSDB_USER"):
        open_engine("toolsdb:hubbot")
