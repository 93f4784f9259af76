"""action=wbeditentity: a whole entity in one edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.wikibase import entities
from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.checking import check_statement
from sandbox.wikibase.action.errors import ApiError, Message
from sandbox.wikibase.action.parameters import Module, flag, one_of, text
from sandbox.wikibase.action.sitelinks import checked_sitelink
from sandbox.wikibase.action.summaries import edit_summary
from sandbox.wikibase.action.writing import (
    WRITE,
    Opened,
    fail,
    json_parameter,
    open_entity,
    parse_statement,
    save,
)
from sandbox.wikibase.refusals import Refusal
from sandbox.wikibase.settings import DATA_TYPES
from sandbox.wikibase.terms import check_term, cleaned, term_languages

_SELECTOR = (
    'You need to provide either an entity "id", or a "site" and "page" combination, but not both.'
)
_SELECTOR_HTML = (
    "You need to provide either an entity <var>id</var>, or a <var>site</var> and <var>page</var>"
    " combination, but not both."
)
_NEW_AND_ID = (
    'Either provide the item "id" or pairs of "site" and "title" or a "new" type for an entity'
)
_LETTERS = {"item": "Q", "property": "P"}


def edit_entity(call: Call) -> dict[str, Any]:
    """Make a new entity, or change what `data` names in one."""
    data = json_parameter(
        call["data"], fail("invalid-json", "wikibase-api-invalid-json", "Invalid json in request.")
    )
    opened = _opened(data, call)
    if call["clear"]:
        opened.content = entities.empty(opened.id, opened.content.get("datatype"))
        opened.clear = True
    if isinstance(data, Mapping):
        _change(data, opened, call)
    right = _right(opened)
    saved = save(
        opened,
        edit_summary(
            opened.before, opened.content, cleared=bool(call["clear"]), own=call["summary"]
        ),
        call,
        right,
    )
    answer = entities.shown(opened.content, call.wikibase.state.datatype)
    answer["lastrevid"] = saved.revision.id
    if not saved.changed:
        answer["nochange"] = True
    return {"entity": answer, "success": 1}


def _right(opened: Opened) -> str:
    return "property-create" if not opened.base and opened.id[0] == "P" else "edit"


def _opened(data: Any, call: Call) -> Opened:
    new, given, site, title = call["new"], call["id"], call["site"], call["title"]
    if new is not None and (given is not None or site is not None or title is not None):
        words = f"⧼{_NEW_AND_ID}⧽"
        html = words.replace('"', "&quot;")
        raise ApiError.wikibase("param-illegal", Message(_NEW_AND_ID, words, html=html))
    if new is not None:
        return _new(new, data, call)
    if given is None and site is not None and title is not None:
        given = call.wikibase.state.linked(site, title)
        if given is None:
            words = "Could not find an entity with the provided site and page title."
            raise fail("no-such-entity-link", "wikibase-api-no-such-entity-link", words)
    elif given is None or site is not None or title is not None:
        name = "wikibase-api-illegal-id-or-site-page-selector"
        raise ApiError.wikibase("param-illegal", Message(name, _SELECTOR, html=_SELECTOR_HTML))
    return open_entity(given, call)


def _new(kind: str, data: Any, call: Call) -> Opened:
    datatype = data.get("datatype") if isinstance(data, Mapping) else None
    if kind == "property" and datatype not in DATA_TYPES:
        words = "A datatype was expected, but either missing or not recognized."
        raise fail("param-illegal", "wikibase-api-not-recognized-datatype", words)
    if call["tags"]:
        call.wikibase.editing.check_tags(call["tags"])
    right = "property-create" if kind == "property" else "edit"
    call.wikibase.editing.check_may_edit(call.session, None, right)
    number = call.wikibase.state.new_id(_LETTERS[kind])
    content = entities.empty(number, datatype if kind == "property" else None)
    return Opened(number, 0, content, {})


def _change(data: Mapping[str, Any], opened: Opened, call: Call) -> None:
    for field in ("labels", "descriptions"):
        if field in data and field in opened.content:
            _change_terms(field, data[field], opened, call)
    if "aliases" in data and "aliases" in opened.content:
        _change_aliases(data["aliases"], opened, call)
    field = entities.claims_field(opened.content)
    if field in data or "claims" in data:
        _change_claims(data.get(field, data.get("claims")), opened, call)
    if "sitelinks" in data and "sitelinks" in opened.content:
        _change_sitelinks(data["sitelinks"], opened, call)


def _entries(given: Any, error: ApiError) -> list[tuple[str, Any]]:
    """The parts of a map, or of a list, whose keys say nothing."""
    if isinstance(given, list):
        return [("", one) for one in given]
    if not isinstance(given, Mapping):
        raise error
    return list(given.items())


def _not_an_array() -> ApiError:
    return fail("not-recognized-array", "wikibase-api-must-be-array", "An array was expected.")


def _language(key: str, term: Any, field: str, call: Call) -> str:
    if not isinstance(term, Mapping):
        raise _not_an_array()
    language = term.get("language")
    if not isinstance(language, str):
        raise fail("missing-language", "wikibase-api-missing-language", "A language is missing.")
    if key and key != language:
        words = "Inconsistent language detected."
        raise fail("inconsistent-language", "wikibase-api-inconsistent-language", words)
    if language not in term_languages(call.wikibase.settings, field):
        words = "The supplied language code was not recognized."
        raise fail("not-recognized-language", "wikibase-api-not-recognized-language", words)
    return language


def _text(term: Mapping[str, Any]) -> str:
    value = term.get("value", "")
    if not isinstance(value, str):
        raise fail(
            "not-recognized-string", "wikibase-api-not-recognized-string", "A string was expected."
        )
    return cleaned(value)


def _change_terms(field: str, given: Any, opened: Opened, call: Call) -> None:
    for key, term in _entries(given, _not_an_array()):
        language = _language(key, term, field, call)
        value = _text(term)
        if "remove" in term or not value:
            opened.content[field].pop(language, None)
            continue
        check_term(field, language, value, call.wikibase.settings)
        opened.content[field][language] = {"language": language, "value": value}


def _change_aliases(given: Any, opened: Opened, call: Call) -> None:
    by_language: dict[str, list[Mapping[str, Any]]] = {}
    for key, entry in _entries(given, _not_an_array()):
        for term in entry if isinstance(entry, list) else [entry]:
            by_language.setdefault(_language(key, term, "aliases", call), []).append(term)
        if entry == [] and key:
            by_language.setdefault(key, [])
    aliases = opened.content["aliases"]
    for language, terms in by_language.items():
        there = [alias["value"] for alias in aliases.get(language, [])]
        setting = [_text(term) for term in terms if "add" not in term and "remove" not in term]
        result = setting if setting or not terms else there
        result = result + [_text(term) for term in terms if "add" in term]
        gone = {_text(term) for term in terms if "remove" in term}
        kept = [value for value in dict.fromkeys(result) if value and value not in gone]
        for value in kept:
            check_term("aliases", language, value, call.wikibase.settings)
        if kept:
            aliases[language] = [{"language": language, "value": value} for value in kept]
        else:
            aliases.pop(language, None)


def _change_claims(given: Any, opened: Opened, call: Call) -> None:
    parts = []
    for _, entry in _entries(given, _not_an_array()):
        parts += entry if isinstance(entry, list) else [entry]
    changes: list[tuple[str, dict[str, Any] | None]] = []
    for part in parts:
        if isinstance(part, Mapping) and "remove" in part:
            if not isinstance(part.get("id"), str):
                raise fail(
                    "invalid-claim",
                    "wikibase-api-invalid-claim",
                    "A statement to remove needs an id",
                )
            changes.append((part["id"], None))
        else:
            parsed = parse_statement(part, opened.id)
            changes.append((parsed["id"], parsed))
    for guid, statement in changes:
        if statement is None:
            if entities.remove_statement(opened.content, guid) is None:
                words = f"Entity does not have statement with GUID {guid}"
                raise Refusal("modification", words=words)
            continue
        if guid.partition("$")[0].upper() != opened.id:
            raise Refusal("modification", words="Claim GUID is not from this entity")
        check_statement(statement, call.wikibase.context)
        entities.put_statement(opened.content, statement)


def _change_sitelinks(given: Any, opened: Opened, call: Call) -> None:
    links = opened.content["sitelinks"]
    for key, link in _entries(given, _not_an_array()):
        if not isinstance(link, Mapping) or not isinstance(link.get("site"), str):
            raise _not_an_array()
        site = link["site"]
        if key and key != site:
            raise fail(
                "inconsistent-site", "wikibase-api-inconsistent-site", "Inconsistent site detected."
            )
        if "remove" in link or not link.get("title"):
            links.pop(site, None)
        else:
            links[site] = checked_sitelink(site, link["title"], link.get("badges"), call)


MODULES = (
    Module(
        "wbeditentity",
        edit_entity,
        {
            "id": text(),
            "new": one_of("item", "property"),
            "site": text(),
            "title": text(),
            "data": text(required=True),
            "clear": flag(),
            **WRITE,
        },
        writes=True,
        guarded_by="csrf",
        posted=True,
    ),
)
