"""Keeps a dataset's public pages: they are read and written where what they say has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from bots.core import ownpage
from bots.core.config import HubConfig
from bots.core.messages import Message, Messages
from bots.core.ownpage import OwnRegion
from bots.core.plan import Planned, Target
from bots.core.store import Run, Store
from bots.datasets.choices.tableasking import item_tables, page_titles
from bots.datasets.labels import labels_of
from bots.datasets.mapping import Dataset
from bots.datasets.publicpages import mappingpage, taskpage
from bots.datasets.publicpages.mappingpage import LastRun
from bots.datasets.publicpages.words import Words
from bots.wiki.desk import Desk

SHOWN, LAST, LABELS = "shown", "last", "labels"
"""Slots of the mapping's page: a digest of all but the last run, the last run, and labels."""


def pages(
    dataset: Dataset, config: HubConfig, desk: Desk, store: Store, messages: Messages, run: Run
) -> Iterator[Planned]:
    """The edits that bring both pages up to date; nothing is asked of the wiki where they are.

    Raises `NotReachedError`.
    """
    if not config.public_pages or dataset.id not in config.sites[config.hub].approvals:
        return
    words = Words(
        dataset=dataset,
        config=config,
        messages=messages,
        language=desk.language(config.hub),
        page_url=desk.page_url,
        title=desk.entities(dataset.site).title,
    )
    yield from _mapping(words, desk, store, run)
    yield from _task(words, desk, store)


def called(dataset: Dataset, config: HubConfig, store: Store) -> dict[str, str]:
    """What the mapping's properties and items are called, as its page says; nothing is asked."""
    title = f"User:{config.account}/mapping/{dataset.id}"
    told = store.base(dataset.id, Target(config.hub, title)).get(LABELS)
    return {str(name): str(label) for name, label in told.items()} if isinstance(told, dict) else {}


def _mapping(words: Words, desk: Desk, store: Store, run: Run) -> Iterator[Planned]:
    dataset = words.dataset
    region = _region(words, "mapping")
    left = store.base(dataset.id, region.target)
    digest = _digest(mappingpage.body(words, None))
    last = _last_run(dataset, store, run, words.config) or _known(left.get(LAST))
    told = asdict(last) if last else None
    if left.get(SHOWN) == digest and left.get(LAST) == told:
        return
    labels = left.get(LABELS)
    if left.get(SHOWN) != digest or not isinstance(labels, dict):
        numbers = words.config.numbers_of(dataset.site)
        wanted = {numbers.here(each) for each in mappingpage.named(dataset)}
        labels = labels_of(desk, dataset.site, wanted, words.language)
    text = mappingpage.body(replace(words, labels=labels), last)
    leaves = {SHOWN: digest, LAST: told, LABELS: labels}
    yield ownpage.edit(store, dataset.id, region, desk.read(region.target), text, leaves)


def _task(words: Words, desk: Desk, store: Store) -> Iterator[Planned]:
    region = _region(words, "task")
    text = taskpage.body(words)
    digest = _digest(text)
    if store.base(words.dataset.id, region.target).get(SHOWN) != digest:
        page = desk.read(region.target)
        yield ownpage.edit(store, words.dataset.id, region, page, text, {SHOWN: digest})


def _region(words: Words, kind: str) -> OwnRegion:
    return OwnRegion(
        target=Target(words.config.hub, words.page(kind)),
        name=kind,
        key=f"{kind}-page",
        summary=Message(f"{kind}-page-summary"),
        no_place=Message(f"{kind}-page-no-place"),
    )


def _last_run(dataset: Dataset, store: Store, run: Run, config: HubConfig) -> LastRun | None:
    """This run, if it edited an item."""
    asked = [page_titles(dataset, table, config)(1) for table in item_tables(dataset)]
    edited, made = store.count_saved(run, besides=[f"User:{config.account}/", *asked])
    if not edited and not made:
        return None
    records = store.count_known(dataset.id)
    return LastRun(run.key, run.started.date().isoformat(), edited, made, records)


def _known(told: Any) -> LastRun | None:
    """The last run as the store knows it."""
    return LastRun(**told) if isinstance(told, dict) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
