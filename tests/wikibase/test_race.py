"""The race: HubBot and a person at one statement, 300 rounds over HTTP, judged by the history.

The bot's rule here is that of the house: it sets the value only where the statement still says
what it did at the start, and leaves alone all else that people do.
"""

from __future__ import annotations

import itertools
import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from bots.core.outcome import Conflict, Saved, Unknown, utcnow
from bots.core.plan import Edit
from bots.core.wikibase.change import StatementEdit
from bots.core.wikibase.model import Snak, Text
from bots.wiki.desk import Desk
from sandbox.faults import HttpError, Request
from sandbox.proxy import FaultProxy
from sandbox.wikibase.server import Wikibase
from tests.wikibase.entities_scene import (
    STRING,
    URL,
    Person,
    changed,
    edit_of,
    open_desk,
    read_item,
    seed_item,
    seed_properties,
)

ROUNDS = 300
KINDS = ("value", "reference", "rank", "removal")


def is_rest(request: Request) -> bool:
    return "/rest.php" in request.path


@contextmanager
def without_rest(standin: Wikibase) -> Iterator[str]:
    """The API's address of the same wiki, as one that has no REST API."""
    with FaultProxy(standin.api) as proxy:
        proxy.inject(HttpError(404, None), is_rest, times=None)
        yield proxy.api_url


def test_by_rest_no_edit_of_the_other_is_lost(standin: Wikibase, tmp_path: Path) -> None:
    standin.settings.save_delay = 0.002
    desk = open_desk(standin.api, tmp_path)
    collisions, noticed = race(standin, desk)
    losses, left_lost = judged(standin.api)
    assert (losses, noticed, left_lost) == (0, 0, [])
    assert collisions > ROUNDS / 30, "the two hardly met: the race proves nothing"


def test_by_wbeditentity_each_loss_is_noticed_and_restored(
    standin: Wikibase, tmp_path: Path
) -> None:
    with without_rest(standin) as api:
        _, noticed = race(standin, open_desk(api, tmp_path))
    losses, left_lost = judged(standin.api)
    assert left_lost == []
    assert losses == noticed
    assert losses > 0, "nothing was lost in between: the race proves nothing"


def race(standin: Wikibase, desk: Desk) -> tuple[int, int]:
    """Run all rounds; in how many the bot was too late, and how many losses it noticed."""
    seed_properties(standin)
    for number in range(1, ROUNDS + 1):
        seed_item(standin, f"Q{number}", "start")
    person = Person(standin.api)
    read_item(desk, "Q1")
    assert desk.entities("repo").not_now() is None
    barrier = threading.Barrier(2)
    chance = random.Random(3)
    failed: list[BaseException] = []

    def people() -> None:
        waits = random.Random(7)
        for number in range(1, ROUNDS + 1):
            barrier.wait(30)
            threading.Event().wait(waits.uniform(0, 0.02))
            try:
                interfere(person, f"Q{number}", KINDS[number % len(KINDS)])
            except BaseException as error:
                failed.append(error)
                barrier.abort()
                raise
            barrier.wait(30)

    thread = threading.Thread(target=people)
    thread.start()
    collisions = noticed = 0
    for number in range(1, ROUNDS + 1):
        barrier.wait(30)
        threading.Event().wait(chance.uniform(0, 0.005))
        met, lost = write_patiently(desk, f"Q{number}", f"run/{number}")
        collisions, noticed = collisions + met, noticed + lost
        barrier.wait(30)
    thread.join(30)
    assert not failed
    return collisions, noticed


