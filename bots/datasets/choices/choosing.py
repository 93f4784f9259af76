"""People say which item a record is: whom to ask about, what they chose, and the pages for it."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from bots.core.messages import Message
from bots.core.plan import JSON, Edit, Planned, Target
from bots.core.ports import PageRead
from bots.core.store import Decision
from bots.core.wikibase.model import Missing, Redirect
from bots.core.wikitext import find_templates
from bots.datasets.choices import matchpages, rowsheets, tablepages
from bots.datasets.choices.candidates import Judgement, Roles
from bots.datasets.choices.matchpages import MATCHES, Look
from bots.datasets.choices.rowpages import HEADING, Row
from bots.datasets.choices.rowsheets import Renewed, Sheets, page_text
from bots.datasets.facts import Record
from bots.datasets.matching.judging import Doubtful, MatchRule, Why
from bots.datasets.read import Batch, Case, Found, says_something

CHOSEN = "chosen"
"""The slot of an item's base with the key of the record for which it was chosen."""
DIGESTS = "digests"
"""The slot of a page's base: row's key → as what the record was judged when the row was written."""
COUNT = "count"
"""The slot of an archive page's base: how many rows it has."""

ARCHIVE = "match:archive"
"""The key of the edit that archives rows."""

_ROW_DIGEST = 32


def row_digest(digest: str) -> str:
    """Of a case's digest, what the source says, whatever the mapping makes of it."""
    return digest[:_ROW_DIGEST]


class Queue:
    """Which of the records without an item people are to be asked about in this run.

    - `digests`: row's key → as what its record was judged when the row was put on a page.
    - `answered`: the keys of rows in which somebody has written an answer.
    - `declined`: record's key → what it said (`row_digest`) when people said that it has no item.
    - `most`: of so many records items are looked for; `room`: rows for which the pages have room.
    """

    def __init__(
        self,
        digests: Mapping[str, str],
        answered: Container[str],
        declined: Mapping[str, Collection[str]],
        most: int,
        room: int,
    ) -> None:
        self._digests = digests
        self._answered = answered
        self._declined = declined
        self._most = most
        self._room = min(most, room)
        self._reserved: dict[bool, set[str]] = {True: set(), False: set()}
        self._new: dict[str, Case] = {}
        self._changed: dict[str, Case] = {}
        self.settled: set[str] = set()

    def wants(self, key: str, digest: str) -> bool:
        """Whether this record is to be looked at, so that people can be asked; it has its place."""
        is_new = key not in self._digests
        if key in self._reserved[is_new]:
            return True
        if key in self._answered or row_digest(digest) in self._declined.get(key, ()):
            return False
        most = self._room if is_new else self._most
        if self._digests.get(key) == digest or len(self._reserved[is_new]) >= most:
            return False
        self._reserved[is_new].add(key)
        return True

    def release(self, key: str) -> None:
        """Another record may have this one's place: there is nothing to ask."""
        for reserved in self._reserved.values():
            reserved.discard(key)

    def take(self, case: Case) -> None:
        """This record has no item, and none was made of it."""
        if case.record is None or not says_something(case.record):
            self.settle(case.key)
        elif self.wants(case.key, case.digest):
            where = self._changed if case.key in self._digests else self._new
            where[case.key] = case

    def settle(self, key: str) -> None:
        """Nobody need be asked about this record any more."""
        if key in self._digests:
            self.settled.add(key)

    def cases(self) -> list[Case]:
        """The records of which items are looked for by name, those that nobody has seen first."""
        return [*self._new.values(), *self._changed.values()][: self._most]


