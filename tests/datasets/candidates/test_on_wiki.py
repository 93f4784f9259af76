"""The pages on a real wiki: they show what was meant, and a person's word comes back."""

from __future__ import annotations

import html
import re

import pytest

from bots.core.plan import Target
from bots.datasets.choices import matchpages, rowpages, valuepages
from bots.datasets.choices.matchpages import MATCHES, MatchDecision, parse
from bots.datasets.choices.valuepages import VALUES, Proposal, WaitingValue
from bots.wiki.desk import Desk
from sandbox import seed
from sandbox.client import Client
from sandbox.mediawiki import Sandbox
from tests.datasets.candidates.examples import LOOK, example_rows

TITLE = matchpages.title("HubBot", "dutch-museums", 1)
VALUE_TITLE = valuepages.title("HubBot", "dutch-museums", "kinds")


@pytest.fixture(scope="module")
def seeded(sandbox_wikis: Sandbox) -> Sandbox:
    seed.seed(sandbox_wikis)
    return sandbox_wikis


@pytest.fixture(scope="module")
def pages(seeded: Sandbox, coordinator: Client) -> dict[str, str]:
    """Both pages as HubBot would put them; title → text."""
    above = matchpages.above(LOOK, "dutch-museums", ["sysop"])
    text, _ = rowpages.new_page(example_rows(), MATCHES, above)
    waiting = [
        WaitingValue("museum", 23, (Proposal("Q33506", "museum", "institution"),)),
        WaitingValue("{{art}} | gallery", 4),
    ]
    rows = [valuepages.row(each, LOOK) for each in waiting]
    values_above = valuepages.above(LOOK, "dutch-museums", "kinds", ["sysop"])
    values, _ = rowpages.new_page(rows, VALUES, values_above)
    written = {TITLE: text, VALUE_TITLE: values}
    for title, each in written.items():
        coordinator.edit(title, each)
    return written


def shown(client: Client, title: str) -> str:
    asked = {"action": "parse", "page": title, "prop": "text|templates|parsewarnings"}
    answer = client.ask(**asked)["parse"]
    assert answer["parsewarnings"] == []
    assert [each["title"] for each in answer["templates"] if not each["exists"]] == []
    return str(answer["text"])


def words(page: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", page))


def test_a_page_shows_each_record_with_its_candidates_as_a_table(
    pages: dict[str, str], coordinator: Client
) -> None:
    page = shown(coordinator, TITLE)
    assert page.count('class="hubbot-match"') == 5
    assert page.count("<h2>") == 5
    listed = re.findall(r'data-hubbot-item="(Q\d+)"', page)
    assert sorted(listed) == ["Q101", "Q102", "Q103", "Q104", "Q105", "Q106"]
    assert page.count('<th scope="col">Score and reasons') == page.count("<caption") == 4
    assert page.count("Waiting for a decision.") == 5
    assert "No item like it was found." in page


def test_nothing_is_told_by_colour(pages: dict[str, str], coordinator: Client) -> None:
    for title in pages:
        styles = re.findall(r'style="([^"]*)"', shown(coordinator, title))
        assert styles
        for style in styles:
            assert not re.search(r"(?:^|[;\s])(?:color|background[a-z-]*)\s*:", style)
            assert not re.search(r"\b(?:left|right)\b", style)


def test_names_with_markup_are_shown_as_they_are(
    pages: dict[str, str], coordinator: Client
) -> None:
    page = shown(coordinator, TITLE)
    assert "<b>& Library</b> {{nobots}}" in words(page)
    assert "File:x" not in str(re.findall(r'href="([^"]*)"', page))
    assert "{{art}} | gallery" in words(shown(coordinator, VALUE_TITLE))


def test_what_a_person_decides_in_a_section_comes_back_with_who_it_was(
    pages: dict[str, str], coordinator: Client, aino: Client, desk: Desk
) -> None:
    target = Target("hub", TITLE)
    assert parse(desk.read(target).text or "") == ([], [])
    text = aino.text(TITLE) or ""
    row = text.index("NL-0003")
    place = text.index("decision=", row) + len("decision=")
    aino.edit(TITLE, text[:place] + "new" + text[place:])
    [decision], wrong = parse(desk.read(target).text or "")
    assert (decision, wrong) == (MatchDecision("NL-0003", "new"), [])
    asked = [("NL-0001", "Q102"), ("NL-0003", "new")]
    assert desk.decided_by(target, asked, matchpages.answers_in) == {}
    text = coordinator.text(TITLE) or ""
    place = text.index("decision=", text.index("NL-0001")) + len("decision=")
    revid = coordinator.edit(TITLE, text[:place] + " q102 " + text[place:])
    decisions, wrong = parse(desk.read(target).text or "")
    assert (decisions[0], wrong) == (MatchDecision("NL-0001", "item", "Q102"), [])
    by = desk.decided_by(target, asked, matchpages.answers_in)
    assert [(key, each.user, each.revid) for key, each in by.items()] == [
        (("NL-0001", "Q102"), "Coordinator", revid)
    ]
    page = shown(coordinator, TITLE)
    assert page.count("Waiting for a decision.") == 3
    assert "a new item is to be made" in page


def test_a_value_that_a_person_fills_in_comes_back_to_the_letter(
    pages: dict[str, str], coordinator: Client, desk: Desk
) -> None:
    text = (coordinator.text(VALUE_TITLE) or "").replace("|item=", "|item=Q1007870")
    coordinator.edit(VALUE_TITLE, text)
    table, wrong = valuepages.parse_table(desk.read(Target("hub", VALUE_TITLE)).text or "")
    assert (table, wrong) == ({"museum": "Q1007870", "{{art}} | gallery": "Q1007870"}, [])
