"""What is told of duties: findings, and one reminder a duty and period; nothing is opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bots.core.messages import Message, Messages, Param, Ready
from bots.core.plan import JSON, Edit, Finding, Judged, Planned, Target
from bots.core.register.facts import PageRecord, Values
from bots.core.said import shown
from bots.core.seen import Seen
from bots.core.wikitext import escape, link
from bots.register.duties.form import FIELD, LineFault
from bots.register.duties.judging import Standing, State

AGREEMENT = "agreement"
"""The kind of record of which lists show how its duties stand."""

REMINDED = "duty:"
"""Begins the slots of a talk page that hold the period of which people were reminded."""

SEEN = "duties-seen"
"""The slot of the register's own page that holds what was seen today."""

_TOLD = {
    State.SOON: "register-duty-soon",
    State.OVERDUE: "register-duty-overdue",
    State.UNKNOWN: "register-duty-unknown",
}
_REMIND_OF = (State.SOON, State.OVERDUE)
_WORST = (State.OVERDUE, State.UNKNOWN, State.SOON, State.LATER, State.MET)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A record with its duties as they stand today. `talk`: its talk page's title.

    `mediators`: the users that a reminder names. `line`: where the field begins, from 1.
    """

    record: PageRecord
    talk: str
    standings: Sequence[Standing]
    faults: Sequence[LineFault] = ()
    mediators: Sequence[str] = ()
    line: int = 1


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a plan is made of. `site`: the hub's key; `language`: that of its pages.

    `talks`: those talk pages on which a reminder may be due. `bases`: a talk page's title → what
    was left there. `seen`: what to remember of today's looks, on `top`; None: nothing new.
    """

    site: str
    language: str
    messages: Messages
    owed: Sequence[Owed]
    talks: Mapping[str, Seen] = field(default_factory=dict)
    bases: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)
    top: str = ""
    seen: JSON = None

    def say(self, key: str, **params: Param) -> str:
        """A message as wikitext; every parameter is shown as it is and does nothing."""
        return self.messages.text(self.language, Message(key, params), escape)


def plan(facts: Facts) -> Iterator[Planned]:
    """Record by record: what can't be understood, what is due, and the reminder."""
    for owed in facts.owed:
        for fault in owed.faults:
            line = str(owed.line + fault.line - 1)
            message = Message(fault.message.key, {**fault.message.params, "line": line})
            yield _finding(facts, owed, message)
        for standing in owed.standings:
            if told := _message(standing):
                yield _finding(facts, owed, told)
        yield from _reminder(facts, owed)
    if facts.seen is not None:
        target = Target(facts.site, facts.top)
        yield Judged(target=target, leaves={SEEN: facts.seen})


def reminders(owed: Owed, left: Mapping[str, JSON]) -> list[Standing]:
    """The duties of which a reminder is due, as far as what was left on the talk page tells."""
    return [
        each
        for each in owed.standings
        if each.state in _REMIND_OF and left.get(_slot(each)) != each.period
    ]


def with_duties(records: Iterable[PageRecord], facts: Facts) -> list[PageRecord]:
    """The agreements with what computed.yaml calls `standing` and `next due` among their values."""
    worked_out = computed(facts)
    return [
        replace(each, values={**each.values, **worked_out.get(each.page, {})})
        for each in records
        if each.kind == AGREEMENT
    ]


def reminded(text: str) -> dict[str, JSON]:
    """What is left on a talk page by the reminders in a text."""
    return {f"{REMINDED}{key}": period for key, period in _REMINDED_OF.findall(text)}


def computed(facts: Facts) -> dict[int, Values]:
    """What lists show besides a record's own fields, by page number: see config/computed.yaml."""
    return {
        owed.record.page: {"standing": (worst.value,), **({"next due": (due,)} if due else {})}
        for owed in facts.owed
        if (worst := _worst(owed)) is not None
        for due in [_next_due(owed)]
    }


def _worst(owed: Owed) -> State | None:
    states = [each.state for each in owed.standings]
    return min(states, key=_WORST.index) if states else None


def _next_due(owed: Owed) -> str:
    days = [each.due for each in owed.standings if each.due]
    return min(days).isoformat() if days else ""


def _message(standing: Standing) -> Message | None:
    key = _TOLD.get(standing.state)
    if key is None or (standing.state is State.UNKNOWN and standing.due is None):
        return None
    params = _params(standing)
    if standing.due is None:
        return Message("register-duty-not-so", params)
    return Message(key, {**params, "day": standing.due.isoformat()})


def _params(standing: Standing) -> dict[str, Param]:
    return {"who": shown(standing.duty.who), "what": shown(standing.duty.what)}


def _finding(facts: Facts, owed: Owed, message: Message) -> Finding:
    target = Target(facts.site, owed.record.title)
    return Finding(target=target, message=message, where=FIELD)


def _reminder(facts: Facts, owed: Owed) -> Iterator[Planned]:
    """A post on the talk page, unless one of ours there is of the same duty and period.

    The whole page's text is sent, on top of the revision that was read: a request that comes late
    or twice can't post twice.
    """
    due = reminders(owed, facts.bases.get(owed.talk, {}))
    talk = facts.talks.get(owed.talk)
    if not due or talk is None:
        return
    target = Target(facts.site, talk.title)
    if talk.fault or talk.skip:
        info = talk.fault or "it is a redirect, or no wikitext"
        yield Finding(target=target, message=Message("intake-page-unreadable", {"info": info}))
        return
    before = talk.text or ""
    told = set(_REMINDED_OF.findall(before))
    leaves: dict[str, JSON] = {_slot(each): each.period for each in due}
    left = [each for each in due if (each.duty.key, each.period) not in told]
    if talk.kept_out or not left:
        yield Judged(target=target, leaves=leaves)
        return
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    yield Edit(
        target=target,
        change=talk.change(before + gap + _post(facts, owed, left), announce=True),
        summary=Message("summary-register-reminder"),
        reasons=tuple(filter(None, map(_message, left))),
        leaves=leaves,
        key=f"reminder:{owed.record.page}",
    )


def _post(facts: Facts, owed: Owed, due: Sequence[Standing]) -> str:
    """A section that names the mediators by links, so that they are notified, and is signed."""
    users = [link(f"User:{name}", name) for name in dict.fromkeys(owed.mediators)]
    lines = [f"== {facts.say('register-reminder-heading')} =="]
    if users:
        lines.append(facts.say("register-reminder-to", users=Ready(", ".join(users))))
    told = filter(None, map(_message, due))
    lines += [f"* {facts.messages.text(facts.language, each, escape)}" for each in told]
    lines += ["", f"{facts.say('register-reminder-how')} ~~~~"]
    lines += [f"<!-- hubbot:report duty {each.duty.key} {each.period} -->" for each in due]
    return "\n".join([*lines, ""])


_REMINDED_OF = re.compile(r"<!-- hubbot:report duty ([0-9a-f]{16}) ([\w-]{4,10}) -->")


def _slot(standing: Standing) -> str:
    return f"{REMINDED}{standing.duty.key}"
