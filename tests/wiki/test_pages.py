"""Reading pages: few requests, every title answered for, and nothing unreadable taken for empty."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from bots.core.outcome import NotReachedError
from bots.core.plan import PageText, Target
from bots.wiki.desk import Desk
from bots.wiki.pages import (
    list_subpages,
    list_transclusions,
    read_page,
    read_pages,
    user_groups,
)
from bots.wiki.sites import Wikis
from sandbox.client import Client
from sandbox.mediawiki import Sandbox, Wiki
from sandbox.template import HOME, run_maintenance, the_template

FreshTitle = Callable[[], str]


@pytest.fixture(scope="session")
def imported(sandbox_wikis: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page of the hub wiki with 300 small subpages, made in one go."""
    pages = "".join(
        f"<page><title>Imported/{number:03}</title><ns>0</ns><revision>"
        "<timestamp>2026-01-02T03:04:05Z</timestamp>"
        "<contributor><username>Imported</username></contributor>"
        f'<text xml:space="preserve">text {number}</text></revision></page>'
        for number in range(300)
    )
    file = tmp_path_factory.mktemp("import") / "pages.xml"
    file.write_text(
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" version="0.10">'
        f"{pages}</mediawiki>"
    )
    run_maintenance(the_template(HOME), sandbox_wikis.hub.directory, "importDump.php", str(file))
    return "Imported"


def test_300_subpages_are_read_in_one_request(
    own_desk: Desk, hub_wiki: Wiki, imported: str
) -> None:
    mark = hub_wiki.mark()
    pages = list(own_desk.read_subpages(Target("hub", imported)))
    assert len(hub_wiki.requests_since(mark)) == 1
    assert {page.target.title: page.text for page in pages} == {
        f"Imported/{number:03}": f"text {number}" for number in range(300)
    }


def test_subpages_are_listed_in_one_request_with_number_and_revision(
    own_desk: Desk, hub_wiki: Wiki, imported: str
) -> None:
    mark = hub_wiki.mark()
    listed = list(list_subpages(own_desk.wikis["hub"], imported))
    assert len(hub_wiki.requests_since(mark)) == 1
    assert len(listed) == 300
    page = read_page(own_desk.wikis["hub"], f"{imported}/007")
    assert (page.number, page.revid) == (listed[7].number, listed[7].revid)
    assert (listed[7].title, listed[7].redirect) == (f"{imported}/007", False)


def test_the_pages_with_a_template_are_listed_redirects_of_it_too(
    wikis: Wikis, aino: Client, fresh_title: FreshTitle
) -> None:
    template, user = fresh_title(), fresh_title()
    aino.edit(f"Template:{template}", "x")
    revid = aino.edit(user, f"{{{{{template}}}}}")
    aino.edit(f"Template:{template} too", f"#REDIRECT [[Template:{template}]]")
    listed = {page.title: page for page in list_transclusions(wikis["hub"], f"Template:{template}")}
    assert listed[user].revid == revid
    assert list(listed) == [user]


def test_300_titles_are_read_in_one_request(own_desk: Desk, hub_wiki: Wiki, imported: str) -> None:
    mark = hub_wiki.mark()
    pages = list(own_desk.read_pages("hub", [f"{imported}/{number:03}" for number in range(300)]))
    assert len(hub_wiki.requests_since(mark)) == 1
    assert sorted(page.text or "" for page in pages) == sorted(f"text {n}" for n in range(300))


def test_more_titles_than_a_request_takes_are_read_in_batches(
    own_desk: Desk, hub_wiki: Wiki, imported: str
) -> None:
    mark = hub_wiki.mark()
    pages = list(own_desk.read_pages("hub", (f"{imported}/{number:03}" for number in range(501))))
    assert len(hub_wiki.requests_since(mark)) == 2
    assert sum(page.exists for page in pages) == 300
    assert len({page.asked for page in pages}) == 501


def test_an_answer_that_the_wiki_cuts_is_put_together(
    own_desk: Desk, hub_wiki: Wiki, aino: Client, fresh_title: FreshTitle
) -> None:
    top = fresh_title()
    for number in range(3):
        aino.edit(f"{top}/{number}", f"{number}" * 1000)
    try:
        hub_wiki.override(wgAPIMaxResultSize=2500)
        mark = hub_wiki.mark()
        pages = list(own_desk.read_subpages(Target("hub", top)))
        titles = [f"{top}/{number}" for number in range(5)]
        again = list(own_desk.read_pages("hub", titles))
        assert len(hub_wiki.requests_since(mark)) == 4
    finally:
        hub_wiki.override(wgAPIMaxResultSize=8 * 1024 * 1024)
    assert sorted(page.text or "" for page in pages) == ["0" * 1000, "1" * 1000, "2" * 1000]
    assert {page.asked: page.exists for page in again} == dict(
        zip(titles, [True, True, True, False, False], strict=True)
    )


