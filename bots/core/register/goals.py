"""Goals that count themselves: a number, with evidence, from the register, a dataset or a page.

    of=partner; kind=technical; stage=collaboration     records of a kind that meet conditions
    of=dataset:museums                                  records of a dataset that are items
    page=Help:Data modelling                            1 once there is such a page on the hub wiki

The first condition says what is counted, the rest are as in `query`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bots.core.plan import JSON
from bots.core.register.asking import Canonical, Kinds
from bots.core.register.facts import PageRecord
from bots.core.register.query import LONGEST, QueryError, holds, parse_where

GOAL = "goal"
"""The kind of record."""

DATASET = "dataset:"
"""What comes before a dataset's id."""

MOST_EVIDENCE = 5
"""So many pages are named as evidence."""


@dataclass(frozen=True)
class Counting:
    """What a goal counts: records of a kind, or (`dataset:ID`) of a dataset, or a page."""

    of: str = ""
    where: str = ""
    page: str = ""


@dataclass(frozen=True)
class Count:
    """How many there are, and the titles of the first of them."""

    number: int
    evidence: Sequence[str] = ()


@dataclass(frozen=True)
class Countable:
    """What there is to count. `items`: a dataset → how many of its records are items.

    `pages`: those of `pages_asked` that there are. What is None is not known.
    """

    kinds: Kinds
    records: Collection[PageRecord]
    canonical: Canonical
    pages: Collection[str] | None = None
    items: Callable[[str], int] | None = None


PAGES_SLOT = "goal-pages"
"""What the bot `register` leaves on the register's own page: the pages of `pages_asked` that there
are, for who can't ask the wiki."""


def parse_counting(text: str) -> Counting:
    """What a goal counts. Raises `QueryError`."""
    if len(text) > LONGEST:
        raise QueryError("register-where-long", most=str(LONGEST))
    first, _, where = text.partition(";")
    name, _, said = (part.strip() for part in first.partition("="))
    match name.casefold():
        case "of" if said and not (said.startswith(DATASET) and where.strip()):
            return Counting(of=said, where=where)
        case "page" if said and not where.strip():
            return Counting(page=said)
    raise QueryError("register-goal-counts", text=text)


def pages_asked(goals: Iterable[PageRecord]) -> list[str]:
    """The titles of the pages that goals ask for."""
    asked: dict[str, None] = {}
    for goal in goals:
        with suppress(QueryError):
            asked[parse_counting(goal.first("counts")).page] = None
    return [title for title in asked if title]


def pages_left(slots: Mapping[str, JSON]) -> frozenset[str]:
    """The pages of `pages_asked` that there were when the bot last looked; see `PAGES_SLOT`."""
    left = slots.get(PAGES_SLOT)
    return frozenset(map(str, left)) if isinstance(left, list) else frozenset()


def count(counting: Counting, there: Countable) -> Count | None:
    """How many there are, if that is known.

    Raises `QueryError` for a kind, a field or a word that there is not.
    """
    if counting.page:
        if there.pages is None:
            return None
        pages = [counting.page] if counting.page in there.pages else []
        return Count(len(pages), pages)
    if counting.of.startswith(DATASET):
        dataset = counting.of.removeprefix(DATASET)
        return None if there.items is None else Count(there.items(dataset))
    kind = there.kinds.get(counting.of)
    if kind is None:
        raise QueryError("register-no-kind", kind=counting.of, kinds=", ".join(there.kinds))
    fields = kind.fields
    where = parse_where(
        counting.where, fields, lambda name, word: there.canonical(fields[name], word)
    )
    of_kind = (each for each in there.records if each.kind == kind.name)
    found = [each for each in of_kind if holds(where, each.values)]
    titles = sorted(each.title for each in found if kind.may_show(each.values))
    return Count(len(found), titles[:MOST_EVIDENCE])


def with_counts(goals: Iterable[PageRecord], there: Countable) -> list[PageRecord]:
    """The goals with what computed.yaml calls `reached`, `share` and `evidence` among their values.

    One that has no `counts`, whose `counts` makes no sense (see `faults`), or of which nothing is
    known, stays as it is.
    """
    return [_with_count(goal, there) for goal in goals]


def faults(
    goals: Iterable[PageRecord], there: Countable
) -> Iterator[tuple[PageRecord, QueryError]]:
    """The goals whose `counts` makes no sense, with what is wrong."""
    for goal in goals:
        found = _counted(goal, there)
        if isinstance(found, QueryError):
            yield goal, found


def _with_count(goal: PageRecord, there: Countable) -> PageRecord:
    found = _counted(goal, there)
    if not isinstance(found, Count):
        return goal
    values: dict[str, Sequence[str]] = {**goal.values, "reached": (str(found.number),)}
    target = goal.first("target")
    if target.isdecimal() and int(target):
        values["share"] = (str(100 * found.number // int(target)),)
    if found.evidence:
        values["evidence"] = tuple(found.evidence)
    return replace(goal, values=values)


def _counted(goal: PageRecord, there: Countable) -> Count | QueryError | None:
    said = goal.first("counts")
    try:
        return count(parse_counting(said), there) if said else None
    except QueryError as error:
        return error
