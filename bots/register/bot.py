"""The register's three doors: read, plan, and plan one page again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from bots.core.apply import EndRunError
from bots.core.config import HubConfig, load_yaml
from bots.core.licences import LicenceBook
from bots.core.messages import Message, Messages
from bots.core.outcome import utcnow
from bots.core.plan import JSON, Edit, Finding, Judged, Planned, Target
from bots.core.ports import Progress, silent
from bots.core.register.computed import load_computed
from bots.core.register.facts import PageRecord
from bots.core.register.goals import GOAL, PAGES_SLOT, Countable, faults, pages_left, with_counts
from bots.core.register.kinds import load_kinds
from bots.core.register.values import known_world, reader
from bots.core.store import Store
from bots.register import plan as planning
from bots.register import slots, sources
from bots.register.accepted import read as accepted
from bots.register.accepted.facts import KIND
from bots.register.comparing import read as comparing
from bots.register.duties import read as duties
from bots.register.duties.plan import AGREEMENT, with_duties
from bots.register.lists import sourcing
from bots.register.lists.beginning import new_pages
from bots.register.lists.calls import Names, names_of
from bots.register.lists.facts import ListSource
from bots.register.lists.filling import Speech
from bots.register.lists.rendering import Look
from bots.register.plan import PART, Facts, Rooms, asks_of, is_current
from bots.register.read import Bases, read_lists, read_records, read_texts
from bots.register.rebuilding.rebuilt import conditions, rebuilt, was_lost
from bots.register.rebuilding.retelling import Words
from bots.register.records import Rules
from bots.register.slots import Base, OnPage
from bots.register.sources import Around, Wanted
from bots.register.undone import after_undo
from bots.wiki.desk import Desk
from bots.wiki.sites import TEMPLATES, Wiki

LICENCES = Path(__file__).parents[2] / "config" / "licences.yaml"
"""The licences that a record may name."""


Sources = dict[tuple[str, str], ListSource]

_COUNTED = (GOAL, AGREEMENT)
"""The kinds of which lists show more than their pages hold; see config/computed.yaml."""


class Register:
    """Reads the register's records, and keeps the lists that are made of them.

    Raises `ConfigError` for kinds of records that can't be used.
    """

    name = "register"

    def __init__(
        self,
        config: HubConfig,
        desk: Desk,
        store: Store,
        messages: Messages,
        now: Callable[[], datetime] = utcnow,
    ) -> None:
        self._config = config
        self._desk = desk
        self._store = store
        self._messages = messages
        self._now = now
        self._kinds = load_kinds(config.folder / "records")
        self._book = load_yaml(LICENCES, LicenceBook)
        self._facts: Facts | None = None
        self._records: Sequence[PageRecord] = ()
        self._parts: set[Target] = set()
        self._speech: dict[str, Speech] = {}

    def read(self, progress: Progress) -> Facts:
        """Records that changed, and the pages with lists where they or their sources did.

        Raises `NotReachedError`.
        """
        bases = {site: dict(self._store.bases(self.name, site)) for site in self._read_from}
        hub, config = self._hub, self._config
        top = config.the_register.top
        known = bases[config.hub]
        records = read_records(hub, top, self._rules, self._digest, self._store, known, progress)
        pages: list[OnPage] = []
        for site in self._sites:
            wiki = self._desk.wikis[site]
            names = self._names(wiki)
            pages += read_lists(wiki, config, self._kinds, names, bases[site])
            progress("lists", len(pages), None)
        self._require_bases(bases, pages)
        self._speech = {site: self._spoken(site, records.all) for site in self._sites}
        self._records = records.all
        rooms = self._rooms(known)
        goals, planned = self._goals(records.all, known.get(top, {}))
        counted = [*goals, *with_duties(records.all, rooms.duties)]
        found = self._sources(pages, records.all, counted)
        digests = self._digests(found, records.all)
        pages = self._with_texts(pages, digests)
        self._facts = Facts(
            register=[*records.planned, *planned],
            rooms=rooms,
            pages=pages,
            sources=found,
            digests=digests,
            offers=[*self._kinds, *self._others],
        )
        return self._facts

    def plan(self, facts: Facts) -> Iterator[Planned]:
        """What is to be stored and told of records; then edits and findings, page by page."""
        for planned in planning.plan(facts, self._speech):
            if isinstance(planned, Edit) and planned.key.startswith(PART):
                self._parts.add(planned.target)
            yield planned

    def replan(self, target: Target) -> Iterator[Planned]:
        """What is to be done to one page, read again; everything else is as it was read last.

        Raises `NotReachedError`.
        """
        facts = self._facts or self.read(silent)
        known = dict(self._store.bases(self.name, self._config.hub))
        rooms = planning.plan_rooms(self._rooms(known))
        found = [planned for planned in rooms if planned.target == target]
        for page in facts.pages:
            if page.target == target:
                now = replace(page, base=self._store.base(self.name, target), was="", seen=None)
                site = target.site
                read = read_texts(self._desk.wikis[site], self._config, [now], [target])
                found += planning.plan_page(read[0], facts, self._speech[site])
        if target in self._parts:
            found.append(Finding(target=target, message=Message("register-part-taken")))
        yield from found

    def after_undo(self, slot: str, left: JSON, was: JSON) -> JSON:
        """What is undone on pages of people's is not done again."""
        return after_undo(slot, left, was)

    def rebuild(self, progress: Progress) -> Iterator[Planned]:
        """What our edits left on the wikis, for a lost store. Raises `NotReachedError`."""
        for site in self._read_from:
            wiki, top = self._desk.wikis[site], self._config.the_register.top_of(site)
            held = dict(self._store.bases(self.name, site))
            begins = [each.title for each in new_pages(self._kinds, top, wiki.language)]
            words = self._words(wiki)
            yield from rebuilt(wiki, self.name, top, words, begins, held, progress)
        own = Target(self._config.hub, self._config.the_register.top)
        yield Judged(target=own, leaves={slots.REBUILT: True})

    def _words(self, wiki: Wiki) -> Words:
        condition = conditions(self._kinds, reader(self._rules.world))
        names = self._names(wiki)
        if wiki.key != self._config.hub:
            return Words(names=names, condition=condition)
        intake = self._config.intake
        return Words(
            names=names,
            condition=condition,
            kind=self._kinds.get(KIND),
            request=(intake.template, *intake.template_aliases),
        )

    def _require_bases(self, bases: Mapping[str, Bases], pages: Sequence[OnPage]) -> None:
        """Without bases all that is ours would be taken for people's: nothing is written."""
        own = bases[self._config.hub].get(self._config.the_register.top, {})
        # A rebuilding that was cut short has left some bases, but not this.
        if {slots.RULES, slots.REBUILT} & own.keys() or self._store.largest_run(self.name):
            return
        for site in self._read_from:
            here = (page for page in pages if page.listed and page.target.site == site)
            listed = {page.target.title for page in here}
            top = self._config.the_register.top_of(site)
            if was_lost(self._desk.wikis[site], self.name, top, listed):
                message = Message("dataset-rebuild-first", {"dataset": self.name})
                raise EndRunError("failed", message)

    def _rooms(self, bases: Bases) -> Rooms:
        """What the rooms beside the lists have to do with; `bases`: those on the hub wiki."""
        desk, store, config, records = self._desk, self._store, self._config, self._records
        now = self._now()
        return Rooms(
            accepted=accepted.read(desk, store, config, self._rules, records, bases),
            duties=duties.read(
                desk,
                store,
                config,
                self._kinds,
                records,
                bases,
                self._messages,
                self._datasets,
                now,
            ),
            comparing=comparing.read(desk, config, self._kinds, records, bases, self._items, now),
        )

    @property
    def _items(self) -> str:
        """The site of the items that records name; "" for none."""
        return self._config.the_register.items or self._site_of("wikidata")

    def _site_of(self, family: str) -> str:
        return next((key for key, each in self._config.sites.items() if each.family == family), "")

    @property
    def _hub(self) -> Wiki:
        return self._desk.wikis[self._config.hub]

    @cached_property
    def _sites(self) -> list[str]:
        """The sites on which lists may be kept."""
        return [key for key, site in self._config.sites.items() if self.name in site.approvals]

    @property
    def _read_from(self) -> Sequence[str]:
        return list(dict.fromkeys((self._config.hub, *self._sites)))

    @cached_property
    def _datasets(self) -> list[str]:
        return sorted(path.stem for path in (self._config.folder / "datasets").glob("*.yaml"))

    @property
    def _others(self) -> Iterator[str]:
        """What lists may be of besides records and datasets, as they say it."""
        for each in load_computed().values():
            yield from (asked for asked in each.asked if not asked.startswith("dataset:"))

    @cached_property
    def _rules(self) -> Rules:
        spoken = self._messages.languages
        register = self._config.the_register
        world = known_world(register, self._kinds, self._book, spoken, self._datasets)
        return Rules(self._kinds, world, self._hub.info.names_of(TEMPLATES))

    @cached_property
    def _digest(self) -> str:
        """Stands for all by which records are read."""
        kinds = {name: kind.model_dump(mode="json") for name, kind in self._kinds.items()}
        told = [kinds, self._book.model_dump(mode="json"), self._datasets]
        return sourcing.digest([sourcing.FORM, *told])

    def _names(self, wiki: Wiki) -> Names:
        return names_of(self._config.the_register, wiki.info.names_of(TEMPLATES))

    def _spoken(self, site: str, records: Sequence[PageRecord]) -> Speech:
        wiki, config = self._desk.wikis[site], self._config
        items = self._items
        look = Look(
            site=site,
            language=wiki.language,
            messages=self._messages,
            page_url=self._desk.page_url,
            entity_title=self._desk.entities(items).title if items else str,
            hub=config.hub,
            account=config.account,
            items=items,
            files=self._site_of("commons"),
            called=sourcing.names_of(records, self._kinds),
        )
        return Speech(
            names=self._names(wiki),
            look=look,
            canonical=reader(self._rules.world),
            most_bytes=wiki.info.max_article_bytes,
        )

    def _goals(
        self, records: Sequence[PageRecord], left: Base
    ) -> tuple[list[PageRecord], list[Planned]]:
        """The goals with what they count, and what is wrong with how they say it."""
        goals = [each for each in records if each.kind == GOAL]
        pages = sources.read_pages_there(goals, self._desk, self._config)
        there = Countable(
            kinds=self._kinds,
            records=records,
            canonical=reader(self._rules.world),
            pages=pages,
            items=self._store.count_items,
        )
        hub = self._config.hub
        planned: list[Planned] = [
            Finding(
                target=Target(hub, goal.title),
                message=Message(error.key, error.params),
                where="counts",
            )
            for goal, error in faults(goals, there)
        ]
        if pages != pages_left(left):
            top = Target(hub, self._config.the_register.top)
            planned.append(Judged(target=top, leaves={PAGES_SLOT: sorted(pages) or None}))
        return with_counts(goals, there), planned

    def _sources(
        self, pages: Sequence[OnPage], records: Sequence[PageRecord], counted: Sequence[PageRecord]
    ) -> Sources:
        """All that the lists of these pages may be of."""
        wanted: dict[tuple[str, str], list[str]] = {}
        for page in pages:
            speech = self._speech[page.target.site]
            for options in asks_of(page, speech):
                texts = wanted.setdefault((options.get("of", ""), speech.look.language), [])
                texts += options.values()
        around = Around(
            desk=self._desk,
            store=self._store,
            config=self._config,
            kinds=self._kinds,
            records=records,
            sites=self._sites,
            now=self._now(),
        )
        others = [
            Wanted(of, language, tuple(texts))
            for (of, language), texts in wanted.items()
            if of not in self._kinds
        ]
        found = sources.read(others, around) if others else {}
        own = self._kinds_sources(records, counted)
        languages = {speech.look.language for speech in self._speech.values()}
        found |= {(of, language): own[of] for of in own for language in languages}
        return found

    def _kinds_sources(
        self, records: Sequence[PageRecord], counted: Sequence[PageRecord]
    ) -> Mapping[str, ListSource]:
        """The records of each kind; `counted`: those of `_COUNTED`, with what was worked out."""
        own = {name: sourcing.of_kind(kind, records) for name, kind in self._kinds.items()}
        for name in own.keys() & set(_COUNTED):
            fields = {**own[name].fields, **load_computed()[name].fields}
            own[name] = replace(sourcing.of_kind(self._kinds[name], counted), fields=fields)
        return own

    def _digests(self, found: Sources, records: Sequence[PageRecord]) -> dict[tuple[str, str], str]:
        """Of each source, what stands for all that is in it."""
        same = sourcing.digest_of_records(records, self._digest)
        return {
            key: same if key[0] in {*self._kinds} - {*_COUNTED} else sourcing.digest_of(source)
            for key, source in found.items()
        }

    def _with_texts(
        self, pages: Sequence[OnPage], digests: Mapping[tuple[str, str], str]
    ) -> list[OnPage]:
        """The pages, read where what their lists are of has changed."""
        found: list[OnPage] = []
        for site, speech in self._speech.items():
            here = [page for page in pages if page.target.site == site]
            language = speech.look.language
            changed = {page.target for page in here if not is_current(page, digests, language)}
            found += read_texts(self._desk.wikis[site], self._config, here, changed)
        if any(page.seen for page in found):
            for site in dict.fromkeys(self._linked_to):
                # Where pages are is asked for now: a plan asks for nothing.
                self._desk.wikis[site].log_in()
        return found

    @property
    def _linked_to(self) -> Iterator[str]:
        for speech in self._speech.values():
            yield from filter(None, (speech.look.hub, speech.look.items, speech.look.files))
