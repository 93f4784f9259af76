"""A list that an API gives page by page, put together as one file of JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlencode, urlsplit, urlunsplit

from bots.datasets.source.config import Pages
from bots.datasets.source.faults import error

LARGEST_PAGE = 64 * 1024 * 1024
"""Bytes; a page is held in memory."""

Ask = Callable[[str], bytes]
"""The bytes at an address. Raises `SourceError`."""

_DECODER = json.JSONDecoder()
_SPACE = " \t\r\n"
_ONE_LINE = str.maketrans("\r\n", "  ")


@dataclass(frozen=True)
class _Page:
    """One answer: its records as they stand there, one line each."""

    records: list[str]
    next: str
    total: int | None


def write_pages(file: BinaryIO, url: str, inside: str, pages: Pages, ask: Ask) -> None:
    """Write the records of all pages, the first of which is at `url`. Raises `SourceError`.

    `inside`: the way to the list in an answer, "a.b". A page without records is the last, and one
    that names no other.
    """
    count, at, total = 0, url, None
    asked: set[str] = set()
    while at and at not in asked:
        asked.add(at)
        page = _page(ask(at), url, inside.split(".") if inside else [], pages)
        for record in page.records:
            file.write(record.encode("utf-8", "surrogatepass") + b"\n")
        count += len(page.records)
        total = page.total if total is None else total
        done = not page.records or count == total
        at = "" if done or not page.next else _address(url, pages.parameter, page.next)
    if total is not None and count != total:
        raise error("pages-cut", place=url, num_got=count, num_said=total)


def _address(url: str, parameter: str, value: str) -> str:
    """The next page's: the first one's, with this one parameter alone."""
    return urlunsplit(urlsplit(url)._replace(query=urlencode({parameter: value}), fragment=""))


def _page(data: bytes, url: str, path: Sequence[str], pages: Pages) -> _Page:
    try:
        text = data.decode("utf-8-sig")
        start = _entered(text, path)
        records = [text[a:b].translate(_ONE_LINE) for a, b in _elements(text, start)]
        whole = json.loads(text)
    except (ValueError, RecursionError) as reason:
        raise error("not-reached", place=url, reason=f"no JSON: {reason}") from reason
    told = whole if isinstance(whole, dict) else {}
    token, total = told.get(pages.next), told.get(pages.total) if pages.total else None
    is_number = isinstance(total, int) and not isinstance(total, bool)
    return _Page(records, token if isinstance(token, str) else "", total if is_number else None)


def _entered(text: str, path: Sequence[str]) -> int:
    """Where the list begins to which the properties of `path` lead. Raises ValueError."""
    at = _skip(text, 0)
    for name in path:
        at = next((start for key, start in _members(text, at) if key == name), -1)
        if at < 0:
            raise ValueError(f"there is no '{name}'")
    return at


def _members(text: str, at: int) -> Iterator[tuple[Any, int]]:
    """The names of an object's properties, and where their values begin. Raises ValueError."""
    if text[at : at + 1] != "{":
        raise ValueError("no object")
    at = _skip(text, at + 1)
    while text[at : at + 1] == '"':
        key, end = _DECODER.raw_decode(text, at)
        start = _skip(text, _skip(text, end) + 1)
        yield key, start
        at = _skip(text, _skip(text, _DECODER.raw_decode(text, start)[1]) + 1)


def _elements(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Where each element of a list begins and ends. Raises ValueError."""
    if text[at : at + 1] != "[":
        raise ValueError("no list")
    at = _skip(text, at + 1)
    while text[at : at + 1] not in ("]", ""):
        end = _DECODER.raw_decode(text, at)[1]
        yield at, end
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at : at + 1] == "," else at


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _SPACE:
        at += 1
    return at
