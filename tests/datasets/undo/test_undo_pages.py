"""Undoing a run's edits of wiki pages: the text before comes back where nobody has edited since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bots.core.messages import Message, Messages
from bots.core.plan import Edit, Planned, Target
from bots.core.ports import Progress
from bots.core.run import Runner
from bots.core.store import Run, Store
from bots.house import I18N
from bots.wiki.desk import Desk
from sandbox.wikibase.server import Wikibase
from tests.datasets.undo.doing import SITE, Shop
from tests.wikibase.entities_scene import Person, open_desk

PAGE = "Project:page"


@dataclass
class PagesBot:
    """Gives pages these texts."""

    desk: Desk
    wanted: Mapping[str, str]
    name: str = "test"

    def read(self, progress: Progress) -> None:
        pass

    def plan(self, facts: None) -> Iterator[Planned]:
        for title in self.wanted:
            yield from self.replan(Target(SITE, title))

    def replan(self, target: Target) -> Iterator[Planned]:
        text = self.wanted[target.title]
        yield Edit(
            target=target,
            change=self.desk.read(target).change(text),
            summary=Message("plan-summary"),
            leaves={"text": text},
        )


@pytest.fixture
def shop(wiki: Wikibase, store: Store, tmp_path: Path) -> Shop:
    return Shop(open_desk(wiki.api, tmp_path), store)


@pytest.fixture
def person(wiki: Wikibase) -> Person:
    return Person(wiki.api)


def put(shop: Shop, **wanted: str) -> Run:
    bot = PagesBot(shop.desk, {f"Project:{name}": text for name, text in wanted.items()})
    config = shop.desk.wikis.config
    return Runner(bot, shop.desk, shop.store, config, Messages(I18N)).run()


def text(shop: Shop) -> str | None:
    return shop.desk.read(Target(SITE, PAGE)).text


def test_the_text_before_comes_back_and_so_does_the_base(shop: Shop) -> None:
    put(shop, page="first")
    run = put(shop, page="second")
    undone, left = shop.undo(run)
    assert (undone.counts, left) == ({"saved": 1}, [])
    assert text(shop) == "first"
    assert shop.store.base("test", Target(SITE, PAGE)) == {"text": "first"}
    assert shop.undo(run)[0].counts == {}


def test_a_page_that_somebody_edited_since_is_left_and_told(shop: Shop, person: Person) -> None:
    put(shop, page="first")
    run = put(shop, page="second")
    person.write(action="edit", title=PAGE, text="second, and theirs")
    undone, left = shop.undo(run)
    assert (undone.counts, left) == ({}, [(PAGE, "", "undo-page-changed")])
    assert text(shop) == "second, and theirs"
    (finding,) = shop.store.findings(run=undone)
    assert finding.finding.message.params == {"list_users": ["PlainUser"]}


def test_a_page_that_somebody_put_back_is_no_matter(shop: Shop, person: Person) -> None:
    put(shop, page="first")
    run = put(shop, page="second")
    person.write(action="edit", title=PAGE, text="first")
    undone, left = shop.undo(run)
    assert (undone.counts, left) == ({}, [])


def test_a_page_that_the_run_made_is_told_and_not_emptied(shop: Shop, person: Person) -> None:
    run = put(shop, page="first", other="second")
    person.write(action="edit", title=PAGE, text="first, and theirs")
    undone, left = shop.undo(run)
    assert undone.counts == {}
    assert sorted(left) == [
        ("Project:other", "", "undo-new-page-alone"),
        (PAGE, "", "undo-new-page"),
    ]
    assert text(shop) == "first, and theirs"


def test_what_we_report_below_our_own_user_page_is_not_undone(shop: Shop) -> None:
    bot = PagesBot(shop.desk, {"User:HubBot/report": "of what was found"})
    config = shop.desk.wikis.config
    run = Runner(bot, shop.desk, shop.store, config, Messages(I18N)).run()
    undone, left = shop.undo(run)
    assert (undone.counts, left) == ({}, [])
