"""Merging items and making redirects: wbmergeitems, wbcreateredirect."""

from __future__ import annotations

import copy
from typing import Any

from sandbox.wikibase import entities
from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.errors import ApiError
from sandbox.wikibase.action.parameters import Module, many, text
from sandbox.wikibase.action.reading import entity_id
from sandbox.wikibase.action.summaries import summary
from sandbox.wikibase.action.writing import WRITE, fail, new_guid
from sandbox.wikibase.edits import Edit, Saved

_IGNORABLE = ("description", "sitelink", "statement")


def merge_items(call: Call) -> dict[str, Any]:
    """action=wbmergeitems: all that the first has goes to the second; then it redirects there."""
    state = call.wikibase.state
    source, target = (_item(call[name]) for name in ("fromid", "toid"))
    if source == target:
        raise _failed("fromid and toid can not be the same")
    ignored = set(call["ignoreconflicts"] or [])
    from_revision, from_content = state.entity(source)
    to_revision, to_content = state.entity(target)
    for entity in (source, target):
        call.wikibase.editing.check_may_edit(call.session, entity, "item-merge")
    left, merged = copy.deepcopy(dict(from_content)), copy.deepcopy(dict(to_content))
    _merge(left, merged, ignored)
    own = call["summary"]
    with state.transaction():
        first = _save(call, left, from_revision.id, summary("wbmergeitems-to", own, args=(target,)))
        second = _save(
            call, merged, to_revision.id, summary("wbmergeitems-from", own, args=(source,))
        )
        redirected = left == entities.empty(source)
        if redirected:
            first = _redirect(call, source, target, first.revision.id)
    return {
        "success": 1,
        "redirected": int(redirected),
        "from": {"id": source, "type": "item", "lastrevid": first.revision.id},
        "to": {"id": target, "type": "item", "lastrevid": second.revision.id},
    }


def create_redirect(call: Call) -> dict[str, Any]:
    """action=wbcreateredirect, from an item with nothing in it."""
    source, target = (_item(call[name]) for name in ("from", "to"))
    state = call.wikibase.state
    page = state.page(source)
    if page is None or page.deleted:
        words = f'Could not find an entity with the ID "{source}".'
        raise fail("no-such-entity", "wikibase-api-no-such-entity", words, source)
    if not state.exists(target):
        words = f"Could not find an entity with the ID {target}."
        raise fail("no-such-entity", "wikibase-api-no-such-entity", words, target)
    call.wikibase.editing.check_may_edit(call.session, source, "item-redirect")
    latest = state.revision(page.latest)
    if page.redirect is None and latest and state.content(latest) != entities.empty(source):
        words = f"Can't create redirect on non empty item {source}"
        raise fail("origin-not-empty", "wikibase-itemmerge-origin-not-empty", words, source)
    _redirect(call, source, target, page.latest)
    return {"success": 1, "redirect": target}


def _item(given: str) -> str:
    number = entity_id(given)
    if number is None or number[0] != "Q":
        words = "You need to provide valid item IDs."
        raise fail("invalid-entity-id", "wikibase-api-invalid-entity-id", words)
    return number


def _failed(why: str) -> ApiError:
    words = "Attempted modification of the Item failed."
    return fail("failed-modify", "wikibase-api-failed-modify", words, extradata=[why])


def _save(call: Call, content: dict[str, Any], base: int, comment: str) -> Saved:
    bot, tags = bool(call["bot"]), tuple(call["tags"] or ())
    entity = content["id"]
    edit = Edit(entity, content, comment, base, bot=bot, tags=tags, patch=True, right="item-merge")
    return call.wikibase.editing.save(call.session, edit)


def _redirect(call: Call, source: str, target: str, base: int) -> Saved:
    comment = summary("wbcreateredirect", call["summary"], args=(source, target))
    content = {"entity": source, "redirect": target}
    bot, tags = bool(call["bot"]), tuple(call["tags"] or ())
    edit = Edit(source, content, comment, base, bot=bot, tags=tags, right="item-redirect")
    return call.wikibase.editing.save(call.session, edit)


def _merge(left: dict[str, Any], merged: dict[str, Any], ignored: set[str]) -> None:
    for language, label in list(left["labels"].items()):
        there = merged["labels"].get(language)
        if there is None:
            merged["labels"][language] = label
        elif there != label:
            _add_alias(merged, language, label)
        del left["labels"][language]
    for language, description in list(left["descriptions"].items()):
        there = merged["descriptions"].get(language)
        if there not in (None, description):
            if "description" not in ignored:
                raise _failed(f"Conflicting descriptions for language {language}")
            continue
        merged["descriptions"][language] = description
        del left["descriptions"][language]
    for language, aliases in list(left["aliases"].items()):
        for alias in aliases:
            _add_alias(merged, language, alias)
        del left["aliases"][language]
    for site, link in list(left["sitelinks"].items()):
        there = merged["sitelinks"].get(site)
        if there is not None and there["title"] != link["title"]:
            if "sitelink" not in ignored:
                raise _failed(f"Conflicting sitelinks for {site}")
            continue
        merged["sitelinks"][site] = link
        del left["sitelinks"][site]
    for statement in list(entities.statements(left)):
        _merge_statement(statement, merged)
    left["claims"] = {}


def _add_alias(merged: dict[str, Any], language: str, alias: dict[str, str]) -> None:
    there = merged["aliases"].setdefault(language, [])
    if alias not in there and alias != merged["labels"].get(language):
        there.append(alias)
    if not there:
        del merged["aliases"][language]


def _merge_statement(statement: dict[str, Any], merged: dict[str, Any]) -> None:
    for other in entities.statements(merged):
        same = other["mainsnak"]["hash"] == statement["mainsnak"]["hash"]
        if same and _qualifier_hashes(other) == _qualifier_hashes(statement):
            references = other.get("references", [])
            hashes = {one["hash"] for one in references}
            references += [r for r in statement.get("references", []) if r["hash"] not in hashes]
            if references:
                other["references"] = references
            return
    entities.put_statement(merged, {**statement, "id": new_guid(merged["id"])})


def _qualifier_hashes(statement: dict[str, Any]) -> list[str]:
    groups = statement.get("qualifiers", {}).values()
    return sorted(snak["hash"] for group in groups for snak in group)


def _writing(name: str, run: Any, parameters: dict[str, Any]) -> Module:
    common = {name: WRITE[name] for name in ("summary", "tags", "bot")}
    return Module(name, run, {**parameters, **common}, writes=True, guarded_by="csrf", posted=True)


MODULES = (
    _writing(
        "wbmergeitems",
        merge_items,
        {
            "fromid": text(required=True),
            "toid": text(required=True),
            "ignoreconflicts": many(*_IGNORABLE),
        },
    ),
    _writing(
        "wbcreateredirect",
        create_redirect,
        {"from": text(required=True), "to": text(required=True)},
    ),
)
