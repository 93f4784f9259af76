"""A request as it stands on its page: the template's fields, and what is wrong with its shape."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.messages import Message, Param
from bots.core.wikitext import TemplateCall, find_templates, find_unclosed
from bots.intake.fields import Field, field_called, names_of_fields
from bots.intake.licences import normal

LONGEST_PAGE = 200_000
"""Characters. A longer page is not read: what is asked for has to be read by people, too."""

SHOWN = 80
"""Characters of a value that are repeated in what HubBot says about it."""


@dataclass(frozen=True)
class Problem:
    """Something about a request that people should mend; `blocking`: nobody can start before.

    `where` is the field's name, or empty for the page as a whole.
    """

    message: Message
    where: str = ""
    blocking: bool = True


@dataclass(frozen=True)
class Given:
    """A field's value, trimmed, and the line (from 1) on which it is."""

    field: Field
    value: str
    line: int


@dataclass(frozen=True)
class Request:
    """What one page asks for. Without a template that can be read, `given` is empty."""

    given: Mapping[str, Given] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def value(self, name: str) -> str:
        """A field's value, empty if there is none."""
        found = self.given.get(name)
        return found.value if found else ""


def read_request(text: str, template: Sequence[str], prefixes: Iterable[str] = ()) -> Request:
    """The request on a page; `template` is the template's name, then its redirects' names."""
    if len(text) > LONGEST_PAGE:
        size = {"num_characters": len(text), "allowed": LONGEST_PAGE}
        return Request(problems=(Problem(Message("intake-page-too-long", size)),))
    found = find_templates(text, template, list(prefixes))
    outer = [call for call in found if not _within(call, found)]
    problems: list[Problem] = []
    for unclosed in find_unclosed(text, template, list(prefixes)):
        params = {"template": template[0], "line": str(unclosed.line)}
        problems.append(Problem(Message("intake-template-unclosed", params)))
    if not outer:
        missing = Problem(Message("intake-template-missing", {"template": template[0]}))
        return Request(problems=tuple(problems) or (missing,))
    if len(outer) > 1:
        twice: dict[str, Param] = {
            "template": template[0],
            "list_lines": [str(call.line) for call in outer],
        }
        problems.append(Problem(Message("intake-template-twice", twice)))
    for call in found:
        if call not in outer:
            params = {"template": template[0], "line": str(call.line)}
            problems.append(Problem(Message("intake-template-nested", params)))
    given, wrong = _given(outer[0])
    return Request(given, (*problems, *wrong))


def shown(value: str) -> str:
    """A value as it is repeated to people: one line, cut, and with e-mail addresses hidden.

    It is still a value from outside: it is escaped where it is written.
    """
    text = " ".join(hide_addresses(value[: 4 * SHOWN]).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"


def hide_addresses(value: str) -> str:
    """The text without the e-mail addresses in it, which are never repeated on a wiki."""
    return ADDRESS.sub("…@…", value)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that somebody may have meant."""
    found = difflib.get_close_matches(word[:SHOWN], list(known), 1, 0.75)
    return found[0] if found else None


ADDRESS = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|[\w.+-]{1,64}\s?[\[({]\s?(?:at|@|snabel-?a)\s?[\])}]\s?[\w.-]{1,64}",
    re.IGNORECASE,
)


def _within(call: TemplateCall, others: Sequence[TemplateCall]) -> bool:
    return any(other.start < call.start and call.end <= other.end for other in others)


def _given(call: TemplateCall) -> tuple[dict[str, Given], list[Problem]]:
    given: dict[str, Given] = {}
    problems: list[Problem] = []
    said: dict[str, list[str]] = {}
    for parameter in call.parameters:
        if parameter.positional:
            if parameter.value:
                params = {"value": shown(parameter.value), "line": str(parameter.line)}
                problems.append(Problem(Message("intake-no-name", params), blocking=False))
            continue
        known = field_called(parameter.name)
        if known is None:
            problems.append(_unknown(parameter.name, parameter.value))
            continue
        said.setdefault(known.name, []).append(parameter.value)
        # As in MediaWiki the last one counts, but an empty one takes nothing away.
        if parameter.value or known.name not in given:
            given[known.name] = Given(known, parameter.value, parameter.line)
    for name, values in said.items():
        different = {value for value in values if value}
        if len(values) > 1 and different:
            told: dict[str, Param] = {
                "field": name,
                "num_times": len(values),
                "value": shown(given[name].value),
            }
            message = Message("intake-given-twice", told)
            problems.append(Problem(message, name, blocking=len(different) > 1))
    return given, problems


def _unknown(name: str, value: str) -> Problem:
    near = nearest(normal(name), names_of_fields())
    meant = field_called(near) if near else None
    params = {"name": shown(name), "value": shown(value)}
    if meant is None:
        return Problem(Message("intake-unknown-field", params), blocking=False)
    params["near"] = meant.name
    return Problem(Message("intake-unknown-field-near", params), blocking=False)
