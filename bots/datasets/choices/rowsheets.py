"""Rows on as many pages as they need: which go where, and what brings the pages up to date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bots.core.messages import Message
from bots.core.plan import JSON, Edit, Finding, Judged, PageText, Planned, Target
from bots.core.ports import PageRead
from bots.datasets.choices.rowpages import (
    ROWS_A_PAGE,
    Kind,
    Left,
    Row,
    Updated,
    lay_out,
    new_page,
    rows_in,
    update,
)

ROWS = "rows"
"""The slot of a page's base: what HubBot left there (`rowpages.Left`)."""

MOST_PAGES = 20
"""What does not fit on so many pages waits until there is room."""


@dataclass(frozen=True)
class Sheet:
    """One of the pages. `left`: what HubBot left there; `page` None: it has not been read."""

    target: Target
    left: Left
    page: PageRead | None = None

    @property
    def is_gone(self) -> bool:
        """Whether people deleted it, with rows of ours on it."""
        return bool(self.left) and self.page is not None and self.page.text is None


Sheets = Mapping[int, Sheet]
"""The pages that there are, by number, from 1."""


@dataclass(frozen=True)
class Renewed:
    """What becomes of a page that was read."""

    sheet: Sheet
    updated: Updated

    @property
    def new(self) -> int:
        """How many rows are new on it."""
        return len(self.updated.left.keys() - self.sheet.left.keys())


def left_on(sheets: Sheets) -> dict[str, Mapping[str, str]]:
    """Row's key → what HubBot left in it, of all pages."""
    return {key: values for sheet in sheets.values() for key, values in sheet.left.items()}


def room(sheets: Sheets) -> int:
    """How many more rows there is room for; none where people have deleted a page."""
    if any(sheet.is_gone for sheet in sheets.values()):
        return 0
    return ROWS_A_PAGE * MOST_PAGES - len(left_on(sheets))


def to_read(sheets: Sheets, keys: Iterable[str], kind: Kind) -> list[int]:
    """The numbers of pages that have to be read before rows with these keys are put somewhere."""
    placed = _placed(sheets, keys, kind)
    return [
        number
        for number, some in placed.items()
        if some and (number not in sheets or sheets[number].page is None)
    ]


def renew(
    sheets: Sheets, rows: Mapping[str, Row], kind: Kind, above: str, done: Collection[str] = ()
) -> list[Renewed]:
    """The pages with exactly these rows waiting, as far as people let them; see `rowpages.update`.

    Pages that were not read, or that people have deleted, are left out.
    """
    placed = _placed(sheets, rows, kind)
    found = []
    for number, sheet in sorted(sheets.items()):
        if sheet.page is None or sheet.is_gone:
            continue
        mine = [rows[key] for key in placed.get(number, ())]
        if sheet.page.text is not None:
            updated = update(sheet.page.text, sheet.left, mine, kind, done)
            found.append(Renewed(sheet, updated))
        elif mine:
            found.append(Renewed(sheet, Updated(*new_page(mine, kind, above), {})))
    return found


def planned(
    sheets: Sheets,
    renewed: Iterable[Renewed],
    summary: Callable[[Renewed], Message],
    beside: Callable[[Left], Mapping[str, JSON]] = lambda _left: {},
    after: str = "",
) -> Iterator[Planned]:
    """The pages' edits and findings. `beside`: other slots of a page, from what is left there.

    `after`: the key of the edit that keeps what is taken out of the pages.
    """
    for sheet in sheets.values():
        if sheet.is_gone:
            yield Finding(target=sheet.target, message=Message("choosing-page-gone"))
    for each in renewed:
        sheet, page, updated = each.sheet, each.sheet.page, each.updated
        yield from (trouble.finding(sheet.target) for trouble in updated.troubles)
        leaves = {ROWS: updated.left, **beside(updated.left)}
        if page is None or updated.text == page.text:
            yield Judged(target=sheet.target, leaves=leaves)
            continue
        yield Edit(
            target=sheet.target,
            change=page_text(page, updated.text),
            summary=summary(each),
            leaves=leaves,
            key=f"{_KEY}{sheet.target.title}",
            after=after if updated.taken_out else "",
        )


def page_text(page: PageRead, text: str) -> PageText:
    """The change that gives a page, as it was read, another text; or makes it."""
    return PageText(
        text=text, before=page.text, base_revid=page.revid, base_timestamp=page.timestamp
    )


_KEY = "rows:"


def _placed(sheets: Sheets, keys: Iterable[str], kind: Kind) -> dict[int, list[str]]:
    """Page's number → the keys whose rows belong there."""
    there = {number: set(sheet.left) | _standing(sheet, kind) for number, sheet in sheets.items()}
    laid = lay_out(there, keys)
    return {number: some for number, some in laid.items() if number <= MOST_PAGES}


def _standing(sheet: Sheet, kind: Kind) -> set[str]:
    text = sheet.page.text if sheet.page else None
    return {row.key for row in rows_in(text, kind)[0]} if text else set()
