"""Reads the pages with rows, and what HubBot left on them: few requests, none for what is empty."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import count

from bots.core.outcome import Failed, NotReachedError
from bots.core.plan import JSON, Judged, Target
from bots.core.store import Store
from bots.core.wikitext import TemplateCall
from bots.datasets.choices import rowsheets
from bots.datasets.choices.rowpages import Kind, Left, rows_in
from bots.datasets.choices.rowsheets import ROWS, Sheet, Sheets
from bots.wiki.desk import Desk
from bots.wiki.pages import Page

TitleOf = Callable[[int], str]
"""The title of the page with this number, from 1."""


class RowPages:
    """The pages of one bot on one wiki. Reading raises `NotReachedError`."""

    def __init__(self, desk: Desk, store: Store, site: str, bot: str) -> None:
        self._desk = desk
        self._store = store
        self._site = site
        self._bot = bot

    def target(self, title: str) -> Target:
        """Where a page is."""
        return Target(self._site, title)

    def base(self, title: str) -> dict[str, JSON]:
        """What HubBot left on a page."""
        return self._store.base(self._bot, self.target(title))

    def left(self, title_of: TitleOf) -> dict[int, Sheet]:
        """The pages that rows were ever put on, unread."""
        sheets: dict[int, Sheet] = {}
        for number in count(1):
            title = title_of(number)
            base = self.base(title)
            if ROWS not in base:
                break
            sheets[number] = Sheet(self.target(title), base[ROWS])
        return sheets

    def read(self, titles: Iterable[str]) -> dict[str, Page]:
        """Pages by their titles; one that can't be read is not taken for empty."""
        wanted = list(titles)
        found = self._desk.read_pages(self._site, wanted) if wanted else ()
        pages = {page.asked: page for page in found}
        for page in pages.values():
            if page.fault:
                info = f"{page.target}: {page.fault}"
                raise NotReachedError(Failed(code="unreadable", info=info))
        return pages

    def standing(self, title_of: TitleOf, kind: Kind) -> Iterator[Judged]:
        """What to know again of the pages that there are, for a lost store.

        Which rows we put there is taken from the pages, but not what we wrote in them: it may be
        people's by now, and stays.
        """
        for number in count(1):
            title = title_of(number)
            text = self.read([title])[title].text
            if text is None:
                return
            if ROWS not in self.base(title):
                rows: Left = {row.key: {} for row in rows_in(text, kind)[0]}
                yield Judged(target=self.target(title), leaves={ROWS: rows})

    def to_write(
        self, sheets: Sheets, keys: Collection[str], kind: Kind, title_of: TitleOf
    ) -> Sheets:
        """The pages with those read on which rows with these keys belong."""
        while numbers := rowsheets.to_read(sheets, keys, kind):
            more = {
                number: sheets.get(number) or Sheet(self.target(title_of(number)), {})
                for number in numbers
            }
            pages = self.read(sheet.target.title for sheet in more.values())
            sheets = {**sheets, **with_pages(more, pages)}
        return sheets


def with_pages(sheets: Sheets, pages: dict[str, Page]) -> dict[int, Sheet]:
    """The sheets, with those pages that were read."""
    return {
        number: replace(sheet, page=pages.get(sheet.target.title, sheet.page))
        for number, sheet in sheets.items()
    }


def is_answered(call: TemplateCall, kind: Kind) -> bool:
    """Whether somebody has written an answer into a row, readable or not."""
    return any(each.name == kind.answer and each.value for each in call.parameters)
