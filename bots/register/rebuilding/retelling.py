"""The slots of all pages that the register edited, retold edit by edit; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from bots.core.plan import JSON
from bots.core.register.kinds import KindConfig
from bots.register.accepted.replaying import of_record, of_request
from bots.register.duties.plan import reminded
from bots.register.lists import sheets
from bots.register.lists.calls import UNNAMED, ListCall, Names, find_lists
from bots.register.lists.replaying import linked_parts, replay
from bots.register.slots import BEGUN, INDEX, LIST, PARTS

_LINK = re.compile(r"\[\[:?([^\[\]|]+)(?:\|([^\[\]]*))?\]\]")

Options = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class OurEdit:
    """An edit of the register's; `before` is "" where it made the page.

    None: the wiki hides that text.
    """

    title: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Words:
    """How what is ours is known on a wiki.

    `kind`: that of partners' records, None where they are not kept there; `request`: the names of
    the template of requests. `condition(options, label)`: what a list's part asks for besides, by
    what its group is called; "" for nothing.
    """

    names: Names
    condition: Callable[[Options, str], str]
    kind: KindConfig | None = None
    request: Sequence[str] = ()


@dataclass
class Retelling:
    """What is left after the edits told so far; of each page its first edit is to come first.

    A page comes before those below it. `hidden`: pages of which the wiki does not tell all.
    """

    words: Words
    hidden: set[str] = field(default_factory=set)
    _pages: dict[str, dict[str, JSON]] = field(default_factory=dict)
    _starts: dict[str, tuple[JSON, str]] = field(default_factory=dict)
    _wheres: dict[str, str] = field(default_factory=dict)
    _parts: dict[tuple[str, str], dict[str, tuple[str, Options]]] = field(default_factory=dict)

    def tell(self, edit: OurEdit) -> None:
        """One more edit."""
        if edit.before is None or edit.after is None:
            self.hidden.add(edit.title)
            return
        before, after, words = edit.before, edit.after, self.words
        slots = self._pages.setdefault(edit.title, {})
        self._lists(edit.title, slots, before, after)
        if words.kind is not None:
            prefixes = words.names.prefixes
            slots |= of_record(before, after, words.kind, prefixes)
            slots |= of_request(before, after, words.request, prefixes)
            known = reminded(before).items()
            slots |= {
                slot: left for slot, left in reminded(after).items() if (slot, left) not in known
            }

    def slots(self, begun: Collection[str]) -> dict[str, dict[str, JSON]]:
        """What is left, by title; `begun`: pages that are not to be begun again."""
        found = {title: dict(slots) for title, slots in self._pages.items()}
        for (title, name), parts in self._parts.items():
            told = [
                sheets.Part(part, label, self._where(part, label, options))
                for part, (label, options) in parts.items()
            ]
            found[title][PARTS + name] = sheets.parts_json(told)
        for slots in found.values():
            if any(slot.startswith((LIST, INDEX)) for slot in slots):
                slots[BEGUN] = True
        for title in begun:
            found.setdefault(title, {})[BEGUN] = True
        return {title: slots for title, slots in found.items() if slots}

    def _lists(self, title: str, slots: dict[str, JSON], before: str, after: str) -> None:
        was = {each.name: each.body(before) for each in self._calls(before)}
        for call in self._calls(after):
            body, stood = call.body(after), was.get(call.name, "")
            if call.name == UNNAMED:
                self._wheres.setdefault(title, call.options.get("where", ""))
            if body == stood:
                continue
            parts = list(linked_parts(body, sheets.INDEX_COLUMNS))
            if parts:
                self._index(title, slots, call, stood, body)
                self._remember(title, call, parts)
            else:
                slot = LIST + call.name
                start = None if slot in slots else self._starts.get(title)
                base, stood = start or (slots.get(slot), stood)
                slots[slot] = replay(stood, body, base)

    def _calls(self, text: str) -> list[ListCall]:
        found = find_lists(text, self.words.names)
        return [each for each in found if isinstance(each, ListCall)]

    def _index(
        self, title: str, slots: dict[str, JSON], call: ListCall, stood: str, body: str
    ) -> None:
        """An index in place of a list: its parts go on from what the list had been."""
        slot = INDEX + call.name
        if slot in slots or any(linked_parts(stood, sheets.INDEX_COLUMNS)):
            slots[slot] = replay(stood, body, slots.get(slot))
            return
        base = slots.pop(LIST + call.name, None)
        slots[slot] = replay("", body, None)
        for _, link in linked_parts(body, sheets.INDEX_COLUMNS):
            if found := _LINK.fullmatch(link):
                self._starts[unescape(found[1])] = (base, stood)

    def _remember(self, title: str, call: ListCall, parts: Sequence[tuple[str, str]]) -> None:
        known = self._parts.setdefault((title, call.name), {})
        for _, link in parts:
            if found := _LINK.fullmatch(link):
                label = unescape(found[2] or found[1])
                known.setdefault(unescape(found[1]), (label, call.options))

    def _where(self, part: str, label: str, options: Options) -> str:
        """What a part asks for besides what the whole list does."""
        asks = self._wheres.get(part)
        whole = f"{options['where']}; " if options.get("where") else ""
        if asks is not None and asks.startswith(whole):
            return asks.removeprefix(whole)
        return self.words.condition(options, label)
