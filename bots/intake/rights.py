"""What may go where: the licences that a request gives, and each target's verdict on them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.licences import KINDS, Judgement, Kind, Licence, LicenceBook, Unclear, Verdict
from bots.core.messages import Message, Param
from bots.core.said import shown
from bots.intake.fields import KIND_WORDS, find_words
from bots.intake.request import Problem, Request

LONGEST = 500
"""Characters. What is longer is no licence's name but an explanation."""

Alternatives = tuple[Licence, ...]
"""The licences of one content, of which anybody may choose one."""


@dataclass(frozen=True)
class Line:
    """The verdict on one kind of content in one target; `target` is the project's name.

    `evidence`: whether the request gives evidence that people can look at.
    """

    kind: Kind
    target: str
    judgement: Judgement
    evidence: bool

    @property
    def settled(self) -> bool:
        """Whether nothing more is needed before people can look at it."""
        verdict = self.judgement.verdict
        return verdict is Verdict.WELCOME or (verdict is Verdict.EVIDENCE and self.evidence)


@dataclass(frozen=True)
class Rights:
    """The verdicts, what is wrong, and each kind's licences."""

    lines: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()
    licences: Mapping[Kind, Alternatives] = field(default_factory=dict)


def judge(
    request: Request,
    kinds: Sequence[Kind],
    targets: Sequence[str],
    evidence: bool,
    book: LicenceBook,
) -> Rights:
    """Each kind's licence in each target that takes the kind.

    `kinds` and `targets` are known values; `evidence`: whether the request gives evidence of
    rights that people can look at.
    """
    licences, problems = _licences(request, kinds, book)
    lines: list[Line] = []
    for kind in kinds:
        takers = [target for target in targets if kind in book.targets[target].takes]
        if targets and not takers:
            problems.append(_nowhere(kind, targets, book))
        refused: list[tuple[str, Line]] = []
        for target in takers if kind in licences else ():
            found = book.judge(licences[kind], target, kind)
            if found == "version":
                problems.append(_which_version(request, kind, licences[kind][0], target, book))
                continue
            line = Line(kind, book.targets[target].name, found, evidence)
            lines.append(line)
            if line.judgement.verdict is Verdict.NOT_WELCOME:
                refused.append((target, line))
            elif not line.settled:
                problems.append(_evidence_wanted(line))
        if refused:
            problems += _refusals(request, kind, licences[kind], refused, book)
    problems += _unused(kinds, targets, book)
    return Rights(tuple(lines), tuple(problems), licences)


def read_licences(
    text: str, kinds: Sequence[Kind], book: LicenceBook
) -> tuple[dict[Kind | None, Alternatives], Unclear | None]:
    """The licences that one value gives: by kind where it says so ("CC0 data, CC BY photographs").

    Under None are those for every kind that isn't named. `kinds` are those that the request is
    about: words for others are none ("CC BY, see the licence file"). The second value says what
    is unclear.
    """
    if len(text) > LONGEST:
        return {}, Unclear("doubt")
    if book.read(text) == Unclear("none"):
        return {}, Unclear("none")
    parts = [(about, _alternatives(said, book)) for about, said in _segments(text, kinds, book)]
    if not any(about for about, _ in parts):
        several = {found for _, found in parts if not isinstance(found, Unclear)}
        found = _alternatives(text, book)
        if len(several) > 1 and (isinstance(found, Unclear) or len(found) == 1):
            return {}, Unclear("parts")
        return ({}, found) if isinstance(found, Unclear) else ({None: found}, None)
    by_kind: dict[Kind | None, Alternatives] = {}
    unclear: Unclear | None = None
    for about, found in parts:
        if isinstance(found, Unclear):
            # Words that name neither a licence nor a kind are a remark.
            if about or found.why != "unknown":
                unclear = unclear or found
        elif not about and None in by_kind:
            unclear = unclear or Unclear("parts")
        else:
            by_kind.update(dict.fromkeys(about or (None,), found))
    return by_kind, unclear


def _segments(
    text: str, known: Sequence[Kind], book: LicenceBook
) -> Iterator[tuple[Sequence[Kind], str]]:
    """The parts of a value, each with the kinds it speaks of.

    "CC0 data and statistics" is one part, "CC0 data, photographs" two: only "and" joins.
    """
    for part in re.split(r"[;,\n]|<br ?/?>", text):
        pending: tuple[Sequence[Kind], str] | None = None
        for piece in re.split(r"\s(?:and|och|&|\+)\s", part):
            if not piece.strip():
                continue
            kinds = _kinds(piece, known, book)
            if pending and kinds and book.read(piece) == Unclear("unknown"):
                pending = ([*pending[0], *kinds], pending[1])
                continue
            if pending:
                yield pending
            pending = kinds, piece
        if pending:
            yield pending


def _kinds(text: str, known: Sequence[Kind], book: LicenceBook) -> list[Kind]:
    found, _ = find_words(book.without_names(text), KIND_WORDS)
    return [kind for kind in known if kind in found]


