"""The mapping's file as text, questions as comments in it; and the data package beside the data.

Whatever a column or a value is called, it is written by PyYAML, and in comments without anything
that could end them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from bots.core.messages import Message
from bots.datasets.beginning.columns import Looked
from bots.datasets.beginning.proposal import (
    COLUMN,
    Proposal,
    Question,
    Statement,
    Term,
    ValueTable,
)

Say = Callable[[Message], str]
"""A message in the language of whoever reads the file."""

_FIRST = "# yaml-language-server: $schema=schema.json"
_LONGEST_COMMENT = 300
_LAST = ("datatype", "transform", "table", "many", "equivalence")
"""Keys at the end of a line, in this order."""


@dataclass(frozen=True)
class About:
    """What a dataset is called, whose it is and where it lies.

    `package`: the path of datapackage.json from the mapping. `partner`, `licence`: "" where nobody
    has said.
    """

    id: str
    title: str
    partner: str
    licence: str
    site: str
    package: str


def mapping_text(looked: Looked, proposal: Proposal, about: About, say: Say) -> str:
    """config/datasets/ID.yaml."""
    lines = [
        _FIRST,
        *_comments(say(Message("new-dataset-file-head"))),
        *_asked(proposal, ("partner", "licence"), say),
        _entry("title", about.title),
        _entry("partner", about.partner or "?"),
        _entry("site", about.site),
        "source:",
        "  " + _entry("package", about.package),
        "  kind: full",
        *_indented(_comments("? " + say(Message("new-dataset-file-kind")))),
        *(_asked(proposal, ("match",), say)),
        "match:",
        *("  " + _entry(name, value) for name, value in proposal.match.items()),
        *_creation(proposal, say),
        *_references(proposal, say),
        "statements:",
        *_statements(proposal, say),
    ]
    if proposal.terms:
        lines += [*_asked(proposal, ("language",), say), "terms:"]
        lines += [line for term in proposal.terms for line in _line(term, "", say)]
    lines += _tables(proposal.tables, say)
    lines += _left(proposal, say)
    return "\n".join(lines) + "\n"


def descriptor(looked: Looked, proposal: Proposal, about: About, file: str) -> dict[str, Any]:
    """datapackage.json."""
    fields: list[dict[str, Any]] = []
    for name, kind in looked.fields:
        plain = kind in ("integer", "number") and name not in proposal.numbers
        fields.append({"name": name, "type": "string" if plain else kind})
        if name == proposal.key:
            fields[-1]["constraints"] = {"required": True}
    schema: dict[str, Any] = {"fields": fields, "primaryKey": proposal.key}
    if looked.missing != ("",):
        schema["missingValues"] = list(looked.missing)
    resource: dict[str, Any] = {"name": about.id, "path": file, "format": looked.format}
    if looked.encoding != "utf-8":
        resource["encoding"] = looked.encoding
    if looked.dialect:
        resource["dialect"] = dict(looked.dialect)
    package: dict[str, Any] = {"name": about.id, "title": about.title}
    if about.licence:
        package["licenses"] = [{"name": about.licence}]
    if about.partner:
        package["contributors"] = [{"title": about.partner}]
    return {**package, "resources": [{**resource, "schema": schema}]}


def question_text(question: Question, say: Say) -> str:
    """A question with what it may be answered with, on one line."""
    told = [f"{answer} ({called})" for answer, called in question.choices.items()]
    return f"{say(question.message)} {', '.join(told)}".strip()


def plain(text: str, longest: int = _LONGEST_COMMENT) -> str:
    """A text from outside on one line, without what ends a comment or steers a terminal."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in short)


def _comments(text: str) -> list[str]:
    return [f"# {plain(line)}" for line in text.split("\n")]


def _indented(lines: Sequence[str], by: int = 2) -> list[str]:
    return [" " * by + line for line in lines]


