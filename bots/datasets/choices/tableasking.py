"""Asks people on wiki pages which items a source's values are, and gives what they answered."""

from __future__ import annotations

from collections.abc import Iterator

from bots.core.config import HubConfig, SiteNumbers
from bots.core.messages import Message
from bots.core.plan import Finding, Judged, Target
from bots.core.planpage import task_link
from bots.core.store import Decision, Store
from bots.datasets.choices import finding as finding_candidates
from bots.datasets.choices import rowsheets, tablepages, valuepages
from bots.datasets.choices.choosing import Values, not_there
from bots.datasets.choices.counted import Answer, Counting
from bots.datasets.choices.matchpages import Look
from bots.datasets.choices.rowio import RowPages, TitleOf, is_answered, with_pages
from bots.datasets.choices.rowpages import rows_in
from bots.datasets.choices.rowsheets import Sheet
from bots.datasets.choices.valuepages import VALUES
from bots.datasets.mapping import Dataset
from bots.datasets.mapping.parts import SnakTake
from bots.wiki.entities import Entities
from bots.wiki.pages import Page

_VALUE = "value"
"""The pair of a decision about a value: it is about the value alone."""


class TableAsking:
    """What people are asked about the values of one table."""

    def __init__(
        self, dataset: Dataset, table: str, config: HubConfig, pages: RowPages, counting: Counting
    ) -> None:
        self.table = table
        self._dataset = dataset
        self._config = config
        self._pages = pages
        self._counting = counting
        self._title = page_titles(dataset, table, config)
        self._sheets: dict[int, Sheet] = pages.left(self._title)

    @property
    def titles(self) -> list[str]:
        """The pages that have rows."""
        return [sheet.target.title for sheet in self._sheets.values() if sheet.left]

    def standing(self) -> Iterator[Judged]:
        """What to know again of the pages, for a lost store."""
        return self._pages.standing(self._title, VALUES)

    def read(self, pages: dict[str, Page], entities: Entities) -> Iterator[Finding]:
        """Keep the answers that count, of these pages; what is wrong with others is told.

        Raises `NotReachedError`.
        """
        self._sheets = with_pages(self._sheets, pages)
        answers: list[Answer] = []
        blank: list[tuple[str, str]] = []
        for sheet in self._sheets.values():
            text = sheet.page.text if sheet.page else None
            if text is None:
                continue
            filled, troubles = valuepages.parse_table(text)
            yield from (trouble.finding(sheet.target) for trouble in troubles)
            rows = rows_in(text, VALUES)[0]
            blank += [(row.key, _VALUE) for row in rows if not is_answered(row.call, VALUES)]
            answers += [
                Answer(sheet.target, value, item, _VALUE)
                for value, item in filled.items()
                if tablepages.fits(value)
            ]
        said = list(self._counting.count(answers, blank))
        yield from (each for each in said if isinstance(each, Finding))
        yield from self._refused([each for each in said if isinstance(each, Decision)], entities)

    def facts(self, values: Values, entities: Entities, look: Look) -> tablepages.Facts:
        """What the pages are made of; proposals are looked for. Raises `NotReachedError`."""
        counts = {
            value: number
            for (table, value), number in values.counts.items()
            if table == self.table and tablepages.fits(value)
        }
        left = rowsheets.left_on(self._sheets)
        most = min(self._dataset.match.people_at_once, rowsheets.room(self._sheets))
        new = [value for value in counts if value not in left][:most]
        task = task_link(self._config, self._dataset.id)
        return tablepages.Facts(
            sheets=self._pages.to_write(self._sheets, [*left, *new], VALUES, self._title),
            counts=counts,
            exact=values.exact,
            proposals=dict(finding_candidates.proposals(entities, new, look.language)),
            look=look,
            above=valuepages.above(look, task, self.table, self._config.trusted_groups),
        )

    def _refused(self, decisions: list[Decision], entities: Entities) -> Iterator[Finding]:
        """Take back what names an item that can't be taken."""
        found = dict(entities.read({each.choice for each in decisions}))
        numbers = self._config.numbers_of(self._dataset.site).items
        for each in decisions:
            why = not_there(each.choice, found[each.choice])
            if why is None and each.choice in numbers and each.choice not in numbers.values():
                why = Message("choosing-value-number", {"item": each.choice})
            if why is not None:
                self._counting.take_back(each)
                yield Finding(target=each.target, message=why, where=each.slot)


def page_titles(dataset: Dataset, table: str, config: HubConfig) -> TitleOf:
    """The titles of a table's pages."""
    first = dataset.tables[table].page
    if first is None:
        return lambda number: valuepages.title(config.account, dataset.id, table, number)
    return lambda number: first if number == 1 else f"{first}/{number}"


def completed(dataset: Dataset, config: HubConfig, store: Store) -> dict[str, dict[str, str]]:
    """What people have completed the tables with, in Wikidata's numbers, as `Mapper` wants it."""
    numbers = config.numbers_of(dataset.site)
    found = {}
    for table in item_tables(dataset):
        about = Target(config.hub, page_titles(dataset, table, config)(1))
        decisions = store.decisions(dataset.id, about)
        found[table] = {each.slot: _wikidatas(each.choice, numbers) for each in decisions}
    return found


def item_tables(dataset: Dataset) -> list[str]:
    """The tables whose values become items, each once."""
    made = dataset.create
    takes: list[SnakTake] = [*dataset.statements, *(made.statements if made else ())]
    takes += [each for take in dataset.statements for each in take.qualifiers]
    takes += [each for take in dataset.statements for each in take.reference or ()]
    takes += dataset.reference
    return list(
        dict.fromkeys(take.table for take in takes if take.table and take.kind() == "wikibase-item")
    )


def _wikidatas(item: str, numbers: SiteNumbers) -> str:
    """What Wikidata calls an item of the site."""
    return next((there for there, here in numbers.items.items() if here == item), item)
