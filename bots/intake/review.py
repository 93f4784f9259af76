"""One request page, judged: what it asks for, its state and since when, and where HubBot writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bots.core.messages import Message
from bots.core.plan import JSON
from bots.core.wikitext import Region, RegionFault, RegionProblem, find_region, find_templates
from bots.intake.checks import Checked, Known, check
from bots.intake.fields import STATES
from bots.intake.request import Problem, Request, read_request

REGION = "intake"
INDEX = "intake-index"
STATUS = "/status"
"""The status template's name, after the request template's."""

CLOSED = frozenset({"declined", "duplicate", "delivered", "verified", "archived", "withdrawn"})
"""States in which nothing more is asked of anybody here."""

ACCEPTED = frozenset({"triaged", "accepted", "in-progress", "delivered", "verified"})
"""States in which a request's partner belongs into the register."""


@dataclass(frozen=True)
class Names:
    """How the wiki calls things: the template and its redirects, `Template` in its language."""

    template: Sequence[str]
    prefixes: Sequence[str] = ()

    @property
    def status(self) -> str:
        """The status template's name."""
        return self.template[0] + STATUS


@dataclass(frozen=True)
class Memo:
    """What is remembered of a request: its state, since when, and when it was first seen."""

    state: str
    since: dt.date
    first: dt.date

    def to_json(self) -> JSON:
        """For the store."""
        return [self.state, self.since.isoformat(), self.first.isoformat()]


@dataclass(frozen=True)
class Review:
    """What became of one page. `by_person`: the state was set by people and is only repeated."""

    title: str
    request: Request
    checked: Checked
    region: Region | RegionProblem
    memo: Memo
    by_person: bool

    @property
    def state(self) -> str:
        """The request's state."""
        return self.memo.state

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What people are told is wrong: nothing about drafts, nor about what is closed."""
        if self.state == "draft" or self.state in CLOSED:
            return ()
        return self.checked.problems


def review(
    title: str,
    text: str,
    bases: Mapping[str, JSON],
    remembered: JSON,
    today: dt.date,
    names: Names,
    known: Known,
) -> Review:
    """Judge one page; pure.

    `bases` are the page's own slots, `remembered` what the index keeps of it (`Memo.to_json`).
    The page's own status line goes before the memory: people may have changed it.
    """
    region = find_region(text, REGION)
    here = _on_page(region, names)
    memo = here or memo_from(remembered)
    first = min(memo.first, today) if memo else today
    request = read_request(text, names.template, names.prefixes)
    checked = _with_region(check(request, known, first), request, region)
    said = checked.state if checked.state != "submitted" else None
    said = said or _set_in_region(here, bases, names)
    state = said or ("needs-info" if checked.blocked else "triaged")
    since = memo.since if memo and memo.state == state else today
    return Review(title, request, checked, region, Memo(state, since, first), said is not None)


def reread(found: Review, text: str, names: Names, known: Known) -> Review:
    """The same review with the request as it stands in another text: on other lines, say."""
    request = read_request(text, names.template, names.prefixes)
    checked = _with_region(check(request, known, found.memo.first), request, found.region)
    return replace(found, request=request, checked=checked)


def memo_from(remembered: JSON) -> Memo | None:
    """What `Memo.to_json` gave; None for anything else."""
    match remembered:
        case [str(state), str(since), str(first)]:
            return _memo(state, since, first)
        case _:
            return None


def markers(name: str) -> dict[str, str]:
    """The two comments of a region, for people to paste, as parameters of a message."""
    return {"begin": f"<!-- hubbot:{name} begin -->", "end": f"<!-- hubbot:{name} end -->"}


def region_message(problem: RegionProblem) -> Message:
    """What is wrong with a region, and what to do, for people."""
    lines = [str(line) for line in problem.lines]
    return Message(problem.fault.value, {"list_lines": lines, **markers(problem.name)})


def _with_region(checked: Checked, request: Request, region: Region | RegionProblem) -> Checked:
    """A page on which HubBot can't answer needs mending, too.

    Where there is no template at all, its form brings the two lines with it.
    """
    if isinstance(region, Region):
        return checked
    if region.fault is RegionFault.MISSING and not request.template:
        return checked
    wrong = Problem(region_message(region))
    return replace(checked, problems=(wrong, *checked.problems))


def _set_in_region(here: Memo | None, bases: Mapping[str, JSON], names: Names) -> str | None:
    """The state that people wrote over ours, inside our region."""
    left = bases.get("region")
    if here is None or not isinstance(left, str):
        return None
    ours = _status(left, names)
    return here.state if ours and ours.state != here.state else None


def _on_page(region: Region | RegionProblem, names: Names) -> Memo | None:
    return _status(region.body, names) if isinstance(region, Region) else None


def _status(body: str, names: Names) -> Memo | None:
    calls = find_templates(body, [names.status], list(names.prefixes))
    if not calls:
        return None
    return _memo(*(calls[0].value(name) for name in ("state", "since", "first")))


def _memo(state: str, since: str, first: str) -> Memo | None:
    try:
        memo = Memo(state, dt.date.fromisoformat(since), dt.date.fromisoformat(first))
    except ValueError:
        return None
    return memo if state in STATES else None