def _entry(name: str, value: Any) -> str:
    """`name: value` on one line; lists and mappings in it between brackets."""
    return _flow({name: value})[1:-1]


def _flow(value: Any) -> str:
    text = _dumped(value)
    if not text.isprintable():
        # Between double quotes all that can't be seen is escaped, line breaks too.
        text = _dumped(value, allow_unicode=False, default_style='"')
    return text


def _dumped(value: Any, **how: Any) -> str:
    told = {"default_flow_style": True, "allow_unicode": True, "width": 10**9, **how}
    return str(yaml.safe_dump(value, sort_keys=False, **told)).strip("\n")


def _asked(proposal: Proposal, names: Sequence[str], say: Say) -> Iterator[str]:
    for question in proposal.questions:
        if question.name in names:
            yield from _comments(f"? {question_text(question, say)}")


def _creation(proposal: Proposal, say: Say) -> list[str]:
    labels = [str(t.entry["language"]) for t in proposal.terms if t.entry["term"] == "label"]
    if not labels:
        return []
    asked = _comments("? " + say(Message("new-dataset-file-create")))
    return [*asked, f"# create: {_flow({'labels': labels[:1]})}"]


def _references(proposal: Proposal, say: Say) -> list[str]:
    known = {name: v for name, v in proposal.match.items() if name in ("field", "path")}
    snaks: list[dict[str, Any]] = []
    lines: list[str] = []
    if proposal.record_url:
        lines.append(_entry("record_url", proposal.record_url))
    lines.append("reference:")
    if proposal.stated_in:
        snaks.append({"property": "P248", "item": proposal.stated_in})
    else:
        lines += _indented(list(_asked(proposal, ("stated-in",), say)))
        lines.append("  # - {property: P248, item: Q…}")
    more = {name: proposal.match[name] for name in ("transform",) if name in proposal.match}
    snaks.append({"property": proposal.match.get("property"), **known, **more})
    if proposal.record_url:
        snaks.append({"property": "P854", "record_url": True})
    snaks.append({"property": "P813", "retrieved": True})
    return [*lines, *(f"  - {_flow(snak)}" for snak in snaks)]


def _statements(proposal: Proposal, say: Say) -> Iterator[str]:
    asked = {each.name: each for each in proposal.questions}
    for each in proposal.statements:
        question = asked.get(COLUMN + each.column)
        if question is not None:
            yield from _indented(_comments(f"? {question_text(question, say)}"))
        yield from _line(each, each.label, say)


def _line(each: Statement | Term, label: str, say: Say) -> Iterator[str]:
    for note in each.notes:
        yield from _indented(_comments(f"? {say(note)}"))
    mark = "# " if each.commented else ""
    told = f"  # {label}" if label else ""
    entry = sorted(each.entry.items(), key=lambda pair: _place(pair[0]))
    yield f"  {mark}- {_flow(dict(entry))}{told}"


def _place(key: str) -> int:
    return _LAST.index(key) + 1 if key in _LAST else 0


def _tables(tables: Mapping[str, ValueTable], say: Say) -> list[str]:
    if not tables:
        return []
    lines = ["tables:"]
    for name, table in tables.items():
        lines.append(f"  {name}:" + ("" if table.known else " {}"))
        lines += [f"    {_entry(value, item)}" for value, item in table.known.items()]
        if table.waiting:
            lines += _indented(_comments("? " + say(Message("new-dataset-file-table"))), 4)
        for value, count in table.waiting.items():
            lines.append(f"    # {plain(_entry(value, None).rpartition(':')[0])}: Q…  # {count}")
    return lines


def _left(proposal: Proposal, say: Say) -> list[str]:
    if not proposal.left:
        return []
    lines = _comments(say(Message("new-dataset-file-left")))
    for name, why in proposal.left.items():
        lines += _asked(proposal, (COLUMN + name,), say)
        lines += [f"# - {plain(_flow([name])[1:-1])}: {plain(say(why))}"]
    return lines
