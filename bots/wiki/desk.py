"""The runner's and the bots' one door to all wikis, each named by its key in hub.yaml."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime

from bots.core.entitychange import EntityChange
from bots.core.outcome import Failed, NotReachedError, Outcome, Saved
from bots.core.plan import NEW_ITEM, Edit, Planned, Target
from bots.core.stop import Stop
from bots.wiki import entity_restoring, entity_writing, history, pages, revisions, stops, writing
from bots.wiki.entities import Entities
from bots.wiki.history import Revision, W
from bots.wiki.pages import Page
from bots.wiki.sites import Wikis


class Desk:
    """Reading and writing by target.

    All but `write` and `stopped` raise `NotReachedError`; all raise KeyError for a site that is
    not configured.
    """

    def __init__(self, wikis: Wikis) -> None:
        self.wikis = wikis
        self._entities: dict[str, Entities] = {}

    def entities(self, site: str) -> Entities:
        """The entities of a site; the same object each time, since it remembers the session."""
        if site not in self._entities:
            self._entities[site] = Entities(self.wikis[site])
        return self._entities[site]

    def language(self, site: str) -> str:
        """MediaWiki's code of the language that people read there."""
        return self.wikis[site].language

    def page_url(self, target: Target) -> str:
        """Where people see a page."""
        return self.wikis[target.site].page_url(target.title)

    def diff_url(self, site: str, revid: int) -> str:
        """Where people see what a revision changed."""
        return self.wikis[site].diff_url(revid)

    def reverted(self, site: str, revids: Collection[int]) -> frozenset[int]:
        """Those of these revisions that people have reverted; see `bots.wiki.revisions`."""
        return revisions.reverted(self.wikis[site], revids)

    def read(self, target: Target) -> Page:
        """One page; `NotReachedError` also for one that can't be read."""
        page = pages.read_page(self.wikis[target.site], target.title)
        if page.fault:
            raise NotReachedError(Failed(code="unreadable", info=f"{target}: {page.fault}"))
        return page

    def read_pages(self, site: str, titles: Iterable[str]) -> Iterator[Page]:
        """Many pages; see `bots.wiki.pages.read_pages`."""
        return pages.read_pages(self.wikis[site], titles)

    def read_subpages(self, target: Target) -> Iterator[Page]:
        """All pages below one; see `bots.wiki.pages.read_subpages`."""
        return pages.read_subpages(self.wikis[target.site], target.title)

    def write(
        self, edit: Edit, summary: str, meanwhile: Callable[[], None] | None = None
    ) -> Outcome:
        """Send an edit, once; what became of it. `meanwhile`: see `bots.core.ports.Desk`."""
        change = edit.change
        if isinstance(change, EntityChange):
            entities = self.entities(edit.target.site)
            return entity_writing.write(entities, change, summary, meanwhile)
        return writing.write(self.wikis[edit.target.site], edit, change, summary)

    def undone(self, edit: Edit, saved: Saved) -> Iterator[Planned]:
        """What people changed and a merged edit undid; see `bots.wiki.entity_restoring`."""
        if isinstance(edit.change, EntityChange):
            entities = self.entities(edit.target.site)
            yield from entity_restoring.undone(entities, edit.target, edit.change, saved)

    def find_receipt(
        self, target: Target, receipt: str, since: datetime, base_revid: int | None = None
    ) -> Saved | None:
        """The edit that carries a receipt, if it was saved; see `bots.wiki.history`."""
        wiki = self.wikis[target.site]
        if target.title.startswith(NEW_ITEM):
            return history.find_new_item(wiki, receipt, since)
        return history.find_receipt(wiki, target, receipt, since, base_revid)

    def stopped(self, site: str, bot: str) -> Stop | None:
        """The stop page that stops a bot; None: it may go on."""
        return stops.stopped(self.wikis[site], bot)

    def decided_by(
        self, target: Target, wanted: Collection[W], said: Callable[[str], Collection[W]]
    ) -> dict[W, Revision]:
        """Of each decision that is wanted, the revision by which a trusted person made it.

        `said` gives the decisions that stand in a text of the page. Left out are those that nobody
        in one of the configuration's `trusted_groups`, as they are now, has made.
        """
        wiki = self.wikis[target.site]
        made = history.who_added(wiki, target, wanted, said)
        groups = pages.user_groups(wiki, {each.user for each in made.values() if each.user})
        trusted = set(wiki.config.trusted_groups)
        return {
            each: revision
            for each, revision in made.items()
            if groups.get(revision.user, frozenset()) & trusted
        }
