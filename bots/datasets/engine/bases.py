"""What HubBot left in an item's slots, as JSON for the store: short, and the same when read again.

A slot's JSON is what `bots.core.merge.stored` writes, its value as `snak_to_json` does; of a
statement besides: `qualifiers` (property → a list of slots' JSON), `reference` (the digest of our
reference as it was left), `parts` (the same two of past values, by their keys) and `ended` (keys of
values that we said have ended).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bots.core.merge.facts import Base, Memory, Tombstone
from bots.core.merge.stored import memory_json, memory_of
from bots.core.plan import JSON
from bots.core.wikibase.model import (
    EARTH,
    GREGORIAN,
    Coordinate,
    EntityId,
    Monolingual,
    Other,
    Quantity,
    Snak,
    Text,
    Time,
    Value,
)
from bots.datasets.engine.claims import Claim

CITES = "cites"
"""The slot that holds by what our references are known: a list of lists of snak keys."""

SPENT = "spent"
"""The slot that holds the ids of the decisions that were carried out on the item."""


FOREIGN = "-"
"""Stands for our reference's digest where somebody else had given it before us: it is not ours."""


@dataclass(frozen=True)
class Parts:
    """What we left within a statement: our qualifiers, and our reference's digest."""

    qualifiers: Mapping[str, tuple[Memory[Snak], ...]] = field(default_factory=dict)
    reference: str = ""


NO_PARTS = Parts()


@dataclass(frozen=True)
class Kept:
    """What is remembered of one statement's slot.

    `parts` are those of the statement that holds the value; `past` those of values before it that
    may still stand, by the value's key; `ended` the keys of values that we said have ended.
    """

    memory: Memory[Claim] = None
    parts: Parts = NO_PARTS
    past: Mapping[str, Parts] = field(default_factory=dict)
    ended: tuple[str, ...] = ()

    @property
    def left(self) -> Base[Claim] | None:
        """What was last left, tombstone or not."""
        return self.memory.left if isinstance(self.memory, Tombstone) else self.memory

    @property
    def references(self) -> frozenset[str]:
        """The digests of our references, as they were left here."""
        told = {self.parts.reference, *(each.reference for each in self.past.values())}
        return frozenset(told - {""})


NOTHING_KEPT = Kept()


def references_left(slots: Iterable[JSON]) -> frozenset[str]:
    """The digests of a dataset's references as they were left in these slots."""
    found: set[str] = set()
    for raw in slots:
        if isinstance(raw, dict):
            parts = raw.get("parts", {})
            found.update(
                each["reference"] for each in (raw, *parts.values()) if "reference" in each
            )
    return frozenset(found)


def kept_of(raw: Mapping[str, Any] | None, property_id: str) -> Kept:
    """A statement's slot as it stands in the store; nothing is kept where it stands not."""
    if not raw:
        return NOTHING_KEPT
    past = raw.get("parts")
    return Kept(
        memory=memory_of(raw, lambda value: Claim(snak_of(value, property_id))),
        parts=_parts_of(raw),
        past={key: _parts_of(each) for key, each in past.items()} if past else {},
        ended=tuple(raw["ended"]) if "ended" in raw else (),
    )


def kept_json(kept: Kept) -> JSON:
    """What `kept_of` reads; None where nothing is kept."""
    raw = memory_json(kept.memory, lambda claim: snak_to_json(claim.snak))
    if raw is not None:
        raw |= _parts_json(kept.parts)
        if kept.past:
            raw["parts"] = {key: _parts_json(each) for key, each in kept.past.items()}
    if kept.ended:
        raw = {**(raw or {}), "ended": list(kept.ended)}
    return raw


def snak_to_json(snak: Snak) -> JSON:
    """A value without its property: text as it is, all else as an object, numbers as text."""
    match snak.value:
        case None:
            return {"snak": snak.snaktype}
        case Text(text=text):
            return text
        case EntityId(id=entity_id):
            return {"id": entity_id}
        case Time() as time:
            raw: dict[str, JSON] = {"time": time.time, "precision": time.precision}
            return raw if time.calendar == GREGORIAN else {**raw, "calendar": time.calendar}
        case Quantity() as quantity:
            raw = {"amount": quantity.amount, "unit": quantity.unit}
            bounds = {"lower": quantity.lower, "upper": quantity.upper}
            return raw | {name: bound for name, bound in bounds.items() if bound is not None}
        case Coordinate() as place:
            raw = {"latitude": str(place.latitude), "longitude": str(place.longitude)}
            if place.precision is not None:
                raw["precision"] = str(place.precision)
            return raw if place.globe == EARTH else {**raw, "globe": place.globe}
        case Monolingual() as told:
            return {"text": told.text, "language": told.language}
        case Other() as other:
            return {"other": other.json, "type": other.type}


def snak_of(raw: Any, property_id: str) -> Snak:
    """What `snak_to_json` wrote. Raises ValueError for anything else."""
    if isinstance(raw, dict) and "snak" in raw:
        return Snak(property_id, snaktype=raw["snak"])
    return Snak(property_id, _value_of(raw))


def _value_of(raw: Any) -> Value:
    match raw:
        case str():
            return Text(raw)
        case {"id": str(entity_id)}:
            return EntityId(entity_id)
        case {"time": str(time), "precision": int(precision)}:
            return Time(time, precision, raw.get("calendar", GREGORIAN))
        case {"amount": str(amount), "unit": str(unit)}:
            return Quantity(amount, unit, raw.get("lower"), raw.get("upper"))
        case {"latitude": str(latitude), "longitude": str(longitude)}:
            told = raw.get("precision")
            finest = None if told is None else Decimal(told)
            globe = raw.get("globe", EARTH)
            return Coordinate(Decimal(latitude), Decimal(longitude), finest, globe)
        case {"text": str(text), "language": str(language)}:
            return Monolingual(text, language)
        case {"other": str(text), "type": str(kind)}:
            return Other(kind, text)
    raise ValueError(f"no value in the store: {raw!r}")


def _parts_of(raw: Mapping[str, Any]) -> Parts:
    held = raw.get("qualifiers")
    if not held and "reference" not in raw:
        return NO_PARTS
    qualifiers = {
        name: tuple(memory_of(each, _snak_reader(name)) for each in memories)
        for name, memories in (held or {}).items()
    }
    return Parts(qualifiers, raw.get("reference", ""))


def _parts_json(parts: Parts) -> dict[str, JSON]:
    raw: dict[str, JSON] = {}
    qualifiers = {
        name: [memory_json(memory, snak_to_json) for memory in held if memory is not None]
        for name, held in parts.qualifiers.items()
    }
    qualifiers = {name: held for name, held in qualifiers.items() if held}
    if qualifiers:
        raw["qualifiers"] = qualifiers
    if parts.reference:
        raw["reference"] = parts.reference
    return raw


def _snak_reader(property_id: str) -> Callable[[Any], Snak]:
    return lambda raw: snak_of(raw, property_id)
