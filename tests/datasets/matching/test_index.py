"""Identifier → items on a real wiki: by search, by scan, by file; and that there is none, live."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.core.entitychange import EntityChange, new_item
from bots.core.messages import Messages
from bots.core.outcome import NotReachedError, Saved
from bots.core.plan import Edit
from bots.core.wikibase.change import EntityPatch
from bots.datasets.matching.index import FILE_LAG, Index, NoIndexError, open_index
from bots.datasets.matching.judging import (
    Doubtful,
    Matched,
    MatchRule,
    Question,
    Refusal,
    Why,
    judge,
    to_read,
)
from bots.wiki.entities import LONGEST_SEARCH, Entities
from sandbox.faults import HttpError, Request
from sandbox.proxy import FaultProxy
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase
from tests.wikibase.entities_scene import (
    ITEM,
    STRING,
    Person,
    edit_of,
    open_desk,
    seed_item,
    send,
    string,
    string_claim,
)

RULE = MatchRule(STRING)
MESSAGES = Messages(Path(__file__).parents[3] / "config" / "i18n")

Open = Callable[..., Index]


@pytest.fixture
def opened(entities: Entities, tmp_path: Path) -> Iterator[Open]:
    """Opens an index, closed at the end."""
    with ExitStack() as stack:

        def open_one(index: str, rule: MatchRule = RULE, **more: Any) -> Index:
            return stack.enter_context(open_index(rule, index, entities, tmp_path, **more))

        yield open_one


def batch(*identifiers: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Records whose keys are r- and their identifier."""
    return [(f"r-{each}", [("P1", "other"), (STRING, each)]) for each in identifiers]


def confirmed(index: Index, identifier: str) -> Refusal | tuple[str, ...] | None:
    told = index.confirm_absent(batch(identifier))
    assert list(told) == [f"r-{identifier}"]
    return told[f"r-{identifier}"]


def refused(said: object) -> str:
    """The key of the reason, whose words are there in each language."""
    assert isinstance(said, Refusal), said
    assert all(MESSAGES.text(language, said.message) for language in ("en", "sv"))
    return said.message.key


def unavailable(index: Index) -> str:
    with pytest.raises(NoIndexError) as caught:
        index.find(batch("a"))
    assert all(MESSAGES.text(language, caught.value.message) for language in ("en", "sv"))
    return caught.value.message.key


def forget(wiki: Wikibase, entity_id: str) -> None:
    """The search has not heard of the item's statements yet."""
    wiki.state.db.execute("delete from claim where entity = ?", (entity_id,))


def later(wiki: Wikibase, **ago: float) -> None:
    """What is done from now on was done so long ago."""
    wiki.state.now = lambda: datetime.now(UTC) - timedelta(**ago)


def write_query(folder: Path, *rows: tuple[str, str]) -> str:
    lines = ["item,value", *(f"http://wiki.example/entity/{item},{value}" for item, value in rows)]
    (folder / "query.csv").write_text("\n".join(lines) + "\n")
    return "query.csv"


@pytest.fixture(params=["search", "scan", "file", "dump"])
def kind(request: pytest.FixtureRequest, wiki: Wikibase, tmp_path: Path) -> str:
    """Each kind of index, made of what is on the wiki."""
    if request.param == "file":
        return write_query(tmp_path, ("Q1", "a"), ("Q2", "b"), ("Q3", "c d"))
    if request.param == "dump":
        person = Person(wiki.api)
        dumped = ("type", "id", "labels", "descriptions", "aliases", "claims", "sitelinks")
        told = []
        for each in ("Q1", STRING, "Q2", "Q3"):
            entity = person.entity(each)
            told.append(json.dumps({name: entity[name] for name in dumped if name in entity}))
        (tmp_path / "dump.json").write_text("[\n" + ",\n".join(told) + "\n]\n")
        return "dump.json"
    return str(request.param)


def test_each_kind_of_index_finds_the_items_and_nothing_else(kind: str, opened: Open) -> None:
    index = opened(kind)
    found = index.find(batch("a", "b", "c d", "nobody's"))
    assert found == {"r-a": ("Q1",), "r-b": ("Q2",), "r-c d": ("Q3",)}
    assert index.find([("bare", []), ("other", [("P1", "a")])]) == {}
    assert index.find([]) == {}


