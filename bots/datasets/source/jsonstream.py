"""JSON values out of a text one after the other, with no more of it in memory than one value.

Python's own decoder does the work, and is given more of the text when a value is cut. (ijson would
fit, but keeps the path to each level: a record of 100,000 brackets takes 20 GB.)
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, TextIO

_PIECE = 64 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
_AFTER = frozenset(" \t\r\n,:]}")
"""What may come after a whole value: 1 may be cut out of 1.5."""

_LONGEST_SIGN = 16
"""Characters; a name, a number's sign or an escape that is cut is told this close to the end."""


class Decoder:
    """Decodes JSON, fractions as exact `Decimal`s (so NaN, which is no JSON, is no number later).

    `doubled` collects the properties that an object has twice; whoever looks there clears it.
    """

    def __init__(self) -> None:
        self.doubled: list[str] = []
        decoder = json.JSONDecoder(
            parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=self._object
        )
        self.decode = decoder.decode
        self.decode_from = decoder.raw_decode

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            times = Counter(name for name, _value in pairs)
            self.doubled += [name for name in found if times[name] > 1]
        return found


class JSONStream:
    """Reads a text's values in order.

    All of it raises `json.JSONDecodeError` where the text breaks or breaks off, and what the
    decoder raises: ValueError, ArithmeticError, RecursionError.
    """

    def __init__(self, text: TextIO, decoder: Decoder) -> None:
        self._text = text
        self._decoder = decoder
        self._buffer = ""
        self._at = 0
        self._ended = False

    def list_at(self, path: Sequence[str]) -> Iterator[Any]:
        """The values of the list to which the properties of `path` lead; [] is the whole text."""
        for name in path:
            self._enter(name)
        yield from self._elements()
        if not path:
            self._end()

    def members(self, unpacked: str) -> Iterator[tuple[str, Any]]:
        """The members of the object that is the whole text; of the list `unpacked` each value."""
        self._expect("{")
        mark = "}" if self._peek() == "}" else ","
        if mark == "}":
            self._expect("}")
        while mark == ",":
            name = self._value()
            self._expect(":")
            if name == unpacked:
                yield from ((name, each) for each in self._elements())
            else:
                yield str(name), self._value()
            mark = self._expect(",}")
        self._end()

    def _elements(self) -> Iterator[Any]:
        self._expect("[")
        mark = "]" if self._peek() == "]" else ","
        if mark == "]":
            self._expect("]")
        while mark == ",":
            yield self._value()
            mark = self._expect(",]")

    def _end(self) -> None:
        if self._peek():
            raise self._error("Extra data")

    def _enter(self, wanted: str) -> None:
        """Go to the value of a property of the object that begins here."""
        self._expect("{")
        while True:
            name = self._value()
            self._expect(":")
            if name == wanted:
                return
            self._value()
            self._expect(",")

    def _value(self) -> Any:
        while True:
            self._peek()
            try:
                found, end = self._decoder.decode_from(self._buffer, self._at)
            except json.JSONDecodeError as reason:
                if self._ended or not self._is_cut(reason):
                    raise
            else:
                if self._ended or not self._is_near(end) or self._buffer[end : end + 1] in _AFTER:
                    self._at = end
                    return found
            self._decoder.doubled.clear()
            self._more()

    def _is_cut(self, reason: json.JSONDecodeError) -> bool:
        return self._is_near(reason.pos) or reason.msg.startswith("Unterminated string")

    def _is_near(self, place: int) -> bool:
        return place >= len(self._buffer) - _LONGEST_SIGN

    def _expect(self, marks: str) -> str:
        mark = self._peek()
        if not mark or mark not in marks:
            raise self._error(f"Expecting {' or '.join(marks)}")
        self._at += 1
        return mark

    def _peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer) or self._ended:
                return self._buffer[self._at : self._at + 1]
            self._more()

    def _more(self) -> None:
        """Read on, twice as far each time, so that a long value is not decoded all too often."""
        kept = self._buffer[self._at :]
        piece = self._text.read(max(_PIECE, len(kept)))
        self._ended = not piece
        self._buffer = kept + piece
        self._at = 0

    def _error(self, what: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(what, self._buffer, self._at)
