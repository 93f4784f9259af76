"""What the store keeps so that a run can be undone: its saved edits, and the bases before them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bots.core.messages import Message
from bots.core.outcome import Failed, Saved
from bots.core.plan import NEW_ITEM, Edit, PageText, Target
from bots.core.store import Run, Store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def a_run(store: Store) -> Run:
    return store.start_run("museums", "run", "me", NOW)


def settled(store: Store, run: Run, edit: Edit, saved: Saved | Failed) -> None:
    store.spool(run, [edit])
    (spooled,) = store.edits(run, ("planned",))
    target = edit.target
    if isinstance(saved, Saved) and saved.title:
        target = Target(target.site, saved.title)
    store.settle(replace(spooled, target=target), saved, "museums", NOW)


def an_edit(title: str, **leaves: object) -> Edit:
    return Edit(
        target=Target("repo", title),
        change=PageText(text="new"),
        summary=Message("s"),
        leaves=leaves,
    )


def saved(revid: int, title: str = "") -> Saved:
    return Saved(revid=revid, timestamp=NOW, title=title)


def test_an_edit_keeps_what_the_slots_it_changed_held_before(store: Store) -> None:
    run = a_run(store)
    store.leave("museums", Target("repo", "Q1"), {"P1": "old", "P2": "same", "P3": "out"}, NOW)
    settled(store, run, an_edit("Q1", P1="new", P2="same", P3=None, P4={"v": "ü"}), saved(5))
    (spooled,) = store.edits(run)
    assert spooled.was == {"P1": "old", "P3": "out", "P4": None}
    assert store.base("museums", Target("repo", "Q1")) == {
        "P1": "new",
        "P2": "same",
        "P4": {"v": "ü"},
    }


def test_an_edit_that_failed_changed_no_base(store: Store) -> None:
    run = a_run(store)
    settled(store, run, an_edit("Q1", P1="new"), Failed(code="no"))
    assert next(store.edits(run)).was == {}


def test_what_a_run_saved_is_told_by_page_and_a_new_item_by_its_own_title(store: Store) -> None:
    run = a_run(store)
    settled(store, run, an_edit("Q1", P1="a"), saved(5))
    settled(store, run, an_edit(f"{NEW_ITEM}r1", P1="b"), saved(6, "Q7"))
    settled(store, run, an_edit("Q2", P1="c"), Failed(code="no"))
    settled(store, run, an_edit("Q7", P1="d"), saved(8))
    settled(store, run, an_edit("Q1", P1="e"), saved(9))
    found = [(target.title, [each.revid for each in edits]) for target, edits in store.saved(run)]
    assert found == [("Q1", [5, 9]), ("Q7", [6, 8])]


def test_more_edits_than_one_query_names_are_all_told(store: Store) -> None:
    run = a_run(store)
    store.spool(run, [an_edit(f"Q{number}") for number in range(1, 1203)])
    for spooled in store.edits(run):
        store.settle(spooled, saved(spooled.seq), "museums", NOW)
    found = list(store.saved(run))
    assert len(found) == 1202
    assert all(target.title == f"Q{edit.revid}" for target, (edit,) in found)


def test_what_was_there_before_is_forgotten_with_the_edits_text(store: Store) -> None:
    run = a_run(store)
    settled(store, run, an_edit("Q1", P1="new"), saved(5))
    store.finish_run(run, "finished", None, NOW)
    assert store.roll_up(NOW + timedelta(days=1)) == 1
    (spooled,) = store.edits(run)
    assert (spooled.edit, spooled.was, spooled.revid) == (None, {}, 5)
