"""What is to be stored, told and written of the register: facts in; nothing is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bots.core.messages import Message
from bots.core.plan import JSON, Edit, Finding, Judged, PageText, Planned, Target
from bots.core.seen import Seen
from bots.register import slots
from bots.register.accepted import plan as accepted
from bots.register.accepted.facts import Facts as Accepted
from bots.register.comparing import plan as comparing
from bots.register.duties import plan as duties
from bots.register.lists import sourcing
from bots.register.lists.beginning import NewPage, text_of
from bots.register.lists.calls import ListCall, find_lists
from bots.register.lists.facts import ListSource
from bots.register.lists.filling import Filled, Page, Speech, Stock, fill
from bots.register.slots import Base, OnPage


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """What the rooms beside the lists have read."""

    accepted: Accepted | None
    duties: duties.Facts
    comparing: comparing.Facts | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a plan is made of.

    `register`: what reading the records gave, to be stored and told. `pages`: those with lists, and
    those to begin. `sources`: what a list may be of, and in which language → all that it may
    choose from; `digests` stand for them. `offers`: what lists may be of, as they say it.
    """

    register: Sequence[Planned]
    rooms: Rooms
    pages: Sequence[OnPage]
    sources: Mapping[tuple[str, str], ListSource]
    digests: Mapping[tuple[str, str], str]
    offers: Sequence[str]

    @property
    def there(self) -> frozenset[Target]:
        """The pages with lists that there are."""
        return frozenset(page.target for page in self.pages if page.begins is None)


PART = "part "
"""Begins the key of an edit that makes a page for a part of a list."""

Rules = Mapping[str, Speech]
"""A site's key → how to speak there."""


def plan(facts: Facts, rules: Rules) -> Iterator[Planned]:
    """Everything there is to do: records first, then page by page."""
    yield from facts.register
    yield from plan_rooms(facts.rooms)
    for page in facts.pages:
        yield from plan_page(page, facts, rules[page.target.site])


def plan_rooms(rooms: Rooms) -> Iterator[Planned]:
    """What comes of accepted requests, of duties, and of comparing records with their items."""
    yield from accepted.plan(rooms.accepted)
    yield from duties.plan(rooms.duties)
    yield from comparing.plan(rooms.comparing)


def plan_page(page: OnPage, facts: Facts, speech: Speech) -> Iterator[Planned]:
    """What there is to do about one page with lists."""
    if page.seen is None:
        yield from slots.still_told(page.target, slots.TOLD, page.base)
    elif page.seen.fault:
        message = Message("intake-page-unreadable", {"info": page.seen.fault})
        yield Finding(target=page.target, message=message)
    elif page.begins is not None:
        yield from _begin(page, page.seen, page.begins, facts, speech)
    else:
        yield from _keep(page, page.seen, facts, speech)


def asks_of(page: OnPage, speech: Speech) -> list[dict[str, str]]:
    """The options of the page's lists: as they stand there now, or as they were read last."""
    text = page.seen.text if page.seen else None
    if page.seen is None:
        return slots.asks_in(page.base)
    if page.begins is not None:
        text = text_of(page.begins, speech.names, speech.look.language)
    lists = find_lists(text or "", speech.names)
    return [dict(each.options) for each in lists if isinstance(each, ListCall)]


def is_current(page: OnPage, digests: Mapping[tuple[str, str], str], language: str) -> bool:
    """Whether a page that was not read needs no reading: its lists are of what they were of."""
    known = slots.digests_in(page.base)
    return known == _digests(slots.asks_in(page.base), digests, language)


def _begin(
    page: OnPage, seen: Seen, new: NewPage, facts: Facts, speech: Speech
) -> Iterator[Planned]:
    """A page of the register's own, with its lists filled; never a second time."""
    if seen.text is not None or seen.skip:
        yield Judged(target=page.target, leaves={slots.BEGUN: True})
        return
    text = text_of(new, speech.names, speech.look.language)
    filled = _filled(page, text, {}, facts, speech)
    yield from filled.findings
    if filled.findings or not filled.whole:
        return
    yield from _write(
        page,
        seen.change(filled.text),
        filled,
        Message("summary-register-begin"),
        Message("register-why-begin"),
        {slots.BEGUN: True},
    )


