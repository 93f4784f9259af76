"""What MediaWiki itself makes of escaped values and of links."""

from __future__ import annotations

import random
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
import requests

from bots.core.wikitext import escape, external_link, isolated, link, plain, summary
from sandbox.mediawiki import Wiki
from tests.core.wikitext.nasty import VALUES

SEPARATOR = "\n<hr>\n"
CONTEXTS = {
    "running text": "x %s x",
    "a line": "\n%s\n",
    "a heading": "\n== %s ==\n",
    "a heading without spaces": "\n==%s==\n",
    "a list": "\n*%s\n*# %s\n",
    "a definition": "\n; %s : x\n:%s\n",
    "a cell": "\n{|\n|%s\n|b\n|}\n",
    "cells on a line": "\n{|\n| a || %s || b\n|}\n",
    "heads on a line": "\n{|\n!%s!! %s !! b\n|}\n",
    "a cell behind attributes": "\n{|\n| class=x | %s\n|}\n",
    "a caption": "\n{|\n|+%s\n| a\n|}\n",
    "a link's label": "[[Main Page|%s]]",
    "an external link's label": "[http://example.org %s]",
    "an argument without a name": "{{#if:1|%s|no}}",
    "an argument on a line": "\n{{#if:1|\n%s\n|no}}\n",
    "an argument with a name": "{{#switch:a|a=%s|b=c}}",
    "bold and italic": "'''%s''' ''%s''",
    "a tag": "<b>%s</b><bdi>%s</bdi>",
    "a reference": "x<ref>%s</ref><references/>",
}


def values() -> list[str]:
    """Every nasty fragment alone, and a hundred mixtures, the same at each run."""
    chance = random.Random(20)
    mixed = ["".join(chance.choices(VALUES, k=chance.randint(2, 9))) for _ in range(100)]
    return [value for value in (*VALUES, *mixed) if plain(value)]


def parse(wiki: Wiki, text: str, **parameters: str) -> dict[str, Any]:
    answer = requests.post(
        wiki.api,
        data={
            "action": "parse", "format": "json", "formatversion": "2", "contentmodel": "wikitext",
            "title": "Sandbox (tests)", "disablelimitreport": "1", "disableeditsection": "1",
            "prop": "text|links|templates|externallinks|categories|images|langlinks|iwlinks",
            "text": text, **parameters,
        },
        timeout=60,
    )  # fmt: skip
    parsed: dict[str, Any] = answer.json()["parse"]
    return parsed


class Shape(HTMLParser):
    """A piece of HTML as its tags and texts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs).get("class") or ""))
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        # A second anchor of a heading, for its id in an older spelling: empty, and no one's.
        if tag == "span" and self.seen[-1] == ("span", ""):
            self.seen.pop()
        else:
            self.seen.append((f"/{tag}", ""))

    def handle_data(self, data: str) -> None:
        if self.seen and self.seen[-1][0] == "text":
            data = self.seen.pop()[1] + data
        self.seen.append(("text", data))


EFFECTS = ("links", "templates", "externallinks", "categories", "images", "langlinks", "iwlinks")


@pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS)
def test_a_value_is_shown_as_it_is_and_changes_nothing_around_it(
    hub_wiki: Wiki, context: str
) -> None:
    """The page with the values must differ from one with plain words by those words alone."""
    written = values()
    words = [f"Qz{place}zQ" for place in range(len(written))]
    pages = [
        parse(hub_wiki, "__NOTOC__" + SEPARATOR.join(context.replace("%s", one) for one in ones))
        for ones in (words, [escape(value) for value in written])
    ]
    expected, found = ([Shape(each).seen for each in page["text"].split("<hr")] for page in pages)
    assert len(found) == len(expected) == len(written)
    for word, value, shape_of_word, shape in zip(words, written, expected, found, strict=True):
        shown = plain(value)
        assert shape == [(tag, text.replace(word, shown)) for tag, text in shape_of_word], value
    assert [pages[0][effect] for effect in EFFECTS] == [pages[1][effect] for effect in EFFECTS]


def test_saving_signs_and_substitutes_nothing(hub_wiki: Wiki) -> None:
    text = "\n".join(
        write(value)
        for value in (*values(), "~~~~", "[[x|]]", "{{subst:x}}")
        for write in (escape, link, isolated)
    )
    parsed = parse(hub_wiki, text, onlypst="1")
    assert parsed["text"] == text


def test_an_external_link_leads_to_its_address(hub_wiki: Wiki) -> None:
    chance = random.Random(21)
    tails = [
        "a", "/", "?", "a=b", "&", "&amp;", "&lt;", "&copy", "#x", "'", "''", "[", "]", "{{", "}}",
        "|", "<b>", "é", "~~~~", "__TOC__", "_", "%41", "%E9", "-", "--", "-{", "!!", ";", ":",
        "*", "(", ")", '"', "\\", "^", "`", "日", "=", ".", ",", "+", "$1", "@",
    ]  # fmt: skip
    urls = [
        "https://x.org/" + "".join(chance.choices(tails, k=chance.randint(0, 9)))
        for _ in range(200)
    ]
    for context in (
        "%s",
        "{{#if:1|%s}}",
        "{{#switch:x|%s}}",
        "\n{|\n!%s!! b\n|}\n",
        "\n{|\n|%s\n|}\n",
    ):
        parsed = parse(hub_wiki, "\n\n".join(context % external_link(url, "x") for url in urls))
        found = Shape(parsed["text"]).links
        assert [unquote(each) for each in found] == [unquote(url) for url in urls]
        assert not parsed["templates"] + parsed["links"] + parsed["categories"]


def test_a_link_leads_to_a_page_and_puts_this_one_nowhere(hub_wiki: Wiki) -> None:
    titles = [
        "Main Page", "Category:X", "File:X.jpg", "sv:X", "/sub", "A''b", "A=b", "A__TOC__b", "100%",
        "AT&T", "A!!b", "Talk:A", "*A", ";A", "-A", "A~~b", "A\\b", 'A"b', "ISBN 1", "日本",
        "Template:X",
    ]  # fmt: skip
    parsed = parse(hub_wiki, "\n\n".join(link(title) for title in titles))
    shape = Shape(parsed["text"])
    assert len(shape.links) == len(titles)
    shown = [text for tag, text in shape.seen if tag == "text" and text.strip()]
    assert shown == [plain(title.replace("_", " ")) for title in titles]
    assert not any(parsed[effect] for effect in EFFECTS if effect not in ("links", "iwlinks"))


def test_a_summary_opens_no_link(hub_wiki: Wiki) -> None:
    answer = requests.post(
        hub_wiki.api,
        data={
            "action": "parse", "format": "json", "formatversion": "2", "prop": "",
            "summary": summary("[[Main Page]] /* x */ [[[[Main Page]]"),
        },
        timeout=60,
    )  # fmt: skip
    assert Shape(answer.json()["parse"]["parsedsummary"]).links == []
