"""What is told of records and their items, and what is remembered of it; nothing is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.messages import Message
from bots.core.plan import JSON, Finding, Judged, Planned, Target
from bots.core.register.facts import PageRecord
from bots.register.comparing.judging import Told

COMPARED = "compared"
"""The slot of a record's page: as what it and its item were compared last, and what was told."""

LISTED = "items-listed"
"""The slot of the register's own page: when all items' revisions were listed last."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A record with an item. `digest`: what stands for all of it that is compared.

    `revid`: the item's revision, None where there is none. `told`: what is to be told of the two.
    """

    record: PageRecord
    digest: str
    revid: int | None
    told: Sequence[Told]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a plan is made of. `site`: the hub's key; `top`: the register's own page there.

    `bases`: title → what the register left there. `listed`: when the items were listed, if that was
    now. `gone`: titles of records that have no item any more, or aren't there.
    """

    site: str
    top: str
    compared: Sequence[Compared]
    bases: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)
    gone: Sequence[str] = ()
    listed: str = ""


def plan(facts: Facts | None) -> Iterator[Planned]:
    """Record by record what differs; and what to remember, where that is new."""
    if facts is None:
        return
    for each in facts.compared:
        target = Target(facts.site, each.record.title)
        for where, message in each.told:
            yield Finding(target=target, message=message, where=where)
        now = remembered(each)
        if facts.bases.get(each.record.title, {}).get(COMPARED) != now:
            yield Judged(target=target, leaves={COMPARED: now})
    for title in facts.gone:
        yield Judged(target=Target(facts.site, title), leaves={COMPARED: None})
    if facts.listed:
        yield Judged(target=Target(facts.site, facts.top), leaves={LISTED: facts.listed})


def remembered(compared: Compared) -> JSON:
    """What `as_told` reads."""
    told = [[where, message.key, dict(message.params)] for where, message in compared.told]
    return [compared.digest, compared.revid, told]


def as_told(left: JSON) -> tuple[str, int | None, list[Told]]:
    """The digest, the item's revision, and what was told when a record was compared last."""
    match left:
        case [str(digest), int() | None as revid, list(told)]:
            return digest, revid, [(where, Message(key, params)) for where, key, params in told]
        case _:
            return "", None, []
