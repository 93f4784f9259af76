"""The register as the configuration's folder describes it, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bots.core.config import HubConfig, load_yaml
from bots.core.licences import LicenceBook
from bots.core.plan import Target
from bots.core.register.asking import Canonical, Kinds
from bots.core.register.computed import load_computed
from bots.core.register.facts import PageRecord
from bots.core.register.goals import GOAL, Countable, pages_left, with_counts
from bots.core.register.kinds import load_kinds
from bots.core.register.values import known_world, reader
from bots.core.store import Store

LICENCES = Path(__file__).parents[3] / "config" / "licences.yaml"
"""The licences that a field may name."""


@dataclass(frozen=True)
class Open:
    """The kinds that there are, and what words of a question about them mean.

    `page`: the register's own on the hub wiki.
    """

    kinds: Kinds
    canonical: Canonical
    page: Target | None = None

    def records(
        self, store: Store, kind: str | None = None, as_of: datetime | None = None
    ) -> list[PageRecord]:
        """The store's records that may be shown, now or as they were; goals with what they count.

        None of a kind that there is no more. What people have to agree to has to be so today, too.
        """
        then = [each for each in store.page_records(kind, as_of) if self.may_be_shown(each)]
        asks = {name for name, each in self.kinds.items() if each.listed_by}
        if kind in (None, GOAL):
            then = self.counted(store, then, as_of)
        if as_of is None or not asks & {each.kind for each in then}:
            return then
        now = {each.page for each in store.page_records(kind) if self.may_be_shown(each)}
        return [each for each in then if each.kind not in asks or each.page in now]

    def counted(
        self, store: Store, records: Iterable[PageRecord], as_of: datetime | None = None
    ) -> list[PageRecord]:
        """The same records, the goals among them with what they count; see `goals`."""
        found = list(records)
        goals = [each for each in found if each.kind == GOAL]
        if not goals:
            return found
        now = as_of is None
        there = Countable(
            kinds=self.kinds,
            records=list(store.page_records(as_of=as_of)),
            canonical=self.canonical,
            # Of these nobody knows how it was.
            pages=pages_left(store.base("register", self.page)) if now and self.page else None,
            items=store.count_items if now else None,
        )
        told = {each.page: each for each in with_counts(goals, there)}
        return [told.get(each.page, each) for each in found]

    def history(
        self, store: Store, page: int
    ) -> list[tuple[PageRecord, datetime, datetime | None]]:
        """The versions of a page's record that may be shown, with since and until when."""
        versions = [each for each in store.page_record_history(page) if each[0].kind in self.kinds]
        if not versions:
            return []
        newest, _since, until = versions[-1]
        if self.kinds[newest.kind].listed_by and (until or not self.may_be_shown(newest)):
            return []
        return [each for each in versions if self.may_be_shown(each[0])]

    def may_be_shown(self, record: PageRecord) -> bool:
        """Whether a record may be shown elsewhere than on its own page."""
        kind = self.kinds.get(record.kind)
        return kind is not None and kind.may_show(record.values)


def open_register(config: HubConfig, spoken: Iterable[str]) -> Open:
    """The register; countries and languages are known by their names in the `spoken` languages.

    Without a kind there is nothing to ask for. Raises `ConfigError`.
    """
    kinds = load_kinds(config.folder / "records")
    if not kinds:
        return Open({}, lambda _field, _word: None)
    book = load_yaml(LICENCES, LicenceBook)
    datasets = [path.stem for path in sorted((config.folder / "datasets").glob("*.yaml"))]
    world = known_world(config.the_register, kinds, book, spoken, datasets)
    if GOAL in kinds:
        fields = {**kinds[GOAL].fields, **load_computed()[GOAL].fields}
        kinds[GOAL] = kinds[GOAL].model_copy(update={"fields": fields})
    return Open(kinds, reader(world), Target(config.hub, config.the_register.top))
