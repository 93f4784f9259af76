"""Doubtful matches: people are asked on a page which item a record is, and are obeyed."""

from __future__ import annotations

from typing import Any

import pytest

from bots.core.messages import Message
from bots.datasets.matchpages import MATCHES
from bots.datasets.rowpages import rows_in, written_key
from bots.datasets.valuepages import VALUES
from bots.house import run_bot
from sandbox.wikibase.settings import ADMINS
from tests.datasets.scene import (
    DATASET,
    FOUNDED,
    ID,
    KIND,
    LIBRARY,
    MUSEUM,
    SITE,
    STAFF,
    Stage,
    claim,
    messages,
    row,
)
from tests.wikibase.entities_scene import Person

PAGE = "User:HubBot/match/museums"
ARCHIVE = "User:HubBot/match/museums/decided/1"
VALUE_PAGE = "User:HubBot/values/museums/kinds"
PASSWORD = "partnerpass-1234"


@pytest.fixture
def asked(stage: Stage) -> Stage:
    """X-1 is Q1, X-2 is on no item: people are asked whether it is Q2, which has its name."""
    writing_identifiers(stage)
    stage.item("Q1", "X-1")
    like(stage, "Q2", "X-2")
    stage.release([row("X-1"), row("X-2")])
    stage.run()
    assert keys(stage) == ["X-2"]
    return stage


# The round


def test_an_item_that_a_trusted_person_chose_is_written_to_and_remembered(asked: Stage) -> None:
    assert "|item=Q2|" in text(asked, PAGE)
    assert asked.values("Q2", STAFF) == []
    before = [asked.entity("Q2")["lastrevid"], asked.entity("Q1")["lastrevid"]]
    asked.run()
    assert [asked.entity("Q2")["lastrevid"], asked.entity("Q1")["lastrevid"]] == before
    decide(asked, admin(asked), "X-2", "this one", note="I rang them")
    assert dict(asked.run().counts) == {"saved": 1}
    assert asked.values("Q2", ID) == ["X-2"]
    assert numbers(asked, "Q2") == ["+12"]
    assert dict(asked.run().counts) == {"saved": 2}
    assert keys(asked) == []
    (kept,) = rows_in(text(asked, ARCHIVE), MATCHES)[0]
    assert kept.key == "X-2"
    assert [kept.call.value(name) for name in ("by", "decision", "note")] == [
        "Admin",
        "this one",
        "I rang them",
    ]
    asked.release([row("X-1"), row("X-2", staff=40)])
    assert dict(asked.run().counts) == {"saved": 1}
    assert numbers(asked, "Q2") == ["+40"]
    assert asked.findings() == []


def test_an_ordinary_account_s_choice_waits_for_somebody_trusted(asked: Stage) -> None:
    decide(asked, asked.person(), "X-2", "this one")
    assert dict(asked.run().counts) == {}
    assert asked.values("Q2", STAFF) == []
    assert told(asked) == {"choosing-waits": "X-2"}
    decide(asked, asked.person(), "X-2", "")
    decide(asked, admin(asked), "X-2", "Q2")
    asked.run()
    assert numbers(asked, "Q2") == ["+12"]
    assert told(asked) == {}


def test_the_partner_s_own_account_does_not_choose_even_if_it_is_trusted(asked: Stage) -> None:
    asked.wikibase.accounts.add("ExampleMuseums", PASSWORD, ADMINS)
    decide(asked, asked.person("ExampleMuseums", PASSWORD), "X-2", "this one")
    assert dict(asked.run().counts) == {}
    assert told(asked) == {"choosing-partner": "X-2"}


def test_an_item_that_was_not_proposed_can_be_chosen(asked: Stage) -> None:
    asked.wikibase.state.seed({"type": "item", "id": "Q50"})
    decide(asked, admin(asked), "X-2", "[[Q50]]")
    asked.run()
    assert numbers(asked, "Q50") == ["+12"]
    assert asked.values("Q2", STAFF) == []


