"""What the intake's tests are made of: its rules, pages as they would be read, and what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from bots.core import world
from bots.core.config import load_yaml
from bots.core.licences import LicenceBook
from bots.core.messages import Message, Messages
from bots.core.plan import Edit, Finding, Planned
from bots.core.seen import Seen
from bots.intake.bot import LICENCES
from bots.intake.checks import Checked, Known, check
from bots.intake.plan import Facts, Rules, plan, reports_due
from bots.intake.request import read_request
from bots.intake.review import Names
from bots.intake.words import Words

TOP = "Partnership requests"
NOW = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
MARKS = "<!-- hubbot:intake begin -->\n<!-- hubbot:intake end -->\n"
TABLE = "<!-- hubbot:intake-index begin -->\n<!-- hubbot:intake-index end -->\n"
GOOD = {
    "title": "Maps",
    "partner": "City Library",
    "partner item": "Q42",
    "country": "Sweden",
    "contact": "Aino",
    "conflict of interest": "no",
    "description": "Old maps.",
    "kind": "media",
    "volume": "340 maps",
    "source": "https://library.example/maps",
    "licence": "CC BY 4.0",
    "targets": "commons",
}
"""A request in which nothing is missing."""


@cache
def messages() -> Messages:
    return Messages(LICENCES.parent / "i18n")


@cache
def book() -> LicenceBook:
    return load_yaml(LICENCES, LicenceBook)


@cache
def known() -> Known:
    spoken = messages().languages
    return Known(book(), world.names("territories", spoken), world.names("languages", spoken))


def rules(language: str = "en") -> Rules:
    words = Words(messages(), language, "Partnership request")
    return Rules(Names(("Partnership request",)), known(), words)


def template(**changes: str) -> str:
    """The good request's template with some fields changed; an empty one is left out."""
    given = {**GOOD, **{name.replace("_", " "): value for name, value in changes.items()}}
    lines = [f"| {name} = {value}" for name, value in given.items() if value]
    return "\n".join(["{{Partnership request", *lines, "}}", ""])


def checked(text: str) -> Checked:
    return check(read_request(text, ["Partnership request"]), known(), NOW.date())


def told(found: Checked, language: str = "en") -> list[tuple[str, str]]:
    """Field and words of each problem."""
    return [
        (problem.where, messages().text(language, problem.message)) for problem in found.problems
    ]


def wanted(found: Checked) -> dict[str, str]:
    """Field → words of each problem that keeps people from starting."""
    return {
        problem.where: messages().text("en", problem.message)
        for problem in found.problems
        if problem.blocking
    }


def seen(title: str, text: str | None, revid: int | None = 1, user: str = "Aino") -> Seen:
    return Seen(title, text, None if text is None else revid, NOW, user)


def facts(texts: dict[str, str], top: str | None = TABLE, now: dt.datetime = NOW) -> Facts:
    """The hub wiki with these requests (name → text), on which HubBot never was."""
    pages = [seen(f"{TOP}/{name}", text) for name, text in texts.items()]
    return with_talks(
        Facts(
            now=now,
            site="hub",
            account="HubBot",
            max_bytes=2**21,
            requests_page=seen(TOP, top),
            pages=pages,
            talk_titles={page.title: f"Talk:{page.title}" for page in pages},
        )
    )


def with_talks(before: Facts) -> Facts:
    """The talk pages that would be read: of those requests of which a report is due."""
    talks = {
        title: before.talks.get(title) or seen(before.talk_titles[title], None)
        for title in reports_due(before, rules())
    }
    return replace(before, talks=talks)


def planned(before: Facts) -> list[Planned]:
    return list(plan(before, rules()))


def edits(found: Iterable[Planned]) -> list[Edit]:
    return [each for each in found if isinstance(each, Edit)]


def findings(found: Iterable[Planned]) -> list[Finding]:
    return [each for each in found if isinstance(each, Finding)]


def keys(found: Iterable[Planned]) -> list[str]:
    """The message keys of the findings."""
    return [each.message.key for each in findings(found)]


def saved(before: Facts, done: Sequence[Edit]) -> Facts:
    """The facts that the next run reads, once these edits are saved and recorded."""
    texts = {edit.target.title: edit.change.text for edit in done}
    bases = {title: dict(slots) for title, slots in before.bases.items()}
    for edit in done:
        slots = bases.setdefault(edit.target.title, {})
        slots |= edit.leaves
        for gone in [name for name, value in slots.items() if value is None]:
            del slots[gone]

    def after(page: Seen) -> Seen:
        if page.title not in texts:
            return page
        # MediaWiki cuts white space at a page's end.
        text = texts[page.title].rstrip()
        return replace(page, text=text, revid=(page.revid or 0) + 1, user="HubBot")

    return replace(
        before,
        bases=bases,
        requests_page=after(before.requests_page),
        pages=[after(page) for page in before.pages],
        talks={title: after(talk) for title, talk in before.talks.items()},
    )


def changed(before: Facts, name: str, text: str, user: str = "Bashir") -> Facts:
    """The same wiki once somebody has saved another text of a request (or of TOP)."""
    title = TOP if name == TOP else f"{TOP}/{name}"

    def edited(page: Seen) -> Seen:
        if page.title != title:
            return page
        return replace(page, text=text, revid=(page.revid or 0) + 1, user=user)

    return replace(
        before,
        requests_page=edited(before.requests_page),
        pages=[edited(page) for page in before.pages],
    )


def text_of(found: Facts, name: str) -> str:
    """A request's text (or TOP's)."""
    if name == TOP:
        return found.requests_page.text or ""
    return next(page.text or "" for page in found.pages if page.title == f"{TOP}/{name}")


def say(key: str, language: str = "en", **params: str | int | list[str]) -> str:
    return messages().text(language, Message(key, params))
