"""Pages on which people answer row by row: written, read, kept with all that people wrote there.

A row is a heading and a call of a template whose `key` names it. Between the two comments of our
region HubBot puts rows, renews what it left in those that wait, and takes out what is done. What
people wrote stays: their answer and note, a parameter that they changed, text below a row (it goes
along with the row), all that is outside the region. A row that they took away is told, not put
back; one that they have answered is not touched until it is carried out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

from bots.core.messages import Message
from bots.core.plan import Finding, Target
from bots.core.wikitext import (
    RegionProblem,
    TemplateCall,
    escape,
    find_region,
    find_templates,
    find_unclosed,
    isolated,
    replace_region,
    set_parameters,
)

ROWS_A_PAGE = 100
HEADING = "(heading)"
"""The name under which a row's heading is remembered beside its parameters."""

Left = Mapping[str, Mapping[str, str]]
"""Key → what HubBot last left in that row: parameter → value, and its heading. JSON can hold it."""


@dataclass(frozen=True)
class Kind:
    """A kind of rows: its template, its region, and which parameters are people's."""

    template: str
    region: str
    answer: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A row as HubBot would write it: wikitext values, in the lines in which they stand."""

    key: str
    heading: str
    lines: tuple[tuple[tuple[str, str], ...], ...]

    @property
    def values(self) -> dict[str, str]:
        """What is HubBot's in it."""
        return {HEADING: self.heading} | {name: text for line in self.lines for name, text in line}


@dataclass(frozen=True)
class Trouble:
    """Something on a page that HubBot can't read or do, in which row and on which line."""

    message: Message
    key: str = ""
    line: int = 0

    def finding(self, target: Target) -> Finding:
        """The same, for people who look after that page."""
        return Finding(target=target, message=self.message, where=self.key or f"line {self.line}")


@dataclass(frozen=True)
class FoundRow:
    """A row on a page: [start, end) with its heading and what people wrote below it."""

    key: str
    call: TemplateCall
    heading: str
    start: int
    end: int

    def values(self, kind: Kind) -> dict[str, str]:
        """All that stands in it but its key and what is people's."""
        others = (each for each in self.call.parameters if each.name not in ("key", *kind.people))
        return {HEADING: self.heading} | {each.name: each.value for each in others}


@dataclass(frozen=True)
class Updated:
    """A page's new text; what HubBot has left there; the rows that were taken out, whole."""

    text: str
    left: Left
    taken_out: Mapping[str, str]
    troubles: tuple[Trouble, ...] = ()


def written_key(key: str) -> str:
    """A key as it stands in a row: it can be read back to the letter, and does nothing there."""
    quoted = quote(key, safe="/:,").replace("~", "%7E").replace("_", "%5F")
    return re.sub(r"/(?=/)|-(?=-)", lambda found: f"%{ord(found[0]):02X}", quoted)


def read_key(text: str) -> str:
    """The key that was written so; "" for what can't be one."""
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return ""


def shown(text: str) -> str:
    """A value from outside as wikitext, with a direction of its own where it may need one."""
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return escape(cut) if cut.isascii() else isolated(cut)


@lru_cache(maxsize=64)
def rows_in(text: str, kind: Kind) -> tuple[tuple[FoundRow, ...], tuple[Trouble, ...]]:
    """The rows that can be told apart, in the page's order, and what is wrong with the others.

    Remembered for a while: who decided what is asked of the same revisions many times.
    """
    troubles = [
        Trouble(Message("candidate-row-unclosed", {"line": str(each.line)}), "", each.line)
        for each in find_unclosed(text, [kind.template])
    ]
    calls: dict[str, list[TemplateCall]] = {}
    for call in find_templates(text, [kind.template]):
        key, line = read_key(call.value("key")), call.line
        if call.depth:
            troubles.append(
                Trouble(Message("candidate-row-nested", {"line": str(line)}), key, line)
            )
        elif not key:
            troubles.append(Trouble(Message("candidate-row-no-key", {"line": str(line)}), "", line))
        else:
            calls.setdefault(key, []).append(call)
    single: list[tuple[str, TemplateCall]] = []
    for key, some in calls.items():
        if len(some) == 1:
            single.append((key, some[0]))
            continue
        lines = [str(call.line) for call in some]
        troubles.append(
            Trouble(Message("candidate-row-doubled", {"list_lines": lines}), key, some[0].line)
        )
    single.sort(key=lambda each: each[1].start)
    return tuple(_found(text, single, kind)), tuple(troubles)