def test_each_kind_of_index_gives_both_items_that_have_one_identifier(
    wiki: Wikibase, entities: Entities, tmp_path: Path, opened: Open
) -> None:
    seed_item(wiki, "Q4", "a")
    write_query(tmp_path, ("Q1", "a"), ("Q4", "a"))
    for index in ("search", "scan", "query.csv"):
        assert opened(index).find(batch("a")) == {"r-a": ("Q1", "Q4")}


def test_each_kind_of_index_knows_an_identifier_spelled_otherwise(
    wiki: Wikibase, entities: Entities, tmp_path: Path, opened: Open
) -> None:
    seed_item(wiki, "Q4", "0000 0001 2281 955X")
    rule = MatchRule(STRING, ("no-spaces",))
    write_query(tmp_path, ("Q4", "0000 0001 2281 955X"))
    for index in ("search", "scan", "query.csv"):
        found = opened(index, rule).find(batch("000000012281955X", "00000001 2281955X"))
        assert found == {"r-000000012281955X": ("Q4",), "r-00000001 2281955X": ("Q4",)}


def test_two_records_with_one_identifier_are_both_found(opened: Open) -> None:
    found = opened("search").find([("r", [(STRING, "a")]), ("s", [(STRING, "a")])])
    assert found == {"r": ("Q1",), "s": ("Q1",)}


def test_many_identifiers_are_asked_for_in_few_searches_of_a_length_that_is_taken(
    wiki: Wikibase, opened: Open
) -> None:
    for number in range(20, 120):
        seed_item(wiki, f"Q{number}", f"id-{number:04}")
    index = opened("search")
    wanted = [f"id-{number:04}" for number in range(220)]
    mark = wiki.mark()
    found = index.find(batch(*wanted))
    assert found == {f"r-id-{number:04}": (f"Q{number}",) for number in range(20, 120)}
    asked = [each.parameters for each in wiki.requests_since(mark)]
    searches = [each["srsearch"] for each in asked if each.get("list") == "search"]
    assert len(searches) <= 220 // 20 + 4
    assert max(map(len, searches)) <= LONGEST_SEARCH
    assert len(asked) <= 2 * len(searches) + 4


def test_an_identifier_that_differs_in_case_is_another_one(wiki: Wikibase, opened: Open) -> None:
    seed_item(wiki, "Q4", "A")
    # To CirrusSearch they are the same; the stand-in looks more closely.
    wiki.state.db.execute("update claim set value = 'a' where entity = 'Q4'")
    assert opened("search").find(batch("a", "b")) == {"r-a": ("Q1",), "r-b": ("Q2",)}


def test_an_item_that_the_search_still_takes_for_what_it_was_is_given_to_be_judged(
    wiki: Wikibase, entities: Entities, opened: Open
) -> None:
    seed_item(wiki, "Q4", "z")
    wiki.state.db.execute("update claim set value = 'y' where entity = 'Q4'")
    found = opened("search").find(batch("a", "b", "y", "n"))
    assert found == {"r-a": ("Q1",), "r-b": ("Q2",), "r-y": ("Q4",)}
    asked = [Question(key="r", identifier="y", hits=found["r-y"])]
    verdict = judge(asked, dict(entities.read(to_read(asked, {}))), RULE)["r"]
    assert isinstance(verdict, Doubtful)
    assert verdict.why is Why.LOST


@pytest.mark.parametrize(
    "value", ["a|b", "a*", "b*]", 'say "a"', "back\\slash", "x" * 300, "\ud800"]
)
def test_what_the_search_would_take_for_a_sign_is_not_searched_for_and_makes_no_item(
    wiki: Wikibase, opened: Open, value: str
) -> None:
    index = opened("search")
    assert index.find(batch(value, "a")) == {"r-a": ("Q1",)}
    assert refused(confirmed(index, value)) == "match-not-askable"
    assert confirmed(opened("scan"), "x") is None


def test_without_cirrussearch_a_search_is_refused_and_never_taken_for_a_miss(
    wiki: Wikibase, opened: Open
) -> None:
    wiki.settings.cirrus_search = False
    assert unavailable(opened("search")) == "match-index-no-search"