def test_a_page_is_as_its_last_author_left_it(
    wikis: Wikis, aino: Client, fresh_title: FreshTitle
) -> None:
    title = fresh_title()
    aino.edit(title, "first")
    revid = aino.edit(title, "second ☃ {{x}}")
    page = read_page(wikis["hub"], title)
    assert (page.target, page.text) == (Target("hub", title), "second ☃ {{x}}")
    assert (page.revid, page.user) == (revid, "Aino")
    assert page.timestamp is not None
    assert page.timestamp <= page.seen
    assert (page.model, page.redirect, page.fault) == ("wikitext", False, "")


def test_each_title_is_answered_for_as_it_was_asked(
    wikis: Wikis, aino: Client, fresh_title: FreshTitle
) -> None:
    title = f"{fresh_title()} é"
    aino.edit(title, "text")
    spellings = [
        title,
        title[0].lower() + title[1:],
        title.replace(" ", "_"),
        title.replace("é", "e\u0301"),
        f"  {title} ",
        f":{title}",
    ]
    pages = list(read_pages(wikis["hub"], [*spellings, title]))
    assert sorted(page.asked for page in pages) == sorted(spellings)
    assert {(page.target.title, page.text) for page in pages} == {(title, "text")}


@pytest.mark.parametrize(
    "title",
    ["a|b", "[[a]]", "a\x1fb", "", "  ", "{{a}}", "a" * 300, "Special:Version", "a\nb", "User:"],
)
def test_a_title_that_no_page_can_have_has_a_fault_and_the_others_are_read(
    wikis: Wikis, imported: str, title: str
) -> None:
    asked = [f"{imported}/000", title, f"{imported}/001"]
    pages = {page.asked: page for page in read_pages(wikis["hub"], asked)}
    assert [pages[name].text for name in asked] == ["text 0", None, "text 1"]
    assert pages[title].fault
    with pytest.raises(ValueError, match="can't be read"):
        pages[title].change("x")
    with pytest.raises(NotReachedError):
        Desk(wikis).read(Target("hub", title))


def test_a_page_that_is_not_there_can_be_made(wikis: Wikis, fresh_title: FreshTitle) -> None:
    page = read_page(wikis["hub"], fresh_title())
    assert (page.exists, page.text, page.timestamp, page.fault) == (False, None, None, "")
    assert page.change("x") == PageText(text="x", base_timestamp=page.seen)


def test_a_page_that_is_there_can_be_changed(
    wikis: Wikis, aino: Client, fresh_title: FreshTitle
) -> None:
    title = fresh_title()
    revid = aino.edit(title, "before")
    page = read_page(wikis["hub"], title)
    assert page.change("after", announce=True) == PageText(
        text="after",
        before="before",
        base_revid=revid,
        base_timestamp=page.timestamp,
        announce=True,
    )


def test_a_text_that_the_wiki_has_lost_is_not_an_empty_page(
    wikis: Wikis, aino: Client, hub_wiki: Wiki, fresh_title: FreshTitle
) -> None:
    title = fresh_title()
    revid = aino.edit(title, "lost")
    database = hub_wiki.directory / "database" / "hub.sqlite"
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.execute(
            "UPDATE content SET content_address = 'tt:999999' WHERE content_id ="
            " (SELECT slot_content_id FROM slots WHERE slot_revision_id = ?)",
            (revid,),
        )
    page = read_page(wikis["hub"], title)
    assert (page.exists, page.text) == (True, None)
    assert page.fault


def test_redirects_and_other_content_are_said(
    wikis: Wikis, aino: Client, coordinator: Client, fresh_title: FreshTitle
) -> None:
    title = fresh_title()
    aino.edit(title, "#REDIRECT [[Main Page]]")
    coordinator.edit("MediaWiki:Fresh.json", '{"a": 1}')
    assert read_page(wikis["hub"], title).redirect
    page = read_page(wikis["hub"], "MediaWiki:Fresh.json")
    assert (page.model, page.redirect) == ("json", False)


def test_groups_are_those_that_a_user_is_in_now(own_desk: Desk, hub_wiki: Wiki) -> None:
    mark = hub_wiki.mark()
    groups = user_groups(
        own_desk.wikis["hub"],
        ["Coordinator", "coordinator", "Aino", "No such user", "a|b", "", "127.0.0.1"],
    )
    assert len(hub_wiki.requests_since(mark)) == 1
    assert "sysop" in groups["Coordinator"] & groups["coordinator"]
    assert "user" in groups["Aino"]
    assert "sysop" not in groups["Aino"]
    assert groups["No such user"] == groups["a|b"] == frozenset()
