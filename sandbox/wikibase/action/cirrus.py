"""list=search: what CirrusSearch would find, where it is switched on; nothing where it is not."""

from __future__ import annotations

import re
from typing import Any

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.parameters import Module, flag, limit, many, number, one_of, text

_WORD = re.compile(r'(-?)(\w+):("[^"]*"|\S+)|(-?)("[^"]*"|\S+)')


def search(call: Call) -> dict[str, Any]:
    """list=search: by haswbstatement and terms where CirrusSearch is on, else nothing found."""
    settings = call.wikibase.settings
    found = _found(call["search"], call) if settings.cirrus_search else []
    offset, most = call["offset"], call["limit"]
    shown = []
    for entity in found[offset : offset + most]:
        page = call.wikibase.state.page(entity)
        revision = call.wikibase.state.revision(page.latest) if page else None
        if page is not None and revision is not None:
            facts = {
                "size": revision.size,
                "wordcount": 0,
                "snippet": "",
                "timestamp": revision.time,
            }
            shown.append({"ns": page.ns, "title": page.title, "pageid": page.id, **facts})
    if len(found) > offset + most:
        call.continuing["sroffset"] = offset + most
    return {"searchinfo": {"totalhits": len(found)}, "search": shown}


def _found(words: str, call: Call) -> list[str]:
    """The entities that fulfil every word of a search, in the order of their numbers."""
    result: set[str] | None = None
    for sign, keyword, value, other_sign, other in _WORD.findall(words):
        if keyword in ("haswbstatement", "inlabel"):
            hits = _by_keyword(keyword, value.strip('"'), call)
            without = sign == "-"
        else:
            plain = other or f"{keyword}:{value}"
            hits, without = _by_text(plain.strip('"'), call), other_sign == "-"
        if without:
            everything = {row[0] for row in call.wikibase.state.rows("select entity from page")}
            hits = everything - hits - {None}
        result = hits if result is None else result & hits
    there = [one for one in result or () if call.wikibase.state.exists(one)]
    spaces = call["namespace"] or ["0"]
    if spaces != ["*"]:
        letters = {"0": "Q", "120": "P", "6": "M"}
        there = [one for one in there if one[0] in {letters.get(ns) for ns in spaces}]
    return sorted(there, key=lambda entity: (entity[0], int(entity[1:])))


def _by_keyword(keyword: str, value: str, call: Call) -> set[str]:
    hits: set[str] = set()
    for one in value.split("|"):
        if keyword == "inlabel":
            hits |= _by_text(one, call)
            continue
        prop, equals, wanted = one.partition("=")
        condition, values = "property = ?", [prop.upper()]
        if equals:
            condition, values = f"{condition} and value = ?", [*values, wanted]
        found = call.wikibase.state.rows(f"select entity from claim where {condition}", *values)  # noqa: S608
        hits |= {row[0] for row in found}
    return hits


def _by_text(words: str, call: Call) -> set[str]:
    sql = "select entity from term where kind != 'description' and instr(lower, ?) > 0"
    return {row[0] for row in call.wikibase.state.rows(sql, words.lower())}


MODULES = (
    Module(
        "search",
        search,
        {
            "search": text(required=True),
            "namespace": many(default="0"),
            "limit": limit(),
            "offset": number(default=0),
            "qiprofile": text(),
            "what": one_of("nearmatch", "text", "title"),
            "info": many(default="totalhits|suggestion|rewrittenquery"),
            "prop": many(default="size|wordcount|timestamp|snippet"),
            "interwiki": flag(),
            "enablerewrites": flag(),
            "sort": text(),
        },
        group="list",
        prefix="sr",
        generates=True,
    ),
)