def test_a_search_that_does_not_know_the_property_is_refused_and_never_taken_for_a_miss(
    wiki: Wikibase, tmp_path: Path, opened: Open
) -> None:
    # As for a property that is not indexed: found by itself, but by none of its values.
    wiki.state.db.execute("update claim set value = '' where property = ?", (STRING,))
    assert unavailable(opened("search")) == "match-index-blind"
    query = write_query(tmp_path, ("Q1", "a"))
    assert refused(confirmed(opened(query, most_items=2), "b")) == "match-no-lookup"
    assert confirmed(opened(query), "b") == ("Q2",)
    assert confirmed(opened(query), "new") is None


def test_a_search_that_knows_no_item_of_a_property_that_items_have_is_refused(
    wiki: Wikibase, opened: Open
) -> None:
    seed_item(wiki, "Q4", "z", claims={ITEM: [linking("Q4", STRING)]})
    wiki.state.db.execute("delete from claim where property = ?", (STRING,))
    assert unavailable(opened("search")) == "match-index-blind"


def test_the_first_item_of_a_property_can_be_made(wiki: Wikibase, opened: Open) -> None:
    for entity_id in ("Q1", "Q2", "Q3"):
        delete(wiki, entity_id)
    seed_item(wiki, "Q4", claims={ITEM: [linking("Q4", STRING)]})
    index = opened("search")
    assert index.find(batch("a")) == {}
    assert confirmed(index, "new") is None


def linking(entity_id: str, value: str) -> dict[str, Any]:
    """A statement whose value is an entity."""
    claim = string_claim(entity_id, 77, "")
    held = {"entity-type": "property", "id": value}
    claim["mainsnak"] |= {
        "property": ITEM,
        "datavalue": {"type": "wikibase-entityid", "value": held},
    }
    return claim


def test_a_wiki_with_too_many_items_is_not_scanned(opened: Open) -> None:
    assert unavailable(opened("scan", most_items=2)) == "match-index-too-many"
    assert opened("scan", most_items=3).find(batch("b")) == {"r-b": ("Q2",)}


def test_a_file_that_is_not_there_or_no_index_is_refused(tmp_path: Path, opened: Open) -> None:
    assert unavailable(opened("absent.csv")) == "match-index-file"
    (tmp_path / "page.csv").write_text("<!DOCTYPE html>\n<title>Error</title>\n")
    assert unavailable(opened("page.csv")) == "match-index-file"


def test_an_index_of_a_file_is_as_old_as_the_file_and_more(tmp_path: Path, opened: Open) -> None:
    query = write_query(tmp_path, ("Q1", "a"))
    os.utime(tmp_path / query, (0, 1_000_000_000))
    assert opened(query).as_of == datetime.fromtimestamp(1_000_000_000, UTC) - FILE_LAG
    assert opened("search").as_of < datetime.now(UTC)


def test_an_item_that_is_not_there_is_confirmed_as_absent(kind: str, opened: Open) -> None:
    index = opened(kind)
    assert index.find(batch("new")) == {}
    assert confirmed(index, "new") is None


@pytest.mark.parametrize("cirrus", [True, False])
def test_an_item_that_the_file_does_not_know_is_found_live(
    wiki: Wikibase, tmp_path: Path, opened: Open, cirrus: bool
) -> None:
    wiki.settings.cirrus_search = cirrus
    index = opened(write_query(tmp_path, ("Q1", "a")))
    assert index.find(batch("b")) == {}
    assert confirmed(index, "b") == ("Q2",)


def test_without_search_and_with_too_many_items_no_item_is_made(
    wiki: Wikibase, tmp_path: Path, opened: Open
) -> None:
    wiki.settings.cirrus_search = False
    index = opened(write_query(tmp_path, ("Q1", "a")), most_items=2)
    assert refused(confirmed(index, "new")) == "match-no-lookup"


def test_without_an_identifier_no_item_is_made(opened: Open) -> None:
    said = opened("search").confirm_absent([("bare", []), ("other", [("P1", "a")])])
    assert [refused(said[key]) for key in ("bare", "other")] == ["match-no-identifier"] * 2


