"""Whole runs on entities: cut after save, and a person's change that our edit undid."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bots.core.entitychange import new_item
from bots.core.messages import Message, Messages
from bots.core.plan import NEW_ITEM, Edit, Planned, Target, edit_from_json, edit_to_json
from bots.core.ports import Progress
from bots.core.run import Runner
from bots.core.store import Run, Store, opened
from bots.core.wikibase.change import EntityPatch, StatementEdit
from bots.core.wikibase.model import Item, Snak, Text
from bots.house import I18N
from bots.terminal import diff_lines
from bots.wiki.desk import Desk
from sandbox.faults import Cut, Fault, HttpError, Truncated
from sandbox.proxy import FaultProxy
from sandbox.wikibase.server import Wikibase
from tests.wikibase.entities_scene import (
    STRING,
    Person,
    changed,
    open_desk,
    read_item,
    seed_item,
    seed_properties,
    string,
)
from tests.wikibase.test_entities import contributions, is_save, values
from tests.wikibase.test_race import is_rest

SITE = "repo"


@dataclass
class ValuesBot:
    """Sets the first string of items that still say "start", and makes items for new records."""

    desk: Desk
    store: Store
    wanted: Mapping[str, str]
    new: tuple[str, ...] = ()
    name: str = "test"

    def read(self, progress: Progress) -> list[Item]:
        return [read_item(self.desk, entity_id) for entity_id in self.wanted]

    def plan(self, facts: list[Item]) -> Iterator[Planned]:
        for item in facts:
            yield from self._plan_item(item)
        known = {slots.get("record") for _, slots in self.store.bases(self.name, SITE)}
        for record in self.new:
            if record not in known:
                yield Edit(
                    target=Target(SITE, f"{NEW_ITEM}{record}"),
                    change=new_item(EntityPatch(add=(string(record),))),
                    summary=Message("plan-summary"),
                    leaves={"record": record},
                )

    def replan(self, target: Target) -> Iterator[Planned]:
        if not target.title.startswith(NEW_ITEM):
            yield from self._plan_item(read_item(self.desk, target.title))

    def _plan_item(self, item: Item) -> Iterator[Planned]:
        first = next(iter(item.statements.get(STRING, ())), None)
        if first is None or first.mainsnak.value != Text("start"):
            return
        wanted = self.wanted[item.id]
        edit = StatementEdit(read=first, mainsnak=Snak(STRING, Text(wanted)))
        yield Edit(
            target=Target(SITE, item.id),
            change=changed(item, edit=(edit,)),
            summary=Message("plan-summary"),
            leaves={STRING: wanted},
        )


@pytest.fixture
def wiki(standin: Wikibase) -> Wikibase:
    seed_properties(standin)
    seed_item(standin, "Q1", "start", "b")
    return standin


@pytest.fixture(params=["rest", "wbeditentity"])
def proxy(wiki: Wikibase, request: pytest.FixtureRequest) -> Iterator[FaultProxy]:
    with FaultProxy(wiki.api) as between:
        if request.param == "wbeditentity":
            between.inject(HttpError(404, None), is_rest, times=None)
        yield between


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(f"sqlite:///{tmp_path}/store.sqlite") as found:
        yield found


Start = Callable[..., Run]


@pytest.fixture
def start(proxy: FaultProxy, store: Store, tmp_path: Path) -> Start:
    """Starts one run; what the bot wants is `wanted` and `new`."""
    desk = open_desk(proxy.api_url, tmp_path)

    def run(wanted: Mapping[str, str], new: tuple[str, ...] = ()) -> Run:
        bot = ValuesBot(desk, store, wanted, new)
        config = desk.wikis.config
        return Runner(bot, desk, store, config, Messages(I18N)).run()

    return run


@pytest.mark.parametrize("fault", [Cut(saved=True), Truncated()])
def test_a_patch_cut_after_it_was_saved_is_not_sent_again(
    wiki: Wikibase, proxy: FaultProxy, store: Store, start: Start, fault: Fault
) -> None:
    proxy.inject(fault, is_save)
    run = start({"Q1": "ours"})
    assert (run.state, run.counts) == ("finished", {"saved": 1})
    assert values(wiki, "Q1") == ["ours", "b"]
    assert len(contributions(wiki)) == 1
    assert store.base("test", Target(SITE, "Q1")) == {STRING: "ours"}


@pytest.mark.parametrize("fault", [Cut(saved=True), Truncated()])
def test_a_new_item_cut_after_it_was_saved_is_not_made_twice(
    wiki: Wikibase, proxy: FaultProxy, store: Store, start: Start, fault: Fault
) -> None:
    proxy.inject(fault, is_save)
    first = start({}, ("Record 1",))
    assert first.counts == {"saved": 1}
    (edit,) = store.edits(first)
    assert edit.receipt in contributions(wiki)[0].comment
    assert start({}, ("Record 1",)).counts == {}
    assert len(contributions(wiki)) == 1
    assert store.base("test", Target(SITE, "Q2")) == {"record": "Record 1"}


def test_a_new_item_that_never_arrived_is_made_by_the_next_run_only(
    wiki: Wikibase, proxy: FaultProxy, start: Start
) -> None:
    proxy.inject(Cut(), is_save)
    assert start({}, ("Record 1",)).counts == {"unknown": 1}
    assert contributions(wiki) == []
    assert start({}, ("Record 1",)).counts == {"saved": 1}
    assert start({}, ("Record 1",)).counts == {}
    assert len(contributions(wiki)) == 1


def test_a_patch_that_never_arrived_is_planned_afresh(
    wiki: Wikibase, proxy: FaultProxy, start: Start
) -> None:
    proxy.inject(Cut(), is_save)
    assert start({"Q1": "ours"}).counts == {"conflict": 1, "saved": 1}
    assert values(wiki, "Q1") == ["ours", "b"]


def test_what_a_person_changed_in_the_moment_before_stays_or_comes_back(
    wiki: Wikibase, proxy: FaultProxy, store: Store, start: Start
) -> None:
    person = Person(wiki.api)
    proxy.on_request(once(lambda: rewrite(person, "theirs")), is_save)
    run = start({"Q1": "ours"})
    assert run.state == "finished"
    assert values(wiki, "Q1") == ["theirs", "b"]
    undone = [each.comment for each in contributions(wiki)]
    if not undone:
        assert run.counts == {"conflict": 1}
        return
    assert run.counts == {"saved": 2}
    assert len(undone) == 2
    receipts = [each.receipt for each in store.edits(run)]
    assert all(any(receipt in comment for comment in undone) for receipt in receipts)
    (finding,) = store.findings("test")
    assert finding.finding.message.key == "entity-edit-undone"


def test_a_run_that_was_killed_before_it_looked_leaves_that_to_the_next(
    wiki: Wikibase, proxy: FaultProxy, store: Store, start: Start
) -> None:
    person = Person(wiki.api)
    proxy.on_request(once(lambda: rewrite(person, "theirs")), is_save)
    proxy.inject(Cut(saved=True), is_save)
    proxy.inject(HttpError(503), lambda request: is_after_save(request, wiki), times=None)
    first = start({"Q1": "ours"})
    if contributions(wiki):
        assert (first.state, values(wiki, "Q1")) == ("deferred", ["ours", "b"])
    proxy.heal()
    start({"Q1": "ours"})
    assert values(wiki, "Q1") == ["theirs", "b"]


def test_an_entity_edit_is_spooled_and_shown_line_by_line(wiki: Wikibase, tmp_path: Path) -> None:
    desk = open_desk(wiki.api, tmp_path)
    item = read_item(desk, "Q1")
    change = changed(
        item,
        edit=(StatementEdit(read=item.statements[STRING][0], mainsnak=Snak.somevalue(STRING)),),
        add=(string("https://example.org/x", "P854"),),
    )
    edit = Edit(target=Target(SITE, "Q1"), change=change, summary=Message("plan-summary"))
    assert edit_from_json(edit_to_json(edit)) == edit
    assert diff_lines(edit)[1:] == [
        f"-{STRING} start",
        f"+{STRING} (some value)",
        f" {STRING} b",
        "+P854 https://example.org/x",
    ]


def once(act: Callable[[], Any]) -> Callable[[Any], None]:
    left = [act]
    return lambda _: left.pop()() if left else None


def rewrite(person: Person, value: str) -> None:
    claim = person.entity("Q1")["claims"][STRING][0]
    claim["mainsnak"]["datavalue"]["value"] = value
    answer = person.write(action="wbsetclaim", claim=json.dumps(claim))
    assert "error" not in answer


def is_after_save(request: Any, wiki: Wikibase) -> bool:
    return bool(contributions(wiki)) and not is_save(request)
