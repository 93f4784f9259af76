"""The Action API's JSON of entities, also that of stored revisions and Special:EntityData.

Both format versions are read: an empty object may come as `[]`. A MediaInfo has its statements
under `statements`, has no aliases, and its snaks tell no datatype.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bots.core.merge.facts import Rank
from bots.core.wikibase.exact import JSON, dumps, extra_fields, loads, with_extra
from bots.core.wikibase.model import (
    Coordinate,
    Entity,
    EntityId,
    EntityJSONError,
    Item,
    MediaInfo,
    Missing,
    Monolingual,
    Other,
    Property,
    Quantity,
    Redirect,
    Reference,
    Sitelink,
    Snak,
    Statement,
    Text,
    Time,
    Value,
    entity_kind,
    reading,
)
from bots.core.wikibase.values import (
    entity_id_object,
    object_of,
    parse_object,
    quantity_object,
    text_of,
    unknown,
)

_DATAVALUE = frozenset({"type", "value"})
_SNAK = frozenset({"snaktype", "property", "hash", "datavalue", "datatype"})
_REFERENCE = frozenset({"hash", "snaks", "snaks-order"})
_STATEMENT = frozenset(
    {"mainsnak", "type", "id", "rank", "qualifiers", "qualifiers-order", "references"}
)
_SITELINK = frozenset({"site", "title", "badges"})
_ENTITY = frozenset({"type", "id", "labels", "descriptions", "aliases", "lastrevid"})
_KNOWN = {
    "item": _ENTITY | {"claims", "sitelinks"},
    "property": _ENTITY | {"claims", "datatype"},
    "mediainfo": _ENTITY | {"statements"},
}


def parse_entities(body: JSON) -> dict[str, Entity | Redirect | Missing]:
    """The entities of a `wbgetentities` or Special:EntityData answer, by the id they are under.

    What was redirected stands under its own or its target's id, with the target's `id` inside.
    Raises EntityJSONError.
    """
    if not isinstance(body, dict) or not isinstance(body.get("entities"), dict | list):
        raise EntityJSONError("the answer has no entities")
    return {key: parse_entity(raw) for key, raw in object_of(body["entities"]).items()}


def parse_entity(raw: JSON) -> Entity | Redirect | Missing:
    """An Item, Property, MediaInfo, Redirect or Missing.

    Raises EntityJSONError for other kinds of entities, and for half an entity (of `props=labels`):
    statements that were not told must not be taken for statements that are not there.
    """
    if not isinstance(raw, dict):
        raise EntityJSONError("an entity is no object")
    if "missing" in raw:
        return Missing(str(raw.get("id", "")))
    if "redirect" in raw and "entity" in raw:
        return Redirect(str(raw["entity"]), str(raw["redirect"]))
    with reading(f"entity {raw.get('id')}"):
        return _entity(raw)


def parse_statement(raw: JSON) -> Statement:
    """A claim. Raises EntityJSONError."""
    with reading("statement"):
        return _statement(raw)


def entity_to_json(entity: Entity) -> dict[str, JSON]:
    """The entity as the Action API writes it in formatversion 2."""
    raw: dict[str, JSON] = {}
    kind = entity_kind(entity)
    raw["type"] = kind
    if isinstance(entity, Property):
        raw["datatype"] = entity.datatype
    if entity.id:
        raw["id"] = entity.id
    extra = dict(entity.extra)
    for name, terms in (("labels", entity.labels), ("descriptions", entity.descriptions)):
        raw[name] = {
            language: _write_term(extra, f"{name}/{language}", language, text)
            for language, text in terms.items()
        }
    if kind != "mediainfo" or entity.aliases:
        raw["aliases"] = {
            language: [
                _write_term(extra, f"aliases/{language}/{text}", language, text) for text in texts
            ]
            for language, texts in entity.aliases.items()
        }
    raw["statements" if kind == "mediainfo" else "claims"] = {
        property_id: [statement_to_json(each) for each in group]
        for property_id, group in entity.statements.items()
    }
    if isinstance(entity, Item):
        raw["sitelinks"] = {
            key: with_extra(
                {"site": link.site, "title": link.title, "badges": list(link.badges)}, link.extra
            )
            for key, link in entity.sitelinks.items()
        }
    if entity.revision is not None:
        raw["lastrevid"] = entity.revision
    return with_extra(raw, tuple((name, text) for name, text in extra.items() if "/" not in name))


def statement_to_json(statement: Statement) -> dict[str, JSON]:
    """A claim, as it is read and as `wbeditentity` takes it."""
    raw: dict[str, JSON] = {"mainsnak": snak_to_json(statement.mainsnak), "type": "statement"}
    if statement.qualifiers:
        raw["qualifiers"] = snaks_to_json(statement.qualifiers)
        raw["qualifiers-order"] = list(raw["qualifiers"])
    if statement.id:
        raw["id"] = statement.id
    raw["rank"] = statement.rank.value
    if statement.references:
        raw["references"] = [reference_to_json(each) for each in statement.references]
    return with_extra(raw, statement.extra)


def reference_to_json(reference: Reference) -> dict[str, JSON]:
    raw: dict[str, JSON] = {"hash": reference.hash} if reference.hash else {}
    raw["snaks"] = snaks_to_json(reference.snaks)
    raw["snaks-order"] = list(raw["snaks"])
    return with_extra(raw, reference.extra)


def snaks_to_json(snaks: Iterable[Snak]) -> dict[str, JSON]:
    """Snaks by property, in the order in which the properties first come."""
    groups: dict[str, JSON] = {}
    for snak in snaks:
        groups.setdefault(snak.property, []).append(snak_to_json(snak))
    return groups


def snak_to_json(snak: Snak) -> dict[str, JSON]:
    raw: dict[str, JSON] = {"snaktype": snak.snaktype, "property": snak.property}
    if snak.hash:
        raw["hash"] = snak.hash
    if snak.value is not None:
        raw["datavalue"] = value_to_json(snak.value)
    if snak.datatype is not None:
        raw["datatype"] = snak.datatype
    return with_extra(raw, snak.extra) if snak.extra else raw


def value_to_json(value: Value) -> dict[str, JSON]:
    """A datavalue: `{"value": …, "type": …}`."""
    match value:
        case Text():
            return {"value": value.text, "type": value.kind}
        case Other():
            return with_extra({"value": loads(value.json), "type": value.type}, value.extra)
        case EntityId():
            raw = entity_id_object(value.id)
        case Monolingual():
            raw = {"text": value.text, "language": value.language}
        case Time():
            raw = {
                "time": value.time,
                "timezone": value.timezone or 0,
                "before": value.before or 0,
                "after": value.after or 0,
                "precision": value.precision,
                "calendarmodel": value.calendar,
            }
        case Quantity():
            raw = quantity_object(value)
        case Coordinate():
            raw = {
                "latitude": value.latitude,
                "longitude": value.longitude,
                "altitude": value.altitude,
                "precision": value.precision,
                "globe": value.globe,
            }
    return {"value": with_extra(raw, value.extra), "type": value.kind}


def parse_snak(raw: Mapping[str, JSON]) -> Snak:
    """Raises KeyError, TypeError, AttributeError or ValueError for what is no snak."""
    held = raw.get("datavalue")
    return Snak(
        text_of(raw["property"]),
        None if held is None else parse_value(held),
        text_of(raw["snaktype"]),
        raw.get("datatype"),
        raw.get("hash", ""),
        unknown(raw, _SNAK),
    )


def parse_snaks(raw: JSON, order: JSON) -> tuple[Snak, ...]:
    """Snaks grouped by property, in the order given; those that it forgets last."""
    groups = object_of(raw)
    names = [name for name in order or () if name in groups]
    names += [name for name in groups if name not in names]
    return tuple([parse_snak(each) for name in names for each in groups[name]])


def parse_reference(raw: Mapping[str, JSON]) -> Reference:
    snaks = parse_snaks(raw["snaks"], raw.get("snaks-order"))
    return Reference(snaks, raw.get("hash", ""), unknown(raw, _REFERENCE))


def parse_value(raw: Mapping[str, JSON]) -> Value:
    """A datavalue; one whose content is not what its type says is an `Other`."""
    kind, held = raw["type"], raw["value"]
    value: Value | None = None
    if raw.keys() <= _DATAVALUE:
        if isinstance(held, dict):
            value = parse_object(kind, held)
        elif isinstance(held, str) and kind == "string":
            value = Text(held)
    return value or Other(text_of(kind), dumps(held), unknown(raw, _DATAVALUE))


def _statement(raw: Mapping[str, JSON]) -> Statement:
    held, references = raw.get("qualifiers"), raw.get("references")
    return Statement(
        parse_snak(raw["mainsnak"]),
        parse_snaks(held, raw.get("qualifiers-order")) if held else (),
        tuple([parse_reference(each) for each in references]) if references else (),
        Rank(raw["rank"]),
        raw.get("id", ""),
        unknown(raw, _STATEMENT),
    )


def _entity(raw: dict[str, JSON]) -> Entity:
    kind = raw["type"]
    if kind not in _KNOWN:
        raise ValueError(f"{kind!r} is no kind of entity that is read here")
    is_file = kind == "mediainfo"
    odd: list[tuple[str, str]] = []
    shared: dict[str, Any] = {
        "id": text_of(raw.get("id", "")),
        "labels": _terms(raw["labels"], "labels", odd),
        "descriptions": _terms(
            raw.get("descriptions") if is_file else raw["descriptions"], "descriptions", odd
        ),
        "aliases": _aliases(raw.get("aliases") if is_file else raw["aliases"], odd),
        "statements": _groups(raw["statements" if is_file else "claims"]),
        "revision": raw.get("lastrevid"),
    }
    shared["extra"] = (*extra_fields(raw, _KNOWN[kind]), *odd)
    if kind == "property":
        return Property(datatype=text_of(raw["datatype"]), **shared)
    if kind == "mediainfo":
        return MediaInfo(**shared)
    return Item(sitelinks=_sitelinks(raw["sitelinks"]), **shared)


def _groups(raw: JSON) -> dict[str, tuple[Statement, ...]]:
    groups: dict[str, tuple[Statement, ...]] = {}
    for property_id, group in object_of(raw).items():
        groups[property_id] = tuple([_statement(each) for each in group])
    return groups


def _terms(raw: JSON, name: str, odd: list[tuple[str, str]]) -> dict[str, str]:
    return {
        language: _read_term(term, f"{name}/{language}", language, odd)
        for language, term in object_of(raw).items()
    }


def _aliases(raw: JSON, odd: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    return {
        language: tuple(
            [
                _read_term(term, f"aliases/{language}/{term['value']}", language, odd)
                for term in terms
            ]
        )
        for language, terms in object_of(raw).items()
    }


def _read_term(raw: JSON, place: str, language: str, odd: list[tuple[str, str]]) -> str:
    """A term's text; what else it has is put into `odd`, under its place."""
    if len(raw) > 2 or raw["language"] != language:
        held = {name: value for name, value in raw.items() if name != "value"}
        odd.append((place, dumps(held)))
    return text_of(raw["value"])


def _write_term(extra: Mapping[str, str], place: str, language: str, text: str) -> dict[str, JSON]:
    odd = extra.get(place)
    return {"language": language, "value": text} | (loads(odd) if odd else {})


def _sitelinks(raw: JSON) -> dict[str, Sitelink]:
    return {
        key: Sitelink(
            text_of(link["site"]),
            text_of(link["title"]),
            tuple(link.get("badges", ())),
            unknown(link, _SITELINK),
        )
        for key, link in object_of(raw).items()
    }
