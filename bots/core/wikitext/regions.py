"""A hub's own region on a page: found between two comments, replaced, merged with people's.

A region is what lies between ``<!-- hubbot:NAME begin -->`` and ``<!-- hubbot:NAME end -->``; after
the word, a comment may hold an explanation for people. Where it is doubtful what the region is,
there is a `RegionProblem` and nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from merge3 import Merge3

from bots.core.wikitext.scan import LITERAL_TAGS, TWO_WAYS, Scan, scan

_MARKER = re.compile(r"<!--\s*hubbot:\s*([\w.-]+)\s+(begin|end)\b", re.IGNORECASE)
_NAME = re.compile(r"[\w.-]+")


class RegionFault(StrEnum):
    """Why there is no region that may be written to; the value is also the message's key."""

    MISSING = "region-missing"
    ONLY_BEGIN = "region-only-begin"
    ONLY_END = "region-only-end"
    DOUBLED = "region-doubled"
    REVERSED = "region-reversed"
    HIDDEN = "region-hidden"
    """What looks like a marker isn't a comment to MediaWiki, or not to each of its versions."""
    NESTED = "region-nested"
    """A marker is within the braces of a template or link, or within a tag such as ``<ref>``."""
    ENTANGLED = "region-entangled"
    """Another region's marker is within this region."""


@dataclass(frozen=True, slots=True)
class Region:
    """The region ``name``: its body is ``text[start:end]``, line ends next to the markers included.

    ``line`` is that of the begin marker, counted from 1.
    """

    name: str
    start: int
    end: int
    body: str
    line: int


@dataclass(frozen=True, slots=True)
class RegionProblem:
    """Why ``name`` can't be written to, with the lines (from 1) of the markers in question."""

    name: str
    fault: RegionFault
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines that differ: ``base`` as we left them, ``theirs`` as they are, ``ours`` as they'd be.

    ``line`` is the first line's place in the merged region, counted from 1.
    """

    line: int
    base: tuple[str, ...]
    theirs: tuple[str, ...]
    ours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergedRegion:
    """A merged body, with what people changed: kept beside ours, or kept against ours.

    ``base`` is what to remember once the body is written: ours, but where there is a conflict the
    base of before. Thus a conflict is told until it is solved, and lines of ours that gave way
    are not taken for lines that people removed.
    """

    text: str
    base: str
    kept: tuple[Difference, ...] = ()
    conflicts: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownBase:
    """There is text in the region, and no record of what we left there: nothing may be written."""

    theirs: str


@dataclass(frozen=True, slots=True)
class _Marker:
    name: str
    word: str
    start: int
    end: int


def find_region(text: str, name: str) -> Region | RegionProblem:
    """Find the region ``name`` (letters, digits, ``_``, ``.``, ``-``; case does not matter).

    Raises ValueError for a name that no marker can have.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a region's name: {name!r}")
    if not any(mark[1].lower() == name.lower() for mark in _MARKER.finditer(text)):
        return RegionProblem(name, RegionFault.MISSING)
    seen = scan(text)
    markers, hidden = _markers(text, seen)
    own = [marker for marker in markers if marker.name == name.lower()]
    begins = [marker for marker in own if marker.word == "begin"]
    ends = [marker for marker in own if marker.word == "end"]

    def problem(fault: RegionFault, places: Sequence[int]) -> RegionProblem:
        return RegionProblem(name, fault, tuple(text.count("\n", 0, at) + 1 for at in places[:20]))

    doubtful = [at for at, marker_name in hidden if marker_name == name.lower()]
    doubtful += [found.start() for found in TWO_WAYS.finditer(text)]
    if doubtful:
        return problem(RegionFault.HIDDEN, doubtful)
    if not own:
        return problem(RegionFault.MISSING, [])
    if len(begins) > 1 or len(ends) > 1:
        return problem(RegionFault.DOUBLED, [marker.start for marker in own])
    if not ends:
        return problem(RegionFault.ONLY_BEGIN, [begins[0].start])
    if not begins:
        return problem(RegionFault.ONLY_END, [ends[0].start])
    begin, end = begins[0], ends[0]
    if end.start < begin.start:
        return problem(RegionFault.REVERSED, [end.start, begin.start])
    around = [(each.start, each.end) for each in seen.braces]
    around += [(each.start, each.end) for each in seen.tags]
    nested = [
        at for at in (begin.start, end.start) if any(start < at < end for start, end in around)
    ]
    if nested:
        return problem(RegionFault.NESTED, nested)
    within = [marker.start for marker in markers if begin.end <= marker.start < end.start]
    within += [at for at, _ in hidden if begin.end <= at < end.start]
    if within:
        return problem(RegionFault.ENTANGLED, sorted(within))
    line = text.count("\n", 0, begin.start) + 1
    return Region(name, begin.end, end.start, text[begin.end : end.start], line)


