"""What is told of a slot: a pair's digest, and the difference that people and the partner read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime

from bots.core.entitychange import snak_text
from bots.core.merge.facts import ABSENT, Pair, Told, V
from bots.core.wikibase.equality import canonical_snak
from bots.core.wikibase.model import (
    JULIAN,
    Coordinate,
    EntityId,
    Monolingual,
    Quantity,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
)
from bots.datasets.engine.changes import About
from bots.datasets.facts import Difference

_YEAR, _MONTH = 9, 10
_LONGEST_NAME = 120


def pair_digest(pair: Pair[V], key: Callable[[V], str]) -> str:
    """16 hex digits, the same for the same values in any order and spelling."""
    theirs = sorted(f"{key(seen.value)} {'-' if seen.deprecated else '+'}" for seen in pair.theirs)
    ours = None if pair.ours is ABSENT else key(pair.ours)
    text = json.dumps([theirs, ours], ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def snak_key(normalisers: Sequence[str]) -> Callable[[Snak], str]:
    """A snak's canonical form without its property."""
    names = tuple(normalisers)
    return lambda snak: canonical_snak(snak, {snak.property: names}).partition(" ")[2]


def short(text: str) -> str:
    """The text, or where it is long its beginning and what stands for all of it."""
    if len(text) <= _LONGEST_NAME:
        return text
    digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    return f"{text[: _LONGEST_NAME - 17]}…{digest}"


def tell_snaks(
    about: About,
    told: Told[Snak],
    slot: str,
    column: str,
    pair: str,
    statements: Sequence[Statement],
    since: datetime | None,
) -> Difference:
    """The difference in a slot of values; `statements`: those in which the wiki's values stand."""
    snaks = [seen.value for seen in told.pair.theirs]
    marks = [" (deprecated)" if seen.deprecated else "" for seen in told.pair.theirs]
    ours = None if told.pair.ours is ABSENT else told.pair.ours
    return Difference(
        record=about.record,
        item=about.item,
        site=about.site,
        slot=slot,
        property=slot.partition(" ")[0],
        column=column,
        kind=told.kind.value,
        pair=pair,
        wiki=tuple(value_text(snak) + mark for snak, mark in zip(snaks, marks, strict=True)),
        wiki_values=tuple(column_text(snak) for snak in snaks),
        statement=statements[0].id if statements else "",
        ours=None if ours is None else value_text(ours),
        ours_value=None if ours is None else column_text(ours),
        references=tuple(
            reference_text(each) for statement in statements for each in statement.references
        ),
        calendar=_calendar(snaks),
        url=about.url,
        since=since,
    )


def value_text(snak: Snak) -> str:
    """A value for people."""
    return snak_text(snak).partition(" ")[2]


def column_text(snak: Snak) -> str:
    """A value as a table's column has it: an id, a date in ISO form, a bare number, lat,lon."""
    match snak.value:
        case Text(text=text) | Monolingual(text=text):
            return text
        case EntityId(id=entity_id):
            return entity_id
        case Time(time=time, precision=precision):
            day = time.lstrip("+").partition("T")[0]
            if precision <= _YEAR:
                return day[: -len("-00-00")]
            return day[: -len("-00")] if precision == _MONTH else day
        case Quantity(amount=amount):
            return amount.lstrip("+")
        case Coordinate(latitude=latitude, longitude=longitude):
            return f"{latitude},{longitude}"
    return value_text(snak)


def reference_text(reference: Reference) -> str:
    """What people cite: its URL, or else what it says."""
    for snak in reference.snaks:
        if isinstance(snak.value, Text) and snak.value.text.startswith(("https://", "http://")):
            return snak.value.text
    return ", ".join(map(snak_text, reference.snaks))


def _calendar(snaks: Sequence[Snak]) -> str:
    for snak in snaks:
        if isinstance(snak.value, Time):
            return "Julian" if snak.value.calendar == JULIAN else "Gregorian"
    return ""
