"""What somebody asks the register, and the records that answer: for the web and the command.

A question may go to one kind or to all: of these, to those that have the fields it names.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from bots.core.register.facts import PageRecord, Values
from bots.core.register.kinds import FieldConfig, KindConfig, Type
from bots.core.register.query import (
    LONGEST,
    Condition,
    QueryError,
    Sorting,
    condition,
    holds,
    in_order,
    parse_sort,
    parse_where,
)

Kinds = Mapping[str, KindConfig]
Canonical = Callable[[FieldConfig, str], str | None]
"""A field and a word of somebody's → the word's canonical form; None: it has none."""

MOST_FILTERS = 50
"""Values that filters may name together."""

_CODES = {Type.NUMBER, Type.DATE, Type.YES_NO, Type.CHOICE, Type.COUNTRY, Type.LANGUAGE}
"""What stands in these fields is asked for by the field: a search would find "SE" everywhere."""

_LOOKED_UP = {Type.COUNTRY, Type.CHOICE}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as its asker wrote it.

    `filters`: a field → words, any of which will do. `where`, `sort`: see `query`. `search`: words
    that all have to stand in the record's name or texts. `as_of`: a day, a month, a year (the end
    of it, UTC), or a moment as ISO 8601.
    """

    kind: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    where: str = ""
    search: str = ""
    sort: str = ""
    as_of: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question that makes sense. `conditions`: of each kind that it goes to, all must hold.

    `kind` and `as_of` are what the store is to be asked for; None: all kinds, and now.
    """

    kind: str | None
    conditions: Mapping[str, Sequence[Condition]]
    words: Sequence[str]
    sorting: Sequence[Sorting]
    as_of: datetime | None


def understand(asked: Asked, kinds: Kinds, canonical: Canonical) -> Question:
    """The question that is meant. Raises `QueryError` with what is wrong with it."""
    if asked.kind and asked.kind not in kinds:
        raise QueryError("register-no-kind", kind=asked.kind, kinds=", ".join(kinds))
    if sum(map(len, asked.filters.values())) > MOST_FILTERS or len(asked.search) > LONGEST:
        raise QueryError("register-where-long", most=str(LONGEST))
    asked_of = {asked.kind: kinds[asked.kind]} if asked.kind else kinds
    understood: dict[str, tuple[Condition, ...]] = {}
    faults: list[QueryError] = []
    for name, kind in asked_of.items():
        try:
            understood[name] = _conditions(asked, kind, canonical)
        except QueryError as error:
            faults.append(error)
    if faults and not understood:
        # A word that some kind's field refuses says more than a field that another kind lacks.
        raise min(faults, key=lambda fault: fault.key == "register-no-field")
    fields = list(dict.fromkeys(name for kind in asked_of.values() for name in kind.fields))
    return Question(
        kind=asked.kind or None,
        conditions=understood,
        words=_folded(asked.search).split(),
        sorting=parse_sort(asked.sort, fields) if asked.sort else (),
        as_of=moment(asked.as_of) if asked.as_of.strip() else None,
    )


def answers(question: Question, kinds: Kinds, records: Iterable[PageRecord]) -> list[PageRecord]:
    """Of the records (the store's, of the question's kind and time) those that are asked for."""
    found = [
        record
        for record in records
        if record.kind in question.conditions
        and holds(question.conditions[record.kind], record.values)
        and (not question.words or _says(record, kinds[record.kind], question.words))
    ]
    found.sort(key=lambda record: (_folded(name_of(record, kinds)), record.page))
    return in_order(found, question.sorting, _values)


def name_of(record: PageRecord, kinds: Kinds) -> str:
    """What a record is called: by its own field, else by the last part of its page's title."""
    kind = kinds.get(record.kind)
    called = record.first(kind.called) if kind else ""
    return called or record.title.rpartition("/")[2]


def looked_up_by(kind: KindConfig) -> dict[str, FieldConfig]:
    """The fields by which people look up records: countries, choices, what pages are grouped by."""
    grouped = {page.group for page in kind.pages.values()}
    return {
        name: each
        for name, each in kind.fields.items()
        if each.type in _LOOKED_UP or name in grouped
    }


def columns_of(kind: KindConfig) -> list[str]:
    """The fields that a list shows beside the name: those of the kind's first page."""
    own = [page for page in kind.pages.values() if page.of in ("", kind.name)]
    named = [name for page in own[:1] for name in (page.group, *page.columns)] or looked_up_by(kind)
    shown = dict.fromkeys(name for name in named if name in kind.fields and name != kind.called)
    return list(shown)


def moment(text: str) -> datetime:
    """The moment of which somebody asks "as of". Raises `QueryError`."""
    text = text.strip()
    try:
        if found := _DAY.fullmatch(text):
            year, month = int(found[1]), int(found[2] or 12)
            day = int(found[3] or monthrange(year, month)[1])
            return datetime.combine(date(year, month, day), time.max, UTC)
        said = datetime.fromisoformat(text)
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise QueryError("register-as-of", value=text) from None


_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def _conditions(asked: Asked, kind: KindConfig, canonical: Canonical) -> tuple[Condition, ...]:
    fields = kind.fields

    def form(name: str, word: str) -> str | None:
        return canonical(fields[name], word)

    filters = {name: [word for word in words if word] for name, words in asked.filters.items()}
    return (
        *(condition(name, "=", words, fields, form) for name, words in filters.items() if words),
        *parse_where(asked.where, fields, form),
    )


def _says(record: PageRecord, kind: KindConfig, words: Sequence[str]) -> bool:
    texts = [record.title]
    for name, values in record.values.items():
        if name in kind.fields and kind.fields[name].type not in _CODES:
            texts += values
    said = _folded("\n".join(texts))
    return all(word in said for word in words)


def _folded(text: str) -> str:
    """The text for comparing: neither case nor accents count, so that Malmo finds Malmö."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _values(record: PageRecord) -> Values:
    return record.values
