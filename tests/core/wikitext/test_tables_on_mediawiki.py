"""Our reading of tables held to the HTML that MediaWiki makes of them."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import requests

from bots.core.wikitext.tables import Tables, read_tables
from sandbox.mediawiki import Wiki

TEXTS = 400
STARTS = ["{|\n", '{| class="wikitable" data-section="SE"\n', " {|\n", "{| \n|+ qcap\n", ":{|\n"]
LINES = [
    "|-\n", '|- data-row="k"\n', "|- data-row=k style='x'\n", "|---- data-row = 'k&amp;l'\n",
    " |-\n", "|-| data-row=k\n", '|- title="data-row=z" data-row=k\n',
    "| q\n", "|q\n", "! q\n", "!q!!q\n", "| q || q\n", "|q||q||\n", "! q || q !! q\n", "| q !! q\n",
    "||q\n", "|||q\n", "|q|||q\n", "| data-x=1 | q\n", "| [[q|q]]\n", "| a=b | [[q|q]] | q\n",
    "| [[q||q]]\n", "| -{q|q}-\n", '| style="a" | q || data-y="b" | q\n',
    "!data-x=1|q!!data-y=2|q\n",
    "q\n", "* q\n\nq\n", "\n", "|\n", "!\n", "| {{#if:1|q||q}}\n", "| {{#if:|x|q}} || q\n",
    "| {{!}} q\n", "| q {{!}}{{!}} q\n", "{{!}} q\n", "{{!}}-\n", "| q <!-- | q --> q\n",
    "<!-- |- -->\n", "<!-- x -->| q\n", "| q <!--\n|-\n| z\n--> || q\n", "<!--\n|-\n| q\n-->\n",
    "| <nowiki>q || q\n| q</nowiki>\n", "| <b title='q || q'>q</b> || q\n",
    '! <i title="!!">q</i> !! q\n', "| <ref name='x|y'>q | q</ref>q\n", "|+ qcap || qcap\n",
    "| x='{{#if:1|y}}' | q\n", "| <foo a='|'>q\n", "| q<br>q\n| q<br/> q || q\n", "|q | q\n",
]  # fmt: skip


@dataclass
class Seen:
    """A table as rows of cells: whether each is a header, and its words."""

    key: str
    rows: list[tuple[str, list[tuple[bool, str]]]] = field(default_factory=list)


class Html(HTMLParser):
    """The tables in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Seen] = []
        self.words: list[str] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.tables.append(Seen(given.get("data-section") or ""))
        elif tag == "tr":
            self.tables[-1].rows.append((given.get("data-row") or "", []))
        elif tag in ("td", "th"):
            self.words = []
            self.tables[-1].rows[-1][1].append((tag == "th", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.words is not None:
            cells = self.tables[-1].rows[-1][1]
            cells[-1] = (cells[-1][0], "".join(re.findall(r"q\d+", "".join(self.words))))
            self.words = None

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)


def ours(found: Tables) -> list[Seen]:
    return [
        Seen(
            table.attribute("data-section") or "",
            [
                (
                    row.attribute("data-row") or "",
                    [(c.header, "".join(re.findall(r"q\d+", shown(c.text)))) for c in row.cells],
                )
                for row in table.rows
                if row.cells
            ],
        )
        for table in found.tables
    ]


def shown(text: str) -> str:
    """The words of a cell's wikitext that are seen."""
    text = re.sub(r"<ref.*?</ref>|<[bi] [^>]*>", "", text)
    text = re.sub(r"\{\{#if:1\|([^|]*)\|.*?\}\}", r"\1", text)
    text = re.sub(r"\{\{#if:\|x\|(.*?)\}\}", r"\1", text)
    return re.sub(r"\[\[([^|\]]*)\|([^|\]]*)\]\]", r"\2", text)


def filled(seen: Seen) -> Seen:
    """MediaWiki gives some tables without rows an empty one."""
    return seen if seen.rows else Seen(seen.key, [("", [(False, "")])])


def generated(chance: random.Random) -> str:
    lines = chance.choices(LINES, k=chance.randint(1, 9))
    text = chance.choice(STARTS) + "".join(lines) + chance.choice(["|}\n", "|}\n", " |} z\n"])
    numbers = iter(range(1000))
    return re.sub("q", lambda _: f"q{next(numbers)}", text)


def test_tables_are_read_as_mediawiki_shows_them(hub_wiki: Wiki) -> None:
    chance = random.Random(6)
    texts = [generated(chance) for _ in range(TEXTS)]
    answer = requests.post(
        hub_wiki.api,
        data={
            "action": "parse", "format": "json", "formatversion": "2", "contentmodel": "wikitext",
            "title": "Sandbox (tests)", "disablelimitreport": "1", "disableeditsection": "1",
            "prop": "text", "text": "\n<hr>\n".join(["", *texts, ""]),
        },
        timeout=60,
    )  # fmt: skip
    pieces = answer.json()["parse"]["text"].split("<hr")[1:-1]
    assert len(pieces) == len(texts)
    compared = 0
    for text, html in zip(texts, pieces, strict=True):
        found = read_tables(text)
        assert isinstance(found, Tables), json.dumps(text)
        expected = [filled(seen) for seen in Html(html).tables]
        assert [filled(seen) for seen in ours(found)] == expected, json.dumps(text)
        compared += sum(len(row.cells) for table in found.tables for row in table.rows)
    assert compared > 3 * TEXTS
