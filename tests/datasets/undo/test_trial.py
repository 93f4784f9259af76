"""A trial makes some of a plan's edits, and lists them on the wiki for whoever decides about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.core.messages import Message
from bots.core.plan import Target
from bots.core.store import Store
from bots.core.trialpage import trial_page
from bots.core.wikibase.change import EntityPatch
from bots.core.wikibase.model import Item
from sandbox.wikibase.server import Wikibase
from tests.datasets.undo.doing import SITE, Do, Shop, contributions
from tests.wikibase.entities_scene import Person, open_desk, seed_item, string

PAGE = "User:HubBot/trial/test"


@pytest.fixture
def shop(wiki: Wikibase, store: Store, tmp_path: Path) -> Shop:
    for number in range(1, 6):
        seed_item(wiki, f"Q{number}", "a")
    return Shop(open_desk(wiki.api, tmp_path), store)


def adding(value: str) -> dict[str, Do]:
    """To add this to Q1 to Q5, where it isn't said."""

    def add(item: Item) -> EntityPatch:
        known = [each.mainsnak for each in item.all_statements()]
        new = string(value)
        add = () if new.mainsnak.value in [each.value for each in known] else (new,)
        return EntityPatch(base_revid=item.revision, add=add)

    return {f"Q{number}": add for number in range(1, 6)}


def text(shop: Shop) -> str:
    return shop.desk.read(Target(SITE, PAGE)).text or ""


def test_a_trial_makes_no_more_edits_than_it_may_and_lists_them(shop: Shop, wiki: Wikibase) -> None:
    assert str(trial_page(shop.desk.wikis.config, "test")) == f"{SITE}:{PAGE}"
    run = shop.do(adding("x"), limit=2)
    assert (run.mode, run.state, run.counts) == ("trial", "finished", {"saved": 3, "planned": 3})
    assert run.note == Message("trial-limited", {"num_limit": 2})
    assert len(contributions(shop.api)) == 3, "two items and the page"
    rows = [line for line in text(shop).splitlines() if line.startswith("| [[")]
    saved = [each for each in shop.store.edits(run, ("saved",)) if each.target.title != PAGE]
    assert len(rows) == 2
    for row, edit in zip(rows, saved, strict=True):
        assert row.startswith(f"| [[{edit.target.title}]] || A plan waits for")
        assert f"diff={edit.revid}".replace("=", "&#61;") in row or f"diff={edit.revid}" in row


def test_the_next_trial_adds_its_edits_and_what_people_wrote_stays(shop: Shop) -> None:
    shop.do(adding("x"), limit=2)
    person = Person(shop.desk.wikis.config.sites[SITE].api or "")
    before = text(shop)
    noted = before.replace("| [[Q2]] ||", "| [[Q2]] (wrong, see talk) ||")
    answer = person.write(action="edit", title=PAGE, text=f"My notes.\n\n{noted}\n\nBelow.")
    assert "error" not in answer, answer
    shop.do(adding("y"), limit=1)
    after = text(shop)
    assert after.startswith("My notes.\n\n<!--")
    assert after.endswith("Below.")
    assert "| [[Q2]] (wrong, see talk) ||" in after
    assert after.count("\n| [[Q") == 3


def test_a_trial_that_does_all_of_it_is_no_less_than_a_run(shop: Shop) -> None:
    run = shop.do(adding("x"), limit=50)
    assert run.counts == {"saved": 6}
    assert shop.do(adding("x")).counts == {"unchanged": 5}


def test_a_page_without_our_place_is_left_alone_and_told(shop: Shop) -> None:
    person = Person(shop.desk.wikis.config.sites[SITE].api or "")
    person.write(action="edit", title=PAGE, text="Something else.")
    run = shop.do(adding("x"), limit=1)
    assert text(shop) == "Something else."
    (found,) = shop.store.findings(run=run)
    assert found.finding.message == Message("trial-no-place")


def test_undoing_a_trial_leaves_its_page(shop: Shop) -> None:
    run = shop.do(adding("x"), limit=2)
    listed = text(shop)
    undone, left = shop.undo(run)
    assert (undone.counts, left) == ({"saved": 2}, [])
    assert text(shop) == listed