@pytest.mark.parametrize("cirrus", [True, False])
def test_an_item_that_somebody_made_after_the_index_is_found_before_ours_is_made(
    wiki: Wikibase, tmp_path: Path, opened: Open, cirrus: bool
) -> None:
    query = write_query(tmp_path, ("Q1", "a"))
    wiki.settings.cirrus_search = cirrus
    person = Person(wiki.api)
    for kind in ("search", "scan", query) if cirrus else ("scan", query):
        index, value = opened(kind), f"of {kind}"
        assert index.find(batch(value)) == {}
        data = {"claims": [string_claim("", 1, value) | {"id": None}]}
        del data["claims"][0]["id"]
        made = person.write(action="wbeditentity", new="item", data=json.dumps(data))["entity"][
            "id"
        ]
        forget(wiki, made)
        assert confirmed(index, value) == (made,)


def test_an_identifier_that_somebody_added_to_an_old_item_is_found_before_the_search_knows(
    wiki: Wikibase, opened: Open
) -> None:
    index = opened("search")
    assert confirmed(index, "new") is None
    Person(wiki.api).edit("Q2", {"claims": [string_claim("Q2", 5, "new")]})
    forget(wiki, "Q2")
    assert confirmed(index, "new") == ("Q2",)
    # And once more, when the change has been looked through already.
    assert confirmed(index, "new") == ("Q2",)


def test_a_deleted_item_is_no_item_any_more(wiki: Wikibase, opened: Open) -> None:
    delete(wiki, "Q2")
    for kind in ("search", "scan"):
        index = opened(kind)
        assert index.find(batch("a", "b")) == {"r-a": ("Q1",)}
        assert confirmed(index, "b") is None


def delete(wiki: Wikibase, entity_id: str) -> None:
    page = wiki.state.page(entity_id)
    assert page is not None
    admin = Person(wiki.api, people.ADMIN, people.ADMIN_PASSWORD)
    assert "error" not in admin.write(action="delete", title=page.title)


def test_an_item_that_we_made_since_the_index_is_found_though_people_took_the_identifier_away(
    wiki: Wikibase, entities: Entities, tmp_path: Path, opened: Open
) -> None:
    later(wiki, days=3)
    desk = open_desk(wiki.api, tmp_path)
    saved = send(desk, new_item_of("ours"), title="Special:NewItem/r")
    made = saved.title.rpartition(":")[2]  # type: ignore[union-attr]
    person = Person(wiki.api)
    statement = person.entity(made)["claims"][STRING][0]["id"]
    person.edit(made, {"claims": [{"id": statement, "remove": ""}]})
    query = write_query(tmp_path, ("Q1", "a"))
    assert confirmed(opened(query), "ours") == (made,)
    assert confirmed(opened("search"), "ours") is None


def new_item_of(value: str) -> EntityChange:
    return new_item(EntityPatch(add=(string(value),)))


def test_more_changes_than_can_be_looked_through_make_no_item(wiki: Wikibase, opened: Open) -> None:
    for number in range(10, 13):
        seed_item(wiki, f"Q{number}")
    index = opened("search", most_changes=2)
    assert refused(confirmed(index, "new")) == "match-too-much-changed"
    assert confirmed(index, "a") == ("Q1",)


def test_what_was_looked_through_is_not_read_again(wiki: Wikibase, opened: Open) -> None:
    seed_item(wiki, "Q9", "nine")
    index = opened("search")
    assert confirmed(index, "new") is None
    mark = wiki.mark()
    assert confirmed(index, "newer") is None
    asked = [each.parameters for each in wiki.requests_since(mark)]
    assert not [each for each in asked if each["action"] == "wbgetentities"]
    assert len(asked) == 3


def test_what_was_searched_for_just_now_is_not_searched_for_again_to_be_sure_and_later_is(
    wiki: Wikibase, opened: Open
) -> None:
    index = opened("search")
    index.find(batch("new", "a"))

    def searches() -> int:
        mark = wiki.mark()
        assert confirmed(index, "new") is None
        asked = [each.parameters for each in wiki.requests_since(mark)]
        return len([each for each in asked if each.get("list") == "search"])

    assert [searches(), searches()] == [0, 1]


