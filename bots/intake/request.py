"""A request as it stands on its page: the template's fields, and what is wrong with its shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.messages import Message, Param
from bots.core.said import holds_address, nearest, normal, shown
from bots.core.wikitext import TemplateCall, find_templates, find_unclosed
from bots.intake.fields import Field, Need, field_called, names_of_fields

LONGEST_PAGE = 200_000
"""Characters. A longer page is not read: what is asked for has to be read by people, too."""


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
    """What one page asks for; `template`: whether there is a template that can be read."""

    given: Mapping[str, Given] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    template: bool = False

    def value(self, name: str) -> str:
        """A field's value, empty if there is none."""
        found = self.given.get(name)
        return found.value if found else ""


def read_request(text: str, template: Sequence[str], prefixes: Iterable[str] = ()) -> Request:
    """The request on a page; `template` is the template's name, then its redirects' names."""
    if len(text) > LONGEST_PAGE:
        size = {"num_characters": len(text), "allowed": LONGEST_PAGE}
        return Request(problems=(Problem(Message("intake-page-too-long", size)),))
    problems = [
        Problem(
            Message("intake-template-unclosed", {"template": template[0], "line": str(at.line)})
        )
        for at in find_unclosed(text, template, list(prefixes))
    ]
    outer, nested = _outermost(find_templates(text, template, list(prefixes)))
    if not outer:
        missing = Problem(Message("intake-template-missing", {"template": template[0]}))
        return Request(problems=_some(problems) or (missing,))
    if len(outer) > 1:
        lines = [str(call.line) for call in outer[:_SOME]]
        twice: dict[str, Param] = {"template": template[0], "list_lines": lines}
        problems.append(Problem(Message("intake-template-twice", twice)))
    for call in nested:
        params = {"template": template[0], "line": str(call.line)}
        problems.append(Problem(Message("intake-template-nested", params)))
    given, wrong = _given(outer[0])
    return Request(given, _some([*problems, *wrong]), template=True)


_SOME = 5
"""How many problems of one sort are told: who mends those sees the others."""


_MOST = 1_000
"""How many parameters are looked at; the form has two dozen."""


def _some(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    told: Counter[str] = Counter()
    kept = []
    for problem in problems:
        told[problem.message.key] += 1
        if told[problem.message.key] <= _SOME:
            kept.append(problem)
    return tuple(kept)


def _outermost(
    calls: Iterable[TemplateCall],
) -> tuple[list[TemplateCall], list[TemplateCall]]:
    """The calls that are in no other one, and those that are; both in the page's order."""
    outer: list[TemplateCall] = []
    nested: list[TemplateCall] = []
    for call in calls:
        (nested if outer and call.end <= outer[-1].end else outer).append(call)
    return outer, nested


def _given(call: TemplateCall) -> tuple[dict[str, Given], list[Problem]]:
    given: dict[str, Given] = {}
    problems: list[Problem] = []
    said: dict[str, list[str]] = {}
    strange: list[tuple[str, str]] = []
    for parameter in call.parameters[:_MOST]:
        known = None if parameter.positional else field_called(parameter.name)
        if known is None and holds_address(parameter.value):
            problems.append(Problem(Message("intake-address"), shown(parameter.name)))
        if parameter.positional:
            if parameter.value:
                params = {"value": shown(parameter.value), "line": str(parameter.line)}
                problems.append(Problem(Message("intake-no-name", params), blocking=False))
            continue
        if known is None:
            strange.append((parameter.name, parameter.value))
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
    problems += [_unknown(name, value, given) for name, value in strange[:_SOME]]
    return given, problems


def _unknown(name: str, value: str, given: Mapping[str, Given]) -> Problem:
    """A value under a name that no field has; what belongs in an empty required field is wanted."""
    near = nearest(normal(name), names_of_fields())
    meant = field_called(near) if near else None
    params = {"name": shown(name), "value": shown(value)}
    if meant is None:
        return Problem(Message("intake-unknown-field", params), blocking=False)
    params["near"] = meant.name
    empty = meant.name not in given or not given[meant.name].value
    wanted = meant.need is Need.REQUIRED and empty
    message = Message("intake-unknown-field-near", params)
    return Problem(message, meant.name if wanted else "", wanted)
