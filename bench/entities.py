"""Entities: what the stand-in Wikibase carries, and what HubBot's writer costs over bare requests.

500 items are changed by REST through a proxy that makes each write 45 ms slower, as a wiki would:
once by a loop that only posts the same patches, once by HubBot's writer (`patch_over_bare_post`),
and once by whole runs, which besides read, plan, journal and report (`run_over_bare_post`).
Stand-in and proxy are a process of their own.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import requests

from bench.harness import record
from bots.core.config import HubConfig
from bots.core.entitychange import change_of
from bots.core.messages import Message, Messages
from bots.core.outcome import Saved
from bots.core.plan import Edit, Planned, Target
from bots.core.ports import Progress
from bots.core.run import Runner
from bots.core.store import opened
from bots.core.wikibase.change import EntityPatch, StatementEdit
from bots.core.wikibase.exact import dumps
from bots.core.wikibase.model import Item, Snak, Text
from bots.core.wikibase.patch import to_json_patch
from bots.house import I18N
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.faults import is_write
from sandbox.proxy import FaultProxy
from sandbox.wikibase.server import Wikibase, running_wikibase

ITEMS = 10_000
CHANGED = 500
ROUNDS = 2
WRITE_SECONDS = 0.045
MEASURED_SECONDS = 4.0
PASSWORD = "hub" * 11
REST = "/w/rest.php/wikibase/v1/entities/items"


@dataclass(frozen=True)
class Served:
    """The stand-in's API, and the same through the proxy."""

    api: str
    slow_api: str
    asks: Connection

    def requests(self) -> int:
        """How many requests have arrived since this was asked last."""
        self.asks.send("requests")
        return int(self.asks.recv())


def main() -> None:
    with served() as wiki, tempfile.TemporaryDirectory() as folder:
        desk = open_desk(wiki.slow_api, Path(folder))
        numbers = {
            "requests_10000_revision_ids": requests_for_revision_ids(wiki, desk),
            "standin_reads_per_second": reads_per_second(wiki.api),
            "standin_writes_per_second": writes_per_second(wiki.api, desk),
        }
        numbers |= over_bare_post(wiki, desk, Path(folder))
    record("entities", numbers)


@contextmanager
def served() -> Iterator[Served]:
    """A stand-in with its items, and the proxy, in a process of their own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
    process.start()
    api, slow_api = here.recv()
    try:
        yield Served(api, slow_api, here)
    finally:
        here.send("stop")
        process.join(20)


def serve(asked: Connection) -> None:
    """Seed, say where, and answer until told to stop."""
    with running_wikibase() as wikibase, FaultProxy(wikibase.api) as proxy:
        seed(wikibase)
        proxy.add_latency(
            WRITE_SECONDS, lambda request: is_write(request) and "/rest" in request.path
        )
        asked.send((wikibase.api, proxy.api_url))
        mark = wikibase.mark()
        while asked.recv() != "stop":
            asked.send(len(wikibase.requests_since(mark)))
            mark = wikibase.mark()


def seed(wikibase: Wikibase) -> None:
    """Items with two statements, each with a reference."""
    wikibase.accounts.add("HubBot", "hubbotpass-1234", "bot")
    wikibase.accounts.add_bot_password("HubBot", "hub", PASSWORD)
    wikibase.state.seed({"type": "property", "id": "P217", "datatype": "string"})
    with wikibase.state.transaction():
        for number in range(1, ITEMS + 1):
            claims = [claim(f"Q{number}", place) for place in (1, 2)]
            wikibase.state.seed({"type": "item", "id": f"Q{number}", "claims": {"P217": claims}})


def claim(entity_id: str, place: int) -> dict[str, object]:
    value = {"type": "string", "value": f"Value {place}"}
    snak = {"snaktype": "value", "property": "P217", "datavalue": value}
    return {
        "id": f"{entity_id}$00000000-0000-4000-8000-{place:012d}",
        "type": "statement",
        "rank": "normal",
        "mainsnak": snak,
        "references": [{"snaks": {"P217": [snak]}, "snaks-order": ["P217"]}],
    }


def open_desk(api: str, folder: Path) -> Desk:
    """HubBot's way to the wiki, as fast as it can, logged in."""
    credentials = folder / "accounts.json"
    credentials.write_text(json.dumps({"bot": {"username": "HubBot@hub", "password": PASSWORD}}))
    credentials.chmod(0o600)
    approval = {"opt_in": "Project:Opt-in", "bot_approval": "Project:Approval"}
    config = HubConfig.model_validate(
        {
            "account": "HubBot",
            "operator": "Coordinator",
            "contact": "https://hubbot.example/contact",
            "hub": "repo",
            "sites": {"repo": {"api": api, "approvals": {"entities": approval}}},
            "credentials": str(credentials),
            "limits": {"edits_per_minute": 0},
            "guard": {"first_run_edits": 10 * CHANGED},
        }
    )
    desk = Desk(Wikis(config))
    desk.wikis["repo"].log_in()
    return desk


def requests_for_revision_ids(wiki: Served, desk: Desk) -> int:
    """Requests for the newest revision ids of all items, once logged in."""
    wiki.requests()
    found = list(desk.entities("repo").latest(f"Q{number}" for number in range(1, ITEMS + 1)))
    if any(each.revid is None for each in found) or len(found) != ITEMS:
        raise SystemExit("Not every revision id was told.")
    return wiki.requests()