def write_patiently(desk: Desk, entity_id: str, receipt: str) -> tuple[int, int]:
    """What the runner does with one target: how often it met people, how many losses it saw."""
    collisions = lost = 0
    for _ in range(10):
        item = read_item(desk, entity_id)
        group = item.statements.get(STRING, ())
        if not group or group[0].mainsnak.value != Text("start"):
            return collisions, lost
        value = Snak(STRING, Text("by the bot"))
        edit = edit_of(changed(item, edit=(StatementEdit(read=group[0], mainsnak=value),)))
        before = utcnow()
        outcome = desk.write(edit, receipt)
        if isinstance(outcome, Unknown):
            outcome = desk.find_receipt(
                edit.target, receipt, before - timedelta(seconds=1), edit.change.base_revid
            ) or Conflict(code="lost")
        if isinstance(outcome, Conflict):
            collisions += 1
            continue
        assert isinstance(outcome, Saved), outcome
        if outcome.merged:
            for planned in desk.undone(edit, outcome):
                if isinstance(planned, Edit):
                    assert isinstance(desk.write(planned, f"{receipt}-back"), Saved)
                    lost += 1
    return collisions, lost


def interfere(person: Person, entity_id: str, kind: str) -> None:
    """One edit of the statement, of this kind, by a client that tries until it is in."""
    for _ in range(20):
        entity = person.entity(entity_id)
        claim = entity["claims"][STRING][0]
        base = {"baserevid": entity["lastrevid"], "summary": kind}
        if kind == "removal":
            answer = person.write(action="wbremoveclaims", claim=claim["id"], **base)
        else:
            if kind == "value":
                claim["mainsnak"]["datavalue"]["value"] = "by a person"
            elif kind == "rank":
                claim["rank"] = "deprecated"
            else:
                claim["references"] = [*claim.get("references", ()), {"snaks": PERSONS_SOURCE}]
            answer = person.write(action="wbsetclaim", claim=json.dumps(claim), **base)
        if "error" not in answer:
            return
        assert answer["error"]["code"] in ("editconflict", "failed-save", "invalid-guid"), answer
    raise AssertionError("the person never got through")


PERSONS_SOURCE = {
    URL: [
        {
            "snaktype": "value",
            "property": URL,
            "datavalue": {"type": "string", "value": "https://example.org/person"},
        }
    ]
}


def judged(api: str) -> tuple[int, list[str]]:
    """By the history alone: revisions of the bot that undid a person's edit, and what is lost now.

    Its own reader of the wiki's JSON, which shares nothing with HubBot.
    """
    losses, left_lost = 0, []
    for number in range(1, ROUNDS + 1):
        found = requests.get(
            api,
            params={
                "action": "query",
                "prop": "revisions",
                "titles": f"Q{number}",
                "rvprop": "ids|user|content|comment",
                "rvslots": "main",
                "rvlimit": "50",
                "format": "json",
                "formatversion": "2",
            },
            timeout=30,
        ).json()
        revisions = found["query"]["pages"][0]["revisions"][::-1]
        persons = [at for at, each in enumerate(revisions) if each["user"] == "PlainUser"]
        assert len(persons) == 1, f"Q{number}: {len(persons)} edits by the person"
        kind = KINDS[number % len(KINDS)]
        held = [holds(kind, statement(each)) for each in revisions[persons[0] :]]
        assert held[0], f"Q{number}: the person's edit is not there"
        losses += sum(was and not now for was, now in itertools.pairwise(held))
        if not held[-1]:
            left_lost.append(f"Q{number} {kind}")
    return losses, left_lost


def statement(revision: dict[str, Any]) -> dict[str, Any] | None:
    claims = json.loads(revision["slots"]["main"]["content"]).get("claims") or {}
    return next(iter(claims.get(STRING, ())), None)


def holds(kind: str, found: dict[str, Any] | None) -> bool:
    """Whether what the person did is in the statement."""
    if kind == "removal" or found is None:
        return kind == "removal" and found is None
    if kind == "value":
        return bool(found["mainsnak"]["datavalue"]["value"] == "by a person")
    if kind == "rank":
        return bool(found["rank"] == "deprecated")
    sources = [snak for each in found.get("references", ()) for snak in each["snaks"].get(URL, ())]
    return any("person" in snak["datavalue"]["value"] for snak in sources)


@pytest.fixture(autouse=True)
def _patience(request: pytest.FixtureRequest) -> None:
    request.node.add_marker(pytest.mark.timeout(240))
