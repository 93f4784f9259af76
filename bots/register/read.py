"""Gathers what a plan is made of: records that changed, and pages with lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bots.core.config import HubConfig
from bots.core.messages import Message
from bots.core.plan import JSON, Finding, Judged, Planned, Target
from bots.core.ports import Progress
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import KindConfig
from bots.core.store import Store
from bots.register import slots
from bots.register.consent import only_their_own
from bots.register.lists.beginning import new_pages
from bots.register.lists.calls import Names
from bots.register.records import Reading, Rules, check_all, read_record, redirect_target
from bots.register.slots import Base, OnPage
from bots.wiki.pages import Listed, Page, list_subpages, list_transclusions, read_pages
from bots.wiki.seeing import seen
from bots.wiki.sites import TEMPLATES, Wiki

Bases = Mapping[str, Base]
"""A page's title → what was left on it."""

_TEMPLATES = (TEMPLATES, TEMPLATES + 1)
"""Namespaces in which lists stand as examples (mediawiki.org, Manual:Namespace constants)."""


@dataclass(frozen=True, kw_only=True)
class Records:
    """The register as it stands now; `planned`: what is to be stored and told of it."""

    all: Sequence[PageRecord]
    planned: Sequence[Planned]


def read_records(
    wiki: Wiki,
    top: str,
    rules: Rules,
    digest: str,
    store: Store,
    bases: Bases,
    progress: Progress,
) -> Records:
    """All records; pages are read whose revision isn't the one that was read last.

    A request for 5,000 pages, one for each 500 that changed, and one for each of these on which
    somebody says that they may be listed. `digest` stands for the rules:
    where they aren't what they were, all pages are read. Raises `NotReachedError`: a listing in
    part is no base for a plan.
    """
    folders = tuple(map(rules.world.folder, rules.kinds))
    listed = {
        page.number: page for page in list_subpages(wiki, top) if page.title.startswith(folders)
    }
    known = store.page_record_revids()
    anew = bases.get(top, {}).get(slots.RULES) != digest
    changed = {
        page.title: page
        for page in listed.values()
        if anew or not _is_known(page, known, bases.get(page.title, {}))
    }
    records = {each.page: each for each in store.page_records() if each.page in listed}
    read: set[int] = set()
    planned: list[Planned] = []
    moved = {title: listed[page].title for page, (_, title, _) in known.items() if page in listed}
    moved |= {title: base[slots.MOVED] for title, base in bases.items() if slots.MOVED in base}
    for done, page in enumerate(read_pages(wiki, changed), 1):
        progress("records", done, len(changed))
        number, base = changed[page.asked].number, bases.get(page.asked, {})
        found = only_their_own(wiki, page, read_record(page, rules), rules)
        redirect = redirect_target(page.text or "") if page.redirect else ""
        if redirect:
            moved[page.asked] = redirect
        if found.record is not None:
            records[number] = found.record
            read.add(number)
        elif found.readable:
            records.pop(number, None)
        planned += _of_page(page, number, found, redirect, base, known)
    planned += _still_told(wiki.key, listed.values(), changed, bases)
    planned += _gone(wiki.key, listed, known, bases)
    for each in check_all(records.values(), rules, moved, wiki.key):
        if isinstance(each, Finding):
            planned.append(each)
        else:
            records[each.page] = each
            read.add(each.page)
    planned += (
        Judged(target=Target(wiki.key, records[number].title), page_record=records[number])
        for number in read
    )
    if anew:
        planned.append(Judged(target=Target(wiki.key, top), leaves={slots.RULES: digest}))
    return Records(all=list(records.values()), planned=planned)