def left_from(text: str, kind: Kind) -> Left:
    """What HubBot left, from a revision that it saved itself: for a store that was lost."""
    rows, _ = rows_in(text, kind)
    return {row.key: row.values(kind) for row in rows}


def new_page(rows: Iterable[Row], kind: Kind, above: str) -> tuple[str, Left]:
    """A page that was not there, and what HubBot leaves on it; `above` stands before the region."""
    begin = f"<!-- hubbot:{kind.region} begin -->"
    end = f"<!-- hubbot:{kind.region} end -->"
    updated = update(f"{above}\n\n{begin}\n{end}\n", {}, tuple(rows), kind)
    return updated.text, updated.left


def update(
    text: str, left: Left, rows: Sequence[Row], kind: Kind, done: Collection[str] = ()
) -> Updated:
    """The page with `rows` brought up to date, and without those whose answer has been `done`.

    A row that waits no more and that nobody has touched goes; one that somebody has touched stays,
    and is told. Without our region, or with one in doubt, nothing changes.
    """
    region = find_region(text, kind.region)
    found, troubles = rows_in(text, kind)
    if isinstance(region, RegionProblem):
        return Updated(text, left, {}, (*troubles, Trouble(_problem(region), "", _line(region))))
    wanted = {row.key: row for row in rows}
    now = {key: values for key, values in left.items() if key not in done}
    told = list(troubles)
    taken_out: dict[str, str] = {}
    pieces: list[str] = []
    at = region.start
    for row in found:
        if not region.start <= row.start < region.end:
            continue
        block = text[row.start : row.end]
        pieces.append(text[at : row.start])
        at = row.end
        if row.key in done:
            taken_out[row.key] = block.strip("\n")
            continue
        step = _step(block, row, left.get(row.key), wanted.get(row.key), kind)
        pieces.append(step.block)
        told += step.troubles
        now.pop(row.key, None)
        now |= {} if step.left is None else {row.key: step.left}
    pieces.append(text[at : region.end])
    there = {row.key for row in found} | {trouble.key for trouble in troubles} | set(done)
    for new in rows:
        if new.key not in there and new.key in left:
            told.append(Trouble(Message("candidate-row-removed"), new.key))
        elif new.key not in there:
            pieces.append(_written(new, kind))
            now[new.key] = new.values
    now = {key: values for key, values in now.items() if key in there or key in wanted}
    body = "".join(pieces)
    body = body if body.startswith("\n") else f"\n{body}"
    new_text = (
        text if body.strip() == region.body.strip() else replace_region(text, kind.region, body)
    )
    return Updated(new_text, now, taken_out, tuple(told))


def lay_out(
    pages: Mapping[int, Collection[str]], keys: Iterable[str], most: int = ROWS_A_PAGE
) -> dict[int, list[str]]:
    """Page's number → the keys whose rows belong there: each stays where it is, new ones go where
    there is room. `pages`: number → keys that stand or were left there."""
    where = {key: number for number, some in sorted(pages.items()) for key in some}
    counts = {number: len(set(some)) for number, some in pages.items()}
    laid: dict[int, list[str]] = {number: [] for number in sorted(pages)}
    number = 1
    for key in dict.fromkeys(keys):
        if key in where:
            laid[where[key]].append(key)
            continue
        while counts.get(number, 0) >= most:
            number += 1
        laid.setdefault(number, []).append(key)
        counts[number] = counts.get(number, 0) + 1
    return laid


