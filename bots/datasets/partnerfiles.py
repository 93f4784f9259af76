"""What the partner gets as files: the differences that stood, and all that can be taken home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TextIO

from bots.core.store import Known, Store
from bots.core.wikibase.model import Item
from bots.datasets.differences import STANDS_AFTER, difference_of
from bots.datasets.facts import Difference, Record, Row
from bots.datasets.feedback.report import Format, Written, write_report
from bots.datasets.feedback.returnfiles import Counts, write_return
from bots.datasets.feedback.returns import Frame, Matched
from bots.datasets.labels import labels_of
from bots.datasets.mapping import Dataset
from bots.datasets.read import edited_at
from bots.datasets.records import Mapper
from bots.datasets.source import Source
from bots.wiki.desk import Desk

_CHUNK = 500
_ALL = 1_000_000


def standing(store: Store, bot: str, now: datetime) -> Iterator[Difference]:
    """The open differences that a run saw first 72 hours ago or earlier."""
    found = store.findings(bot, limit=_ALL)
    began = store.run_starts(each.first_run for each in found)
    for each in found:
        difference = difference_of(each.finding)
        if difference is not None and now - began[each.first_run] >= STANDS_AFTER:
            yield difference


def report(
    file: TextIO, form: Format, dataset: Dataset, desk: Desk, store: Store, now: datetime
) -> Written:
    """Write the differences that stood as "csv", "json" or "mismatch" (Mismatch Finder's CSV)."""
    told = standing(store, dataset.id, now)
    answers = store.answers(dataset.id)
    return write_report(file, form, told, page_url=desk.page_url, answers=answers)


def give_back(
    folder: Path,
    dataset: Dataset,
    source: Source,
    mapper: Mapper,
    desk: Desk,
    store: Store,
    now: datetime,
) -> Counts:
    """Write the return file into `folder`; see `bots.datasets.feedback.returnfiles`.

    Raises `NotReachedError`.
    """
    told: dict[str, list[Difference]] = {}
    for difference in standing(store, dataset.id, now):
        told.setdefault(difference.record, []).append(difference)
    frame = Frame(
        dataset=dataset.id,
        site=dataset.site,
        key_columns=source.keys,
        links=desk,
        now=now,
        title=dataset.title,
        numbers=desk.wikis.config.numbers_of(dataset.site),
        labels=labels_of(
            desk,
            dataset.site,
            {rule.property for rule in mapper.rules},
            desk.language(dataset.site),
        ),
        answers=store.answers(dataset.id),
    )
    return write_return(folder, frame, _matched(dataset, source, mapper, desk, store, told))


def _matched(
    dataset: Dataset,
    source: Source,
    mapper: Mapper,
    desk: Desk,
    store: Store,
    told: Mapping[str, list[Difference]],
) -> Iterator[Matched]:
    """The records with an item, and the item as it is now."""
    entities = desk.entities(dataset.site)
    rows = (row for row in source.rows() if isinstance(row, Row))
    while chunk := list(islice(rows, _CHUNK)):
        known = store.known(dataset.id, [row.key for row in chunk])
        ids = {key: each.title.rpartition(":")[2] for key, each in known.items() if each.title}
        found = dict(entities.read(ids.values()))
        for row in chunk:
            item = found.get(ids.get(row.key, ""))
            values = source.values(row)
            if isinstance(item, Item) and isinstance(values, dict):
                record = mapper.record(row, values)
                key = tuple(str(values[name]) for name in source.keys)
                yield _of(record, key, item, known[row.key], told.get(row.key, []))


def _of(
    record: Record, key: tuple[str, ...], item: Item, known: Known, told: list[Difference]
) -> Matched:
    return Matched(
        record=record,
        key=key,
        item=item,
        differences=tuple(told),
        changed=edited_at(item),
        left=known.revid or 0,
    )
