"""The REST API's JSON of items and properties (`/w/rest.php/wikibase/v1`).

What it does not tell, so that nothing here compares it: a time's `timezone`, `before` and `after`
(None in the model), a coordinate's `altitude`, the hashes of snaks, and the type of a value, which
is found by the property's datatype. It does tell a quantity's bounds (as recorded on 1.43) and the
hashes of references. MediaInfo has no REST API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bots.core.merge.facts import Rank
from bots.core.wikibase.exact import (
    IN_PROPERTY,
    IN_VALUE,
    JSON,
    dumps,
    extra_fields,
    loads,
    with_extra,
)
from bots.core.wikibase.model import (
    Coordinate,
    EntityId,
    EntityJSONError,
    Item,
    Monolingual,
    Other,
    Property,
    Quantity,
    Reference,
    Sitelink,
    Snak,
    Statement,
    Text,
    Time,
    Value,
    entity_kind,
    entity_type,
    reading,
)
from bots.core.wikibase.values import object_of, parse_object, quantity_object, text_of, unknown

_SNAK = frozenset({"property", "value"})
_TOLD = frozenset({"id", "data_type"})
_HELD = frozenset({"type", "content"})
_REFERENCE = frozenset({"hash", "parts"})
_STATEMENT = frozenset({"id", "rank", "qualifiers", "references", "property", "value"})
_SITELINK = frozenset({"title", "badges"})
_ENTITY = frozenset({"id", "type", "labels", "descriptions", "aliases", "statements"})
_KNOWN = {"item": _ENTITY | {"sitelinks"}, "property": _ENTITY | {"data_type"}}
_NOT_OF_REST = frozenset({"pageid", "ns", "title", "modified"})
_OBJECTS = {
    "time": "time",
    "quantity": "quantity",
    "globe-coordinate": "globecoordinate",
    "monolingualtext": "monolingualtext",
}
_KEYS = {
    "time": "time",
    "amount": "quantity",
    "latitude": "globecoordinate",
    "language": "monolingualtext",
}


def parse_entity(raw: JSON, revision: int | None = None) -> Item | Property:
    """An entity, with the revision that the answer's ETag names.

    Raises EntityJSONError, also for half an entity (`_fields=labels`, say).
    """
    if not isinstance(raw, dict):
        raise EntityJSONError("an entity is no object")
    with reading(f"entity {raw.get('id')}"):
        return _entity(raw, revision)


def parse_statement(raw: JSON) -> Statement:
    """A statement. Raises EntityJSONError."""
    with reading("statement"):
        return _statement(raw)


def entity_to_json(entity: Item | Property) -> dict[str, JSON]:
    """The entity as the REST API writes it; as it takes a new one where ids are left out."""
    raw: dict[str, JSON] = {"id": entity.id} if entity.id else {}
    raw["type"] = entity_kind(entity)
    if isinstance(entity, Property):
        raw["data_type"] = entity.datatype
    raw["labels"] = dict(entity.labels)
    raw["descriptions"] = dict(entity.descriptions)
    raw["aliases"] = {language: list(texts) for language, texts in entity.aliases.items()}
    raw["statements"] = {
        property_id: [statement_to_json(each) for each in group]
        for property_id, group in entity.statements.items()
    }
    if isinstance(entity, Item):
        raw["sitelinks"] = {
            site: with_extra({"title": link.title, "badges": list(link.badges)}, link.extra)
            for site, link in entity.sitelinks.items()
        }
    extra = (each for each in entity.extra if each[0] not in _NOT_OF_REST and "/" not in each[0])
    return with_extra(raw, tuple(extra))


def statement_to_json(statement: Statement) -> dict[str, JSON]:
    raw: dict[str, JSON] = {"id": statement.id} if statement.id else {}
    raw["rank"] = statement.rank.value
    raw["qualifiers"] = [snak_to_json(each) for each in statement.qualifiers]
    raw["references"] = [reference_to_json(each) for each in statement.references]
    raw |= snak_to_json(statement.mainsnak)
    return with_extra(raw, statement.extra)


def reference_to_json(reference: Reference) -> dict[str, JSON]:
    raw: dict[str, JSON] = {"hash": reference.hash} if reference.hash else {}
    raw["parts"] = [snak_to_json(each) for each in reference.snaks]
    return with_extra(raw, reference.extra)


def snak_to_json(snak: Snak) -> dict[str, JSON]:
    """`{"property": …, "value": …}`."""
    told: dict[str, JSON] = {"id": snak.property}
    if snak.datatype is not None:
        told["data_type"] = snak.datatype
    raw = {"property": told, "value": value_to_json(snak)}
    for name, text in snak.extra:
        if name.startswith(IN_PROPERTY):
            told[name.removeprefix(IN_PROPERTY)] = loads(text)
        elif not name.startswith(IN_VALUE):
            raw[name] = loads(text)
    return raw


def value_to_json(snak: Snak) -> dict[str, JSON]:
    """`{"type": "value", "content": …}`, or the type alone."""
    raw: dict[str, JSON] = {"type": snak.snaktype}
    if snak.value is not None:
        raw["content"] = _content(snak.value)
    for name, text in snak.extra:
        if name.startswith(IN_VALUE):
            raw[name.removeprefix(IN_VALUE)] = loads(text)
    return raw


def parse_snak(raw: Mapping[str, JSON]) -> Snak:
    """Raises KeyError, TypeError, AttributeError or ValueError for what is no snak."""
    snak, extra = _mainsnak(raw), unknown(raw, _SNAK)
    return replace(snak, extra=(*snak.extra, *extra)) if extra else snak


def parse_reference(raw: Mapping[str, JSON]) -> Reference:
    snaks = tuple([parse_snak(each) for each in raw["parts"]])
    return Reference(snaks, raw.get("hash", ""), unknown(raw, _REFERENCE))


def _content(value: Value) -> JSON:
    raw: dict[str, JSON]
    match value:
        case Text():
            return value.text
        case EntityId():
            return value.id
        case Other():
            return loads(value.json)
        case Monolingual():
            raw = {"text": value.text, "language": value.language}
        case Time():
            raw = {
                "time": value.time,
                "precision": value.precision,
                "calendarmodel": value.calendar,
            }
        case Quantity():
            raw = quantity_object(value)
        case Coordinate():
            raw = {
                "latitude": value.latitude,
                "longitude": value.longitude,
                "precision": value.precision,
                "globe": value.globe,
            }
    return with_extra(raw, value.extra)


def _value(datatype: str | None, held: JSON) -> Value:
    value: Value | None = None
    if isinstance(held, str):
        entity = datatype is not None and (
            datatype.startswith("wikibase-") or datatype == "entity-schema"
        )
        if not entity and datatype not in _OBJECTS:
            return Text(held)
        if entity and entity_type(held):
            return EntityId(held)
    elif isinstance(held, dict):
        kind = _OBJECTS.get(datatype or "") or next(
            (kind for key, kind in _KEYS.items() if key in held), ""
        )
        value = parse_object(kind, held)
    return value or Other("", dumps(held))


def _statement(raw: Mapping[str, JSON]) -> Statement:
    return Statement(
        _mainsnak(raw),
        tuple([parse_snak(each) for each in raw.get("qualifiers", ())]),
        tuple([parse_reference(each) for each in raw.get("references", ())]),
        Rank(raw.get("rank", "normal")),
        raw.get("id", ""),
        unknown(raw, _STATEMENT),
    )


def _mainsnak(raw: Mapping[str, JSON]) -> Snak:
    told, held = raw["property"], raw["value"]
    datatype = told.get("data_type")
    value = _value(datatype, held["content"]) if "content" in held else None
    odd = ((IN_PROPERTY, unknown(told, _TOLD)), (IN_VALUE, unknown(held, _HELD)))
    extra = tuple((place + name, text) for place, found in odd for name, text in found)
    if datatype is None and "data_type" in told:  # a deleted property's
        extra += ((f"{IN_PROPERTY}data_type", "null"),)
    return Snak(text_of(told["id"]), value, text_of(held["type"]), datatype, "", extra)


def _entity(raw: dict[str, JSON], revision: int | None) -> Item | Property:
    kind = raw["type"]
    if kind not in _KNOWN:
        raise ValueError(f"{kind!r} is no kind of entity that is read here")
    shared: dict[str, Any] = {
        "id": text_of(raw.get("id", "")),
        "labels": _texts(raw["labels"]),
        "descriptions": _texts(raw["descriptions"]),
        "aliases": {
            language: tuple([text_of(each) for each in texts])
            for language, texts in object_of(raw["aliases"]).items()
        },
        "statements": {
            property_id: tuple([_statement(each) for each in group])
            for property_id, group in object_of(raw["statements"]).items()
        },
        "revision": revision,
        "extra": extra_fields(raw, _KNOWN[kind]),
    }
    if kind == "property":
        return Property(datatype=text_of(raw["data_type"]), **shared)
    return Item(sitelinks=_sitelinks(raw["sitelinks"]), **shared)


def _texts(raw: JSON) -> dict[str, str]:
    return {language: text_of(text) for language, text in object_of(raw).items()}


def _sitelinks(raw: JSON) -> dict[str, Sitelink]:
    return {
        site: Sitelink(
            site, text_of(link["title"]), tuple(link.get("badges", ())), unknown(link, _SITELINK)
        )
        for site, link in object_of(raw).items()
    }
