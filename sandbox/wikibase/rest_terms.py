"""The writes of the REST API on single labels, descriptions, aliases and sitelinks."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sandbox.wikibase.http import Response
from sandbox.wikibase.rest_call import Call, deleted, shown
from sandbox.wikibase.rest_errors import PATCHED, SENT, Faults, not_found
from sandbox.wikibase.rest_form import aliases_form, sitelinks_form, terms_form
from sandbox.wikibase.rest_item import (
    check_text,
    read_aliases,
    read_aliases_in,
    read_sitelink,
    read_terms,
)
from sandbox.wikibase.rest_patch import apply, checked
from sandbox.wikibase.rest_reads import SINGULAR, check_language, check_site
from sandbox.wikibase.rest_summary import of_patch, of_sitelink, of_term
from sandbox.wikibase.terms import check_fingerprint


def put_term(call: Call, kind: str, number: str, field: str, language: str) -> Response:
    """Set a label or description."""
    entity = call.entity_id(kind, number)
    check_language(call, field, language)
    call.check_metadata()
    before, old = call.entity(entity)
    call.check_may_edit(entity)
    path = f"/{SINGULAR[field]}"
    text = call.body[SINGULAR[field]].strip()
    if not text:
        raise SENT.invalid(path, text)
    check_text(text, path, SENT, call.wikibase.context)
    content = copy.deepcopy(dict(old))
    there = language in content[field]
    content[field][language] = {"language": language, "value": text}
    check_fingerprint(content, old, call.wikibase.state)
    action = "set" if there else "add"
    revision = call.save(content, before, of_term(field, action, language, text))
    return shown(revision, text, 200 if there else 201)


def delete_term(call: Call, kind: str, number: str, field: str, language: str) -> Response:
    """Remove a label or description."""
    entity = call.entity_id(kind, number)
    check_language(call, field, language)
    call.check_metadata()
    before, old = call.entity(entity)
    call.check_may_edit(entity)
    if language not in old[field]:
        raise not_found(SINGULAR[field])
    content = copy.deepcopy(dict(old))
    text = content[field].pop(language)["value"]
    call.save(content, before, of_term(field, "remove", language, text))
    return deleted(SINGULAR[field].capitalize())


def patch_terms(call: Call, kind: str, number: str, field: str) -> Response:
    """Change labels, descriptions or aliases in any languages."""
    entity = call.entity_id(kind, number)
    patch = checked(call.body["patch"])
    call.check_metadata()
    before, old = call.entity(entity)
    call.check_may_edit(entity)
    form = apply(_form(old, field), patch)
    content = copy.deepcopy(dict(old))
    content[field] = _read(form, field, PATCHED, call, old)
    if field != "aliases":
        check_fingerprint(content, old, call.wikibase.state)
    revision = call.save(content, before, of_patch(old, content))
    return shown(revision, _form(content, field))


def post_aliases(call: Call, kind: str, number: str, field: str, language: str) -> Response:
    """Add aliases to those of a language."""
    entity = call.entity_id(kind, number)
    check_language(call, field, language)
    given = read_aliases_in(call.body["aliases"], language, "/aliases", SENT, call.wikibase.context)
    call.check_metadata()
    before, old = call.entity(entity)
    call.check_may_edit(entity)
    content = copy.deepcopy(dict(old))
    there = content["aliases"].get(language, [])
    new = [alias for alias in given if alias not in there]
    content["aliases"][language] = there + new
    texts = ", ".join(alias["value"] for alias in new)
    revision = call.save(content, before, of_term(field, "add", language, texts))
    return shown(revision, aliases_form(content)[language], 200 if there else 201)


def put_sitelink(call: Call, number: str, site: str) -> Response:
    """Set the sitelink to a site."""
    entity = call.entity_id("items", number)
    check_site(call, site)
    link = read_sitelink(call.body["sitelink"], site, "/sitelink", SENT, call.wikibase.context)
    call.check_metadata()
    before, old = call.entity(entity)
    call.check_may_edit(entity)
    content = copy.deepcopy(dict(old))
    there = site in content["sitelinks"]
    content["sitelinks"][site] = link
    action = "set" if there else "add"
    revision = call.save(content, before, of_sitelink(action, site, link["title"]))
    form = sitelinks_form(content, call.link)[site]
    return shown(revision, form, 200 if there else 201)


def delete_sitelink(call: Call, number: str, site: str) -> Response:
    """Remove the sitelink to a site."""
    entity = call.entity_id("items", number)
    check_site(call, site)
    call.check_metadata()
    before, old = call.entity(entity)
    call.check_may_edit(entity)
    if site not in old["sitelinks"]:
        raise not_found("sitelink")
    content = copy.deepcopy(dict(old))
    link = content["sitelinks"].pop(site)
    call.save(content, before, of_sitelink("remove", site, link["title"]))
    return deleted("Sitelink")


def _form(content: Mapping[str, Any], field: str) -> dict[str, Any]:
    return aliases_form(content) if field == "aliases" else terms_form(content, field)


def _read(form: Any, field: str, faults: Faults, call: Call, old: Mapping[str, Any]) -> Any:
    context = call.wikibase.context
    form = {} if form == [] else form
    if field == "aliases":
        return read_aliases(form, "", faults, context)
    return read_terms(form, field, "", faults, context, old[field])
