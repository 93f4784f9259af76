"""Judges a dataset's cases: facts in; one edit an item, findings, and what is known, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from bots.core.entitychange import EntityChange, new_item
from bots.core.messages import Message
from bots.core.plan import (
    JSON,
    NEW_ITEM,
    Edit,
    Finding,
    Judged,
    Planned,
    RecordState,
    Target,
)
from bots.core.store import StoredFinding
from bots.core.wikibase.change import AliasChange, EntityPatch, TermChange, applied
from bots.core.wikibase.model import Item, Redirect
from bots.datasets.choices import choosing
from bots.datasets.choices.choosing import CHOSEN, People, Values
from bots.datasets.differences import finding_of, stands
from bots.datasets.engine.changes import About
from bots.datasets.engine.reconcile import Engine, OnWiki, Reconciled
from bots.datasets.facts import Difference, Fault, Record
from bots.datasets.feedback import conflictpage
from bots.datasets.feedback.words import Look
from bots.datasets.gaps.lacking import GapRule, Looked, state_of
from bots.datasets.gaps.pages import Watch, plan_gaps
from bots.datasets.matching.doubts import EVERY_RUN, judged_by
from bots.datasets.matching.judging import (
    Create,
    Doubtful,
    Matched,
    MatchRule,
    Moved,
    Verdict,
    Why,
    creation,
    held,
    identifier_of,
    judge,
)
from bots.datasets.read import (
    IDENTIFIER,
    Batch,
    Case,
    NoIndex,
    Read,
    StillGone,
    edited_at,
    new_target,
    question_of,
)
from bots.datasets.records.snaks import NO_RECORD
from bots.datasets.source.rowtext import row_text

NO_PATCH = EntityPatch()
MOST_SHOWN = conflictpage.ROWS_A_PAGE * conflictpage.MOST_PAGES
"""Differences that are kept for the wiki's pages; all are in the store."""


