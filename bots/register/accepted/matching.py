"""Which record an accepted request is of: one that there is, a new one, or nobody knows; pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bots.core.plan import JSON
from bots.core.register.facts import PageRecord, Values
from bots.core.register.kinds import FieldConfig, KindConfig, Type
from bots.core.said import normal
from bots.core.seen import Seen
from bots.core.wikitext import link, plain
from bots.register.accepted.facts import DONE, KEPT_OUT, Facts, Request
from bots.register.records import ITEM

_LONGEST_TITLE = 255
"""Bytes (mediawiki.org, Manual:Page title)."""


@dataclass(frozen=True, kw_only=True)
class Intent:
    """A record and the requests of its partner. `new`: there is no such record yet.

    `due`: something in it is not as it was when it was last brought up to date. `was`: titles that
    the record had when these requests were linked to it.
    """

    title: str
    new: bool
    requests: Sequence[Request]
    due: bool = True
    was: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Unsure:
    """A request of which nothing certain can be said; `key` is the reason's message.

    `records`: those that it may be of; `title`: what a new one would be called.
    """

    request: Request
    key: str
    records: Sequence[str] = ()
    title: str = ""


def intents(facts: Facts) -> tuple[list[Intent], list[Unsure]]:
    """Every accepted request by its record: what it links to, else by item, else by name."""
    if not facts.requests:
        return [], []
    index = _Index(facts.kind, facts.partners)
    unsure: list[Unsure] = []
    of: defaultdict[str, list[Request]] = defaultdict(list)
    for request in facts.requests:
        found = _title(request, facts, index)
        if isinstance(found, Unsure):
            unsure.append(found)
        else:
            of[found].append(request)
            index.add(found, request.values)
    there = {partner.title for partner in facts.partners}
    return [_intent(title, many, title not in there, facts) for title, many in of.items()], unsure


def done(request: Request, title: str) -> list[JSON]:
    """What stands for a request with which its record, of this title, was brought up to date."""
    link_to = "" if request.link == title else request.link
    told = [
        {name: list(values) for name, values in sorted(request.values.items())},
        link_to,
    ]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]
    return [digest, title]


def titles_of(due: Iterable[Intent]) -> list[str]:
    """The pages that something may be written to."""
    return [title for each in due for title in (each.title, *(r.title for r in each.requests))]


def absent(due: Iterable[Intent], pages: Mapping[str, Seen]) -> list[Intent]:
    """Those whose page is to be made."""
    return [
        each
        for each in due
        if each.new and pages[each.title].text is None and not pages[each.title].fault
    ]


def was_made(intent: Intent, facts: Facts) -> bool:
    """Whether a request was linked to a record of this title: it was there before."""
    return any(linked_to(request, facts) == intent.title for request in intent.requests)


def linked_to(request: Request, facts: Facts) -> str:
    """The title of the record to which the request was last linked; "" for none."""
    match facts.left(request.title).get(DONE):
        case [_, str(title)]:
            return title
        case _:
            return ""


def record_field(kind: KindConfig) -> FieldConfig:
    """A field that would name a record of the kind: how a link to one is read."""
    words = {"en": kind.name}
    return FieldConfig(type=Type.RECORD, of=[kind.name], label=words, about=words)


def new_title(folder: str, name: str) -> str:
    """The title of a record of this name; "" where none can be made of it."""
    safe = re.sub(r"[#<>\[\]|{}/_%\\]|~~+", " ", plain(name).replace("&", " & "))
    safe = plain(safe).strip(" .:")
    room = _LONGEST_TITLE - len(folder.encode())
    title = folder + (safe[:1].upper() + safe[1:]).encode()[:room].decode(errors="ignore").strip()
    return title if safe and link(title).startswith("[[") else ""


class _Index:
    """Records by item and by name."""

    def __init__(self, kind: KindConfig, partners: Iterable[PageRecord]) -> None:
        self._called = kind.called
        self._items: defaultdict[str, list[str]] = defaultdict(list)
        self._names: defaultdict[str, list[str]] = defaultdict(list)
        self._item_of: dict[str, str] = {}
        self.titles: set[str] = set()
        for partner in partners:
            self.add(partner.title, partner.values)

    def add(self, title: str, values: Values) -> None:
        """A record; or one that is now known by what another request says, too."""
        self.titles.add(title)
        item = next(iter(values.get(ITEM, ())), "")
        if item and title not in self._item_of:
            self._item_of[title] = item
            self._items[item].append(title)
        for name in values.get(self._called, ()):
            if title not in self._names[normal(name)]:
                self._names[normal(name)].append(title)

    def by_item(self, item: str) -> list[str]:
        return self._items.get(item, []) if item else []

    def by_name(self, name: str, item: str) -> tuple[list[str], list[str]]:
        """Of that name: those that may be the partner, and those that are another item."""
        found = self._names.get(normal(name), [])
        other = [t for t in found if item and self._item_of.get(t, item) != item]
        return [title for title in found if title not in other], other


def _title(request: Request, facts: Facts, index: _Index) -> str | Unsure:
    """The title of the request's record, whether it is there or not."""
    before = linked_to(request, facts)
    if request.link in index.titles:
        return request.link
    if before in index.titles:
        return before
    item = next(iter(request.values.get(ITEM, ())), "")
    name = next(iter(request.values.get(facts.kind.called, ())), "")
    same = index.by_item(item)
    if len(same) != 1 and request.link and request.link != before:
        return request.link
    title = new_title(facts.folder, name)
    if not title:
        return Unsure(request=request, key="register-request-nameless")
    named, other = index.by_name(name, item)
    found = same or named
    if len(found) == 1:
        return found[0]
    doubtful = found or other or [each for each in (title,) if each in index.titles]
    if doubtful:
        key = "register-request-unsure"
        return Unsure(request=request, key=key, records=doubtful, title=title)
    return before or title


def _intent(title: str, requests: Sequence[Request], new: bool, facts: Facts) -> Intent:
    was = [linked_to(request, facts) for request in requests]
    current = all(_is_current(request, title, new, facts) for request in requests)
    before = tuple(dict.fromkeys(each for each in was if each and each != title))
    return Intent(title=title, new=new, requests=requests, due=not current, was=before)


def _is_current(request: Request, title: str, new: bool, facts: Facts) -> bool:
    """Whether the record was brought up to date with the request, or was hindered and still is."""
    left = facts.left(request.title).get(DONE) or []
    hindered = left[2] if len(left) > 2 else ""
    return left[:2] == done(request, title) and (hindered in ("", KEPT_OUT) or new)
