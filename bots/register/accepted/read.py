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
from bots.register.accepted.matching import intents, linked_to, record_field
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
    facts = Facts(
        site=config.hub,
        rules=rules,
        template=(config.intake.template, *config.intake.template_aliases),
        requests=_requests(store, config, rules),
        partners=[each for each in records if each.kind == KIND],
        bases=bases,
    )
    return with_pages(desk, config, facts)


def with_pages(desk: Desk, config: HubConfig, facts: Facts) -> Facts:
    """The facts with the pages read to which something may be written."""
    wiki = desk.wikis[config.hub]
    due = [each for each in intents(facts)[0] if each.due]
    wanted = [each.title for each in due]
    wanted += [request.title for each in due for request in each.requests]
    pages = {page.asked: seen(page, config.account) for page in read_pages(wiki, wanted)}
    missing = [
        each.title
        for each in due
        if each.new and pages[each.title].text is None and not pages[each.title].fault
    ]
    known = {linked_to(request, facts) for each in due for request in each.requests}
    gone = {title for title in missing if title in known or deleted(wiki, title)}
    return replace(facts, pages=pages, deleted=frozenset(gone))


def _requests(store: Store, config: HubConfig, rules: Rules) -> list[Request]:
    title = config.intake.requests_page
    slots = store.base("intake", Target(config.hub, title))
    found = [
        _request(slot.removeprefix(_ASKED), said, slots, rules)
        for slot, said in slots.items()
        if slot.startswith(_ASKED) and isinstance(said, dict)
    ]
    return sorted(found, key=lambda each: (each.first, each.title))


def _request(title: str, said: Mapping[str, str], slots: JSON, rules: Rules) -> Request:
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
