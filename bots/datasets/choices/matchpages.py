"""The wiki pages on which people say which item a record is: written, and read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bots.core.messages import Message, Messages, Param
from bots.core.wikibase.model import EntityId, Time
from bots.core.wikitext import escape, external_link
from bots.datasets.choices.candidates import Candidate, Judgement, Roles, record_names, said_of
from bots.datasets.choices.rowpages import FoundRow, Kind, Row, Trouble, rows_in, shown
from bots.datasets.facts import Record

MATCHES = Kind("HubBot match", "match", answer="decision", people=("decision", "note"))

LONGEST_SHOWN = 100
"""So much of what a person wrote is repeated."""

Choice = Literal["item", "new", "none"]


@dataclass(frozen=True)
class MatchDecision:
    """What stands in a row: the record is `item`, or a new item is to be made, or there is none."""

    key: str
    choice: Choice
    item: str = ""
    note: str = ""


@dataclass(frozen=True)
class Look:
    """How a page speaks: messages, the wiki's language, and what ids are called there.

    `items_at`: what comes before an item's id in its address. `labels`: id → label, for items and
    properties that reasons name.
    """

    messages: Messages
    language: str
    items_at: str
    labels: Mapping[str, str]

    def say(self, message: Message) -> str:
        """A message as wikitext, with every id that has a label by its label."""
        params: dict[str, Param] = {
            name: self._called(value) if isinstance(value, str) else value
            for name, value in message.params.items()
        }
        return self.messages.text(self.language, Message(message.key, params), shown)

    def plain(self, key: str, **params: Param) -> str:
        """A message of the page's own, as wikitext."""
        return self.messages.text(self.language, Message(key, params), shown)

    def called(self, entity_id: str) -> str:
        """An id's label, or the id."""
        return self.labels.get(entity_id, "") or entity_id

    def _called(self, value: str) -> str:
        return f"{self.labels[value]} ({value})" if self.labels.get(value) else value


def title(account: str, dataset: str, number: int = 1) -> str:
    """A dataset's page with its rows; from the second on, a page below the first."""
    first = f"User:{account}/match/{dataset}"
    return first if number == 1 else f"{first}/{number}"


def archive_title(account: str, dataset: str, number: int) -> str:
    """Where rows go that have been carried out."""
    return f"{title(account, dataset)}/decided/{number}"


def above(look: Look, dataset: str, groups: Sequence[str]) -> str:
    """What stands above the rows of a new page: what to do, and whose word counts."""
    said = look.plain("candidate-page-intro", dataset=dataset, groups=", ".join(groups))
    choices = ("item", "this", "new", "none")
    lines = [f"* {look.plain(f'candidate-page-choice-{choice}')}" for choice in choices]
    return "\n".join(["__NOTOC__", said, *lines, look.plain("candidate-page-note")])


def row(record: Record, judgement: Judgement, look: Look, roles: Roles, url: str = "") -> Row:
    """A record's row; `url` is where the partner shows it."""
    names = list(dict.fromkeys(name for _, name in record_names(record, roles)))
    name = names[0] if names else record.key
    about = [
        ("also", "; ".join(map(shown, names[1:_MOST_NAMES]))),
        ("type", _called(record, [roles.type], look)),
        ("place", _called(record, [*roles.places, roles.country], look)),
        ("since", _years(record)),
    ]
    source = [("source", external_link(url, record.key[:LONGEST_SHOWN]) if url else "")]
    lines = [tuple(each for each in some if each[1]) for some in (about, source)]
    lines += [_line(place, each, look) for place, each in enumerate(judgement.candidates, 1)]
    return Row(record.key, shown(name) or escape(record.key), tuple(filter(None, lines)))


def ids_named(record: Record, judgement: Judgement, roles: Roles) -> set[str]:
    """The items and properties that a row names, so that their labels can be read."""
    found = {
        value.id
        for property_id in (roles.type, roles.country, *roles.places)
        for value in said_of(record, property_id)
        if isinstance(value, EntityId)
    }
    for candidate in judgement.candidates:
        for reason in candidate.reasons:
            values = (each for each in reason.message.params.values() if isinstance(each, str))
            found |= {each for each in values if _ID.fullmatch(each)}
    return found


def parse(text: str) -> tuple[list[MatchDecision], list[Trouble]]:
    """What people have decided on a page, and what of it can't be understood; rows that wait are
    neither."""
    rows, troubles = rows_in(text, MATCHES)
    decided: list[MatchDecision] = []
    wrong = list(troubles)
    for each in rows:
        read = _decision(each)
        if isinstance(read, MatchDecision):
            decided.append(read)
        elif read is not None:
            wrong.append(read)
    return decided, wrong


