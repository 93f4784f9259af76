"""The pages on the hub wiki where people see what the partner says differently, and decide.

A row stays on the page where it was put until it is closed: who decided is read from that page's
history. Between the two comments of our region, HubBot writes the rows, headings and lists; what
people write into a row's `decision` and `note`, below a row, or outside the region stays. A row
that people took away is not put back as long as its pair is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.config import HubConfig
from bots.core.merge.facts import Kind
from bots.core.messages import Message
from bots.core.plan import JSON, Edit, Finding, PageText, Planned, Target
from bots.core.ports import PageRead
from bots.core.store import Decision
from bots.core.wikitext import (
    Region,
    RegionFault,
    RegionProblem,
    find_region,
    find_unclosed,
    replace_region,
)
from bots.datasets.facts import Difference
from bots.datasets.feedback import words
from bots.datasets.feedback.parts import Kept, compose, people_in
from bots.datasets.feedback.rows import TEMPLATE, RowKey, RowOnPage, rows_in
from bots.datasets.feedback.words import Look

REGION = "differences"
ROWS = "rows"
"""The slot of a page's base: row (`RowKey.short`) → the page's revision before the row was put."""

ROWS_A_PAGE = 100
MOST_PAGES = 20
"""What does not fit on so many pages waits, and is in the partner's files."""

CLOSED_SHOWN = 20

_KINDS = tuple(
    kind.value
    for kind in (Kind.CONFLICT, Kind.REFUTED, Kind.REMOVED, Kind.CORRECTED, Kind.UNSUPPORTED)
)
"""The order of the sections."""


def page_title(config: HubConfig, dataset: str, number: int = 1) -> str:
    """The title of a dataset's page; from the second on, a page below the first."""
    first = config.dataset_page(dataset)
    return first if number == 1 else f"{first}/{number}"


@dataclass(frozen=True)
class Facts:
    """What pages are made of.

    - `differences`: those that are to be shown, one an item, slot and pair.
    - `pages`: title → page: the first, and all that there are below it.
    - `bases`: title → slots that we left.
    - `decisions`: the dataset's, in any order. `answers`: the partner's, by the row's id.
    """

    differences: Sequence[Difference]
    pages: Mapping[str, PageRead]
    bases: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)
    decisions: Sequence[Decision] = ()
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Sheet:
    """A page as it is and with what will be new on it; `fault`: why it stays as it is.

    `rows` are those in our region, `moved` those that people moved out of it.
    """

    number: int
    title: str
    page: PageRead | None
    left: dict[str, int]
    rows: dict[RowKey, RowOnPage] = field(default_factory=dict)
    moved: set[RowKey] = field(default_factory=set)
    region: Region | None = None
    fault: Message | None = None
    new: list[RowKey] = field(default_factory=list)

    @property
    def revid(self) -> int:
        return (self.page.revid if self.page else None) or 0

    @property
    def text(self) -> str | None:
        return self.page.text if self.page else None


def plan_pages(facts: Facts, look: Look) -> Iterator[Planned]:
    """The edits that bring the pages up to date, the first page last; and what is wrong there."""
    shown = {key_of(each): each for each in facts.differences}
    sheets = _sheets(facts, look)
    yield from (_finding(look, sheet, sheet.fault) for sheet in sheets if sheet.fault)
    if sheets[0].fault and sheets[0].text is None:
        return
    taken_away, waiting = _place(shown, sheets, facts, look)
    there = {sheet.number: _on(sheet, shown) for sheet in sheets}
    counts = words.Counts(
        kinds={kind: sum(d.kind == kind for d in shown.values()) for kind in _KINDS},
        pages={sheet.title: len(there[sheet.number]) for sheet in sheets},
        taken_away=taken_away,
        waiting=waiting,
    )
    closed = _closed(facts, shown)
    for sheet in reversed(sheets):
        if sheet.fault or (sheet.text is None and not (there[sheet.number] or sheets[1:])):
            continue
        yield from _write(sheet, there[sheet.number], shown, counts, closed, facts, look)


