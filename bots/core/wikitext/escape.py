"""Values from outside written as wikitext that shows exactly them and does nothing else.

What an escaped value cannot do: open a template, link, tag, comment or table cell, sign, start a
list, a heading or a preformatted line, switch a magic word, or turn the page's text around. The
rules were tried on MediaWiki 1.39 (tests/core/wikitext/test_escape_on_mediawiki.py).
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

# MediaWiki's limits: a title's length in bytes, a comment's in characters (CommentStore).
LONGEST_TITLE = 255
LONGEST_SUMMARY = 500

_FOLDED = re.compile("[ \\t\\n\\v\\f\\r\\x1c-\\x1f\\x85\\u2028\\u2029]+")
# Controls (U+007F marks MediaWiki's own placeholders), overrides and isolates of direction, and
# the byte order mark: not shown, and never meant.
_REMOVED = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]")
# What can't be sent, or is replaced by MediaWiki.
_REPLACED = re.compile("[\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff]")

_RISKY = re.compile(
    r"""
      [&<>\[\]{}|=~:"\\\ufffd]                # these always; U+FFFD undoes an external link
    | ^[*#;+!'_-] | [!'_-]$                   # at an end, where what stands beside isn't known
    | (?<=[!'_-])[!'_-] | [!'_-](?=[!'_-])    # doubled, as in '' !! __ ----
    | (?:^|(?<=\ ))[?;!%»›] | [«‹](?=\ |$)    # MediaWiki would make the space a fixed one
    | (?:(?<=\W)|^)[RPI](?=(?:FC|MID|SBN)(?:\s|$))  # RFC 1, PMID 1, ISBN 1 become links
    """,
    re.VERBOSE,
)

_MARKS = re.compile("[\u200e\u200f]")
_BAD_IN_TITLE = re.compile(
    r"[#<>\[\]|{}\ufffd]|~~~|%[0-9A-Fa-f]{2}|&(?:\#\d+|\#[xX][0-9A-Fa-f]+|[^\W_]+);"
)
_RELATIVE = re.compile(r"\.{1,2}|\.{1,2}/.*|.*/\.{1,2}/.*|.*/\.{1,2}")
_URL_LIKE = re.compile(
    r":*\s*(?://|[a-z][a-z0-9+.-]*:\s*//|"
    r"(?:bitcoin|geo|magnet|mailto|matrix|news|sips?|sms|tel|urn|xmpp):)",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"([!~_-])(?=\1)|(?<=([!~_-]))\2")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.?")


def escape(value: str) -> str:
    """Write plain text as wikitext on one line, safe in running text, arguments, cells and labels.

    White space is folded and cut at the ends, control and direction characters are removed, and
    Unicode is composed (NFC), as MediaWiki would do; else it is shown character by character.
    """
    return _RISKY.sub(lambda found: f"&#{ord(found[0])};", plain(value))


def isolated(value: str) -> str:
    """Write plain text as `escape` does, with a direction of its own, for text in any script."""
    return f"<bdi>{escape(value)}</bdi>"


def link(title: str, label: str | None = None) -> str:
    """Write a link to a page of the wiki; only text where ``title`` is no valid title."""
    name = plain(_MARKS.sub("", title.replace("_", " ")))
    shown = escape(name if label is None else label) or escape(name)
    if not _is_title(name):
        return shown
    colon = ":" if ":" in name or name.startswith("/") else ""
    target = escape(name).replace("&#58;", ":")
    return f"[[{target}]]" if target == shown and not colon else f"[[{colon}{target}|{shown}]]"


def external_link(url: str, label: str | None = None) -> str:
    """Write a link to ``url``; only text where that isn't a whole http or https address."""
    target = _url(url)
    shown = escape(url if label is None else label) or escape(url)
    return f"[{target} {shown}]" if target else shown


def summary(value: str, longest: int = LONGEST_SUMMARY) -> str:
    """Return text for an edit summary: no link opens in it; at most ``longest`` characters.

    Not for the summary of a new section, which MediaWiki takes for the heading.
    """
    text = re.sub(r"\[(?=\[)|/(?=\*)", r"\g<0> ", plain(value))
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def plain(value: str) -> str:
    """Return ``value`` on one line, without what can't be shown, as MediaWiki would store it."""
    text = _REPLACED.sub("\ufffd", _REMOVED.sub("", _FOLDED.sub(" ", value)))
    return _FOLDED.sub(" ", unicodedata.normalize("NFC", text)).strip()


def _is_title(name: str) -> bool:
    """Tell whether MediaWiki takes ``name`` for a title (mediawiki.org, Manual:Page title)."""
    return (
        0 < len(name.encode()) <= LONGEST_TITLE
        and not name.startswith(":")
        and not name.endswith(":")
        and not _BAD_IN_TITLE.search(name)
        and not _RELATIVE.fullmatch(name)
        and not _URL_LIKE.match(name)
    )


def _url(url: str) -> str | None:
    """Return ``url`` as it may stand in wikitext, None where it isn't one for the web."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or "@" in parts.netloc:
        return None
    if plain(url) != url.strip():
        return None
    authority = host if port is None else f"{host}:{port}"
    rest = url.strip()[len(f"{parts.scheme}://{parts.netloc}") :]
    safe = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", rest)
    quoted = quote(safe, safe="/?#@!$&()*+,;=:%~")
    doubled = re.sub(
        r"([!~_-])(?=\1)|(?<=([!~_-]))\2", lambda found: f"%{ord(found[0]):02X}", quoted
    )
    return f"{parts.scheme}://{authority}" + doubled.replace("&", "&amp;").replace("=", "&#61;")