def _keep(page: OnPage, seen: Seen, facts: Facts, speech: Speech) -> Iterator[Planned]:
    """The lists of a page brought up to date, in one edit."""
    lists = find_lists(seen.text or "", speech.names)
    if not lists:
        yield from _forget(page)
        return
    if page.was:
        yield from _carry(page)
    asks = asks_of(page, speech)
    digests = _digests(asks, facts.digests, speech.look.language)
    if seen.skip or seen.kept_out:
        yield Judged(target=page.target, leaves=slots.remember(page, asks, digests))
        return
    filled = _filled(page, seen.text or "", page.base, facts, speech)
    yield from filled.findings
    known = slots.remember(page, asks, digests if filled.whole else {})
    leaves = {**known, slots.TOLD: slots.told(filled.findings)}
    if filled.text == seen.text and not filled.sheets:
        yield Judged(target=page.target, leaves={**filled.leaves, **leaves})
        return
    names = list(filled.changed)
    yield from _write(
        page,
        replace(seen.change(filled.text), moved=filled.moved),
        filled,
        Message("summary-register-lists", {"num_lists": len(names)}),
        Message("register-why-lists", {"list_lists": names}),
        leaves,
    )


def _write(
    page: OnPage,
    change: PageText,
    filled: Filled,
    summary: Message,
    reason: Message,
    leaves: Base,
) -> Iterator[Edit]:
    """The edit of a page, after those that make pages for parts of its lists."""
    after = ""
    for sheet in filled.sheets:
        key = f"{PART}{sourcing.digest(sheet.target.title)}"
        yield Edit(
            target=sheet.target,
            change=PageText(text=sheet.text),
            summary=Message("summary-register-part"),
            reasons=(Message("register-why-split"),),
            leaves=sheet.leaves,
            key=key,
            after=after,
        )
        after = key
    yield Edit(
        target=page.target,
        change=change,
        summary=Message("summary-register-split") if filled.moved else summary,
        reasons=(Message("register-why-split") if filled.moved else reason,),
        leaves={**filled.leaves, **leaves},
        after=after,
    )


def _filled(page: OnPage, text: str, base: Base, facts: Facts, speech: Speech) -> Filled:
    language = speech.look.language
    there = {of: source for (of, spoken), source in facts.sources.items() if spoken == language}
    asked = Page(target=page.target, text=text, base=base, there=facts.there)
    return fill(asked, Stock(sources=there, offers=facts.offers), speech)


def _digests(
    asks: Sequence[Mapping[str, str]], digests: Mapping[tuple[str, str], str], language: str
) -> dict[str, str]:
    asked = {each.get("of", "") for each in asks}
    return {of: digests.get((of, language), "") for of in sorted(asked)}


def _forget(page: OnPage) -> Iterator[Judged]:
    """No list is there any more; should one come back, it goes on from where it was.

    The template may be there by way of another page; that need not be read again and again.
    """
    if page.was:
        yield from _carry(page)
    left: dict[str, JSON] = {}
    if page.listed:
        left = slots.remember(page, [], {})
    elif slots.SEEN in page.base:
        left = {slots.SEEN: None}
    if slots.TOLD in page.base:
        left[slots.TOLD] = None
    if left:
        yield Judged(target=page.target, leaves=left)


def _carry(page: OnPage) -> Iterator[Judged]:
    """What was remembered under the page's former title goes with it."""
    left = slots.of_lists(page.base)
    yield Judged(target=page.target, leaves=left)
    yield Judged(target=Target(page.target.site, page.was), leaves=dict.fromkeys(left))
