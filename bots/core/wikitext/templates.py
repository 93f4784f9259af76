"""Template calls on a page: found as MediaWiki finds them, and written in their author's style.

Calls are read by `scan`, not by mwparserfromhell: that sees no call below forty levels, takes half
a minute for 40 kB of opened and never closed braces, and closes calls that MediaWiki leaves open.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from bots.core.wikitext.scan import Braces, Comment, Scan, scan

# Beyond these, what stands in a name's place is no name; nor may reading it cost much.
_LONGEST_NAME = 300
_MOST_COMMENTS = 20
_NEVER_IN_TITLE = re.compile(r"[\n<>\[\]{|}]")
# What MediaWiki takes for a space in a title, and what it drops from one.
_SPACES = re.compile(r"[ _\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_MARKS = re.compile(r"[\u200e\u200f\u202a-\u202e]")
_NOT_SPACE = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a call; ``name`` is ``1``, ``2`` … where the author gave none.

    The parameter is ``text[start:end]`` without its pipe, the value ``text[value_start:end]``;
    ``line`` is that of the value's first character that is no white space, from 1.
    """

    name: str
    positional: bool
    start: int
    value_start: int
    end: int
    line: int
    _page: Page = field(repr=False, compare=False)

    @property
    def raw(self) -> str:
        """The value as it is written, white space and comments included."""
        return self._page.text[self.value_start : self.end]

    @property
    def value(self) -> str:
        """The value without comments and without white space at its ends."""
        return self._page.without_comments(self.value_start, self.end).strip()


