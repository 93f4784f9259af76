"""Reads what the pages of what is missing are made of: from the store, and few pages, if any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from bots.core.config import HubConfig, SiteNumbers
from bots.core.messages import Messages, Ready
from bots.core.plan import Target
from bots.core.planpage import task_link
from bots.core.store import Store
from bots.datasets.choices import finding
from bots.datasets.choices.rowio import RowPages
from bots.datasets.choices.rowpages import ROWS_A_PAGE, Row
from bots.datasets.choices.rowsheets import MOST_PAGES, left_on
from bots.datasets.gaps import pages
from bots.datasets.gaps.lacking import GapRule, Looked, State, counted
from bots.datasets.gaps.pages import FILLED, GAPS, SHOWN, Counted, Facts, List, Look
from bots.datasets.mapping import Dataset
from bots.datasets.mapping.parts import Gaps
from bots.wiki.desk import Desk

_MOST_ROWS = ROWS_A_PAGE * MOST_PAGES


class Watching:
    """What is missing of one dataset's records."""

    def __init__(
        self,
        dataset: Dataset,
        gaps: Gaps,
        config: HubConfig,
        desk: Desk,
        store: Store,
        messages: Messages,
    ) -> None:
        self._dataset = dataset
        self._config = config
        self._desk = desk
        self._store = store
        self._messages = messages
        self._pages = RowPages(desk, store, config.hub, dataset.id)
        self.rule = rule_of(gaps, config.numbers_of(dataset.site))

    def facts(self, judged: Mapping[str, Looked]) -> Facts:
        """The pages that change, by record what a run found out. Raises `NotReachedError`."""
        lists = [self._list(lack, judged) for lack in self.rule.lists]
        return Facts(counts=self._counted(judged), lists=[each for each in lists if each])

    def _counted(self, judged: Mapping[str, Looked]) -> Counted | None:
        """The page with counts; None where it says them already."""
        counts = counted((state for _, _, state in self._states(judged)), self.rule)
        digest = pages.digest(counts, self.rule)
        target = self._pages.target(pages.title(self._account, self._id))
        if self._pages.base(target.title).get(SHOWN) == digest:
            return None
        look = self._look(self.rule.lacks)
        lists = {lack: pages.title(self._account, self._id, lack) for lack in self.rule.lists}
        return Counted(
            target=target,
            page=self._pages.read([target.title])[target.title],
            intro=look.say("gaps-intro", dataset=self._task()),
            body=pages.counts_text(counts, self.rule, look, lists),
            digest=digest,
        )

    @property
    def _id(self) -> str:
        return self._dataset.id

    @property
    def _account(self) -> str:
        return self._config.account

    def _states(self, judged: Mapping[str, Looked]) -> Iterator[tuple[str, str, State]]:
        """Every record with its item and what it lacks, as far as that is known."""
        for known, raw in self._store.gaps(self._id):
            if known.record not in judged:
                yield known.record, known.title.rpartition(":")[2], State.of(raw)
        for record, (item, state) in judged.items():
            if state is not None:
                yield record, item, state

    def _list(self, lack: str, judged: Mapping[str, Looked]) -> List | None:
        title_of = partial(pages.title, self._account, self._id, lack)
        sheets = self._pages.left(title_of)
        left = left_on(sheets)
        rows: dict[str, Row] = {}
        items_at = self._items_at()
        for key, item, state in self._states(judged):
            if lack in state.lacks and (key in left or len(rows) < _MOST_ROWS):
                rows[key] = pages.row(key, item, state, items_at)
        filled = {
            key
            for sheet in sheets.values()
            for key in self._pages.base(sheet.target.title).get(FILLED, ())
        }
        if pages.is_current(left, filled, rows):
            return None
        look = self._look([lack])
        above = look.say("gaps-list-intro", what=look.called(lack), dataset=self._task())
        read = self._pages.to_write(sheets, [*left, *rows], GAPS, title_of)
        return List(sheets=read, rows=rows, above=f"__NOTOC__\n{above}")

    def _task(self) -> Ready:
        return task_link(self._config, self._id, self._dataset.title)

    def _items_at(self) -> str:
        """What comes before an item's id in its address."""
        entities = self._desk.entities(self._dataset.site)
        one = self._desk.page_url(Target(self._dataset.site, entities.title("Q1")))
        return one.removesuffix("Q1")

    def _look(self, lacks: Sequence[str]) -> Look:
        language = self._desk.language(self._config.hub)
        named = [lack for lack in lacks if lack[:1] == "P"]
        entities = self._desk.entities(self._dataset.site)
        labels = finding.labels(entities, named, language) if named else {}
        return Look(self._messages, language, labels)


def rule_of(gaps: Gaps, numbers: SiteNumbers) -> GapRule:
    """What a mapping looks for, in the site's numbers."""

    def numbered(lacks: list[str]) -> tuple[str, ...]:
        return tuple(numbers.here(each) if each[:1] == "P" else each for each in lacks)

    return GapRule(numbered(gaps.lacks), tuple(gaps.by), numbered(gaps.lists))
