"""How one identifier may stand on items, as far as its spellings can be told without looking."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from bots.core.wikibase.equality import NORMALISERS

MOST_SPELLINGS = 12

_GROUPED = {16: (4, 4, 4, 4), 32: (8, 4, 4, 4, 12)}
"""Lengths whose grouping is known: an ISNI, an ORCID iD; a UUID."""


def spellings(identifier: str, normalisers: Iterable[str] = ()) -> tuple[str, ...]:
    """The spellings to be searched for, at most `MOST_SPELLINGS`; the source's own comes first.

    `normalisers` are names in `equality.NORMALISERS`. Not told are spellings without a rule, such
    as spaces in odd places: an index that is read, not searched, knows those too.
    """
    found = dict.fromkeys([identifier])
    for name in normalisers:
        for each in list(found):
            found |= dict.fromkeys([NORMALISERS[name](each), *_WRITTEN[name](each)])
    return tuple(each for each in found if each)[:MOST_SPELLINGS]


def _grouped(text: str, between: str) -> list[str]:
    bare = re.sub(r"[\s-]", "", text)
    widths = _GROUPED.get(len(bare))
    if widths is None:
        return []
    groups, start = [], 0
    for width in widths:
        groups.append(bare[start : start + width])
        start += width
    return [between.join(groups)]


def _addresses(text: str) -> list[str]:
    found = re.fullmatch(r"https?://(.*?)/?", text.strip(), re.I | re.DOTALL)
    if found is None:
        return []
    return [f"{way}://{found[1]}{end}" for way in ("https", "http") for end in ("", "/")]


_WRITTEN: Mapping[str, Callable[[str], list[str]]] = {
    "case": lambda text: [text.upper(), text.lower()],
    "dashes": lambda text: [text.replace("-", "\u2013")],
    "no-dashes": lambda text: _grouped(text, "-"),
    "no-leading-zeros": lambda text: [],
    "no-spaces": lambda text: _grouped(text, " "),
    "one-space": lambda text: [],
    "underscores": lambda text: [text.replace(" ", "_")],
    "url": _addresses,
}
"""For each equivalence, the spellings that people use besides the plainest."""
