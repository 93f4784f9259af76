"""What MediaWiki's preprocessor sees on a page: comments, tags and braces, each with its place.

The rules are those of MediaWiki's Preprocessor_Hash, which decides what is a template call before
anything else is parsed: one pass, no recursion, time linear in the text. They are the same from
1.39 on but for ``--> <!--->`` (`TWO_WAYS`), where 1.39 takes the second for a whole comment.
A reader that guesses otherwise than MediaWiki would let a bot write into a commented-out call,
or miss that a stray ``[[`` keeps a template from being closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

Kind = Literal["template", "argument", "link", "conversion"]

# Tags whose content MediaWiki takes out before it looks for braces: core's own and those of the
# extensions on Wikimedia's wikis (siteinfo, siprop=extensiontags).
EXTENSION_TAGS = frozenset(
    [
        "categorytree",
        "ce",
        "charinsert",
        "chem",
        "dynamicpagelist",
        "gallery",
        "graph",
        "hiero",
        "imagemap",
        "indicator",
        "inputbox",
        "langconvert",
        "languages",
        "mapframe",
        "maplink",
        "math",
        "maps",
        "nowiki",
        "page",
        "pagelist",
        "pagequality",
        "phonos",
        "poem",
        "pre",
        "quiz",
        "ref",
        "references",
        "score",
        "section",
        "source",
        "syntaxhighlight",
        "templatedata",
        "templatestyles",
        "timeline",
    ]
)
# Of those, the ones whose content is wikitext again, so that a call within them is a call.
WIKITEXT_TAGS = frozenset({"indicator", "poem", "ref", "references"})
# And those that show their content as it is written.
LITERAL_TAGS = frozenset({"nowiki", "pre", "source", "syntaxhighlight"})

TWO_WAYS = re.compile(r"-->[ \t]*<!--->")

_SKIPPED_TAGS = frozenset({"noinclude", "/noinclude", "onlyinclude", "/onlyinclude"})
_ELEMENT = re.compile(
    "(" + "|".join(sorted(EXTENSION_TAGS | _SKIPPED_TAGS | {"includeonly"})) + r")(?:\s|/>|>)",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Comment:
    """``<!-- … -->`` at [start, end); an unclosed one reaches to the end of the page.

    ``[cut_start, cut_end)`` is what MediaWiki takes out for it: a comment alone on its line
    goes with the line.
    """

    start: int
    end: int
    closed: bool
    cut_start: int
    cut_end: int

    def moved(self, by: int) -> Comment:
        """Return the same, ``by`` characters further on."""
        return Comment(
            self.start + by, self.end + by, self.closed, self.cut_start + by, self.cut_end + by
        )


@dataclass(frozen=True, slots=True)
class Tag:
    """An extension's tag (or ``includeonly``) at [start, end), with its content's place."""

    name: str
    start: int
    inner_start: int
    inner_end: int
    end: int

    def moved(self, by: int) -> Tag:
        """Return the same, ``by`` characters further on."""
        return Tag(
            self.name, self.start + by, self.inner_start + by, self.inner_end + by, self.end + by
        )


@dataclass(frozen=True, slots=True)
class Part:
    """What lies between two pipes, [start, end), and where its first ``=`` is."""

    start: int
    equals: int | None
    end: int

    def moved(self, by: int) -> Part:
        """Return the same, ``by`` characters further on."""
        equals = None if self.equals is None else self.equals + by
        return Part(self.start + by, equals, self.end + by)


@dataclass(frozen=True, slots=True)
class Braces:
    """A closed pair of braces at [start, end); of its parts the first is the name."""

    kind: Kind
    start: int
    end: int
    parts: tuple[Part, ...]

    def moved(self, by: int) -> Braces:
        """Return the same, ``by`` characters further on."""
        parts = tuple(part.moved(by) for part in self.parts)
        return Braces(self.kind, self.start + by, self.end + by, parts)


@dataclass(frozen=True, slots=True)
class Unclosed:
    """An opening at ``start`` that nothing closes; ``name_end``: its first pipe or the page's end.

    ``opening`` is ``{``, ``[`` or ``-{``; ``count`` how many of the character there are.
    """

    opening: str
    count: int
    start: int
    name_end: int


@dataclass(frozen=True, slots=True)
class Scan:
    """All that was seen, each in the order of the page."""

    comments: tuple[Comment, ...]
    tags: tuple[Tag, ...]
    braces: tuple[Braces, ...]
    unclosed: tuple[Unclosed, ...]


def scan(text: str) -> Scan:
    """Read ``text`` as MediaWiki's preprocessor does when the page itself is shown.

    What is within a tag that holds wikitext (``<ref>``, say) is there too, but for the unclosed.
    """
    whole = _Scanner(text).run()
    comments, tags, braces = list(whole.comments), list(whole.tags), list(whole.braces)
    for tag in whole.tags:
        if tag.name in WIKITEXT_TAGS and tag.inner_start < tag.inner_end:
            inner = scan(text[tag.inner_start : tag.inner_end])
            by = tag.inner_start
            comments += (each.moved(by) for each in inner.comments)
            tags += (each.moved(by) for each in inner.tags)
            braces += (each.moved(by) for each in inner.braces)
    return Scan(
        tuple(sorted(comments, key=_start)),
        tuple(sorted(tags, key=_start)),
        tuple(sorted(braces, key=_start)),
        whole.unclosed,
    )


def _start(each: Comment | Tag | Braces) -> int:
    return each.start


@dataclass(slots=True)
class _Piece:
    """An opening on the stack; a heading is one too, since braces don't close across its end."""

    opening: str
    closing: str
    start: int
    count: int
    part_start: int
    prefixed: bool = False
    equals: int | None = None
    parts: list[Part] = field(default_factory=list)

    def end_part(self, at: int) -> None:
        self.parts.append(Part(self.part_start, self.equals, at))
        self.part_start, self.equals = at + 1, None

    def finds_equals(self) -> bool:
        return bool(self.parts) and self.equals is None and self.opening in ("{", "-{")


_CLOSING = {"{": "}", "[": "]", "-{": "}-"}
_KINDS: dict[tuple[str, int], Kind] = {
    ("{", 2): "template",
    ("{", 3): "argument",
    ("[", 2): "link",
    ("-{", 2): "conversion",
}


@cache
def _next_special(opening: str, find_equals: bool) -> re.Pattern[str]:
    """Find the next place where something may happen, given what is open."""
    marks = [r"\{\{+", r"\[\[+", r"-\{+", "<"]
    marks.append("\n" if opening == "\n" else "\n(?==)")
    if opening in _CLOSING:
        marks.append(re.escape(_CLOSING[opening]))
    if opening in ("{", "-{"):
        marks.append(r"\|")
    if find_equals:
        marks.append("=")
    return re.compile("|".join(marks))


class _Scanner:
    """The state of one pass: the place reached, and the stack of what is open there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.stack: list[_Piece] = []
        self.comments: list[Comment] = []
        self.tags: list[Tag] = []
        self.braces: list[Braces] = []
        self.no_more_gt = False
        self.no_more_closing: set[str] = set()

    def run(self) -> Scan:
        self._line_start()
        while True:
            top = self.stack[-1] if self.stack else None
            opening = top.opening if top else ""
            pattern = _next_special(opening, top is not None and top.finds_equals())
            found = pattern.search(self.text, self.at)
            if found is None:
                self.at = len(self.text)
                if opening != "\n":
                    break
                self.stack.pop()
                continue
            self.at = found.start()
            self._step(found.group(), top)
        return Scan(
            tuple(self.comments), tuple(self.tags), tuple(self.braces), tuple(self._unclosed())
        )

    def _step(self, mark: str, top: _Piece | None) -> None:
        if mark == "|" and top:
            top.end_part(self.at)
            self.at += 1
        elif mark == "=" and top:
            top.equals = self.at
            self.at += 1
        elif mark == "<":
            self._angle()
        elif mark == "\n" and top and top.opening == "\n":
            # The line's end may be the start of the next heading: it isn't passed here.
            self.stack.pop()
        elif mark == "\n":
            self.at += 1
            self._line_start()
        elif top and mark == _CLOSING.get(top.opening):
            self._close(top)
        else:
            self._open(mark)

    def _line_start(self) -> None:
        equals = 0
        while equals < 6 and self.text.startswith("=", self.at + equals):
            equals += 1
        # A single = at a line's start in a template is taken for the parameter's own.
        single = equals == 1 and self.stack and self.stack[-1].finds_equals()
        if equals and not single:
            self.stack.append(_Piece("\n", "\n", self.at, equals, self.at))
            self.at += equals

    def _open(self, mark: str) -> None:
        start, opening, count, prefixed = self.at, mark[0], len(mark), False
        if mark == "-{":
            opening = "-{"
        elif mark[0] == "-":
            start, opening, count, prefixed = start + 1, "{", count - 1, True
        self.at += len(mark)
        self.stack.append(_Piece(opening, _CLOSING[opening], start, count, self.at, prefixed))

    def _close(self, top: _Piece) -> None:
        closing = 0
        if top.opening == "-{":
            closing = 2
        else:
            most = min(top.count, 3 if top.opening == "{" else 2)
            while closing < most and self.text.startswith(top.closing, self.at + closing):
                closing += 1
        if closing < 2:
            self.at += closing
            return
        start = top.start + top.count - closing
        top.end_part(self.at)
        self.at += closing
        kind = _KINDS[top.opening, closing]
        self.braces.append(Braces(kind, start, self.at, tuple(top.parts)))
        self.stack.pop()
        left = top.count - closing
        if left >= 2:
            self.stack.append(
                _Piece(top.opening, top.closing, top.start, left, start, top.prefixed)
            )
        elif left == 1 and top.prefixed:
            self.stack.append(_Piece("-{", "}-", top.start - 1, 2, start))

    def _angle(self) -> None:
        if self.text.startswith("<!--", self.at):
            self._comment()
            return
        element = _ELEMENT.match(self.text, self.at + 1)
        if element is None or self.no_more_gt:
            self.at += 1
            return
        gt = self.text.find(">", self.at + 1 + len(element[1]))
        if gt < 0:
            self.no_more_gt = True
            self.at += 1
            return
        self._tag(element[1], gt)

    def _tag(self, written: str, gt: int) -> None:
        name, start = written.lower(), self.at
        inner_start = inner_end = end = gt + 1
        if name not in _SKIPPED_TAGS and self.text[gt - 1] != "/":
            closing = None
            if name not in self.no_more_closing:
                closing = _closing_tag(name).search(self.text, gt + 1)
            if closing:
                inner_end, end = closing.span()
            elif written == "includeonly":
                inner_end = end = len(self.text)
            else:
                # An unclosed tag is text; what follows it is read as usual.
                self.no_more_closing.add(name)
                self.at = gt + 1
                return
        self.at = end
        if name not in _SKIPPED_TAGS:
            self.tags.append(Tag(name, start, inner_start, inner_end, end))

    def _comment(self) -> None:
        text, start = self.text, self.at
        dashes = text.find("-->", start + 4)
        if dashes < 0:
            self.comments.append(Comment(start, len(text), False, start, len(text)))
            self.at = len(text)
            return
        line = self._comments_filling_the_line(start)
        if line:
            self.comments += line
            self.at = line[-1].cut_end
            self._line_start()
        else:
            self.comments.append(Comment(start, dashes + 3, True, start, dashes + 3))
            self.at = dashes + 3

    def _comments_filling_the_line(self, start: int) -> list[Comment]:
        """Return the comments from ``start`` on if there is nothing else on their lines."""
        text, begin = self.text, start
        while begin and text[begin - 1] in " \t":
            begin -= 1
        if not begin or text[begin - 1] != "\n":
            return []
        comments: list[Comment] = []
        at = start
        while text.startswith("<!--", at):
            dashes = text.find("-->", at + 4)
            if dashes < 0:
                break
            end = dashes + 3
            after = end
            while text.startswith((" ", "\t"), after):
                after += 1
            comments.append(Comment(at, end, True, at if comments else begin, after))
            at = after
        if not text.startswith("\n", at):
            return []
        last = comments[-1]
        comments[-1] = Comment(last.start, last.end, True, last.cut_start, at + 1)
        return comments

    def _unclosed(self) -> list[Unclosed]:
        return [
            Unclosed(
                piece.opening,
                piece.count,
                piece.start,
                piece.parts[0].end if piece.parts else len(self.text),
            )
            for piece in self.stack
            if piece.opening != "\n"
        ]


@cache
def _closing_tag(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{re.escape(name)}\s*>", re.ASCII | re.IGNORECASE)