_LONGEST = 250
_HEADING_LINE = re.compile(r"(?:^|(?<=\n))(={1,6})([^\n]*?)\1[ \t]*\n\s*\Z")


def _found(text: str, calls: Sequence[tuple[str, TemplateCall]], kind: Kind) -> Iterator[FoundRow]:
    """The rows, each with the heading right before its call and what is below until the next."""
    region = find_region(text, kind.region)
    last = len(text) if isinstance(region, RegionProblem) else region.end
    starts: list[tuple[int, str]] = []
    done = 0
    for _, call in calls:
        above = _HEADING_LINE.search(text[done : call.start])
        start = done + above.start() if above else call.start
        starts.append((start, above[2].strip() if above else ""))
        done = call.end
    for place, (key, call) in enumerate(calls):
        start, heading = starts[place]
        following = starts[place + 1][0] if place + 1 < len(starts) else len(text)
        end = max(call.end, min(following, last) if start < last else following)
        yield FoundRow(key, call, heading, start, end)


@dataclass(frozen=True)
class _Step:
    """What becomes of a row that is there; `left` None: nothing in it is known to be ours."""

    block: str
    left: Mapping[str, str] | None
    troubles: tuple[Trouble, ...] = ()


def _step(
    block: str, row: FoundRow, left: Mapping[str, str] | None, ours: Row | None, kind: Kind
) -> _Step:
    if left is None or row.call.value(kind.answer):
        return _Step(block, left)
    if ours is None and _untouched(block, row, left, kind):
        return _Step("", None)
    if ours is None:
        needless = Trouble(Message("candidate-row-needless"), row.key, row.call.line)
        return _Step(block, left, (needless,))
    if dict(left) == ours.values:
        return _Step(block, left)
    if _untouched(block, row, left, kind):
        return _Step(_written(ours, kind), ours.values)
    return _renewed(block, row, left, ours, kind)


def _renewed(block: str, row: FoundRow, left: Mapping[str, str], ours: Row, kind: Kind) -> _Step:
    """The row with what we say now in each parameter that nobody has changed."""
    theirs = row.values(kind)
    changes: dict[str, str | None] = {}
    now: dict[str, str] = {}
    for name in dict.fromkeys([*ours.values, *left]):
        if name != HEADING and theirs.get(name) == left.get(name):
            value = ours.values.get(name)
            if value is not None or name in theirs:
                changes[name] = value
        else:
            value = left.get(name)
        if value is not None:
            now[name] = value
    call = find_templates(block, [kind.template])[0]
    return _Step(set_parameters(block, call, changes), now)


def _untouched(block: str, row: FoundRow, left: Mapping[str, str] | None, kind: Kind) -> bool:
    """Whether people have written nothing: not in it, not below it."""
    if left is None:
        return False
    said = any(row.call.value(name) for name in kind.people)
    below = block[row.call.end - row.start :]
    return row.values(kind) == dict(left) and not said and not below.strip()


def _written(row: Row, kind: Kind) -> str:
    lines = ["|".join(f"{name}={text}" for name, text in line) for line in row.lines]
    lines = [f"key={written_key(row.key)}", *lines, *(f"{name}=" for name in kind.people)]
    call = "\n".join([f"{{{{{kind.template}", *(f"|{line}" for line in lines), "}}"])
    return f"== {row.heading} ==\n{call}\n\n"


def _problem(problem: RegionProblem) -> Message:
    begin, end = (f"<!-- hubbot:{problem.name} {word} -->" for word in ("begin", "end"))
    lines = [str(line) for line in problem.lines]
    return Message(problem.fault.value, {"list_lines": lines, "begin": begin, "end": end})


def _line(problem: RegionProblem) -> int:
    return problem.lines[0] if problem.lines else 1
