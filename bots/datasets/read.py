"""Reads a source, its items and what is known of both: a stream of cases, judged elsewhere.

What has not changed on either side is not looked at: a record whose row and mapping are the same,
of which nothing was told, whose item's newest revision is the one that was judged, and in which
no record is named that has another item by now. Of a record without an item, it is the newest
revision of the items that it is in doubt about; and it is looked for once a release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol

from bots.core.merge.facts import Word
from bots.core.messages import Message
from bots.core.plan import JSON, NEW_ITEM, Target
from bots.core.ports import Progress, silent
from bots.core.store import Known, Store
from bots.core.wikibase.model import Entity, Item, Missing, Redirect
from bots.datasets.checks.elsewhere import Placed
from bots.datasets.checks.holding import Checks
from bots.datasets.engine.changes import Rulings
from bots.datasets.facts import Fault, Record, Row
from bots.datasets.mapping import Dataset
from bots.datasets.matching.doubts import Doubt, newest
from bots.datasets.matching.index import Index, NoIndexError
from bots.datasets.matching.judging import MatchRule, Question, Refusal, question, to_read
from bots.datasets.records import Mapper
from bots.datasets.source import Source
from bots.wiki.entities import Entities

CHUNK = 2_000
"""Records that are looked up together: few requests, and little memory."""

IDENTIFIER = "identifier"
"""The slot of an item's base that holds the identifier by which it was last known."""

GONE = "gone"
"""Begins the digest of a record that was judged as gone from its source."""

Found = Entity | Redirect | Missing


@dataclass(frozen=True, kw_only=True)
class Case:
    """One record to be judged.

    - `record` None: the source has it no more, since its release `gone_since`.
    - `known`: as the store knows it; None for a record never seen. `row`: its cells, where they
      are to be kept as long as something is told of it.
    - `item`: its item by the store, or `chosen` by people; "" where it is still to be found.
    - `wants_new`: people have decided that a new item is to be made of it.
    - `hits`: items that the index or a live look-up gave; `refusal`: why no look-up can be had.
    - `url`: the record's address at the partner's.
    """

    key: str
    digest: str
    record: Record | None
    known: Known | None
    gone_since: int = 0
    row: JSON = None
    item: str = ""
    chosen: bool = False
    wants_new: bool = False
    hits: tuple[str, ...] = ()
    refusal: Refusal | None = None
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Records that are judged together, with all that is to be known for it.

    - `found`: the entities that may be their items, by id; of one merged into another, both.
    - `bases`: by the title of an item's page what each dataset left there; `rulings`: by title.
    - `holders`: what other records hold already, as `matching.judge` wants it.
    """

    cases: tuple[Case, ...]
    found: Mapping[str, Found]
    bases: Mapping[str, Mapping[str, Mapping[str, JSON]]]
    rulings: Mapping[str, Rulings]
    holders: Mapping[str, str]


@dataclass(frozen=True)
class StillGone:
    """A record that the source has no more, but not for long enough to count as absent."""

    known: Known
    gone_since: int


@dataclass(frozen=True)
class NoIndex:
    """These records' items could not be looked for, since there is no index."""

    message: Message
    keys: tuple[str, ...]


Read = Batch | StillGone | NoIndex | Fault


class Waiting(Protocol):
    """Which records without an item are to be looked at, though nothing has changed."""

    def wants(self, key: str, digest: str) -> bool:
        """Whether this record is one of them."""

    def release(self, key: str) -> None:
        """It is none after all: it says nothing."""


