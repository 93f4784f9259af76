"""Entities read and written over HTTP on the stand-in: nothing lost, nothing twice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bots.core.entitychange import change_of, new_item
from bots.core.outcome import (
    Conflict,
    Deferred,
    Failed,
    Invalid,
    NotReachedError,
    Outcome,
    Refused,
    Saved,
    Unchanged,
    Unknown,
    utcnow,
)
from bots.core.plan import Target
from bots.core.wikibase.change import EntityPatch, StatementEdit, TermChange
from bots.core.wikibase.model import Item, Missing, Redirect, Snak, Statement, Text, Time
from bots.wiki.desk import Desk
from bots.wiki.entities import REST, Latest, NoSearchError
from bots.wiki.entity_answers import is_stale
from sandbox.faults import Cut, Fault, Html, HttpError, Request, Timeout, Truncated, is_write
from sandbox.proxy import FaultProxy
from sandbox.wikibase.server import Wikibase
from tests.wikibase.entities_scene import (
    STRING,
    Person,
    changed,
    edit_of,
    open_desk,
    read_item,
    seed_item,
    seed_properties,
    send,
    string,
)
from tests.wikibase.test_race import is_rest


@pytest.fixture
def wiki(standin: Wikibase) -> Wikibase:
    """The stand-in with properties, and Q1, which says "a" and "b"."""
    seed_properties(standin)
    seed_item(standin, "Q1", "a", "b")
    return standin


@pytest.fixture(params=["rest", "wbeditentity"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def proxy(wiki: Wikibase, way: str) -> Iterator[FaultProxy]:
    """Before the wiki, which has a REST API or none, as the way says."""
    with FaultProxy(wiki.api) as between:
        if way == "wbeditentity":
            between.inject(HttpError(404, None), is_rest, times=None)
        yield between


@pytest.fixture
def desk(proxy: FaultProxy, tmp_path: Path) -> Desk:
    return open_desk(proxy.api_url, tmp_path, request_timeout_seconds=3)


def values(wiki: Wikibase, entity_id: str) -> list[str]:
    """What the item's statements of a string say, by the stand-in's own state."""
    _, content = wiki.state.entity(entity_id)
    return [each["mainsnak"]["datavalue"]["value"] for each in content["claims"].get(STRING, ())]


def set_to(item: Item, number: int, value: str) -> StatementEdit:
    return StatementEdit(read=item.statements[STRING][number], mainsnak=Snak(STRING, Text(value)))


def contributions(wiki: Wikibase) -> list[Any]:
    return [each for each, _ in wiki.state.select_revisions("r.user = ?", "HubBot")]


# Reading


def test_500_revision_ids_are_one_request(wiki: Wikibase, desk: Desk) -> None:
    for number in range(10, 600):
        seed_item(wiki, f"Q{number}")
    desk.wikis["repo"].log_in()
    mark = wiki.mark()
    found = list(desk.entities("repo").latest(f"Q{number}" for number in range(10, 610)))
    assert len(wiki.requests_since(mark)) == 2
    assert [each.id for each in found if each.revid is None] == [f"Q{n}" for n in range(600, 610)]
    assert len({each.revid for each in found}) == 591


def test_merged_missing_and_deleted_items_are_told_apart(wiki: Wikibase, desk: Desk) -> None:
    seed_item(wiki, "Q2", "c")
    seed_item(wiki, "Q3")
    seed_item(wiki, "Q4")
    admin = Person(wiki.api, "Admin", "adminpass-1234")
    assert "error" not in admin.write(action="wbmergeitems", fromid="Q3", toid="Q2")
    assert "error" not in admin.write(action="delete", title="Q4")
    entities = desk.entities("repo")
    found = dict(entities.read(["Q1", "Q2", "Q3", "Q4", "Q99"]))
    assert isinstance(found["Q1"], Item)
    assert isinstance(found["Q2"], Item)
    assert found["Q3"] == Redirect("Q3", "Q2")
    assert found["Q4"] == Missing("Q4")
    assert found["Q99"] == Missing("Q99")
    latest = {each.id: each for each in entities.latest(["Q1", "Q3", "Q4", "Q99"])}
    assert latest["Q1"] == Latest(id="Q1", revid=found["Q1"].revision)
    assert latest["Q3"].target == "Q2"
    assert latest["Q3"].revid == found["Q2"].revision
    assert latest["Q4"].revid is None
    assert latest["Q99"].revid is None


def test_a_merged_item_is_told_also_where_its_target_is_not_asked_for(
    wiki: Wikibase, desk: Desk
) -> None:
    seed_item(wiki, "Q2", "c")
    admin = Person(wiki.api, "Admin", "adminpass-1234")
    admin.write(action="wbmergeitems", fromid="Q2", toid="Q1", ignoreconflicts="description")
    assert desk.entities("repo").read_one("Q2") == Redirect("Q2", "Q1")


def test_a_redirect_to_a_redirect_is_told_with_where_it_ends(wiki: Wikibase, desk: Desk) -> None:
    seed_item(wiki, "Q2")
    seed_item(wiki, "Q3")
    admin = Person(wiki.api, "Admin", "adminpass-1234")
    assert "error" not in admin.write(action="wbmergeitems", fromid="Q3", toid="Q2")
    assert "error" not in admin.write(action="wbmergeitems", fromid="Q2", toid="Q1")
    entities = desk.entities("repo")
    assert dict(entities.read(["Q2", "Q3"])) == {"Q2": Redirect("Q2", "Q1"), "Q3": Missing("Q3")}
    (latest,) = entities.latest(["Q3"])
    assert latest == Latest(id="Q3", revid=read_item(desk, "Q1").revision, target="Q1")
    assert "error" not in admin.write(action="delete", title="Q1")
    gone = {each.id: each for each in entities.latest(["Q1", "Q2", "Q3"])}
    assert [gone[name].revid for name in ("Q1", "Q2", "Q3")] == [None, None, None]


def test_what_is_no_id_is_not_asked_for(desk: Desk) -> None:
    with pytest.raises(ValueError, match="no entity"):
        list(desk.entities("repo").read(["Q1|Q2"]))
    with pytest.raises(ValueError, match="no item"):
        list(desk.entities("repo").latest(["Talk:Q1"]))


def test_a_search_by_statement_is_refused_where_the_wiki_would_answer_nothing(
    wiki: Wikibase, desk: Desk
) -> None:
    with pytest.raises(NoSearchError):
        list(desk.entities("repo").with_statement(STRING, "a"))


def test_a_search_by_statement_finds_items(wiki: Wikibase, desk: Desk) -> None:
    wiki.settings.cirrus_search = True
    seed_item(wiki, "Q2", "c d")
    assert list(desk.entities("repo").with_statement(STRING, "c d")) == ["Q2"]
    assert set(desk.entities("repo").with_statement(STRING)) == {"Q1", "Q2"}


def test_a_search_by_label_finds_labels(wiki: Wikibase, desk: Desk) -> None:
    seed_item(wiki, "Q2", labels={"en": {"language": "en", "value": "Zebra crossing"}})
    (found,) = desk.entities("repo").search("zebra", "en")
    assert (found.id, found.label, found.matched) == ("Q2", "Zebra crossing", "Zebra crossing")


def test_history_and_old_revisions_tell_who_changed_what(wiki: Wikibase, desk: Desk) -> None:
    first = read_item(desk, "Q1")
    Person(wiki.api).edit("Q1", {"labels": {"en": {"language": "en", "value": "Told"}}})
    entities = desk.entities("repo")
    newest, oldest = entities.history("Q1", first.revision or 0)
    assert (newest.user, newest.parent, oldest.revid) == (
        "PlainUser",
        first.revision,
        first.revision,
    )
    old = dict(entities.old([newest.revid, oldest.revid, 999]))
    assert old[999] is None
    before, after = old[oldest.revid], old[newest.revid]
    assert isinstance(before, Item)
    assert isinstance(after, Item)
    assert (before.labels, after.labels) == ({}, {"en": "Told"})
    assert before.revision == oldest.revid


# Writing


def test_one_revision_holds_all_changes(wiki: Wikibase, desk: Desk) -> None:
    item = read_item(desk, "Q1")
    change = changed(
        item,
        terms=(TermChange(terms="labels", language="en", text="One"),),
        add=(string("new"),),
        edit=(set_to(item, 0, "changed"),),
        remove=(item.statements[STRING][1],),
    )
    saved = send(desk, change)
    assert isinstance(saved, Saved)
    assert values(wiki, "Q1") == ["changed", "new"]
    (ours,) = contributions(wiki)
    assert (ours.id, ours.parent, ours.bot) == (saved.revid, item.revision, True)
    assert ours.comment.endswith("run/1")


def test_a_new_item_is_named_in_the_outcome(wiki: Wikibase, desk: Desk) -> None:
    saved = send(desk, new_item(EntityPatch(add=(string("new"),))), title="Special:NewItem/x")
    assert isinstance(saved, Saved)
    assert values(wiki, saved.title) == ["new"]


@pytest.mark.parametrize("way", ["rest"], indirect=True)
def test_what_is_done_meanwhile_is_done_once_the_wiki_has_the_whole_edit(
    wiki: Wikibase, desk: Desk
) -> None:
    item = read_item(desk, "Q1")
    mark = wiki.mark()
    seen: list[list[str]] = []

    def meanwhile() -> None:
        until = time.monotonic() + 5
        arrived: list[str] = []
        while not arrived and time.monotonic() < until:
            methods = [each.method for each in wiki.requests_since(mark)]
            arrived = [each for each in methods if each == "PATCH"]
        seen.append(arrived)

    outcome = desk.write(edit_of(changed(item, edit=(set_to(item, 0, "new"),))), "run/1", meanwhile)
    assert isinstance(outcome, Saved)
    assert values(wiki, "Q1") == ["new", "b"]
    assert seen == [["PATCH"]]


def test_a_value_that_people_changed_is_not_overwritten(wiki: Wikibase, desk: Desk) -> None:
    item = read_item(desk, "Q1")
    claim = Person(wiki.api).entity("Q1")["claims"][STRING][0]
    claim["mainsnak"]["datavalue"]["value"] = "theirs"
    Person(wiki.api).edit("Q1", {"claims": [claim]})
    assert isinstance(send(desk, changed(item, edit=(set_to(item, 0, "ours"),))), Conflict)
    assert values(wiki, "Q1") == ["theirs", "b"]


def test_a_statement_people_removed_is_not_brought_back(wiki: Wikibase, desk: Desk) -> None:
    item = read_item(desk, "Q1")
    claim = item.statements[STRING][0].id
    Person(wiki.api).edit("Q1", {"claims": [{"id": claim, "remove": ""}]})
    assert isinstance(send(desk, changed(item, edit=(set_to(item, 0, "ours"),))), Conflict)
    assert values(wiki, "Q1") == ["b"]


def test_a_change_elsewhere_since_we_read_is_told_or_kept(
    wiki: Wikibase, desk: Desk, way: str
) -> None:
    item = read_item(desk, "Q1")
    Person(wiki.api).edit("Q1", {"labels": {"en": {"language": "en", "value": "Theirs"}}})
    outcome = send(desk, changed(item, edit=(set_to(item, 0, "ours"),)))
    if way == "rest":
        assert outcome == Conflict(code="precondition-failed")
    else:
        assert isinstance(outcome, Saved)
        assert outcome.merged
    assert read_item(desk, "Q1").labels == {"en": "Theirs"}


def test_that_an_edit_came_between_is_seen_by_the_history_and_not_by_a_warning_alone(
    wiki: Wikibase, proxy: FaultProxy, desk: Desk, way: str
) -> None:
    """Wikibase does not warn where all edits in between were the account's own."""
    item = read_item(desk, "Q1")
    own = Person(wiki.api, "HubBot", "hubbotpass-1234")
    labels = {"labels": {"en": {"language": "en", "value": "Own"}}}
    left = [lambda: own.edit("Q1", labels)]
    proxy.on_request(lambda _: left.pop()() if left else None, is_save)
    outcome = send(desk, changed(item, edit=(set_to(item, 0, "ours"),)))
    if way == "rest":
        assert isinstance(outcome, Conflict)
    else:
        assert isinstance(outcome, Saved)
        assert outcome.merged