def test_an_item_that_is_as_we_made_it_is_read_once(
    wiki: Wikibase, entities: Entities, tmp_path: Path, opened: Open
) -> None:
    saved = send(open_desk(wiki.api, tmp_path), new_item_of("ours"), title="Special:NewItem/r")
    index = opened("search")
    mark = wiki.mark()
    assert confirmed(index, "ours") == (saved.title,)  # type: ignore[union-attr]
    asked = [each.parameters for each in wiki.requests_since(mark)]
    assert not [each for each in asked if each.get("prop") == "revisions"]


def test_an_item_that_is_as_our_journal_says_we_made_it_is_known_unread(
    wiki: Wikibase, tmp_path: Path, opened: Open
) -> None:
    desk = open_desk(wiki.api, tmp_path)
    journal: dict[int, Edit | None] = {}

    def own(
        revids: Collection[int], _since: datetime, naming: str
    ) -> Iterator[tuple[int, Edit | None]]:
        assert naming == f'"{STRING}"'
        return ((revid, edit) for revid, edit in journal.items() if revid in revids)

    def sent(value: str) -> str:
        edit = edit_of(new_item_of(value), "Special:NewItem/r")
        saved = desk.write(edit, "run/1")
        assert isinstance(saved, Saved)
        journal[saved.revid] = edit
        return saved.title

    index = opened("search", own=own)
    assert confirmed(index, "ours") is None
    items = ours, edited, _ = sent("ours"), sent("edited"), sent("other")
    journal[max(journal)] = None  # its text does not name the property
    Person(wiki.api).edit(edited, {"claims": [string_claim(edited, 5, "theirs")]})
    for each in items:
        forget(wiki, each)
    mark = wiki.mark()
    assert confirmed(index, "ours") == (ours,)
    assert confirmed(index, "theirs") == confirmed(index, "edited") == (edited,)
    asked = [each.parameters for each in wiki.requests_since(mark)]
    read = {each["ids"] for each in asked if each["action"] == "wbgetentities"}
    assert read == {edited}
    assert not [each for each in asked if each.get("prop") == "revisions"]


def test_old_changes_are_not_looked_through_again(wiki: Wikibase, opened: Open) -> None:
    wiki.state.now = lambda: datetime.now(UTC) + timedelta(seconds=300)
    seed_item(wiki, "Q9", "nine")
    index = opened("search")
    confirmed(index, "new")
    mark = wiki.mark()
    confirmed(index, "newer")
    starts = [each.parameters["rcstart"] for each in wiki.requests_since(mark)
              if each.parameters.get("list") == "recentchanges"]  # fmt: skip
    assert datetime.fromisoformat(starts[0]) > datetime.now(UTC) + timedelta(seconds=100)


@pytest.mark.parametrize("asked", ["search", "recentchanges", "usercontribs"])
def test_a_wiki_that_does_not_answer_is_never_taken_for_a_miss(
    wiki: Wikibase, tmp_path: Path, asked: str
) -> None:
    def wanted(request: Request) -> bool:
        return request.params.get("list") == asked

    with FaultProxy(wiki.api) as proxy:
        entities = open_desk(proxy.api_url, tmp_path).entities("repo")
        proxy.inject(HttpError(403, None), wanted, times=None)
        index = open_index(RULE, "search", entities, tmp_path)
        with index, pytest.raises(NotReachedError):
            index.confirm_absent(batch("new"))


def test_merged_items_are_found_by_search_and_judged_by_their_target(
    wiki: Wikibase, entities: Entities, opened: Open
) -> None:
    wiki_person = Person(wiki.api, people.ADMIN, people.ADMIN_PASSWORD)
    seed_item(wiki, "Q4")
    answer = wiki_person.write(action="wbmergeitems", fromid="Q2", toid="Q4")
    assert "error" not in answer, answer
    wiki.state.db.execute("insert into claim values ('Q2', ?, 'b')", (STRING,))
    found = opened("search").find(batch("a", "b"))
    asked = [Question(key="r", identifier="b", hits=found["r-b"])]
    read: dict[str, Any] = {}
    while wanted := to_read(asked, read):
        read |= dict(entities.read(wanted))
    assert judge(asked, read, RULE)["r"] == Matched("Q4")