@dataclass(frozen=True, slots=True)
class TemplateCall:
    """A call at ``text[start:end]``; ``name`` without namespace, its first letter a capital.

    ``depth`` is how many braces and tags it is in, ``inside`` the innermost of them: ``template``,
    ``argument``, ``link``, ``conversion``, a tag's name, or nothing.
    """

    name: str
    parameters: tuple[Parameter, ...]
    start: int
    end: int
    line: int
    depth: int
    inside: str

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter that counts: of several with one name, MediaWiki takes the last."""
        return next((each for each in reversed(self.parameters) if each.name == name), None)

    def value(self, name: str) -> str:
        """Return the value that counts, empty where there is none."""
        found = self.parameter(name)
        return found.value if found else ""

    @property
    def doubled(self) -> tuple[str, ...]:
        """The names given more than once, in their order."""
        counts = Counter(each.name for each in self.parameters)
        return tuple(name for name, count in counts.items() if count > 1)


@dataclass(frozen=True, slots=True)
class UnclosedCall:
    """A call that is opened on ``line`` and never closed.

    ``blocked_by`` and ``blocked_line``: what was opened after it and never closed either (``[[``,
    ``{{``, ``-{`` or ``<!--``), which may be why; empty and 0 where there is no such thing.
    """

    name: str
    start: int
    line: int
    blocked_by: str
    blocked_line: int


def find_templates(
    text: str, names: Collection[str], prefixes: Collection[str] = ()
) -> list[TemplateCall]:
    """Find the calls of the templates ``names``, nested ones too, in the order of the page.

    ``names`` are without namespace and hold the redirects as well; ``prefixes`` are the wiki's own
    words for the namespace, ``Template`` is known. Calls within comments and ``<nowiki>`` are none.
    """
    if not _may_hold(text, names):
        return []
    page = Page.of(text)
    known = _Names(names, prefixes)
    calls: list[TemplateCall] = []
    around: list[tuple[int, str]] = []
    for start, end, kind, braces in sorted(_containers(page.seen), key=lambda each: each[:2]):
        while around and around[-1][0] <= start:
            around.pop()
        if braces and kind == "template":
            title = page.name(braces.parts[0].start, braces.parts[0].end)
            name = known.match(title)
            if name is not None:
                inside = around[-1][1] if around else ""
                parameters = read_parameters(page, braces)
                line = page.line(start)
                calls.append(TemplateCall(name, parameters, start, end, line, len(around), inside))
        around.append((end, kind))
    return calls


def find_unclosed(
    text: str, names: Collection[str], prefixes: Collection[str] = ()
) -> list[UnclosedCall]:
    """Find where a call of one of ``names`` is opened and never closed, as MediaWiki reads it."""
    if not _may_hold(text, names):
        return []
    page = Page.of(text)
    known = _Names(names, prefixes)
    opened = [(each.start, each.opening * (3 - len(each.opening))) for each in page.seen.unclosed]
    opened += [(each.start, "<!--") for each in page.seen.comments if not each.closed]
    found: list[UnclosedCall] = []
    for place, piece in enumerate(page.seen.unclosed):
        title_start = piece.start + piece.count
        title = page.name(title_start, piece.name_end)
        name = known.match(title.split("\n")[0]) if piece.opening == "{" else None
        if name is None:
            continue
        after, what = opened[place + 1] if place + 1 < len(opened) else (0, "")
        line = page.line(piece.start)
        found.append(UnclosedCall(name, piece.start, line, what, page.line(after) if what else 0))
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """A text with what was seen in it, and where its lines begin."""

    text: str
    seen: Scan
    newlines: tuple[int, ...]
    comment_starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Page:
        """Read ``text``."""
        seen = scan(text)
        newlines = tuple(match.start() for match in re.finditer("\n", text))
        return cls(text, seen, newlines, tuple(comment.start for comment in seen.comments))

    def line(self, at: int) -> int:
        """Return the line, from 1, of the character at ``at``."""
        return bisect_left(self.newlines, at) + 1

    def comments(self, start: int, end: int) -> tuple[Comment, ...]:
        """Return the comments that begin in [start, end)."""
        first, last = (bisect_left(self.comment_starts, at) for at in (start, end))
        return self.seen.comments[first:last]

    def without_comments(self, start: int, end: int) -> str:
        """Return text[start:end] without comments, as MediaWiki leaves it."""
        pieces: list[str] = []
        for comment in self.comments(start, end):
            pieces.append(self.text[start : comment.cut_start])
            start = min(comment.cut_end, end)
        return "".join(pieces) + self.text[start:end]

    def name(self, start: int, end: int) -> str:
        """Return text[start:end] as a name: without comments, cut where it is too long for one."""
        place = bisect_left(self.comment_starts, start)
        near = self.comment_starts[place : place + _MOST_COMMENTS]
        pieces: list[str] = []
        for comment in (self.seen.comments[place + at] for at in range(len(near))):
            if comment.start >= end or sum(map(len, pieces)) >= _LONGEST_NAME:
                break
            pieces.append(self.text[start : comment.cut_start][:_LONGEST_NAME])
            start = min(comment.cut_end, end)
        pieces.append(self.text[start : min(end, start + _LONGEST_NAME)])
        return "".join(pieces).strip()


class _Names:
    """Names of templates, compared as MediaWiki compares titles."""

    def __init__(self, names: Collection[str], prefixes: Collection[str]) -> None:
        self.names = {_title(name) for name in names}
        self.prefixes = {prefix.casefold() for prefix in (*prefixes, "Template")}

    def match(self, written: str) -> str | None:
        """Return the template's name if a call written so is one of these, else None."""
        if _NEVER_IN_TITLE.search(written):
            return None
        name = html.unescape(written).strip()
        main_namespace = name.startswith(":")
        prefix, colon, rest = name.removeprefix(":").partition(":")
        if colon and _title(prefix).casefold() in self.prefixes:
            name = rest
        elif main_namespace:
            return None
        title = _title(name.partition("#")[0])
        return title if title in self.names else None


def _title(name: str) -> str:
    spaced = _SPACES.sub(" ", _MARKS.sub("", name)).strip()
    return spaced[:1].upper() + spaced[1:]


def _may_hold(text: str, names: Collection[str]) -> bool:
    """Tell cheaply whether a call may be there at all, before the page is read."""
    words = (_SPACES.sub(" ", name).strip().split(" ") for name in names)
    spelled = "|".join(r"[\s_]+".join(re.escape(word) for word in each) for each in words)
    return "{{" in text and bool(names) and bool(re.search(spelled, text, re.IGNORECASE))


def _containers(seen: Scan) -> Iterator[tuple[int, int, str, Braces | None]]:
    for braces in seen.braces:
        yield braces.start, braces.end, braces.kind, braces
    for tag in seen.tags:
        yield tag.start, tag.end, tag.name, None


def read_parameters(page: Page, braces: Braces) -> tuple[Parameter, ...]:
    parameters: list[Parameter] = []
    positional = 0
    for part in braces.parts[1:]:
        first = _NOT_SPACE.search(page.text, part.start, part.end)
        line = page.line(first.start() if first else part.start)
        if part.equals is None:
            positional += 1
            name, value_start = str(positional), part.start
        else:
            name = page.name(part.start, part.equals)
            value_start = part.equals + 1
        parameters.append(
            Parameter(name, part.equals is None, part.start, value_start, part.end, line, page)
        )
    return tuple(parameters)
