"""What the wiki itself says of identifiers, now: its search, and all that has lately changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from bots.core.entitychange import EntityChange
from bots.core.merge.facts import Rank
from bots.core.messages import Message
from bots.core.plan import Edit
from bots.core.wikibase.change import applied
from bots.core.wikibase.model import Entity, Item, Missing, Redirect, Text
from bots.datasets.matching.judging import MatchRule, Refusal, identifiers_on
from bots.wiki.entities import Entities, fits_search
from bots.wiki.entity_lists import Touched, linked, made_by_us, touched

MOST_CHANGES = 20_000
"""More changes than these are not looked through: some 40 minutes of Wikidata."""

_OVERLAP = timedelta(minutes=2)
"""Changes may appear in the list a little after others that were made after them."""
_TRIED = 3
_LINKED = 50

Own = Callable[[Collection[int], datetime, str], Iterable[tuple[int, Edit | None]]]
"""New items that HubBot made, by their first revisions; see `Journal.made`."""


def nothing(_revids: Collection[int], _since: datetime, _naming: str) -> tuple[()]:
    """Where nobody knows what HubBot made: all is read."""
    return ()


class Search:
    """Items by identifier through the wiki's search, which may lag and is not always to be had.

    All but `askable` raise `NoSearchError` where the wiki has none, and `NotReachedError`.
    """

    def __init__(self, entities: Entities, rule: MatchRule) -> None:
        self._entities = entities
        self._rule = rule
        self._blind: bool | None = None

    def askable(self, spelling: str) -> bool:
        """Whether it can be searched for."""
        return fits_search(self._rule.property, [spelling])

    def find(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        """The items of each key that has some; `wanted`: an identifier's key → its spellings.

        Many are asked for in one search. Which of them an item was found for is told by what
        stands on it; an item on which none of them stands any more is asked for again, fewer at a
        time, until it is clear.
        """
        items: dict[str, dict[str, None]] = {}
        for asked in self._batches(wanted):
            self._find(asked, items, {})
        return {key: tuple(found) for key, found in items.items()}

    def is_blind(self) -> bool:
        """Whether the search does not know this property's values; asked once.

        It then answers nothing, without an error: not every property is indexed. It is tried with
        items that it gives for the property itself; where it gives none, the wiki's table of links
        says whether there are any.
        """
        if self._blind is None:
            self._blind = self._is_blind()
        return self._blind

    def _is_blind(self) -> bool:
        prop = self._rule.property
        some = list(islice(self._entities.with_statement(prop), _LINKED))
        if not some:
            some = linked(self._entities, prop, _LINKED)
            using = [each for each in self._items(some) if prop in each.statements]
            return bool(using) or len(some) == _LINKED
        told = ((item.id, text) for item in self._items(some) for text in self._texts(item))
        for item, text in islice((each for each in told if self.askable(each[1])), _TRIED):
            if item in self._entities.with_any_statement(prop, [text]):
                return False
        return True

    def _items(self, ids: Iterable[str]) -> Iterator[Item]:
        return (found for _, found in self._entities.read(ids) if isinstance(found, Item))

    def _texts(self, entity: Entity) -> Iterator[str]:
        for statement in entity.statements.get(self._rule.property, ()):
            value = statement.mainsnak.value
            if isinstance(value, Text) and statement.rank is not Rank.DEPRECATED:
                yield value.text

    def _batches(self, wanted: Mapping[str, Sequence[str]]) -> Iterator[list[tuple[str, str]]]:
        """(key, spelling) pairs, as many as one search takes."""
        batch: list[tuple[str, str]] = []
        for key, spellings in wanted.items():
            for spelling in filter(self.askable, spellings):
                if not fits_search(self._rule.property, [*(said for _, said in batch), spelling]):
                    yield batch
                    batch = []
                batch.append((key, spelling))
        if batch:
            yield batch

    def _find(
        self,
        asked: list[tuple[str, str]],
        items: dict[str, dict[str, None]],
        read: dict[str, Entity | Redirect | Missing],
    ) -> None:
        keys = {key for key, _ in asked}
        said = [spelling for _, spelling in asked]
        hits = list(self._entities.with_any_statement(self._rule.property, said))
        read.update(self._entities.read(each for each in hits if each not in read))
        unclear = []
        for hit in hits:
            entity = read[hit]
            on = identifiers_on(entity, self._rule) & keys if isinstance(entity, Entity) else set()
            for key in on:
                items.setdefault(key, {})[hit] = None
            if not on and not self._differs_in_case(entity, said):
                unclear.append(hit)
        if unclear and len(keys) == 1:
            items.setdefault(asked[0][0], {}).update(dict.fromkeys(unclear))
        elif unclear:
            half = len(asked) // 2
            self._find(asked[:half], items, read)
            self._find(asked[half:], items, read)

    def _differs_in_case(self, entity: Entity | Redirect | Missing, said: Iterable[str]) -> bool:
        """Whether it was found for another identifier: to the search ab and AB are the same."""
        if not isinstance(entity, Entity):
            return False
        asked = {each.casefold() for each in said}
        return any(text.casefold() in asked for text in self._texts(entity))


class Newer:
    """Identifiers on all items that were touched, or made by us, since the times given.

    It is straight from the wiki's database, so that it knows what no index knows yet. `own` tells
    what HubBot itself wrote, so that its new items on which nobody has been since are not read.
    """

    def __init__(
        self,
        entities: Entities,
        rule: MatchRule,
        *,
        touched_since: datetime,
        made_since: datetime,
        most: int = MOST_CHANGES,
        own: Own = nothing,
    ) -> None:
        self._entities = entities
        self._rule = rule
        self._touched_since = touched_since
        self._made_since = made_since
        self._most = most
        self._own = own
        self._read_at: dict[str, int] = {}
        self._noted: set[int] = set()
        self._found: dict[str, dict[str, None]] = {}

    def look(self) -> Refusal | None:
        """Look through what was done since the last time; a refusal where that is too much.

        Raises `NotReachedError`.
        """
        changed = list(islice(touched(self._entities, self._touched_since), self._most + 1))
        made = list(islice(made_by_us(self._entities, self._made_since), self._most + 1))
        if max(len(changed), len(made)) > self._most:
            return Refusal(Message("match-too-much-changed", {"num_changes": self._most}))
        self._take_changed(changed)
        self._take_made(made)
        return None

    def on(self, key: str) -> tuple[str, ...]:
        """The items that have, or had when we made them, the identifier with this key."""
        return tuple(self._found.get(key, ()))

    def _take_changed(self, changed: Sequence[Touched]) -> None:
        latest: dict[str, int] = {}
        for each in changed:
            # A deletion or restoration has no revision: what came of it is always read.
            latest[each.id] = max(latest.get(each.id, 0), each.revid)
        logged = {each.id for each in changed if not each.revid}
        wanted = {
            item: revid
            for item, revid in latest.items()
            if item in logged or self._read_at.get(item, 0) < revid
        }
        known = self._note_own({wanted[item]: item for item in wanted if item not in logged})
        for item, entity in self._entities.read(item for item in wanted if item not in known):
            self._read_at[item] = latest[item]
            if isinstance(entity, Item) and entity.revision is not None:
                self._noted.add(entity.revision)
            self._note(item, entity)
        if changed:
            newest = max(each.timestamp for each in changed)
            self._touched_since = max(self._touched_since, newest - _OVERLAP)

    def _take_made(self, made: Sequence[Touched]) -> None:
        items = {each.revid: each.id for each in made if each.revid not in self._noted}
        self._note_own(items)
        for revid, entity in self._entities.old(items.keys() - self._noted):
            self._noted.add(revid)
            self._note(items[revid], entity)
        if made:
            newest = max(each.timestamp for each in made)
            self._made_since = max(self._made_since, newest - _OVERLAP)

    def _note_own(self, items: Mapping[int, str]) -> set[str]:
        """Note what HubBot made by these revisions, by its journal; which items these are."""
        known = set()
        told = self._own(items, self._made_since, f'"{self._rule.property}"') if items else ()
        for revid, edit in told:
            item = items[revid]
            known.add(item)
            self._noted.add(revid)
            self._read_at[item] = max(self._read_at.get(item, 0), revid)
            if edit is not None and isinstance(edit.change, EntityChange):
                self._note(item, applied(edit.change.read, edit.change.patch))
        return known

    def _note(self, item: str, entity: Entity | Redirect | Missing | None) -> None:
        if isinstance(entity, Item):
            for key in identifiers_on(entity, self._rule):
                self._found.setdefault(key, {})[item] = None