def key_of(difference: Difference) -> RowKey:
    """Which row a difference has."""
    # What is no text can't stand on a page.
    slot = difference.slot.encode("utf-8", "replace").decode()
    return RowKey(difference.item, slot, difference.pair)


def revisions_before(base: Mapping[str, JSON]) -> dict[str, int]:
    """Of a page's base: row → the page's revision before it was put there."""
    rows = base.get(ROWS)
    if not isinstance(rows, dict):
        return {}
    return {key: revid for key, revid in rows.items() if isinstance(revid, int)}


def _sheets(facts: Facts, look: Look) -> list[_Sheet]:
    """The pages that there are, and the first one."""
    sheets = []
    for number in range(1, MOST_PAGES + 1):
        title = page_title(look.config, look.dataset, number)
        page, left = facts.pages.get(title), revisions_before(facts.bases.get(title, {}))
        if number == 1 or left or (page is not None and page.text is not None):
            sheets.append(_read(_Sheet(number, title, page, left), look))
    return sheets


def _read(sheet: _Sheet, look: Look) -> _Sheet:
    text = sheet.text
    if text is None:
        if sheet.left:
            sheet.fault = Message("report-page-gone")
        return sheet
    region = find_region(text, REGION)
    for row in rows_in(text, look.dataset):
        if isinstance(region, Region) and not region.start <= row.start < region.end:
            sheet.moved.add(row.key)
        else:
            sheet.rows.setdefault(row.key, row)
    unclosed = find_unclosed(text, [TEMPLATE])
    if isinstance(region, RegionProblem):
        sheet.fault = _region_message(region)
    elif unclosed:
        sheet.fault = Message("report-row-unclosed", {"line": str(unclosed[0].line)})
    else:
        sheet.region = region
    return sheet


def _place(
    shown: Mapping[RowKey, Difference], sheets: list[_Sheet], facts: Facts, look: Look
) -> tuple[int, int]:
    """Put each new row on a page; how many people took away, and how many have no place."""
    placed = {key for sheet in sheets for key in (*sheet.rows, *sheet.moved)}
    left = {short for sheet in sheets for short in sheet.left}
    new = [key for key in sorted(shown, key=_order(shown)) if key not in placed]
    fresh = [key for key in new if key.short not in left]
    room = _room(sheets, shown, facts, look)
    waiting = 0
    for key in fresh:
        sheet = next(room, None)
        if sheet is None:
            waiting += 1
        else:
            sheet.new.append(key)
    return len(new) - len(fresh), waiting


def _room(
    sheets: list[_Sheet], shown: Mapping[RowKey, Difference], facts: Facts, look: Look
) -> Iterator[_Sheet]:
    """A page for each next row; new pages are appended to `sheets`."""
    number = 0
    while number < MOST_PAGES:
        number += 1
        sheet = next((each for each in sheets if each.number == number), None)
        if sheet is None:
            title = page_title(look.config, look.dataset, number)
            sheet = _Sheet(number, title, facts.pages.get(title), {})
        if sheet.fault:
            continue
        for _ in range(ROWS_A_PAGE - sum(key in shown for key in sheet.rows)):
            if sheet not in sheets:
                sheets.append(sheet)
                sheets.sort(key=lambda each: each.number)
            yield sheet


def _on(sheet: _Sheet, shown: Mapping[RowKey, Difference]) -> list[RowKey]:
    """The rows that will be on a page, in their order; those of a page left alone as they are."""
    if sheet.fault:
        return list(sheet.rows)
    return sorted([*(key for key in sheet.rows if key in shown), *sheet.new], key=_order(shown))


def _order(shown: Mapping[RowKey, Difference]) -> Callable[[RowKey], tuple[int, int, str, str]]:
    def place(key: RowKey) -> tuple[int, int, str, str]:
        kind = shown[key].kind
        at = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
        digits = key.item[1:]
        return at, int(digits) if digits.isdigit() else 0, key.slot, key.pair

    return place


