"""What the tests of what people and partners read are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bots.core.config import HubConfig
from bots.core.messages import Messages
from bots.core.plan import Edit, Finding, PageText, Target
from bots.datasets.facts import Difference
from bots.datasets.feedback.conflictpage import Facts, page_title, plan_pages
from bots.datasets.feedback.words import Look

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
DATASET = "museums"
GUID = "Q42$8b2d6f1e-4c3a-4e2f-9a1b-0123456789ab"
CONFIG = HubConfig.model_validate(
    {
        "account": "HubBot",
        "operator": "Coordinator",
        "contact": "https://hubbot.example/contact",
        "hub": "hub",
        "sites": {"hub": {"api": "http://127.0.0.1:9/w/api.php"}},
    }
)


@dataclass(frozen=True)
class Page:
    """A page as it was read."""

    text: str | None = None
    revid: int | None = None
    timestamp: datetime | None = None


def difference(**changes: Any) -> Difference:
    """Q42's founding year: 1899 on the wiki, 1900 in the source."""
    given: dict[str, Any] = {
        "record": "SE-1",
        "item": "Q42",
        "site": "data",
        "slot": "P571",
        "property": "P571",
        "column": "founded",
        "kind": "conflict",
        "pair": "0123456789abcdef",
        "wiki": ("1899",),
        "wiki_values": ("1899",),
        "statement": GUID,
        "ours": "1900",
        "ours_value": "1900",
        "references": ("https://paper.example/1",),
        "calendar": "Gregorian",
        "url": "https://museums.example/SE-1",
        "since": NOW,
    }
    return Difference(**given | changes)


def many(count: int, **changes: Any) -> list[Difference]:
    """Differences of as many items, from Q1 on."""
    return [
        difference(item=f"Q{number}", pair=f"{number:016x}", **changes)
        for number in range(1, count + 1)
    ]


def item_url(target: Target) -> str:
    return f"https://data.example/wiki/{target.title}"


@cache
def messages() -> Messages:
    return Messages(Path(__file__).parents[3] / "config" / "i18n")


def look(config: HubConfig = CONFIG, language: str = "en", **changes: Any) -> Look:
    given: dict[str, Any] = {
        "config": config,
        "messages": messages(),
        "language": language,
        "dataset": DATASET,
        "title": "Museums of Example",
        "partner": "Example Museums Authority",
        "page_url": item_url,
        "labels": {"P571": "inception"},
    }
    return Look(**given | changes)


class Wiki:
    """Pages and bases as one run after another leaves them; people edit between."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.bases: dict[str, dict[str, Any]] = {}
        self.revid = 100

    @property
    def first(self) -> str:
        return page_title(CONFIG, DATASET)

    def save(self, title: str, text: str | None) -> None:
        """Somebody saves a page; None deletes it."""
        self.revid += 1
        saved = None if text is None else text.rstrip()
        self.pages[title] = Page(saved, None if text is None else self.revid, NOW)

    def text(self, number: int = 1) -> str:
        return self.pages[page_title(CONFIG, DATASET, number)].text or ""

    def replace(self, old: str, new: str, number: int = 1) -> None:
        """Somebody changes one place of a page."""
        text = self.text(number)
        assert text.count(old) == 1, text.count(old)
        self.save(page_title(CONFIG, DATASET, number), text.replace(old, new))

    def run(
        self, differences: list[Difference], *, shown: Look | None = None, **facts: Any
    ) -> tuple[list[Edit], list[Finding]]:
        """Plan, and save what was planned."""
        given = Facts(differences, dict(self.pages), dict(self.bases), **facts)
        planned = list(plan_pages(given, shown or look()))
        edits = [each for each in planned if isinstance(each, Edit)]
        for edit in edits:
            assert isinstance(edit.change, PageText)
            page = self.pages.get(edit.target.title, Page())
            assert (edit.change.before, edit.change.base_revid) == (page.text, page.revid)
            self.save(edit.target.title, edit.change.text)
            self.bases.setdefault(edit.target.title, {}).update(edit.leaves)
        return edits, [each for each in planned if isinstance(each, Finding)]


def decide(wiki: Wiki, item: str, word: str, number: int = 1) -> None:
    """Somebody writes a word into an item's row."""
    start = wiki.text(number).index(f"|item={item}|")
    text = wiki.text(number)
    at = text.index("|decision=", start) + len("|decision=")
    wiki.save(page_title(CONFIG, DATASET, number), f"{text[:at]}{word}{text[at:]}")


def keys(findings: list[Finding]) -> list[str]:
    return [each.message.key for each in findings]


def row_of(text: str, item: str) -> str:
    """An item's row, as wikitext."""
    start = text.index(f"|item={item}|")
    return text[start : text.index("\n}}", start)]
