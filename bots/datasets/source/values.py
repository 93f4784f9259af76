"""The typed values of a record by its Table Schema, as `frictionless` reads and checks them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import re2
from frictionless import Field, FrictionlessException, Schema

from bots.core.messages import Message
from bots.datasets.facts import Fault
from bots.datasets.source.faults import error, fault
from bots.datasets.source.jsonstream import Decoder
from bots.datasets.source.reading import Cells

_FORMULA = re.compile(
    r"=\s*[-+@(\"'$\w]"  # =HYPERLINK(…), =1+1, =A1
    r"|[-+@][A-Z][A-Z0-9.]*\("  # @SUM(…), as spreadsheets take them too
    r"|[-+@=][^|\s]*\|[^!]*!"  # =cmd|'…'!A0
    r"|#(REF|NAME|VALUE|DIV/0|NULL|NUM|N/A|SPILL|CALC)[!?]?$"
)
"""What a spreadsheet would carry out, or has written where it could not: no thing's name."""

_NO_GROUP = "{0}(?![0-9]{{3}}(?![0-9]))|[0-9]{{4}}{0}"
_DEEPEST = 100
"""Levels of lists and objects; what is deeper, others after us could not go through."""
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_NUMBERS = {"integer", "number", "year"}
_NESTED = {"object", "array", "geojson"}
_DATES = {"date", "datetime", "time"}
_TOLD = ("title", "description", "example", "rdfType")
"""What a field says to people alone."""
_FELL = (TypeError, ValueError, ArithmeticError, LookupError, RecursionError)


class Table:
    """Reads records by a Table Schema. Raises `SourceError` for a schema that can't be used.

    `names`: the fields, in order. `digest`: 16 bytes for all in the schema that bears on values.
    """

    def __init__(self, schema: Schema) -> None:
        self.names = tuple(str(name) for name in schema.field_names)
        self.digest = _digest(schema)
        self.fields_match: str = str(schema.fields_match)
        if not self.names:
            raise error("schema-missing", resource="")
        self._columns = [_Column(field) for field in schema.fields]

    def missing(self, name: str) -> frozenset[str]:
        """The texts that stand for no value in a field."""
        return self._columns[self.names.index(name)].missing

    def read(self, cells: Cells) -> tuple[dict[str, Any], list[tuple[str, Message]]]:
        """The values by field, and by field what is wrong; a missing value is None."""
        values: dict[str, Any] = {}
        wrong: list[tuple[str, Message]] = []
        found = [cells.get(n) for n in self.names] if isinstance(cells, dict) else cells
        for column, cell in zip(self._columns, found, strict=True):
            value, message = column.read(cell)
            values[column.name] = value
            if message is not None:
                wrong.append((column.name, message))
        return values, wrong


def formula_in(name: str, text: str) -> Fault | None:
    """What is wrong with a text that a spreadsheet would carry out, or has put for an error."""
    return fault("formula", name=name, value=text) if _FORMULA.match(text) else None


