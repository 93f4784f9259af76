"""Editing one term or sitelink: wbsetlabel, wbsetdescription, wbsetaliases, wbsetsitelink."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.errors import ApiError, Message
from sandbox.wikibase.action.parameters import Module, Parameter, many, text
from sandbox.wikibase.action.refused import sitelink_url
from sandbox.wikibase.action.sitelinks import checked_sitelink
from sandbox.wikibase.action.summaries import summary
from sandbox.wikibase.action.writing import WRITE, Opened, open_entity, save
from sandbox.wikibase.terms import check_term, cleaned, term_languages

_SELECTOR = (
    'You need to provide either an entity "id", or a "site" and "page" combination, but not both.'
)


def _open(call: Call, *, terms: bool) -> tuple[Opened, str]:
    given = call["id"]
    if given is None and call["site"] and call["title"]:
        given = call.wikibase.state.linked(call["site"], call["title"])
    if given is None:
        name = "wikibase-api-illegal-id-or-site-page-selector"
        raise ApiError.wikibase("param-illegal", Message(name, _SELECTOR))
    right = "edit"
    if terms:
        right = "property-term" if given[:1] in "Pp" else "item-term"
    return open_entity(given, call, right), right


def _answer(
    opened: Opened, comment: str, right: str, call: Call, told: dict[str, Any]
) -> dict[str, Any]:
    saved = save(opened, comment, call, right)
    entity = {
        **told,
        "id": opened.id,
        "type": opened.content["type"],
        "lastrevid": saved.revision.id,
    }
    if not saved.changed:
        entity["nochange"] = True
    return {"entity": entity, "success": 1}


def _set_term(field: str, module: str) -> Callable[[Call], dict[str, Any]]:
    def run(call: Call) -> dict[str, Any]:
        opened, right = _open(call, terms=True)
        language, value = call["language"], cleaned(call["value"] or "")
        terms = opened.content[field]
        if value:
            check_term(field, language, value, call.wikibase.settings)
            action = "set" if language in terms else "add"
            terms[language] = {"language": language, "value": value}
            told = {language: terms[language]}
        else:
            value = terms.pop(language, {"value": ""})["value"]
            action, told = "remove", {language: {"language": language, "removed": ""}}
        own = call["summary"]
        comment = summary(f"{module}-{action}", own, count=1, language=language, about=value)
        return _answer(opened, comment, right, call, {field: told})

    return run


def set_aliases(call: Call) -> dict[str, Any]:
    """action=wbsetaliases."""
    opened, right = _open(call, terms=True)
    language, aliases = call["language"], opened.content["aliases"]
    there = [alias["value"] for alias in aliases.get(language, [])]
    added, removed = ([cleaned(one) for one in call[name] or []] for name in ("add", "remove"))
    if call["set"] is not None:
        action, named, result = "set", call["set"], [cleaned(one) for one in call["set"]]
    else:
        result = [one for one in [*there, *added] if one not in removed]
        named = [*added, *removed]
        action = "update" if added and removed else "add" if added else "remove"
    kept = [one for one in dict.fromkeys(result) if one]
    for one in kept:
        check_term("aliases", language, one, call.wikibase.settings)
    if kept:
        aliases[language] = [{"language": language, "value": one} for one in kept]
    else:
        aliases.pop(language, None)
    comment = summary(
        f"wbsetaliases-{action}",
        call["summary"],
        count=len(named),
        language=language,
        about=", ".join(named),
    )
    told = {language: aliases[language]} if language in aliases else {}
    return _answer(opened, comment, right, call, {"aliases": told})


def set_sitelink(call: Call) -> dict[str, Any]:
    """action=wbsetsitelink."""
    opened, right = _open(call, terms=False)
    site, links = call["linksite"], opened.content["sitelinks"]
    if call["linktitle"]:
        link = checked_sitelink(site, call["linktitle"], call["badges"], call)
        action = "set" if site in links else "add"
        links[site] = link
        told: dict[str, Any] = {**link, "url": sitelink_url(call, site, link["title"])}
    else:
        link, action = links.pop(site, {"site": site, "title": ""}), "remove"
        told = {**link, "removed": ""}
    own, title = call["summary"], link["title"]
    comment = summary(f"wbsetsitelink-{action}", own, count=1, language=site, about=title)
    return _answer(opened, comment, right, call, {"sitelinks": {site: told}})


def _languages(field: str) -> Callable[[Call], tuple[str, ...]]:
    return lambda call: tuple(sorted(term_languages(call.wikibase.settings, field)))


def _sites(call: Call) -> tuple[str, ...]:
    return tuple(call.wikibase.settings.sites)


def _writing(name: str, run: Any, parameters: dict[str, Parameter]) -> Module:
    selector = {"id": text(), "site": text(), "title": text()}
    parameters = {**selector, **parameters, **WRITE}
    return Module(name, run, parameters, writes=True, guarded_by="csrf", posted=True)


MODULES = (
    _writing(
        "wbsetlabel",
        _set_term("labels", "wbsetlabel"),
        {"language": text(required=True, choices=_languages("labels")), "value": text()},
    ),
    _writing(
        "wbsetdescription",
        _set_term("descriptions", "wbsetdescription"),
        {"language": text(required=True, choices=_languages("descriptions")), "value": text()},
    ),
    _writing(
        "wbsetaliases",
        set_aliases,
        {
            "language": text(required=True, choices=_languages("aliases")),
            "add": many(),
            "remove": many(),
            "set": many(),
        },
    ),
    _writing(
        "wbsetsitelink",
        set_sitelink,
        {
            "linksite": text(required=True, choices=_sites),
            "linktitle": text(),
            "badges": many(),
        },
    ),
)