def _alternatives(text: str, book: LicenceBook) -> Alternatives | Unclear:
    """The licences among which a text lets us choose ("GFDL or CC BY-SA 3.0")."""
    found = [book.read(part) for part in re.split(r"\s(?:or|eller)\s|\s?/\s?", text)]
    licences = [each for each in found if isinstance(each, Licence)]
    if len(licences) == len(found) > 1:
        return tuple(dict.fromkeys(licences))
    whole = book.read(text)
    return whole if isinstance(whole, Unclear) else (whole,)


def _licences(
    request: Request, kinds: Sequence[Kind], book: LicenceBook
) -> tuple[dict[Kind, Alternatives], list[Problem]]:
    general, unclear = read_licences(request.value("licence"), kinds or KINDS, book)
    licences: dict[Kind, Alternatives] = {}
    problems: list[Problem] = []
    missing: list[str] = []
    for kind in kinds:
        own = f"licence {kind}"
        if request.value(own):
            found, wrong = read_licences(request.value(own), kinds, book)
            if wrong and wrong.why != "none":
                problems.append(_unclear(own, request.value(own), wrong, kinds, book))
                continue
        else:
            found, wrong = general, unclear
        alternatives = found.get(kind) or found.get(None)
        if alternatives:
            licences[kind] = alternatives
        elif wrong is None or wrong.why == "none" or found:
            missing.append(kind)
    given_for_all = kinds and all(request.value(f"licence {kind}") for kind in kinds)
    if unclear and unclear.why != "none" and not given_for_all:
        problems.append(_unclear("licence", request.value("licence"), unclear, kinds, book))
    if missing or not (kinds or general or unclear not in (None, Unclear("none"))):
        params: dict[str, Param] = {"list_kinds": missing or list(KINDS)}
        problems.append(Problem(Message("licence-missing", params), "licence"))
    return licences, problems


def _unclear(
    where: str, value: str, unclear: Unclear, kinds: Sequence[Kind], book: LicenceBook
) -> Problem:
    key = f"licence-unclear-{unclear.why}"
    if unclear.why == "parts":
        fields = [f"licence {kind}" for kind in kinds or KINDS]
        return Problem(Message(key, {"value": shown(value), "list_fields": fields}), where)
    if unclear.why == "version":
        versions = list(book.licences["cc-by"].versions)
        return Problem(Message(key, {"value": shown(value), "list_versions": versions}), where)
    if unclear.why == "unknown":
        names = book.welcome_somewhere()
        return Problem(Message(key, {"value": shown(value), "list_names": names}), where)
    return Problem(Message(key, {"value": shown(value)}), where)


def _field_of(request: Request, kind: Kind) -> str:
    own = f"licence {kind}"
    return own if request.value(own) else "licence"


def _which_version(
    request: Request, kind: Kind, licence: Licence, target: str, book: LicenceBook
) -> Problem:
    params: dict[str, Param] = {
        "licence": str(licence),
        "kind": kind,
        "target": book.targets[target].name,
        "list_versions": [f"{licence} {version}" for version in _versions(licence, book)],
    }
    where = _field_of(request, kind)
    return Problem(Message("licence-version-wanted", params), where)


def _versions(licence: Licence, book: LicenceBook) -> Sequence[str]:
    return book.licences[licence.family].versions


def _evidence_wanted(line: Line) -> Problem:
    params: dict[str, Param] = {
        "kind": line.kind,
        "licence": str(line.judgement.licence),
        "target": line.target,
    }
    return Problem(Message("licence-evidence-wanted", params), "evidence")


def _refusals(
    request: Request,
    kind: Kind,
    licences: Alternatives,
    refused: Sequence[tuple[str, Line]],
    book: LicenceBook,
) -> Iterator[Problem]:
    where = _field_of(request, kind)
    licence = str(refused[0][1].judgement.licence)
    elsewhere = [book.targets[target].name for target in _welcome_targets(kind, licences, book)]
    if not elsewhere:
        welcome = book.welcome(refused[0][0], kind)
        params: dict[str, Param] = {"licence": licence, "kind": kind, "list_welcome": welcome}
        yield Problem(Message("licence-welcome-nowhere", params), where)
        return
    for target, line in refused:
        told: dict[str, Param] = {
            "licence": licence,
            "kind": kind,
            "target": line.target,
            "list_welcome": book.welcome(target, kind),
            "list_targets": elsewhere,
        }
        yield Problem(Message("licence-not-welcome", told), where)


def _welcome_targets(kind: Kind, licences: Alternatives, book: LicenceBook) -> Iterator[str]:
    for target in book.takers(kind):
        found = book.judge(licences, target, kind)
        if found == "version" or found.verdict is not Verdict.NOT_WELCOME:
            yield target


def _nowhere(kind: Kind, targets: Sequence[str], book: LicenceBook) -> Problem:
    params: dict[str, Param] = {
        "kind": kind,
        "list_targets": [book.targets[target].name for target in targets],
        "list_takers": [book.targets[target].name for target in book.takers(kind)],
    }
    return Problem(Message("intake-kind-nowhere", params), "targets")


def _unused(kinds: Sequence[Kind], targets: Sequence[str], book: LicenceBook) -> Iterator[Problem]:
    for target in targets if kinds else ():
        entry = book.targets[target]
        if not set(kinds) & set(entry.takes):
            params: dict[str, Param] = {"target": entry.name, "list_takes": list(entry.takes)}
            yield Problem(Message("intake-target-idle", params), "targets", blocking=False)