def test_a_merged_item_is_not_written_to(wiki: Wikibase, desk: Desk) -> None:
    seed_item(wiki, "Q2", "c")
    item = read_item(desk, "Q2")
    admin = Person(wiki.api, "Admin", "adminpass-1234")
    assert "error" not in admin.write(action="wbmergeitems", fromid="Q2", toid="Q1")
    outcome = send(desk, changed(item, add=(string("ours"),)))
    assert outcome == Conflict(code="redirected-item", moved_to="Q1")


def test_a_deleted_item_is_a_conflict(wiki: Wikibase, desk: Desk) -> None:
    item = read_item(desk, "Q1")
    Person(wiki.api, "Admin", "adminpass-1234").write(action="delete", title="Q1")
    assert isinstance(send(desk, changed(item, add=(string("ours"),))), Conflict)


def test_a_change_that_changes_nothing_is_unchanged(wiki: Wikibase, desk: Desk) -> None:
    item = read_item(desk, "Q1")
    assert send(desk, changed(item, edit=(set_to(item, 0, "a"),))) == Unchanged()
    assert send(desk, changed(item)) == Unchanged()
    assert contributions(wiki) == []


def test_a_lost_session_is_opened_again(wiki: Wikibase, desk: Desk) -> None:
    item = read_item(desk, "Q1")
    assert desk.entities("repo").not_now() is None
    wiki.accounts.log_everybody_out()
    assert isinstance(send(desk, changed(item, add=(string("c"),))), Saved)
    assert [each.user for each in contributions(wiki)] == ["HubBot"]


