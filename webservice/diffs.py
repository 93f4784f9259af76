"""What an edit changes, line by line, cut to what a page can show: pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

CONTEXT = 3
"""Unchanged lines shown around a change."""

MAX_LINES = 200
"""Lines of one diff that are shown; what is left out is counted."""

MAX_LINE = 1000
"""Characters of one line that are shown."""

_MAX_COMPARED = 1500
"""Changed stretches with more lines than this are shown as removed and added, not compared."""

Kind = Literal["same", "removed", "added", "gap"]
SIGNS: dict[str, str] = {"same": " ", "removed": "−", "added": "+", "gap": "…"}


@dataclass(frozen=True)
class Line:
    """A line of a diff in three parts; `changed` is what differs from the line it replaces.

    `cut` is how many characters at the end are left out. A gap has no text.
    """

    kind: Kind
    before: str = ""
    changed: str = ""
    after: str = ""
    cut: int = 0

    @property
    def sign(self) -> str:
        """The sign in front of the line: colours alone tell nothing."""
        return SIGNS[self.kind]


@dataclass(frozen=True)
class Diff:
    """The lines that are shown, how many are left out, and how many are added and removed."""

    lines: tuple[Line, ...]
    left_out: int
    added: int
    removed: int


def diff(before: str, after: str) -> Diff:
    """The difference of two texts, in time that grows with their length."""
    lines = list(_diff(_split(before), _split(after)))
    shown = tuple(lines[:MAX_LINES])
    return Diff(
        lines=shown,
        left_out=len(lines) - len(shown),
        added=sum(line.kind == "added" for line in lines),
        removed=sum(line.kind == "removed" for line in lines),
    )


def _split(text: str) -> list[str]:
    return text.split("\n") if text else []


def _diff(old: list[str], new: list[str]) -> Iterator[Line]:
    """The common lines at both ends are set aside first: most edits change one place."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if not middle_old and not middle_new:
        return
    if start > CONTEXT:
        yield Line("gap")
    yield from _same(old[max(start - CONTEXT, 0) : start])
    yield from _middle(middle_old, middle_new)
    yield from _same(old[len(old) - end : len(old) - end + CONTEXT])
    if end > CONTEXT:
        yield Line("gap")


def _middle(old: list[str], new: list[str]) -> Iterator[Line]:
    if len(old) > _MAX_COMPARED or len(new) > _MAX_COMPARED:
        yield from _replaced(old, new)
        return
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            yield from _replaced(old[i1:i2], new[j1:j2])
        elif i2 - i1 > 2 * CONTEXT + 1:
            yield from _same(old[i1 : i1 + CONTEXT])
            yield Line("gap")
            yield from _same(old[i2 - CONTEXT : i2])
        else:
            yield from _same(old[i1:i2])


def _same(lines: list[str]) -> Iterator[Line]:
    return (_line("same", line, 0, len(line)) for line in lines)


def _replaced(old: list[str], new: list[str]) -> Iterator[Line]:
    """Lines that stand for one another say which part of them differs."""
    paired = len(old) == len(new)
    for kind, lines, others in (("removed", old, new), ("added", new, old)):
        for number, line in enumerate(lines):
            head = tail = 0
            if paired:
                other = others[number]
                head = _common(line, other)
                rest = min(len(line), len(other)) - head
                tail = min(_common(line[::-1], other[::-1]), rest)
            yield _line("removed" if kind == "removed" else "added", line, head, len(line) - tail)


def _line(kind: Kind, line: str, head: int, tail: int) -> Line:
    """The line, cut if it is long, with what differs from `head` to `tail` in the middle."""
    if head == 0 and tail == len(line):  # nothing in common: no part to point at
        head = len(line)
    if kind == "same" or head == len(line) <= MAX_LINE:
        return Line(kind, before=line[:MAX_LINE], cut=max(len(line) - MAX_LINE, 0))
    # A long paragraph is shown from shortly before what differs.
    start = max(head - MAX_LINE // 4, 0) if len(line) > MAX_LINE else 0
    stop = start + MAX_LINE
    return Line(
        kind,
        before=("…" if start else "") + line[start:head],
        changed=line[head : min(tail, stop)],
        after=line[tail : max(stop, tail)] if tail < stop else "",
        cut=max(len(line) - stop, 0),
    )


def _common(one: str | list[str], other: str | list[str]) -> int:
    """How many characters or lines both begin with."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
