"""The obligations of an agreement as people write them: one a line, in parts.

The field `obligations` of a record holds one obligation a line, its parts divided by semicolons:

    who; what; when; check

    partner; publishes the register anew; each quarter; dataset research-organisations
    we; every page about a building names the source; from 2026-03; template Heritage note on sv
    partner; the terms are on the wiki; by 2026-12-31; page Project:Terms
    we; send the figures of the year; each year from 2026; done 2026-12-20

- `who`: anybody in words: partner, we, a user.
- `what`: in words.
- `when`: `each month`, `each quarter` or `each year` (of the calendar, in UTC; `each quarter from
  DATE`: not before the quarter of that day); `by DATE`: once, on that day at last; `from DATE`: at
  all times from that day on. A DATE is 2026-12-31 (or 31 December 2026), 2026-12 or 2026:
  `by` its last day, `from` its first.
- `check`: how it can be seen that it was done; left out, only people can tell.
  - `dataset ID`: a new release of that dataset's source was taken in, within the period;
  - `template NAME`, `template NAME on SITE`: the template is in use;
  - `page TITLE`, `page TITLE on SITE`: there is such a page.
  SITE is a wiki's key in hub.yaml; without it, the hub wiki. A title is written as it is, since of
  a link a record keeps only what is shown.
- `done DATE`, beside a check or in its place: people say that it was done on that day, which goes
  before the check. For `each …` it counts for the period of that day, else for good.

A line may begin with `*` or `#`; an empty one is none. The field's value keeps its line ends and
semicolons: it is one text, not a list of values.
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bots.core.dates import read_when
from bots.core.messages import Message, Param
from bots.core.said import shown
from bots.core.wikitext import plain

FIELD = "obligations"
"""The field of a record that holds its duties."""

LONGEST = 1_000
"""Characters of a line that are read."""

MOST = 50
"""Lines of a field that are read."""


class Rhythm(StrEnum):
    """How often something is due; the value is the word that people write."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How long a period is."""
        return {"month": 1, "quarter": 3, "year": 12}[self.value]


@dataclass(frozen=True)
class Each:
    """`each quarter`; `start`: not before the period of that day."""

    rhythm: Rhythm
    start: dt.date | None = None


@dataclass(frozen=True)
class By:
    """`by DATE`: once, on that day at last."""

    day: dt.date


@dataclass(frozen=True)
class From:
    """`from DATE`: at all times from that day on."""

    day: dt.date


When = Each | By | From


class How(StrEnum):
    """What can be looked at; the value is the word that people write."""

    DATASET = "dataset"
    TEMPLATE = "template"
    PAGE = "page"


@dataclass(frozen=True)
class Check:
    """How it can be seen that a duty was done; `name` is a dataset's id or a title.

    `site`: the wiki's key, "" for a dataset.
    """

    how: How
    name: str
    site: str = ""


@dataclass(frozen=True)
class Duty:
    """One line, understood; `line` from 1."""

    line: int
    who: str
    what: str
    when: When
    check: Check | None = None
    done: dt.date | None = None

    @property
    def key(self) -> str:
        """16 hex digits: the same for as long as it is the same duty of the same people."""
        said = f"{self.who}\0{self.what}".casefold()
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class LineFault:
    """Why a line can't be understood, for the person who can mend it; `line` from 1."""

    line: int
    message: Message


@dataclass(frozen=True)
class Known:
    """What a check may name: the hub wiki's key, all wikis' keys, and the datasets' ids."""

    hub: str
    sites: Collection[str]
    datasets: Collection[str]


def read_duties(text: str, known: Known) -> Iterator[Duty | LineFault]:
    """The duties of a field's text, line by line; pure."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    for number, line in lines[:MOST]:
        try:
            yield _duty(number, line, known)
        except _FaultError as error:
            yield LineFault(number, error.message)
    if len(lines) > MOST:
        yield LineFault(lines[MOST][0], Message("register-duty-many", {"most": str(MOST)}))


def days_of(when: str) -> tuple[dt.date, dt.date] | tuple[None, None]:
    """The first and the last day of 2026-11-21, 2026-11 or 2026; nothing of anything else."""
    found = _CANONICAL.fullmatch(when)
    if found is None:
        return None, None
    year, month, day = (int(found[name] or 0) for name in ("year", "month", "day"))
    last = calendar.monthrange(year, month or 12)[1]
    return dt.date(year, month or 1, day or 1), dt.date(year, month or 12, day or last)


_CANONICAL = re.compile(r"(?P<year>[1-9]\d{3})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?", re.ASCII)


class _FaultError(Exception):
    def __init__(self, key: str, **params: Param) -> None:
        super().__init__(key)
        self.message = Message(key, params)


def _duty(number: int, line: str, known: Known) -> Duty:
    if len(line) > LONGEST:
        raise _FaultError("register-duty-long", most=str(LONGEST))
    parts = [plain(part) for part in line.strip().lstrip("*#:").split(";")]
    while parts and not parts[-1]:
        parts.pop()
    if len(parts) < 3 or not all(parts[:3]):
        raise _FaultError("register-duty-parts", value=shown(line))
    who, what, when, *rest = parts
    check: Check | None = None
    done: dt.date | None = None
    for part in filter(None, rest):
        word, _, named = part.partition(" ")
        if word.casefold() == "done":
            if done:
                raise _FaultError("register-duty-twice", value=shown(part))
            done = _date(named)[1]
        else:
            if check:
                raise _FaultError("register-duty-twice", value=shown(part))
            check = _check(part, known)
    return Duty(number, who, what, _when(when), check, done)


_WHEN = re.compile(
    r"(?:each|every) (?P<rhythm>month|quarter|year)(?: from (?P<start>.+))?"
    r"|by (?P<by>.+)|from (?P<from>.+)",
    re.IGNORECASE,
)


def _when(text: str) -> When:
    found = _WHEN.fullmatch(text)
    if found is None:
        raise _FaultError("register-duty-when", value=shown(text))
    if found["rhythm"]:
        start = _date(found["start"])[0] if found["start"] else None
        return Each(Rhythm(found["rhythm"].lower()), start)
    return By(_date(found["by"])[1]) if found["by"] else From(_date(found["from"])[0])


_CHECK = re.compile(
    r"(?P<how>dataset|template|page) (?P<name>.+?)(?: on (?P<site>\S+))?", re.IGNORECASE
)


def _check(text: str, known: Known) -> Check:
    found = _CHECK.fullmatch(text)
    if found is None:
        raise _FaultError("register-duty-check", value=shown(text))
    how = How(found["how"].lower())
    if how is How.DATASET:
        name = text.split(maxsplit=1)[1]
        if name not in known.datasets:
            raise _FaultError("register-duty-no-dataset", value=shown(name))
        return Check(how, name)
    name, site = found["name"].strip("[]: "), found["site"] or known.hub
    if site not in known.sites:
        raise _FaultError("register-duty-no-site", value=shown(site), list_sites=list(known.sites))
    if not name or re.search(r"[\[\]{}|<>#]", name):
        raise _FaultError("register-duty-title", value=shown(name))
    return Check(how, name, site)


def _date(text: str) -> tuple[dt.date, dt.date]:
    """The first and the last day that are meant."""
    first, last = days_of(read_when(text) or "")
    if first is None or last is None:
        raise _FaultError("register-duty-date", value=shown(text))
    return first, last
