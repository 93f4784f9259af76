"""The bot of one dataset: a partner's source kept in step with a Wikibase, so that people win."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from bots.core.apply import EndRunError
from bots.core.config import HubConfig
from bots.core.guard import Weight
from bots.core.messages import Message, Messages
from bots.core.outcome import utcnow
from bots.core.plan import JSON, Finding, Judged, Planned, RecordState, Target
from bots.core.ports import Progress
from bots.core.store import Run, Store, StoredFinding
from bots.core.wikibase.model import Text
from bots.datasets import partnerfiles
from bots.datasets import plan as judging
from bots.datasets.checks.datatypes import given_by
from bots.datasets.checks.holding import Checks
from bots.datasets.choices.asking import Asking
from bots.datasets.choices.tableasking import completed
from bots.datasets.engine.bases import CITES
from bots.datasets.engine.reconcile import Engine
from bots.datasets.engine.undone import after_undo
from bots.datasets.facts import Fault, Row
from bots.datasets.feedback import conflictpage
from bots.datasets.feedback.decisions import read_decisions, read_report_pages
from bots.datasets.feedback.report import Format, Written
from bots.datasets.feedback.returnfiles import Counts
from bots.datasets.feedback.rows import WORDS, rows_in
from bots.datasets.feedback.words import Look
from bots.datasets.gaps.watching import Watching
from bots.datasets.mapping import Dataset
from bots.datasets.matching.doubts import doubts
from bots.datasets.matching.index import open_index
from bots.datasets.matching.judging import MatchRule, identifier_of
from bots.datasets.plan import Facts
from bots.datasets.publicpages import keeping
from bots.datasets.read import IDENTIFIER, Sources, rulings_of
from bots.datasets.rebuilding.bases import slots_of
from bots.datasets.rebuilding.reading import Worked, has_contributions, worked
from bots.datasets.records import Mapper
from bots.datasets.source import Fetcher, Release, Source, SourceError, open_source
from bots.datasets.source.opening import Seen
from bots.wiki.desk import Desk
from bots.wiki.entities import Entities

RELEASE = "release"
"""The slot of the dataset's own page in which the last release that was read is remembered."""

REBUILT = "rebuilt"
"""The slot of the dataset's own page that says that the store was lost once."""

_FINDINGS = 100_000
_AT_ONCE = 2_000


