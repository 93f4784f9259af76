"""The reads of the REST API: entities and their parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.wikibase.http import Response
from sandbox.wikibase.refusals import Refusal
from sandbox.wikibase.rest_call import (
    KINDS,
    Call,
    elsewhere,
    missing_statement,
    plain,
    shown,
    statement_entity,
)
from sandbox.wikibase.rest_errors import bad_path, bad_query, coded, not_found
from sandbox.wikibase.rest_form import (
    FIELDS,
    aliases_form,
    sitelinks_form,
    statements_form,
    terms_form,
)
from sandbox.wikibase.settings import DATA_TYPES
from sandbox.wikibase.terms import term_languages

SINGULAR = {"labels": "label", "descriptions": "description", "aliases": "aliases"}


def get_entity(call: Call, kind: str, number: str) -> Response:
    """A whole entity, or the fields named by `_fields`."""
    number = call.entity_id(kind, number)
    fields = call.query.get("_fields")
    wanted = fields.split(",") if fields else list(FIELDS[kind])
    if not set(wanted) <= set(FIELDS[kind]):
        raise bad_query("_fields")
    revision, content = call.entity(number)
    form = call.entity_form(content)
    return shown(revision, {name: form[name] for name in ("id", *wanted)})


def get_statements(call: Call, kind: str, number: str) -> Response:
    """An entity's statements, or those of one property."""
    number = call.entity_id(kind, number)
    prop = call.query.get("property")
    if prop is not None and not (prop[:1] == "P" and prop[1:].isdecimal()):
        raise bad_query("property")
    revision, content = call.entity(number)
    form = statements_form(content, call.wikibase.state.datatype)
    if prop is not None:
        form = {prop: form[prop]} if prop in form else {}
    return shown(revision, form)


def get_statement(
    call: Call, statement: str, kind: str | None = None, number: str | None = None
) -> Response:
    """One statement, by its id alone or below its entity."""
    entity = check_owner(call, statement, kind, number)
    try:
        revision, content = call.entity(entity)
    except Refusal as refusal:
        if number is not None:
            raise
        raise missing_statement() from refusal
    claim = find(content, statement)
    return shown(revision, call.statement_form(claim))


def check_owner(call: Call, statement: str, kind: str | None, number: str | None) -> str:
    """The entity that a statement's id is of, which has to be the one in the address, if any."""
    if kind is not None and number is not None:
        wanted = call.entity_id(kind, number)
        if statement.partition("$")[0].upper() != wanted:
            name = KINDS[kind]
            message = f"IDs of the {name.capitalize()} and the Statement do not match"
            context = {f"{name}_id": number, "statement_id": statement}
            raise coded(f"{name}-statement-id-mismatch", message, **context)
    return statement_entity(statement)[1]


def find(content: Mapping[str, Any], statement: str) -> Mapping[str, Any]:
    """The statement with an id, to the letter. Raises RestError."""
    for group in content["claims"].values():
        for claim in group:
            if claim["id"] == statement:
                found: Mapping[str, Any] = claim
                return found
    raise missing_statement()


def get_terms(call: Call, kind: str, number: str, field: str) -> Response:
    """Labels, descriptions or aliases of an entity."""
    revision, content = call.entity(call.entity_id(kind, number))
    return shown(revision, _forms(content, field))


def get_term(call: Call, kind: str, number: str, field: str, language: str) -> Response:
    """A label, a description or the aliases in one language."""
    number = call.entity_id(kind, number)
    check_language(call, field, language)
    revision, content = call.entity(number)
    form = _forms(content, field)
    if language not in form:
        raise not_found(SINGULAR[field])
    return shown(revision, form[language])


def get_term_with_fallback(
    call: Call, kind: str, number: str, field: str, language: str
) -> Response:
    """A label or description in a language, or where to find it in the next best one."""
    entity = call.entity_id(kind, number)
    check_language(call, field, language)
    revision, content = call.entity(entity)
    form = _forms(content, field)
    mul = ("mul",) if call.wikibase.settings.mul and field == "labels" else ()
    for other in (language, language.partition("-")[0], *mul, "en"):
        if other in form and other == language:
            return shown(revision, form[language])
        if other in form:
            place = f"{call.wikibase.rest}/entities/{kind}/{entity}/{field}/{other}"
            return elsewhere(307, place)
    raise not_found(SINGULAR[field])


def check_language(call: Call, field: str, language: str) -> None:
    """Refuse an address with a language that such a term may not have."""
    if language not in term_languages(call.wikibase.settings, field):
        raise bad_path("language_code")


def get_sitelinks(call: Call, number: str) -> Response:
    """An item's sitelinks."""
    revision, content = call.entity(call.entity_id("items", number))
    return shown(revision, sitelinks_form(content, call.link))


def get_sitelink(call: Call, number: str, site: str) -> Response:
    """An item's sitelink to one site."""
    number = call.entity_id("items", number)
    check_site(call, site)
    revision, content = call.entity(number)
    form = sitelinks_form(content, call.link)
    if site not in form:
        raise not_found("sitelink")
    return shown(revision, form[site])


def check_site(call: Call, site: str) -> None:
    """Refuse an address with a site that the wiki does not know."""
    if site not in call.wikibase.settings.sites:
        raise bad_path("site_id")


def get_data_types(call: Call) -> Response:
    """The data types of the wiki's properties, each with the type of its values."""
    return plain(dict(DATA_TYPES))


def _forms(content: Mapping[str, Any], field: str) -> dict[str, Any]:
    return aliases_form(content) if field == "aliases" else terms_form(content, field)