def replace_region(text: str, name: str, new_body: str) -> str:
    """Put ``new_body`` in place of the region's body; outside the region not a byte differs.

    Raises ValueError where the region can't be found for sure, where the body holds a marker of
    any region, and where it would keep the region from being found again (an unclosed comment).
    """
    if _MARKER.search(new_body):
        raise ValueError("the new body holds a region's marker")
    region = find_region(text, name)
    if isinstance(region, RegionProblem):
        raise ValueError(f"region {name}: {region.fault.value}, lines {list(region.lines)}")
    if region.body == new_body:
        return text
    replaced = text[: region.start] + new_body + text[region.end :]
    again = find_region(replaced, name)
    if not isinstance(again, Region) or (again.start, again.body) != (region.start, new_body):
        raise ValueError(f"region {name}: with the new body it could not be found again")
    return replaced


def merge_region(base: str | None, theirs: str, ours: str) -> MergedRegion | UnknownBase:
    """Merge by lines: ``base`` is our last rendition, ``theirs`` what is there, ``ours`` the new.

    People's lines win. Where both changed the same lines theirs stay, as a conflict. Lines that
    both added at one place stay both, theirs first.
    """
    if base is None:
        return UnknownBase(theirs) if theirs.strip() else MergedRegion(ours, ours)
    if theirs in (base, ours):
        return MergedRegion(ours, ours)
    merged: list[str] = []
    next_base: list[str] = []
    kept: list[Difference] = []
    conflicts: list[Difference] = []
    for chunk in _chunks(base.split("\n"), theirs.split("\n"), ours.split("\n")):
        difference = Difference(len(merged) + 1, chunk.base, chunk.theirs, chunk.ours)
        next_base += chunk.ours
        if chunk.theirs in (chunk.base, chunk.ours):
            merged += chunk.ours
        elif chunk.ours == chunk.base:
            kept.append(difference)
            merged += chunk.theirs
        elif not chunk.base:
            kept.append(difference)
            both = () if _contains(chunk.theirs, chunk.ours) else chunk.ours
            merged += [*chunk.theirs, *both]
        else:
            conflicts.append(difference)
            merged += chunk.theirs
            next_base[len(next_base) - len(chunk.ours) :] = chunk.base
    return MergedRegion("\n".join(merged), "\n".join(next_base), tuple(kept), tuple(conflicts))


def _markers(text: str, seen: Scan) -> tuple[list[_Marker], list[tuple[int, str]]]:
    """Return the markers that are comments to MediaWiki, and (place, name) of those in doubt.

    One shown as it is written (in ``<nowiki>``, say) is neither: that is how it is written about.
    """
    comments = {comment.start: comment for comment in seen.comments}
    literal = [(tag.start, tag.end) for tag in seen.tags if tag.name in LITERAL_TAGS]
    markers: list[_Marker] = []
    hidden: list[tuple[int, str]] = []
    shown = 0
    for mark in _MARKER.finditer(text):
        comment = comments.get(mark.start())
        name = mark[1].lower()
        if comment and comment.closed and mark.end() <= comment.end:
            markers.append(_Marker(name, mark[2].lower(), comment.start, comment.end))
            continue
        while shown < len(literal) and literal[shown][1] <= mark.start():
            shown += 1
        if shown == len(literal) or mark.start() < literal[shown][0]:
            hidden.append((mark.start(), name))
    return markers, hidden


