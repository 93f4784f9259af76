"""Titles of pages on the stand-in: namespaces, and the one form that each title has."""

from __future__ import annotations

import re

from sandbox.wikibase.settings import Settings
from sandbox.wikibase.state import NAMESPACES

_ILLEGAL = re.compile(r"[\x00-\x1f<>\[\]{}|#\x7f]")


def namespaces(settings: Settings) -> dict[int, tuple[str, str]]:
    """Number → the name here and the canonical one, where there is one."""
    found = {}
    for number, canonical in NAMESPACES.items():
        name = canonical.replace("Project", settings.site_name)
        found[number] = (name, canonical)
    found[0] = ("Item" if settings.version < "1.40" else "", "")
    return found


def normal(title: str, settings: Settings) -> str | None:
    """The full title that a given one stands for; None where it can be no title."""
    text = re.sub(r"[\s_]+", " ", title).strip()
    if not text or len(text.encode()) > 255 or _ILLEGAL.search(text):
        return None
    prefix, colon, rest = text.partition(":")
    if colon:
        for name, canonical in namespaces(settings).values():
            if name and prefix.strip().lower() in (name.lower(), canonical.lower()):
                return f"{name}:{_upper(rest.strip())}" if rest.strip() else None
    return _upper(text)


def namespace_of(title: str, settings: Settings) -> int:
    """The number of the namespace that a full title is in."""
    prefix, colon, _ = title.partition(":")
    if colon:
        for number, (name, _canonical) in namespaces(settings).items():
            if number and name == prefix:
                return number
    return 0


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