def test_a_bad_value_is_invalid_and_nothing_is_saved(wiki: Wikibase, desk: Desk) -> None:
    item = read_item(desk, "Q1")
    change = changed(item, add=(string("c"), string("no address", "P854")))
    assert isinstance(send(desk, change), Invalid)
    assert contributions(wiki) == []


def test_what_wikibase_takes_without_a_word_and_should_not_is_not_sent(
    wiki: Wikibase, desk: Desk
) -> None:
    item = read_item(desk, "Q1")
    day = Statement(Snak("P569", Time("+1850-02-31T00:00:00Z", 11)))
    outcome = send(desk, changed(item, add=(day,)))
    assert isinstance(outcome, Invalid)
    assert outcome.code == "no-date"
    assert contributions(wiki) == []


def test_a_protected_item_and_a_block_are_refused(wiki: Wikibase, desk: Desk) -> None:
    item = read_item(desk, "Q1")
    admin = Person(wiki.api, "Admin", "adminpass-1234")
    admin.write(action="protect", title="Q1", protections="edit=sysop")
    outcome = send(desk, changed(item, add=(string("c"),)))
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.whole_account) == ("protected", False)
    admin.write(action="block", user="HubBot", reason="test")
    outcome = send(desk, new_item(EntityPatch(add=(string("c"),))))
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.whole_account) == ("blocked", True)


