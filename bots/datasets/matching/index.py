"""Which items may be those of a partner's records, by identifier; and whether there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from types import TracebackType

from bots.core.messages import Message, Param
from bots.core.outcome import utcnow
from bots.core.wikibase.model import Item
from bots.datasets.matching.indexfile import IndexFileError, pairs_of, read_pairs
from bots.datasets.matching.judging import MatchRule, Refusal, identifier_of
from bots.datasets.matching.lookup import MOST_CHANGES, Newer, Own, Search, nothing
from bots.datasets.matching.pairs import Pairs
from bots.datasets.matching.spellings import spellings
from bots.wiki.entities import Entities, NoSearchError
from bots.wiki.entity_lists import all_items

__all__ = ["Index", "NoIndexError", "open_index"]

MOST_ITEMS = 50_000
"""A wiki with more items is not read as a whole, unless the mapping says so."""
LAG = timedelta(minutes=15)
"""How far a search, and the wiki's clock, may be behind us."""
FILE_LAG = timedelta(days=7)
"""How much older than the file a query's result or a dump may be: dumps take days to be made."""

Identified = tuple[str, Sequence[tuple[str, str]]]
"""A record's key and its identifiers, (property, value)."""


class NoIndexError(Exception):
    """There is no index, so that no record can be matched; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.key)
        self.message = message


class Index:
    """Identifier → items, opened when first asked. To be closed, or used in a with block.

    `as_of`: what people have done since then may not be in it.
    """

    def __init__(
        self,
        rule: MatchRule,
        index: str,
        entities: Entities,
        base: Path,
        most_items: int = MOST_ITEMS,
        most_changes: int = MOST_CHANGES,
        own: Own = nothing,
    ) -> None:
        self._rule = rule
        self._index = index
        self._entities = entities
        self._path = base / index
        self._most_items = most_items
        self._most_changes = most_changes
        self._own = own
        self._opened = utcnow()
        self._search = Search(entities, rule)
        self._just_searched: dict[str, tuple[str, ...]] = {}
        self._from_file: Pairs | None = None
        self._scanned: Pairs | None = None
        self._newer: Newer | None = None

    @property
    def as_of(self) -> datetime:
        """Raises `NoIndexError`: the file is not there."""
        if self._index in ("search", "scan"):
            return self._opened - LAG
        try:
            written = self._path.stat().st_mtime
        except OSError as error:
            raise self._no_file(error.strerror or str(error)) from error
        return min(self._opened, datetime.fromtimestamp(written, UTC)) - FILE_LAG

    def find(self, batch: Sequence[Identified]) -> dict[str, tuple[str, ...]]:
        """The items that may be those of these records, by the records' keys; to be verified.

        Those of which it knows nothing are not there. Raises `NoIndexError` and `NotReachedError`.
        """
        self._just_searched = {}
        wanted = self._wanted(batch)
        if not wanted:
            return {}
        by_key = self._spelled(wanted.values())
        searched = self._index == "search"
        found = self._searched(by_key) if searched else self._table().find(by_key)
        keys = {record: self._rule.key(identifier) for record, identifier in wanted.items()}
        if searched:
            self._just_searched = {key: found.get(key, ()) for key in by_key}
        return {record: found[key] for record, key in keys.items() if key in found}

    def confirm_absent(
        self, batch: Sequence[Identified]
    ) -> dict[str, Refusal | tuple[str, ...] | None]:
        """Whether there really is no item for these records, which the index does not know.

        A record's key → None: there is none; the items that there are, to be verified; or why it
        can't be told. It is looked up live: in the search, or where the wiki has none among all
        items; and in all that was touched, or made by us, since the index was made.

        Raises `NotReachedError`.
        """
        wanted = self._wanted(batch)
        without = Refusal(Message("match-no-identifier"))
        told: dict[str, Refusal | tuple[str, ...] | None] = {key: without for key, _ in batch}
        if wanted:
            live = self._live(self._spelled(wanted.values()))
            newer = self._changes()
            trouble = newer.look()
            for record, identifier in wanted.items():
                key = self._rule.key(identifier)
                said = live.get(key, ())
                refused = said if isinstance(said, Refusal) else trouble
                known = () if isinstance(said, Refusal) else said
                told[record] = tuple(dict.fromkeys([*known, *newer.on(key)])) or refused
        return told

    def close(self) -> None:
        for table in (self._from_file, self._scanned):
            if table is not None:
                table.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _wanted(self, batch: Sequence[Identified]) -> dict[str, str]:
        found = {key: identifier_of(identifiers, self._rule) for key, identifiers in batch}
        return {key: identifier for key, identifier in found.items() if identifier}

    def _spelled(self, identifiers: Iterable[str]) -> dict[str, list[str]]:
        """Each identifier's key with its spellings."""
        spelled: dict[str, dict[str, None]] = {}
        for each in identifiers:
            told = spelled.setdefault(self._rule.key(each), {})
            told |= dict.fromkeys(spellings(each, self._rule.normalisers))
        return {key: list(told) for key, told in spelled.items()}

    def _searched(self, by_key: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        try:
            if self._search.is_blind():
                params: dict[str, Param] = {"property": self._rule.property}
                raise NoIndexError(Message("match-index-blind", params))
            return self._search.find(by_key)
        except NoSearchError as error:
            raise NoIndexError(Message("match-index-no-search")) from error

    def _live(self, by_key: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...] | Refusal]:
        """The items that the search, or else a scan, finds for each; or why that can't be told."""
        found: dict[str, tuple[str, ...] | Refusal] = {}
        try:
            if not self._search.is_blind():
                untold = {key for key, told in by_key.items() if not self._search.askable(told[0])}
                found |= {key: self._not_askable(by_key[key][0]) for key in untold}
                # What `find` has just searched for need not be searched for once more.
                just, self._just_searched = self._just_searched, {}
                found |= {key: just[key] for key in by_key if just.get(key)}
                return found | self._search.find({k: by_key[k] for k in by_key if k not in just})
        except NoSearchError:
            pass
        try:
            return found | self._scan().find(by_key)
        except NoIndexError:
            refusal = Refusal(Message("match-no-lookup", {"num_items": self._most_items}))
            return dict.fromkeys(by_key, refusal)

    def _not_askable(self, identifier: str) -> Refusal:
        params: dict[str, Param] = {"property": self._rule.property, "identifier": identifier}
        return Refusal(Message("match-not-askable", params))

    def _changes(self) -> Newer:
        if self._newer is None:
            self._newer = Newer(
                self._entities,
                self._rule,
                touched_since=self._opened - LAG,
                made_since=self.as_of,
                most=self._most_changes,
                own=self._own,
            )
        return self._newer

    def _table(self) -> Pairs:
        if self._index == "scan":
            return self._scan()
        if self._from_file is None:
            try:
                self._from_file = Pairs(read_pairs(self._path, self._rule))
            except IndexFileError as error:
                raise self._no_file(str(error)) from error
        return self._from_file

    def _scan(self) -> Pairs:
        if self._scanned is None:
            most = self._most_items
            ids = list(islice(all_items(self._entities), most + 1))
            if len(ids) > most:
                raise NoIndexError(Message("match-index-too-many", {"num_items": most}))
            read = (found for _, found in self._entities.read(ids) if isinstance(found, Item))
            self._scanned = Pairs(pairs_of(read, self._rule))
        return self._scanned

    def _no_file(self, reason: str) -> NoIndexError:
        params: dict[str, Param] = {"file": self._index, "reason": reason}
        return NoIndexError(Message("match-index-file", params))


def open_index(
    rule: MatchRule,
    index: str,
    entities: Entities,
    base: Path,
    *,
    most_items: int = MOST_ITEMS,
    most_changes: int = MOST_CHANGES,
    own: Own = nothing,
) -> Index:
    """The index that a mapping names; nothing is asked or read yet.

    `index`: "search", "scan", or the path of a file, relative to `base`, the mapping's folder. A
    wiki with more than `most_items` is not scanned, and no more than `most_changes` are looked
    through before an item is made. `own`: see `lookup.Newer`.
    """
    return Index(rule, index, entities, base, most_items, most_changes, own)