@dataclass
class Sources:
    """What a dataset is read from: its source, the wiki and the store.

    - `release`: the number of the source's release, from 1; `is_new`: no run has read it yet.
    - `rebuilt`: the store was lost once, and rebuilt from the wiki.
    - `chosen`: the items that people chose for records, by key ("" for a new item).
    - `waiting`: the records that people are to be asked about.
    - `doubts`: what was told of records by earlier runs.
    - `progress`: is told how many rows are read; it also holds the run's lease.
    - `linked_anew`: the records that name one which has another item since they were judged.
    - `checks`: what records are held against before anything is written of them.
    """

    dataset: Dataset
    source: Source
    mapper: Mapper
    rule: MatchRule
    entities: Entities
    index: Index
    store: Store
    rulings: Mapping[str, Rulings]
    release: int
    is_new: bool
    chosen: Mapping[str, str] = field(default_factory=dict)
    rebuilt: bool = False
    waiting: Waiting | None = None
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    linked_anew: frozenset[str] = frozenset()
    checks: Checks | None = None
    progress: Progress = silent
    _seen: set[str] = field(default_factory=set)
    _met: int = 0

    def cases(self) -> Iterator[Read]:
        """All that has to be judged, in the order of the source, then what is gone from it."""
        seen = self._seen
        self._met = 0
        rows = self.source.rows()
        done = 0
        while chunk := list(islice(rows, CHUNK)):
            self.progress("rows", done, None)
            done += len(chunk)
            faults = [each for each in chunk if isinstance(each, Fault)]
            seen.update(each.key for each in faults if each.key)
            yield from faults
            present = [each for each in chunk if isinstance(each, Row)]
            seen.update(row.key for row in present)
            yield from self._cases(present)
        if self.dataset.source.kind == "full":
            if self.source.whole:
                yield from self._gone(seen)
        else:
            yield from self._told_before(seen)
        if self.checks is not None:
            yield from self.checks.faults()

    def lacks(self, key: str) -> bool:
        """Whether the source, which has been read to its end, has no such record."""
        is_full = self.dataset.source.kind == "full"
        return is_full and self.source.whole and key not in self._seen

    def batch(self, cases: Sequence[Case]) -> Batch:
        """The cases with the entities that may be their items, and what is known of those."""
        questions = [question_of(case, self.rule) for case in cases]
        found: dict[str, Found] = {}
        while wanted := to_read(questions, found):
            found |= dict(self.entities.read(wanted))
        titles = {self.entities.title(each): each for each in found}
        site = self.dataset.site
        known = self.store.known_on(self.dataset.id, site, titles)
        return Batch(
            cases=tuple(self._placed(cases, found)),
            found=found,
            bases=self.store.bases_on(site, titles),
            rulings={title: self.rulings[title] for title in titles if title in self.rulings},
            holders={titles[title]: held[0].record for title, held in known.items() if held},
        )

    def _placed(self, cases: Sequence[Case], found: Mapping[str, Found]) -> Sequence[Case]:
        """The cases without what stands on items that are none of theirs."""
        held = [each for each in cases if each.record is not None]
        if self.checks is None or not held:
            return cases
        placed = [
            Placed(each.record, tuple(_items(each, found)))
            for each in held
            if each.record is not None
        ]
        records = self.checks.elsewhere(placed)
        after = {each.key: record for each, record in zip(held, records, strict=True)}
        return [replace(each, record=after.get(each.key)) for each in cases]

    def again(self, title: str, holder: str = "") -> Iterator[Read]:
        """The cases of one item, read anew, by the title of its page or of a new item's target.

        `holder`: the record that this run has found to be it, before the store knows.
        """
        site = self.dataset.site
        if title.startswith(NEW_ITEM):
            keys = {title.removeprefix(NEW_ITEM)}
        else:
            known = self.store.known_on(self.dataset.id, site, [title]).get(title, [])
            keys = {each.record for each in known} | ({holder} if holder else set())
            keys |= {key for key, item in self.chosen.items() if item == _id(title)}
        rows = [row for row in self.source.rows() if isinstance(row, Row) and row.key in keys]
        yield from self._cases(rows, again=True)

    def _told_before(self, seen: set[str]) -> Iterator[Read]:
        """Of what is not in a file of changes, that of which something was told."""
        kept = (
            Row(0, known.record, known.digest[: -len(self.mapper.digest)], cells)
            for known, cells in self.store.kept_rows(self.dataset.id)
            if known.record not in seen
        )
        while chunk := list(islice(kept, CHUNK)):
            yield from self._cases(chunk)

    def _cases(self, rows: Sequence[Row], *, again: bool = False) -> Iterator[Read]:
        known = self.store.known(self.dataset.id, [row.key for row in rows])
        self._met += len(known)
        moved = self._moved(rows, known)
        looked: list[_Looked] = []
        for row in rows:
            before = known.get(row.key)
            waits = False
            if not again and before is not None and not self._is_due(row, before, moved):
                waits = self._waits(row, before)
                if not waits:
                    continue
            values = self.source.values(row)
            if isinstance(values, list):
                yield from values
                continue
            record = self.mapper.record(row, values)
            if waits and self.waiting is not None and not says_something(record):
                self.waiting.release(row.key)
                continue
            if self._asks_before_making(before) and self.chosen.get(row.key) != "":
                record = replace(record, may_create=False)
            looked.append(_Looked(row, record, before, self.mapper.url(values)))
        yield from self._look(self._checked(looked))

    def _checked(self, looked: Sequence[_Looked]) -> Sequence[_Looked]:
        """The records without what fails a check."""
        if self.checks is None:
            return looked
        records = self.checks.judge([each.record for each in looked])
        return [replace(each, record=record) for each, record in zip(looked, records, strict=True)]

    def _moved(self, rows: Iterable[Row], known: Mapping[str, Known]) -> frozenset[str]:
        """Those of these records whose items somebody edited since they were judged."""
        judged = {
            each.record: (each.revid, self._items_of(each))
            for row in rows
            if (each := known.get(row.key)) is not None
            if (each.title or not self.is_new) and self._is_quiet(row.digest, each)
        }
        wanted = dict.fromkeys(item for _, items in judged.values() for item in items)
        now = {each.id: each for each in self.entities.latest(wanted)}
        return frozenset(
            key
            for key, (revid, items) in judged.items()
            if newest(now[item].revid for item in items) != revid
            or (known[key].title and any(now[item].target for item in items))
        )

    def _items_of(self, known: Known) -> Sequence[str]:
        """A record's item, or else those that it is in doubt about."""
        if known.title:
            return [_id(known.title)]
        doubt = self.doubts.get(known.record)
        return doubt.items if doubt else ()

    def _is_due(self, row: Row, known: Known, moved: frozenset[str]) -> bool:
        if not self._is_quiet(row.digest, known) or known.record in moved:
            return True
        return not known.title and (self.is_new or known.record in self.chosen)

    def _waits(self, row: Row, known: Known) -> bool:
        """Whether people are to be asked about a record, of which nothing else is new."""
        doubt = self.doubts.get(row.key)
        return (
            not known.title
            and (doubt is None or doubt.asks)
            and self.waiting is not None
            and self.waiting.wants(row.key, self._digest(row.digest))
        )

    def _asks_before_making(self, known: Known | None) -> bool:
        """Whether people have to say that a new item is to be made of a record.

        Once the store was lost, nobody knows whether people have deleted the item of a record.
        """
        if self.rebuilt and (known is not None or self.dataset.source.kind != "full"):
            return True
        return self.dataset.create is not None and self.dataset.create.people

    def _is_quiet(self, digest: str, known: Known) -> bool:
        same = known.digest == self._digest(digest) and not known.gone_since
        told = not known.quiet or known.title in self.rulings
        linked = known.title and known.record in self.linked_anew
        return same and not told and not linked

    def _digest(self, digest: str) -> str:
        return digest + self.mapper.digest

    def _look(self, looked: Sequence[_Looked]) -> Iterator[Read]:
        """Look for these records' items, and read them and what is known of them."""
        sought = {each.row.key: each.record.identifiers for each in looked if not each.item}
        try:
            hits = self.index.find(list(sought.items())) if sought else {}
            missed = [
                (each.row.key, each.record.identifiers)
                for each in looked
                if each.row.key in sought and each.record.may_create
                if not hits.get(each.row.key)
            ]
            absent = self.index.confirm_absent(missed) if missed else {}
        except NoIndexError as error:
            yield NoIndex(error.message, tuple(sought))
            looked = [each for each in looked if each.row.key not in sought]
            hits, absent = {}, {}
        cases = [
            self._case(each, hits.get(each.row.key, ()), absent.get(each.row.key))
            for each in looked
        ]
        if cases:
            yield self.batch(cases)

    def _case(
        self, each: _Looked, hits: tuple[str, ...], absent: Refusal | tuple[str, ...] | None
    ) -> Case:
        chosen = "" if each.item else self.chosen.get(each.row.key, "")
        return Case(
            key=each.row.key,
            digest=self._digest(each.row.digest),
            record=each.record,
            known=each.known,
            row=each.row.cells if self.dataset.source.kind == "delta" else None,
            item=each.item or chosen,
            chosen=bool(chosen),
            wants_new=not each.item and self.chosen.get(each.row.key) == "",
            hits=absent if isinstance(absent, tuple) else hits,
            refusal=absent if isinstance(absent, Refusal) else None,
            url=each.url,
        )

    def _gone(self, seen: set[str]) -> Iterator[Read]:
        """The records that a full source has no more."""
        if self._met == self.store.count_known(self.dataset.id):
            return  # each record that the store knows was met
        due: list[tuple[Known, int]] = []
        for known in self.store.all_known(self.dataset.id):
            if known.record in seen:
                continue
            since = known.gone_since or self.release
            if self.release - since + 1 < self.dataset.source.gone_after:
                if not known.gone_since:
                    yield StillGone(known, since)
                continue
            if not known.title:
                continue
            due.append((known, since))
            if len(due) == CHUNK:
                yield from self._look_gone(due)
                due = []
        yield from self._look_gone(due)

    def _look_gone(self, due: Sequence[tuple[Known, int]]) -> Iterator[Read]:
        digest = self._digest(GONE)
        settled = {
            _id(known.title): known
            for known, _ in due
            if known.digest == digest and known.quiet and known.title not in self.rulings
        }
        still = {
            latest.id
            for latest in self.entities.latest(settled)
            if latest.revid == settled[latest.id].revid and not latest.target
        }
        left = [(known, since) for known, since in due if _id(known.title) not in still]
        cases = [
            Case(
                key=known.record,
                digest=digest,
                record=None,
                known=known,
                gone_since=since,
                item=_id(known.title),
            )
            for known, since in left
        ]
        if cases:
            yield self.batch(cases)


