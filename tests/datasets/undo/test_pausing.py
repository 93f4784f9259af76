"""A bot whose edits people revert stops itself until somebody lets it go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.core.store import Store
from bots.core.wikibase.change import EntityPatch
from bots.core.wikibase.model import Item
from sandbox.wikibase.server import Wikibase
from tests.datasets.undo.doing import Do, Shop
from tests.wikibase.entities_scene import Person, open_desk, seed_item, string

ITEMS = [f"Q{number}" for number in range(1, 21)]
STOP = "User:HubBot/stop/test"


@pytest.fixture
def shop(wiki: Wikibase, store: Store, tmp_path: Path) -> Shop:
    for entity_id in ITEMS:
        seed_item(wiki, entity_id, "a")
    return Shop(open_desk(wiki.api, tmp_path), store)


@pytest.fixture
def person(wiki: Wikibase) -> Person:
    return Person(wiki.api, "Admin", "adminpass-1234")


def adding(value: str, items: list[str]) -> dict[str, Do]:
    def add(item: Item) -> EntityPatch:
        return EntityPatch(base_revid=item.revision, add=(string(value),))

    return dict.fromkeys(items, add)


def undo(shop: Shop, person: Person, items: list[str]) -> None:
    """Revert the last edit of these items, as people do with MediaWiki's own "undo"."""
    for entity_id in items:
        last = shop.item(entity_id).revision
        answer = person.write(action="edit", title=entity_id, undo=last)
        assert "error" not in answer, answer


def test_a_bot_that_is_reverted_stops_itself_until_its_stop_page_is_emptied(
    shop: Shop, person: Person
) -> None:
    shop.do(adding("x", ITEMS))
    undo(shop, person, ITEMS[:4])
    stopped = shop.do(adding("y", ["Q20"]))
    assert (stopped.state, stopped.counts) == ("stopped", {"saved": 1})
    assert stopped.note is not None
    assert stopped.note.params == {"num_reverted": 4, "num_edits": 20, "page": STOP}
    again = shop.do(adding("y", ["Q20"]))
    assert (again.state, again.counts) == ("stopped", {})
    person.write(action="edit", title=STOP, text="")
    assert shop.do(adding("y", ["Q20"])).counts == {"saved": 1}
    assert shop.do(adding("z", ["Q20"])).counts == {"saved": 1}


def test_a_few_reverts_stop_nobody(shop: Shop, person: Person) -> None:
    shop.do(adding("x", ITEMS))
    undo(shop, person, ITEMS[:3])
    assert shop.do(adding("y", ["Q20"])).state == "finished"


def test_a_small_share_stops_nobody(shop: Shop, person: Person) -> None:
    for value in "vwxy":
        shop.do(adding(value, ITEMS))
    undo(shop, person, ITEMS[:4])
    assert shop.do(adding("1", ["Q20"])).state == "finished", "4 of 80"
    undo(shop, person, ITEMS[4:6])
    assert shop.do(adding("2", ["Q20"])).state == "stopped", "6 of 81"


def test_what_an_operator_undid_stops_nobody(shop: Shop, person: Person) -> None:
    run = shop.do(adding("x", ITEMS))
    undo(shop, person, ITEMS[:4])
    shop.undo(run)
    assert shop.do(adding("y", ["Q20"])).state == "finished"


def test_it_costs_one_request(shop: Shop, wiki: Wikibase) -> None:
    shop.do(adding("x", ITEMS))
    mark = wiki.mark()
    shop.do({})
    asked = [each.parameters.get("rvprop") for each in wiki.requests_since(mark)]
    assert asked.count("ids|tags") == 1
