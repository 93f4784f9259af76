"""What tells a record from the others, and as what text it is told from its earlier self."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

from bots.datasets.facts import Fault
from bots.datasets.source.faults import error, fault
from bots.datasets.source.package import Described
from bots.datasets.source.reading import Cells, Form, byte_of
from bots.datasets.source.values import Table

LONGEST_KEY = 255
"""Characters; what the store has room for."""


def key_fields(said: str | list[str] | None, described: Described, table: Table) -> list[str]:
    """The fields that are the key. Raises `SourceError`."""
    said = described.schema.primary_key if said is None else said
    keys = [said] if isinstance(said, str) else list(said)
    if not keys:
        raise error("key-none", resource=described.name)
    unknown = [name for name in keys if name not in table.names]
    if unknown:
        raise error("key-unknown", name=unknown[0], names=", ".join(table.names))
    return keys


def key_reader(form: Form, table: Table, keys: list[str]) -> Callable[[Cells], str | Fault]:
    """What tells a record's key, or what is wrong with it."""
    missing = [table.missing(name) for name in keys]
    places = [table.names.index(name) for name in keys]
    first, place, none = keys[0], places[0], missing[0]

    def one(cells: Cells) -> str | Fault:
        text = cells[place].strip() if isinstance(cells, list) else _key_text(cells.get(first))
        if text and len(text) <= LONGEST_KEY and text.isprintable() and text not in none:
            return text
        return _bad_key(text if text not in none else "", first)

    def several(cells: Cells) -> str | Fault:
        found = [cells[i] for i in places] if isinstance(cells, list) else map(cells.get, keys)
        parts = [_key_text(cell) for cell in found]
        for part, name, none in zip(parts, keys, missing, strict=True):
            if not part or part in none:
                return _bad_key("", name)
        text = "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)
        if len(text) <= LONGEST_KEY and text.isprintable():
            return text
        return _bad_key(text, first)

    return one if len(keys) == 1 else several


def _key_text(cell: object) -> str:
    """A key's text: of a JSON number its digits; NUL stands for what can't be one."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    return str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else "\0"


def _bad_key(text: str, name: str) -> Fault:
    if not text:
        return fault("key-empty", column=name, name=name)
    return fault("key-bad", column=name, name=name, key=text, num_longest=LONGEST_KEY)


def wrong_text(name: str, cell: object, longest: int) -> Fault | None:
    """What is wrong with a cell as text, whatever its field's type."""
    try:
        text = cell if isinstance(cell, str) else canonical(cell)
        text.encode()
    except UnicodeEncodeError as reason:
        return fault("encoding", column=name, name=name, byte=byte_of(reason))
    except RecursionError:
        return fault("nested-deep", column=name, name=name)
    if len(text) > longest:
        count = str(len(text))
        return fault("cell-long", column=name, name=name, characters=count, longest=str(longest))
    return fault("nul", column=name, name=name) if _holds_nul(cell) else None


def _holds_nul(cell: object) -> bool:
    waiting = [cell]
    while waiting:
        held = waiting.pop()
        if isinstance(held, dict):
            waiting += [*held, *held.values()]
        elif isinstance(held, list):
            waiting += held
        elif isinstance(held, str) and "\0" in held:
            return True
    return False


def canonical(cell: object) -> str:
    """A JSON value as text, the same for the same value. Raises RecursionError."""
    return _ENCODER.encode(cell)


def _number(value: object) -> list[object]:
    """A decimal fraction in canonical JSON: a control mark tells it from a text."""
    if isinstance(value, Decimal):
        return ["\1", str(value)]
    raise TypeError(type(value).__name__)


_ENCODER = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,  # what was read as JSON can't be: it need not be looked for
    sort_keys=True,
    separators=(",", ":"),
    default=_number,
)
