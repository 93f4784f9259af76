"""What was left on records and requests, told from an edit: their text before and after; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from bots.core.merge.facts import Base, Tombstone
from bots.core.merge.stored import memory_json
from bots.core.plan import JSON
from bots.core.register.kinds import KindConfig
from bots.core.wikitext import TemplateCall, find_templates
from bots.register.accepted.facts import DONE, RECORD
from bots.register.accepted.filling import REQUESTS, Given

_LINK = re.compile(r"\[\[\s*:?([^\[\]|#]+)")


def of_record(
    before: str, after: str, kind: KindConfig, prefixes: Sequence[str]
) -> dict[str, JSON]:
    """The slots of a record's page: parameters that the edit filled in, and requests it listed."""
    names = (kind.template, *kind.template_aliases)
    was, now = (_call(text, names, prefixes) for text in (before, after))
    if now is None:
        return {}
    old, new = Given(was, kind), Given(now, kind)
    slots: dict[str, JSON] = {}
    for name in kind.requests:
        if name != REQUESTS:
            slots |= _slot(f"field:{name}", old.text(name), new.text(name))
    there, listed = (_titles(each.core(REQUESTS)) for each in (old, new))
    for title in dict.fromkeys((*there, *listed)):
        slots |= _slot(f"request:{title}", _if_in(title, there), _if_in(title, listed))
    return slots


def of_request(
    before: str, after: str, names: Sequence[str], prefixes: Sequence[str]
) -> dict[str, JSON]:
    """The slots of a request's page: the link to its record, if the edit wrote it."""
    was, now = (_call(text, names, prefixes) for text in (before, after))
    if now is None:
        return {}
    slots = _slot(RECORD, was.value(RECORD) if was else "", now.value(RECORD))
    titles = _titles(now.value(RECORD)) if slots else []
    if titles:
        # As what the record was last brought up to date is not known: it is looked at once more.
        slots[DONE] = ["", titles[0]]
    return slots


def _call(text: str, names: Sequence[str], prefixes: Sequence[str]) -> TemplateCall | None:
    calls = [call for call in find_templates(text, names, prefixes) if not call.depth]
    return calls[0] if len(calls) == 1 else None


def _slot(slot: str, was: str, now: str) -> dict[str, JSON]:
    """What we wrote is left; what we took back counts as taken out by people."""
    if was == now:
        return {}
    memory = Base(now) if now else Tombstone(Base(was))
    return {slot: memory_json(memory, str)}


def _titles(text: str) -> list[str]:
    return [" ".join(unescape(found).split()) for found in _LINK.findall(text)]


def _if_in(title: str, titles: Sequence[str]) -> str:
    return title if title in titles else ""