def _items(case: Case, found: Mapping[str, Found]) -> Iterator[Item]:
    """The items that may be the record's, merged ones by what they are now."""
    for name in (case.item, *case.hits):
        entity = found.get(name)
        if isinstance(entity, Redirect):
            entity = found.get(entity.target)
        if isinstance(entity, Item):
            yield entity


def says_something(record: Record) -> bool:
    """Whether there is anything to ask people about: a record that is withdrawn says nothing."""
    return bool(record.statements or record.terms)


def question_of(case: Case, rule: MatchRule, identifier: str = "") -> Question:
    """What a case asks of the matching.

    `identifier`: of a record that is gone, the one by which its item was last known; where there
    is none, nothing is asked of the item.
    """
    if case.record is None:
        gone = Question(key=case.key, identifier=identifier, known=case.item)
        return gone if identifier else replace(gone, chosen=True)
    return question(case.record, rule, known=case.item, chosen=case.chosen, hits=case.hits)


@dataclass(frozen=True)
class _Looked:
    """A record that is due, as the source says it and as the store knows it."""

    row: Row
    record: Record
    known: Known | None
    url: str

    @property
    def item(self) -> str:
        """Its item's id by the store, "" for none."""
        return _id(self.known.title) if self.known else ""


def rulings_of(store: Store, bot: str, site: str) -> dict[str, Rulings]:
    """What people decided about a dataset, by the titles of items' pages."""
    found: dict[str, dict[tuple[str, str], tuple[Word, str]]] = {}
    words = {word.value: word for word in Word}
    for decision in store.decisions(bot):
        word = words.get(decision.choice)
        if word is not None and decision.target.site == site:
            told = found.setdefault(decision.target.title, {})
            told[decision.slot, decision.pair] = (word, str(decision.revid))
    return dict(found)


def edited_at(item: Item) -> datetime | None:
    """When the item was last edited, as the Action API told it."""
    for name, value in item.extra:
        if name == "modified":
            try:
                return datetime.fromisoformat(str(value).strip('"')).astimezone(UTC)
            except ValueError:
                return None
    return None


def new_target(site: str, key: str) -> Target:
    """The target of an item that is to be made of a record."""
    return Target(site, NEW_ITEM + key)


def _id(title: str) -> str:
    """An entity's id, from the title of its page."""
    return title.rpartition(":")[2]
