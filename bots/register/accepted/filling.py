"""A record's template call filled in from requests: each parameter is a slot; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.merge import CELL, cell_after, merge_cell
from bots.core.merge.facts import UNKNOWN, Base, Memory, Relation, Slot, Tombstone
from bots.core.merge.stored import memory_json, memory_of
from bots.core.plan import JSON
from bots.core.register.facts import Values
from bots.core.register.kinds import FieldConfig, KindConfig, Type
from bots.core.register.values import Fault, World, canonical, words_of
from bots.core.said import normal
from bots.core.wikitext import Parameter, TemplateCall, escape, link

REQUESTS = "requests"
"""The field of a record that lists the requests of its partner."""

Left = Mapping[str, JSON]
"""What was left on a page: slot → value."""


@dataclass(frozen=True)
class Filled:
    """Parameters to set, by the names that the call has for them, and what is left by that."""

    values: dict[str, str | None] = field(default_factory=dict)
    leaves: dict[str, JSON] = field(default_factory=dict)


def read_values(field: FieldConfig, text: str, world: World) -> tuple[str, ...]:
    """The good values that stand in a field, in canonical form."""
    found = (canonical(field, word.text, world) for word in words_of(field, text))
    return tuple(dict.fromkeys(each for each in found if not isinstance(each, Fault)))


def written(field: FieldConfig, values: Sequence[str]) -> str:
    """Values as wikitext that reads as them, and does nothing else."""
    return ", ".join(_WRITERS.get(field.type, escape)(value) for value in values)


def fill(
    call: TemplateCall,
    kind: KindConfig,
    ours: Values,
    requests: Sequence[str],
    left: Left,
    world: World,
) -> Filled:
    """Bring a call up to date: what people wrote, changed or took out there stays.

    `ours`: what the requests say, by the record's fields; `requests`: their titles. `left`: what
    was left on the page. Where nothing is known of it and the call lists a request, the call was
    filled in before: what it lacks, people took out.
    """
    found = Filled()
    given = Given(call, kind)
    listed = given.core(REQUESTS) if REQUESTS in kind.fields else ""
    lost = not left and any(_lists(listed, title) for title in requests)
    for name in kind.requests:
        if name == REQUESTS:
            continue
        said, theirs = ours.get(name, ()), given.text(name) or None
        value = written(kind.fields[name], said) if said else None
        memory = memory_of(left.get(f"field:{name}"), str)
        if lost and value is not None and theirs is None:
            memory = Tombstone(Base(value))
        slot = Slot(plain=True, compare=_same(kind.fields[name], world))
        decision = merge_cell(memory, theirs, UNKNOWN if value is None else value, slot)
        after = cell_after(decision, theirs)
        if after is not None and after != theirs:
            found.values[given.name(name)] = after
        _leave(found, left, f"field:{name}", decision.base)
    if REQUESTS in kind.fields:
        _list(found, given, requests, left)
    return found


def link_back(theirs: str, title: str, left: Left, world: World, field: FieldConfig) -> Filled:
    """A request's link to its record, in the parameter `record`: filled in if it is empty."""
    found = Filled()
    slot = Slot(plain=True, compare=_same(field, world))
    memory = memory_of(left.get("record"), str)
    decision = merge_cell(memory, theirs or None, link(title), slot)
    after = cell_after(decision, theirs or None)
    if after is not None and after != theirs:
        found.values["record"] = after
    _leave(found, left, "record", decision.base)
    return found


def _list(found: Filled, given: Given, requests: Sequence[str], left: Left) -> None:
    """Each request that the list lacks is put last; one that people took out is not."""
    theirs = text = given.core(REQUESTS)
    for title in requests:
        slot = f"request:{title}"
        there = title if _lists(theirs, title) else None
        decision = merge_cell(memory_of(left.get(slot), str), there, title, CELL)
        if cell_after(decision, there) is not None and there is None:
            text = _with(text, link(title))
        _leave(found, left, slot, decision.base)
    if text != theirs:
        found.values[given.name(REQUESTS)] = text


def _with(text: str, linked: str) -> str:
    if not text:
        return linked
    bullets = re.search(r"^\s*\*", text, re.MULTILINE)
    return f"{text}\n* {linked}" if bullets else f"{text}; {linked}"


def _lists(text: str, title: str) -> bool:
    """Whether a list of pages names this one, as a link or alone."""
    names = re.findall(r"\[\[\s*:?([^\[\]|#]+)", text)
    names += re.split(r"[;\n]", re.sub(r"^\s*[*#]+", "", text, flags=re.MULTILINE))
    return any(_plain_title(name) == _plain_title(title) for name in names)


def _plain_title(name: str) -> str:
    name = re.sub(r"[\s_]+", " ", name).strip()
    return name[:1].upper() + name[1:]


class Given:
    """The parameters of a call, by the kind's fields, under any of their names."""

    def __init__(self, call: TemplateCall | None, kind: KindConfig) -> None:
        names = {
            normal(said): name
            for name, field in kind.fields.items()
            for said in (*field.aliases, name)
        }
        self._found: dict[str, Parameter] = {}
        for parameter in call.parameters if call else ():
            name = None if parameter.positional else names.get(normal(parameter.name))
            if name and (parameter.value or name not in self._found):
                self._found[name] = parameter

    def text(self, name: str) -> str:
        """What stands there; of several, the last that is not empty."""
        return self._found[name].value if name in self._found else ""

    def core(self, name: str) -> str:
        """The same as it is written, with the comments in it, but without those around it."""
        text = self._found[name].raw.strip() if name in self._found else ""
        while text.startswith("<!--") and "-->" in text:
            text = text[text.index("-->") + 3 :].lstrip()
        while text.endswith("-->") and "<!--" in text:
            text = text[: text.rindex("<!--")].rstrip()
        return text

    def name(self, name: str) -> str:
        """What the call itself calls the field."""
        return self._found[name].name if name in self._found else name


def _same(field: FieldConfig, world: World) -> Callable[[str, str], Relation]:
    """What people write in other words is the same."""

    def compare(theirs: str, ours: str) -> Relation:
        if theirs == ours:
            return Relation.SAME
        one, other = (frozenset(read_values(field, text, world)) for text in (theirs, ours))
        return Relation.SAME if one and one == other else Relation.OTHER

    return compare


def _leave(found: Filled, left: Left, slot: str, memory: Memory[str]) -> None:
    now = memory_json(memory, str)
    if left.get(slot) != now:
        found.leaves[slot] = now


def _address(url: str) -> str:
    """An address, which no text turns into a signature."""
    return re.sub("~(?=~)", "%7E", url)


_WRITERS: Mapping[Type, Callable[[str], str]] = {
    Type.URL: _address,
    Type.PAGE: link,
    Type.RECORD: link,
}
