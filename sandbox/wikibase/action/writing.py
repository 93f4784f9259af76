"""What every module that edits an entity does: load it, save it, tell what came of it."""

from __future__ import annotations

import copy
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.wikibase import entities
from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.errors import ApiError, Message
from sandbox.wikibase.action.parameters import Parameter, flag, many, number, text
from sandbox.wikibase.action.reading import entity_id
from sandbox.wikibase.edits import Edit, Saved
from sandbox.wikibase.phpjson import loads
from sandbox.wikibase.refusals import Refusal
from sandbox.wikibase.values import parse_snak

WRITE: dict[str, Parameter] = {
    "summary": text(),
    "tags": many(),
    "baserevid": number(),
    "bot": flag(),
}
"""The parameters that every editing module takes."""
_GUID = re.compile(
    r"[QPMqpm][1-9]\d*\$[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\Z"
)
_RANKS = ("preferred", "normal", "deprecated")
PATCHED = Message("wikibase-conflict-patched", "Your edit was patched into the latest version.")


@dataclass
class Opened:
    """An entity to be edited: `content` is a copy to change, `base` the revision it is from."""

    id: str
    base: int
    content: dict[str, Any]
    before: Mapping[str, Any]
    clear: bool = False


def fail(code: str, name: str, words: str, *parameters: Any, **data: Any) -> ApiError:
    """An error with one of Wikibase's messages."""
    return ApiError.wikibase(code, Message(name, words, parameters), **data)


def open_entity(given: str, call: Call, right: str = "edit") -> Opened:
    """The entity with an id, or the one it redirects to, at baserevid if that is given.

    Raises ApiError, Refusal: also where the author may not edit it.
    """
    number = entity_id(given)
    if number is None:
        raise fail("invalid-entity-id", "wikibase-api-invalid-entity-id", "Invalid entity ID.")
    wikibase = call.wikibase
    if call["tags"]:
        wikibase.editing.check_tags(call["tags"])
    number = wikibase.state.resolve(number)
    base = call["baserevid"]
    if base is None:
        revision, content = wikibase.state.entity(number)
    else:
        found = wikibase.state.revision(base)
        page = wikibase.state.page(number)
        if found is None or page is None or page.deleted or found.page != page.id:
            raise Refusal("no-such-revision")
        revision, content = found, wikibase.state.content(found)
    wikibase.editing.check_may_edit(call.session, number, right)
    return Opened(number, revision.id, copy.deepcopy(dict(content)), content)


def save(opened: Opened, comment: str, call: Call, right: str = "edit") -> Saved:
    """Save what was changed, patching it in where the entity has moved on. Raises Refusal."""
    edit = Edit(
        opened.id,
        opened.content,
        comment[:500],
        opened.base,
        bot=bool(call["bot"]),
        tags=tuple(call["tags"] or ()),
        patch=True,
        clear=opened.clear,
        right=right,
    )
    saved = call.wikibase.editing.save(call.session, edit)
    if saved.patched:
        call.note(PATCHED)
    return saved


def save_claims(opened: Opened, comment: str, call: Call) -> dict[str, Any]:
    """Save, and tell it as the modules for statements do."""
    saved = save(opened, comment, call)
    return {"pageinfo": {"lastrevid": saved.revision.id}, "success": 1}


def shown(statement: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """A statement as answers have it."""
    return entities.shown_statement(statement, call.wikibase.state.datatype)


def new_guid(entity: str) -> str:
    """A fresh statement id."""
    return f"{entity}${str(uuid.uuid4()).upper()}"


def the_statement(opened: Opened, guid: str) -> dict[str, Any]:
    """The statement with an id. Raises ApiError no-such-claim."""
    found = entities.find_statement(opened.content, guid)
    if found is None:
        raise fail("no-such-claim", "wikibase-api-no-such-claim", "Could not find such a claim.")
    return found


def entity_of(guid: str) -> str:
    """The entity that a statement id belongs to. Raises ApiError invalid-guid."""
    if not _GUID.match(guid):
        raise fail("invalid-guid", "wikibase-api-invalid-guid", "Invalid claim guid.")
    return guid.partition("$")[0].upper()


def json_parameter(raw: str, error: ApiError) -> Any:
    """The value of a JSON parameter; the error is raised where it is none."""
    try:
        return loads(raw)
    except (json.JSONDecodeError, ValueError, RecursionError):
        raise error from None


def invalid_claim(words: str) -> ApiError:
    """The error for what is no statement."""
    return fail("invalid-claim", "wikibase-api-invalid-claim", words, words)


def parse_statement(given: Any, entity: str) -> dict[str, Any]:
    """A statement in JSON, read but not checked against its properties.

    One without an id gets one. Raises ApiError, BadValue.
    """
    if not isinstance(given, Mapping) or given.get("type") not in ("statement", "claim"):
        raise invalid_claim("")
    if "mainsnak" not in given:
        raise invalid_claim('Attribute "mainsnak" is missing')
    rank = given.get("rank", "normal")
    if rank not in _RANKS:
        raise invalid_claim(f'The rank "{rank}" is invalid')
    guid = given.get("id")
    if guid is None:
        guid = new_guid(entity)
    elif not isinstance(guid, str) or guid.count("$") != 1:
        raise invalid_claim("$serialization does not have the correct number of parts")
    elif not _GUID.match(guid):
        raise invalid_claim("$serialization is not a valid Statement GUID")
    qualifiers = entities.flat_snaks(given.get("qualifiers"), given.get("qualifiers-order"))
    return entities.stored_statement(
        {
            "mainsnak": parse_snak(given["mainsnak"]),
            "type": "statement",
            "qualifiers": [parse_snak(snak) for snak in qualifiers],
            "id": guid,
            "rank": rank,
            "references": [parse_reference(one) for one in given.get("references") or []],
        }
    )


def parse_reference(given: Any) -> dict[str, Any]:
    """A reference in JSON, read but not checked. Raises ApiError, BadValue."""
    if not isinstance(given, Mapping) or "snaks" not in given:
        raise invalid_claim('Attribute "snaks" is missing')
    snaks = entities.flat_snaks(given["snaks"], given.get("snaks-order"))
    return entities.stored_reference({"snaks": [parse_snak(snak) for snak in snaks]})
