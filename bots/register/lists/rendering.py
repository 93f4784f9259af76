"""Values as the cells of a list show them: in the wiki's language, and safe whatever they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bots.core.messages import Message, Messages
from bots.core.plan import Target
from bots.core.register.kinds import FieldConfig, Type, in_words
from bots.core.register.showing import plain
from bots.core.wikitext import escape, external_link, link
from bots.register.lists.facts import SourceRow


@dataclass(frozen=True)
class Look:
    """How lists speak on a wiki.

    `hub`, `items` and `files`: the sites on which records, items and files' categories are; "" for
    one that there is not. `page_url`: where people see a page, of a site that is named here, and
    `entity_title` what an item's or property's is called there.
    `called`: a record's title → what it is called. `account`: the bot's, below whose user page
    datasets are described.
    """

    site: str
    language: str
    messages: Messages
    page_url: Callable[[Target], str]
    entity_title: Callable[[str], str]
    hub: str
    account: str
    items: str = ""
    files: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    _shown: dict[tuple[str, Type, str], str] = field(default_factory=dict, compare=False)

    def cell(self, name: str, field: FieldConfig, values: Sequence[str]) -> str:
        """All that stands in a field, as wikitext on one line."""
        return ", ".join(self._value(name, field, value) for value in values)

    def naming(self, row: SourceRow, value: str) -> str:
        """A row's own name, which links to what it is of."""
        if self.site in row.articles:
            return link(row.articles[self.site], value)
        if row.page:
            return self._page(self.hub, row.page, value)
        if row.item:
            return self._page(self.items, self.entity_title(row.item), value)
        return external_link(row.url, value) if row.url else escape(value)

    def title(self, field: FieldConfig) -> str:
        """What a column is called."""
        return escape(in_words(field.label, self.language))

    def plain(self, field: FieldConfig, value: str) -> str:
        """A value in words, without link and not escaped: for headings, and to sort by."""
        return plain(field, value, self.language, self._say, self.called)

    def heading(self, field: FieldConfig, value: str) -> str:
        """What a section of the rows with this value is called."""
        return escape(self.plain(field, value))

    def nothing(self) -> str:
        """The heading of rows that say nothing of what they are grouped by."""
        return escape(self.unsaid())

    def unsaid(self) -> str:
        """What such rows are called, in words."""
        return self._say("register-not-said")

    def _value(self, name: str, field: FieldConfig, value: str) -> str:
        key = (name, field.type, value)
        if key not in self._shown:
            self._shown[key] = self._wikitext(field, value)
        return self._shown[key]

    def _wikitext(self, field: FieldConfig, value: str) -> str:
        match field.type:
            case Type.URL:
                return external_link(value, _host(value))
            case Type.ITEM | Type.PROPERTY:
                return self._page(self.items, self.entity_title(value), value)
            case Type.USER:
                return self._page(self.hub, f"User:{value}", value)
            case Type.CATEGORY:
                name = value.removeprefix("Category:")
                return self._page(self.files, f"Category:{name}", name)
            case Type.DATASET:
                return self._page(self.hub, f"User:{self.account}/mapping/{value}", value)
            case Type.PAGE:
                return self._page(self.hub, value, self.called.get(value) or value)
            case Type.RECORD:
                return self._page(self.hub, value, self.plain(field, value))
            case _:
                return escape(self.plain(field, value))

    def _page(self, site: str, title: str, label: str) -> str:
        """A link to a page: within the wiki where it is here, else by its address."""
        if not site:
            return escape(label)
        if site == self.site:
            return link(title, label)
        return external_link(self.page_url(Target(site, title)), label)

    def _say(self, key: str) -> str:
        return self.messages.text(self.language, Message(key))


def _host(url: str) -> str:
    """The host of an address: what links to it are called."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
