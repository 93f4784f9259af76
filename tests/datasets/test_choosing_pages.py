"""The pages with doubtful matches: what stands there, what stays, and what a run reads."""

from __future__ import annotations

from bots.datasets.choices.matchpages import MATCHES
from bots.datasets.choices.rowpages import rows_in
from tests.datasets.choosing_scene import (
    ARCHIVE,
    PAGE,
    admin,
    asks,
    decide,
    edit,
    keys,
    numbers,
    text,
    told,
)
from tests.datasets.scene import ID, Stage, row


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
    assert ":User:HubBot/task/museums|" in page
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
    mark = asked.ground.mark()
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
        mark = stage.ground.mark()
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
    mark = asked.ground.mark()
    assert dict(asked.run().counts) == {}
    seen = asks(asked, mark)
    assert sum(PAGE in each for each in seen) == 1
    assert not any("wbsearchentities" in each or "wbgetentities" in each for each in seen)
    with_rows = len(seen)
    decide(asked, admin(asked), "X-2", "none")
    asked.run()
    mark = asked.ground.mark()
    assert dict(asked.run().counts) == {}
    # Whether edits were reverted is asked for besides, once there are enough of them.
    assert len([each for each in asks(asked, mark) if "tags" not in each]) == with_rows - 1


def test_a_dry_run_asks_nobody(stage: Stage) -> None:
    stage.release([row("X-1")])
    planned = stage.do(lambda runner: runner.plan())
    assert dict(planned.counts) == {"planned": 1}
    assert text(stage, PAGE) == ""


def test_a_rebuilt_store_knows_the_pages_and_reads_what_people_decided(asked: Stage) -> None:
    decide(asked, admin(asked), "X-2", "Q2")
    asked.rebuild()
    before = text(asked, PAGE)
    asked.run()
    assert numbers(asked, "Q2") == ["+12"]
    assert text(asked, PAGE) == before
    asked.run()
    assert keys(asked) == []
    assert "|by=Admin\n" in text(asked, ARCHIVE)
