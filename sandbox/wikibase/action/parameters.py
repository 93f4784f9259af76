"""What a module of the Action API takes: declared once, read from it, told by paraminfo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.wikibase.action.errors import ApiError

if TYPE_CHECKING:
    from sandbox.wikibase.action.call import Call

LOW, HIGH = 50, 500
"""How many values a list may have without and with the right apihighlimits."""


def names(listed: str) -> tuple[str, ...]:
    """The names in a text with spaces between them."""
    return tuple(listed.split())


@dataclass(frozen=True)
class Parameter:
    """One parameter: `kind` is string, integer, limit, boolean or timestamp."""

    kind: str = "string"
    multi: bool = False
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] | Callable[[Call], tuple[str, ...]] = ()


@dataclass(frozen=True)
class Module:
    """One module: its name, what it takes, whether it writes, and what it does.

    `group` is action, prop, list or meta; the parameters of the last three are sent with `prefix`.
    """

    name: str
    run: Callable[[Call], dict[Any, Any]]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    writes: bool = False
    guarded_by: str = ""
    """The kind of token that it needs."""
    posted: bool = False
    group: str = "action"
    prefix: str = ""
    generates: bool = False
    """Whether a list or prop module can be a generator of pages."""

    @property
    def path(self) -> str:
        """Its name in paraminfo."""
        return self.name if self.group == "action" else f"query+{self.name}"


def text(**more: Any) -> Parameter:
    """A parameter that holds a text."""
    return Parameter(**more)


def number(**more: Any) -> Parameter:
    """A parameter that holds an integer."""
    return Parameter("integer", **more)


def limit(default: int | None = 10) -> Parameter:
    """A parameter that says how many are wanted, or `max`."""
    return Parameter("limit", default=default)


def flag() -> Parameter:
    """A parameter that is true when it is there."""
    return Parameter("boolean", default=False)


def many(*choices: str, default: str | None = None, required: bool = False) -> Parameter:
    """A parameter that holds several values."""
    return Parameter(multi=True, choices=choices, default=default, required=required)


def one_of(*choices: str, default: str | None = None, required: bool = False) -> Parameter:
    """A parameter that holds one of some values."""
    return Parameter(choices=choices, default=default, required=required)


def read(module: Module, call: Call) -> dict[str, Any]:
    """A module's parameters as they were sent, or their defaults. Raises ApiError."""
    found = {}
    for name, parameter in module.parameters.items():
        full = module.prefix + name
        raw = call.take(full)
        if raw is None:
            if parameter.required:
                raise ApiError("missingparam", f'The "{full}" parameter must be set.')
            default = parameter.default
            if parameter.multi and isinstance(default, str):
                default = default.split("|")
            found[name] = default
        else:
            found[name] = _value(full, parameter, raw, call)
    return found


def _value(name: str, parameter: Parameter, raw: str, call: Call) -> Any:
    choices = parameter.choices(call) if callable(parameter.choices) else parameter.choices
    match parameter.kind:
        case "boolean":
            return True
        case "integer" if parameter.multi:
            return [_integer(name, one) for one in split(raw)]
        case "integer":
            return _integer(name, raw)
        case "limit":
            top = HIGH if call.high_limits else LOW
            return top if raw == "max" else max(1, min(_integer(name, raw), top))
    if not parameter.multi:
        if choices and raw not in choices:
            raise ApiError("badvalue", f'Unrecognized value for parameter "{name}": {raw}.')
        return raw
    values = split(raw)
    if choices and values == ["*"]:
        return list(choices)
    known = [value for value in values if not choices or value in choices]
    if len(known) < len(values):
        unknown = [value for value in values if value not in choices]
        noun = "value" if len(unknown) == 1 else "values"
        call.warn(
            call.module.name,
            f'Unrecognized {noun} for parameter "{name}": {", ".join(unknown)}.',
        )
    check_count(name, known, call)
    return known


def check_count(name: str, values: list[Any], call: Call) -> None:
    """Whether these are not too many values. Raises ApiError toomanyvalues."""
    top = HIGH if call.high_limits else LOW
    if len(values) > top:
        raise ApiError(
            "toomanyvalues",
            f'Too many values supplied for parameter "{name}". The limit is {top}.',
            limit=top,
            lowlimit=LOW,
            highlimit=HIGH,
        )


def split(raw: str) -> list[str]:
    """The values of a list, separated by | or, when it starts with U+001F, by that."""
    if raw.startswith("\x1f"):
        return raw[1:].split("\x1f")
    return raw.split("|") if raw else []


def _integer(name: str, raw: str) -> int:
    try:
        return int(raw.strip())
    except ValueError:
        message = f'Invalid value "{raw}" for integer parameter "{name}".'
        raise ApiError("badinteger", message) from None
