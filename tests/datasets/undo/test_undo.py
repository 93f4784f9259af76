"""Undoing a run on a Wikibase: what it did goes back, and what others did since stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.core.apply import RESTORES
from bots.core.messages import Message
from bots.core.plan import JSON, Edit, Finding, Target
from bots.core.store import Store
from bots.core.wikibase.change import EntityPatch, TermChange
from bots.core.wikibase.model import Item
from sandbox.faults import HttpError
from sandbox.proxy import FaultProxy
from sandbox.wikibase.server import Wikibase
from tests.datasets.undo.doing import SITE, Shop, contributions, everything, says
from tests.wikibase.entities_scene import STRING, URL, Person, open_desk, seed_item, string
from tests.wikibase.test_race import is_rest

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TERMS: dict[str, Any] = {
    "labels": {"en": {"language": "en", "value": "Before"}},
    "aliases": {"en": [{"language": "en", "value": "before"}]},
}
THEIRS = {
    "snaks": {
        URL: [
            {
                "snaktype": "value",
                "property": URL,
                "datavalue": {"type": "string", "value": "https://example.org/theirs"},
            }
        ]
    },
    "snaks-order": [URL],
}


@pytest.fixture
def api(wiki: Wikibase, request: pytest.FixtureRequest) -> Iterator[str]:
    """The API's address; by `@IN_BOTH`, of a wiki with the REST API and of one without it."""
    if getattr(request, "param", "rest") == "rest":
        yield wiki.api
        return
    with FaultProxy(wiki.api) as between:
        between.inject(HttpError(404, None), is_rest, times=None)
        yield between.api_url


IN_BOTH = pytest.mark.parametrize("api", ["rest", "wbeditentity"], indirect=True)


@pytest.fixture
def shop(api: str, wiki: Wikibase, store: Store, tmp_path: Path) -> Shop:
    for entity_id in ("Q1", "Q2"):
        seed_item(wiki, entity_id, "a", "b", "c", "d", **TERMS)
    return Shop(open_desk(api, tmp_path), store)


@pytest.fixture
def person(wiki: Wikibase) -> Person:
    return Person(wiki.api)


def claim(person: Person, value: str) -> dict[str, Any]:
    """The statement of Q1 that says this, as the API tells it."""
    claims: list[dict[str, Any]] = person.entity("Q1")["claims"][STRING]
    return next(each for each in claims if each["mainsnak"]["datavalue"]["value"] == value)


def replace_value(person: Person) -> None:
    changed = claim(person, "set by us")
    changed["mainsnak"]["datavalue"]["value"] = "theirs"
    person.edit("Q1", {"claims": [changed]})


def change_rank(person: Person) -> None:
    person.edit("Q1", {"claims": [{**claim(person, "b"), "rank": "deprecated"}]})


def add_reference(person: Person) -> None:
    changed = claim(person, "set by us")
    changed["references"].append(THEIRS)
    person.edit("Q1", {"claims": [changed]})


def remove_statement(person: Person) -> None:
    person.edit("Q1", {"claims": [{"id": claim(person, "set by us")["id"], "remove": ""}]})


def change_label(person: Person) -> None:
    person.edit("Q1", {"labels": {"en": {"language": "en", "value": "Theirs"}}})


def change_added(person: Person) -> None:
    changed = claim(person, "added")
    changed["mainsnak"]["datavalue"]["value"] = "theirs"
    person.edit("Q1", {"claims": [changed]})