def test_what_is_no_decision_is_told_with_its_record(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "perhaps Q2")
    asked.run()
    assert told(asked) == {"candidate-decision-unclear": "X-2"}
    assert asked.values("Q2", STAFF) == []


def test_a_choice_that_is_taken_back_before_the_run_is_not_carried_out(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q99")
    asked.run()
    assert told(asked) == {"candidate-item-missing": "X-2"}
    decide(asked, admin(asked), "X-2", "")
    asked.run()
    assert told(asked) == {}
    asked.wikibase.state.seed({"type": "item", "id": "Q99"})
    asked.run()
    assert asked.values("Q99", STAFF) == []
    assert keys(asked) == ["X-2"]


def test_who_decided_is_asked_once(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q99")
    asked.run()
    mark = asked.wikibase.mark()
    asked.run()
    assert [each for each in asks(asked, mark) if "users" in each] == []
    assert told(asked) == {"candidate-item-missing": "X-2"}


# No item, or a new one


def test_a_record_that_is_none_is_not_asked_about_again_until_it_changes(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "none")
    assert dict(asked.run().counts) == {"saved": 2}
    assert keys(asked) == []
    assert [each.key for each in rows_in(text(asked, ARCHIVE), MATCHES)[0]] == ["X-2"]
    asked.release([row("X-1", staff=3), row("X-2")])
    assert dict(asked.run().counts) == {"saved": 1}
    assert keys(asked) == []
    asked.release([row("X-1", staff=3), row("X-2", staff=3)])
    asked.run()
    assert keys(asked) == ["X-2"]
    decide(asked, asked.person(), "X-2", "none")
    asked.run()
    assert keys(asked) == ["X-2"]
    decide(asked, asked.person(), "X-2", "")
    decide(asked, admin(asked), "X-2", "none")
    asked.run()
    assert keys(asked) == []
    assert text(asked, ARCHIVE).count("|key=X-2\n") == 2


def test_a_new_item_is_made_where_people_say_so(stage: Stage) -> None:
    writing_identifiers(stage)
    stage.mapping["create"] = {"labels": ["en"], "people": True}
    stage.write()
    stage.release([row("X-2"), row("X-3")])
    stage.run()
    assert keys(stage) == ["X-2", "X-3"]
    assert made(stage) == []
    decide(stage, admin(stage), "X-3", "new")
    assert dict(stage.run().counts) == {"saved": 1}
    (item,) = made(stage)
    assert stage.values(item, ID) == ["X-3"]
    stage.run()
    assert keys(stage) == ["X-2"]
    assert made(stage) == [item]
    before = stage.entity(item)["lastrevid"]
    assert dict(stage.run().counts) == {}
    assert stage.entity(item)["lastrevid"] == before


@pytest.mark.parametrize(
    ("create", "more", "why"),
    [
        (None, {}, "choosing-no-create"),
        ({"labels": ["en"], "when": "kind == 'library'"}, {}, "choosing-no-item-of-it"),
        ({"labels": ["en"]}, {"website": ""}, "choosing-no-identifier"),
    ],
)
def test_why_no_new_item_is_made_is_told(
    stage: Stage, create: Any, more: dict[str, str], why: str
) -> None:
    writing_identifiers(stage)
    if create is not None:
        stage.mapping["create"] = create
    if why == "choosing-no-identifier":
        stage.mapping["match"]["field"] = "website"
    stage.write()
    stage.release([row("X-2", **more)])
    stage.run()
    decide(stage, admin(stage), "X-2", "new")
    stage.run()
    assert told(stage) == {why: "X-2"}
    assert made(stage) == []
    stage.run()
    assert told(stage) == {why: "X-2"}
    assert keys(stage) == ["X-2"]


# Items that can't be taken


def test_a_chosen_item_that_is_gone_or_merged_or_another_s_is_not_taken(asked: Stage) -> None:
    state = asked.wikibase.state
    state.seed({"type": "item", "id": "Q60"})
    state.seed({"type": "item", "id": "Q61"})
    state.seed({"type": "item", "id": "Q62"})
    assert "error" not in admin(asked).write(action="delete", title="Q60")
    assert "error" not in admin(asked).write(action="wbmergeitems", fromid="Q61", toid="Q62")
    asked.item("Q63", "X-63")
    for item, why in {
        "Q60": "candidate-item-missing",
        "Q61": "candidate-item-merged",
        "Q63": "match-other-value",
        "Q1": "match-other-value",
    }.items():
        decide(asked, admin(asked), "X-2", item)
        assert dict(asked.run().counts) == {}
        assert told(asked) == {why: "X-2"}, item
    decide(asked, admin(asked), "X-2", "Q62")
    asked.run()
    assert numbers(asked, "Q62") == ["+12"]
    assert told(asked) == {}


def test_two_records_for_which_one_item_is_chosen_both_wait(asked: Stage) -> None:
    asked.release([row("X-1"), row("X-2"), row("X-3")])
    asked.run()
    for key in ("X-2", "X-3"):
        decide(asked, admin(asked), key, "Q2")
    assert dict(asked.run().counts) == {}
    assert asked.values("Q2", STAFF) == []
    found = [each.finding for each in asked.findings()]
    assert {each.where for each in found} == {"X-2", "X-3"}
    assert {each.message.key for each in found} == {"match-two-records"}
    decide(asked, admin(asked), "X-3", "none")
    asked.run()
    assert asked.values("Q2", ID) == ["X-2"]


def test_an_item_that_carries_the_identifier_already_speaks_against_another(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q2")
    asked.item("Q70", "X-2")
    assert dict(asked.run().counts) == {}
    assert told(asked) == {"match-two-items": "X-2"}


def test_two_decisions_in_one_row_are_none_and_the_later_one_stands(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q2\n|decision=Q50")
    assert dict(asked.run().counts) == {}
    assert told(asked) == {"candidate-decision-two": "X-2"}
    asked.wikibase.state.seed({"type": "item", "id": "Q50"})
    page = text(asked, PAGE).replace("|decision=Q50\n", "")
    edit(admin(asked), PAGE, page)
    asked.wikibase.accounts.add("Other", PASSWORD, ADMINS)
    decide(asked, asked.person("Other", PASSWORD), "X-2", "Q50")
    asked.run()
    assert asked.values("Q2", STAFF) == []
    assert numbers(asked, "Q50") == ["+12"]
    asked.run()
    (kept,) = rows_in(text(asked, ARCHIVE), MATCHES)[0]
    assert kept.call.value("by") == "Other"


def test_a_choice_made_after_another_was_carried_out_is_told_and_not_done(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q2")
    asked.run()
    asked.wikibase.state.seed({"type": "item", "id": "Q50"})
    decide(asked, admin(asked), "X-2", "Q50")
    asked.run()
    assert told(asked) == {"choosing-already": "X-2"}
    assert asked.values("Q50", STAFF) == []


# What is remembered


def test_an_item_without_the_identifier_stays_the_record_s_where_it_is_not_written(
    stage: Stage,
) -> None:
    like(stage, "Q2", "X-2")
    stage.release([row("X-2")])
    stage.run()
    decide(stage, admin(stage), "X-2", "Q2")
    stage.run()
    assert stage.values("Q2", ID) == []
    for staff in (20, 30):
        stage.release([row("X-2", staff=staff)])
        stage.run()
        assert numbers(stage, "Q2") == [f"+{staff}"]
    assert stage.findings() == []


def test_a_record_without_any_identifier_keeps_its_item(stage: Stage) -> None:
    stage.mapping["match"]["field"] = "website"
    stage.write()
    like(stage, "Q2", "X-2")
    stage.release([row("X-2", website="")])
    stage.run()
    decide(stage, admin(stage), "X-2", "Q2")
    stage.run()
    stage.release([row("X-2", website="", staff=20)])
    stage.run()
    assert numbers(stage, "Q2") == ["+20"]
    assert stage.findings() == []


def test_an_identifier_that_people_take_from_a_chosen_item_ends_it(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q2")
    asked.run()
    (statement,) = asked.entity("Q2")["claims"][ID]
    asked.person().edit("Q2", {"claims": [{"id": statement["id"], "remove": ""}]})
    asked.release([row("X-1"), row("X-2", staff=40)])
    asked.run()
    assert numbers(asked, "Q2") == ["+12"]
    assert "match-lost" in told(asked)


def test_a_file_of_changes_need_not_have_the_record_again(stage: Stage) -> None:
    writing_identifiers(stage)
    stage.mapping["source"]["kind"] = "delta"
    stage.write()
    like(stage, "Q2", "X-2")
    stage.release([row("X-2")])
    stage.run()
    stage.release([row("X-3")])
    stage.run()
    assert keys(stage) == ["X-2", "X-3"]
    decide(stage, admin(stage), "X-2", "Q2")
    stage.run()
    assert numbers(stage, "Q2") == ["+12"]


# Certain matches


@pytest.mark.parametrize("certain", [False, True])
def test_a_certain_match_is_taken_without_a_person_only_where_the_mapping_says_so(
    stage: Stage, certain: bool
) -> None:
    writing_identifiers(stage)
    stage.mapping["match"]["certain"] = certain
    stage.write()
    like(stage, "Q2", "X-2", sure=True)
    like(stage, "Q3", "X-3")
    stage.release([row("X-2"), row("X-3")])
    stage.run()
    assert keys(stage) == (["X-3"] if certain else ["X-2", "X-3"])
    assert stage.values("Q2", ID) == (["X-2"] if certain else [])
    assert stage.values("Q3", STAFF) == []
    if certain:
        stage.release([row("X-2", staff=20), row("X-3")])
        assert dict(stage.run().counts) == {"saved": 1}
        assert numbers(stage, "Q2") == ["+20"]


def test_an_item_that_is_another_record_s_is_certain_for_none(stage: Stage) -> None:
    writing_identifiers(stage)
    stage.mapping["match"]["certain"] = True
    stage.mapping["match"]["field"] = "staff_year"
    stage.mapping["statements"][-1]["field"] = "staff_year"
    stage.write()
    like(stage, "Q2", "X-2", sure=True, claims={ID: [claim("Q2", 9, ID, "2020")]})
    twin = row("X-3", name="Museum X-2", website="https://x-2.example/", staff_year="")
    stage.release([row("X-2"), twin])
    stage.run()
    assert numbers(stage, "Q2") == ["+12"]
    assert keys(stage) == ["X-3"]
    assert dict(stage.run().counts) == {}


def test_a_certain_item_that_stands_in_another_s_row_is_left_to_people(stage: Stage) -> None:
    writing_identifiers(stage)
    stage.mapping["match"]["certain"] = True
    stage.write()
    like(stage, "Q2", "X-2", sure=True)
    twins = [row("X-2"), row("X-3", name="Museum X-2", website="https://x-2.example/")]
    stage.release(twins)
    stage.run()
    assert keys(stage) == ["X-2", "X-3"]
    stage.release([row("X-2", staff=13), twins[1]])
    stage.run()
    assert stage.values("Q2", STAFF) == []
    assert keys(stage) == ["X-2", "X-3"]


# The pages


def test_a_row_that_cannot_be_archived_stays(asked: Stage) -> None:
    edit(admin(asked), ARCHIVE, "Old rows.\n")
    protect = {"action": "protect", "title": ARCHIVE, "protections": "edit=sysop"}
    assert "error" not in admin(asked).write(**protect)
    decide(asked, admin(asked), "X-2", "none", note="see the talk page")
    asked.run()
    assert keys(asked) == ["X-2"]
    assert "error" not in admin(asked).write(**{**protect, "protections": "edit=all"})
    asked.run()
    assert keys(asked) == []
    assert text(asked, ARCHIVE).startswith("Old rows.\n")
    assert "|note=see the talk page\n" in text(asked, ARCHIVE)


def test_a_page_that_people_deleted_is_not_made_again(asked: Stage) -> None:
    assert "error" not in admin(asked).write(action="delete", title=PAGE)
    asked.release([row("X-1"), row("X-2"), row("X-3")])
    assert dict(asked.run().counts) == {}
    assert text(asked, PAGE) == ""
    assert told(asked) == {"choosing-page-gone": ""}


def test_a_row_that_people_took_away_is_told_and_not_put_back(asked: Stage) -> None:
    page = text(asked, PAGE)
    (one,) = rows_in(page, MATCHES)[0]
    edit(asked.person(), PAGE, page[: one.start] + page[one.end :])
    asked.release([row("X-1"), row("X-2", staff=2)])
    asked.run()
    assert keys(asked) == []
    assert told(asked) == {"candidate-row-removed": "X-2"}
    asked.release([row("X-1")])
    asked.run()
    asked.run()
    assert told(asked) == {}
    mark = asked.wikibase.mark()
    asked.run()
    assert not any(PAGE in each for each in asks(asked, mark))


def test_a_row_goes_when_the_record_gets_its_item_otherwise(asked: Stage) -> None:
    value = {"snaktype": "value", "property": ID, "datavalue": {"type": "string", "value": "X-2"}}
    statement = {"type": "statement", "rank": "normal", "mainsnak": value}
    asked.person().edit("Q2", {"claims": [statement]})
    asked.release([row("X-1"), row("X-2"), row("X-3")])
    asked.run()
    assert numbers(asked, "Q2") == ["+12"]
    assert keys(asked) == ["X-3"]


def test_a_row_goes_when_its_record_is_gone_from_the_source(asked: Stage) -> None:
    asked.release([row("X-1")])
    asked.run()
    assert keys(asked) == []


def test_a_row_shows_the_record_as_it_is_now_and_keeps_what_people_noted(asked: Stage) -> None:
    page = text(asked, PAGE)
    edit(asked.person(), PAGE, page.replace("|note=", "|note=ask Aino"))
    asked.release([row("X-1"), row("X-2", founded="1900")])
    asked.run()
    (one,) = rows_in(text(asked, PAGE), MATCHES)[0]
    assert "1900" in one.call.value("since")
    assert one.call.value("note") == "ask Aino"


def test_so_many_a_run_are_asked_about_and_the_others_come_later(stage: Stage) -> None:
    stage.mapping["match"]["people_at_once"] = 2
    stage.write()
    stage.release([row(f"X-{number}") for number in range(1, 6)])
    for count in (2, 4, 5):
        mark = stage.wikibase.mark()
        stage.run()
        assert len(keys(stage)) == count
        assert sum("wbsearchentities" in each for each in asks(stage, mark)) <= 2
    assert dict(stage.run().counts) == {}


def test_nobody_is_asked_where_the_mapping_says_so(stage: Stage) -> None:
    stage.mapping["match"]["people"] = False
    stage.write()
    stage.release([row("X-1")])
    assert dict(stage.run().counts) == {}
    assert text(stage, PAGE) == ""


def test_a_record_that_is_withdrawn_is_not_asked_about(stage: Stage) -> None:
    stage.mapping["withdrawn"] = "kind == 'closed'"
    stage.mapping["match"]["people_at_once"] = 1
    stage.write()
    stage.release([row("X-1", kind="closed"), row("X-2"), row("X-3")])
    stage.run()
    stage.run()
    assert keys(stage) == ["X-2", "X-3"]


def test_while_rows_wait_a_run_reads_their_page_and_nothing_else_more(asked: Stage) -> None:
    asked.run()
    mark = asked.wikibase.mark()
    assert dict(asked.run().counts) == {}
    seen = asks(asked, mark)
    assert sum(PAGE in each for each in seen) == 1
    assert not any("wbsearchentities" in each or "wbgetentities" in each for each in seen)
    with_rows = len(seen)
    decide(asked, admin(asked), "X-2", "none")
    asked.run()
    mark = asked.wikibase.mark()
    assert dict(asked.run().counts) == {}
    # Whether edits were reverted is asked for besides, once there are enough of them.
    assert len([each for each in asks(asked, mark) if "tags" not in each]) == with_rows - 1


def test_a_dry_run_asks_nobody(stage: Stage) -> None:
    stage.release([row("X-1")])
    planned = run_bot(stage.house, DATASET, lambda runner: runner.plan())
    assert dict(planned.counts) == {"planned": 1}
    assert text(stage, PAGE) == ""


def test_a_rebuilt_store_knows_the_pages_and_reads_what_people_decided(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q2")
    for path in asked.folder.glob("store.sqlite*"):
        path.unlink()
    run_bot(asked.house, DATASET, lambda runner: runner.rebuild())
    before = text(asked, PAGE)
    asked.run()
    assert numbers(asked, "Q2") == ["+12"]
    assert text(asked, PAGE) == before
    asked.run()
    assert keys(asked) == []
    assert "|by=Admin\n" in text(asked, ARCHIVE)


# Value tables


@pytest.fixture
def unknown(stage: Stage) -> Stage:
    """Two records are of a kind that no table knows."""
    for number in (1, 2, 3):
        stage.item(f"Q{number}", f"X-{number}")
    gallery = {"en": {"language": "en", "value": "gallery"}}
    stage.wikibase.state.seed({"type": "item", "id": "Q80", "labels": gallery})
    stage.release([row("X-1", kind="gallery"), row("X-2", kind="museum|gallery"), row("X-3")])
    stage.run()
    return stage


def test_a_value_that_people_complete_a_table_with_is_written_by_the_next_run(
    unknown: Stage,
) -> None:
    (one,) = rows_in(text(unknown, VALUE_PAGE), VALUES)[0]
    assert (one.key, one.call.value("option"), one.call.value("records")) == ("gallery", "Q80", "2")
    assert unknown.values("Q1", KIND) == []
    complete(unknown, unknown.person(), "this one")
    unknown.run()
    assert unknown.values("Q1", KIND) == []
    assert "choosing-waits" in told(unknown)
    complete(unknown, unknown.person(), "")
    complete(unknown, admin(unknown), "Q80")
    assert dict(unknown.run().counts) == {"saved": 2}
    assert items(unknown, "Q1") == ["Q80"]
    assert sorted(items(unknown, "Q2")) == sorted([MUSEUM, "Q80"])
    assert unknown.findings() == []
    before = text(unknown, VALUE_PAGE)
    assert dict(unknown.run().counts) == {}
    assert text(unknown, VALUE_PAGE) == before
    complete(unknown, admin(unknown), LIBRARY)
    unknown.run()
    assert items(unknown, "Q1") == ["Q80", LIBRARY]


def test_a_value_for_an_item_that_is_not_there_is_told_and_not_taken(unknown: Stage) -> None:
    complete(unknown, admin(unknown), "Q404")
    unknown.run()
    assert "candidate-item-missing" in told(unknown)
    assert unknown.values("Q1", KIND) == []


def test_a_fault_stays_told_as_long_as_it_is_there(unknown: Stage) -> None:
    def faulty() -> set[str]:
        found = [each.finding for each in unknown.findings()]
        return {e.where for e in found if e.message.key == "mapping-not-in-table"}

    assert len(faulty()) == 2
    mark = unknown.wikibase.mark()
    unknown.run()
    assert len(faulty()) == 2
    assert not any("wbgetentities" in each for each in asks(unknown, mark))
    unknown.release([row("X-1", kind="gallery"), row("X-2"), row("X-3")])
    unknown.run()
    assert len(faulty()) == 1
    (one,) = rows_in(text(unknown, VALUE_PAGE), VALUES)[0]
    assert one.call.value("records") == "1"
    unknown.release([row("X-1"), row("X-2"), row("X-3")])
    unknown.run()
    assert unknown.findings() == []
    assert rows_in(text(unknown, VALUE_PAGE), VALUES)[0] == ()


def test_a_mapping_can_name_the_page_of_a_table(stage: Stage) -> None:
    stage.mapping["tables"]["kinds"] = {
        "values": stage.mapping["tables"]["kinds"],
        "page": "Project:Kinds of museums",
    }
    stage.write()
    stage.item("Q1", "X-1")
    stage.release([row("X-1", kind="gallery")])
    stage.run()
    assert [each.key for each in rows_in(text(stage, "Project:Kinds of museums"), VALUES)[0]] == [
        "gallery"
    ]


# What the tests need


def writing_identifiers(stage: Stage) -> None:
    stage.mapping["statements"].append({"property": ID, "field": "isil", "datatype": "external-id"})
    stage.write()


def like(stage: Stage, item: str, key: str, sure: bool = False, **more: Any) -> None:
    """An item with the record's name; `sure`: with its year, kind and website too."""
    claims = dict(more.pop("claims", {}))
    if sure:
        when = {
            "time": "+1850-00-00T00:00:00Z",
            "precision": 9,
            "timezone": 0,
            "before": 0,
            "after": 0,
            "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
        }
        kind = {"entity-type": "item", "id": MUSEUM, "numeric-id": int(MUSEUM[1:])}
        claims[FOUNDED] = [claim(item, 2, FOUNDED, {"type": "time", "value": when})]
        claims[KIND] = [claim(item, 3, KIND, {"type": "wikibase-entityid", "value": kind})]
        claims[SITE] = [claim(item, 4, SITE, f"https://{key.lower()}.example/")]
    labels = {"en": {"language": "en", "value": f"Museum {key}"}}
    stage.wikibase.state.seed({"type": "item", "id": item, "labels": labels, "claims": claims})


def admin(stage: Stage) -> Person:
    return stage.person("Admin", "adminpass-1234")


def text(stage: Stage, title: str) -> str:
    """A page's text; "" where there is none."""
    found = stage.person().ask(
        action="query", prop="revisions", titles=title, rvprop="content", rvslots="main"
    )
    (one,) = found["query"]["pages"]
    return str(one["revisions"][0]["slots"]["main"]["content"]) if "revisions" in one else ""


def edit(person: Person, title: str, new: str) -> None:
    answer: Any = person.write(action="edit", title=title, text=new)
    assert answer.get("edit", {}).get("result") == "Success", answer


def keys(stage: Stage) -> list[str]:
    """The records whose rows are on the page."""
    return [each.key for each in rows_in(text(stage, PAGE), MATCHES)[0]]


def decide(stage: Stage, person: Person, key: str, said: str, note: str = "") -> None:
    """A person writes a decision into a record's row, over what is there."""
    page = text(stage, PAGE)
    (one,) = [each for each in rows_in(page, MATCHES)[0] if each.key == key]
    call = page[one.call.start : one.call.end]
    given = one.call.value("decision")
    new = call.replace(f"|decision={given}", f"|decision={said}")
    new = new.replace("|note=", f"|note={note}") if note else new
    edit(person, PAGE, page.replace(call, new))


def complete(stage: Stage, person: Person, said: str) -> None:
    """A person writes an item into the only value's row, over what is there."""
    page = text(stage, VALUE_PAGE)
    (one,) = rows_in(page, VALUES)[0]
    assert f"|key={written_key(one.key)}\n" in page
    edit(person, VALUE_PAGE, page.replace(f"|item={one.call.value('item')}\n", f"|item={said}\n"))


def told(stage: Stage) -> dict[str, str]:
    """Message → where, of what is open; each can be said in both languages."""
    found = [each.finding for each in stage.findings()]
    for each in found:
        for language in ("en", "sv"):
            assert messages().text(language, Message(each.message.key, each.message.params))
    return {each.message.key: each.where.removesuffix("line 0") for each in found}


def numbers(stage: Stage, item: str) -> list[str]:
    return [value["amount"] for value in stage.values(item, STAFF)]


def items(stage: Stage, item: str) -> list[str]:
    return [value["id"] for value in stage.values(item, KIND)]


def made(stage: Stage) -> list[str]:
    """The items that carry an identifier."""
    rows = stage.wikibase.state.rows(
        "select entity from page where model = 'wikibase-item' and gone = 0 and redirect is null"
    )
    return [entity for (entity,) in rows if ID in stage.entity(entity)["claims"]]


def asks(stage: Stage, mark: int) -> list[str]:
    """The requests since then, each with all its parameters as one text."""
    return [str(dict(each.parameters)) for each in stage.wikibase.requests_since(mark)]
