"""A list that is too long for its page, divided among pages below it, with an index in its place.

Each part is a list of its own on a page of its own: it asks for what the whole list asks for, and
besides for one value of the field by which that is grouped, or for names from one to another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bots.core.messages import Message
from bots.core.plan import JSON
from bots.core.register.kinds import Type
from bots.core.register.query import holds, parse_where, quoted
from bots.core.wikitext import escape, link
from bots.core.wikitext.tables import TableRow
from bots.core.wikitext.tablewriting import remove_row, rewrite
from bots.register.lists.choosing import NOT_SAID, Canonical, Question, order_of, section_keys
from bots.register.lists.drawing import ROW
from bots.register.lists.facts import Column, Grid, ListFault, ListSource, Row, Section, SourceRow
from bots.register.lists.remembering import Left, json_of, left_of
from bots.register.lists.rendering import Look
from bots.register.lists.rows import section_of
from bots.register.lists.standing import StandingTable, read_standing

INDEX_COLUMNS = ("part", "rows")
"""The columns of what stands in place of a list that is divided."""

_BAD_IN_TITLE = re.compile(r"[#<>\[\]|{}/:\x00-\x1f\x7f]")
_LONGEST_TITLE = 240
"""Bytes, a little less than MediaWiki's 255."""


_HIDING = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_KEY = re.compile(rf'{ROW}="([^"]*)"')


@dataclass(frozen=True)
class Part:
    """A part of a list: its page, what it is called, and the conditions that make it one."""

    title: str
    label: str
    where: str


def parts_json(parts: Sequence[Part]) -> JSON:
    """The parts as they are remembered."""
    return [[each.title, each.label, each.where] for each in parts]


def parts_of(remembered: JSON) -> list[Part]:
    """The parts that are remembered."""
    return [Part(*each) for each in remembered or ()]


def divide(
    page: str, asked: Question, source: ListSource, look: Look, number: int
) -> list[Part] | None:
    """The parts of a list on a page, about so many where it has no groups; None: it can't be.

    Lists with a single group are divided by name.
    """
    rows = [row for row in source.rows if holds(asked.where, row.values)]
    if asked.group:
        parts = _by_group(page, asked, rows, source, look)
        if parts is None or len(parts) > 1:
            return parts
    return _by_name(page, rows, source, number)


def grown(
    parts: Sequence[Part], page: str, asked: Question, source: ListSource, look: Look
) -> list[Part]:
    """The parts, with those for groups that have come since."""
    rows = [row for row in source.rows if holds(asked.where, row.values)]
    now = _by_group(page, asked, rows, source, look) if asked.group else None
    known = {part.where for part in parts}
    if now is None or not known & {part.where for part in now}:
        return list(parts)
    return [*parts, *(part for part in now if part.where not in known)]


def narrowed(options: Mapping[str, str], part: Part) -> dict[str, str]:
    """The options of a part's own list."""
    where = "; ".join(filter(None, (options.get("where", ""), part.where)))
    return {**{name: said for name, said in options.items() if name != "name"}, "where": where}


def index(
    parts: Sequence[Part], asked: Question, source: ListSource, look: Look, canonical: Canonical
) -> Grid:
    """What stands in place of the list: each part with its rows' number."""

    def word(name: str, said: str) -> str | None:
        return canonical(source.fields[name], said)

    def say(key: str) -> str:
        return escape(look.messages.text(look.language, Message(key)))

    rows = [row for row in source.rows if holds(asked.where, row.values)]
    made = []
    for part in parts:
        where = parse_where(part.where, source.fields, word)
        count = sum(holds(where, row.values) for row in rows)
        cells = dict(zip(INDEX_COLUMNS, (link(part.title, part.label), str(count)), strict=True))
        made.append(Row(part.title.rpartition("/")[2], cells))
    titles = (say("register-part"), say("register-part-rows"))
    columns = [Column(*both) for both in zip(INDEX_COLUMNS, titles, strict=True)]
    return Grid(columns, [Section("", "", made)])


def carried(text: str, keep: Grid, every: Grid, first: bool) -> str | None:
    """Of a list's merged text, what belongs to a part: its rows, and people's own behind them.

    `first`: it takes those of people's that no row of ours stands before. None: it can't be read.
    """
    standing = read_standing(text, [section.key for section in every.sections])
    if isinstance(standing, ListFault):
        return None
    rows = {section.key: {row.key for row in section.rows} for section in keep.sections}
    pieces = []
    for table in standing.tables.values():
        if table.section in rows:
            start, end = _place(table)
            others = [*_others(table, rows[table.section], first)]
            kept = rewrite(text, map(remove_row, others))
            taken = len(text) - len(kept)
            piece = kept[start : end - taken]
            pieces.append(_HIDING.sub(partial(_if_ours, rows[table.section]), piece))
    return "\n" + "".join(pieces) if pieces else None


