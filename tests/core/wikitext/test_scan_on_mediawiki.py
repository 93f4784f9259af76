"""Our reading of braces, tags and comments held to MediaWiki's own parse tree."""

from __future__ import annotations

import json
import random
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import requests

from bots.core.wikitext.scan import TWO_WAYS, WIKITEXT_TAGS, scan
from sandbox.mediawiki import Wiki
from tests.core.wikitext.nasty import BRACES, CALLS, COMMENTS, LINES, TAGS

Thing = tuple[str, int, int, tuple[tuple[int, int | None, int], ...]]

PAGES = 300


class Tree:
    """MediaWiki's parse tree of a text, with the places that its nodes must have had there."""

    def __init__(self, text: str, xml: str) -> None:
        self.text, self.at = text, 0
        self.things = list(self._children(ElementTree.fromstring(xml)))
        assert self.at == len(text)

    def _literal(self, written: str | None) -> None:
        assert self.text.startswith(written or "", self.at)
        self.at += len(written or "")

    def _children(self, node: ElementTree.Element) -> Iterator[Thing]:
        self._literal(node.text)
        for child in node:
            yield from self._node(child)
            self._literal(child.tail)

    def _node(self, node: ElementTree.Element) -> Iterator[Thing]:
        start = self.at
        if node.tag in ("template", "tplarg"):
            kind, width = ("template", 2) if node.tag == "template" else ("argument", 3)
            self._literal("{" * width)
            parts: list[tuple[int, int | None, int]] = []
            for child in node:
                if parts:
                    self._literal("|")
                yield from self._part(child, parts)
            self._literal("}" * width)
            yield kind, start, self.at, tuple(parts)
        elif node.tag == "ext":
            inner = node.find("inner")
            self._literal("<" + (node.findtext("name") or "") + (node.findtext("attr") or ""))
            self._literal("/>" if inner is None else f">{inner.text or ''}")
            self._literal(node.findtext("close"))
            yield "tag", start, self.at, ()
        elif node.tag in ("comment", "ignore"):
            self._literal(node.text)
            if node.tag == "comment" or (node.text or "").lower().startswith("<includeonly"):
                yield "comment" if node.tag == "comment" else "tag", start, self.at, ()
        else:
            yield from self._children(node)

    def _part(
        self, node: ElementTree.Element, parts: list[tuple[int, int | None, int]]
    ) -> Iterator[Thing]:
        start, equals = self.at, None
        for child in [node] if node.tag == "title" else node:
            if child.tag == "equals":
                equals = self.at
            yield from self._children(child)
        parts.append((start, equals, self.at))


def ours(text: str) -> list[Thing]:
    seen = scan(text)
    things: list[Thing] = [
        (each.kind, each.start, each.end, tuple((p.start, p.equals, p.end) for p in each.parts))
        for each in seen.braces
        if each.kind in ("template", "argument")
    ]
    things += [("tag", each.start, each.end, ()) for each in seen.tags]
    things += [("comment", each.cut_start, each.cut_end, ()) for each in seen.comments]
    # What is within such a tag is a page of its own to the preprocessor.
    inner = [(each.inner_start, each.inner_end) for each in seen.tags if each.name in WIKITEXT_TAGS]
    return sorted(
        (each for each in things if not any(start <= each[1] < end for start, end in inner)),
        key=repr,
    )


def test_pages_are_read_as_mediawiki_reads_them(hub_wiki: Wiki) -> None:
    chance = random.Random(22)
    fragments = [
        *BRACES,
        *TAGS,
        *COMMENTS,
        *CALLS,
        *(each for each in LINES if each.isspace()),
        "a",
    ]
    session = requests.Session()
    compared = 0
    for _ in range(PAGES):
        text = "".join(chance.choices(fragments, k=chance.randint(1, 40)))
        text = TWO_WAYS.sub("-->", text).replace("\r", "").replace("\v", "").rstrip() + "."
        answer = session.post(
            hub_wiki.api,
            data={
                "action": "expandtemplates", "prop": "parsetree", "text": text,
                "format": "json", "formatversion": "2",
            },
            timeout=60,
        )  # fmt: skip
        tree = Tree(text, answer.json()["expandtemplates"]["parsetree"])
        assert ours(text) == sorted(tree.things, key=repr), json.dumps(text)
        compared += len(tree.things)
    assert compared > PAGES
