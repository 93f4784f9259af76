"""Editing what is inside a statement: qualifiers and references."""

from __future__ import annotations

from typing import Any

from sandbox.wikibase import entities
from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.claims import SNAK_TYPES, property_parameter, snak_of_parameters
from sandbox.wikibase.action.errors import ApiError
from sandbox.wikibase.action.parameters import Module, many, number, one_of, text
from sandbox.wikibase.action.summaries import about_snak, summary
from sandbox.wikibase.action.writing import (
    WRITE,
    entity_of,
    fail,
    json_parameter,
    open_entity,
    parse_reference,
    save_claims,
    shown,
    the_statement,
)
from sandbox.wikibase.values import check_snak


def _invalid_json() -> ApiError:
    return fail("invalid-json", "wikibase-api-invalid-json", "Invalid json in request.")


def set_reference(call: Call) -> dict[str, Any]:
    """action=wbsetreference: a new reference, or in place of the one with a hash."""
    given = {"snaks": json_parameter(call["snaks"], _invalid_json())}
    if call["snaks-order"]:
        given["snaks-order"] = json_parameter(call["snaks-order"], _invalid_json())
    opened = open_entity(entity_of(call["statement"]), call)
    statement = the_statement(opened, call["statement"])
    reference = parse_reference(given)
    for group in reference["snaks"].values():
        for snak in group:
            check_snak(snak, call.wikibase.context)
    references = statement.setdefault("references", [])
    hashes = [one["hash"] for one in references]
    if call["reference"]:
        if call["reference"] not in hashes:
            raise _no_such_reference()
        references[hashes.index(call["reference"])] = reference
    elif reference["hash"] not in hashes:
        references.append(reference)
    if call["index"] is not None:
        references.remove(reference)
        references.insert(call["index"], reference)
    action = "wbsetreference-set" if call["reference"] else "wbsetreference-add"
    about = about_snak(statement["mainsnak"])
    comment = summary(action, call["summary"], count=2, args=(1,), about=about)
    answer = save_claims(opened, comment, call)
    told = entities.shown_reference(reference, call.wikibase.state.datatype)
    return {**answer, "reference": told}


def _no_such_reference() -> ApiError:
    words = "Could not find such a reference."
    return fail("no-such-reference", "wikibase-api-no-such-reference", words)


def remove_references(call: Call) -> dict[str, Any]:
    """action=wbremovereferences."""
    opened = open_entity(entity_of(call["statement"]), call)
    statement = the_statement(opened, call["statement"])
    references, hashes = statement.get("references", []), set(call["references"])
    if hashes - {one["hash"] for one in references}:
        raise _no_such_reference()
    kept = [one for one in references if one["hash"] not in hashes]
    if kept:
        statement["references"] = kept
    else:
        statement.pop("references", None)
    about = about_snak(statement["mainsnak"])
    comment = summary("wbremovereferences-remove", call["summary"], count=2, args=(1,), about=about)
    return save_claims(opened, comment, call)


def set_qualifier(call: Call) -> dict[str, Any]:
    """action=wbsetqualifier: a new qualifier, or in place of the one with a hash."""
    opened = open_entity(entity_of(call["claim"]), call)
    statement = the_statement(opened, call["claim"])
    there = _qualifiers(statement)
    old = next((one for one in there if one["hash"] == call["snakhash"]), None)
    if call["snakhash"] and old is None:
        raise _no_such_qualifier()
    if call["property"] is None and old is None:
        raise fail("param-missing", "wikibase-api-param-missing", "A property is missing")
    snak = snak_of_parameters(
        old["property"] if old and call["property"] is None else property_parameter(call), call
    )
    changed = [snak if one is old else one for one in there]
    _set_qualifiers(statement, changed if old is not None else [*there, snak])
    action = "wbsetqualifier-update" if old is not None else "wbsetqualifier-add"
    comment = summary(action, call["summary"], count=1, about=about_snak(snak))
    return {**save_claims(opened, comment, call), "claim": shown(statement, call)}


def remove_qualifiers(call: Call) -> dict[str, Any]:
    """action=wbremovequalifiers."""
    opened = open_entity(entity_of(call["claim"]), call)
    statement = the_statement(opened, call["claim"])
    there, hashes = _qualifiers(statement), set(call["qualifiers"])
    if hashes - {one["hash"] for one in there}:
        raise _no_such_qualifier()
    gone = [one for one in there if one["hash"] in hashes]
    _set_qualifiers(statement, [one for one in there if one["hash"] not in hashes])
    about = ", ".join(map(about_snak, gone))
    comment = summary("wbremovequalifiers-remove", call["summary"], count=len(gone), about=about)
    return save_claims(opened, comment, call)


def _no_such_qualifier() -> ApiError:
    words = "Could not find such a qualifier."
    return fail("no-such-qualifier", "wikibase-api-no-such-qualifier", words)


def _qualifiers(statement: dict[str, Any]) -> list[dict[str, Any]]:
    return entities.flat_snaks(statement.get("qualifiers"), statement.get("qualifiers-order"))


def _set_qualifiers(statement: dict[str, Any], snaks: list[dict[str, Any]]) -> None:
    changed = entities.stored_statement({**statement, "qualifiers": snaks, "qualifiers-order": []})
    statement.clear()
    statement.update(changed)


def _writing(name: str, run: Any, parameters: dict[str, Any]) -> Module:
    return Module(name, run, {**parameters, **WRITE}, writes=True, guarded_by="csrf", posted=True)


MODULES = (
    _writing(
        "wbsetreference",
        set_reference,
        {
            "statement": text(required=True),
            "snaks": text(required=True),
            "snaks-order": text(),
            "reference": text(),
            "index": number(),
        },
    ),
    _writing(
        "wbremovereferences",
        remove_references,
        {"statement": text(required=True), "references": many(required=True)},
    ),
    _writing(
        "wbsetqualifier",
        set_qualifier,
        {
            "claim": text(required=True),
            "property": text(),
            "value": text(),
            "snaktype": one_of(*SNAK_TYPES, default="value"),
            "snakhash": text(),
        },
    ),
    _writing(
        "wbremovequalifiers",
        remove_qualifiers,
        {"claim": text(required=True), "qualifiers": many(required=True)},
    ),
)
