"""An item's JSON as the judge compares it: by what values mean and what references say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bench.life.facts import Rules

NOVALUE, SOMEVALUE = "novalue", "somevalue"
Key = tuple[str, str]
"""A part of a statement: ("value", ""), ("rank", ""), ("qualifier", P), ("reference", known by)."""
Parts = dict[Key, tuple[str, ...]]
VALUE, RANK = ("value", ""), ("rank", "")
_PRECISE = {9: 5, 10: 8, 11: 11}
"""How many signs of +1850-02-03 a precision means, for years of four digits."""


@dataclass(frozen=True)
class Claim:
    """One statement. `slot`: its property, and the values of its key qualifiers."""

    id: str
    property: str
    slot: tuple[str, ...]
    parts: Parts

    @property
    def value(self) -> str:
        return self.parts[VALUE][0]

    @property
    def alive(self) -> bool:
        """Whether it is not deprecated."""
        return self.parts[RANK] != ("deprecated",)

    @property
    def is_keyed(self) -> bool:
        """Whether it says which slot of its property it is in."""
        return any(not told.endswith("=") for told in self.slot[1:])

    def qualifier(self, property_id: str) -> tuple[str, ...]:
        return self.parts.get(("qualifier", property_id), ())


@dataclass(frozen=True)
class Snapshot:
    """An item as it stands; `terms` and sitelinks by (kind, language or site[, text])."""

    claims: Mapping[str, Claim]
    terms: Mapping[tuple[str, ...], str]

    def identifiers(self, property_id: str) -> set[str]:
        """The item's identifiers that nobody has deprecated."""
        return {c.value for c in self.claims.values() if c.property == property_id and c.alive}


EMPTY = Snapshot({}, {})


def snapshot(entity: Mapping[str, Any] | None, rules: Rules) -> Snapshot:
    """What an item's JSON says; None is a redirect, where nothing stands any more."""
    if entity is None:
        return EMPTY
    claims = {
        raw["id"]: claim(raw, rules)
        for group in _map(entity.get("claims")).values()
        for raw in group
    }
    return Snapshot(claims, dict(_terms(entity)))


def claim(raw: Mapping[str, Any], rules: Rules) -> Claim:
    """One statement of the JSON."""
    property_id = raw["mainsnak"]["property"]
    parts: Parts = {VALUE: (said(raw["mainsnak"], rules),), RANK: (raw["rank"],)}
    for name, snaks in _map(raw.get("qualifiers")).items():
        parts["qualifier", name] = tuple(sorted(said(snak, rules) for snak in snaks))
    references: dict[str, list[str]] = {}
    for reference in raw.get("references", []):
        known, whole = _reference(reference["snaks"], rules)
        references.setdefault(known, []).append(whole)
    for known, found in references.items():
        parts["reference", known] = tuple(sorted(found))
    keys = rules.keys.get(property_id, frozenset())
    told = [f"{key}={','.join(parts.get(('qualifier', key), ()))}" for key in sorted(keys)]
    return Claim(raw["id"], property_id, (property_id, *told), parts)


def said(snak: Mapping[str, Any], rules: Rules) -> str:
    """What a snak says, in one spelling."""
    if snak["snaktype"] != "value":
        return str(snak["snaktype"])
    value = snak["datavalue"]["value"]
    spell = rules.spelling.get(snak["property"], str)
    match snak["datavalue"]["type"]:
        case "string":
            return spell(value)
        case "wikibase-entityid":
            return str(value["id"])
        case "time":
            length = _PRECISE.get(value["precision"], 11)
            calendar = value["calendarmodel"].rpartition("/")[2]
            return f"{value['time'][:length]}/{value['precision']}/{calendar}"
        case "quantity":
            numbers = [
                value[name] for name in ("amount", "lowerBound", "upperBound") if name in value
            ]
            unit = value["unit"].rpartition("/")[2]
            return f"{'/'.join(str(Decimal(number).normalize()) for number in numbers)} {unit}"
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _reference(snaks: Mapping[str, list[Any]], rules: Rules) -> tuple[str, str]:
    """What a reference is known by, and all that it says."""
    lines = {
        name: f"{name}={','.join(sorted(said(snak, rules) for snak in group))}"
        for name, group in sorted(snaks.items())
    }
    whole = " ".join(lines.values())
    known = " ".join(line for name, line in lines.items() if name in rules.cites)
    return known or whole, whole


def _terms(entity: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    for kind in ("label", "description"):
        for language, term in _map(entity.get(f"{kind}s")).items():
            yield (kind, language), term["value"]
    for language, aliases in _map(entity.get("aliases")).items():
        for alias in aliases:
            yield ("alias", language, alias["value"]), alias["value"]
    for site, link in _map(entity.get("sitelinks")).items():
        yield ("sitelink", site), link["title"]


def _map(found: Any) -> Mapping[str, Any]:
    """Wikibase says [] for an empty map."""
    return found or {}
