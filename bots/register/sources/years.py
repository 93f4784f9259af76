"""`of=year`: the account of each year, in numbers that stay the same once the year is over.

A record is of the year in which it began, by the first date that it has of this, or else of the
one in which it was first there. What there was at a year's end, and what ended in it without a
date, is as the store's history has it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bots.core.register.computed import ComputedConfig
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, KindConfig, Type, Words, in_words
from bots.core.store import Store
from bots.register.lists.facts import ListSource, SourceRow
from bots.register.sources.partners import PARTNER, fields_of, has_ended
from bots.register.sources.requests import Request, waiting

MOST_YEARS = 30
"""So many years are told at most, the newest."""

_LATER = frozenset({"end", "ended", "until", "deadline", "updated"})
"""Dates that don't say when a record began."""

_OUTCOMES = ("outcome", "outcomes")

Outcomes = frozenset[tuple[int, str]]


@dataclass(frozen=True)
class Standing:
    """What there was at the end of a year, or is now, by the numbers of pages."""

    pages: frozenset[int] = frozenset()
    partners: frozenset[int] = frozenset()
    ended: frozenset[int] = frozenset()
    outcomes: Outcomes = frozenset()


@dataclass(frozen=True)
class History:
    """What years are told from. `edits`: a year → bot → how many edits its runs saved.

    `standing`: how it was at the end of each year, one before the first that is told among them.
    """

    standing: Mapping[int, Standing] = field(default_factory=dict)
    edits: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


def read_history(store: Store, records: Iterable[PageRecord], now: datetime) -> History:
    """The store's history, year by year back to where there is none; `records`: those of now."""
    # By whole months: else each edit, of the list itself too, would be a reason for the next.
    edits = store.saved_by_year(datetime(now.year, now.month, 1, tzinfo=UTC))
    standing = {now.year: standing_of(records)}
    for year in range(now.year - 1, now.year - MOST_YEARS - 1, -1):
        standing[year] = standing_of(store.page_records(as_of=_end(year)))
        if not standing[year].pages and year not in edits:
            break
    return History(standing, edits)


def standing_of(records: Iterable[PageRecord]) -> Standing:
    """How it is with these records."""
    pages: set[int] = set()
    partners: set[int] = set()
    ended: set[int] = set()
    outcomes: set[tuple[int, str]] = set()
    for each in records:
        pages.add(each.page)
        if each.kind == PARTNER:
            (ended if has_ended(each) else partners).add(each.page)
        outcomes |= {(each.page, text) for name in _OUTCOMES for text in each.values.get(name, ())}
    return Standing(frozenset(pages), frozenset(partners), frozenset(ended), frozenset(outcomes))


def source_of(
    asked: int | None,
    kinds: Mapping[str, KindConfig],
    records: Collection[PageRecord],
    requests: Sequence[Request],
    history: History,
    computed: ComputedConfig,
) -> ListSource:
    """The list: every year, or the one that is asked for."""
    known = [year for year in sorted(history.standing) if year - 1 in history.standing]
    years = known if asked is None else [asked]
    dated = _by_year(records, kinds, history)
    ended = {each.page: each.first("ended")[:4] for each in records if each.first("ended")}
    counts = {year: dict(_counted(year, kinds, dated, ended, requests, history)) for year in known}
    rows = [
        _row(year, key, number, counts.get(year - 1, {}))
        for year in years
        for key, number in counts.get(year, {}).items()
    ]
    fields = {**computed.fields, "what": _what(computed.fields["what"], kinds)}
    return ListSource(fields=fields, rows=rows, called=computed.called)


def _what(field: FieldConfig, kinds: Mapping[str, KindConfig]) -> FieldConfig:
    """What is counted, in words: the kinds of records, each as "Partners (new)", and the rest."""
    others = dict(field.choices)
    new = others.pop("new")
    called: dict[str, Words] = {
        name: {code: f"{text} ({in_words(new, code)})" for code, text in kind.plural.items()}
        for name, kind in kinds.items()
    }
    return field.model_copy(update={"choices": {**called, **others}})


_Key = tuple[str, str]
"""What was counted, and of which dataset."""


def _counted(
    year: int,
    kinds: Mapping[str, KindConfig],
    dated: Mapping[tuple[int, str], int],
    ended: Mapping[int, str],
    requests: Sequence[Request],
    history: History,
) -> Iterator[tuple[_Key, str]]:
    now, was = history.standing[year], history.standing[year - 1]
    yield ("partners", ""), str(len(now.partners))
    for kind in kinds:
        yield (kind, ""), str(dated.get((year, kind), 0))
    undated = (now.ended & was.partners) - ended.keys()
    yield ("ended", ""), str(len(undated) + sum(each == str(year) for each in ended.values()))
    yield ("outcomes", ""), str(len(now.outcomes - was.outcomes))
    yield ("requests", ""), str(sum(each.first.year == year for each in requests))
    answered = [each for each in requests if each.answered and each.answered.year == year]
    yield ("answered", ""), str(len(answered))
    if days := waiting(answered):
        yield ("waiting", ""), days
    for bot, number in sorted(history.edits.get(year, {}).items()):
        yield ("edits", bot), str(number)


def _row(year: int, key: _Key, number: str, before: Mapping[_Key, str]) -> SourceRow:
    what, bot = key
    values = {
        "what": what,
        "of": bot,
        "number": number,
        "before": before.get(key, ""),
        "year": f"{year:04d}",
    }
    name = "/".join(filter(None, (f"{year:04d}", what, bot)))
    return SourceRow(key=name, values={name: (text,) for name, text in values.items() if text})


def _by_year(
    records: Iterable[PageRecord], kinds: Mapping[str, KindConfig], history: History
) -> dict[tuple[int, str], int]:
    """How many records of each kind are of each year."""
    dates = {
        name: [each for each in fields_of(kind, Type.DATE) if each not in _LATER]
        for name, kind in kinds.items()
    }
    ordered = sorted(history.standing)
    found: dict[tuple[int, str], int] = {}
    for each in records:
        said = (each.first(name)[:4] for name in dates.get(each.kind, ()))
        began = next(filter(None, said), "")
        year = int(began) if began else _first_there(each.page, ordered, history)
        found[year, each.kind] = found.get((year, each.kind), 0) + 1
    return found


def _first_there(page: int, years: Sequence[int], history: History) -> int:
    there = (year for year in years if page in history.standing[year].pages)
    return next(there, years[-1])


def _end(year: int) -> datetime:
    return datetime(year + 1, 1, 1, tzinfo=UTC) - timedelta(microseconds=1)
