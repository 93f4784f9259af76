"""Reads what the lists on pages are of, each once, however many lists ask for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bots.core.config import HubConfig
from bots.core.register.computed import ComputedConfig, load_computed
from bots.core.register.facts import PageRecord
from bots.core.register.goals import pages_asked
from bots.core.register.kinds import KindConfig
from bots.core.store import Store
from bots.register.lists.facts import ListSource
from bots.register.sources import equity, items, people, software, years
from bots.register.sources.partners import of_kind
from bots.register.sources.requests import read_requests
from bots.wiki.desk import Desk

_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Wanted:
    """What a list asks for: `of`, in the language of its page, and the texts of its options.

    The properties of a dataset's items that `texts` name are those that are read.
    """

    of: str
    language: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Around:
    """What sources are read with. `records`: all that the register has now, this run's too.

    `sites`: those on which there are lists.
    """

    desk: Desk
    store: Store
    config: HubConfig
    kinds: Mapping[str, KindConfig]
    records: Collection[PageRecord]
    sites: Collection[str]
    now: datetime


def read(wanted: Iterable[Wanted], around: Around) -> dict[tuple[str, str], ListSource]:
    """`of` and language → what such a list may choose from; left out: what there is not.

    Requests: one a wiki for the software, some a dataset (see `kept.read_items`), else none.
    Raises `NotReachedError` and `ConfigError` (computed.yaml).
    """
    asked: dict[str, list[Wanted]] = {}
    for each in wanted:
        asked.setdefault(each.of, []).append(each)
    computed = load_computed() if asked else {}
    found: dict[tuple[str, str], ListSource] = {}
    for of, lists in asked.items():
        languages = list(dict.fromkeys(each.language for each in lists))
        what, _, which = of.partition(":")
        if what == "dataset":
            dataset = items.read_dataset(
                which,
                [text for each in lists for text in each.texts],
                languages,
                sites=around.sites,
                desk=around.desk,
                store=around.store,
                config=around.config,
            )
            if dataset is not None:
                for language in languages:
                    found[of, language] = items.source_of(dataset, computed[what], language)
        elif what in computed:
            source = _read_one(what, which, computed[what], around)
            if source is not None:
                found |= {(of, language): source for language in languages}
    return found


def read_pages_there(goals: Iterable[PageRecord], desk: Desk, config: HubConfig) -> set[str]:
    """Of the pages on the hub wiki that goals ask for, those that there are, as they are asked for.

    One request for 500, none where no goal asks. Raises `NotReachedError`.
    """
    titles = pages_asked(goals)
    return {page.asked for page in desk.read_pages(config.hub, titles) if page.exists}


def _read_one(what: str, which: str, computed: ComputedConfig, around: Around) -> ListSource | None:
    """A source that is the same in every language; None: there is no such."""
    config, kinds, records = around.config, around.kinds, around.records
    match what:
        case "software" if not which or which in config.sites:
            found, whole = software.read_software(around.desk, [which] if which else config.sites)
            return software.source_of(found, of_kind(records, software.TOOL), computed, whole)
        case "equity":
            requests = read_requests(around.store, config)
            return equity.source_of(which, kinds, records, requests, computed)
        case "year" if not which or _YEAR.fullmatch(which):
            requests = read_requests(around.store, config)
            history = years.read_history(around.store, records, around.now)
            year = int(which) if which else None
            return years.source_of(year, kinds, records, requests, history, computed)
        case "people" if not which:
            return people.source_of(records, computed)
    return None
