"""Gathers what a plan of duties is made of: records, what can be seen of checks, talk pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bots.core.config import HubConfig
from bots.core.messages import Messages
from bots.core.plan import JSON, Target
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import KindConfig
from bots.core.store import Store
from bots.register.duties.form import (
    FIELD,
    Check,
    Duty,
    How,
    Known,
    LineFault,
    days_of,
    read_duties,
)
from bots.register.duties.judging import UNSEEN, Sight, Term, judge
from bots.register.duties.plan import SEEN, Facts, Owed, reminders
from bots.wiki.desk import Desk
from bots.wiki.looking import existing, transcluded
from bots.wiki.pages import read_pages
from bots.wiki.seeing import seen, talk_title
from bots.wiki.sites import TEMPLATES, Wiki

BEGINS, ENDS = ("since", "signed"), "until"
"""The fields that say from when to when a record holds."""

RENEWAL, GOES_ON = "renewal", "automatic"
"""The field that says what happens then, and the value by which it goes on."""

STATE, NOT_HELD = "state", ("draft", "expired", "ended")
"""The field that says whether it holds, and the values by which it doesn't."""

MEDIATORS = "mediators"
"""The field of those who are reminded; it is that of the partners that a record names, too."""

_RUNS = 50


def read(
    desk: Desk,
    store: Store,
    config: HubConfig,
    kinds: Mapping[str, KindConfig],
    records: Sequence[PageRecord],
    bases: Mapping[str, Mapping[str, JSON]],
    messages: Messages,
    datasets: Collection[str],
    now: dt.datetime,
) -> Facts:
    """All records that have duties, and the talk pages of those of which a reminder may be due.

    `bases`: what the register left on the hub wiki, by title; `datasets`: the ids that there are.
    Checks are looked at once a day: one request a wiki and kind of check, and none where they were
    looked at today. Raises `NotReachedError`.
    """
    wiki = desk.wikis[config.hub]
    known = Known(config.hub, list(config.sites), datasets)
    read = [
        (record, list(read_duties("\n".join(said), known)))
        for record in records
        if (said := record.values.get(FIELD)) and record.first(STATE) not in NOT_HELD
    ]
    duties = [each for _, lines in read for each in lines if isinstance(each, Duty)]
    top = config.the_register.top_of(config.hub)
    checks = {each.check for each in duties if each.check}
    before = bases.get(top, {}).get(SEEN)
    looked = _looked_today(before, checks, now.date()) or _look(desk, checks)
    sights = {
        check: _dataset(store, config, check.name)
        if check.how is How.DATASET
        else Sight(holds=looked.get(_word(check)))
        for check in checks
    }
    owed = [_owed(wiki, record, lines, sights, now.date()) for record, lines in read]
    memory: JSON = {"day": now.date().isoformat(), "seen": looked}
    facts = Facts(
        site=config.hub,
        language=wiki.language,
        messages=messages,
        owed=owed,
        bases={each.talk: bases[each.talk] for each in owed if each.talk in bases},
        top=top,
        seen=memory if looked and memory != before else None,
    )
    return _with_talks(facts, wiki, config, kinds, records)


def _owed(
    wiki: Wiki,
    record: PageRecord,
    lines: Iterable[Duty | LineFault],
    sights: Mapping[Check, Sight],
    today: dt.date,
) -> Owed:
    begins = next(filter(None, map(record.first, BEGINS)), "")
    ends = record.first(ENDS) if record.first(RENEWAL) != GOES_ON else ""
    term = Term(days_of(begins)[0], days_of(ends)[1])
    lines = list(lines)
    standings = [
        judge(each, sights[each.check] if each.check else UNSEEN, term, today)
        for each in lines
        if isinstance(each, Duty)
    ]
    return Owed(
        record=record,
        talk=talk_title(wiki, record.title),
        standings=[each for each in standings if each is not None],
        faults=[each for each in lines if isinstance(each, LineFault)],
        mediators=tuple(record.values.get(MEDIATORS, ())),
        line=record.lines.get(FIELD, 1),
    )


def _with_talks(
    facts: Facts,
    wiki: Wiki,
    config: HubConfig,
    kinds: Mapping[str, KindConfig],
    records: Sequence[PageRecord],
) -> Facts:
    """The talk pages on which there may be something to post, and whom a post would name."""
    due = {each.talk for each in facts.owed if reminders(each, facts.bases.get(each.talk, {}))}
    if not due:
        return facts
    talks = {page.asked: seen(page, config.account, post=True) for page in read_pages(wiki, due)}
    asked = [each for each in facts.owed if each.talk in due]
    wanted = {title for each in asked for title in _named(each.record, kinds)}
    named = {
        record.title: record.values.get(MEDIATORS, ())
        for record in records
        if record.title in wanted
    }
    owed = [
        replace(
            each,
            mediators=[
                *each.mediators,
                *(
                    user
                    for title in _named(each.record, kinds)
                    for user in named.get(title, ())
                    if each.talk in due
                ),
            ],
        )
        for each in facts.owed
    ]
    return replace(facts, talks=talks, owed=owed)


def _named(record: PageRecord, kinds: Mapping[str, KindConfig]) -> Iterator[str]:
    """The titles of the records that this one names."""
    for name, field in kinds[record.kind].fields.items():
        if field.of:
            yield from record.values.get(name, ())


def _dataset(store: Store, config: HubConfig, dataset: str) -> Sight:
    """When its source's newest release was out, and when it was last looked for."""
    left = store.base(dataset, Target(config.hub, config.dataset_page(dataset))).get("release")
    since = left.get("since") if isinstance(left, dict) else None
    runs = store.runs(dataset, limit=_RUNS)
    looked = next((run.started.date() for run in runs if run.state == "finished"), None)
    last = dt.datetime.fromisoformat(since).date() if isinstance(since, str) else None
    return Sight(last=last, looked=looked)


def _looked_today(
    before: JSON, checks: Iterable[Check], today: dt.date
) -> dict[str, bool | None] | None:
    """What was seen earlier today, where that was all that is asked for now."""
    match before:
        case {"day": str(day), "seen": dict(found)} if day == today.isoformat():
            wanted = [_word(check) for check in checks if check.how is not How.DATASET]
            return found if all(word in found for word in wanted) else None
    return None


def _look(desk: Desk, checks: Iterable[Check]) -> dict[str, bool | None]:
    """What can be seen of pages and templates now, by the check's own words."""
    found: dict[str, bool | None] = {}
    by_site: dict[tuple[str, How], list[Check]] = {}
    for check in checks:
        if check.how is not How.DATASET:
            by_site.setdefault((check.site, check.how), []).append(check)
    for (site, how), wanted in sorted(by_site.items()):
        wiki = desk.wikis[site]
        if how is How.PAGE:
            titles = {check: check.name for check in wanted}
            told = existing(wiki, titles.values())
        else:
            titles = {check: _template_title(wiki, check.name) for check in wanted}
            told = transcluded(wiki, titles.values())
        found |= {_word(check): told.get(title) for check, title in titles.items()}
    return found


def _template_title(wiki: Wiki, name: str) -> str:
    return name if wiki.namespace(name)[0] == TEMPLATES else f"Template:{name}"


def _word(check: Check) -> str:
    return f"{check.how} {check.site}:{check.name}"