def base_of(base: JSON, keep: Grid) -> JSON:
    """What is remembered of a list, for a part of it."""
    left = left_of(base)
    rows = {section.key: {row.key for row in section.rows} for section in keep.sections}
    kept = {
        key: [each for each in places if key in rows.get(section_of(each.where) or "", ())]
        for key, places in left.rows.items()
    }
    there = {key: left.sections[key] for key in rows if key in left.sections}
    return json_of(Left(sections=there, rows=kept))


def left_over(text: str, every: Grid) -> str | None:
    """What people have put beside the list's tables: it stays with the index."""
    standing = read_standing(text, [section.key for section in every.sections])
    if isinstance(standing, ListFault):
        return None
    pieces, done = [], 0
    for table in sorted(standing.tables.values(), key=lambda each: each.table.start):
        start, end = _place(table)
        pieces.append(text[done:start])
        done = end
    rest = "".join([*pieces, text[done:]])
    return rest if rest.strip() else ""


def _place(table: StandingTable) -> tuple[int, int]:
    """Where a table stands with its heading."""
    start = table.heading.start if table.heading and table.section else table.table.start
    return start, table.table.end


def _if_ours(keys: Collection[str], comment: re.Match[str]) -> str:
    """A comment; nothing where it hides only rows of other parts."""
    hidden = set(_KEY.findall(comment[0]))
    return comment[0] if not hidden or hidden & set(keys) else ""


def _others(table: StandingTable, keys: Collection[str], first: bool) -> Iterator[TableRow]:
    belongs = first
    for standing in table.rows:
        if standing.key:
            belongs = standing.key in keys
        if not belongs:
            yield standing.row


def _by_group(
    page: str, asked: Question, rows: Sequence[SourceRow], source: ListSource, look: Look
) -> list[Part] | None:
    """A part for each value of the field; None: one of the values can't be asked for."""
    field = source.fields[asked.group]
    keys: dict[str, str] = {}
    for row in rows:
        for key in section_keys(row, asked.group, asked.where):
            keys.setdefault(key.casefold(), key)
    found: list[Part] = []
    taken: set[str] = set()
    said = sorted((key for key in keys.values() if key != NOT_SAID), key=order_of(field, look))
    for key in [*said, *(key for key in keys.values() if key == NOT_SAID)]:
        words = "" if key == NOT_SAID else quoted(key)
        if words is None or set(words) & set("|{}[]<>"):
            return None
        label = look.plain(field, key) if key != NOT_SAID else look.unsaid()
        title = _title(page, label, key, len(found) + 1, taken)
        found.append(Part(title, label, f"{asked.group}={words}"))
    return found


def _by_name(
    page: str, rows: Sequence[SourceRow], source: ListSource, number: int
) -> list[Part] | None:
    """Parts of about one size, from one name to another; None: rows have no such names."""
    called = source.called
    if source.fields[called].type is not Type.TEXT:
        return None
    spelled = {
        row.values[called][0].casefold(): row.values[called][0]
        for row in rows
        if row.values.get(called)
    }
    names = sorted(spelled)
    size = max(1, len(names) // max(2, number))
    bounds, labels = [""], ["…"]
    at = size
    while at < len(names):
        bound = _bound(names[at - 1], names[at])
        if bound:
            bounds.append(bound)
            labels.append(spelled[names[at]][: len(bound)])
        at += size if bound else 1
    if len(bounds) == 1:
        return None
    found = []
    for place, low in enumerate(bounds):
        high = bounds[place + 1] if place + 1 < len(bounds) else ""
        conditions = [f'{called}>="{low}"'] if low else []
        conditions += [f'{called}<"{high}"'] if high else []
        label = f"{labels[place]} – {labels[place + 1] if high else '…'}"
        found.append(Part(f"{page}/{place + 1}", label, "; ".join(conditions)))
    if len(names) < len(rows) and any(not row.values.get(called) for row in rows):
        found.append(Part(f"{page}/{len(found) + 1}", "–", f"{called}="))
    return found


def _bound(before: str, after: str) -> str:
    """What is behind one name and not behind the next, of plain letters; "" for nothing."""
    for length in range(1, len(after) + 1):
        bound = after[:length]
        if not bound[0].isalpha() or not all(each.isalnum() or each == " " for each in bound):
            return ""
        if bound > before and bound == bound.strip():
            return bound
    return ""


def _title(page: str, label: str, key: str, number: int, taken: set[str]) -> str:
    for name in (label, key, str(number)):
        title = f"{page}/{' '.join(name.split())}"
        good = name.strip() and not _BAD_IN_TITLE.search(name) and name.strip(". ")
        if good and len(title.encode()) <= _LONGEST_TITLE and title not in taken:
            break
    taken.add(title)
    return title