class _Column:
    def __init__(self, field: Field) -> None:
        self.name = field.name
        self.missing = _missing(field)
        self._type = field.type
        # Python's own patterns can take for ever (a+a+a+…); these can't.
        self._pattern = _pattern(field)
        self._reader = _reader(field)
        self._group = str(getattr(field, "group_char", "") or "")
        self._point = str(getattr(field, "decimal_char", "") or "")
        self._no_group = re.compile(_NO_GROUP.format(re.escape(self._group)))
        self._texts = field.type in ("string", "any")

    def read(self, cell: Any) -> tuple[Any, Message | None]:
        if isinstance(cell, str) and self._type in _NESTED and cell not in self.missing:
            try:
                cell = _decoded(cell)
            except _FELL:
                return None, self._wrong("type", cell, self._type)
        if isinstance(cell, list | dict) and _is_deep(cell):
            return None, fault("nested-deep", name=self.name).message
        if isinstance(cell, list):
            cell = list(cell)
        try:
            value, notes = self._reader(cell)
        except _FELL:
            return None, self._wrong("type", cell, self._type)
        if notes:
            return None, self._noted(cell, notes)
        if value is None:
            return None, None
        if self._texts:
            formula = formula_in(self.name, value) if isinstance(value, str) else None
            if formula is not None:
                return None, formula.message
        elif self._type in _NUMBERS and not (_is_number(cell, value) and self._is_grouped(cell)):
            return None, self._wrong("type", cell, self._type)
        if self._pattern is not None and not self._pattern.fullmatch(value):
            return None, self._wrong("constraint", cell, "pattern")
        return value, None

    def _is_grouped(self, cell: Any) -> bool:
        """Whether what stands between thousands stands there alone: else 1,5 would be 15."""
        if not isinstance(cell, str) or not self._group or self._group not in cell:
            return True
        point = -1 if self._point == self._group else cell.find(self._point)
        return not self._no_group.search(cell) and not 0 <= point < cell.rfind(self._group)

    def _noted(self, cell: Any, notes: Mapping[str, str]) -> Message:
        broken = next(iter(notes))
        if broken == "type":
            return self._wrong("type", cell, self._type)
        if broken == "required":
            return fault("required", name=self.name).message
        return self._wrong("constraint", cell, broken)

    def _wrong(self, key: str, cell: Any, rule: str) -> Message:
        said = cell if isinstance(cell, str) else json.dumps(cell, default=str)
        return fault(key, name=self.name, value=said, rule=rule).message


def _missing(field: Field) -> frozenset[str]:
    if field.schema is None or field.has_defined("missing_values"):
        return frozenset(field.missing_values)
    return frozenset(field.schema.missing_values)


def _pattern(field: Field) -> Any:
    text = field.constraints.pop("pattern", None)
    if text is None:
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except (re2.error, TypeError) as reason:
        raise error("pattern", column=field.name, name=field.name, pattern=str(text)) from reason


def _reader(field: Field) -> Callable[[Any], tuple[Any, Mapping[str, str] | None]]:
    """frictionless' reader of one cell. Raises `SourceError`."""
    if field.type in _DATES and field.format == "any":
        # What such a text leaves out is taken from today's date.
        raise error("date-format", column=field.name, name=field.name)
    if "pattern" in str(getattr(field, "array_item", "")):
        raise error("pattern", column=field.name, name=field.name, pattern="arrayItem")
    try:
        read = field.create_value_reader()
        bad = [b for b in _BOUNDS if b in field.constraints and read(field.constraints[b]) is None]
        if bad:
            raise error("descriptor", column=field.name, reason=f"{field.name}: {bad[0]}")
        return field.create_cell_reader()
    except FrictionlessException as refused:
        raise error("descriptor", column=field.name, reason=refused.error.note) from refused
    except _FELL as fell:
        raise error("descriptor", column=field.name, reason=f"{field.name}: {fell}") from fell


def _decoded(text: str) -> Any:
    """JSON in a cell, its numbers exact. Raises what the decoder raises, and ValueError."""
    decoder = Decoder()
    found = decoder.decode(text)
    if decoder.doubled:
        raise ValueError(decoder.doubled[0])
    return found


def _is_deep(cell: Any) -> bool:
    level = [cell]
    for _ in range(_DEEPEST):
        level = [
            each
            for held in level
            for each in (held.values() if isinstance(held, dict) else held)
            if isinstance(each, list | dict)
        ]
        if not level:
            return False
    return True


def _is_number(cell: Any, value: Any) -> bool:
    """Whether it is one for others too: Python also takes 1_000, NaN and Infinity."""
    if isinstance(cell, str) and "_" in cell:
        return False
    return not isinstance(value, (Decimal, float)) or Decimal(value).is_finite()


def _digest(schema: Schema) -> bytes:
    fields = [
        {name: value for name, value in field.to_descriptor().items() if name not in _TOLD}
        for field in schema.fields
    ]
    said = json.dumps([fields, sorted(schema.missing_values)], sort_keys=True, default=str)
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=16).digest()