@dataclass
class Tally:
    """What a plan comes to, counted while it is made.

    - `unread`: records that could not be read. `faulty`: those of which faults were told before;
      `looked`: those of them that were looked at again.
    """

    records: int = 0
    gone: int = 0
    statements: int = 0
    unread: set[str] = field(default_factory=set)
    shown: list[Difference] = field(default_factory=list)
    holding: dict[str, str] = field(default_factory=dict)
    faulty: frozenset[str] = frozenset()
    looked: set[str] = field(default_factory=set)
    values: Values = field(default_factory=Values)
    gaps: dict[str, Looked] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a plan is made of; `cases` reads on while the plan is made.

    - `page`: the dataset's own page, where findings go that are about no item.
    - `faults`: what is wrong with the source as a whole; `stopped`: nothing is written because of
      it. `release`: the slots to remember of the source.
    - `title`: the title of an entity's page.
    - `told`: the findings that are open; `first_seen`: since when, by fingerprint.
    - `whole`: whether all of the source could be read, once `cases` is at its end; `lacks`: whether
      it then has no such record.
    - `beside`: a record without what can't be written beside what stands on its item.
    - `people`: asks people which items records and values are; None: nobody is asked.
    - `gaps`: counts what the records lack on the wiki; None: nobody wants to know.
    """

    dataset: str
    site: str
    name: str
    engine: Engine
    rule: MatchRule
    cases: Iterator[Read]
    page: Target
    now: datetime
    title: Callable[[str], str]
    look: Look
    release: Mapping[str, JSON] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding | Judged, ...] = ()
    stopped: bool = False
    told: tuple[StoredFinding, ...] = ()
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    whole: Callable[[], bool] = lambda: True
    lacks: Callable[[str], bool] = lambda _key: False
    people: People | None = None
    beside: Callable[[Record, Item], Record] = lambda record, _item: record
    gaps: Watch | None = None
    pages: conflictpage.Facts = field(
        default_factory=lambda: conflictpage.Facts(differences=(), pages={})
    )
    tally: Tally = field(default_factory=Tally)


def plan(facts: Facts) -> Iterator[Planned]:
    """Judge everything; see `Facts`."""
    yield from facts.findings
    for fault in facts.faults:
        yield _fault(facts, fault)
    if facts.stopped:
        yield from (each.finding for each in facts.told)
        return
    facts.tally.faulty = frozenset(_faulty(facts, each.finding) for each in facts.told)
    for read in facts.cases:
        yield from plan_one(facts, read)
    whole = facts.whole()
    for each in facts.told:
        if not whole or _still(facts, each.finding):
            facts.tally.values.see(each.finding.message)
            yield each.finding
    yield Judged(target=facts.page, leaves=facts.release)
    facts.tally.values.exact = whole and not facts.tally.unread
    if facts.people is not None:
        yield from _ask(facts, facts.people)
    if facts.gaps is not None:
        yield from plan_gaps(facts.gaps, facts.tally.gaps)
    yield from conflictpage.plan_pages(
        conflictpage.Facts(
            differences=facts.tally.shown,
            pages=facts.pages.pages,
            bases=facts.pages.bases,
            decisions=facts.pages.decisions,
            answers=facts.pages.answers,
        ),
        facts.look,
    )


def plan_one(facts: Facts, read: Read) -> Iterator[Planned]:
    """Judge what was read at once."""
    match read:
        case Fault():
            if read.key:
                facts.tally.unread.add(read.key)
                facts.tally.looked.add(read.key)
            yield _fault(facts, read)
        case StillGone(known=known, gone_since=since):
            facts.tally.unread.add(known.record)
            facts.tally.gone += 1
            state = RecordState(known.record, known.digest, known.quiet, since, links=())
            target = Target(known.site, known.title)
            yield Judged(target=target, record=state, revid=known.revid)
        case NoIndex(message=message, keys=keys):
            facts.tally.unread.update(keys)
            yield Finding(target=facts.page, message=message)
        case Batch():
            yield from _batch(facts, read)


def _batch(facts: Facts, batch: Batch) -> Iterator[Planned]:
    tally = facts.tally
    for case, verdict in _verdicts(facts, batch):
        tally.looked |= {case.key} & tally.faulty
        tally.records += 1
        tally.gone += case.record is None
        if case.record is not None:
            # Whom a record waits for is in the store (`links`); in a register there are thousands.
            wrong = (each for each in case.record.faults if each.message.key != NO_RECORD)
            yield from (_fault(facts, fault) for fault in wrong)
            yield from _stale_hint(facts, batch, case.record)
        yield from _case(facts, batch, case, verdict)


def _stale_hint(facts: Facts, batch: Batch, record: Record) -> Iterator[Finding]:
    """The item that the source names was merged into another: the source is to be corrected."""
    if isinstance(found := batch.found.get(record.item), Redirect):
        message = Message("match-hint-merged", {"item": record.item, "to": found.target})
        yield _fault(facts, Fault(message, record.key, facts.rule.hint, record.row))


def _verdicts(facts: Facts, batch: Batch) -> list[tuple[Case, Verdict]]:
    """Each case with its verdict; what they hold, no later one gets."""
    here = facts.tally.holding
    cases = [_as_chosen(facts, batch, case) for case in batch.cases]
    questions = [question_of(case, facts.rule, _last_known(facts, batch, case)) for case in cases]
    verdicts = judge(questions, batch.found, facts.rule, {**batch.holders, **here})
    for question in questions:
        here |= dict.fromkeys(held(question, verdicts[question.key], facts.rule), question.key)
    return [(case, verdicts[case.key]) for case in cases]


def _as_chosen(facts: Facts, batch: Batch, case: Case) -> Case:
    """What people chose goes before the item that the source names."""
    if not case.item:
        if case.wants_new and case.record is not None:
            return replace(case, record=replace(case.record, item=""))
        return case
    left = batch.bases.get(facts.title(case.item), {}).get(facts.dataset, {})
    return choosing.as_chosen(case, left, facts.rule)


def _ask(facts: Facts, people: People) -> Iterator[Planned]:
    """People are asked about what no item was found for, and what they did is cleared away."""
    searched = people.search()
    taken: set[str] = set()
    if searched.certain is not None:
        for case, verdict in _verdicts(facts, searched.certain):
            if isinstance(verdict, Matched):
                taken.add(case.key)
                score = searched.judgements[case.key].candidates[0].score
                sure = Message("choosing-certain", {"num_percent": int(score * 100)})
                yield from _on_item(facts, searched.certain, case, verdict.item, "", (sure,))
    found = people.pages(searched.judgements, taken, facts.tally.values)
    yield from choosing.plan_pages(found)


def _case(facts: Facts, batch: Batch, case: Case, verdict: Verdict) -> Iterator[Planned]:
    may_create = case.record is not None and case.record.may_create
    absent = case.refusal if case.refusal is not None else case.hits
    match creation(verdict, may_create, absent):
        case Matched(item=item):
            yield from _on_item(facts, batch, case, item, was="")
        case Moved(item=item, was=was):
            yield from _on_item(facts, batch, case, item, was=was)
        case Doubtful() as doubt:
            yield from _in_doubt(facts, batch, case, doubt)
            if doubt.why is Why.UNPROVEN:
                return
        case Create():
            yield from _new(facts, case)
        case _:
            yield from _without_item(facts, case)
            return
    if facts.people is not None:
        facts.people.queue.settle(case.key)


def _in_doubt(facts: Facts, batch: Batch, case: Case, doubt: Doubtful) -> Iterator[Planned]:
    """It is told. A record without an item then waits until something changes."""
    yield _doubt(facts, batch, case, doubt)
    title = case.known.title if case.known else ""
    if title or case.chosen or doubt.why in EVERY_RUN:
        judged = _judged(facts, case, title)
        # A deleted item has no revision: no other record names it any more.
        yield replace(judged, revid=None) if doubt.why is Why.DELETED else judged
        return
    revid = judged_by(doubt.message, batch.found)
    if doubt.why is Why.UNPROVEN:
        # Only the source names an item: people may know whether it is that one.
        yield from _without_item(facts, case, revid)
    else:
        yield _waiting(facts, case, revid)


def _without_item(facts: Facts, case: Case, revid: int | None = None) -> Iterator[Planned]:
    """No item is the record's: perhaps people know one."""
    people = facts.people
    if people is not None and case.record is not None:
        if case.wants_new:
            why = choosing.not_made(case.record, people.creates)
            yield Finding(target=people.page, message=why, where=case.key)
        people.queue.take(case)
    yield _waiting(facts, case, revid)