def answers_in(text: str) -> set[tuple[str, str]]:
    """The key and the item or choice of each decision in a text; notes don't matter."""
    return {(each.key, each.item or each.choice) for each in parse(text)[0]}


def archived(text: str | None, carried_out: Mapping[str, tuple[str, str, str]]) -> str:
    """An archive page with more rows at its end.

    `carried_out`: key → the row as it was taken out (`Updated.taken_out`), who decided, and the
    day on which it was carried out (2026-03-01). A row that is there already, just so, is not put
    twice; a record that was asked about again has a row each time.
    """
    rows = [
        block.replace("|key=", f"|done={escape(day)}|by={shown(user)}\n|key=", 1)
        for block, user, day in carried_out.values()
    ]
    added = [row for row in rows if row not in (text or "")]
    return "\n\n".join(filter(None, [(text or "__NOTOC__").rstrip(), *added])) + "\n"


def answer(given: str, options: Sequence[str]) -> tuple[Choice, str] | Message | None:
    """What a person wrote in a row whose items are `options`; None: nothing; else what is wrong."""
    said = " ".join(given.split())
    if not said:
        return None
    word = said.casefold().strip("'\"“”.")
    if word in _THIS:
        if len(options) == 1:
            return "item", options[0]
        return Message("candidate-decision-which", {"num_items": len(options)})
    if word in _NEW:
        return "new", ""
    if word in _NONE:
        return "none", ""
    written = _ITEM.fullmatch(said)
    item = next(filter(None, written.groups())).upper() if written else ""
    if item and int(item[1:]) <= _LARGEST_ITEM:
        return "item", item
    return Message("candidate-decision-unclear", {"given": said[:LONGEST_SHOWN]})


_LARGEST_ITEM = 2_147_483_647
"""Wikibase refuses a request that names a larger one (ItemId::MAX)."""
_MOST_NAMES = 6
_THIS = frozenset({"this one", "this", "denna", "den här", "det här"})
_NEW = frozenset({"new", "ny", "nytt"})
_NONE = frozenset({"none", "ingen", "inget", "inga"})
_ID = re.compile(r"[PQ][1-9]\d*", re.ASCII)
_Q = r"(Q[1-9]\d{0,14})"
_ITEM = re.compile(
    rf"{_Q}|\[\[\s*:?(?:d:|wikidata:)?{_Q}(?:\|[^\[\]]*)?\]\]"
    rf"|\{{\{{\s*Q\s*\|\s*{_Q}\s*\}}\}}|https?://[^\s/]+/(?:wiki|entity)/(?:Item:)?{_Q}",
    re.ASCII | re.IGNORECASE,
)


def _decision(each: FoundRow) -> MatchDecision | Trouble | None:
    call = each.call
    options = [call.value(name) for name in _numbered("item")]
    if MATCHES.answer in call.doubled:
        both = [one.value for one in call.parameters if one.name == MATCHES.answer and one.value]
        if len(both) > 1:
            said = Message("candidate-decision-two", {"list_given": both})
            return Trouble(said, each.key, call.line)
    read = answer(call.value(MATCHES.answer), [option for option in options if option])
    if read is None:
        return None
    if isinstance(read, Message):
        parameter = call.parameter(MATCHES.answer)
        return Trouble(read, each.key, parameter.line if parameter else call.line)
    return MatchDecision(each.key, read[0], read[1], call.value("note"))


def _numbered(name: str) -> Iterator[str]:
    yield from (f"{name}{place if place > 1 else ''}" for place in range(1, _MOST_ITEMS + 1))


_MOST_ITEMS = 9


def _line(place: int, candidate: Candidate, look: Look) -> tuple[tuple[str, str], ...]:
    number = str(place) if place > 1 else ""
    good = [look.say(each.message) for each in candidate.reasons if each.weight > 0]
    bad = [look.say(each.message) for each in candidate.reasons if each.weight < 0]
    values = {
        "item": candidate.item,
        "score": str(int(candidate.score * 100)),
        "url": look.items_at + candidate.item,
        "label": shown(candidate.label),
        "about": shown(candidate.description),
        "for": "; ".join(good),
        "against": "; ".join(bad),
    }
    return tuple((f"{name}{number}", value) for name, value in values.items() if value)


def _called(record: Record, properties: Iterable[str], look: Look) -> str:
    ids = [
        value.id
        for property_id in properties
        for value in said_of(record, property_id)
        if isinstance(value, EntityId)
    ]
    return ", ".join(shown(look.called(each)) for each in dict.fromkeys(ids))


def _years(record: Record) -> str:
    found = (
        re.match(r"[+-]0*(\d+)-", value.time)
        for said in record.statements
        for value in said_of(record, said.rule.property)
        if isinstance(value, Time)
    )
    return ", ".join(sorted({each[1] for each in found if each}))
