"""Which records, and in which order: what a list, the command line and the web may ask for.

    where:  country=SE; topic=built heritage, churches; stage!=ended; since>=2024; item=
            name="Parks, gardens; and more"
    sort:   country, -since

Conditions are divided by semicolons, and all must hold; a field with several values holds where
one of them does; values divided by commas: any of them; what is in quotes is one value. `field=`
alone: nothing stands there, `field!=` something does. `<`, `>`, `<=` and `>=` compare numbers and
dates as such (a year is the whole of it), and text by its letters. Text is the same whatever its
case. `-field` sorts downwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bots.core.register.facts import Values

OPERATORS = ("!=", "<=", ">=", "=", "<", ">")
LONGEST = 1_000
"""Characters of a question that are read."""


class QueryError(ValueError):
    """What is wrong with a question, as its asker wrote it: `key` is a message's, with `params`."""

    def __init__(self, key: str, **params: str) -> None:
        super().__init__(f"{key} {params}")
        self.key = key
        self.params = params


@dataclass(frozen=True)
class Condition:
    """One condition; `values` in canonical form, any of which will do."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Sorting:
    """A field to sort by."""

    field: str
    downwards: bool = False


T = TypeVar("T")


def parse_where(
    text: str, fields: Collection[str], canonical: Callable[[str, str], str | None]
) -> tuple[Condition, ...]:
    """The conditions of a text. `canonical(field, word)`: the word's canonical form, if it has one.

    Raises `QueryError` for a field that there is not, a word that isn't one, or no condition.
    """
    if len(text) > LONGEST:
        raise QueryError("register-where-long", most=str(LONGEST))
    return tuple(_condition(part, fields, canonical) for part in _parts(text, ";"))


def condition(
    field: str,
    operator: str,
    words: Iterable[str],
    fields: Collection[str],
    canonical: Callable[[str, str], str | None],
) -> Condition:
    """One condition, any of whose words will do. Raises `QueryError`; see `parse_where`."""
    if field not in fields:
        raise QueryError("register-no-field", field=field, fields=", ".join(fields))
    values: list[str] = []
    for word in words:
        value = canonical(field, word)
        if value is None:
            raise QueryError("register-where-value", field=field, value=word)
        values.append(value)
    return Condition(field, operator, tuple(values))


def parse_sort(text: str, fields: Collection[str]) -> tuple[Sorting, ...]:
    """The fields to sort by. Raises `QueryError` for one that there is not."""
    named = [part.strip().casefold() for part in text.split(",") if part.strip()]
    for name in named:
        if name.removeprefix("-").strip() not in fields:
            raise QueryError("register-no-field", field=name, fields=", ".join(fields))
    return tuple(Sorting(name.removeprefix("-").strip(), name.startswith("-")) for name in named)


def holds(conditions: Iterable[Condition], values: Values) -> bool:
    """Whether a record's values meet all conditions."""
    return all(_holds(each, values.get(each.field, ())) for each in conditions)


def in_order(
    rows: Iterable[T], sorting: Sequence[Sorting], values: Callable[[T], Values]
) -> list[T]:
    """The rows in order: by each field in turn, those without a value last."""
    ordered = list(rows)
    for each in reversed(sorting):
        said = [values(row).get(each.field, ()) for row in ordered]
        # A year alone would be a number.
        dated = any(_DAY.fullmatch(value) for many in said for value in many)

        def key(
            row: T, name: str = each.field, dated: bool = dated
        ) -> tuple[tuple[int, float, str], ...]:
            return tuple(_weight(value, dated) for value in values(row).get(name, ()))

        some = [row for row in ordered if key(row)]
        none = [row for row in ordered if not key(row)]
        ordered = [*sorted(some, key=key, reverse=each.downwards), *none]
    return ordered


_CONDITION = re.compile(r"(?P<field>[^=!<>]+?)\s*(?P<operator>!=|<=|>=|=|<|>)(?P<words>.*)", re.S)


_QUOTED = re.compile(r'^"([^"]+)"$')


def quoted(value: str) -> str | None:
    """A value as a condition can say it, whatever is in it; None: it can't be said."""
    return None if '"' in value or not value.strip() else f'"{value}"'


def _parts(text: str, mark: str) -> Iterator[str]:
    """What stands between these marks that are in no quotes, without white space around it."""
    for part in re.findall(rf'(?:"[^"]*"|[^{mark}])+', text):
        if part.strip():
            yield part.strip()


def _condition(
    text: str, fields: Collection[str], canonical: Callable[[str, str], str | None]
) -> Condition:
    found = _CONDITION.fullmatch(text)
    if not found:
        raise QueryError("register-where-form", text=text)
    name = found["field"].strip().casefold()
    words = [_QUOTED.sub(r"\1", word) for word in _parts(found["words"], ",")]
    if name in fields and not words and found["operator"] not in ("=", "!="):
        raise QueryError("register-where-form", text=text)
    return condition(name, found["operator"], words, fields, canonical)


def _holds(condition: Condition, there: Sequence[str]) -> bool:
    wanted = {value.casefold() for value in condition.values}
    match condition.operator:
        case "=":
            return bool(wanted & {value.casefold() for value in there}) if wanted else not there
        case "!=":
            return not wanted & {value.casefold() for value in there} if wanted else bool(there)
        case operator:
            return any(
                _compares(operator, value, word) for value in there for word in condition.values
            )


def _compares(operator: str, value: str, word: str) -> bool:
    one, other = _weight(value), _weight(word)
    if _DATE.fullmatch(value) and _DATE.fullmatch(word):
        # A year asked for is the whole of it.
        length = min(len(value), len(word))
        one, other = (1, 0.0, value[:length]), (1, 0.0, word[:length])
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[operator]


_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")


def _weight(value: str, dated: bool = False) -> tuple[int, float, str]:
    """Numbers before text, each in its own order; dates are text that sorts by itself.

    `dated`: it stands among dates, so that what could be a year is one.
    """
    if _NUMBER.fullmatch(value) and not (dated and _DATE.fullmatch(value)):
        return 0, float(value), ""
    return 1, 0.0, value.casefold()