def _waiting(facts: Facts, case: Case, revid: int | None) -> Judged:
    """A record without an item, with its row: of a file of changes, it is needed again later.

    `revid`: the newest revision of the items that it is in doubt about.
    """
    state = replace(_state(facts, case, quiet=True), row=row_text(case.row))
    return Judged(target=Target(facts.site, ""), record=state, revid=revid)


def _last_known(facts: Facts, batch: Batch, case: Case) -> str:
    """The identifier that we last saw on the item of a record which is gone; "" for none."""
    left = batch.bases.get(facts.title(case.item), {}) if case.item else {}
    told = left.get(facts.dataset, {}).get(IDENTIFIER)
    return told if isinstance(told, str) else ""


def _doubt(facts: Facts, batch: Batch, case: Case, doubt: Doubtful) -> Finding:
    if case.chosen and facts.people is not None and not (case.known and case.known.title):
        why = choosing.unusable(case, doubt, batch.found)
        return Finding(target=facts.people.page, message=why, where=case.key)
    title = facts.title(doubt.items[0]) if doubt.items else facts.page.title
    target = Target(facts.site, title) if doubt.items else facts.page
    return Finding(target=target, message=doubt.message, where=case.key)


def _on_item(
    facts: Facts,
    batch: Batch,
    case: Case,
    item: str,
    was: str,
    why: tuple[Message, ...] = (),
) -> Iterator[Planned]:
    """The record's item is known: every slot is judged."""
    entity = batch.found[item]
    if not isinstance(entity, Item):
        raise TypeError(f"{item} is no item")
    title = facts.title(item)
    left = batch.bases.get(title, {})
    here = left.get(facts.dataset, {})
    carried = batch.bases.get(facts.title(was), {}).get(facts.dataset, {}) if was else {}
    bases = {**carried, **here}
    rulings = batch.rulings.get(title, {})
    record = facts.beside(case.record, entity) if case.record else None
    if case.record is not None and record is not None:
        yield from (_fault(facts, fault) for fault in record.faults[len(case.record.faults) :])
    found = facts.engine.reconcile(
        record,
        OnWiki(
            item=entity,
            bases=bases,
            others=[slots for bot, slots in left.items() if bot != facts.dataset],
            rulings=rulings,
            since=edited_at(entity),
        ),
        About(case.key, item, facts.site, case.url),
        facts.now.date(),
    )
    facts.tally.statements += sum(name[:1] == "P" for name in bases)
    for difference in found.differences:
        yield finding_of(difference)
        shown = facts.tally.shown
        if len(shown) < MOST_SHOWN and stands(difference, facts.first_seen, facts.now):
            shown.append(difference)
    leaves = {**found.leaves, **({CHOSEN: case.key} if case.chosen else {})}
    identifier = identifier_of(case.record.identifiers, facts.rule) if case.record else ""
    if identifier and identifier != here.get(IDENTIFIER):
        leaves[IDENTIFIER] = identifier
    patch = found.change.patch if found.change else NO_PATCH
    state = _state(facts, case, entity, patch, quiet=not found.differences and not rulings)
    target = Target(facts.site, title)
    if was:
        # There first, then gone from here: a run that is killed in between has lost nothing.
        yield Judged(target=target, leaves=bases)
        gone = dict.fromkeys(carried)
        yield Judged(target=Target(facts.site, facts.title(was)), leaves=gone)
    if found.change is None:
        yield Judged(target=target, leaves=leaves, record=state, revid=entity.revision)
        return
    yield Edit(
        target=target,
        change=found.change,
        summary=_summary(facts, found.change),
        reasons=(*why, *found.reasons),
        leaves=leaves,
        record=state,
    )


