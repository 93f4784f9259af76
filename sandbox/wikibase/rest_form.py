"""The REST API's form of entities, made from the JSON in which the wiki keeps them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Lookup = Callable[[str], str | None]
"""The data type of a property, None where there is no such property."""

FIELDS = {
    "items": ("type", "labels", "descriptions", "aliases", "statements", "sitelinks"),
    "properties": ("type", "data_type", "labels", "descriptions", "aliases", "statements"),
}
"""The fields that `_fields` may name, by the kind of entity."""


def entity_form(entity: Mapping[str, Any], datatype: Lookup, link: Callable[..., str]) -> Any:
    """An item or a property; `link(site, title)` gives a page's address."""
    form: dict[str, Any] = {"id": entity["id"], "type": entity["type"]}
    if entity["type"] == "property":
        form["data_type"] = entity["datatype"]
    form["labels"] = terms_form(entity, "labels")
    form["descriptions"] = terms_form(entity, "descriptions")
    form["aliases"] = aliases_form(entity)
    form["statements"] = statements_form(entity, datatype)
    if entity["type"] == "item":
        form["sitelinks"] = sitelinks_form(entity, link)
    return form


def terms_form(entity: Mapping[str, Any], field: str) -> dict[str, str]:
    """Labels or descriptions: language → text."""
    found = entity.get(field) or {}
    return {language: term["value"] for language, term in found.items()}


def aliases_form(entity: Mapping[str, Any]) -> dict[str, list[str]]:
    """Aliases: language → texts."""
    found = entity.get("aliases") or {}
    return {language: [term["value"] for term in terms] for language, terms in found.items()}


def sitelinks_form(entity: Mapping[str, Any], link: Callable[..., str]) -> dict[str, Any]:
    """Sitelinks: site → title, badges, address."""
    found = entity.get("sitelinks") or {}
    return {
        site: {
            "title": entry["title"],
            "badges": list(entry.get("badges") or []),
            "url": link(site, entry["title"]),
        }
        for site, entry in found.items()
    }


def statements_form(entity: Mapping[str, Any], datatype: Lookup) -> dict[str, list[Any]]:
    """Statements: property → statements."""
    found = entity.get("claims") or {}
    return {
        prop: [statement_form(claim, datatype) for claim in claims]
        for prop, claims in found.items()
    }


def statement_form(claim: Mapping[str, Any], datatype: Lookup) -> dict[str, Any]:
    """One statement."""
    return {
        "id": claim["id"],
        "rank": claim.get("rank", "normal"),
        "qualifiers": [
            _pair(snak, datatype)
            for snak in _ordered(claim.get("qualifiers"), claim.get("qualifiers-order"))
        ],
        "references": [
            {
                "hash": reference["hash"],
                "parts": [
                    _pair(snak, datatype)
                    for snak in _ordered(reference["snaks"], reference.get("snaks-order"))
                ],
            }
            for reference in claim.get("references") or []
        ],
        **_pair(claim["mainsnak"], datatype),
    }


def _ordered(groups: Any, order: list[str] | None) -> Iterator[Mapping[str, Any]]:
    for prop in order or list(groups or {}):
        yield from groups[prop]


def _pair(snak: Mapping[str, Any], datatype: Lookup) -> dict[str, Any]:
    prop = snak["property"]
    value: dict[str, Any] = {"type": snak["snaktype"]}
    if snak["snaktype"] == "value":
        value["content"] = _content(snak["datavalue"])
    return {"property": {"id": prop, "data_type": datatype(prop)}, "value": value}


def _content(datavalue: Mapping[str, Any]) -> Any:
    value = datavalue["value"]
    match datavalue["type"]:
        case "wikibase-entityid":
            return value["id"]
        case "time":
            return {key: value[key] for key in ("time", "precision", "calendarmodel")}
        case "globecoordinate":
            numbers = {
                key: None if value.get(key) is None else float(value[key])
                for key in ("latitude", "longitude", "precision")
            }
            return {**numbers, "globe": value["globe"]}
        case "quantity":
            keys = ("amount", "unit", "upperBound", "lowerBound")
            return {key: value[key] for key in keys if value.get(key) is not None}
        case "monolingualtext":
            return {key: value[key] for key in ("language", "text")}
        case _:
            return copy.deepcopy(value)
