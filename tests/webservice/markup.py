"""Reads a page of the dashboard strictly: what a lenient parser forgives is an error here."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

_VOID = {"br", "hr", "img", "input", "link", "meta", "use", "path"}


class Page(HTMLParser):
    """A page's elements; raises AssertionError where they are not well nested."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = Counter(name for name, _value in attrs)
        assert not [name for name, count in names.items() if count > 1], f"{tag}: {names}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            assert not (tag == "p" and "p" in self._open), "a paragraph in a paragraph"
            assert not (tag in ("ul", "div", "dl", "blockquote") and "p" in self._open), (
                f"{tag} in a paragraph, at line {self.getpos()}"
            )
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self._open, f"</{tag}> of nothing"
            assert self._open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def links(self) -> list[str]:
        """Every address that the page links to or loads."""
        names = ("href", "src", "action")
        return [
            attributes[name]
            for _tag, attributes in self.elements
            for name in names
            if name in attributes
        ]

    @property
    def words(self) -> str:
        """The text with single spaces."""
        return " ".join(self.text.split())
