"""Faults of a source: how they are made, and the error that says nothing can be read."""

from __future__ import annotations

from collections.abc import Sequence

from bots.core.messages import Message, Param
from bots.datasets.facts import Fault

_LONGEST_QUOTE = 100
_NOT_TEXT = dict.fromkeys((*range(9), *range(11, 32), 127), "\ufffd")


class SourceError(Exception):
    """The source, or the rest of it, can't be read; `faults` says why, where and what to do."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{f.message.key} {dict(f.message.params)}" for f in faults))
        self.faults = list(faults)


def fault(
    key: str, /, *, record: str = "", column: str = "", row: int = 0, **params: Param
) -> Fault:
    """A fault with the message `source-KEY`; what it quotes from the source is cut and cleaned."""
    said = {name: quoted(v) if isinstance(v, str) else v for name, v in params.items()}
    return Fault(Message(f"source-{key}", said), quoted(record, 255), quoted(column), row)


def at_row(found: Fault, row: int, record: str = "") -> Fault:
    """The same fault, told to be in this row; messages name the row by their parameter `row`."""
    message = Message(found.message.key, {**found.message.params, "row": str(max(row, 1))})
    return Fault(message, found.key or quoted(record, 255), found.column, row)


def error(
    key: str, /, *, record: str = "", column: str = "", row: int = 0, **params: Param
) -> SourceError:
    """A `SourceError` of one fault; see `fault`."""
    return SourceError([fault(key, record=record, column=column, row=row, **params)])


def quoted(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """What can be shown and stored of a text from outside: cut, no control characters."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return short.translate(_NOT_TEXT).encode("utf-8", "replace").decode("utf-8")
