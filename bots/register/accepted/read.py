"""Gathers what a plan for accepted requests is made of: requests, partners, pages to write to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bots.core.config import HubConfig
from bots.core.plan import JSON, Target
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import KindConfig
from bots.core.store import Store
from bots.register.accepted.facts import KIND, RECORD, Facts, Request
from bots.register.accepted.filling import REQUESTS, read_values
from bots.register.accepted.matching import absent, intents, record_field, titles_of, was_made
from bots.register.records import Rules
from bots.wiki.desk import Desk
from bots.wiki.looking import deleted
from bots.wiki.pages import read_pages
from bots.wiki.seeing import seen

_STATE, _ASKED = "state:", "asked:"
"""The intake's slots on the requests page; see `bots.intake.plan`."""


def read(
    desk: Desk,
    store: Store,
    config: HubConfig,
    rules: Rules,
    records: Sequence[PageRecord],
    bases: Mapping[str, Mapping[str, JSON]],
) -> Facts | None:
    """Accepted requests as the intake left them, and the pages of those that something is new of.

    `bases`: what the register left on the hub wiki, by title. None where there is no kind of
    record for partners. Nothing is asked of the wiki where nothing is new; else a request for 500
    pages, and one for each record that is to be made. Raises `NotReachedError`.
    """
    if KIND not in rules.kinds:
        return None
    left = store.base("intake", Target(config.hub, config.intake.requests_page))
    facts = Facts(
        site=config.hub,
        rules=rules,
        template=(config.intake.template, *config.intake.template_aliases),
        requests=requests_in(left, rules),
        partners=[each for each in records if each.kind == KIND],
        bases=bases,
    )
    return with_pages(desk, config, facts)


def with_pages(desk: Desk, config: HubConfig, facts: Facts) -> Facts:
    """The facts with the pages read to which something may be written."""
    wiki = desk.wikis[config.hub]
    due = [each for each in intents(facts)[0] if each.due]
    pages = {page.asked: seen(page, config.account) for page in read_pages(wiki, titles_of(due))}
    gone = [
        each.title
        for each in absent(due, pages)
        if was_made(each, facts) or deleted(wiki, each.title)
    ]
    return replace(facts, pages=pages, deleted=frozenset(gone))


def requests_in(slots: Mapping[str, JSON], rules: Rules) -> list[Request]:
    """The accepted requests in the intake's slots of the requests page, the first ones first."""
    found = [
        _request(slot.removeprefix(_ASKED), said, slots, rules)
        for slot, said in slots.items()
        if slot.startswith(_ASKED) and isinstance(said, dict)
    ]
    return sorted(found, key=lambda each: (each.first, each.title))


def _request(
    title: str, said: Mapping[str, str], slots: Mapping[str, JSON], rules: Rules
) -> Request:
    kind = rules.kinds[KIND]
    match slots.get(f"{_STATE}{title}"):
        case [_, _, str(first), *_]:
            seen_first = first
        case _:
            seen_first = ""
    named = read_values(record_field(kind), said.get(RECORD, ""), rules.world)
    values = dict(_values(said, kind, rules))
    return Request(title=title, first=seen_first, values=values, link=next(iter(named), ""))


def _values(
    said: Mapping[str, str], kind: KindConfig, rules: Rules
) -> Iterator[tuple[str, Sequence[str]]]:
    """What a request says, by the record's fields; what can't be understood is left out."""
    for name, source in kind.requests.items():
        values = read_values(kind.fields[name], said.get(source, ""), rules.world)
        if values and name != REQUESTS:
            yield name, values
