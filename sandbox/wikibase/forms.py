"""What the forms on the wiki's pages do: another value, another label, another text."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.wikibase import entities
from sandbox.wikibase.accounts import Session
from sandbox.wikibase.action.summaries import about_snak, summary
from sandbox.wikibase.edits import Edit
from sandbox.wikibase.phpjson import dumps, loads
from sandbox.wikibase.refusals import Refusal
from sandbox.wikibase.settings import DATA_TYPES
from sandbox.wikibase.terms import check_term, cleaned
from sandbox.wikibase.titles import namespace_of
from sandbox.wikibase.values import read_snak

if TYPE_CHECKING:
    from sandbox.wikibase.server import Wikibase

_RANKS = ("preferred", "normal", "deprecated")
_SHORT = {"somevalue": "(some value)", "novalue": "(no value)"}


def editable(snak: Mapping[str, Any]) -> str:
    """A snak's value as text to be edited: plain, an id, or JSON."""
    if snak["snaktype"] != "value":
        return _SHORT[snak["snaktype"]]
    value = snak["datavalue"]["value"]
    if isinstance(value, str):
        return value
    return str(value["id"]) if "entity-type" in value else dumps(value)


def save(
    action: str, title: str, form: Mapping[str, str], session: Session, wikibase: Wikibase
) -> str:
    """Do what a form asks for; what is wrong, in words, or nothing."""
    if wikibase.settings.read_only:
        return f"The wiki is read-only: {wikibase.settings.read_only}"
    try:
        if action == "text":
            return _save_text(title, form, session, wikibase)
        return _save_entity(action, title, form, session, wikibase)
    except Refusal as refusal:
        told = refusal.facts.get("error") or refusal.facts.get("message") or ""
        return f"The edit was not saved: {refusal.reason} {told}".strip()


def _save_text(title: str, form: Mapping[str, str], session: Session, wikibase: Wikibase) -> str:
    namespace = namespace_of(title, wikibase.settings)
    if namespace in (0, 120):
        return "Direct editing is disabled in this namespace."
    if "edit" not in session.rights or wikibase.accounts.block_of(session):
        return "You may not edit."
    text, comment = form.get("text", "").replace("\r\n", "\n"), form.get("summary", "")
    wikibase.state.save_text(title, text.rstrip(), session.author, comment, ns=namespace)
    return ""


def _save_entity(
    action: str, title: str, form: Mapping[str, str], session: Session, wikibase: Wikibase
) -> str:
    page = wikibase.state.page_titled(title)
    if page is None or page.entity is None:
        return "There is no such entity."
    revision, before = wikibase.state.entity(page.entity)
    content = copy.deepcopy(dict(before))
    if action == "label":
        comment = _set_label(content, form, wikibase)
    else:
        statement = entities.find_statement(content, form.get("statement", ""))
        if statement is None:
            return "The statement is no longer there."
        if action == "remove":
            entities.remove_statement(content, statement["id"])
            about = about_snak(statement["mainsnak"])
            comment = summary("wbremoveclaims-remove", None, count=1, about=about)
        elif action == "value":
            comment = _set_value(statement, form, wikibase)
        else:
            return "There is no such form."
    wikibase.editing.save(session, Edit(page.entity, content, comment, revision.id, patch=True))
    return ""


def _set_label(content: dict[str, Any], form: Mapping[str, str], wikibase: Wikibase) -> str:
    language, text = form.get("language", ""), cleaned(form.get("value", ""))
    if text:
        check_term("labels", language, text, wikibase.settings)
        content["labels"][language] = {"language": language, "value": text}
    else:
        content["labels"].pop(language, None)
    action = "wbsetlabel-set" if text else "wbsetlabel-remove"
    return summary(action, None, count=1, language=language, about=text)


def _set_value(statement: dict[str, Any], form: Mapping[str, str], wikibase: Wikibase) -> str:
    old = statement["mainsnak"]
    snak = {"snaktype": old["snaktype"], "property": old["property"]}
    text = form.get("value", "").replace("\r\n", "\n")
    shown = {words: kind for kind, words in _SHORT.items()}
    if text in shown:
        snak["snaktype"] = shown[text]
    else:
        snak |= {"snaktype": "value", "datavalue": _read(text, old, wikibase)}
    statement["mainsnak"] = read_snak(snak, wikibase.context)
    if form.get("rank") in _RANKS:
        statement["rank"] = form["rank"]
    about = about_snak(statement["mainsnak"])
    return summary("wbsetclaim-update", None, count=2, args=(1,), about=about)


def _read(text: str, old: Mapping[str, Any], wikibase: Wikibase) -> dict[str, Any]:
    kind = DATA_TYPES.get(wikibase.state.datatype(old["property"]) or "string", "string")
    if kind == "string":
        return {"value": text, "type": kind}
    if kind == "wikibase-entityid":
        return {"value": {"id": text.strip()}, "type": kind}
    try:
        return {"value": loads(text), "type": kind}
    except json.JSONDecodeError as error:
        raise Refusal("unreadable", error=str(error)) from None
