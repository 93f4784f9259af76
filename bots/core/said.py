"""What people write in a field: how it is compared, repeated, guessed at, and taken apart."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

SHOWN = 80
"""Characters of a value that are repeated in what HubBot says about it."""


def normal(text: str) -> str:
    """Text as it is compared: case, spelling of dashes, punctuation and wiki markup don't count."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"(?<=\d)\.(?=\D|$)|(?<!\w)\.|[^\w.©]|_", " ", text).split()).strip(". ")


def shown(value: str) -> str:
    """A value as it is repeated to people: one line, cut, and with e-mail addresses hidden.

    It is still a value from outside: it is escaped where it is written.
    """
    text = " ".join(hide_addresses(value[: 4 * SHOWN]).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"


def hide_addresses(value: str) -> str:
    """The text without the e-mail addresses in it, which are never repeated on a wiki."""
    return _ADDRESS.sub("…@…", value)


def holds_address(value: str) -> bool:
    """Whether there is an e-mail address in it, even one written with (at)."""
    return bool(_AT.search(value) and _ADDRESS.search(value))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that somebody may have meant."""
    found = difflib.get_close_matches(word[:SHOWN], list(known), 1, 0.75)
    return found[0] if found else None


def is_address(word: str) -> bool:
    """Whether a word is a web address that a browser would open: http or https, with a host."""
    try:
        parts = urlsplit(word)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and not parts.username
        and len(word) <= 2000
        and _HOST.fullmatch(host) is not None
        and not re.search(r"[\s<>\"{}|\\^`\[\]]", word)
    )


def entity_id(letter: Literal["Q", "P"], text: str) -> str | None:
    """The id of an item or a property: Q42, a link to it, its page's or its concept's address."""
    found = _ENTITY[letter].fullmatch(text.strip())
    return f"{letter}{found['number']}" if found else None


def user_name(text: str) -> str | None:
    """A user's name without its namespace, alone or as a link; None where it can't be one.

    Signatures name a user first, then the talk page.
    """
    linked = _LINKED.match(text.strip())
    said = linked["title"] if linked else text
    name = " ".join(re.sub(r"_|'{2,5}", " ", said.rpartition(":")[2]).split())
    return None if not name or _NOT_IN_NAMES.search(name) else name[0].upper() + name[1:]


_LINKED = re.compile(r"\[\[(?P<title>[^\[\]|]+)")
_NOT_IN_NAMES = re.compile(r"[#<>\[\]|{}/\n@]")
_ENTITY = {
    letter: re.compile(
        rf"(?:\[\[)?(?:(?:https?://)?(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/|:?(?:d|wikidata):)?"
        rf"(?:Property:)?(?:\{{\{{{letter}\||{letter}|\{{\{{{letter}\|{letter})"
        rf"(?P<number>[1-9]\d{{0,9}})(?:\|[^\[\]{{}}]*)?(?:\]\]|\}}\}})?",
        re.IGNORECASE | re.ASCII,
    )
    for letter in ("Q", "P")
}
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
_AT = re.compile(r"@|[\[({]\s?(?:at|snabel)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|[\w.+-]{1,64}\s?[\[({]\s?(?:at|@|snabel-?a)\s?[\])}]\s?[\w.-]{1,64}",
    re.IGNORECASE,
)
