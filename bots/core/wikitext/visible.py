"""What of a page MediaWiki's later steps see, once comments, templates and tags are taken out.

Every character of it knows its place on the page. A template's call or an extension's tag is one
character that means nothing (as MediaWiki's own placeholder), a comment is nothing at all.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bots.core.wikitext.scan import EXTENSION_TAGS, Comment, Scan, scan

WHITE = " \t\n\r\0\x0b"
"""What MediaWiki (PHP's trim) takes for white space at the ends of a line or cell."""

OPAQUE = "\x7f"

# HTML's tags that MediaWiki lets through: what stands in their attributes is no markup.
_HTML = re.compile(
    "abbr|b|bd[io]|big|blockquote|br|caption|center|cite|code|data|d[dlt]|del|dfn|div|em|font|h[1-6r]"
    "|i|ins|kbd|li|link|mark|meta|ol|p|q|r[bpt]|rtc|ruby|s|samp|small|span|strike|strong|su[bp]"
    "|table|t[dhrt]|time|ul?|var|wbr",
    re.IGNORECASE,
)
_HTML_TABLE = frozenset({"table", "caption", "tr", "td", "th"})
_TAG = re.compile(r"</?([A-Za-z][^\t\n\v />\0<]*+)[^<>]*+>")
# Without any of these, nothing is taken out of a text, whatever its links.
_MAY_HIDE = re.compile(
    r"\{\{|<!--|<(?:" + "|".join(EXTENSION_TAGS) + "|includeonly)", re.IGNORECASE
)
_PARTS = re.compile(r"</?(?:noinclude|onlyinclude)\s*/?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """From `at` on, what is visible is the page's text from `start` on; or stands for [start, end).

    `end` is 0 where the text is as it is written.
    """

    at: int
    start: int
    end: int


class Visible:
    """The visible text of a page, and the way back; places are in it unless they say otherwise.

    `parts`: places of `<noinclude>` and its like, which the reader of tables refuses. `as_written`:
    nothing was taken out, so that places are the page's.
    """

    def __init__(
        self, original: str, text: str, pieces: Sequence[_Piece], comments: Sequence[Comment]
    ) -> None:
        self.original = original
        self.comments = comments
        self._comment_starts = [each.start for each in comments]
        self._pieces = pieces
        self._ats = [each.at for each in pieces]
        self._html_tables: list[int] = []
        self.as_written = len(pieces) <= 1 and original == text
        self.parts = [found.start() for found in _PARTS.finditer(text)] if "<" in text else []
        self.text = _TAG.sub(self._without_markup, text) if "<" in text else text

    @classmethod
    def of(cls, original: str) -> Visible:
        """Read a page."""
        if not _MAY_HIDE.search(original):
            return cls(original, original, [_Piece(0, 0, 0)], ())
        seen = scan(original)
        pieces: list[_Piece] = []
        shown: list[str] = []
        length = at = 0
        for start, end, instead in _cuts(original, seen):
            if start < at:
                continue
            if at < start:
                pieces.append(_Piece(length, at, 0))
                shown.append(original[at:start])
                length += start - at
            if instead:
                pieces.append(_Piece(length, start, end))
                shown.append(instead)
                length += len(instead)
            at = end
        if at < len(original):
            pieces.append(_Piece(length, at, 0))
            shown.append(original[at:])
        return cls(original, "".join(shown), pieces, seen.comments)

    def start(self, at: int) -> int:
        """Where on the page the character at `at` begins."""
        if self.as_written:
            return at
        if at >= len(self.text):
            return len(self.original)
        piece = self._pieces[bisect_right(self._ats, at) - 1]
        return piece.start if piece.end else piece.start + at - piece.at

    def end(self, at: int) -> int:
        """Where on the page the character before `at` ends."""
        if self.as_written or at <= 0:
            return at
        piece = self._pieces[bisect_right(self._ats, at - 1) - 1]
        return piece.end or piece.start + at - piece.at

    def after_line(self, at: int) -> int:
        """Where on the page the line after the one that ends at `at` begins."""
        return self.start(at) + 1 if at < len(self.text) else len(self.original)

    def shown(self, start: int, end: int) -> str:
        """What the page has in [start, end), without comments and white space at the ends."""
        if self.as_written:
            return self.original[start:end].strip(WHITE)
        first = bisect_right(self._ats, start) - 1
        words: list[str] = []
        while start < end:
            piece = self._pieces[first]
            after = self._ats[first + 1] if first + 1 < len(self._ats) else len(self.text)
            if piece.end:
                words.append(self.original[piece.start : piece.end])
            else:
                begin = piece.start + start - piece.at
                words.append(self.original[begin : begin + min(after, end) - start])
            start, first = after, first + 1
        return "".join(words).strip(WHITE)

    def comments_in(self, start: int, end: int) -> Sequence[Comment]:
        """The comments that begin in [start, end) of the page."""
        first, last = (bisect_left(self._comment_starts, at) for at in (start, end))
        return self.comments[first:last]

    def has_html_table(self, start: int, end: int) -> bool:
        """Whether a tag of an HTML table begins in [start, end)."""
        place = bisect_left(self._html_tables, start)
        return place < len(self._html_tables) and self._html_tables[place] < end

    def _without_markup(self, found: re.Match[str]) -> str:
        if not _HTML.fullmatch(found[1]):
            return found[0]
        if found[1].lower() in _HTML_TABLE:
            self._html_tables.append(found.start())
        return OPAQUE * len(found[0])


def _cuts(text: str, seen: Scan) -> Iterator[tuple[int, int, str]]:
    """(start, end, what is seen instead) of all that is taken out, in order; inner ones too."""
    cuts = [(each.cut_start, each.cut_end, "") for each in seen.comments]
    cuts += [(tag.start, tag.end, "" if tag.name == "includeonly" else OPAQUE) for tag in seen.tags]
    for each in seen.braces:
        if each.kind in ("template", "argument"):
            bang = each.kind == "template" and text[each.start + 2 : each.end - 2].strip() == "!"
            cuts.append((each.start, each.end, "|" if bang else OPAQUE))
    return iter(sorted(cuts))
