"""Asks people on wiki pages which items records and values are, and reads what they answered.

Nothing is asked of the wiki where no row waits and there is nothing new to ask about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count

from bots.core.config import HubConfig, SiteNumbers
from bots.core.messages import Message, Messages, Ready
from bots.core.plan import Finding, Judged, Target
from bots.core.planpage import task_link
from bots.core.ports import Progress, silent
from bots.core.store import Decision, Known, Store
from bots.datasets.choices import finding as finding_candidates
from bots.datasets.choices import matchpages, rowsheets, valuepages
from bots.datasets.choices.candidates import Judgement, Roles, roles
from bots.datasets.choices.choosing import (
    COUNT,
    DIGESTS,
    Facts,
    Queue,
    Searched,
    Values,
    carried_out,
    row_digest,
    shown_items,
)
from bots.datasets.choices.counted import Answer, Counting
from bots.datasets.choices.matchpages import MATCHES, Look
from bots.datasets.choices.rowio import RowPages, is_answered, with_pages
from bots.datasets.choices.rowpages import ROWS_A_PAGE, rows_in
from bots.datasets.choices.rowsheets import Sheets
from bots.datasets.choices.tableasking import TableAsking, item_tables, page_titles
from bots.datasets.mapping import Dataset
from bots.datasets.read import Sources
from bots.datasets.source.keys import LONGEST_KEY
from bots.wiki.desk import Desk
from bots.wiki.pages import Page


class Asking:
    """What people are asked about one dataset. What reads raises `NotReachedError`.

    - `page`: the first page with records. `creates`: whether the mapping lets items be made.
    - `chosen`: record's key → the item that people chose, "" for a new one.
    - `sources`: to be set before the records are judged. `progress`: is told how far a search is.
    """

    sources: Sources

    def __init__(
        self,
        dataset: Dataset,
        config: HubConfig,
        desk: Desk,
        store: Store,
        messages: Messages,
        now: datetime,
    ) -> None:
        self.progress: Progress = silent
        self._dataset = dataset
        self._config = config
        self._desk = desk
        self._store = store
        self._messages = messages
        self._now = now
        self._entities = desk.entities(dataset.site)
        self._pages = RowPages(desk, store, config.hub, dataset.id)
        self.page = self._pages.target(self._title(1))
        self.creates = dataset.create is not None
        self.chosen: dict[str, str] = {}
        self.queue = Queue({}, (), {}, 0, 0)
        self._sheets: Sheets = {}
        self._digests: dict[str, str] = {}
        self._decided: dict[str, Decision] = {}
        self._known: Mapping[str, Known] = {}
        self._tables = [
            TableAsking(
                dataset, table, config, self._pages, self._counting(first, valuepages.answers_in)
            )
            for table in item_tables(dataset)
            for first in [self._pages.target(page_titles(dataset, table, config)(1))]
        ]

    def read(self) -> list[Finding]:
        """Read the pages that have rows, and which answers count; what is wrong with others."""
        wanted = self._dataset.match.people
        asks = bool(self._dataset.terms) if wanted is None else wanted
        self._sheets = self._pages.left(self._title) if asks else {}
        titles = [sheet.target.title for sheet in self._sheets.values() if sheet.left]
        pages = self._pages.read(
            [*titles, *(title for each in self._tables for title in each.titles)]
        )
        self._sheets = with_pages(self._sheets, pages)
        found = [each for table in self._tables for each in table.read(pages, self._entities)]
        return [*found, *self._read_answers()] if asks else found

    def standing(self) -> Iterator[Judged]:
        """What to know again of the pages, for a lost store."""
        yield from self._pages.standing(self._title, MATCHES)
        for table in self._tables:
            yield from table.standing()

    def search(self) -> Searched:
        """Look for the items of the queue's records by name."""
        cases = {case.key: case for case in self.queue.cases()}
        records = [case.record for case in cases.values() if case.record is not None]
        language = self._desk.language(self._config.hub)
        judged = finding_candidates.find(
            self._entities, records, self._roles(), language, self.progress
        )
        certain = [
            replace(cases[each.key], item=each.certain, chosen=True)
            for each in judged
            if self._dataset.match.certain and each.certain
            if each.certain not in shown_items(self._sheets, each.key)
        ]
        self.sources.chosen = {**self.sources.chosen, **{case.key: case.item for case in certain}}
        return Searched(
            {each.key: each for each in judged}, self.sources.batch(certain) if certain else None
        )

    def pages(
        self, judgements: Mapping[str, Judgement], taken: Collection[str], values: Values
    ) -> Facts:
        """What the pages are made of, with those read that rows go to."""
        cases = {case.key: case for case in self.queue.cases()}
        fresh = {key: (cases[key], each) for key, each in judgements.items() if key not in taken}
        done = {
            key: decision.user
            for key, decision in self._decided.items()
            if carried_out(decision, self._item(key))
        }
        left = rowsheets.left_on(self._sheets)
        waiting = [key for key in left if key not in done and key not in taken and self._waits(key)]
        site = self._roles()
        named = {
            each
            for case, judgement in fresh.values()
            if case.record is not None
            for each in matchpages.ids_named(case.record, judgement, site)
        }
        look = self._look(named)
        return Facts(
            sheets=self._pages.to_write(self._sheets, [*waiting, *fresh], MATCHES, self._title),
            digests=self._digests,
            waiting=waiting,
            fresh=fresh,
            done=done,
            archive=self._archive() if done else None,
            look=look,
            roles=site,
            above=matchpages.above(look, self._task(), self._config.trusted_groups),
            day=self._now.date().isoformat(),
            tables=tuple(each.facts(values, self._entities, look) for each in self._tables),
        )

    def _task(self) -> Ready:
        return task_link(self._config, self._dataset.id)

    def _title(self, number: int) -> str:
        return matchpages.title(self._config.account, self._dataset.id, number)

    def _counting(
        self, about: Target, said: Callable[[str], Collection[tuple[str, str]]]
    ) -> Counting:
        dataset, partner = self._dataset.id, self._dataset.partner_accounts
        return Counting(
            self._desk, self._store, self._config, dataset, about, partner, self._now, said
        )

    def _read_answers(self) -> Iterator[Finding]:
        """Which decisions count, and so who is to be asked about what in this run."""
        for sheet in self._sheets.values():
            kept = self._pages.base(sheet.target.title).get(DIGESTS)
            self._digests |= kept if isinstance(kept, dict) else {}
        answers: dict[str, Answer] = {}
        answered: set[str] = set()
        blank: set[str] = set()
        for sheet in self._sheets.values():
            text = (sheet.page.text if sheet.page else None) or ""
            decisions, troubles = matchpages.parse(text)
            yield from (trouble.finding(sheet.target) for trouble in troubles)
            for row in rows_in(text, MATCHES)[0]:
                (answered if is_answered(row.call, MATCHES) else blank).add(row.key)
            for each in decisions:
                choice = each.item or each.choice
                if len(each.key) <= LONGEST_KEY:
                    answers.setdefault(each.key, Answer(sheet.target, each.key, choice, ""))
        keys = {*rowsheets.left_on(self._sheets), *answered}
        self._known = self._store.known(self._dataset.id, keys)
        counting = self._counting(self.page, matchpages.answers_in)
        told = [replace(each, pair=self._pair(each.key)) for each in answers.values()]
        said = counting.count(told, [(key, self._pair(key)) for key in blank - answered])
        yield from (each for each in said if isinstance(each, Finding))
        decided = counting.kept()
        self._decided = {
            each.slot: each
            for each in decided
            if each.slot in answers
            if (each.choice, each.pair) == (answers[each.slot].choice, self._pair(each.slot))
        }
        yield from self._moot()
        newest = {each.slot: each.choice for each in decided}
        self.chosen = {
            key: "" if choice == "new" else choice
            for key, choice in newest.items()
            if choice != "none"
        }
        declined: dict[str, set[str]] = {}
        for one in decided:
            if one.choice == "none":
                declined.setdefault(one.slot, set()).add(one.pair)
        most, free = self._dataset.match.people_at_once, rowsheets.room(self._sheets)
        self.queue = Queue(self._digests, answered, declined, most, free)

    def _pair(self, key: str) -> str:
        """What the record said when its row was written, or else when it was judged last."""
        known = self._known.get(key)
        return row_digest(self._digests.get(key) or (known.digest if known else ""))

    def _item(self, key: str) -> str:
        known = self._known.get(key)
        return known.title.rpartition(":")[2] if known else ""

    def _moot(self) -> Iterator[Finding]:
        """The rows whose record has become another item in the meantime."""
        for key, decision in self._decided.items():
            item = self._item(key)
            if item and not carried_out(decision, item):
                said = Message("choosing-already", {"answer": decision.choice, "item": item})
                yield Finding(target=self.page, message=said, where=key)

    def _waits(self, key: str) -> bool:
        settled = key in self.queue.settled or bool(self._item(key))
        return not settled and not self.sources.lacks(key)

    def _archive(self) -> tuple[Target, Page]:
        """The last page of the archive, or a new one where that is full."""
        for number in count(1):
            title = matchpages.archive_title(self._config.account, self._dataset.id, number)
            if self._pages.base(title).get(COUNT, 0) < ROWS_A_PAGE:
                break
        return self._pages.target(title), self._pages.read([title])[title]

    def _roles(self) -> Roles:
        numbers = self._config.numbers_of(self._dataset.site)
        rule = self.sources.rule
        kinds = _kinds(self._dataset, numbers)
        return roles(numbers, kinds, {rule.property: rule.normalisers})

    def _look(self, named: Collection[str]) -> Look:
        language = self._desk.language(self._config.hub)
        one = self._desk.page_url(Target(self._dataset.site, self._entities.title("Q1")))
        labels = finding_candidates.labels(self._entities, named, language) if named else {}
        return Look(self._messages, language, one.removesuffix("Q1"), labels)


def _kinds(dataset: Dataset, numbers: SiteNumbers) -> set[str]:
    """All items that the records' types may become."""
    found: set[str] = set()
    for take in dataset.statements:
        if take.property == Roles().type:
            found |= {take.item} if take.item else set()
            for items in dataset.lookups.get(take.table or "", {}).values():
                found.update(items)
    return {numbers.here(each) for each in found}
