"""A record's values as a page shows them: in the reader's language, linked where there is more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import current_app, g

from bots.core.config import HubConfig
from bots.core.plan import Target
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, KindConfig, Type
from bots.core.register.showing import plain
from webservice.links import WikiLinks, http_url
from webservice.words import Reader

Find = Callable[[str], str | None]
"""A record's title → the address of its own page here, if it has one."""

# What a record says of items and files is about these, whatever wiki it stands on.
_WIKIDATA = "https://www.wikidata.org/wiki/"
_COMMONS = "https://commons.wikimedia.org/wiki/"


@dataclass(frozen=True)
class Shown:
    """A value in words, and where it leads; None: nowhere."""

    text: str
    url: str | None = None


def in_words(field: FieldConfig, value: str, called: Mapping[str, str] | None = None) -> str:
    """A value in the reader's language. `called`: what records are called, by title."""
    reader: Reader = g.reader

    def say(key: str) -> str:
        return str(reader.say(key).striptags())

    return plain(field, value, reader.language, say, called or {})


def shown(
    field: FieldConfig,
    value: str,
    called: Mapping[str, str] | None = None,
    record_url: Find = lambda _title: None,
) -> Shown:
    """A value with its link."""
    words = in_words(field, value, called)
    match field.type:
        case Type.URL:
            url = http_url(value)
            return Shown(urlsplit(value).hostname or value if url else value, url)
        case Type.ITEM:
            return Shown(words, f"{_WIKIDATA}{value}")
        case Type.PROPERTY:
            return Shown(words, f"{_WIKIDATA}Property:{value}")
        case Type.USER:
            return Shown(words, _on(_hub(), f"User:{value}"))
        case Type.PAGE:
            return Shown(words, _on(_hub(), value))
        case Type.CATEGORY:
            name = value.removeprefix("Category:").replace(" ", "_")
            return Shown(words, f"{_COMMONS}Category:{quote(name)}")
        case Type.DATASET:
            return Shown(words, _on(_hub(), f"User:{_config().account}/mapping/{value}"))
        case Type.RECORD:
            return Shown(words, record_url(value) or _on(_hub(), value))
        case _:
            return Shown(words)


def fields_of(
    record: PageRecord, kind: KindConfig, called: Mapping[str, str], record_url: Find
) -> Iterator[tuple[FieldConfig, list[Shown]]]:
    """All that a record says but its name, in the order of its kind's fields."""
    for name, field in kind.fields.items():
        if name != kind.called and record.values.get(name):
            yield field, [shown(field, each, called, record_url) for each in record.values[name]]


@dataclass(frozen=True)
class Change:
    """What became of a field from one version to the next; texts in words, "" for nothing."""

    field: FieldConfig
    before: str
    after: str


def changes(before: PageRecord, after: PageRecord, kind: KindConfig) -> list[Change]:
    """The fields that say something else in the later of two versions."""
    return [
        Change(field, *(_together(field, each.values.get(name, ())) for each in (before, after)))
        for name, field in kind.fields.items()
        if before.values.get(name, ()) != after.values.get(name, ())
    ]


def _together(field: FieldConfig, values: Sequence[str]) -> str:
    return ", ".join(in_words(field, value) for value in values)


def _on(site: str, title: str) -> str | None:
    links: WikiLinks = current_app.extensions["hubbot_links"]
    return links.page(Target(site, title))


def _hub() -> str:
    return _config().hub


def _config() -> HubConfig:
    config: HubConfig = current_app.extensions["hubbot_config"]
    return config
