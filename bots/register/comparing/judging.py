"""Whether a record and its item say the same, field by field; tolerant, and pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from bots.core.messages import Message, Param
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, KindConfig, Type
from bots.core.register.values import label_of
from bots.core.said import normal, shown
from bots.core.wikibase.equality import NORMALISERS
from bots.core.wikibase.model import entity_type
from bots.register.records import ITEM

CODES: Mapping[Type, str] = {Type.COUNTRY: "P297", Type.LANGUAGE: "P424"}
"""The property by which an item says its code, for fields that hold codes.

P297: ISO 3166-1 alpha-2; P424: Wikimedia language code (wikidata.org).
"""

PERSON, DISAMBIGUATION = "Q5", "Q4167410"
_NEVER = {PERSON: "register-item-person", DISAMBIGUATION: "register-item-disambiguation"}
"""What an item of a record can't be an instance of → what is told then."""

_MOST = 5
"""So many values of an item are told."""


@dataclass(frozen=True)
class Says:
    """What an item says, as far as it is compared; all ids are Wikidata's.

    `label`: what it is called in the wiki's language. `named`: whether the record's name is its
    label or an alias, in any language. `kinds`: what it is an instance of. `values`: property → its
    values as text, of the best rank: an item or property by its id, a time as `sources.values`
    writes it.
    """

    label: str
    named: bool
    kinds: frozenset[str] = frozenset()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What became of a record's item: what it says, or `target`, into which people merged it.

    Neither: there is none, or it is gone.
    """

    says: Says | None = None
    target: str = ""


Told = tuple[str, Message]
"""The field that something is told of, and what."""


def judge(
    record: PageRecord,
    kind: KindConfig,
    found: Found,
    codes: Mapping[str, str],
    links: Mapping[str, Param],
) -> Iterator[Told]:
    """What is to be told of a record and its item.

    `codes`: an item → its code, of those that stand in fields with codes. `links`: parameters of
    every message: `page`, the item's, and `record`, the record's.
    """
    item = record.first(ITEM)
    about: dict[str, Param] = {"item": item, **links}
    if found.target:
        yield ITEM, Message("register-item-merged", {**about, "target": found.target})
        return
    if found.says is None:
        yield ITEM, Message("register-item-gone", about)
        return
    for never, key in _NEVER.items():
        if never in found.says.kinds:
            yield ITEM, Message(key, about)
            return
    name = record.first(kind.called)
    if name and not found.says.named:
        params = {**about, "ours": shown(name), "theirs": shown(found.says.label) or item}
        yield kind.called, Message("register-item-name", params)
    for field_name, config in kind.fields.items():
        ours = record.values.get(field_name, ())
        theirs = found.says.values.get(config.compare, ()) if config.compare else ()
        said = _as_said(config, theirs, codes)
        if ours and said and not _agree(config, ours, said):
            params = {
                **about,
                "ours": shown(", ".join(ours)),
                "theirs": shown(", ".join(said[:_MOST])),
            }
            yield field_name, Message("register-item-differs", params)


def _as_said(
    config: FieldConfig, theirs: Sequence[str], codes: Mapping[str, str]
) -> tuple[str, ...]:
    """The item's values in the field's own form; () where that can't be told of all of them."""
    if config.type in (Type.ITEM, Type.PROPERTY):
        return tuple(theirs)
    if config.type is Type.DATE:
        # A span of years, or one before our era, is not what a field can hold.
        return tuple(theirs) if all(map(_DATE.fullmatch, theirs)) else ()
    if config.type not in CODES:
        # What items are called is no statement: words are not compared with them.
        return () if any(map(entity_type, theirs)) else tuple(theirs)
    said = tuple(codes.get(each, "") for each in theirs)
    return said if all(said) else ()


_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")


def _agree(config: FieldConfig, ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether one of ours is one of theirs: neither side need know all there are."""
    return any(_same(config.type, one, other) for one in ours for other in theirs)


def _same(type_: Type, ours: str, theirs: str) -> bool:
    match type_:
        case Type.URL:
            return _address(ours) == _address(theirs)
        case Type.DATE:
            length = min(len(ours), len(theirs))
            return ours[:length] == theirs[:length]
        case Type.NUMBER:
            return _number(ours) == _number(theirs)
        case Type.ITEM | Type.PROPERTY:
            return ours == theirs
    return normal(label_of(ours)) == normal(label_of(theirs))


def _address(url: str) -> str:
    """Without http or https, www. and the slash at the end."""
    return NORMALISERS["url"](url).removeprefix("https://").removeprefix("www.")


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
