"""What the register remembers of a page between two runs, and the page as a plan knows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.messages import Message
from bots.core.plan import JSON, Finding, Target
from bots.core.seen import Seen
from bots.register.lists.beginning import NewPage

RULES = "rules"
"""Of the register's top page: what stands for the kinds by which all records were read."""

LOOKED = "looked"
"""Of a page among records that holds none: its revision."""

MOVED = "moved"
"""Of a page among records that redirects: where to."""

RECORD = "told-of-record"
"""Of a record's page: what was told of it."""

TOLD = "told-of-lists"
"""Of a page with lists: what was told of them."""

LIST = "list:"
"""Begins the slot of a list on a page, before its name; what is in it only `merging` knows."""

INDEX, PARTS = "index:", "parts:"
"""Begin the slots of a list that is divided among pages: its index there, and its parts."""

SEEN = "seen"
"""Of a page with lists: as what it was read last, and what its lists asked for; see
`remember`."""

BEGUN = "begun"
"""Of a page that the register need not begin: it did so once, or people did."""

REBUILT = "rebuilt"
"""Of the register's top page: what had been left was told from the wiki once."""

Base = Mapping[str, JSON]
"""What was left on a page: slot → value."""


@dataclass(frozen=True, kw_only=True)
class OnPage:
    """A page that has lists, had them, or should have: `seen` is None where it was not read.

    `number` is the wiki's own of it, None where it is not known. `base`: what was left on it; under
    another title, `was`, where it was moved since. `listed`: the wiki says that the list's template
    is on it. `changed`: it isn't as it was read last. `begins`: what it is begun as, if it is not
    there.
    """

    target: Target
    number: int | None = None
    seen: Seen | None = None
    base: Base = field(default_factory=dict)
    was: str = ""
    listed: bool = False
    changed: bool = False
    begins: NewPage | None = None


def remember(
    page: OnPage, asks: Sequence[Mapping[str, str]], digests: Mapping[str, str]
) -> dict[str, JSON]:
    """What to remember of a page that was read, with all that its lists were made of.

    `asks`: the options of each list; `digests`: of each source, by what lists call it.
    """
    revid = page.seen.revid if page.seen else None
    known = {"page": page.number, "revid": revid, "asks": list(asks), "digests": dict(digests)}
    return {SEEN: known, BEGUN: True}


def of_lists(base: Base) -> dict[str, JSON]:
    """What is remembered of the lists on a page."""
    return {
        slot: value
        for slot, value in base.items()
        if slot in (SEEN, TOLD) or slot.startswith((LIST, INDEX, PARTS))
    }


def asks_in(base: Base) -> list[dict[str, str]]:
    """The options of each list that a page had when it was read last."""
    return list(_seen(base).get("asks", ()))


def digests_in(base: Base) -> dict[str, str]:
    """What stood for the sources of its lists then."""
    return dict(_seen(base).get("digests", {}))


def number_in(base: Base) -> int | None:
    """The page's number."""
    return _seen(base).get("page")


def revid_in(base: Base) -> int | None:
    """Its revision then."""
    return _seen(base).get("revid")


def told(findings: Iterable[Finding]) -> JSON:
    """What to remember of what is told; None: nothing is."""
    return [[each.where, each.message.key, dict(each.message.params)] for each in findings] or None


def still_told(target: Target, slot: str, base: Base) -> Iterator[Finding]:
    """What was told, once more."""
    for where, key, params in base.get(slot) or ():
        yield Finding(target=target, message=Message(key, params), where=where)


def _seen(base: Base) -> dict[str, JSON]:
    return base.get(SEEN) or {}
