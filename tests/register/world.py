"""What the register's tests are held against: the shipped kinds, and the world as they name it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bots.core.config import RegisterConfig, load_yaml
from bots.core.licences import LicenceBook
from bots.core.messages import Messages
from bots.core.plan import Target
from bots.core.register.kinds import KindConfig, load_kinds
from bots.core.register.values import World, known_world
from bots.register.records import Reading, Rules, read_record
from bots.wiki.pages import Page

CONFIG = Path(__file__).parents[2] / "config"
NOW = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)


@cache
def messages() -> Messages:
    return Messages(CONFIG / "i18n")


@cache
def kinds() -> Mapping[str, KindConfig]:
    return load_kinds(CONFIG / "records")


@cache
def world() -> World:
    book = load_yaml(CONFIG / "licences.yaml", LicenceBook)
    datasets = ["heritage-sweden", "human-genes"]
    return known_world(RegisterConfig(), kinds(), book, messages().languages, datasets)


def rules() -> Rules:
    return Rules(kinds(), world(), ("Mall",))


def page(text: str | None, title: str = "Partnerships/Partners/Sjömuseet", number: int = 7) -> Page:
    """A page of the hub wiki as it was read."""
    return Page(
        target=Target("hub", title),
        asked=title,
        text=text,
        revid=None if text is None else 70 + number,
        timestamp=NOW,
        seen=NOW,
        number=number,
    )


def reading(text: str | None, title: str = "Partnerships/Partners/Sjömuseet") -> Reading:
    return read_record(page(text, title), rules())


def told(found: Reading, language: str = "en") -> list[tuple[str, str]]:
    """Field and words of what is told of a page."""
    return [(each.where, messages().text(language, each.message)) for each in found.findings]