@dataclass(frozen=True)
class Searched:
    """What was found by name. `certain`: the cases that may be taken without a person's word."""

    judgements: Mapping[str, Judgement]
    certain: Batch | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the pages are made of.

    - `sheets`: the pages, those read that rows are on or go to; `digests` as `Queue` has them.
    - `waiting`: the keys of rows that are left as they are.
    - `fresh`: what was found of records that have no row, or an old one.
    - `done`: key → whose decision was carried out.
    - `archive`: the page that they go to, which is there if any is done.
    """

    sheets: Sheets
    digests: Mapping[str, str]
    waiting: Collection[str]
    fresh: Mapping[str, tuple[Case, Judgement]]
    done: Mapping[str, str]
    archive: tuple[Target, PageRead] | None
    look: Look
    roles: Roles
    above: str
    day: str
    tables: tuple[tablepages.Facts, ...] = ()


class People(Protocol):
    """Asks people, and reads what they say; all of it is I/O."""

    queue: Queue
    page: Target
    creates: bool

    def search(self) -> Searched:
        """Look for items by name."""

    def pages(
        self, judgements: Mapping[str, Judgement], taken: Collection[str], values: Values
    ) -> Facts:
        """Read what the pages need. `taken`: the records whose certain item was taken."""


@dataclass
class Values:
    """The sources' values that are in no table, counted: (table, value) → records.

    `exact`: whether all records that wait are counted.
    """

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    exact: bool = True

    def see(self, message: Message) -> None:
        """Count a fault, if it is one of these."""
        if message.key == tablepages.FAULT:
            key = str(message.params["table"]), str(message.params["value"])
            self.counts[key] = self.counts.get(key, 0) + 1


def as_chosen(case: Case, left: Mapping[str, JSON], rule: MatchRule) -> Case:
    """The case, chosen for its item where people have chosen it and it need not carry the
    identifier yet: we have not left that there. `left`: our slots on the item."""
    if case.record is None or case.chosen or left.get(CHOSEN) != case.key:
        return case
    ours = (name.partition(" ")[0] for name in left)
    return case if rule.property in ours else replace(case, chosen=True)


def unusable(case: Case, verdict: Doubtful, found: Mapping[str, Found]) -> Message:
    """Why the item that people chose is not taken."""
    there = found.get(case.item)
    if verdict.why in (Why.DELETED, Why.MERGED, Why.LOST) and there is not None:
        return not_there(case.item, there) or verdict.message
    return verdict.message


def not_there(item: str, found: Found) -> Message | None:
    """Why an item that people named can't be taken, if it can't."""
    match found:
        case Missing():
            return Message("candidate-item-missing", {"item": item})
        case Redirect(target=target):
            return Message("candidate-item-merged", {"item": item, "target": target})
    return None


def not_made(record: Record, creates: bool) -> Message:
    """Why no new item is made of a record for which people decided so."""
    if not creates:
        return Message("choosing-no-create")
    return Message("choosing-no-item-of-it" if record.identifiers else "choosing-no-identifier")


def carried_out(decision: Decision, item: str) -> bool:
    """Whether what people decided is so already. `item`: the record's, "" for none."""
    if decision.choice == "none":
        return not item
    return bool(item) if decision.choice == "new" else decision.choice == item


def plan_pages(facts: Facts) -> Iterator[Planned]:
    """The edits that bring the pages up to date, and what is wrong there."""
    left = rowsheets.left_on(facts.sheets)
    rows = {key: _as_left(key, left[key]) for key in facts.waiting if key in left}
    for key, (case, judgement) in facts.fresh.items():
        if case.record is not None:
            rows[key] = matchpages.row(case.record, judgement, facts.look, facts.roles, case.url)
    digests = {**facts.digests, **{key: case.digest for key, (case, _) in facts.fresh.items()}}
    renewed = rowsheets.renew(facts.sheets, rows, MATCHES, facts.above, facts.done)
    archive = _archive(facts, renewed)
    if archive is not None:
        yield archive
    yield from rowsheets.planned(
        facts.sheets,
        renewed,
        _summary,
        beside=lambda now: {DIGESTS: {key: digests.get(key, "") for key in now}},
        after=ARCHIVE,
    )
    for table in facts.tables:
        yield from tablepages.plan_pages(table)


def shown_items(sheets: Sheets, without: str) -> set[str]:
    """The items that stand in rows as candidates, but for one record's."""
    return {
        value
        for key, values in rowsheets.left_on(sheets).items()
        if key != without
        for name, value in values.items()
        if name.rstrip("0123456789") == "item"
    }


def _archive(facts: Facts, renewed: list[Renewed]) -> Edit | None:
    taken_out = {key: text for each in renewed for key, text in each.updated.taken_out.items()}
    if not taken_out or facts.archive is None:
        return None
    target, page = facts.archive
    carried = {key: (text, facts.done[key], facts.day) for key, text in taken_out.items()}
    text = matchpages.archived(page.text, carried)
    return Edit(
        target=target,
        change=page_text(page, text),
        summary=Message("choosing-summary-archive", {"num_rows": len(carried)}),
        leaves={COUNT: len(find_templates(text, [MATCHES.template]))},
        key=ARCHIVE,
    )


def _as_left(key: str, left: Mapping[str, str]) -> Row:
    return Row(
        key, left.get(HEADING, ""), (tuple((n, v) for n, v in left.items() if n != HEADING),)
    )


def _summary(renewed: Renewed) -> Message:
    params = {"num_new": renewed.new, "num_done": len(renewed.updated.taken_out)}
    return Message("choosing-summary", params)
