"""What both pages are made with: names, links, and messages in the wiki's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bots.core.config import HubConfig
from bots.core.messages import Message, Messages, Param, Ready
from bots.core.plan import Target
from bots.core.wikitext import escape, external_link, link
from bots.datasets.mapping import Dataset

_LONGEST = 200


@dataclass(frozen=True)
class Words:
    """`page_url`: where people see a page. `labels`: what entities are called, as far as known."""

    dataset: Dataset
    config: HubConfig
    messages: Messages
    language: str
    page_url: Callable[[Target], str]
    title: Callable[[str], str]
    labels: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, **params: Param) -> str:
        """A message as wikitext; every parameter is shown as it is and does nothing."""
        return self.messages.text(self.language, Message(key, params), escape)

    def page(self, kind: str) -> str:
        """The title of the dataset's page of that kind, such as `task`."""
        return f"User:{self.config.account}/{kind}/{self.dataset.id}"

    def linked(self, kind: str) -> Ready:
        """A link to it."""
        return Ready(link(self.page(kind)))

    def contributions(self) -> Ready:
        """A link to the account's edits on the site that is written to."""
        title, site = f"Special:Contributions/{self.config.account}", self.dataset.site
        if site == self.config.hub:
            return Ready(link(title))
        return Ready(external_link(self.page_url(Target(site, title)), title))

    def entity(self, wikidata_id: str) -> str:
        """A link to a property or an item, which the mapping names by Wikidata's number."""
        here = self.config.numbers_of(self.dataset.site).here(wikidata_id)
        label = self.labels.get(here, "")
        called = f"{shown(label)} ({here})" if label else here
        title = self.title(here)
        if self.dataset.site == self.config.hub:
            return link(title, called)
        return external_link(self.page_url(Target(self.dataset.site, title)), called)


def shown(text: str) -> str:
    """A text from outside, cut, on one line; still to be escaped."""
    line = " ".join(text[: 4 * _LONGEST].split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def code(text: str) -> str:
    """A text as it is written in a file."""
    return f"<code>{escape(shown(text))}</code>"
