"""Wiki pages on which people say which item a source's value is, such as museum → Q33506."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bots.core.messages import Message
from bots.datasets.choices.matchpages import LONGEST_SHOWN, Look, answer
from bots.datasets.choices.rowpages import HEADING, Kind, Row, Trouble, rows_in, shown

VALUES = Kind("HubBot value", "values", answer="item", people=("item", "note"))


@dataclass(frozen=True)
class Proposal:
    """An item that a value may be."""

    item: str
    label: str
    description: str = ""


@dataclass(frozen=True)
class WaitingValue:
    """A value of the source that no item is known for, and how many records wait for it."""

    value: str
    records: int
    proposals: tuple[Proposal, ...] = ()


def title(account: str, dataset: str, table: str, number: int = 1) -> str:
    """The page of a value table; from the second on, a page below the first."""
    first = f"User:{account}/values/{dataset}/{table}"
    return first if number == 1 else f"{first}/{number}"


def above(look: Look, dataset: str, table: str, groups: Sequence[str]) -> str:
    """What stands above the rows of a new page."""
    said = look.plain(
        "candidate-values-intro", dataset=dataset, table=table, groups=", ".join(groups)
    )
    return f"__NOTOC__\n{said}"


def row(waiting: WaitingValue, look: Look) -> Row:
    """A value's row; its key is the value itself."""
    lines: list[tuple[tuple[str, str], ...]] = [
        (("value", shown(waiting.value)), ("records", str(waiting.records)))
    ]
    for place, each in enumerate(waiting.proposals[:_MOST_PROPOSALS], 1):
        number = str(place) if place > 1 else ""
        values = {
            "option": each.item,
            "url": look.items_at + each.item,
            "label": shown(each.label),
            "about": shown(each.description),
        }
        lines.append(tuple((f"{name}{number}", text) for name, text in values.items() if text))
    return Row(waiting.value, shown(waiting.value), tuple(lines))


def row_again(value: str, left: Mapping[str, str], records: int) -> Row:
    """A row as it was left, with another number of records."""
    lines: list[tuple[tuple[str, str], ...]] = [
        (("value", left.get("value", shown(value))), ("records", str(records)))
    ]
    for place in range(1, _MOST_PROPOSALS + 1):
        names = [f"{name}{place if place > 1 else ''}" for name in _PROPOSED]
        lines.append(tuple((name, left[name]) for name in names if name in left))
    return Row(value, left.get(HEADING, shown(value)), tuple(filter(None, lines)))


def parse_table(text: str) -> tuple[dict[str, str], list[Trouble]]:
    """Value → item, as people have filled it in, and what of it can't be understood."""
    rows, troubles = rows_in(text, VALUES)
    table: dict[str, str] = {}
    wrong = list(troubles)
    for each in rows:
        call = each.call
        given = [one.value for one in call.parameters if one.name == VALUES.answer and one.value]
        if len(given) > 1:
            said = Message("candidate-decision-two", {"list_given": given})
            wrong.append(Trouble(said, each.key, call.line))
            continue
        numbers = ["", *map(str, range(2, _MOST_PROPOSALS + 1))]
        options = [call.value(f"option{number}") for number in numbers]
        read = answer(call.value(VALUES.answer), [option for option in options if option])
        unclear = isinstance(read, Message) and read.key == "candidate-decision-unclear"
        if unclear or (isinstance(read, tuple) and read[0] != "item"):
            read = Message("candidate-value-unclear", {"given": given[0][:LONGEST_SHOWN]})
        if isinstance(read, Message):
            wrong.append(Trouble(read, each.key, call.line))
        elif read is not None:
            table[each.key] = read[1]
    return table, wrong


def answers_in(text: str) -> set[tuple[str, str]]:
    """Each value and its item that a text says."""
    return set(parse_table(text)[0].items())


_MOST_PROPOSALS = 5
_PROPOSED = ("option", "url", "label", "about")