class DatasetBot:
    """Keeps one dataset in step. Its name is the dataset's id."""

    def __init__(
        self,
        dataset: Dataset,
        config: HubConfig,
        desk: Desk,
        store: Store,
        messages: Messages,
        *,
        folder: Path,
        now: Callable[[], datetime] = utcnow,
        fetcher: Fetcher | None = None,
    ) -> None:
        self.name = dataset.id
        self._dataset = dataset
        self._config = config
        self._desk = desk
        self._store = store
        self._messages = messages
        self._folder = folder
        self._now = now
        self._fetcher = fetcher or Fetcher(f"HubBot ({config.contact}; User:{config.operator})")
        self._facts: Facts | None = None
        self._sources: Sources | None = None

    @property
    def _rule(self) -> MatchRule:
        match = self._dataset.match
        numbers = self._config.numbers_of(self._dataset.site)
        return MatchRule(
            numbers.here(match.property),
            tuple(match.equivalence),
            kind=numbers.here("P31"),
            not_kinds=frozenset(map(numbers.here, match.not_kinds)),
            hint=match.item.column if match.item else "",
        )

    @property
    def page(self) -> Target:
        """The dataset's own page on the hub wiki."""
        return Target(self._config.hub, conflictpage.page_title(self._config, self.name))

    def read(self, progress: Progress) -> Facts:
        """Open the source, and read what people decided; the rest is read as it is judged.

        Raises `NotReachedError`, and `EndRunError` where the dataset is off, or a lost store has to
        be rebuilt first.
        """
        if self._dataset.switched_off:
            reason = {"reason": self._dataset.switched_off}
            raise EndRunError("stopped", Message("dataset-off", reason))
        progress("read", 0, None)
        self._require_bases()
        now = self._now()
        told = tuple(self._store.findings(self.name, limit=_FINDINGS))
        pages, findings = self._pages(told, now)
        asking = self._asking(now)
        findings += asking.read()
        slots = self._store.base(self.name, self.page).get(RELEASE) or {}
        source, faults = self._open(slots, now)
        stopped = source is None
        if source is not None and self._dataset.source.bad_records == "stop":
            wrong = source.check()
            faults, stopped = (*faults, *wrong), bool(wrong)
        lacking = sorted(self._dataset.fields - set(source.fields)) if source else []
        if lacking:
            message = Message("dataset-no-such-field", {"list_names": lacking})
            faults, stopped = (*faults, Fault(message)), True
        number = int(slots.get("number", 0))
        if source is not None and source.release.new:
            number += 1
        mapper = self._mapper(now)
        self._facts = Facts(
            dataset=self.name,
            site=self._dataset.site,
            name=self._dataset.title,
            engine=Engine(mapper.rules, mapper.terms),
            rule=self._rule,
            cases=iter(()),
            page=self.page,
            now=now,
            title=self._desk.entities(self._dataset.site).title,
            look=self._look(),
            release={} if source is None else {RELEASE: _release_slots(source.release, number)},
            faults=tuple(faults),
            findings=tuple(findings),
            stopped=stopped,
            told=told,
            first_seen=self._first_seen(told),
            pages=pages,
        )
        if source is None or stopped:
            return self._facts
        sources = self._sources_of(source, mapper, number, asking, told)
        self._sources = asking.sources = sources
        sources.progress = asking.progress = progress
        self._facts = replace(
            self._facts,
            cases=sources.cases(),
            whole=lambda: sources.source.whole,
            lacks=sources.lacks,
            people=asking,
            beside=sources.checks.beside if sources.checks else self._facts.beside,
            gaps=self._gaps(),
        )
        return self._facts

    def plan(self, facts: Facts) -> Iterator[Planned]:
        """Judge everything; see `bots.datasets.plan`."""
        return judging.plan(facts)

    def replan(self, target: Target) -> Iterator[Planned]:
        """Judge one item's record again, on the item as it is now."""
        if self._facts is None or self._sources is None:
            return
        if target.site != self._dataset.site:
            return
        facts = replace(self._facts, tally=judging.Tally())
        holder = self._facts.tally.holding.get(target.title.rpartition(":")[2], "")
        for read in self._sources.again(target.title, holder):
            yield from judging.plan_one(facts, read)

    def weight(self) -> Weight:
        """How much the dataset has in hand; the statements are those of the items looked at."""
        tally = self._facts.tally if self._facts else judging.Tally()
        known = self._store.count_known(self.name)
        a_record = tally.statements / tally.records if tally.records else 0
        return Weight(
            statements=int(a_record * max(known, tally.records)), records=known, gone=tally.gone
        )

    def pages(self, run: Run) -> Iterator[Planned]:
        """The edits of the pages that show the mapping and the task. Raises `NotReachedError`."""
        return keeping.pages(
            self._dataset, self._config, self._desk, self._store, self._messages, run
        )

    def after_undo(self, slot: str, left: JSON, was: JSON) -> JSON:
        """What is undone is not done again for as long as the source says the same."""
        return left or was if slot in (CITES, IDENTIFIER) else after_undo(left, was)

    def report(self, file: TextIO, form: Format) -> Written:
        """Write the differences that stood; `form`: "csv", "json" or "mismatch"."""
        return partnerfiles.report(file, form, self._dataset, self._desk, self._store, self._now())

    def give_back(self, folder: Path) -> Counts:
        """Write the return file. Raises `NotReachedError` and `SourceError`."""
        now = self._now()
        source = self._source({}, now)
        return partnerfiles.give_back(
            folder, self._dataset, source, self._mapper(now), self._desk, self._store, now
        )

    def rebuild(self, progress: Progress) -> Iterator[Planned]:
        """What our edits left on the wiki, for a lost store. Raises `NotReachedError`."""
        mapper = self._mapper(self._now())
        known = self._rebuilt()
        source, faults = self._open({}, self._now())
        keys: dict[str, str] = {}
        unclaimed: set[str] = set()
        for row in source.rows() if source else ():
            if not isinstance(row, Row):
                continue
            unclaimed.add(row.key)
            values = source.values(row) if source else []
            if isinstance(values, dict):
                identifier = identifier_of(mapper.record(row, values).identifiers, self._rule)
                keys.setdefault(self._rule.key(identifier), row.key) if identifier else None
        for fault in faults:
            yield Finding(target=self.page, message=fault.message, where=fault.key)
        entities = self._desk.entities(self._dataset.site)
        site = self._dataset.site
        for each in worked(self._desk, site, self.name, known.__contains__, progress):
            for planned in self._rebuild_one(each, mapper, keys, entities):
                if isinstance(planned, Judged) and planned.record is not None:
                    unclaimed.discard(planned.record.record)
                yield planned
        yield from self._without_item(unclaimed)
        yield from self._asking(self._now()).standing()
        for title, page in read_report_pages(self._desk, self._config, self.name).items():
            rows = {row.key.short: 0 for row in rows_in(page.text or "", self.name)}
            if rows:
                shown = Target(self._config.hub, title)
                yield Judged(target=shown, leaves={conflictpage.ROWS: rows})

    def _without_item(self, keys: Iterable[str]) -> Iterator[Planned]:
        """The records of which the wiki tells no item: theirs may have been deleted by people."""
        yield Judged(target=self.page, leaves={REBUILT: True})
        wanted = iter(keys)
        asked = 0
        while batch := list(islice(wanted, _AT_ONCE)):
            known = self._store.known(self.name, batch)
            for key in batch:
                if key not in known:
                    asked += 1
                    nowhere = Target(self._dataset.site, "")
                    yield Judged(target=nowhere, record=RecordState(key, ""))
        if asked and self._dataset.create is not None:
            message = Message("dataset-rebuild-asks", {"num_records": asked})
            yield Finding(target=self.page, message=message)

    def _rebuilt(self) -> set[str]:
        """The items of which the store holds bases already."""
        held = self._store.bases(self.name, self._dataset.site)
        return {title.rpartition(":")[2] for title, slots in held if CITES in slots}

    def _rebuild_one(
        self, each: Worked, mapper: Mapper, keys: Mapping[str, str], entities: Entities
    ) -> Iterator[Planned]:
        """What to know again of one item that we edited."""
        title = entities.title(each.moved_to or each.item)
        target = Target(self._dataset.site, title)
        if not each.is_told and each.edits:
            yield Finding(target=target, message=Message("dataset-rebuild-hidden"))
        slots = slots_of(each, mapper.rules)
        told = [
            value.text
            for _, step in each.told
            for statement in step.after.statements.get(self._rule.property, ())
            if isinstance(value := statement.mainsnak.value, Text)
        ]
        keyed = map(self._rule.key, told)
        found = list(dict.fromkeys(keys[key] for key in keyed if key in keys))
        record = RecordState(found[0], "") if len(found) == 1 else None
        if record is not None:
            slots[IDENTIFIER] = next(text for text in told if keys.get(self._rule.key(text)))
        yield Judged(target=target, leaves=slots, record=record)

    def _require_bases(self) -> None:
        """A dataset whose bases are lost does not write: all would be taken for people's."""
        if self._store.count_known(self.name) or self._store.largest_run(self.name):
            return
        if has_contributions(self._desk, self._dataset.site, self.name):
            raise EndRunError("failed", Message("dataset-rebuild-first", {"dataset": self.name}))

    def _open(
        self, slots: dict[str, JSON], now: datetime
    ) -> tuple[Source | None, tuple[Fault, ...]]:
        try:
            source = self._source(slots, now)
        except SourceError as error:
            return None, tuple(error.faults)
        return source, tuple(source.faults)

    def _source(self, slots: Mapping[str, JSON], now: datetime) -> Source:
        """The source, opened. Raises `SourceError`."""
        seen = None
        if slots:
            seen = Seen(str(slots["digest"]), datetime.fromisoformat(str(slots["since"])))
        cache = self._config.cache / self.name
        return open_source(self._dataset.source, self._folder, cache, seen, now, self._fetcher)

    def _sources_of(
        self,
        source: Source,
        mapper: Mapper,
        number: int,
        asking: Asking,
        told: Iterable[StoredFinding],
    ) -> Sources:
        site = self._dataset.site
        entities = self._desk.entities(site)
        return Sources(
            dataset=self._dataset,
            source=source,
            mapper=mapper,
            rule=self._rule,
            entities=entities,
            index=open_index(
                self._rule,
                self._dataset.match.index,
                entities,
                self._folder,
                own=partial(self._store.made, site),
            ),
            store=self._store,
            rulings=rulings_of(self._store, self.name, site),
            release=number,
            is_new=source.release.new,
            chosen=asking.chosen,
            rebuilt=bool(self._store.base(self.name, self.page).get(REBUILT)),
            waiting=asking.queue,
            doubts=doubts(each.finding for each in told),
            checks=self._checks(entities),
            linked_anew=frozenset(self._store.linked_anew(self.name)),
        )

    def _checks(self, entities: Entities) -> Checks:
        """What the wiki says of identifiers is held; of others only which values they take."""
        numbers = self._config.numbers_of(self._dataset.site)
        identifiers = [
            numbers.here(each.property)
            for each in self._dataset.statements
            if each.kind() == "external-id"
        ]
        return Checks(identifiers, given_by(self._dataset, numbers), entities, numbers)

    def _pages(
        self, told: tuple[StoredFinding, ...], now: datetime
    ) -> tuple[conflictpage.Facts, list[Finding | Judged]]:
        """The pages on which people decide, and what is wrong there; nothing where none is told."""
        bases = {}
        for number in range(1, conflictpage.MOST_PAGES + 1):
            title = conflictpage.page_title(self._config, self.name, number)
            left = self._store.base(self.name, Target(self._config.hub, title))
            if number > 1 and not left:
                break
            bases[title] = left
        if not told and not any(conflictpage.ROWS in left for left in bases.values()):
            return conflictpage.Facts(differences=(), pages={}, bases=bases), []
        pages = read_report_pages(self._desk, self._config, self.name)
        decisions, findings = read_decisions(
            self._desk,
            self._store,
            self._config,
            self.name,
            self._dataset.site,
            self._dataset.partner_accounts,
            pages,
            now,
        )
        facts = conflictpage.Facts(
            differences=(),
            pages=pages,
            bases=bases,
            decisions=[each for each in decisions if each.choice in WORDS],
            answers=self._store.answers(self.name),
        )
        return facts, findings

    def _asking(self, now: datetime) -> Asking:
        return Asking(self._dataset, self._config, self._desk, self._store, self._messages, now)

    def _gaps(self) -> Watching | None:
        gaps = self._dataset.gaps
        if gaps is None:
            return None
        return Watching(self._dataset, gaps, self._config, self._desk, self._store, self._messages)

    def _first_seen(self, told: tuple[StoredFinding, ...]) -> dict[str, datetime]:
        started = self._store.run_starts({each.first_run for each in told})
        return {each.finding.fingerprint: started[each.first_run] for each in told}

    def _look(self) -> Look:
        return Look(
            config=self._config,
            messages=self._messages,
            language=self._desk.language(self._config.hub),
            dataset=self.name,
            title=self._dataset.title,
            partner=self._dataset.partner,
            page_url=self._desk.page_url,
            labels=keeping.called(self._dataset, self._config, self._store),
        )

    def _mapper(self, now: datetime) -> Mapper:
        def item_of(dataset: str, key: str) -> str | None:
            known = self._store.known(dataset, [key]).get(key)
            there = known is not None and known.revid is not None
            return known.title.rpartition(":")[2] or None if known and there else None

        numbers = self._config.numbers_of(self._dataset.site)
        tables = completed(self._dataset, self._config, self._store)
        return Mapper(self._dataset, numbers, now.date(), tables, item_of)


def _release_slots(release: Release, number: int) -> dict[str, JSON]:
    return {
        "number": number,
        "digest": release.digest,
        "since": release.since.isoformat(),
        "version": release.version,
        "etag": release.etag,
        "modified": release.modified,
    }