@dataclass(frozen=True, slots=True)
class _Chunk:
    base: tuple[str, ...]
    theirs: tuple[str, ...]
    ours: tuple[str, ...]


def _chunks(base: list[str], theirs: list[str], ours: list[str]) -> Iterator[_Chunk]:
    """Cut the three into pieces that stand for one another: unchanged, changed by one, or both."""
    z = a = b = 0
    for z_start, z_end, a_start, a_end, b_start, b_end in Merge3(
        base, theirs, ours
    ).find_sync_regions():
        between = _Chunk(tuple(base[z:z_start]), tuple(theirs[a:a_start]), tuple(ours[b:b_start]))
        if between.theirs != between.base != between.ours != between.theirs:
            yield from _parted(between)
        else:
            yield between
        same = tuple(base[z_start:z_end])
        yield _Chunk(same, same, same)
        z, a, b = z_end, a_end, b_end


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines [start, end) of the base became ``lines``."""

    start: int
    end: int
    lines: tuple[str, ...]


def _parted(both: _Chunk) -> Iterator[_Chunk]:
    """Part what both changed into what each changed, as far as no line was changed by both.

    merge3 itself wants an unchanged line between two changes: the row that we append after one
    that people annotated would be lost.
    """
    done = 0
    for start, end, theirs, ours in _stretches(
        _changes(both.base, both.theirs), _changes(both.base, both.ours)
    ):
        before, touched = both.base[done:start], both.base[start:end]
        yield _Chunk(before, before, before)
        yield _Chunk(
            touched,
            _applied(both.base, start, end, theirs),
            _applied(both.base, start, end, ours),
        )
        done = end
    after = both.base[done:]
    yield _Chunk(after, after, after)


def _changes(base: tuple[str, ...], changed: tuple[str, ...]) -> list[_Change]:
    changes: list[_Change] = []
    for what, start, end, new_start, new_end in SequenceMatcher(None, base, changed).get_opcodes():
        if what == "equal":
            continue
        if end - start == new_end - new_start:
            changes += (
                _Change(start + at, start + at + 1, (changed[new_start + at],))
                for at in range(end - start)
            )
        else:
            changes.append(_Change(start, end, changed[new_start:new_end]))
    return changes


def _stretches(
    theirs: list[_Change], ours: list[_Change]
) -> Iterator[tuple[int, int, list[_Change], list[_Change]]]:
    """Yield (start, end) of each touched stretch of the base with its changes, theirs and ours.

    Changes that share a line, or that add lines at one place, are in one stretch.
    """
    start = end = -1
    sides: tuple[list[_Change], list[_Change]] = ([], [])
    changes = [(change, 0) for change in theirs] + [(change, 1) for change in ours]
    for change, side in sorted(changes, key=lambda each: (each[0].start, each[0].end)):
        if change.start < end or (change.start, change.end) == (start, end):
            end = max(end, change.end)
        else:
            if start >= 0:
                yield start, end, *sides
            start, end, sides = change.start, change.end, ([], [])
        sides[side].append(change)
    if start >= 0:
        yield start, end, *sides


def _applied(
    base: tuple[str, ...], start: int, end: int, changes: list[_Change]
) -> tuple[str, ...]:
    lines: list[str] = []
    for change in changes:
        lines += [*base[start : change.start], *change.lines]
        start = change.end
    return (*lines, *base[start:end])


def _contains(lines: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    width = len(wanted)
    return any(lines[at : at + width] == wanted for at in range(len(lines) - width + 1))
