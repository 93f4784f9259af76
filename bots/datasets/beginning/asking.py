"""`hubbot dataset new` as people meet it: what was found, the questions, and what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import click

from bots.core.config import HubConfig
from bots.core.messages import Message, Param
from bots.datasets.beginning.columns import Looked
from bots.datasets.beginning.making import Beginning, begin, make
from bots.datasets.beginning.proposal import Proposal, Question
from bots.datasets.beginning.writing import plain, question_text
from bots.datasets.source import SourceError


class Printer(Protocol):
    """Says messages in the command's language, safe for a terminal, and prints lines."""

    def say(self, message: Message) -> str: ...
    def line(self, text: str, style: str = "") -> None: ...


class House(Protocol):
    """What is needed of the house."""

    @property
    def config(self) -> HubConfig: ...
    @property
    def printer(self) -> Printer: ...
    @property
    def now(self) -> Callable[[], datetime]: ...


def new_dataset(
    file: Path,
    name: str | None,
    site: str | None,
    answers: Mapping[str, str],
    house: House,
    *,
    asks: bool,
) -> None:
    """Make a dataset of a file. `asks`: there is somebody who answers.

    Raises `SourceError` and `ConfigError`: nothing was written then.
    """
    say = house.printer.say
    begun = begin(file, house.config, name, site)
    proposal = begun.proposal(answers)
    _found(begun, proposal, house.printer)
    given = dict(answers)
    if asks:
        for question in proposal.questions:
            given[question.name] = _answer(begun, question, given, say)
        proposal = begun.proposal(given)
    made = make(begun, proposal, given, house.config, say, house.now())
    text = made.mapping.read_text(encoding="utf-8").splitlines()
    questions = [line.strip()[2:] for line in text if line.strip().startswith("# ? ")]
    for line in questions:
        house.printer.line(line)
    for fault in made.faults:
        house.printer.line(say(fault.message))
    path: dict[str, Param] = {"path": plain(_near(made.mapping)), "num_questions": len(questions)}
    house.printer.line(say(Message("new-dataset-written", path)))
    house.printer.line(say(Message("new-dataset-next", {"id": begun.id})))


def _near(path: Path) -> str:
    """A path as people at this place write it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _found(begun: Beginning, proposal: Proposal, printer: Printer) -> None:
    """Tell what the file is."""
    looked = begun.looked
    about: dict[str, Param] = {
        "num_records": looked.records,
        "num_columns": len(looked.columns),
        "key": plain(proposal.key),
        "property": str(proposal.match.get("property", "–")),
    }
    printer.line(printer.say(Message("new-dataset-looked", about)))
    near = _near_key(looked, proposal)
    if near is not None:
        printer.line(printer.say(near))
    if not looked.whole:
        part = Message("new-dataset-part", {"num_records": looked.records})
        printer.line(printer.say(part))
    if looked.why is not None:
        bad: dict[str, Param] = {"num_bad": looked.bad, "why": printer.say(looked.why)}
        printer.line(printer.say(Message("new-dataset-bad", bad)))
    if looked.heard:
        heard = {"encoding": looked.encoding, "text": looked.heard}
        printer.line(printer.say(Message("new-dataset-heard", heard)))


def _near_key(looked: Looked, proposal: Proposal) -> Message | None:
    """That the identifier would be the key, were it not for a few records."""
    name = proposal.match.get("field")
    column = next((each for each in looked.columns if each.name == name), None)
    if column is None or name == proposal.key:
        return None
    empty = column.total - column.filled
    doubled = sum(count - 1 for count in column.counts.values())
    if not column.filled or empty + doubled > max(1, column.total / 20):
        return None
    about: dict[str, Param] = {
        "name": plain(column.name),
        "num_empty": empty,
        "num_doubled": doubled,
        "key": plain(proposal.key),
    }
    return Message("new-dataset-near-key", about)


def _answer(
    begun: Beginning,
    question: Question,
    given: Mapping[str, str],
    say: Callable[[Message], str],
) -> str:
    """Somebody's answer, asked for until it can be one."""

    def taken(said: str) -> str:
        try:
            begun.proposal({**given, question.name: said})
        except SourceError as error:
            raise click.UsageError(say(error.faults[0].message)) from error
        return said

    text = plain(question_text(question, say))
    return str(click.prompt(text, default=question.default, value_proc=taken))