def _closed(facts: Facts, shown: Mapping[RowKey, Difference]) -> list[Decision]:
    """The decisions that were carried out, the newest first."""
    done = [
        each
        for each in facts.decisions
        if RowKey(each.target.title, each.slot, each.pair) not in shown
    ]
    done.sort(key=lambda each: (each.decided, each.revid, each.slot), reverse=True)
    return done[:CLOSED_SHOWN]


def _write(
    sheet: _Sheet,
    keys: Sequence[RowKey],
    shown: Mapping[RowKey, Difference],
    counts: words.Counts,
    closed: Sequence[Decision],
    facts: Facts,
    look: Look,
) -> Iterator[Planned]:
    body = _body(sheet, keys, shown, counts, closed, facts, look)
    if sheet.text is None or sheet.region is None:
        text = f"{words.begin(look, REGION)}{body}<!-- hubbot:{REGION} end -->"
    else:
        text = replace_region(sheet.text, REGION, body)
    if text == sheet.text:
        return
    if [row.key for row in rows_in(text, look.dataset) if row.key in keys] != list(keys):
        # What people wrote would hide or double a row.
        yield _finding(look, sheet, Message("report-page-entangled"))
        return
    gone = [row for row in sheet.rows if row not in shown]
    yield Edit(
        target=Target(look.config.hub, sheet.title),
        change=PageText(
            text=text,
            before=sheet.text,
            base_revid=sheet.page.revid if sheet.page else None,
            base_timestamp=sheet.page.timestamp if sheet.page else None,
        ),
        summary=Message("report-summary", {"num_open": len(keys)}),
        reasons=(Message("report-why", {"num_new": len(sheet.new), "num_closed": len(gone)}),),
        leaves={ROWS: _leaves(sheet, keys, shown)},
        key=f"report:{sheet.title}",
    )


def _body(
    sheet: _Sheet,
    keys: Sequence[RowKey],
    shown: Mapping[RowKey, Difference],
    counts: words.Counts,
    closed: Sequence[Decision],
    facts: Facts,
    look: Look,
) -> str:
    parts: list[tuple[str | RowKey, str]] = [("summary", words.summary(look, sheet.number, counts))]
    kind = ""
    for key in keys:
        difference = shown[key]
        if difference.kind != kind:
            kind = difference.kind
            here = sum(shown[each].kind == kind for each in keys)
            parts.append((f"section-{kind}", words.section(look, kind, here)))
        written = sheet.rows.get(key)
        parts.append((key, words.row(look, difference, key, written, facts.answers)))
    if sheet.number == 1 and closed:
        parts.append(("closed", words.closed(look, closed)))
    return compose(parts, _people(sheet))


def _people(sheet: _Sheet) -> Iterable[Kept]:
    if sheet.text is None or sheet.region is None:
        return ()
    return people_in(sheet.text, sheet.region, sheet.rows.values())


def _leaves(
    sheet: _Sheet, keys: Sequence[RowKey], shown: Mapping[RowKey, Difference]
) -> dict[str, int]:
    """The rows that we leave on the page, and those that people took away while they are open."""
    rows = {key.short: sheet.left.get(key.short, 0) for key in keys if key not in sheet.new}
    rows |= {key.short: sheet.revid for key in sheet.new}
    still = {key.short for key in shown}
    rows |= {
        short: revid for short, revid in sheet.left.items() if short in still and short not in rows
    }
    return rows


def _finding(look: Look, sheet: _Sheet, message: Message) -> Finding:
    return Finding(target=Target(look.config.hub, sheet.title), message=message)


def _region_message(problem: RegionProblem) -> Message:
    begin, end = f"<!-- hubbot:{REGION} begin -->", f"<!-- hubbot:{REGION} end -->"
    lines = [str(line) for line in problem.lines]
    key = RegionFault(problem.fault).value
    return Message(key, {"list_lines": lines, "begin": begin, "end": end})
