"""Reading entities: wbgetentities and wbgetclaims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandbox.wikibase import entities
from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.errors import ApiError, Message
from sandbox.wikibase.action.parameters import Module, flag, many, names, one_of, text
from sandbox.wikibase.action.refused import sitelink_url
from sandbox.wikibase.state import Page, Revision

_ID = re.compile(r"[QPMqpm][1-9]\d{0,9}\Z")
_PROPS = names("info sitelinks sitelinks/urls aliases labels descriptions claims datatype")
_NO_SELECTOR = (
    'Either provide the Item "ids" or pairs of "sites" and "titles" for corresponding page'
)
FALLBACKS = {
    "de-at": ("de",),
    "de-ch": ("de",),
    "en-gb": (),
    "en-ca": (),
    "sv": (),
    "nds-nl": ("nds", "nl"),
}


def entity_id(given: str) -> str | None:
    """An entity id in its one form; None where it can be none."""
    return given.upper() if _ID.match(given.strip()) else None


def get_entities(call: Call) -> dict[str, Any]:
    """action=wbgetentities."""
    state = call.wikibase.state
    ids, sites, titles = (call[name] or [] for name in ("ids", "sites", "titles"))
    if not ids and not (sites and titles):
        message = Message("wikibase-api-illegal-ids-or-sites-titles-selector", _NO_SELECTOR)
        raise ApiError.wikibase("param-missing", message)
    shown: dict[str, Any] = {}
    wanted = []
    for given in ids:
        number = entity_id(given)
        if number is None:
            words = f'Could not find an entity with the ID "{given}".'
            message = Message("wikibase-api-no-such-entity", words, (given,))
            raise ApiError.wikibase("no-such-entity", message, id=given)
        wanted.append(number)
    missing = 0
    for site, title in _pairs(sites, titles):
        owner = state.linked(site, title)
        if owner is None:
            missing -= 1
            shown[str(missing)] = {"site": site, "title": title, "missing": ""}
        else:
            wanted.append(owner)
    for number in dict.fromkeys(wanted):
        shown |= _one(number, call)
    return {"entities": shown, "success": 1}


def _pairs(sites: list[str], titles: list[str]) -> Iterator[tuple[str, str]]:
    if len(sites) == 1 or len(titles) == 1:
        yield from ((site, title) for site in sites for title in titles)
    else:
        yield from zip(sites, titles, strict=False)


def _one(number: str, call: Call) -> dict[str, Any]:
    state = call.wikibase.state
    page = state.page(number)
    if page is None or page.deleted:
        return {number: {"id": number, "missing": ""}}
    redirects = {}
    if page.redirect is not None:
        if call["redirects"] == "no":
            return {number: {"id": number, "missing": ""}}
        target = state.page(page.redirect)
        if target is None or target.deleted or target.redirect is not None:
            # A redirect to a redirect is not followed: GetEntities::getEntityRevision.
            return {number: {"id": number, "missing": ""}}
        redirects = {"redirects": {"from": number, "to": page.redirect}}
        page = target
    revision = state.revision(page.latest)
    if revision is None or page.entity is None:
        return {number: {"id": number, "missing": ""}}
    return {page.entity: entity_facts(page, revision, call) | redirects}


def entity_facts(page: Page, revision: Revision, call: Call) -> dict[str, Any]:
    """An entity with what `props` asks for."""
    content, props = call.wikibase.state.content(revision), set(call["props"])
    shown: dict[str, Any] = {}
    if "info" in props:
        shown |= {"pageid": page.id, "ns": page.ns, "title": page.title}
        shown |= {"lastrevid": revision.id, "modified": revision.time}
    shown["type"] = content["type"]
    if "datatype" in content and props & {"datatype", "info"}:
        shown["datatype"] = content["datatype"]
    shown["id"] = content["id"]
    for field in entities.fields(content):
        name = "claims" if field == "statements" else field
        if name in props:
            shown[field] = _field(field, content, call)
    return shown


def _field(field: str, content: entities.Entity, call: Call) -> Any:
    if field in ("claims", "statements"):
        datatype = call.wikibase.state.datatype
        return {
            prop: [entities.shown_statement(statement, datatype) for statement in group]
            for prop, group in content[field].items()
        }
    if field == "sitelinks":
        wanted = call["sitefilter"]
        urls = "sitelinks/urls" in call["props"]
        return {
            site: {**link, "url": sitelink_url(call, site, link["title"])} if urls else link
            for site, link in content[field].items()
            if not wanted or site in wanted
        }
    terms = content[field]
    if not call["languages"]:
        return terms
    shown = {code: terms[code] for code in call["languages"] if code in terms}
    if call["languagefallback"] and field != "aliases":
        for code in call["languages"]:
            term = fallback(terms, code) if code not in terms else None
            if term is not None:
                found = {"value": term["value"], "language": term["language"]}
                shown[code] = {**found, "for-language": code}
    return shown


def fallback(terms: entities.Entity, language: str) -> entities.Entity | None:
    """The term that stands in for one in a language: the language's chain, mul, English."""
    chain = (language, *FALLBACKS.get(language, ()), "mul", "en")
    return next((terms[code] for code in chain if code in terms), None)


def get_claims(call: Call) -> dict[str, Any]:
    """action=wbgetclaims."""
    state = call.wikibase.state
    guid, prop, rank = call["claim"], call["property"], call["rank"]
    given = call["entity"] or (guid.partition("$")[0] if guid else None)
    if given is None:
        words = "Either the entity parameter or the claim parameter need to be set."
        message = Message("wikibase-api-param-missing", words)
        raise ApiError.wikibase("param-missing", message)
    number = entity_id(given)
    if number is None:
        message = Message("wikibase-api-invalid-entity-id", "Invalid entity ID.")
        raise ApiError.wikibase("invalid-entity-id" if not guid else "invalid-guid", message)
    _, content = state.entity(state.resolve(number))
    shown: dict[str, list[Any]] = {}
    for statement in entities.statements(content):
        name = statement["mainsnak"]["property"]
        if prop is not None and name != prop.upper():
            continue
        if rank is not None and statement["rank"] != rank:
            continue
        if guid is not None and entities.same_guid(statement["id"]) != entities.same_guid(guid):
            continue
        shown.setdefault(name, []).append(entities.shown_statement(statement, state.datatype))
    return {"claims": shown}


def _site_ids(call: Call) -> tuple[str, ...]:
    return tuple(call.wikibase.settings.sites)


_DEFAULT = "info|sitelinks|aliases|labels|descriptions|claims|datatype"
MODULES = (
    Module(
        "wbgetentities",
        get_entities,
        {
            "ids": many(),
            "sites": many(),
            "titles": many(),
            "redirects": one_of("yes", "no", default="yes"),
            "props": many(*_PROPS, default=_DEFAULT),
            "languages": many(),
            "languagefallback": flag(),
            "normalize": flag(),
            "sitefilter": many(),
        },
    ),
    Module(
        "wbgetclaims",
        get_claims,
        {
            "entity": text(),
            "property": text(),
            "claim": text(),
            "rank": one_of("deprecated", "normal", "preferred"),
            "props": many(default="references"),
        },
    ),
)
