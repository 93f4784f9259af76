"""What the REST API does that an answer does not show: to whose name, to which bytes, how often."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.wikibase.http import Request
from sandbox.wikibase.server import Wikibase, running_wikibase
from sandbox.wikibase.state import Author, Revision
from tests.wikibase.rest_setups import item, item_by_action, limited_bots, snak, statement, value
from tests.wikibase.rest_target import BOT, NOBODY, PERSON, REST, Target, standin_target

_EARTH = "http://www.wikidata.org/entity/Q2"
_TIME = {
    "time": "+1850-02-01T00:00:00Z",
    "timezone": 60,
    "before": 1,
    "after": 2,
    "precision": 11,
    "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
}


@pytest.fixture
def target(standin: Wikibase) -> Target:
    """A stand-in with accounts, properties and items."""
    return standin_target(standin)


def _wikibase(target: Target) -> Wikibase:
    assert target.owner is not None
    return target.owner


def _history(target: Target, recorded: str) -> list[Revision]:
    state = _wikibase(target).state
    page = state.page(target.names.there[recorded])
    assert page is not None
    return state.history(page.id)


def _content(target: Target, recorded: str) -> Any:
    return _wikibase(target).state.entity(target.names.there[recorded])[1]


def _patch(
    target: Target, recorded: str, patch: list[Any], who: str = BOT, etag: str = "", **fields: Any
) -> requests.Response:
    number = target.names.there[recorded]
    return target.session(who).patch(
        f"{target.url}{REST}/entities/items/{number}",
        json={"patch": target.names.value(patch), **fields},
        headers={"If-Match": etag} if etag else {},
        timeout=60,
    )


def _set(path: str, new: Any) -> list[Any]:
    return [{"op": "replace", "path": path, "value": new}]


def test_a_lost_session_saves_under_the_ip_address_unless_bot_is_said(target: Target) -> None:
    item("Q100001", "One")(target)
    _wikibase(target).accounts.log_everybody_out()

    refused = _patch(target, "Q100001", _set("/labels/en", "two"), bot=True)
    assert refused.status_code == 403
    assert refused.json()["context"] == {"denial_reason": "unauthorized-bot-edit"}
    assert len(_history(target, "Q100001")) == 1

    assert _patch(target, "Q100001", _set("/labels/en", "two")).status_code == 200
    assert _history(target, "Q100001")[0].user == "127.0.0.1"


def test_several_operations_are_one_revision_with_comment_tags_and_bot_flag(
    target: Target,
) -> None:
    item("Q100001", "One", {"P217": ["a"]})(target)
    patch = [*_set("/labels/en", "two"), *_set("/statements/P217/0/value/content", "b")]
    fields: dict[str, Any] = {"bot": True, "comment": "a receipt: [[Q5]]", "tags": ["hubtag"]}
    assert _patch(target, "Q100001", patch, **fields).status_code == 200

    last, first = _history(target, "Q100001")
    assert last.parent == first.id
    assert last.comment.endswith(" a receipt: [[Q5]]")
    assert (last.user, last.bot, last.tags) == ("HubBot", True, ("hubtag",))


def test_a_touched_time_loses_what_the_form_leaves_out_and_an_untouched_one_does_not(
    target: Target,
) -> None:
    claims = [statement(snak("P569", "time", _TIME)), statement(snak("P570", "time", _TIME))]
    item_by_action("Q100001", {"claims": claims})(target)
    p569, p570 = (target.names.there[prop] for prop in ("P569", "P570"))
    before = _content(target, "Q100001")["claims"]
    assert _patch(target, "Q100001", _set("/statements/P569/0/rank", "preferred")).ok

    after = _content(target, "Q100001")["claims"]
    lost = {"timezone": 0, "before": 0, "after": 0}
    assert after[p569][0]["mainsnak"]["datavalue"]["value"] == {**_TIME, **lost}
    assert after[p570] == before[p570]
    assert before[p570][0]["mainsnak"]["datavalue"]["value"] == _TIME


def test_a_whole_number_is_a_float_whatever_the_wiki_keeps(target: Target) -> None:
    place = {"latitude": 52, "longitude": 4, "precision": 1, "globe": _EARTH}
    main = snak(target.names.there["P625"], "globecoordinate", place)
    claim = statement(main, id="Q77$B71E520B-3F55-4F28-A0B4-61D7A0F2D83B")
    group = {target.names.there["P625"]: [claim]}
    _wikibase(target).state.seed({"type": "item", "id": "Q77", "claims": group})
    target.names.there["Q100001"] = "Q77"

    def test_of(latitude: float) -> int:
        path = "/statements/P625/0/value/content/latitude"
        patch = [{"op": "test", "path": path, "value": latitude}]
        return _patch(target, "Q100001", patch).status_code

    assert (test_of(52), test_of(52.0)) == (409, 200)
    assert b'"latitude":52,' in target.rest("GET", "/entities/items/Q77").content


def test_the_root_path_wipes_what_is_not_named(target: Target) -> None:
    item("Q100001", "One", {"P217": ["a"]}, aliases={"en": ["Eins"]})(target)
    assert _patch(target, "Q100001", _set("", {"labels": {"en": "left"}})).ok
    content = _content(target, "Q100001")
    assert content["labels"] == {"en": {"language": "en", "value": "left"}}
    assert not content["claims"]
    assert not content["aliases"]


def test_a_patch_that_changes_nothing_makes_no_revision_but_counts(target: Target) -> None:
    item("Q100001", "One", {"P217": ["a"]})(target)
    limited_bots(2)(target)
    same = _set("/statements/P217/0/value/content", "a")
    answers = [_patch(target, "Q100001", same) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Retry-After" not in answers[2].headers
    assert len(_history(target, "Q100001")) == 1


def test_after_a_late_conflict_nothing_of_it_was_written(target: Target) -> None:
    item("Q100001", "One", {"P217": ["a", "b"]})(target)
    path = f"/entities/items/{target.names.there['Q100001']}"
    theirs = {"patch": target.names.value(_set("/statements/P217/1/value/content", "person"))}
    etag = f'"{_history(target, "Q100001")[0].id}"'

    def edit_by_a_person(_: str) -> None:
        target.in_process("PATCH", path, theirs)

    _wikibase(target).state.before_save.append(edit_by_a_person)
    mine = _patch(target, "Q100001", _set("/statements/P217/0/value/content", "bot"), etag=etag)
    assert mine.status_code == 500
    assert mine.json() == {"code": "unexpected-error", "message": "Unexpected error"}
    assert [revision.user for revision in _history(target, "Q100001")] == ["PlainUser", "HubBot"]


def test_of_two_that_edit_at_once_none_loses_the_others_edit(target: Target) -> None:
    item("Q100001", "One", {"P217": ["0"]})(target)
    _wikibase(target).settings.save_delay = 0.002
    saved: dict[str, list[str]] = {BOT: [], PERSON: []}
    address = f"{target.url}{REST}/entities/items/{target.names.there['Q100001']}"
    prop = target.names.there["P217"]
    path = "/statements/P217/0/value/content"
    statuses = set()

    def write(who: str) -> None:
        for number in range(500):
            seen = target.session(who).get(address, timeout=60)
            before = seen.json()["statements"][prop][0]["value"]["content"]
            mine = f"{before},{who}{number}"
            patch = [{"op": "test", "path": path, "value": before}, *_set(path, mine)]
            answer = _patch(target, "Q100001", patch, who, seen.headers["ETag"])
            statuses.add(answer.status_code)
            if answer.status_code == 200:
                saved[who].append(f"{who}{number}")
            if len(saved[who]) == 10:
                return

    threads = [threading.Thread(target=write, args=(who,)) for who in saved]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = _content(target, "Q100001")["claims"][target.names.there["P217"]][0]
    text = last["mainsnak"]["datavalue"]["value"].split(",")
    assert statuses <= {200, 409, 412, 500}
    assert len(statuses) > 1
    assert [len(edits) for edits in saved.values()] == [10, 10]
    assert sorted(text[1:]) == sorted(saved[BOT] + saved[PERSON])
    assert len(_history(target, "Q100001")) == len(text)


def test_single_terms_are_set_read_and_removed(target: Target) -> None:
    item("Q100001", "One")(target)
    address = f"/entities/items/{target.names.there['Q100001']}"
    made = target.rest("PUT", f"{address}/labels/sv", {"label": " Ett ", "comment": "x"})
    assert (made.status_code, made.json()) == (201, "Ett")
    assert target.rest("PUT", f"{address}/labels/sv", {"label": "Två"}).status_code == 200
    assert target.rest("GET", f"{address}/labels").json()["sv"] == "Två"
    assert target.rest("PUT", f"{address}/descriptions/sv", {"description": "tal"}).ok
    assert target.rest("DELETE", f"{address}/labels/sv").json() == "Label deleted"
    answer = target.session(NOBODY).get(f"{target.url}{REST}{address}/labels/sv", timeout=60)
    assert answer.json()["context"] == {"resource_type": "label"}
    added = target.rest("POST", f"{address}/aliases/sv", {"aliases": ["a", "b", "a"]})
    assert (added.status_code, added.json()) == (201, ["a", "b"])
    patch = {"patch": [{"op": "add", "path": "/sv/-", "value": "c"}]}
    assert target.rest("PATCH", f"{address}/aliases", patch).json() == {"sv": ["a", "b", "c"]}
    assert len(_history(target, "Q100001")) == 7


def test_a_sitelink_needs_a_page_and_belongs_to_one_item(target: Target) -> None:
    item("Q100001", "One")(target)
    item("Q100002", "Two")(target)
    first, second = (target.names.there[name] for name in ("Q100001", "Q100002"))
    link = {"sitelink": {"title": "A page"}}
    _wikibase(target).settings.strict_sitelinks = True

    def put(number: str) -> requests.Response:
        url = f"{target.url}{REST}/entities/items/{number}/sitelinks/enwiki"
        return target.session(BOT).put(url, json=link, timeout=60)

    assert put(first).json()["code"] == "referenced-resource-not-found"
    _wikibase(target).state.save_text("A page", "text", Author(1, "Admin"))
    assert put(first).status_code == 201
    assert put(second).json()["context"] == {
        "violation": "sitelink-conflict",
        "violation_context": {"conflicting_item_id": first, "site_id": "enwiki"},
    }


# hostile input

_FIELDS = (
    *("id", "type", "property", "value", "content", "labels", "descriptions", "aliases"),
    *("statements", "sitelinks", "qualifiers", "references", "parts", "rank", "en", "P1", "P2"),
    *("enwiki", "title", "badges", "time", "precision", "calendarmodel", "hash"),
)
_POINTERS = (
    *("", "-", "/", "//", "/~2", "/id", "/type", "/labels", "/labels/en", "/labels/-"),
    *("/aliases/en/0", "/aliases/en/-", "/statements", "/statements/P1", "/statements/P1/-"),
    *("/statements/P1/0", "/statements/P1/9", "/statements/P1/01", "/statements/P1/x"),
    *("/statements/P1/0/id", "/statements/P1/0/id/0", "/statements/P1/0/value"),
    *("/statements/P1/0/value/content", "/statements/P1/-1"),
)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "P1", "P2", "Q1", "en", "mul", "value", "novalue", "x\n", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "type",
                    "property",
                    "value",
                    "content",
                    "labels",
                    "descriptions",
                    "aliases",
                    "statements",
                    "sitelinks",
                    "qualifiers",
                    "references",
                    "parts",
                    "rank",
                    "en",
                    "P1",
                    "P2",
                    "enwiki",
                    "title",
                    "badges",
                    "time",
                    "precision",
                    "calendarmodel",
                    "amount",
                    "unit",
                    "latitude",
                    "longitude",
                    "text",
                    "language",
                    "hash",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
_PATHS = st.sampled_from(_POINTERS)
_OPERATION = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]), "path": _PATHS},
    optional={"value": _JSON, "from": _PATHS},
)


@pytest.fixture(scope="module")
def filled() -> Iterator[Wikibase]:
    """A stand-in with a property P1 (string), P2 (time) and an item Q1 with a statement."""
    with running_wikibase() as wikibase:
        for number, datatype in (("P1", "string"), ("P2", "time")):
            wikibase.state.seed({"type": "property", "id": number, "datatype": datatype})
        main = snak("P1", "string", "x")
        claim = statement(main, id="Q1$B71E520B-3F55-4F28-A0B4-61D7A0F2D83B")
        label = {"en": {"language": "en", "value": "one"}}
        alias = {"en": [{"language": "en", "value": "first"}]}
        wikibase.state.seed(
            {
                "type": "item",
                "id": "Q1",
                "labels": label,
                "aliases": alias,
                "claims": {"P1": [claim]},
            }
        )
        yield wikibase


_CALLS = st.one_of(
    st.tuples(
        st.just("PATCH"),
        st.sampled_from(["/entities/items/Q1", "/entities/items/Q1/labels"]),
        st.fixed_dictionaries({"patch": st.lists(_OPERATION, max_size=3) | _JSON}),
    ),
    st.tuples(
        st.just("POST"), st.just("/entities/items"), st.fixed_dictionaries({"item": _JSON}) | _JSON
    ),
    st.tuples(
        st.just("POST"),
        st.just("/entities/items/Q1/statements"),
        st.fixed_dictionaries({"statement": _JSON}) | _JSON,
    ),
    st.tuples(
        st.just("PUT"),
        st.just("/entities/items/Q1/sitelinks/enwiki"),
        st.fixed_dictionaries({"sitelink": _JSON}),
    ),
    st.tuples(
        st.just("POST"),
        st.just("/entities/items/Q1/aliases/en"),
        st.fixed_dictionaries({"aliases": _JSON}),
    ),
)


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(call=_CALLS)
def test_no_body_brings_the_stand_in_down(filled: Wikibase, call: tuple[str, str, Any]) -> None:
    method, path, body = call
    headers = {"user-agent": "fuzz", "content-type": "application/json"}
    request = Request(method, f"{REST}{path}", "", headers, json.dumps(body).encode())
    answer = filled.handle(request)
    assert answer.status in (200, 201, 400, 409, 412, 422), (answer.status, answer.body)
    json.loads(answer.body)


def test_a_value_with_a_qualifier_of_an_unknown_property_is_told_by_its_path(
    target: Target,
) -> None:
    item("Q100001", "One")(target)
    form = value("P217", "a", qualifiers=[value("P99999", "x")])
    url = f"{target.url}{REST}/entities/items/{target.names.there['Q100001']}/statements"
    answer = target.session(BOT).post(url, json={"statement": target.names.value(form)}, timeout=60)
    assert answer.status_code == 400
    assert answer.json()["context"] == {"path": "/statement/qualifiers/0/property/id"}