def reads_per_second(api: str) -> float:
    """Whole items read one a request, over one connection."""
    connection, address = _connection(api)

    def read(number: int) -> None:
        asked = f"action=wbgetentities&ids=Q{number % ITEMS + 1}&format=json&formatversion=2"
        connection.request("GET", f"{address.path}?{asked}")
        if b'"P217"' not in connection.getresponse().read():
            raise SystemExit("The stand-in did not tell an item.")

    return _per_second(read)


def writes_per_second(api: str, desk: Desk) -> float:
    """Items patched by REST, over one connection."""
    connection, _ = _connection(api)
    headers = {
        "content-type": "application/json",
        "cookie": _cookies(api),
        "user-agent": "HubBot benchmark",
    }

    def write(number: int) -> None:
        op = {"op": "add", "path": "/labels/en", "value": f"Label {number}"}
        body = json.dumps({"patch": [op], "bot": True})
        at = f"{REST}/Q{ITEMS - number % CHANGED}"
        connection.request("PATCH", at, body, headers)
        answer = connection.getresponse()
        if answer.status != 200 or b"Label" not in answer.read():
            raise SystemExit(f"The stand-in did not save: {answer.status}.")

    return _per_second(write)


def over_bare_post(wiki: Served, desk: Desk, folder: Path) -> dict[str, float]:
    """The writer's wall time, and that of whole runs, each over the bare loop's."""
    each = CHANGED // ROUNDS
    starts = iter(range(1, ITEMS, each))
    bare, written, run = 0.0, 0.0, 0.0
    for _ in range(ROUNDS):
        bare += post_bare(wiki, desk, _ids(next(starts), each))
        written += write(desk, _ids(next(starts), each))
        run += run_whole(desk, _ids(next(starts), each), folder)
    return {
        "patch_over_bare_post": written / bare,
        "run_over_bare_post": run / bare,
        "bare_post_500_items_seconds": bare,
    }


def post_bare(wiki: Served, desk: Desk, ids: list[str]) -> float:
    """Seconds for posting the patches, made beforehand, and nothing else."""
    bodies = []
    for edit in edits(desk, ids):
        item = edit.change.read
        if not isinstance(item, Item):
            raise TypeError(item.id)
        patch = to_json_patch(item, edit.change.patch)
        bodies.append((item, dumps({"patch": patch, "bot": True, "comment": "bare", "tags": []})))
    parts = urlsplit(wiki.slow_api)
    with requests.Session() as session:
        headers = {"content-type": "application/json", "cookie": _cookies(wiki.api)}
        began = time.perf_counter()
        for item, body in bodies:
            answer = session.patch(
                f"{parts.scheme}://{parts.netloc}{REST}/{item.id}",
                data=body,
                headers={**headers, "if-match": f'"{item.revision}"'},
                timeout=30,
            )
            answer.raise_for_status()
        return time.perf_counter() - began


def write(desk: Desk, ids: list[str]) -> float:
    """Seconds for the same by HubBot's writer."""
    planned = edits(desk, ids)
    began = time.perf_counter()
    for number, edit in enumerate(planned):
        outcome = desk.write(edit, f"run/{number}")
        if not isinstance(outcome, Saved):
            raise SystemExit(f"{edit.target}: {outcome}")
    return time.perf_counter() - began


def run_whole(desk: Desk, ids: list[str], folder: Path) -> float:
    """Seconds for the same by a whole run of a bot."""
    with opened(f"sqlite:///{folder}/store.sqlite") as store:
        bot = Bot(desk, ids)
        began = time.perf_counter()
        run = Runner(bot, desk, store, desk.wikis.config, Messages(I18N)).run()
        if run.counts != {"saved": len(ids)}:
            raise SystemExit(f"The run did not finish: {run}")
        return time.perf_counter() - began


@dataclass
class Bot:
    """Gives the first statement of some items another value."""

    desk: Desk
    ids: list[str]
    name: str = "entities"

    def read(self, progress: Progress) -> list[Edit]:
        return edits(self.desk, self.ids)

    def plan(self, facts: list[Edit]) -> Iterator[Planned]:
        yield from facts

    def replan(self, target: Target) -> Iterator[Planned]:
        yield from edits(self.desk, [target.title])


def edits(desk: Desk, ids: list[str]) -> list[Edit]:
    """One edit an item, on top of the item as it is now."""
    planned = []
    for _, item in desk.entities("repo").read(ids):
        if not isinstance(item, Item):
            raise TypeError(item)
        value = Snak("P217", Text("Changed"))
        edit = StatementEdit(read=item.statements["P217"][0], mainsnak=value)
        change = change_of(item, EntityPatch(base_revid=item.revision, edit=(edit,)))
        target = Target("repo", item.id)
        planned.append(Edit(target=target, change=change, summary=Message("plan-summary")))
    return planned


def _ids(first: int, count: int) -> list[str]:
    return [f"Q{number}" for number in range(first, first + count)]


def _cookies(api: str) -> str:
    with requests.Session() as session:
        form = {"format": "json", "formatversion": "2"}
        asked = {"action": "query", "meta": "tokens", "type": "login", **form}
        token = session.get(api, params=asked, timeout=30).json()["query"]["tokens"]["logintoken"]
        login = {"lgname": "HubBot@hub", "lgpassword": PASSWORD, "lgtoken": token}
        session.post(api, data={"action": "login", **login, **form}, timeout=30).raise_for_status()
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)


def _connection(api: str) -> tuple[http.client.HTTPConnection, SplitResult]:
    address = urlsplit(api)
    return http.client.HTTPConnection(address.hostname or "", address.port), address


def _per_second(act: Callable[[int], None]) -> float:
    done, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < MEASURED_SECONDS:
        act(done)
        done += 1
    return done / took


if __name__ == "__main__":
    main()
