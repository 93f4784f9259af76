"""The writes of the REST API on items as a whole and on statements."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sandbox.wikibase.entities import put_statement, remove_statement, stored_statement
from sandbox.wikibase.http import Response
from sandbox.wikibase.refusals import Refusal
from sandbox.wikibase.rest_call import (
    Call,
    deleted,
    missing_statement,
    shown,
    with_id,
    with_ids,
)
from sandbox.wikibase.rest_check import StatementCheck
from sandbox.wikibase.rest_errors import PATCHED, SENT, coded
from sandbox.wikibase.rest_item import Original, new_item, patched_item, read_only
from sandbox.wikibase.rest_patch import apply, checked
from sandbox.wikibase.rest_reads import check_owner, find
from sandbox.wikibase.rest_summary import of_patch, of_statement
from sandbox.wikibase.state import Revision


def post_item(call: Call) -> Response:
    """Make an item."""
    form = call.body["item"]
    content = new_item(form if isinstance(form, dict) else {}, call.wikibase.context)
    call.check_metadata()
    call.check_may_edit(None)
    number = call.wikibase.state.new_id("Q")
    content = with_ids({**content, "id": number})
    revision = call.save(content, None, "/* wbeditentity-create-item:0| */")
    place = f"{call.wikibase.rest}/entities/items/{number}"
    return shown(revision, call.entity_form(content), 201, location=place)


def patch_item(call: Call, kind: str, number: str) -> Response:
    """Change anything of an item, in one revision."""
    number = call.entity_id(kind, number)
    patch = checked(call.body["patch"])
    call.check_metadata()
    before, old = call.entity(number)
    call.check_may_edit(number)
    original = Original(old, call.entity_form(old))
    form = apply(call.entity_form(old), patch)
    content = with_ids(patched_item(form, original, call.wikibase.context), old)
    revision = call.save(content, before, of_patch(old, content))
    return shown(revision, call.entity_form(call.wikibase.state.content(revision)))


def post_statement(call: Call, kind: str, number: str) -> Response:
    """Add a statement; an id that is sent with it is not looked at."""
    entity = call.entity_id(kind, number)
    claim = StatementCheck(SENT, call.wikibase.context).statement(
        call.body["statement"], "/statement"
    )
    call.check_metadata()
    before, old = call.entity(entity)
    call.check_may_edit(entity)
    claim.pop("id", None)
    kept = stored_statement(with_id(claim, entity))
    content = copy.deepcopy(dict(old))
    content["claims"].setdefault(kept["mainsnak"]["property"], []).append(kept)
    revision = call.save(content, before, of_statement("wbsetclaim-create", kept))
    place = f"{call.wikibase.rest}/entities/{kind}/{entity}/statements/"
    place += kept["id"].replace("$", "%24")
    return shown(revision, call.statement_form(kept), 201, location=place)


def replace_statement(
    call: Call, statement: str, kind: str | None = None, number: str | None = None
) -> Response:
    """Replace a statement by another of the same property."""
    entity = check_owner(call, statement, kind, number)
    claim = StatementCheck(SENT, call.wikibase.context).statement(
        call.body["statement"], "/statement"
    )
    call.check_metadata()
    before, old = _entity(call, entity)
    call.check_may_edit(entity)
    message = "The input value cannot be modified"
    if claim.get("id", statement) != statement:
        raise coded("cannot-modify-read-only-value", message, path="/statement/id")
    there = find(old, statement)
    if there["mainsnak"]["property"] != claim["mainsnak"]["property"]:
        raise coded("cannot-modify-read-only-value", message, path="/statement/property/id")
    return _replace(call, before, old, {**claim, "id": statement})


def patch_statement(
    call: Call, statement: str, kind: str | None = None, number: str | None = None
) -> Response:
    """Change a statement."""
    entity = check_owner(call, statement, kind, number)
    patch = checked(call.body["patch"])
    call.check_metadata()
    before, old = _entity(call, entity)
    there = find(old, statement)
    call.check_may_edit(entity)
    form = apply(call.statement_form(there), patch)
    form = form if isinstance(form, dict) else {}
    claim = StatementCheck(PATCHED, call.wikibase.context).statement(form, "")
    if claim.get("id", statement) != statement:
        raise read_only("/id")
    if claim["mainsnak"]["property"] != there["mainsnak"]["property"]:
        raise read_only("/property/id")
    return _replace(call, before, old, {**claim, "id": statement})


def delete_statement(
    call: Call, statement: str, kind: str | None = None, number: str | None = None
) -> Response:
    """Remove a statement."""
    entity = check_owner(call, statement, kind, number)
    call.check_metadata()
    before, old = _entity(call, entity)
    call.check_may_edit(entity)
    there = find(old, statement)
    content = copy.deepcopy(dict(old))
    remove_statement(content, statement)
    call.save(content, before, of_statement("wbremoveclaims-remove", there))
    return deleted("Statement")


def _entity(call: Call, entity: str) -> tuple[Revision, Mapping[str, Any]]:
    try:
        return call.entity(entity)
    except Refusal as refusal:
        if refusal.reason == "no-such-entity":
            raise missing_statement() from refusal
        raise


def _replace(
    call: Call, before: Revision, old: Mapping[str, Any], claim: Mapping[str, Any]
) -> Response:
    kept = stored_statement(claim)
    content = copy.deepcopy(dict(old))
    put_statement(content, kept)
    revision = call.save(content, before, of_statement("wbsetclaim-update", kept))
    return shown(revision, call.statement_form(kept))
