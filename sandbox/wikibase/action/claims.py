"""Editing whole statements: wbcreateclaim, wbsetclaim, wbsetclaimvalue, wbremoveclaims."""

from __future__ import annotations

from typing import Any

from sandbox.wikibase import entities
from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.checking import check_statement
from sandbox.wikibase.action.errors import ApiError
from sandbox.wikibase.action.parameters import Module, many, number, one_of, text
from sandbox.wikibase.action.summaries import about_snak, summary
from sandbox.wikibase.action.writing import (
    WRITE,
    entity_of,
    fail,
    invalid_claim,
    json_parameter,
    new_guid,
    open_entity,
    parse_statement,
    save_claims,
    shown,
    the_statement,
)
from sandbox.wikibase.refusals import BadValue
from sandbox.wikibase.settings import DATA_TYPES
from sandbox.wikibase.values import check_snak, parse_snak, read_property

_FAILED = "Failed to get claim from claim Serialization Failed to get statement from Serialization"
SNAK_TYPES = ("value", "novalue", "somevalue")


def snak_of_parameters(prop: str, call: Call) -> dict[str, Any]:
    """The snak that `property`, `snaktype` and `value` describe, checked.

    Raises ApiError, BadValue.
    """
    datatype = call.wikibase.state.datatype(prop)
    if datatype is None:
        words = 'Could not find an entity with the ID "$1".'
        raise fail("no-such-entity", "wikibase-api-no-such-entity", words)
    snak: dict[str, Any] = {"snaktype": call["snaktype"], "property": prop}
    if call["snaktype"] == "value":
        if call["value"] is None:
            words = "A parameter that is required was missing (a snak of type value needs a value)"
            raise fail("param-missing", "wikibase-api-param-missing", words)
        value = json_parameter(call["value"], invalid_snak())
        snak["datavalue"] = {"value": value, "type": DATA_TYPES.get(datatype, "string")}
    try:
        read = parse_snak(snak)
    except BadValue:
        raise invalid_snak() from None
    check_snak(read, call.wikibase.context)
    return read


def invalid_snak() -> ApiError:
    """The error for a value that its type cannot be made of."""
    return fail("invalid-snak", "wikibase-api-invalid-snak", "Invalid snak data.")


def property_parameter(call: Call) -> str:
    """The parameter `property`. Raises ApiError param-illegal."""
    try:
        return read_property(call["property"])
    except BadValue:
        message = "wikibase-api-invalid-property-id"
        raise fail("param-illegal", message, "Invalid Property ID.") from None


def create_claim(call: Call) -> dict[str, Any]:
    """action=wbcreateclaim."""
    opened = open_entity(call["entity"], call)
    snak = snak_of_parameters(property_parameter(call), call)
    statement = entities.stored_statement({"mainsnak": snak, "id": new_guid(opened.id)})
    entities.put_statement(opened.content, statement)
    comment = summary("wbcreateclaim-create", call["summary"], count=1, about=about_snak(snak))
    return {**save_claims(opened, comment, call), "claim": shown(statement, call)}


def set_claim(call: Call) -> dict[str, Any]:
    """action=wbsetclaim: a statement as a whole, new or in place of the one with its id."""
    given = json_parameter(call["claim"], invalid_claim(_FAILED))
    guid = given.get("id") if isinstance(given, dict) else None
    if not isinstance(guid, str):
        raise invalid_claim("GUID must be set when setting a claim")
    statement = parse_statement(given, guid)
    opened = open_entity(entity_of(guid), call)
    if opened.id != entity_of(guid):
        statement["id"] = f"{opened.id}${guid.partition('$')[2]}"
    there = entities.find_statement(opened.content, guid) is not None
    check_statement(statement, call.wikibase.context)
    entities.put_statement(opened.content, statement)
    if call["index"] is not None:
        _move(statement, call["index"], opened.content)
    comment = summary(
        "wbsetclaim-update" if there else "wbsetclaim-create",
        call["summary"],
        count=2,
        args=(1,),
        about=about_snak(statement["mainsnak"]),
    )
    return {**save_claims(opened, comment, call), "claim": shown(statement, call)}


def _move(statement: dict[str, Any], index: int, content: dict[str, Any]) -> None:
    group = content[entities.claims_field(content)][statement["mainsnak"]["property"]]
    group.remove(statement)
    group.insert(index, statement)


def set_claim_value(call: Call) -> dict[str, Any]:
    """action=wbsetclaimvalue: another main value."""
    opened = open_entity(entity_of(call["claim"]), call)
    statement = the_statement(opened, call["claim"])
    snak = snak_of_parameters(statement["mainsnak"]["property"], call)
    statement["mainsnak"] = snak
    comment = summary("wbsetclaimvalue", call["summary"], count=1, about=about_snak(snak))
    return {**save_claims(opened, comment, call), "claim": shown(statement, call)}


def remove_claims(call: Call) -> dict[str, Any]:
    """action=wbremoveclaims: statements of one entity."""
    guids = call["claim"]
    owners = {entity_of(guid) for guid in guids}
    if len(owners) != 1:
        raise fail("invalid-guid", "wikibase-api-invalid-guid", "Invalid claim guid.")
    opened = open_entity(owners.pop(), call)
    gone = [entities.remove_statement(opened.content, guid) for guid in guids]
    snaks = [statement["mainsnak"] for statement in gone if statement is not None]
    if len(snaks) < len(guids):
        raise fail("invalid-guid", "wikibase-api-invalid-guid", "Invalid claim guid.")
    about = ", ".join(map(about_snak, snaks))
    comment = summary("wbremoveclaims-remove", call["summary"], count=len(snaks), about=about)
    return {**save_claims(opened, comment, call), "claims": guids}


def _writing(name: str, run: Any, parameters: dict[str, Any]) -> Module:
    return Module(name, run, {**parameters, **WRITE}, writes=True, guarded_by="csrf", posted=True)


MODULES = (
    _writing(
        "wbcreateclaim",
        create_claim,
        {
            "entity": text(required=True),
            "snaktype": one_of(*SNAK_TYPES, required=True),
            "property": text(required=True),
            "value": text(),
        },
    ),
    _writing(
        "wbsetclaim",
        set_claim,
        {"claim": text(required=True), "index": number(), "ignoreduplicatemainsnak": text()},
    ),
    _writing(
        "wbsetclaimvalue",
        set_claim_value,
        {
            "claim": text(required=True),
            "value": text(),
            "snaktype": one_of(*SNAK_TYPES, required=True),
        },
    ),
    _writing("wbremoveclaims", remove_claims, {"claim": many(required=True)}),
)
