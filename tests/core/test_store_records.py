"""Which item each record is, on SQLite and on a real MariaDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bots.core.entitychange import change_of, new_item
from bots.core.messages import Message
from bots.core.outcome import Failed, Outcome, Saved, Unchanged
from bots.core.plan import NEW_ITEM, Edit, Judged, RecordState, Target
from bots.core.store import Known, Store
from bots.core.wikibase import exact
from bots.core.wikibase.change import EntityPatch, TermChange
from bots.core.wikibase.model import Item

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BOT = "museums"


def judged(record: str, title: str = "Q1", **more: object) -> Judged:
    state = RecordState(record, "d", quiet=True)
    return Judged(target=Target("repo", title), record=state, revid=7, **more)  # type: ignore[arg-type]


def settled(store: Store, edit: Edit, outcome: Outcome, title: str = "") -> None:
    run = store.start_run(BOT, "run", "me", NOW)
    store.spool(run, [edit])
    (spooled,) = store.edits(run)
    if title:
        object.__setattr__(spooled, "target", Target("repo", title))
    store.settle(spooled, outcome, BOT, NOW)


def label(base: int | None) -> EntityPatch:
    change = TermChange(terms="labels", language="en", text="Sea Museum")
    return EntityPatch(base_revid=base, terms=(change,))


def edit(record: str) -> Edit:
    return Edit(
        target=Target("repo", "Q1"),
        change=change_of(Item(id="Q1", revision=7), label(7)),
        summary=Message("s"),
        leaves={"label/en": {"value": "Sea Museum"}},
        record=RecordState(record, "d2"),
    )


def test_a_record_judged_without_an_edit_is_known_with_its_item_and_bases(store: Store) -> None:
    store.judge(BOT, [judged("å", leaves={"P1": 1}), judged("A", "Q2"), judged("a", "Q3")], NOW)
    assert store.known(BOT, ["å", "A", "none"]) == {
        "å": Known("å", "repo", "Q1", "d", 7, True, 0),
        "A": Known("A", "repo", "Q2", "d", 7, True, 0),
    }
    assert store.base(BOT, Target("repo", "Q1")) == {"P1": 1}
    assert store.known("another", ["A"]) == {}
    assert store.count_known(BOT) == 3


def test_a_record_judged_again_is_known_once(store: Store) -> None:
    store.judge(BOT, [judged("A")], NOW)
    store.judge(BOT, [judged("A", "Q9"), judged("B", "Q9")], NOW)
    assert [(each.record, each.title) for each in store.all_known(BOT)] == [
        ("A", "Q9"),
        ("B", "Q9"),
    ]
    assert [each.record for each in store.known_on(BOT, "repo", ["Q9"])["Q9"]] == ["A", "B"]
    assert store.known_on(BOT, "other", ["Q9"]) == {}


def test_a_record_s_row_is_kept_where_it_is_to_be_judged_without_its_source(
    store: Store,
) -> None:
    row = ["å", 1, {"names": ["x"], "lat": Decimal("36.66757")}]
    state = RecordState("B", "d", row=exact.dumps(row))
    told = Judged(target=Target("repo", "Q2"), record=state)
    store.judge(BOT, [judged("A"), told], NOW)
    assert list(store.kept_rows(BOT)) == [(Known("B", "repo", "Q2", "d", None, False, 0), row)]


def test_many_records_are_walked_and_found_beyond_one_query(store: Store) -> None:
    keys = [f"{number:05}" for number in range(6_001)]
    store.judge(BOT, [judged(key, f"Q{key}") for key in keys], NOW)
    assert [each.record for each in store.all_known(BOT)] == keys
    assert len(store.known(BOT, keys)) == 6_001


def test_a_saved_edit_leaves_its_record_judged_on_the_revision_saved(store: Store) -> None:
    settled(store, edit("A"), Saved(revid=2**40, timestamp=NOW))
    assert store.known(BOT, ["A"])["A"] == Known("A", "repo", "Q1", "d2", 2**40, False, 0)


def test_an_edit_that_was_needless_leaves_its_record_judged_on_the_revision_read(
    store: Store,
) -> None:
    settled(store, edit("A"), Unchanged())
    assert store.known(BOT, ["A"])["A"].revid == 7


def test_an_edit_that_failed_leaves_its_record_to_be_judged_again(store: Store) -> None:
    settled(store, edit("A"), Failed(code="x"))
    assert store.known(BOT, ["A"]) == {}
    assert store.base(BOT, Target("repo", "Q1")) == {}


def test_a_new_item_s_record_is_known_under_the_item_s_own_title(store: Store) -> None:
    new = Edit(
        target=Target("repo", NEW_ITEM + "A"),
        change=new_item(label(None)),
        summary=Message("s"),
        record=RecordState("A", "d"),
    )
    settled(store, new, Saved(revid=8, timestamp=NOW, title="Q77"), "Q77")
    assert store.known(BOT, ["A"])["A"].title == "Q77"


def test_new_items_that_runs_have_lately_made_are_told_by_their_revisions(store: Store) -> None:
    def made(key: str, revid: int, title: str = "") -> None:
        change = new_item(label(None))
        target = Target("repo", title or NEW_ITEM + key)
        new = Edit(target=target, change=change, summary=Message("s"))
        settled(store, new, Saved(revid=revid, timestamp=NOW, title=title or f"Q{revid}"))

    made("old", 5)
    (old,) = store.runs(BOT)
    store.finish_run(old, "finished", None, NOW)
    for revid in (6, 7, 8):
        made(f"r{revid}", revid)
    made("", 9, "Q9")
    wanted, later = {5, 6, 8, 9, 10}, NOW + timedelta(seconds=1)
    told = dict(store.made("repo", wanted, later, '"Sea Museum"'))
    assert {revid: edit and edit.change for revid, edit in told.items()} == {
        6: new_item(label(None)),
        8: new_item(label(None)),
    }
    assert dict(store.made("repo", wanted, NOW, '"P5"')) == dict.fromkeys((5, 6, 8))
    assert dict(store.made("elsewhere", wanted, NOW, "")) == {}


def test_a_partner_s_answers_are_kept_and_taken_back(store: Store) -> None:
    store.answer(BOT, {"r1": "refused", "r2": "refused"}, NOW)
    store.answer(BOT, {"r1": "", "r3": ""}, NOW)
    assert store.answers(BOT) == {"r2": "refused"}
    assert store.answers("genes") == {}


def test_what_other_bots_left_on_a_target_is_told_bot_by_bot(store: Store) -> None:
    store.judge(BOT, [judged("A", leaves={"P1": 1})], NOW)
    store.leave("genes", Target("repo", "Q1"), {"P2": {"value": "x"}}, NOW)
    store.leave("genes", Target("elsewhere", "Q1"), {"P3": 3}, NOW)
    assert store.bases_on("repo", ["Q1", "Q2"]) == {
        "Q1": {BOT: {"P1": 1}, "genes": {"P2": {"value": "x"}}}
    }


def test_a_record_is_linked_anew_while_one_that_it_names_has_another_item(store: Store) -> None:
    def names(title: str) -> Judged:
        state = RecordState("A", "d", links=(("proteins", "P1", title), ("proteins", "P2", "Q2")))
        return Judged(target=Target("repo", "Q1"), record=state)

    store.judge("proteins", [judged("P2", "Q2")], NOW)
    store.judge(BOT, [names("")], NOW)
    assert store.linked_anew(BOT) == set(), "there is none yet"
    store.judge("proteins", [judged("P1", "Q7")], NOW)
    assert store.linked_anew(BOT) == {"A"}
    assert store.linked_anew("proteins") == set()
    store.judge(BOT, [names("Q7")], NOW)
    assert store.linked_anew(BOT) == set()
    store.judge("proteins", [judged("P1", "Q8")], NOW)
    assert store.linked_anew(BOT) == {"A"}
    store.judge(BOT, [judged("A")], NOW)
    assert store.linked_anew(BOT) == {"A"}, "what says nothing of links leaves them as they were"
    state = RecordState("A", "d", links=())
    store.judge(BOT, [Judged(target=Target("repo", "Q1"), record=state)], NOW)
    assert store.linked_anew(BOT) == set()


def test_links_are_kept_with_an_edit_that_is_saved(store: Store) -> None:
    names = replace(edit("A"), record=RecordState("A", "d", links=(("proteins", "P1", ""),)))
    settled(store, names, Saved(revid=8, timestamp=NOW))
    store.judge("proteins", [judged("P1", "Q7")], NOW)
    assert store.linked_anew(BOT) == {"A"}