def read_lists(
    wiki: Wiki, config: HubConfig, kinds: Mapping[str, KindConfig], names: Names, bases: Bases
) -> list[OnPage]:
    """The pages of a wiki that have lists, had them, or should have; read where they changed.

    A request for each name of the template, and one for each 500 pages that changed. Raises
    `NotReachedError`.
    """
    listed: dict[str, Listed] = {}
    for name in names.start:
        for page in list_transclusions(wiki, f"Template:{name}"):
            if not page.redirect and wiki.namespace(page.title)[0] not in _TEMPLATES:
                listed[page.title] = page
    homes = {slots.number_in(base): title for title, base in bases.items()}
    pages = {
        title: _on_page(Target(wiki.key, title), page, bases, homes)
        for title, page in listed.items()
    }
    moved = {page.was for page in pages.values()}
    for title, base in bases.items():
        if slots.SEEN in base and title not in pages and title not in moved:
            # A list that was made just now may not be in the wiki's table of links yet.
            pages[title] = OnPage(target=Target(wiki.key, title), base=base, changed=True)
    for new in new_pages(kinds, config.the_register.top_of(wiki.key), wiki.language):
        base = bases.get(new.title, {})
        if new.title not in pages and slots.BEGUN not in base:
            target = Target(wiki.key, new.title)
            pages[new.title] = OnPage(target=target, base=base, changed=True, begins=new)
    changed = {page.target for page in pages.values() if page.changed}
    return read_texts(wiki, config, pages.values(), changed)


def read_texts(
    wiki: Wiki, config: HubConfig, pages: Iterable[OnPage], wanted: Collection[Target]
) -> list[OnPage]:
    """The pages, those that are wanted with their texts. Raises `NotReachedError`."""
    found = {page.target.title: page for page in pages}
    missing = [
        title for title, page in found.items() if page.seen is None and page.target in wanted
    ]
    for read in read_pages(wiki, missing):
        page = found[read.asked]
        found[read.asked] = replace(page, number=read.number, seen=seen(read, config.account))
    return list(found.values())


def _is_known(page: Listed, known: Mapping[int, tuple[str, str, int]], base: Base) -> bool:
    """Whether a page is as it was read last, as a record or as one that is none."""
    there = known.get(page.number)
    as_record = there is not None and there[1:] == (page.title, page.revid)
    return as_record or base.get(slots.LOOKED) == page.revid


def _of_page(
    page: Page,
    number: int,
    found: Reading,
    redirect: str,
    base: Base,
    known: Mapping[int, object],
) -> Iterator[Planned]:
    """What is told of a page that was read, and what is remembered of it besides its record."""
    if page.fault:
        message = Message("intake-page-unreadable", {"info": page.fault})
        yield Finding(target=page.target, message=message)
        return
    yield from found.findings
    leaves: dict[str, JSON] = {
        slots.RECORD: slots.told(found.findings),
        slots.LOOKED: None if found.record else page.revid,
        slots.MOVED: redirect or None,
    }
    changed = {slot: value for slot, value in leaves.items() if base.get(slot) != value}
    gone = number if found.readable and found.record is None and number in known else None
    if changed or gone is not None:
        yield Judged(target=page.target, leaves=changed, page_gone=gone)


def _still_told(
    site: str, listed: Iterable[Listed], changed: Mapping[str, Listed], bases: Bases
) -> Iterator[Finding]:
    """What is still to be told of pages that were not read, since they are as they were."""
    for page in listed:
        if page.title not in changed and page.title in bases:
            yield from slots.still_told(Target(site, page.title), slots.RECORD, bases[page.title])


def _gone(
    site: str,
    listed: Mapping[int, Listed],
    known: Mapping[int, tuple[str, str, int]],
    bases: Bases,
) -> Iterator[Judged]:
    """Records whose page is not there any more, and what was remembered under their titles."""
    for number, (_, title, _) in known.items():
        if number not in listed:
            yield Judged(target=Target(site, title), page_gone=number)
    titles = {page.title for page in listed.values()}
    for title, base in bases.items():
        left = [slot for slot in (slots.RECORD, slots.LOOKED, slots.MOVED) if slot in base]
        if left and title not in titles:
            yield Judged(target=Target(site, title), leaves=dict.fromkeys(left))


def _on_page(target: Target, page: Listed, bases: Bases, homes: Mapping[int | None, str]) -> OnPage:
    """A page that is listed; what was left on it goes with it when it is moved."""
    base, was = bases.get(target.title, {}), ""
    if slots.number_in(base) != page.number and page.number in homes:
        was = homes[page.number]
        base = bases[was]
    changed = bool(was) or slots.revid_in(base) != page.revid
    return OnPage(
        target=target, number=page.number, base=base, was=was, listed=True, changed=changed
    )