@pytest.mark.parametrize("kind", ["database_lag", "query_service_lag"])
def test_a_wiki_that_lags_is_not_written_to(wiki: Wikibase, desk: Desk, kind: str) -> None:
    item = read_item(desk, "Q1")
    setattr(wiki.settings, kind, 12.0)
    outcome = send(desk, changed(item, add=(string("c"),)))
    assert isinstance(outcome, Deferred)
    assert outcome.reason == "lag"
    assert contributions(wiki) == []


def test_a_wiki_that_is_read_only_is_waited_for(wiki: Wikibase, desk: Desk) -> None:
    item = read_item(desk, "Q1")
    assert desk.entities("repo").not_now() is None
    wiki.settings.read_only = "maintenance"
    change = changed(item, add=(string("c"),))
    first = send(desk, change)
    second = first if isinstance(first, Deferred) else send(desk, change)
    assert isinstance(second, Deferred)
    assert (second.reason, second.info) == ("read-only", "maintenance")


def test_a_summary_that_would_be_cut_is_not_sent(wiki: Wikibase, desk: Desk) -> None:
    item = read_item(desk, "Q1")
    outcome = send(desk, changed(item, add=(string("c"),)), summary="x" * 501)
    assert isinstance(outcome, Invalid)
    assert contributions(wiki) == []


def test_an_entity_with_an_unknown_datatype_and_future_fields_survives_a_write(
    wiki: Wikibase, desk: Desk, way: str
) -> None:
    snak = {
        "snaktype": "value",
        "property": STRING,
        "datavalue": {"type": "string", "value": "odd"},
    }
    odd = {
        "id": "Q5$00000000-0000-4000-8000-000000000009",
        "type": "statement",
        "rank": "normal",
        "mainsnak": snak,
        "references": [{"snaks": {STRING: [snak]}, "snaks-order": [STRING], "future": [1.50]}],
        "future": {"n": 1.50},
    }
    unknown = {
        **odd,
        "id": "Q5$00000000-0000-4000-8000-000000000008",
        "references": [],
        "mainsnak": {
            "snaktype": "value",
            "property": "P9",
            "datavalue": {"type": "future", "value": {"n": 1.5, "of": ["x"]}},
        },
    }
    wiki.state.seed({"type": "property", "id": "P9", "datatype": "future-type"})
    wiki.state.seed({"type": "item", "id": "Q5", "claims": {STRING: [odd], "P9": [unknown]}})
    _, before = wiki.state.entity("Q5")
    before = json.loads(json.dumps(before, default=str))
    item = read_item(desk, "Q5")
    assert isinstance(send(desk, changed(item, add=(string("c"),))), Saved)
    _, after = wiki.state.entity("Q5")
    after = json.loads(json.dumps(after, default=str))
    assert after["claims"]["P9"] == before["claims"]["P9"]
    assert after["claims"][STRING][0] == before["claims"][STRING][0]
    assert len(after["claims"][STRING]) == 2


