"""A difference's row on the wiki: how it is written, found again, and what people decided in it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from bots.core.merge.facts import Word
from bots.core.wikitext import TemplateCall, find_templates

TEMPLATE = "HubBot difference"
"""`{{HubBot difference|dataset=…|item=…|slot=…|pair=…|…|decision=…|note=…}}`"""

WORDS = tuple(word.value for word in Word)

_ITEM = re.compile(r"[A-Z][1-9][0-9]{0,11}")
_PAIR = re.compile(r"[0-9a-f]{16}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_SLOT = 255
_HINT = f"<!-- {', '.join(WORDS)} -->"


@dataclass(frozen=True)
class RowKey:
    """Which difference a row is about; another value on either side is another pair."""

    item: str
    slot: str
    pair: str

    @property
    def short(self) -> str:
        """16 hex digits, for the store."""
        said = "\0".join((self.item, self.slot, self.pair))
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class RowOnPage:
    """A row as it stands at text[start:end]; `decision` and `note` are what people wrote there.

    `decision_raw` and `note_raw` are the same as they are written, to be written again. `since`:
    the day on which it was first shown, "" where that can't be read.
    """

    key: RowKey
    decision: str
    note: str
    decision_raw: str
    note_raw: str
    since: str
    line: int
    start: int
    end: int


@dataclass(frozen=True)
class RowDecision:
    """What stands in a row as a decision: `given`, and the `word` that it is.

    `word` is None where it is none, and where the row is on the page more than once (`doubled`).
    """

    item: str
    slot: str
    pair: str
    word: Word | None
    given: str
    note: str = ""
    line: int = 0
    doubled: bool = False

    @property
    def key(self) -> RowKey:
        """Which difference it is about."""
        return RowKey(self.item, self.slot, self.pair)


def rows_in(text: str, dataset: str) -> list[RowOnPage]:
    """The rows of a dataset on a page, in their order; not those within other templates or tags.

    A row whose item, slot or pair was made unreadable is none.
    """
    found: list[RowOnPage] = []
    for call in find_templates(text, [TEMPLATE]):
        key = _key(call, dataset)
        if key is not None:
            since = call.value("since")
            found.append(
                RowOnPage(
                    key=key,
                    decision=call.value("decision"),
                    note=call.value("note"),
                    decision_raw=_raw(call, "decision"),
                    note_raw=_raw(call, "note"),
                    since=since if _DATE.fullmatch(since) else "",
                    line=call.line,
                    start=call.start,
                    end=call.end,
                )
            )
    return found


def decisions_in(text: str, dataset: str) -> list[RowDecision]:
    """What people wrote as decisions, readable or not; rows that wait for one are left out."""
    rows = rows_in(text, dataset)
    times = Counter(row.key for row in rows)
    return [
        RowDecision(
            item=row.key.item,
            slot=row.key.slot,
            pair=row.key.pair,
            word=None if times[row.key] > 1 else word_of(row.decision),
            given=row.decision,
            note=row.note,
            line=row.line,
            doubled=times[row.key] > 1,
        )
        for row in rows
        if row.decision
    ]


def words_in(text: str, dataset: str) -> set[tuple[RowKey, Word]]:
    """The decisions that stand in a page's text: of each row that is there once."""
    return {(each.key, each.word) for each in decisions_in(text, dataset) if each.word}


def word_of(given: str) -> Word | None:
    """The word that somebody wrote, whatever its case and spaces; None: it is none."""
    spelled = re.sub(r"[\s_-]+", "-", given.strip().casefold())
    return next((word for word in Word if word.value == spelled), None)


def row_text(
    dataset: str, key: RowKey, shown: Mapping[str, str], decision_raw: str = "", note_raw: str = ""
) -> str:
    """A row as wikitext; `shown` are the parameters that people read, as wikitext."""
    told = "\n".join(f"|{name}={value}" for name, value in shown.items() if value)
    return (
        f"{{{{{TEMPLATE}|dataset={dataset}|item={key.item}|slot={_encoded(key.slot)}"
        f"|pair={key.pair}\n{told}\n|decision={decision_raw or _HINT}\n|note={note_raw}\n}}}}"
    )


def _key(call: TemplateCall, dataset: str) -> RowKey | None:
    if call.depth or call.value("dataset") != dataset:
        return None
    item, pair = call.value("item"), call.value("pair")
    slot = unquote(call.value("slot"), errors="replace")
    if not _ITEM.fullmatch(item) or not _PAIR.fullmatch(pair):
        return None
    return RowKey(item, slot, pair) if 0 < len(slot) <= _LONGEST_SLOT else None


def _raw(call: TemplateCall, name: str) -> str:
    found = call.parameter(name)
    return found.raw.strip() if found else ""


def _encoded(slot: str) -> str:
    """A slot's name, which may hold anything, as text in which wikitext has nothing to read."""
    return re.sub(r"[~_]", lambda found: f"%{ord(found[0]):02X}", quote(slot, safe="/"))
