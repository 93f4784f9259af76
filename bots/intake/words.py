"""What HubBot writes about requests, as wikitext in the wiki's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bots.core.licences import Verdict
from bots.core.messages import Message, Messages, Param, Ready
from bots.core.said import shown
from bots.core.wikitext import escape, external_link, isolated, link
from bots.intake.fields import BY_NAME
from bots.intake.request import Problem
from bots.intake.review import Review
from bots.intake.rights import Line

COLUMNS = ("request", "partner", "kind", "licence", "targets", "state", "next", "since")


@dataclass(frozen=True)
class Words:
    """Messages in one language, for one wiki's pages; `template` is the request template."""

    messages: Messages
    language: str
    template: str

    def say(self, key: str, **params: Param) -> str:
        """A message as wikitext; every parameter is shown as it is and does nothing."""
        return self.message(Message(key, params))

    def message(self, message: Message) -> str:
        """A message as wikitext."""
        return self.messages.text(self.language, message, value)

    def plain(self, key: str) -> str:
        """A message without parameters, for another message or a summary."""
        return self.messages.text(self.language, Message(key))

    def state(self, state: str) -> str:
        """A state in words."""
        return self.plain(f"intake-state-{state}")


def value(text: str) -> str:
    """A value from outside: escaped, and with a direction of its own if it runs to the left."""
    return isolated(text) if runs_left(text) else escape(text)


def runs_left(text: str) -> bool:
    """Whether there are letters in it that are written from right to left."""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def region_body(words: Words, review: Review) -> str:
    """What stands between the two markers on a request's page, their line ends included."""
    lines = [*_status(words, review)]
    if review.problems or review.state in ("needs-info", "triaged"):
        lines += _list(words, "verdicts", verdicts(words, review.checked.rights.lines))
        lines += _list(words, "needed", problems(words, review.problems, blocking=True))
        lines += _list(words, "hints", problems(words, review.problems, blocking=False))
    return "\n".join(["", *lines, ""])


def verdicts(words: Words, lines: Iterable[Line]) -> Iterator[str]:
    """Each project's verdict as a list item, with its reason and the page that says so."""
    for line in lines:
        found = line.judgement
        given = found.verdict is Verdict.EVIDENCE and line.evidence
        key = f"licence-line-{found.verdict}{'-given' if given else ''}"
        said = words.say(key, target=line.target, kind=line.kind, licence=str(found.licence))
        rule = external_link(found.source, words.plain("licence-rule"))
        yield f"* {said} {words.say(found.reason)} ({rule})"


def problems(words: Words, found: Iterable[Problem], *, blocking: bool) -> Iterator[str]:
    """What is wrong as list items: the field's name, and what to do."""
    for problem in found:
        if problem.blocking is blocking:
            yield f"* {_field(words, problem.where)}{words.message(problem.message)}"


def next_step(words: Words, review: Review) -> str:
    """What happens next with a request, for the table."""
    if review.state != "needs-info":
        return words.plain(f"intake-next-{review.state}")
    blocking = [problem for problem in review.problems if problem.blocking]
    fields = list(dict.fromkeys(problem.where for problem in blocking))
    if any(problem.message.key.startswith("region-") for problem in blocking):
        return words.say("intake-next-markers")
    if "" in fields or not fields:
        return words.say("intake-next-page")
    return words.say("intake-next-fields", list_fields=[*fields])


def row(words: Words, review: Review, below: str) -> str:
    """A request's line in the table; `below` is the requests page."""
    rights, request = review.checked.rights, review.request
    licences = dict.fromkeys(str(each) for many in rights.licences.values() for each in many)
    targets = dict.fromkeys([line.target for line in rights.lines] or review.checked.projects)
    cells = {
        "partner": value(shown(request.value("partner"))),
        "kind": value(", ".join(review.checked.kinds) or shown(request.value("kind"))),
        "licence": value(", ".join(licences) or shown(request.value("licence"))),
        "targets": value(", ".join(targets)),
        "state": review.state,
        "words": words.state(review.state),
        "next": next_step(words, review),
        "since": review.memo.since.isoformat(),
    }
    given = "|".join(f"{name}={cell}" for name, cell in cells.items())
    return f"{row_start(words, review.title, below)}{given}}}}}"


def row_start(words: Words, title: str, below: str) -> str:
    """How a request's line in the table begins, whatever is known of the request."""
    name = title.removeprefix(f"{below}/")
    return f"{{{{{words.template}/row|request={link(title, name)}|"


def table(words: Words, rows: Sequence[str]) -> str:
    """What stands between the two markers on the requests page, their line ends included."""
    if not rows:
        return f"\n{words.say('intake-index-none')}\n"
    head = [
        '{| class="wikitable sortable"',
        f"|+ {words.say('intake-index-caption')}",
        *(f'! scope="col" | {words.say(f"intake-index-{column}")}' for column in COLUMNS),
    ]
    return "\n".join(["", *head, *rows, "|}", ""])


def report(words: Words, review: Review) -> str:
    """A section for the request's talk page, signed, with the mark by which it is found again."""
    state = words.state(review.state)
    lines = [f"== {words.say('intake-report-heading', state=state)} =="]
    if review.by_person or review.state not in ("needs-info", "triaged"):
        following = Ready(next_step(words, review))
        lines.append(words.say("intake-report-state", state=state, next=following))
    else:
        lines.append(words.say(f"intake-report-{review.state}"))
        lines += problems(words, review.problems, blocking=True)
        lines += _list(words, "verdicts", verdicts(words, review.checked.rights.lines))
    lines += ["", f"{words.say('intake-report-how')} ~~~~", report_mark(review)]
    return "\n".join([*lines, ""])


def report_mark(review: Review) -> str:
    """The hidden mark of a report."""
    return f"<!-- hubbot:report intake {review.state} {review.memo.since.isoformat()} -->"


def _field(words: Words, name: str) -> str:
    """A field as the form has it, and as people call it."""
    if not name:
        return ""
    known = BY_NAME.get(name)
    label = words.plain(f"intake-label-{known.slug}") if known else name
    called = f" ({escape(label)})" if label.casefold() != name else ""
    return f"'''{escape(name)}'''{called}: "


def _status(words: Words, review: Review) -> Iterator[str]:
    memo, state = review.memo, words.state(review.state)
    said = words.say("intake-status", state=state, date=memo.since.isoformat())
    yield (
        f"{{{{{words.template}/status|state={memo.state}|since={memo.since.isoformat()}"
        f"|first={memo.first.isoformat()}|words={said}}}}}"
    )
    if review.by_person:
        yield words.say("intake-status-person")
    elif review.state in ("needs-info", "triaged"):
        yield words.say(f"intake-status-{review.state}")


def _list(words: Words, heading: str, items: Iterable[str]) -> Iterator[str]:
    found = list(items)
    if found:
        yield from ["", f"'''{words.say(f'intake-heading-{heading}')}'''", *found]
