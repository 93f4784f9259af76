"""Whether a request says what people need to start: each field's value, and the verdicts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from bots.core.dates import read_date
from bots.core.licences import KINDS, Kind, LicenceBook
from bots.core.messages import Message, Param
from bots.core.said import entity_id, holds_address, is_address, nearest, normal, shown, user_name
from bots.intake.fields import BY_NAME, FIELDS, STATES, Check, Need, find_words
from bots.intake.request import Given, Problem, Request
from bots.intake.rights import Rights, judge

Value = TypeVar("Value", bound=str)

LONGEST_LIST = 1_000
"""Characters of a list of words that are looked at: no list of projects or countries is longer."""


@dataclass(frozen=True)
class Known:
    """What a request is checked against: the licences, and the world's names (normal → code)."""

    licences: LicenceBook
    countries: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """What came out; `projects` are the targets' names.

    `state` is what a person wrote, if it is one that HubBot knows.
    """

    kinds: tuple[Kind, ...] = ()
    projects: tuple[str, ...] = ()
    state: str | None = None
    rights: Rights = field(default_factory=Rights)
    problems: tuple[Problem, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether nobody can start before something was mended."""
        return any(problem.blocking for problem in self.problems)


def check(request: Request, known: Known, first_seen: dt.date) -> Checked:
    """All that can be said about a request without asking anybody; pure.

    `first_seen` is the day on which HubBot first saw the request: a deadline before it is a
    mistake, and stays one, so that nothing changes by itself from one day to the next.
    """
    if not request.template:
        return Checked(problems=request.problems)
    problems = list(request.problems)
    # What stands under a misspelt name is not missing.
    misspelt = {
        problem.where
        for problem in request.problems
        if problem.message.key == "intake-unknown-field-near"
    } - {""}
    problems += _missing(request, misspelt)
    for given in request.given.values():
        if holds_address(given.value):
            problems.append(Problem(Message("intake-address"), given.field.name))
        elif given.value:
            problems += _CHECKS.get(given.field.check, _anything)(given, known)
    problems += _deadline(request, first_seen)
    kinds = _chosen(request, "kind", KINDS)
    targets = _chosen(request, "targets", tuple(known.licences.targets))
    rights = judge(request, kinds, targets, has_evidence(request.value("evidence")), known.licences)
    problems += [
        problem
        for problem in rights.problems
        if problem.message.key != "licence-missing" or problem.where not in misspelt
    ]
    return Checked(
        kinds=kinds,
        projects=tuple(known.licences.targets[target].name for target in targets),
        state=next(iter(_chosen(request, "state", STATES)), None),
        rights=rights,
        problems=tuple(sorted(problems, key=_place)),
    )


def has_evidence(value: str) -> bool:
    """Whether a value holds something that people can look up: an address, a ticket, a page."""
    return bool(
        any(is_address(word) for word in _words(value))
        or re.search(r"(?<!\d)2\d{15}(?!\d)", value)
        or re.search(r"\[\[[^\[\]|{}<>]+", value)
    )


def codes(value: str, table: Mapping[str, str]) -> list[str]:
    """The countries or languages that a value names, by their codes; `table` as in `Known`."""
    words = (normal(word) for word in _listed(value))
    return list(dict.fromkeys(table[word] for word in words if word in table))


def _missing(request: Request, misspelt: Collection[str]) -> Iterator[Problem]:
    wanted: list[str] = []
    for each in FIELDS:
        if request.value(each.name) or each.check is Check.LICENCE:
            continue
        if each.need is Need.REQUIRED and each.name not in misspelt:
            params: dict[str, Param] = {"list_values": list(each.choices)} if each.choices else {}
            yield Problem(Message(f"intake-missing-{each.slug}", params), each.name)
        elif each.need is Need.SUGGESTED and each.name != "evidence":
            wanted.append(each.name)
    if wanted:
        yield Problem(Message("intake-wanted", {"list_fields": wanted}), blocking=False)


def _chosen(request: Request, name: str, allowed: Sequence[Value]) -> tuple[Value, ...]:
    found, _ = find_words(request.value(name)[:LONGEST_LIST], BY_NAME[name].choices)
    return tuple(value for value in allowed if value in found)


def _place(problem: Problem) -> tuple[bool, int]:
    """What is wrong with the page first, then the fields in the form's order, hints last."""
    names = [each.name for each in FIELDS]
    at = names.index(problem.where) if problem.where in names else -1
    return not problem.blocking, at


def _anything(given: Given, known: Known) -> Iterator[Problem]:
    yield from ()


def _choices(given: Given, known: Known) -> Iterator[Problem]:
    """No known value: nobody can start. A known one and something else: a hint about the rest."""
    choices, value = given.field.choices, given.value[:LONGEST_LIST]
    found, _ = find_words(value, choices)
    strange = [
        segment
        for segment in re.split(r"[;,\n]|\s/\s|<br ?/?>", value)
        if segment.strip() and not find_words(segment, choices)[0]
    ]
    # What there is, people describe in many words; projects and states have names.
    if found and (not strange or given.field.name == "kind"):
        return
    said = value if not found else strange[0]
    params: dict[str, Param] = {"value": shown(said), "list_values": list(choices)}
    words = {normal(word): value for value, many in choices.items() for word in (value, *many)}
    near = nearest(normal(said), words)
    key = "intake-unknown-value"
    if near:
        key, params["near"] = "intake-unknown-value-near", words[near]
    yield Problem(Message(key, params), given.field.name, blocking=not found)


def _yes_no(given: Given, known: Known) -> Iterator[Problem]:
    first = normal(given.value).split(" ", 1)[0]
    if not find_words(first, given.field.choices)[0]:
        params = {"value": shown(given.value)}
        yield Problem(Message("intake-yes-no", params), given.field.name, blocking=False)


def _url(given: Given, known: Known) -> Iterator[Problem]:
    words = _words(given.value)
    if any(is_address(word) for word in words):
        return
    params = {"value": shown(given.value)}
    guess = next((f"https://{word}" for word in words if is_address(f"https://{word}")), None)
    key = "intake-url"
    if guess:
        key, params["near"] = "intake-url-near", shown(guess)
    yield Problem(Message(key, params), given.field.name)


def _evidence(given: Given, known: Known) -> Iterator[Problem]:
    if not has_evidence(given.value):
        params = {"value": shown(given.value)}
        yield Problem(Message("intake-evidence", params), given.field.name, blocking=False)


def _entity(letter: Literal["Q", "P"]) -> Callable[[Given, Known], Iterator[Problem]]:
    def check_entity(given: Given, known: Known) -> Iterator[Problem]:
        if entity_id(letter, given.value) is None:
            key = "intake-item" if letter == "Q" else "intake-property"
            params = {"value": shown(given.value)}
            yield Problem(Message(key, params), given.field.name, blocking=False)

    return check_entity


def _date(given: Given, known: Known) -> Iterator[Problem]:
    if read_date(given.value) is None:
        params = {"value": shown(given.value)}
        yield Problem(Message("intake-date", params), given.field.name, blocking=False)


def _deadline(request: Request, first_seen: dt.date) -> Iterator[Problem]:
    day = read_date(request.value("deadline"))
    if day and day < first_seen:
        params = {"value": day.isoformat(), "seen": first_seen.isoformat()}
        yield Problem(Message("intake-date-past", params), "deadline", blocking=False)


def _amount(given: Given, known: Known) -> Iterator[Problem]:
    if not re.search(r"\d", given.value):
        params = {"value": shown(given.value)}
        yield Problem(Message("intake-amount", params), given.field.name, blocking=False)


def _user(given: Given, known: Known) -> Iterator[Problem]:
    if user_name(given.value) is None:
        params = {"value": shown(given.value)}
        required = given.field.need is Need.REQUIRED
        yield Problem(Message("intake-user", params), given.field.name, blocking=required)


def _world(names: str, key: str) -> Callable[[Given, Known], Iterator[Problem]]:
    def check_world(given: Given, known: Known) -> Iterator[Problem]:
        table: Mapping[str, str] = getattr(known, names)
        for word in _listed(given.value):
            if not table or not word.strip() or normal(word) in table:
                continue
            params = {"value": shown(word)}
            near = nearest(normal(word), table)
            # A name in a script that the table's languages don't use may well be right.
            if not near and not word.isascii():
                continue
            if near:
                params["near"] = table[near]
            found = Message(f"{key}-near" if near else key, params)
            yield Problem(found, given.field.name, blocking=False)
            return

    return check_world


def _listed(value: str) -> list[str]:
    """The words of a list, as people divide them."""
    return re.split(r"[;,/\n&]|<br ?/?>|\s(?:and|och)\s", value[:LONGEST_LIST])


def _words(value: str) -> list[str]:
    return [word.strip("[](),;") for word in value.split()]


_CHECKS: Mapping[Check, Callable[[Given, Known], Iterator[Problem]]] = {
    Check.CHOICE: _choices,
    Check.CHOICES: _choices,
    Check.URL: _url,
    Check.EVIDENCE: _evidence,
    Check.ITEM: _entity("Q"),
    Check.PROPERTY: _entity("P"),
    Check.DATE: _date,
    Check.AMOUNT: _amount,
    Check.USER: _user,
    Check.COUNTRIES: _world("countries", "intake-country"),
    Check.LANGUAGES: _world("languages", "intake-language"),
    Check.YES_NO: _yes_no,
}
