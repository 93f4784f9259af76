"""A page's region in parts: what HubBot writes, and what people wrote between, which stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bots.core.wikitext import Region
from bots.datasets.feedback.rows import TEMPLATE, RowKey, RowOnPage

Part = str | RowKey
"""What a part is called: a row's key, or a name."""

_OPEN = "<!-- hubbot-part "
_CLOSE = "<!-- /hubbot-part -->"
_MARKED = re.compile(rf"{_OPEN}(\S+) -->(?:(?!{_OPEN}|\{{\{{\s*{TEMPLATE}).)*?{_CLOSE}", re.DOTALL)
_HEADING = re.compile(r"^(={2,6}[^\n]*={2,6})[ \t]*\n\s*\Z", re.MULTILINE)


@dataclass(frozen=True)
class Kept:
    """What people wrote after a part ("": before all of them); `heading` is the part's own."""

    after: Part
    text: str
    heading: str = ""


def compose(parts: Sequence[tuple[Part, str]], people: Iterable[Kept]) -> str:
    """The region's body: the parts, each with what people wrote after it.

    What they wrote after a part that is no more comes last, below that part's heading.
    """
    left: dict[Part, Kept] = {}
    for each in people:
        before = left.get(each.after)
        left[each.after] = each if before is None else _joined(before, each)
    pieces = [left.pop("").text] if "" in left else []
    for name, text in parts:
        marked = text if isinstance(name, RowKey) else f"{_OPEN}{name} -->\n{text}\n{_CLOSE}"
        pieces.append(marked)
        if name in left:
            pieces.append(left.pop(name).text)
    for each in left.values():
        pieces.append("\n".join(filter(None, (each.heading, each.text))))
    return "\n" + "\n\n".join(pieces) + "\n"


def people_in(text: str, region: Region, rows: Iterable[RowOnPage]) -> list[Kept]:
    """What people wrote in the region of a page, between the parts."""
    spans: list[tuple[int, int, Part]] = [
        (region.start + found.start(), region.start + found.end(), found[1])
        for found in _MARKED.finditer(region.body)
    ]
    for row in rows:
        if region.start <= row.start and row.end <= region.end:
            spans.append((row.start, row.end, row.key))
    kept: list[Kept] = []
    at, heading = region.start, ""
    done: Part = ""
    for start, end, name in sorted(spans, key=lambda span: span[0]):
        between = text[at:start]
        own = _HEADING.search(between) if isinstance(name, RowKey) else None
        _keep(kept, done, between[: own.start()] if own else between, heading)
        at, done, heading = end, name, own[1] if own else ""
    _keep(kept, done, text[at : region.end], heading)
    return kept


def _joined(first: Kept, second: Kept) -> Kept:
    return Kept(first.after, f"{first.text}\n\n{second.text}", first.heading)


def _keep(kept: list[Kept], after: Part, text: str, heading: str) -> None:
    if text.strip():
        kept.append(Kept(after, text.strip("\n").rstrip(), heading))