def _new(facts: Facts, case: Case) -> Iterator[Planned]:
    """A new item is made of the record."""
    about = About(case.key, "", facts.site, case.url)
    wiki = OnWiki(item=Item(), bases={})
    found: Reconciled = facts.engine.reconcile(case.record, wiki, about, facts.now.date())
    change = found.change
    if change is None or case.record is None:
        raise ValueError(f"a new item of {case.key} would say nothing")
    change = _with_more(change.patch, case.record)
    yield Edit(
        target=new_target(facts.site, case.key),
        change=change,
        summary=Message("dataset-summary-new", {"dataset": facts.name}),
        reasons=found.reasons,
        leaves={**found.leaves, IDENTIFIER: identifier_of(case.record.identifiers, facts.rule)},
        key=case.key,
        record=_state(facts, case, Item(), change.patch, quiet=not found.differences),
    )


def _with_more(patch: EntityPatch, record: Record) -> EntityChange:
    """The new item with what is written into new items alone."""
    held = {(each.terms, each.language) for each in patch.terms}
    terms, aliases = list(patch.terms), {each.language: each for each in patch.aliases}
    for said in record.new_terms:
        texts = said.texts if isinstance(said.texts, tuple) else ()
        if said.rule.kind == "alias":
            known = aliases.get(said.language, AliasChange(language=said.language))
            add = dict.fromkeys((*known.add, *texts))
            aliases[said.language] = AliasChange(language=said.language, add=tuple(add))
            continue
        name: Literal["labels", "descriptions"] = f"{said.rule.kind}s"  # type: ignore[assignment]
        if texts and (name, said.language) not in held:
            terms.append(TermChange(terms=name, language=said.language, text=texts[0]))
    return new_item(
        replace(
            patch,
            terms=tuple(terms),
            aliases=tuple(aliases.values()),
            add=(*patch.add, *record.new_statements),
        )
    )


def _judged(facts: Facts, case: Case, title: str) -> Judged:
    """What is known of a record for which nothing is written."""
    revid = case.known.revid if case.known and title else None
    target = Target(facts.site, title)
    return Judged(target=target, record=_state(facts, case), revid=revid)


def _state(
    facts: Facts,
    case: Case,
    item: Item | None = None,
    patch: EntityPatch = NO_PATCH,
    quiet: bool = False,
) -> RecordState:
    """How far a record is judged; `item`: its item before the patch, None for none."""
    links = case.record.links if case.record else ()
    if links is not None:
        links = tuple((bot, key, facts.title(item) if item else "") for bot, key, item in links)
    waits = any(not title for _, _, title in links or ())
    row = row_text(case.row) if waits or not quiet else None
    gaps = _gaps(facts, facts.gaps.rule, case, item, patch) if facts.gaps else None
    return RecordState(case.key, case.digest, quiet, case.gone_since, row, links, gaps)


def _gaps(facts: Facts, rule: GapRule, case: Case, item: Item | None, patch: EntityPatch) -> JSON:
    """What the record lacks once the patch is saved; None where the source has it no more."""
    lacks = None
    if case.record is not None:
        lacks = state_of(case.record, applied(item, patch) if item else None, rule)
    facts.tally.gaps[case.key] = (item.id if item else "", lacks)
    return lacks.json() if lacks else None


def _summary(facts: Facts, change: EntityChange) -> Message:
    patch = change.patch
    aliases = sum(len(each.add) + len(each.remove) for each in patch.aliases)
    count = len(patch.terms) + len(patch.add) + len(patch.edit) + len(patch.remove) + aliases
    return Message("dataset-summary", {"dataset": facts.name, "num_changes": count})


def _faulty(facts: Facts, finding: Finding) -> str:
    """The record of which a fault, a doubt, or that no item could be made of it was told; or ""."""
    if finding.target.title.startswith(NEW_ITEM):
        return finding.target.title.removeprefix(NEW_ITEM)
    key, _, column = finding.where.rpartition(", column ")
    if column and finding.target == facts.page:
        return key
    return finding.where if finding.message.key.startswith("match-") else ""


_NOT_TAKEN = frozenset({"edit-invalid", "edit-invalid-part"})
"""What the runner tells of an edit that the wiki will never take."""


def _still(facts: Facts, finding: Finding) -> bool:
    """Whether what was told of a record that was not looked at is still so."""
    if finding.where in facts.tally.unread:
        return True
    key = _faulty(facts, finding)
    if not key and finding.message.key in _NOT_TAKEN and finding.target.site == facts.site:
        return finding.target.title.rpartition(":")[2] not in facts.tally.holding
    return bool(key) and key not in facts.tally.looked and not facts.lacks(key)


def _fault(facts: Facts, fault: Fault) -> Finding:
    facts.tally.values.see(fault.message)
    where = ", ".join(
        said
        for said in (
            fault.key,
            f"column {fault.column}" if fault.column else "",
            f"row {fault.row}" if fault.row and not fault.key else "",
        )
        if said
    )
    return Finding(target=facts.page, message=fault.message, where=where)
