"""A bot for the runner's tests: it wants some pages to have a text, and that is all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bots.core.messages import Message
from bots.core.plan import Edit, Planned, Target
from bots.core.ports import Progress
from bots.wiki.desk import Desk
from bots.wiki.pages import Page


@dataclass
class PagesBot:
    """Keeps `wanted` (title → text) on one site; `after`: title → title that must be done first.

    `between` is called when everything has been read and before anything is planned, so that a
    test can let people edit at the worst moment.
    """

    desk: Desk
    wanted: Mapping[str, str]
    site: str = "hub"
    after: Mapping[str, str] = field(default_factory=dict)
    between: Callable[[], None] = lambda: None
    name: str = "pages"

    def read(self, progress: Progress) -> list[Page]:
        found = self.desk.read_pages(self.site, self.wanted)
        pages = sorted(found, key=lambda page: page.target.title)
        progress("read", len(pages), len(self.wanted))
        self.between()
        return pages

    def plan(self, facts: list[Page]) -> Iterator[Planned]:
        for page in facts:
            yield from self._plan_page(page)

    def replan(self, target: Target) -> Iterator[Planned]:
        yield from self._plan_page(self.desk.read(target))

    def _plan_page(self, page: Page) -> Iterator[Planned]:
        wanted = self.wanted[page.target.title]
        if page.text is not None and wanted in page.text:
            return
        text = wanted if page.text is None else f"{wanted}\n\n{page.text}"
        yield Edit(
            target=page.target,
            change=page.change(text),
            summary=Message("plan-summary"),
            leaves={"text": wanted},
            key=page.target.title,
            after=self.after.get(page.target.title, ""),
        )
