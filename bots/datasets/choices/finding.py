"""Asks the wiki which items a record may be: searches by name, and reads what is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bots.core.ports import Progress, silent
from bots.core.wikibase.model import Entity, Item, entity_type
from bots.datasets.choices.candidates import Judgement, Roles, judge, record_names, uncontested
from bots.datasets.choices.names import shortened
from bots.datasets.choices.valuepages import Proposal
from bots.datasets.facts import Record
from bots.wiki.entities import Entities

SEARCHES = 6
"""At most so many searches for a record: its first names, as they are and shortened."""
FOUND = 10
"""So many of a search's results are read."""
_RECORDS = 50
"""Records whose candidates are read together."""


def find(
    entities: Entities,
    records: Sequence[Record],
    roles: Roles,
    language: str = "en",
    progress: Progress = silent,
) -> list[Judgement]:
    """The candidates of each record, in the records' order; an item is certain for one at most.

    All judgements are held until the last: an item that is certain for two records is for none.
    Raises `NotReachedError`.
    """
    return list(uncontested(_judged(entities, records, roles, language, progress)))


def labels(entities: Entities, ids: Iterable[str], language: str) -> dict[str, str]:
    """What items and properties are called in a language, or else in English."""
    called: dict[str, str] = {}
    for entity_id, found in entities.read(ids):
        if isinstance(found, Entity):
            texts = (found.labels.get(code) for code in (language, "mul", "en"))
            called[entity_id] = next(filter(None, texts), "")
    return {entity_id: label for entity_id, label in called.items() if label}


def proposals(
    entities: Entities, values: Iterable[str], language: str, most: int = 5
) -> Iterator[tuple[str, tuple[Proposal, ...]]]:
    """Each value of a source with the items whose label or alias begins like it."""
    for value in values:
        found = entities.search(value[:_LONGEST_SEARCH], language) if value.strip() else []
        yield value, tuple(Proposal(each.id, each.label, each.description) for each in found[:most])


_LONGEST_SEARCH = 200


def _judged(
    entities: Entities,
    records: Sequence[Record],
    roles: Roles,
    language: str,
    progress: Progress,
) -> Iterator[Judgement]:
    for start in range(0, len(records), _RECORDS):
        batch = records[start : start + _RECORDS]
        asked: dict[tuple[str, str], list[str]] = {}
        ids: dict[str, list[str]] = {}
        for done, record in enumerate(batch, start):
            progress("search", done, len(records))
            ids[record.key] = _search(entities, record, roles, asked)
        wanted = {each for some in ids.values() for each in some}
        items: Mapping[str, object] = dict(entities.read(wanted))
        for record in batch:
            found = (items[each] for each in ids[record.key])
            yield judge(record, [each for each in found if isinstance(each, Item)], roles, language)


def _search(
    entities: Entities, record: Record, roles: Roles, asked: dict[tuple[str, str], list[str]]
) -> list[str]:
    """The ids that searches for a record's names give; each search is made once a batch."""
    texts = [
        (language if language != "mul" else "en", text[:_LONGEST_SEARCH])
        for language, name in record_names(record, roles)
        for text in (name.strip(), shortened(name))
        if text
    ]
    found = dict.fromkeys([record.item] if entity_type(record.item) == "item" else [])
    for language, text in list(dict.fromkeys(texts))[:SEARCHES]:
        if (language, text) not in asked:
            results = entities.search(text, language)[:FOUND]
            asked[language, text] = [each.id for each in results]
        found |= dict.fromkeys(asked[language, text])
    return list(found)