# Lost answers

LOST = [Cut, Truncated, Html, Timeout, HttpError]


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("new", [False, True])
def test_an_edit_whose_answer_was_lost_is_found_by_its_receipt(
    wiki: Wikibase, desk: Desk, proxy: FaultProxy, fault: type[Fault], new: bool
) -> None:
    since = utcnow()
    outcome, target = lose(desk, proxy, fault() if fault is Truncated else fault(saved=True), new)
    assert isinstance(outcome, Unknown)
    base = None if new else read_item(desk, "Q1").revision
    assert len(contributions(wiki)) == 1
    found = desk.find_receipt(target, "run/1", since, base)
    assert found is not None
    assert found.revid == contributions(wiki)[0].id
    assert found.title == ("Q2" if new else "")
    assert len(contributions(wiki)) == 1


@pytest.mark.parametrize("new", [False, True])
def test_an_edit_that_never_arrived_is_not_found(
    wiki: Wikibase, desk: Desk, proxy: FaultProxy, new: bool
) -> None:
    outcome, target = lose(desk, proxy, Cut(), new)
    assert isinstance(outcome, Unknown)
    assert desk.find_receipt(target, "run/1", utcnow(), 1) is None
    assert contributions(wiki) == []


def lose(desk: Desk, proxy: FaultProxy, fault: Fault, new: bool) -> tuple[Outcome, Target]:
    """An edit whose answer the fault takes away."""
    item = read_item(desk, "Q1")
    # What the wiki is without is learned from a request that changes nothing.
    nothing = desk.wikis["repo"].rest("PATCH", f"{REST}/entities/items/Q0", {}, {}, is_stale)
    desk.entities("repo").has_rest(nothing)
    patch = EntityPatch(base_revid=item.revision, add=(string("c"),))
    change = new_item(EntityPatch(add=(string("c"),))) if new else change_of(item, patch)
    edit = edit_of(change, "Special:NewItem/x" if new else "")
    proxy.inject(fault, is_save)
    return desk.write(edit, "run/1"), edit.target


def is_save(request: Request) -> bool:
    return is_write(request) and request.action != "login"


def test_whether_there_is_a_rest_api_is_not_guessed_from_a_lost_answer(
    wiki: Wikibase, tmp_path: Path
) -> None:
    with FaultProxy(wiki.api) as between:
        desk = open_desk(between.api_url, tmp_path)
        between.inject(HttpError(503), is_rest)
        item = read_item(desk, "Q1")
        change = changed(item, add=(string("c"),))
        assert isinstance(send(desk, change), Unknown)
        assert isinstance(send(desk, change), Saved)
        assert between.count(lambda request: request.method == "PATCH") == 1
        assert between.count(lambda request: request.action == "wbeditentity") == 0


def test_where_the_wiki_is_too_old_for_a_rest_api_wbeditentity_saves(
    wiki: Wikibase, tmp_path: Path
) -> None:
    wiki.settings.version = "1.39.17"
    desk = open_desk(wiki.api, tmp_path)
    for value in ("c", "d"):
        assert isinstance(send(desk, changed(read_item(desk, "Q1"), add=(string(value),))), Saved)
    assert [each.method for each in wiki.requests_since() if "rest.php" in each.uri] == ["PATCH"]


def test_an_answer_without_the_entity_is_no_missing_entity(wiki: Wikibase, tmp_path: Path) -> None:
    with FaultProxy(wiki.api) as between:
        desk = open_desk(between.api_url, tmp_path, longest_wait_seconds=0)
        desk.wikis["repo"].log_in()
        between.inject(Html(), times=None)
        with pytest.raises(NotReachedError) as caught:
            desk.entities("repo").read_one("Q1")
        assert isinstance(caught.value.outcome, Deferred | Failed)
