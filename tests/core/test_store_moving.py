"""A store as one file: what comes out of one database goes into another, whole or not at all."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bots.core.entitychange import new_item
from bots.core.messages import Message
from bots.core.outcome import Saved
from bots.core.plan import NEW_ITEM, Edit, Finding, Judged, RecordState, Target
from bots.core.register.facts import PageRecord
from bots.core.stop import Stop
from bots.core.store import Decision, Store, StoreError, moving, opened
from bots.core.store.schema import leases, metadata
from bots.core.wikibase.change import EntityPatch, TermChange

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
BOT = "museums"
ITEM = Target("repo", "Q1")
TABLES = [table for table in metadata.sorted_tables if table is not leases]


def live(store: Store) -> None:
    """Something in each table, in many scripts."""
    run = store.start_run(BOT, "run", "me", NOW)
    label = TermChange(terms="labels", language="ja", text="海の博物館 🏛\u2028\n")
    edit = Edit(
        target=Target("repo", NEW_ITEM + "A"),
        change=new_item(EntityPatch(terms=(label,))),
        summary=Message("s", {"num": 1}),
        record=RecordState("A", "d", links=(("other", "B", "Q2"),)),
        leaves={"region": ["x", None]},
    )
    store.spool(run, [edit] * 1_100)
    first = next(store.edits(run))
    store.mark_sent(first, NOW)
    store.settle(first, Saved(revid=2**40, timestamp=NOW, title="Q1"), BOT, NOW)
    finding = Finding(target=ITEM, message=Message("look"))
    store.note_findings(run, [finding])
    store.judge(BOT, [Judged(target=ITEM, leaves={"P31": {"b": 1}}, revid=7)], NOW)
    page = PageRecord(
        kind="partner", page=5, title="Partners/海", revid=6, edited=NOW, values={"name": ("海",)}
    )
    store.put_page_record(page, "hub", NOW)
    store.answer(BOT, {"r1": "refused"}, NOW)
    store.decide(
        Decision(BOT, ITEM, slot="P31", pair="x", choice="both", user="Å", revid=9, decided=NOW)
    )
    store.see_stop(BOT, "hub", Stop(Target("hub", "User:HubBot/stop"), "Aino", NOW, 3, "wait"), NOW)
    store.take_lease(BOT, "me", NOW, 60)
    store.finish_run(run, "finished", Message("why"), NOW)


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(
                select(table).order_by(*table.primary_key)
            )]
            for table in TABLES
        }  # fmt: skip


@pytest.mark.parametrize("name", ["store.jsonl", "store.jsonl.gz"])
def test_what_one_store_holds_another_one_holds_after_it(
    store: Store, new_store_url: Callable[[], str], tmp_path: Path, name: str
) -> None:
    live(store)
    before = rows(store)
    assert all(before.values()), "a table is empty"
    count = moving.write(store.engine, tmp_path / name)
    assert count == sum(map(len, before.values())) > 1_100
    with opened(new_store_url()) as other:
        assert moving.read(other.engine, tmp_path / name) == count
        assert rows(other) == before
        assert other.leases() == []
        run = other.start_run(BOT, "run", "me", NOW)
        assert run.id > before["runs"][-1][0]
    assert [path.name for path in tmp_path.glob("*store.jsonl*")] == [name]


@pytest.fixture
def lines(new_store_url: Callable[[], str]) -> list[str]:
    """The lines of a whole file."""
    with opened(new_store_url()) as store:
        live(store)
        return list(moving.exported(store.engine))


def changed(lines: list[str], **more: object) -> list[str]:
    """The run's row with other values."""
    (at,) = (number for number, line in enumerate(lines) if line.startswith('["runs"'))
    table, row = json.loads(lines[at])
    return [*lines[:at], json.dumps([table, {**row, **more}]), *lines[at + 1 :]]


BAD: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "empty": (lambda _: [], "no file of 'hubbot export'"),
    "no store": (lambda _: ['{"a": 1}'], "no file of 'hubbot export'"),
    "another version": (lambda each: ['{"hubbot-store": "0001"}', *each[1:]], "version 0001"),
    "no JSON": (lambda each: [each[0], "nonsense", *each[2:]], "Line 2 of the file is no JSON"),
    "no table": (lambda each: [each[0], '["users", {}]'], "Line 2 of the file is no row"),
    "leases": (lambda each: [each[0], '["leases", {}]'], "Line 2 of the file is no row"),
    "no column": (lambda each: changed(each, x=1), "runs has no column x"),
    "no number": (lambda each: changed(each, id="1"), "id of runs can't be '1'"),
    "no time": (lambda each: changed(each, started="x"), "started of runs"),
    "no zone": (lambda each: changed(each, started="2026-11-21"), "started of runs"),
    "null": (lambda each: changed(each, bot=None), "bot of runs can't be None"),
    "a row twice": (lambda each: [*each[:2], *each[1:]], "can't be put"),
    "cut off": (lambda each: each[:-1], "cut off"),
    "goes on": (lambda each: [*each, each[-1]], "comes after its end"),
    "a row lost": (lambda each: [*each[:-2], each[-1]], "does not hold all the rows"),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("broken", "said"), BAD.values(), ids=BAD)
def test_a_file_that_is_not_whole_is_refused_and_nothing_of_it_is_kept(
    store: Store, lines: list[str], broken: Callable[[list[str]], list[str]], said: str
) -> None:
    with pytest.raises(StoreError) as caught:
        moving.fill(store.engine, broken(lines))
    assert said in str(caught.value)
    assert not any(rows(store).values())


def test_a_store_that_holds_something_is_not_filled(store: Store, lines: list[str]) -> None:
    live(store)
    before = rows(store)
    with pytest.raises(StoreError, match="not empty"):
        moving.fill(store.engine, lines)
    assert rows(store) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_packed_file_that_was_cut_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "store.jsonl.gz"
    moving.write(store.engine, path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StoreError, match="can't be read"):
        moving.read(store.engine, path)
    path.write_bytes(gzip.compress(b"\xff"))
    with pytest.raises(StoreError, match="can't be read"):
        moving.read(store.engine, path)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_that_can_t_be_written_leaves_the_one_that_was_there(
    store: Store, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="can't be written"):
        moving.write(store.engine, tmp_path / "nowhere" / "store.jsonl")
    moving.write(store.engine, tmp_path / "store.jsonl")
    assert (tmp_path / "store.jsonl").stat().st_size > 100
