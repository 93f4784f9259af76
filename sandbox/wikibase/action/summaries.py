"""The summaries that Wikibase writes by itself: `/* wbsetlabel-add:1|de */ Beispiel, why`."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Mapping
from typing import Any

from sandbox.wikibase.state import place_of

_MANY_LANGUAGES = 50


def summary(
    action: str, own: str | None, *, count: int = 0, language: str = "", args: tuple[Any, ...] = (),
    about: str = "",
) -> str:  # fmt: skip
    """A comment: what was done, to what, and what the author says of it."""
    told = [str(count), language, *map(str, args)]
    text = f"/* {action}:{'|'.join(told)} */"
    said = ", ".join(part for part in (about, (own or "").strip()) if part)
    return f"{text} {said}" if said else text


def about_snak(snak: Mapping[str, Any]) -> str:
    """A snak as a summary names it: `[[Property:P31]]: [[Q5]]`."""
    return f"[[Property:{snak['property']}]]: {plain(snak)}"


def plain(snak: Mapping[str, Any]) -> str:
    """A snak's value as short text."""
    if snak["snaktype"] != "value":
        return {"somevalue": "somevalue", "novalue": "novalue"}[snak["snaktype"]]
    value = snak["datavalue"]["value"]
    match snak["datavalue"]["type"]:
        case "string":
            return str(value)
        case "wikibase-entityid":
            entity = value["id"]
            return f"[[{place_of(entity)[1] if entity[0] in 'QP' else entity}]]"
        case "monolingualtext":
            return f"{value['text']} (language: {value['language']})"
        case "quantity":
            unit = "" if value["unit"] == "1" else f" {value['unit'].rpartition('/')[2]}"
            return f"{value['amount'].removeprefix('+')}{unit}"
        case "time":
            return _time(value)
        case "globecoordinate":
            return f"{value['latitude']:g}, {value['longitude']:g}"
    return str(value)


def _time(value: Mapping[str, Any]) -> str:
    text = value["time"]
    year, month, day = text[1 : text.index("T")].split("-")
    shown = year.lstrip("0") or "0"
    if value["precision"] >= 10 and 1 <= int(month) <= 12:
        shown = f"{month_name[int(month)]} {shown}"
        if value["precision"] >= 11:
            shown = f"{int(day)} {shown}"
    return f"{shown} BCE" if text[0] == "-" else shown


def edit_summary(
    old: Mapping[str, Any], new: Mapping[str, Any], *, cleared: bool, own: str | None
) -> str:
    """What wbeditentity says of a change as a whole."""
    if not old:
        return summary(f"wbeditentity-create-{new['type']}", own)
    if cleared:
        return summary("wbeditentity-override", own)
    languages = _changed_languages(old, new)
    others = any(old.get(name) != new.get(name) for name in ("claims", "statements", "sitelinks"))
    if not languages:
        return summary("wbeditentity-update", own)
    action = "wbeditentity-update-languages" + ("-and-other" if others else "")
    if len(languages) >= _MANY_LANGUAGES:
        return summary(action, own, args=(len(languages),))
    return summary(f"{action}-short", own, args=(", ".join(languages),))


def _changed_languages(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    changed: dict[str, None] = {}
    for field in ("labels", "descriptions", "aliases"):
        before, after = old.get(field) or {}, new.get(field) or {}
        for language in {**before, **after}:
            if before.get(language) != after.get(language):
                changed[language] = None
    return list(changed)
