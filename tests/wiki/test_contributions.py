"""What our account did, and single revisions, as a real wiki tells them: hidden and deleted too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bots.core.messages import Message
from bots.core.outcome import Saved
from bots.core.plan import Edit, Target
from bots.wiki.contributions import Contribution, contributions, created
from bots.wiki.desk import Desk
from bots.wiki.revisions import Old, editors, revisions
from sandbox.client import Client
from sandbox.mediawiki import Wiki

HIDE = {"action": "revisiondelete", "type": "revision"}


@pytest.fixture
def title(fresh_title: Callable[[], str]) -> str:
    return fresh_title()


@pytest.fixture(autouse=True)
def revisions_can_be_hidden(hub_wiki: Wiki) -> None:
    hub_wiki.override(wgGroupPermissions={"sysop": {"deleterevision": True}})


def write(desk: Desk, title: str, text: str, summary: str = "words") -> int:
    page = desk.read(Target("hub", title))
    edit = Edit(target=page.target, change=page.change(text), summary=Message("test"))
    saved = desk.write(edit, summary)
    assert isinstance(saved, Saved)
    return saved.revid


def ours(desk: Desk, title: str) -> list[Contribution]:
    """Our edits of the page, the newest first."""
    return [each for each in contributions(desk.wikis["hub"], 0) if each.title == title]


def test_our_edits_are_told_with_what_they_were_made_on(
    desk: Desk, aino: Client, title: str
) -> None:
    first = write(desk, title, "a", "first words")
    theirs = aino.edit(title, "b")
    second = write(desk, title, "c", "second words")
    found = [(each.revid, each.parent, each.comment) for each in ours(desk, title)]
    assert found == [(second, theirs, "second words"), (first, 0, "first words")]


def test_a_hidden_summary_is_told_as_hidden(desk: Desk, coordinator: Client, title: str) -> None:
    revid = write(desk, title, "a", "secret")
    write(desk, title, "b")
    coordinator.post(**HIDE, hide="comment", ids=revid)
    (_, found) = ours(desk, title)
    assert (found.revid, found.comment, found.hidden) == (revid, "", True)


def test_a_page_that_we_made_and_is_deleted_is_told_by_the_log_alone(
    desk: Desk, coordinator: Client, title: str
) -> None:
    write(desk, title, "a", "made it")
    coordinator.post(action="delete", title=title)
    assert ours(desk, title) == []
    (found,) = [each for each in created(desk.wikis["hub"], 0) if each.title == title]
    assert (found.revid, found.comment) == (0, "made it")


def test_revisions_are_told_by_their_numbers_and_hidden_ones_without_text(
    desk: Desk, coordinator: Client, title: str
) -> None:
    first, second = write(desk, title, "a"), write(desk, title, "b")
    third = write(desk, title, "c")
    coordinator.post(**HIDE, hide="content", ids=second)
    found = revisions(desk.wikis["hub"], [first, second, 10**9], texts=True)
    assert found == {
        first: Old(revid=first, parent=0, text="a"),
        second: Old(revid=second, parent=first, text=None),
    }
    assert revisions(desk.wikis["hub"], [third]) == {third: Old(revid=third, parent=second)}


def test_who_edited_since_is_told_and_a_hidden_name_as_none(
    desk: Desk, aino: Client, coordinator: Client, title: str
) -> None:
    write(desk, title, "a")
    second = write(desk, title, "b")
    theirs = aino.edit(title, "c")
    fourth = write(desk, title, "d")
    coordinator.post(**HIDE, hide="user", ids=theirs)
    found = list(editors(desk.wikis["hub"], title, second))
    assert found == [(fourth, "HubBot"), (theirs, ""), (second, "HubBot")]
