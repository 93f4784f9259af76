"""{{bots}} and {{nobots}}: whether the people of a page want a bot there."""

from __future__ import annotations

import re
from typing import Literal

import mwparserfromhell

Kind = Literal["edit", "message"]
"""What the bot is about to do: change the page, or post something on it for people."""

_ANY = re.compile(r"(?i)\{\{[^{}|]*?(?:no)?bots")


def allowed(text: str, account: str, kind: Kind = "edit") -> bool:
    """Whether the account may do this on a page with this text.

    https://en.wikipedia.org/wiki/Template:Bots as pywikibot's `Page.botMayEdit` reads it: the
    first `allow` or `deny` counts, and `allow` without our name forbids. Besides, `optout` (all,
    or our name) forbids messages, and is no reason not to edit.
    """
    if not _ANY.search(text):
        return True
    for template in mwparserfromhell.parse(text).filter_templates():
        name = _name(str(template.name))
        given = [
            (str(p.name).strip(), str(p.value)) if p.showkey else ("", str(p.value))
            for p in template.params
        ]
        if name == "nobots" and not _nobots_allows(given, account):
            return False
        if name == "bots" and not _bots_allows(given, account, kind):
            return False
    return True


def _nobots_allows(given: list[tuple[str, str]], account: str) -> bool:
    if not given:
        return False
    key, value = given[0]
    return not key and not _names(value) & {"all", _folded(account)}


def _bots_allows(given: list[tuple[str, str]], account: str, kind: Kind) -> bool:
    us = {"all", _folded(account)}
    said = [(key, names) for key, value in given if (names := _names(value))]
    if kind == "message" and any(key == "optout" and names & us for key, names in said):
        return False
    for key, names in said:
        if key in ("allow", "deny"):
            return bool(names & us) == (key == "allow")
    return True


def _name(written: str) -> str:
    name = re.sub(r"<!--.*?-->", "", written, flags=re.DOTALL).strip()
    return re.sub(r"(?i)^(?:template|mall)\s*:\s*", "", name).strip().lower()


def _names(value: str) -> set[str]:
    return {_folded(name) for name in value.split(",")} - {""}


def _folded(name: str) -> str:
    return name.replace("_", " ").strip().lower()