KINDS: dict[str, tuple[Callable[[Person], None], list[str], list[str]]] = {
    "value replaced": (replace_value, ["theirs", "b", "c"], ["changed", "another"]),
    "rank changed": (change_rank, ["a", "b deprecated", "c", "d"], ["changed"]),
    "reference added": (add_reference, ["set by us", "b", "c", "d"], ["kept"]),
    "statement removed": (remove_statement, ["b", "c", "d"], ["gone"]),
    "label changed": (change_label, ["a", "b", "c", "d"], ["changed"]),
    "added statement changed": (
        change_added,
        ["a", "b preferred", "c", "theirs"],
        ["changed", "beside", "another"],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_undo_leaves_what_somebody_changed_since_and_takes_back_all_else(
    shop: Shop, person: Person, kind: str
) -> None:
    act, stands, why = KINDS[kind]
    before = says(shop.item("Q2"))
    run = shop.do({"Q1": everything, "Q2": everything})
    assert run.counts == {"saved": 2}
    act(person)
    undone, left = shop.undo(run)
    assert (undone.state, undone.mode, undone.counts) == ("finished", "undo", {"saved": 2})
    assert says(shop.item("Q2")) == before
    first = shop.item("Q1")
    assert sorted(values(first)) == sorted(stands)
    assert first.labels == {"en": "Theirs" if kind == "label changed" else "Before"}
    assert (first.descriptions, first.aliases) == ({}, {"en": ("before",)})
    assert sorted(key for _, _, key in left) == sorted(f"undo-left-{each}" for each in why)
    assert {title for title, _, _ in left} == {"Q1"}
    references = [each for one in first.all_statements() for each in one.references]
    theirs = kind == "reference added"
    ours_left = kind in ("value replaced", "added statement changed")
    assert len(references) == theirs + ours_left


def values(item: Item) -> list[str]:
    return [
        f"{each.mainsnak.value.text}{'' if each.rank.value == 'normal' else ' ' + each.rank.value}"  # type: ignore[union-attr]
        for each in item.statements[STRING]
    ]


@IN_BOTH
def test_where_nobody_has_been_all_is_as_before_by_one_edit_an_item(
    shop: Shop, wiki: Wikibase
) -> None:
    before = [says(shop.item(entity_id)) for entity_id in ("Q1", "Q2")]
    run = shop.do({"Q1": everything, "Q2": everything})
    undone, left = shop.undo(run)
    assert (undone.counts, left) == ({"saved": 2}, [])
    assert [says(shop.item(entity_id)) for entity_id in ("Q1", "Q2")] == before
    assert len(contributions(shop.api)) == 4
    summary = contributions(shop.api)[-1]["comment"]
    assert f"Take back what run {run.key} did" in summary
    assert undone.key in summary


def test_undone_again_there_is_nothing_to_do_or_to_tell(shop: Shop) -> None:
    run = shop.do({"Q1": everything})
    shop.undo(run)
    again, left = shop.undo(run)
    assert (again.counts, left) == ({}, [])


def test_an_undo_is_undone_like_any_run(shop: Shop) -> None:
    run = shop.do({"Q1": everything})
    after = says(shop.item("Q1"))
    undone, _ = shop.undo(run)
    _, left = shop.undo(undone)
    assert left == []
    assert says(shop.item("Q1")) == after


def test_two_edits_of_one_item_are_taken_back_by_one(shop: Shop, store: Store) -> None:
    before = says(shop.item("Q1"))
    run = shop.do({"Q1": everything})
    relabel(shop, run.key, "Q1")
    undone, left = shop.undo(run)
    assert (undone.counts, left) == ({"saved": 1}, [])
    assert says(shop.item("Q1")) == before


def test_what_was_brought_back_of_peoples_stays(shop: Shop) -> None:
    run = shop.do({"Q1": everything})
    relabel(shop, run.key, "Q1", f"{RESTORES}{run.key}/1")
    _, left = shop.undo(run)
    assert left == [("Q1", "label/en", "undo-left-changed")]
    assert shop.item("Q1").labels == {"en": "Ours again"}


def relabel(shop: Shop, run_key: str, entity_id: str, key: str = "") -> None:
    """One more edit of the item in the journal of the same run, as a replan makes it."""
    run = shop.store.run(run_key)
    assert run is not None
    second = shop.do({entity_id: lambda item: label(item, "Ours again")})
    (edit,) = shop.store.edits(second)
    assert edit.edit is not None
    assert edit.outcome is not None
    shop.store.spool(run, [replace(edit.edit, key=key)])
    (moved,) = shop.store.edits(run, ("planned",))
    shop.store.settle(moved, edit.outcome, "test", edit.settled)  # type: ignore[arg-type]


def label(item: Item, text: str) -> EntityPatch:
    before = item.labels.get("en")
    return EntityPatch(
        base_revid=item.revision,
        terms=(TermChange(terms="labels", language="en", text=text, before=before),),
    )


def test_what_a_later_run_of_ours_changed_is_left_and_told(shop: Shop) -> None:
    first = shop.do({"Q1": lambda item: label(item, "First")})
    shop.do({"Q1": lambda item: label(item, "Second")})
    undone, left = shop.undo(first)
    assert (undone.counts, left) == ({}, [("Q1", "label/en", "undo-left-changed")])
    (finding,) = shop.store.findings(run=undone)
    assert finding.finding.message.params["list_users"] == ["HubBot"]


def test_a_new_item_is_told_and_not_emptied(shop: Shop, person: Person) -> None:
    run = shop.do({}, new=("Record 1",))
    undone, left = shop.undo(run)
    ((new, _, _),) = left
    assert (undone.counts, left) == ({}, [(new, "", "undo-new-item-alone")])
    person.edit(new, {"labels": {"en": {"language": "en", "value": "Theirs"}}})
    undone, left = shop.undo(run)
    assert left == [(new, "", "undo-new-item")]
    assert values(shop.item(new)) == ["Record 1"]


def test_an_item_merged_since_is_told_and_the_one_it_is_in_left_alone(
    shop: Shop, wiki: Wikibase
) -> None:
    run = shop.do({"Q1": lambda item: EntityPatch(base_revid=item.revision, add=(string("x"),))})
    admin = Person(wiki.api, "Admin", "adminpass-1234")
    answer = admin.write(
        action="wbmergeitems", fromid="Q1", toid="Q2", ignoreconflicts="description"
    )
    assert "error" not in answer, answer
    before = says(shop.item("Q2"))
    undone, left = shop.undo(run)
    assert (undone.counts, left) == ({}, [("Q1", "", "undo-merged")])
    assert says(shop.item("Q2")) == before


def test_a_deleted_item_is_no_matter(shop: Shop, wiki: Wikibase) -> None:
    run = shop.do({"Q1": everything, "Q2": everything})
    admin = Person(wiki.api, "Admin", "adminpass-1234")
    assert "error" not in admin.write(action="delete", title="Q1")
    undone, left = shop.undo(run)
    assert (undone.counts, left) == ({"saved": 1}, [])


@IN_BOTH
def test_a_person_who_edits_while_it_is_undone_is_not_overwritten(
    shop: Shop, person: Person, wiki: Wikibase
) -> None:
    run = shop.do({"Q1": everything})
    write = shop.desk.write
    met: list[Edit] = []

    def written(edit: Edit, *how: Any) -> Any:
        if not met:
            met.append(edit)
            change_label(person)
        return write(edit, *how)

    shop.desk.write = written  # type: ignore[method-assign]
    undone, _ = shop.undo(run)
    assert undone.state == "finished"
    assert shop.item("Q1").labels == {"en": "Theirs"}
    assert values(shop.item("Q1")) == ["a", "b", "c", "d"]


# Bases


def test_the_base_is_what_it_was_before_the_run(shop: Shop) -> None:
    target = Target(SITE, "Q1")
    shop.store.leave("test", target, {"P217 a": 1, "other": 1}, NOW)
    run = shop.do({"Q1": everything}, leaves={"P217 a": 2, "P217 b": 3, "other": 2, "cites": 4})
    shop.undo(run)
    kept = {"other": 2, "cites": 4}
    assert shop.store.base("test", target) == {"P217 a": 1, **kept}


def test_a_bot_that_remembers_says_what_its_base_is_to_hold(shop: Shop) -> None:
    class Remembers:
        def after_undo(self, slot: str, left: JSON, was: JSON) -> JSON:
            return {"undone": left, "was": was}

    target = Target(SITE, "Q1")
    shop.store.leave("test", target, {"P217": 1}, NOW)
    run = shop.do({"Q1": everything}, leaves={"P217": 2, "label/en": "Ours"})
    shop.undo(run, Remembers())
    assert shop.store.base("test", target) == {
        "P217": {"undone": 2, "was": 1},
        "label/en": {"undone": "Ours", "was": None},
    }


def test_where_somebody_had_a_hand_the_base_stays(shop: Shop, person: Person) -> None:
    run = shop.do({"Q1": everything}, leaves={"P217": 2, "label/en": "Ours"})
    remove_statement(person)
    shop.undo(run)
    assert shop.store.base("test", Target(SITE, "Q1")) == {"P217": 2}


def test_a_base_that_a_later_run_judged_anew_stays(shop: Shop) -> None:
    run = shop.do({"Q1": everything}, leaves={"P217": 2, "label/en": "Ours"})
    shop.store.leave("test", Target(SITE, "Q1"), {"P217": {"gone": True}}, NOW)
    shop.undo(run)
    assert shop.store.base("test", Target(SITE, "Q1")) == {"P217": {"gone": True}}


def test_an_undo_obeys_the_stop_page(shop: Shop, person: Person) -> None:
    run = shop.do({"Q1": everything})
    person.write(action="edit", title="User:HubBot/stop", text="no")
    undone, _ = shop.undo(run)
    assert (undone.state, undone.counts) == ("stopped", {})


def test_other_findings_of_the_bot_stay_open(shop: Shop) -> None:
    run = shop.do({"Q1": everything})
    finding = Finding(target=Target(SITE, "Q2"), message=Message("edit-conflict-again"))
    shop.store.note_findings(run, [finding])
    shop.undo(run)
    assert [each.finding for each in shop.store.findings("test")] == [finding]


def test_a_run_that_is_too_old_is_told(shop: Shop) -> None:
    run = shop.do({"Q1": everything})
    shop.store.roll_up(NOW + timedelta(days=36500))
    after = says(shop.item("Q1"))
    undone, left = shop.undo(run)
    assert (undone.counts, left) == ({}, [("Q1", "", "undo-forgotten")])
    assert says(shop.item("Q1")) == after
