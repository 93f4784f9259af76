"""The histories lived on the sandbox's wikis: all at once, as the lists of one page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from bots.core.plan import JSON
from bots.core.wikitext.tables import Tables, read_tables
from bots.register.lists.facts import Grid, ListFault
from bots.register.lists.merging import merge_list
from sandbox.client import Client
from sandbox.mediawiki import Sandbox
from tests.register.histories import HISTORIES

STEPS = max(len(history.steps) for history in HISTORIES)
LIST = re.compile(r"\{\{Merged list\|name=(\d+)\}\}(.*?)\{\{Merged list end\}\}", re.DOTALL)


def page(bodies: Mapping[int, str]) -> str:
    lists = (
        f"{{{{Merged list|name={number}}}}}{body}{{{{Merged list end}}}}"
        for number, body in bodies.items()
    )
    return "\n\nSome words.\n\n".join(lists) + "\n"


def bodies_on(text: str) -> dict[int, str]:
    return {int(found[1]): found[2] for found in LIST.finditer(text)}


def stepped(place: int, bodies: Mapping[int, str], bases: dict[int, JSON]) -> dict[int, str]:
    """What the bot or people make of each list at this step of its history."""
    after: dict[int, str] = {}
    for number, body in bodies.items():
        steps = HISTORIES[number].steps
        step = steps[place] if place < len(steps) else steps[-1]
        if not isinstance(step, Grid):
            after[number] = step(body)
            continue
        merged = merge_list(body, bases.get(number), step)
        assert not isinstance(merged, ListFault), (HISTORIES[number].name, merged)
        after[number], bases[number] = merged.text, merged.base
    return after


@pytest.mark.parametrize("name", ["hub", "media", "sv"])
def test_what_people_did_ends_as_they_expect_on_a_wiki(
    sandbox_wikis: Sandbox, fresh_title: Callable[[], str], name: str
) -> None:
    wiki = next(each for each in sandbox_wikis.wikis if each.name == name)
    client = Client(wiki, sandbox_wikis.accounts.coordinator)
    title, bases = fresh_title(), dict[int, JSON]()
    client.edit("Template:Merged list", "''A list, of {{{of|partners}}}.''\n")
    client.edit("Template:Merged list end", "<!-- Nothing to see. -->")
    bodies = dict.fromkeys(range(len(HISTORIES)), "\n")
    client.edit(title, page(bodies))
    for place in range(STEPS):
        written = page(stepped(place, bodies, bases))
        client.edit(title, written)
        saved = client.text(title)
        assert saved is not None
        bodies = bodies_on(saved)
        assert page(bodies).rstrip() == written.rstrip()
    for number, history in enumerate(HISTORIES):
        assert bodies[number] == history.ends, history.name
    html = client.post(action="parse", page=title, prop="text")["parse"]["text"]
    found = read_tables(page(bodies))
    assert isinstance(found, Tables)
    assert html.count("<table") - html.count("inner") == len(found.tables)
    assert "{|" not in html
    assert "|-" not in html
