"""The forms an entity has: as Wikibase keeps it, and as the Action API shows it.

Kept: snaks with hash and without datatype, empty maps left as `[]` in the text (PHP), the keys in
the order that Wikibase has them, so that SHA-1 and size of a revision come out as the real ones.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sandbox.wikibase.hashes import reference_hash, snak_hash
from sandbox.wikibase.phpjson import dumps, loads

Entity = Mapping[str, Any]
DatatypeOf = Callable[[str], str | None]

TYPES = {"Q": "item", "P": "property", "M": "mediainfo"}
_FIELDS = {
    "item": ("labels", "descriptions", "aliases", "claims", "sitelinks"),
    "property": ("labels", "descriptions", "aliases", "claims"),
    "mediainfo": ("labels", "descriptions", "statements"),
}


def empty(entity: str, datatype: str | None = None) -> dict[str, Any]:
    """An entity without anything in it."""
    kind = TYPES[entity[0]]
    head = {"type": kind, "datatype": datatype} if datatype else {"type": kind}
    return {**head, "id": entity, **{field: {} for field in _FIELDS[kind]}}


def fields(content: Entity) -> tuple[str, ...]:
    """The fields that an entity of its type has, in their order."""
    return _FIELDS[content["type"]]


def claims_field(content: Entity) -> str:
    """Where its statements are: `claims`, or `statements` in a MediaInfo."""
    return "statements" if content["type"] == "mediainfo" else "claims"


def encode(content: Entity) -> str:
    """The text of a revision."""
    shown = {key: [] if value == {} else value for key, value in content.items()}
    return dumps(shown, ascii_only=True).replace("/", "\\/")


def decode(text: str) -> Any:
    """The content of a revision's text."""
    value = loads(text)
    if isinstance(value, dict) and "type" in value:
        return {key: {} if part == [] else part for key, part in value.items()}
    return value


def php_size(value: Any) -> int:
    """How long PHP's serialize() makes it: what MediaWiki gives as the size of an entity."""
    match value:
        case None:
            return 2
        case bool():
            return 4
        case int():
            return len(str(value)) + 3
        case float():
            return len(dumps(value)) + 3
        case str():
            size = len(value.encode("utf-8", "surrogatepass"))
            return size + len(str(size)) + 6
        case list():
            pairs: Iterable[tuple[Any, Any]] = enumerate(value)
        case _:
            pairs = value.items()
    inner = sum(php_size(_php_key(key)) + php_size(part) for key, part in pairs)
    return inner + len(str(len(value))) + 5


def _php_key(key: Any) -> Any:
    return int(key) if isinstance(key, str) and key.isdecimal() and str(int(key)) == key else key


def statements(content: Entity) -> Iterator[dict[str, Any]]:
    """All statements, group by group."""
    for group in content[claims_field(content)].values():
        yield from group


def find_statement(content: Entity, guid: str) -> dict[str, Any] | None:
    """The statement with an id; the case of the entity's part makes no difference."""
    wanted = same_guid(guid)
    return next((one for one in statements(content) if same_guid(one["id"]) == wanted), None)


def same_guid(guid: str) -> str:
    """A statement id in the form to compare."""
    entity, _, number = guid.partition("$")
    return f"{entity.upper()}${number}"


def put_statement(content: dict[str, Any], statement: dict[str, Any]) -> None:
    """Replace the statement with the same id, or append to its property's group."""
    groups = content[claims_field(content)]
    prop = statement["mainsnak"]["property"]
    for name, group in list(groups.items()):
        for index, other in enumerate(group):
            if same_guid(other["id"]) == same_guid(statement["id"]):
                if name == prop:
                    group[index] = statement
                    return
                _remove_from(groups, name, index)
                break
    groups.setdefault(prop, []).append(statement)


def remove_statement(content: dict[str, Any], guid: str) -> dict[str, Any] | None:
    """Take a statement out and give it back; None where it is not there."""
    groups = content[claims_field(content)]
    for name, group in list(groups.items()):
        for index, statement in enumerate(group):
            if same_guid(statement["id"]) == same_guid(guid):
                _remove_from(groups, name, index)
                found: dict[str, Any] = statement
                return found
    return None


def _remove_from(groups: dict[str, list[Any]], name: str, index: int) -> None:
    del groups[name][index]
    if not groups[name]:
        del groups[name]


# as Wikibase keeps it


