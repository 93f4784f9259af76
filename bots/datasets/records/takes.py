"""How values are taken out of a record: fields, paths, templates and tables, made ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jmespath.exceptions import JMESPathError

from bots.core.messages import Message
from bots.datasets.mapping.expressions import compiled_path, pieces
from bots.datasets.mapping.parts import Take
from bots.datasets.records.pathfunctions import OPTIONS
from bots.datasets.transforms import Step, TransformError, flat, shown, text_of

_FELL = (TypeError, ValueError, ArithmeticError, RecursionError)
"""What JMESPath's functions fall over: contains('a', null), ceil of infinity."""

Tables = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Table → source value → what it becomes."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What names are looked up in: the record, and with `each` its element."""

    record: Mapping[str, Any]
    element: Any


class UnsureError(Exception):
    """What a part of the mapping says of this record can't be told; why, one message a value.

    `rest`: of several values, each judged by itself, those that can be told.
    """

    def __init__(
        self, messages: tuple[Message, ...], column: str, rest: Sequence[Any] = ()
    ) -> None:
        super().__init__(messages, column)
        self.messages = messages
        self.column = column
        self.rest = rest


def unsure(key: str, column: str, **params: str | int) -> UnsureError:
    """An `UnsureError` of one message."""
    return UnsureError((Message(key, params),), column)


Taker = Callable[[Scope], list[Any]]
"""The values of one part of the mapping, () for none. Raises `UnsureError`."""


def taker(take: Take, tables: Tables, is_url: bool = False) -> Taker:
    """What takes the values of a part of the mapping. `is_url`: a template's values are quoted."""
    source = _source(take, is_url)
    steps = [use.step() for use in take.transform]
    column = take.column
    if take.table is not None:
        steps.append((False, _looked_up(take.table, tables.get(take.table, {}), take.told)))
    if not steps:
        return source

    def taken(scope: Scope) -> list[Any]:
        return _through(steps, source(scope), column)

    return taken


def asks(expression: str | None) -> Callable[[Any], bool]:
    """Whether a condition holds of a record or element; none always does. Raises `UnsureError`."""
    if expression is None:
        return lambda _here: True
    path = searcher(expression)
    return lambda here: path(here) not in (None, False, "", [], {})


def searcher(expression: str) -> Callable[[Any], Any]:
    """What a path finds in a record or an element. Raises `UnsureError`."""
    compiled = compiled_path(expression)

    def found(here: Any) -> Any:
        try:
            return compiled.search(here, OPTIONS)
        except (JMESPathError, *_FELL) as error:
            raise unsure("mapping-path", expression, path=expression) from error

    return found


def _through(steps: list[tuple[bool, Step]], values: list[Any], column: str) -> list[Any]:
    """The values after all steps; what is wrong with each of them is told at once."""
    wrong: list[Message] = []
    is_sure = True
    for whole, step in steps:
        if whole and not is_sure:
            # What it makes of the rest is not what it would make of all of them.
            raise UnsureError(tuple(wrong), column)
        after: list[Any] = []
        for given in [values] if whole else values:
            try:
                made = step(given)
            except _UntoldError:
                is_sure = False
            except TransformError as error:
                is_sure = False
                wrong.append(error.message)
            else:
                after += flat(made)
        values = after
    if not is_sure:
        raise UnsureError(tuple(wrong), column, values)
    return values


class _UntoldError(Exception):
    """A value that a table does not hold, and of which the mapping says that it isn't told."""


def _looked_up(name: str, table: Mapping[str, tuple[str, ...]], told: bool) -> Step:
    def step(value: Any) -> list[str]:
        text = text_of(value)
        found = table.get(text)
        if found is not None:
            return list(found)
        if not told:
            raise _UntoldError
        raise TransformError("mapping-not-in-table", value=shown(text), table=name)

    return step


def _source(take: Take, is_url: bool) -> Taker:
    from_record = take.of == "record"
    if take.field is not None:
        look = _field(take.field)
    elif take.path is not None:
        look = searcher(take.path)
    else:
        look = _template(take.template or "", is_url)
    if from_record:
        return lambda scope: flat(look(scope.record))
    return lambda scope: flat(look(scope.element))


def _field(name: str) -> Callable[[Any], Any]:
    def look(here: Any) -> Any:
        try:
            return here[name]
        except (KeyError, TypeError, IndexError) as error:
            # A record has all fields of its schema: one that it hasn't is no "nothing".
            if isinstance(here, Mapping) and not isinstance(here, _Record):
                return None
            raise unsure("mapping-no-field", name, name=name) from error

    return look


class _Record(dict[str, Any]):
    """A whole record, as against an object in it, in which what is not told may be left out."""


def scope_of(values: Mapping[str, Any]) -> Scope:
    """A record's scope, without an element."""
    record = _Record(values)
    return Scope(record, record)


def _template(template: str, is_url: bool) -> Callable[[Any], Any]:
    parts = pieces(template)
    quoted = is_url and not (parts[0].field or parts[0].path)
    looks: list[str | tuple[str, Callable[[Any], Any]]] = [
        piece.text
        or (piece.field or piece.path, searcher(piece.path) if piece.path else _field(piece.field))
        for piece in parts
    ]

    def look(here: Any) -> str | None:
        texts: list[str] = []
        for each in looks:
            if isinstance(each, str):
                texts.append(each)
                continue
            name, find = each
            values = flat(find(here))
            if not values:
                return None
            if len(values) > 1:
                raise unsure("mapping-several-values", name, num_values=len(values))
            try:
                text = text_of(values[0])
            except TransformError as error:
                raise UnsureError((error.message,), name) from error
            texts.append(quote(text, safe="") if quoted else text)
        return "".join(texts)

    return look
