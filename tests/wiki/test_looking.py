"""Whether pages are there, were there, and are used, as real wikis tell it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bots.wiki.desk import Desk
from bots.wiki.looking import deleted, existing, transcluded
from sandbox.client import Client
from sandbox.mediawiki import Wiki


def test_pages_that_are_there_under_any_spelling(
    own_desk: Desk, aino: Client, fresh_title: Callable[[], str], hub_wiki: Wiki
) -> None:
    title = fresh_title()
    aino.edit(title, "Here.")
    aino.edit(f"{title}/moved", f"#REDIRECT [[{title}]]")
    asked = [
        title,
        title.replace(" ", "_").lower(),
        f"{title}/moved",
        f"{title} not",
        "Special:Log",
    ]
    before = hub_wiki.mark()
    found = existing(own_desk.wikis["hub"], [*asked, "media:", "[[x]]"])
    assert len(hub_wiki.requests_since(before)) == 1
    assert [found.get(each) for each in asked] == [True, True, True, False, None]
    assert not {"media:", "[[x]]"} & found.keys()


def test_templates_that_are_in_use(
    own_desk: Desk, aino: Client, fresh_title: Callable[[], str]
) -> None:
    title = fresh_title()
    used, unused, absent = (f"Template:{title} {each}" for each in ("used", "unused", "absent"))
    aino.edit(used, "Note.")
    aino.edit(unused, "Note.")
    aino.edit(title, f"{{{{{used}}}}} {{{{{absent}}}}}")
    asked = [used, unused, absent, f"{used} never", used.replace(" ", "_")]
    found = transcluded(own_desk.wikis["hub"], asked)
    assert [found[each] for each in asked] == [True, False, True, False, True]


def test_of_templates_that_fill_an_answer_the_others_are_asked_again(
    own_desk: Desk, aino: Client, fresh_title: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    title = fresh_title()
    names = [f"Template:{title} {each}" for each in "abc"]
    for page in ("1", "2"):
        aino.edit(f"{title}/{page}", "".join(f"{{{{{name}}}}}" for name in names))
    wiki = own_desk.wikis["hub"]
    query = wiki.query
    # One page an answer, as if thousands stood before it.
    monkeypatch.setattr(wiki, "query", lambda asked: query({**asked, "tilimit": "1"}))
    assert transcluded(wiki, [*names, f"{title} never"]) == {
        **dict.fromkeys(names, True),
        f"{title} never": False,
    }


def test_a_page_that_was_deleted_and_one_that_never_was(
    own_desk: Desk, coordinator: Client, fresh_title: Callable[[], str]
) -> None:
    title = fresh_title()
    coordinator.edit(title, "Here.")
    wiki = own_desk.wikis["hub"]
    assert not deleted(wiki, title)
    coordinator.post(action="delete", title=title)
    assert deleted(wiki, title)
    assert not deleted(wiki, f"{title} not")
