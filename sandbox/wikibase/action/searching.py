"""action=wbsearchentities: entities by the beginning of a label or alias."""

from __future__ import annotations

from typing import Any

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.parameters import Module, flag, limit, number, one_of, text
from sandbox.wikibase.action.reading import FALLBACKS, entity_id, fallback
from sandbox.wikibase.terms import term_languages

_LETTERS = {"item": "Q", "property": "P"}


def search_entities(call: Call) -> dict[str, Any]:
    """Entities whose label or alias starts with a text, or that have it for their id."""
    words, offset, most = call["search"], call["continue"] or 0, call["limit"] or 7
    hits = _hits(words, call)
    shown = [_shown(entity, match, call) for entity, match in hits[offset : offset + most]]
    answer: dict[str, Any] = {"searchinfo": {"search": words}, "search": shown}
    if len(hits) > offset + most:
        answer["search-continue"] = offset + most
    return {**answer, "success": 1}


def _hits(words: str, call: Call) -> list[tuple[str, dict[str, Any]]]:
    state = call.wikibase.state
    letter = _LETTERS[call["type"]]
    found: dict[str, dict[str, Any]] = {}
    number = entity_id(words)
    if number is not None and number[0] == letter and state.exists(number):
        found[number] = {"type": "entityId", "text": number}
    start = words.strip().lower()
    languages = [call["language"]]
    if not call["strictlanguage"]:
        languages += [*FALLBACKS.get(call["language"], ()), "mul", "en"]
    marks = ", ".join("?" * len(languages))
    rows = state.rows(
        "select entity, kind, language, text from term where lower >= ? and lower < ?"  # noqa: S608
        f" and kind != 'description' and substr(entity, 1, 1) = ? and language in ({marks})",
        start, f"{start}\U0010ffff", letter, *languages,
    )  # fmt: skip
    rows.sort(key=lambda row: (row[1] != "label", row[3].lower(), int(row[0][1:])))
    for entity, kind, language, label in rows:
        match = {"type": kind, "language": language, "text": label}
        found.setdefault(entity, match)
    return list(found.items())


def _shown(entity: str, match: dict[str, Any], call: Call) -> dict[str, Any]:
    wikibase = call.wikibase
    page = wikibase.state.page(entity)
    _, content = wikibase.state.entity(entity)
    language = call["uselang"] or call["language"]
    display, plain = {}, {}
    for field, name in (("labels", "label"), ("descriptions", "description")):
        term = fallback(content.get(field) or {}, language)
        if term is not None:
            display[name] = {"value": term["value"], "language": term["language"]}
            plain[name] = term["value"]
    title = page.title if page else entity
    shown: dict[str, Any] = {
        "id": entity,
        "title": title,
        "pageid": page.id if page else 0,
        "display": display,
        "repository": "local",
        "url": f"{wikibase.url}/wiki/{title}",
        "concepturi": f"{wikibase.concept_base}{entity}",
    }
    if "datatype" in content:
        shown["datatype"] = content["datatype"]
    shown |= {**plain, "match": match}
    if match["type"] == "alias":
        shown["aliases"] = [match["text"]]
    return shown


def _languages(call: Call) -> tuple[str, ...]:
    return tuple(sorted(term_languages(call.wikibase.settings, "labels")))


MODULES = (
    Module(
        "wbsearchentities",
        search_entities,
        {
            "search": text(required=True),
            "language": text(required=True, choices=_languages),
            "uselang": text(),
            "strictlanguage": flag(),
            "type": one_of("item", "property", default="item"),
            "limit": limit(7),
            "continue": number(default=0),
            "props": text(default="url"),
            "profile": text(default="default"),
        },
    ),
)
