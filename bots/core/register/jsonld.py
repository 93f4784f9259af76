"""Records as linked data: JSON-LD in the words of schema.org, as the kinds' files say.

The context stands in the document, so that whoever reads it asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from toolforge_i18n import language_code_to_babel

from bots.core.plan import JSON
from bots.core.register.asking import Kinds, name_of
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, KindConfig, Type
from bots.core.register.outputs import Address
from bots.core.world import name_of as world_name

SCHEMA = "https://schema.org/"
WIKIDATA = "http://www.wikidata.org/entity/"

_THINGS = {"about": "Thing", "amount": "MonetaryAmount", "funder": "Organization"}
"""What a text names where schema.org expects no text (schema.org/about …)."""


def as_json_ld(records: Iterable[PageRecord], kinds: Kinds, address: Address) -> dict[str, JSON]:
    """One document with a node a record; its @id is the record's page on the wiki."""
    graph = [_node(record, kinds, address) for record in records]
    return {"@context": {"@vocab": SCHEMA}, "@graph": graph}


def types_of(record: PageRecord, kind: KindConfig) -> list[str]:
    """schema.org's types: those that the record's values say, else the kind's."""
    said = [
        by_value[value]
        for name, by_value in kind.schema_types.items()
        for value in record.values.get(name, ())
        if value in by_value
    ]
    return list(dict.fromkeys(said)) or [kind.schema_type]


def _node(record: PageRecord, kinds: Kinds, address: Address) -> dict[str, JSON]:
    kind = kinds[record.kind]
    types = types_of(record, kind)
    node: dict[str, JSON] = {"@type": types[0] if len(types) == 1 else types}
    if url := address(record.title):
        node["@id"] = url
    node["name"] = name_of(record, kinds)
    found: dict[str, list[JSON]] = {}
    for name, field in kind.fields.items():
        if field.property and name != kind.called:
            values = _values(field, record.values.get(name, ()), kinds, address)
            found.setdefault(field.property, []).extend(values)
    for name, said in found.items():
        if said:
            node[name] = said[0] if len(said) == 1 else said
    return node


def _values(
    field: FieldConfig, values: Iterable[str], kinds: Kinds, address: Address
) -> Iterator[JSON]:
    for value in values:
        said = _value(field, value, kinds, address)
        if said is not None:
            yield said


def _value(field: FieldConfig, value: str, kinds: Kinds, address: Address) -> JSON:
    """The value as schema.org has it; None where it can't be said."""
    match field.type:
        case Type.NUMBER:
            return _number(value)
        case Type.YES_NO:
            return value == "yes"
        case Type.CHOICE:
            return field.choices[value].get("en", value) if value in field.choices else value
        case Type.URL:
            return _at(value if urlsplit(value).scheme in ("http", "https") else None)
        case Type.ITEM | Type.PROPERTY:
            return _at(f"{WIKIDATA}{value}")
        case Type.COUNTRY:
            name = world_name("territories", value, "en")
            return {"@type": "Country", "name": name, "identifier": value}
        case Type.LANGUAGE:
            return language_code_to_babel(value).replace("_", "-")
        case Type.USER:
            return _named("Person", value, address(f"User:{value}"))
        case Type.RECORD:
            of = kinds[field.of[0]].schema_type if len(field.of) == 1 else "Thing"
            return _named(of, value.rpartition("/")[2], None) | _at_if(address(value))
        case Type.LICENCE:
            return _named("CreativeWork", value, None)
        case Type.DATASET:
            return _named("Dataset", value, None)
        case _:
            thing = _THINGS.get(field.property)
            return _named(thing, value, None) if thing else value


def _number(value: str) -> JSON:
    """The number; text that was kept before the field was one stays text."""
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def _at(url: str | None) -> JSON:
    return {"@id": url} if url else None


def _at_if(url: str | None) -> dict[str, JSON]:
    return {"@id": url} if url else {}


def _named(what: str, name: str, url: str | None) -> dict[str, JSON]:
    node: dict[str, JSON] = {"@type": what, "name": name}
    return node | {"url": _at(url)} if url else node
