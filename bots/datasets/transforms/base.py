"""What a named transform is, the registry of all, and how a mapping names one with arguments."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from pydantic import ConfigDict

from bots.core.config import Strict
from bots.core.messages import Message, Param
from bots.datasets.source.faults import quoted

LONGEST_SHOWN = 200
"""Characters of a source's value that a message shows."""

_SURROGATE = re.compile("[\ud800-\udfff]")

Step = Callable[[Any], Any]
"""A value in; a value, a list of values, or None for nothing out. Raises `TransformError`."""


class TransformError(Exception):
    """A value that a transform can't make anything of: what it would say is unknown."""

    def __init__(self, key: str, **params: Param) -> None:
        super().__init__(key, params)
        self.message = Message(key, params)


class Arguments(Strict):
    """A transform's arguments. `main`: the one that can be given without its name."""

    model_config = ConfigDict(use_attribute_docstrings=True)
    main: ClassVar[str] = ""


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True)
class Transform:
    """A named transform, and what its documentation says of it.

    `whole`: it is given all the values at once, as a list; else each by itself.
    """

    name: str
    does: str
    takes: str
    gives: str
    odd: str
    arguments: type[Arguments]
    make: Callable[[Any], Step]
    whole: bool = False


TRANSFORMS: dict[str, Transform] = {}
"""Every transform there is, by the name that mappings use."""


def transform(
    name: str,
    arguments: type[A],
    *,
    does: str,
    takes: str,
    gives: str,
    odd: str,
    whole: bool = False,
) -> Callable[[Callable[[A], Step]], Callable[[A], Step]]:
    """Put what makes a step of arguments into the registry."""

    def register(make: Callable[[A], Step]) -> Callable[[A], Step]:
        TRANSFORMS[name] = Transform(name, does, takes, gives, odd, arguments, make, whole)
        return make

    return register


def arguments_of(name: str, given: Any) -> Arguments:
    """The arguments as checked facts.

    `given` is a mapping of them, or the main one's value alone. Raises ValueError (pydantic's
    ValidationError among them) for an unknown transform and for arguments that it doesn't take.
    """
    known = TRANSFORMS.get(name)
    if known is None:
        raise ValueError(f"'{name}' is no transform; there are {', '.join(sorted(TRANSFORMS))}")
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        if not known.arguments.main:
            names = (field.alias or key for key, field in known.arguments.model_fields.items())
            raise ValueError(f"'{name}' takes {', '.join(names) or 'no arguments'}")
        given = {known.arguments.main: given}
    return known.arguments.model_validate(given)


def flat(value: Any) -> list[Any]:
    """All values in lists within lists, without what is none: None and text of spaces alone.

    Texts come without spaces around them and composed (NFC), as MediaWiki stores them.
    """
    if not isinstance(value, list):
        return _one(value)
    found: list[Any] = []
    # Not by calling itself: lists may lie deeper in one another than Python can call.
    waiting = value[::-1]
    while waiting:
        held = waiting.pop()
        if isinstance(held, list):
            waiting += held[::-1]
        else:
            found += _one(held)
    return found


def _one(value: Any) -> list[Any]:
    if isinstance(value, str):
        text = value.strip()
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        return [text] if text else []
    return [] if value is None else [value]


def text_of(value: Any) -> str:
    """A value as text.

    Raises TransformError for what is none: true, an object, half a pair of surrogates (`\\ud800`,
    which JSON can spell and UTF-8 can't).
    """
    if isinstance(value, str):
        if not value.isascii() and _SURROGATE.search(value):
            raise TransformError("mapping-not-text", value=shown(value))
        return value
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return f"{number_of(value):f}"
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    raise TransformError("mapping-not-text", value=shown(value))


def number_of(value: int | Decimal | float) -> Decimal:
    """A number with the digits that it was given."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    # Looked at before it is written out: 1e999999999 would fill the memory.
    if (
        not number.is_finite()
        or abs(number.adjusted()) > 200
        or len(number.as_tuple().digits) > 200
    ):
        raise TransformError("mapping-no-number", value=shown(value))
    return number


def shown(value: Any) -> str:
    """A value as a message shows it: not too much of it."""
    text = value if isinstance(value, str) else _dumped(value)
    return quoted(text, LONGEST_SHOWN)


def _dumped(value: Any) -> str:
    if isinstance(value, int | float | Decimal | dt.date) and not isinstance(value, bool):
        return f"{value!s:.300}"
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (RecursionError, TypeError, ValueError):
        return f"({type(value).__name__})"
