"""The automatic comments that Wikibase gives to edits of the REST API, before the author's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.wikibase.indexes import value_key

_MODULES = {
    "labels": "wbsetlabel",
    "descriptions": "wbsetdescription",
    "aliases": "wbsetaliases",
}
_MANY = 50
"""From how many languages on they are only counted."""


def of_patch(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What a patch of a whole entity or of all its terms did."""
    languages = sorted(
        {
            language
            for field in _MODULES
            for language in {**old[field], **new[field]}
            if old[field].get(language) != new[field].get(language)
        }
    )
    if not languages:
        return "/* wbeditentity-update:0| */"
    other = any(old.get(field) != new.get(field) for field in ("claims", "sitelinks"))
    action = "update-languages-and-other" if other else "update-languages"
    if len(languages) >= _MANY:
        return f"/* wbeditentity-{action}:0||{len(languages)} */"
    return f"/* wbeditentity-{action}-short:0||{', '.join(languages)} */"


def of_statement(action: str, claim: Mapping[str, Any]) -> str:
    """What was done to one statement; `action` is module and action, as wbsetclaim-create."""
    snak = claim["mainsnak"]
    value = value_key(snak) or snak["snaktype"]
    count = "2||1" if action.startswith("wbsetclaim") else "1|"
    return f"/* {action}:{count} */ [[Property:{snak['property']}]]: {value}"


def of_term(field: str, action: str, language: str, text: str) -> str:
    """What was done to a label, a description or the aliases of a language."""
    return f"/* {_MODULES[field]}-{action}:1|{language} */ {text}"


def of_sitelink(action: str, site: str, title: str) -> str:
    """What was done to a sitelink."""
    return f"/* wbsetsitelink-{action}:1|{site} */ {title}"
