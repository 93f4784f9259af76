"""{{bots}} and {{nobots}}: whether the people of a page want a bot there."""

from __future__ import annotations

from typing import Literal

from bots.core.wikitext import Parameter, find_templates

Kind = Literal["edit", "message"]
"""What the bot is about to do: change the page, or post something on it for people."""

_NAMES = ("Bots", "BOTS", "Nobots", "NoBots", "NOBOTS")
_PREFIXES = ("Mall",)
"""How wikis call the namespace of templates, besides Template."""


def allowed(text: str, account: str, kind: Kind = "edit") -> bool:
    """Whether the account may do this on a page with this text.

    https://en.wikipedia.org/wiki/Template:Bots as pywikibot's `Page.botMayEdit` reads it: the
    first `allow` or `deny` counts, and `allow` without our name forbids. Besides, `optout` (all,
    or our name) forbids messages, and is no reason not to edit.
    """
    for call in find_templates(text, _NAMES, _PREFIXES):
        if call.name.lower() == "nobots" and not _nobots_allows(call.parameters, account):
            return False
        if call.name.lower() == "bots" and not _bots_allows(call.parameters, account, kind):
            return False
    return True


def _nobots_allows(given: tuple[Parameter, ...], account: str) -> bool:
    if not given:
        return False
    first = given[0]
    return first.positional and not _names(first.value) & {"all", _folded(account)}


def _bots_allows(given: tuple[Parameter, ...], account: str, kind: Kind) -> bool:
    us = {"all", _folded(account)}
    said = [(each.name, names) for each in given if (names := _names(each.value))]
    if kind == "message" and any(name == "optout" and names & us for name, names in said):
        return False
    for name, names in said:
        if name in ("allow", "deny"):
            return bool(names & us) == (name == "allow")
    return True


def _names(value: str) -> set[str]:
    return {_folded(name) for name in value.split(",")} - {""}


def _folded(name: str) -> str:
    return name.replace("_", " ").strip().lower()
