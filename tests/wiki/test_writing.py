"""One edit is one request, saved only on top of what was read, and only where people want it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bots.core.config import HubConfig
from bots.core.messages import Message
from bots.core.outcome import Conflict, Deferred, Invalid, Outcome, Refused, Saved, Unchanged
from bots.core.plan import Edit, PageText, Target
from bots.wiki.desk import Desk
from bots.wiki.pages import Page
from bots.wiki.sites import Wikis
from sandbox.client import Client
from sandbox.mediawiki import Wiki

FreshTitle = Callable[[], str]
LINES = [f"line {number}" for number in range(9)]


def send(desk: Desk, title: str, change: PageText, summary: str = "test") -> Outcome:
    edit = Edit(target=Target("hub", title), change=change, summary=Message("test"))
    return desk.write(edit, summary)


def read(desk: Desk, title: str) -> Page:
    return desk.read(Target("hub", title))


def newest(client: Client, title: str, prop: str) -> dict[str, Any]:
    query = client.ask(action="query", prop="revisions", titles=title, rvprop=prop)["query"]
    revision: dict[str, Any] = query["pages"][0]["revisions"][0]
    return revision


@pytest.fixture
def title(fresh_title: FreshTitle) -> str:
    return fresh_title()


def test_an_edit_is_one_request(own_desk: Desk, hub_wiki: Wiki, aino: Client, title: str) -> None:
    mark = hub_wiki.mark()
    outcome = send(own_desk, title, PageText(text="☃ <b>&amp;</b> {{x}}\n\nå"), "made: ☃")
    asked = hub_wiki.requests_since(mark)
    assert [request.parameters for request in asked] == [{"action": "edit"}]
    revision = newest(aino, title, "ids|timestamp|user|comment")
    assert isinstance(outcome, Saved)
    assert (outcome.revid, outcome.merged) == (revision["revid"], False)
    assert f"{outcome.timestamp:%Y-%m-%dT%H:%M:%SZ}" == revision["timestamp"]
    assert (revision["user"], revision["comment"]) == ("HubBot", "made: ☃")
    assert aino.text(title) == "☃ <b>&amp;</b> {{x}}\n\nå"


@pytest.mark.parametrize("announce", [False, True])
def test_an_edit_carries_the_bot_flag_unless_people_should_see_it(
    desk: Desk, aino: Client, title: str, announce: bool
) -> None:
    saved = send(desk, title, PageText(text="x", announce=announce))
    changes = aino.ask(action="query", list="recentchanges", rcprop="ids|flags", rcshow="")
    assert isinstance(saved, Saved)
    flags = {change["revid"]: change["bot"] for change in changes["query"]["recentchanges"]}
    assert flags[saved.revid] is not announce


def test_the_same_text_again_is_unchanged(desk: Desk, aino: Client, title: str) -> None:
    revid = aino.edit(title, "text")
    assert send(desk, title, read(desk, title).change("text")) == Unchanged()
    assert aino.revision(title) == revid


def test_what_people_changed_on_the_same_line_is_a_conflict(
    desk: Desk, aino: Client, title: str
) -> None:
    aino.edit(title, "before")
    page = read(desk, title)
    aino.edit(title, "theirs")
    assert send(desk, title, page.change("ours")) == Conflict(code="editconflict")
    assert aino.text(title) == "theirs"


def test_what_people_changed_elsewhere_is_merged_and_said(
    desk: Desk, aino: Client, title: str
) -> None:
    aino.edit(title, "\n".join(LINES))
    page = read(desk, title)
    aino.edit(title, "\n".join([*LINES[:-1], "theirs"]))
    saved = send(desk, title, page.change("\n".join(["ours", *LINES[1:]])))
    assert isinstance(saved, Saved)
    assert saved.merged
    assert aino.text(title) == "\n".join(["ours", *LINES[1:-1], "theirs"])


def test_what_another_bot_of_our_account_saved_is_not_overwritten(
    desk: Desk, aino: Client, title: str
) -> None:
    aino.edit(title, "before")
    page = read(desk, title)
    assert isinstance(send(desk, title, page.change("first")), Saved)
    assert send(desk, title, page.change("second")) == Conflict(code="editconflict")
    assert aino.text(title) == "first"


def test_a_page_that_people_made_first_is_a_conflict(desk: Desk, aino: Client, title: str) -> None:
    page = read(desk, title)
    aino.edit(title, "theirs")
    assert send(desk, title, page.change("ours")) == Conflict(code="articleexists")
    assert aino.text(title) == "theirs"


def test_a_page_that_people_deleted_is_not_made_again(
    desk: Desk, aino: Client, coordinator: Client, title: str
) -> None:
    aino.edit(title, "before")
    page = read(desk, title)
    coordinator.post(action="delete", title=title)
    assert send(desk, title, page.change("after")) == Conflict(code="missingtitle")
    assert aino.text(title) is None


def test_a_page_that_was_made_and_deleted_since_we_looked_is_not_made(
    desk: Desk, aino: Client, coordinator: Client, title: str
) -> None:
    page = read(desk, title)
    aino.edit(title, "theirs")
    coordinator.post(action="delete", title=title)
    assert send(desk, title, page.change("ours")) == Conflict(code="pagedeleted")
    assert aino.text(title) is None


def test_a_page_that_was_deleted_before_we_looked_can_be_made(
    desk: Desk, aino: Client, coordinator: Client, title: str
) -> None:
    aino.edit(title, "theirs")
    coordinator.post(action="delete", title=title)
    deleted = read(desk, title).seen
    while read(desk, title).seen <= deleted + timedelta(seconds=1):
        pass  # MediaWiki's clock has whole seconds.
    assert isinstance(send(desk, title, read(desk, title).change("ours")), Saved)


def test_a_page_that_moved_away_is_planned_again(
    desk: Desk, aino: Client, coordinator: Client, title: str
) -> None:
    aino.edit(title, "before")
    page = read(desk, title)
    coordinator.post(**{"action": "move", "from": title, "to": f"{title} moved"})
    outcome = send(desk, title, page.change("after"))
    assert outcome.replan
    assert aino.text(f"{title} moved") == "before"
    assert str(aino.text(title)).startswith("#REDIRECT")


def test_people_who_want_no_bot_are_not_even_asked(
    desk: Desk, hub_wiki: Wiki, aino: Client, title: str
) -> None:
    aino.edit(title, "{{bots|deny=HubBot}}")
    page = read(desk, title)
    mark = hub_wiki.mark()
    refused = send(desk, title, page.change("x"))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.run_continues) == ("excluded", True)
    assert hub_wiki.requests_since(mark) == []


def test_people_who_opted_out_of_messages_get_none_but_their_page_may_be_mended(
    desk: Desk, aino: Client, title: str
) -> None:
    aino.edit(title, "{{bots|optout=all}}")
    page = read(desk, title)
    assert isinstance(send(desk, title, page.change("x", announce=True)), Refused)
    assert isinstance(send(desk, title, page.change("x")), Saved)


def test_a_protected_page_is_refused(
    desk: Desk, aino: Client, coordinator: Client, title: str
) -> None:
    aino.edit(title, "before")
    coordinator.post(action="protect", title=title, protections="edit=sysop")
    refused = send(desk, title, read(desk, title).change("after"))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.code, refused.run_continues) == (
        "protected",
        "protectedpage",
        True,
    )


def test_a_title_that_is_protected_from_creation_is_refused(
    desk: Desk, coordinator: Client, title: str
) -> None:
    coordinator.post(action="protect", title=title, protections="create=sysop")
    refused = send(desk, title, PageText(text="x"))
    assert isinstance(refused, Refused)
    assert refused.reason == "protected"


def test_the_interface_is_refused(desk: Desk) -> None:
    refused = send(desk, "MediaWiki:Sitenotice", PageText(text="x"))
    assert isinstance(refused, Refused)
    assert refused.reason == "protected"


def test_a_filtered_edit_is_refused(desk: Desk, hub_wiki: Wiki, title: str) -> None:
    hub_wiki.override(wgSpamRegex=["/forbidden-word/"])
    refused = send(desk, title, PageText(text="a forbidden-word"))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.run_continues) == ("filtered", True)


def test_a_block_ends_the_run_and_a_partial_one_does_not(
    desk: Desk, coordinator: Client, fresh_title: FreshTitle
) -> None:
    ours, other = fresh_title(), fresh_title()
    coordinator.edit(ours, "x")
    block = {"action": "block", "user": "HubBot", "expiry": "1 day", "allowusertalk": 1}
    try:
        coordinator.post(**block, partial=1, pagerestrictions=ours)
        partial = send(desk, ours, read(desk, ours).change("y"))
        elsewhere = send(desk, other, PageText(text="x"))
        coordinator.post(**block, reblock=1)
        whole = send(desk, other, read(desk, other).change("y"))
    finally:
        coordinator.post(action="unblock", user="HubBot")
    assert isinstance(partial, Refused)
    assert isinstance(whole, Refused)
    assert (partial.reason, partial.run_continues) == ("blocked", True)
    assert isinstance(elsewhere, Saved)
    assert (whole.reason, whole.run_continues) == ("blocked", False)


def test_a_text_that_is_too_big_is_invalid(desk: Desk, wikis: Wikis, title: str) -> None:
    most = wikis["hub"].info.max_article_bytes
    outcome = send(desk, title, PageText(text="å" * (most // 2) + "x"))
    assert isinstance(outcome, Invalid)
    assert outcome.code == "contenttoobig"


def test_the_biggest_text_there_may_be_is_saved(
    desk: Desk, wikis: Wikis, aino: Client, title: str
) -> None:
    most = wikis["hub"].info.max_article_bytes
    text = "å " * (most // 3 - 1) + "x"
    assert isinstance(send(desk, title, PageText(text=text)), Saved)
    assert aino.text(title) == text


@pytest.mark.parametrize("bad", ["a|b", "[[x]]", "", "a" * 300, "Special:Version", "a\ud800"])
def test_a_title_that_no_page_can_have_is_invalid(desk: Desk, bad: str) -> None:
    assert isinstance(send(desk, bad, PageText(text="x")), Invalid)


def test_half_a_character_is_no_text(desk: Desk, hub_wiki: Wiki, title: str) -> None:
    mark = hub_wiki.mark()
    outcome = send(desk, title, PageText(text="x\ud800"))
    assert isinstance(outcome, Invalid)
    assert outcome.code == "not-unicode"
    assert hub_wiki.requests_since(mark) == []


def test_text_in_several_pieces_is_saved_composed(desk: Desk, aino: Client, title: str) -> None:
    assert isinstance(send(desk, title, PageText(text="e\u0301 \u1100\u1161")), Saved)
    assert aino.text(title) == "é 가"


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "~~~~", "a  b\t", "\n\na", "=x=\n", "a\x85b"])
def test_text_of_any_form_reaches_the_wiki_whole(desk: Desk, title: str, text: str) -> None:
    assert isinstance(send(desk, title, PageText(text=text)), Saved)


def test_a_summary_is_kept_whole_or_not_sent(
    desk: Desk, aino: Client, fresh_title: FreshTitle
) -> None:
    longest, longer = fresh_title(), fresh_title()
    assert isinstance(send(desk, longest, PageText(text="x"), "å" * 500), Saved)
    assert newest(aino, longest, "comment")["comment"] == "å" * 500
    outcome = send(desk, longer, PageText(text="x"), "å" * 501)
    assert isinstance(outcome, Invalid)
    assert aino.text(longer) is None


def test_read_only_is_not_now(desk: Desk, hub_wiki: Wiki, aino: Client, title: str) -> None:
    desk.language("hub")
    hub_wiki.override(wgReadOnly="Moving house.")
    try:
        outcome = send(desk, title, PageText(text="x"))
    finally:
        hub_wiki.override(wgReadOnly=None)
    assert isinstance(outcome, Deferred)
    assert (outcome.reason, outcome.info) == ("read-only", "Moving house.")
    assert aino.text(title) is None


def test_too_many_edits_are_not_now(desk: Desk, hub_wiki: Wiki, title: str) -> None:
    desk.language("hub")
    rights = {"bot": {"noratelimit": False}}
    hub_wiki.override(
        wgRateLimits={"edit": {"user": [0, 60], "bot": [0, 60]}}, wgGroupPermissions=rights
    )
    try:
        outcome = send(desk, title, PageText(text="x"))
    finally:
        hub_wiki.override(wgRateLimits={"edit": {"user": [1000, 1], "bot": [1000, 1]}})
    assert isinstance(outcome, Deferred)
    assert outcome.reason == "rate-limit"


def test_an_account_that_is_no_bot_writes_nothing(
    hub_config: HubConfig, hub_wiki: Wiki, aino: Client, title: str
) -> None:
    wikis = Wikis(hub_config)
    hub_wiki.override(wgGroupPermissions={"bot": {"bot": False}})
    try:
        outcome = send(Desk(wikis), title, PageText(text="x"))
    finally:
        hub_wiki.override(wgGroupPermissions={"bot": {"bot": True}})
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.run_continues) == ("not-approved", False)
    assert aino.text(title) is None


def test_a_session_that_ended_is_begun_again(
    desk: Desk, aino: Client, title: str, request: pytest.FixtureRequest
) -> None:
    desk.language("hub")
    request.getfixturevalue("logged_out")
    assert isinstance(send(desk, title, PageText(text="x")), Saved)
    assert newest(aino, title, "user")["user"] == "HubBot"