def stored(entity: Entity) -> dict[str, Any]:
    """An entity in any of Wikibase's Action API forms, as it is kept."""
    number = entity["id"]
    content = empty(number, entity.get("datatype"))
    for field in ("labels", "descriptions"):
        if field in content:
            content[field] = {
                language: {"language": term["language"], "value": term["value"]}
                for language, term in (entity.get(field) or {}).items()
            }
    if "aliases" in content:
        content["aliases"] = {
            language: [{"language": a["language"], "value": a["value"]} for a in aliases]
            for language, aliases in (entity.get("aliases") or {}).items()
        }
    groups = entity.get("claims") or entity.get("statements") or {}
    content[claims_field(content)] = {
        prop: [stored_statement(statement) for statement in group] for prop, group in groups.items()
    }
    if "sitelinks" in content:
        content["sitelinks"] = {
            site: {"site": link["site"], "title": link["title"], "badges": link.get("badges", [])}
            for site, link in (entity.get("sitelinks") or {}).items()
        }
    return content


def stored_statement(statement: Entity) -> dict[str, Any]:
    """A statement as it is kept: keys in Wikibase's order, hashes made, empty parts left out."""
    kept: dict[str, Any] = {
        "mainsnak": stored_snak(statement["mainsnak"]),
        "type": statement.get("type", "statement"),
    }
    qualifiers, order = _snak_groups(statement.get("qualifiers"), statement.get("qualifiers-order"))
    if qualifiers:
        kept |= {"qualifiers": qualifiers, "qualifiers-order": order}
    kept |= {"id": statement["id"], "rank": statement.get("rank", "normal")}
    references = [stored_reference(reference) for reference in statement.get("references") or []]
    if references:
        kept["references"] = references
    return kept


def stored_reference(reference: Entity) -> dict[str, Any]:
    """A reference as it is kept, with its hash."""
    snaks, order = _snak_groups(reference["snaks"], reference.get("snaks-order"))
    number = reference_hash(snak for group in snaks.values() for snak in group)
    return {"hash": number, "snaks": snaks, "snaks-order": order}


def stored_snak(snak: Entity) -> dict[str, Any]:
    """A snak as it is kept, with its hash and without its data type."""
    kept = {"snaktype": snak["snaktype"], "property": snak["property"], "hash": snak_hash(snak)}
    if snak["snaktype"] == "value":
        value = snak["datavalue"]
        kept["datavalue"] = {"value": copy.deepcopy(value["value"]), "type": value["type"]}
    return kept


def _snak_groups(
    snaks: Any, order: list[str] | None
) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for snak in flat_snaks(snaks, order):
        kept = stored_snak(snak)
        group = groups.setdefault(kept["property"], [])
        group.append(kept)
    return groups, list(groups)


def flat_snaks(snaks: Any, order: list[str] | None = None) -> list[Any]:
    """The snaks of a map by property, or of a list, in the order given or found."""
    if not isinstance(snaks, Mapping):
        return list(snaks or [])
    names = [name for name in order or [] if name in snaks]
    names += [name for name in snaks if name not in names]
    return [snak for name in names for snak in snaks[name]]


# as the Action API shows it


def shown_statement(statement: Entity, datatype_of: DatatypeOf) -> dict[str, Any]:
    """A statement with the data type of every snak."""
    shown = dict(statement)
    shown["mainsnak"] = shown_snak(statement["mainsnak"], datatype_of)
    if "qualifiers" in statement:
        shown["qualifiers"] = _shown_groups(statement["qualifiers"], datatype_of)
    if "references" in statement:
        shown["references"] = [shown_reference(r, datatype_of) for r in statement["references"]]
    return shown


def shown_reference(reference: Entity, datatype_of: DatatypeOf) -> dict[str, Any]:
    """A reference with the data type of every snak."""
    return {**reference, "snaks": _shown_groups(reference["snaks"], datatype_of)}


def shown_snak(snak: Entity, datatype_of: DatatypeOf) -> dict[str, Any]:
    """A snak with its data type, if its property is there."""
    datatype = datatype_of(snak["property"])
    return {**snak, "datatype": datatype} if datatype else dict(snak)


def _shown_groups(groups: Entity, datatype_of: DatatypeOf) -> dict[str, Any]:
    return {
        prop: [shown_snak(snak, datatype_of) for snak in group] for prop, group in groups.items()
    }


def shown(content: Entity, datatype_of: DatatypeOf) -> dict[str, Any]:
    """The whole entity as wbgetentities and wbeditentity show it."""
    field = claims_field(content)
    groups = {
        prop: [shown_statement(statement, datatype_of) for statement in group]
        for prop, group in content[field].items()
    }
    return {**content, field: groups}
