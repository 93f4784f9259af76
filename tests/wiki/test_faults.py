"""The network goes wrong: each fault has its outcome, and nothing is saved twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest

from bots.core.config import HubConfig
from bots.core.messages import Message
from bots.core.outcome import Outcome, Saved, utcnow
from bots.core.plan import Edit, PageText, Target
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox import faults
from sandbox.client import Client
from sandbox.faults import Cut, Fault, Html, HttpError, Late, SessionLost, Timeout, Truncated
from sandbox.proxy import FaultProxy

PATIENCE_SECONDS = 2.5
"""Of the client that waits for an answer which does not come; a busy machine answers sooner."""


@dataclass
class Scene:
    """An edit that is to be sent through the proxy, and how to look at what came of it."""

    desk: Desk
    proxy: FaultProxy
    aino: Client
    title: str
    began: datetime

    def send(self, change: PageText) -> Outcome:
        edit = Edit(target=Target("hub", self.title), change=change, summary=Message("test"))
        return self.desk.write(edit, f"[receipt of {self.title}]")

    def find(self, base_revid: int | None) -> Saved | None:
        target = Target("hub", self.title)
        return self.desk.find_receipt(target, f"[receipt of {self.title}]", self.began, base_revid)

    def saved(self) -> int:
        """How many revisions carry the receipt."""
        asked = {"prop": "revisions", "titles": self.title, "rvprop": "comment", "rvlimit": "max"}
        page = self.aino.ask(action="query", **asked)["query"]["pages"][0]
        return sum("receipt" in revision["comment"] for revision in page.get("revisions", ()))


@pytest.fixture
def scene(
    proxied_config: HubConfig, proxy: FaultProxy, aino: Client, fresh_title: Callable[[], str]
) -> Scene:
    patience = {"request_timeout_seconds": PATIENCE_SECONDS}
    limits = proxied_config.limits.model_copy(update=patience)
    desk = Desk(Wikis(proxied_config.model_copy(update={"limits": limits})))
    desk.language("hub")
    return Scene(desk, proxy, aino, fresh_title(), utcnow())


def either(kind: Callable[..., Fault], *args: object) -> list[tuple[Fault, str, int]]:
    return [
        (kind(*args, saved=False), "unknown", 0),
        (kind(*args, saved=True), "unknown", 1),
    ]


CASES: list[tuple[Fault, str, int]] = [
    *either(HttpError, 503),
    *either(HttpError, 502),
    *either(HttpError, 504),
    *either(HttpError, 500),
    *either(Html),
    *either(Timeout),
    *either(Cut),
    (Truncated(), "unknown", 1),
    (Truncated(announced=False), "unknown", 1),
    (HttpError(429), "deferred", 0),
    (faults.maxlag(), "deferred", 0),
    (faults.ratelimited(), "deferred", 0),
    (faults.readonly(), "deferred", 0),
    (faults.editconflict(), "conflict", 0),
    (faults.badtoken(), "saved", 1),
    (SessionLost(), "saved", 1),
    (faults.ApiError("internal_api_error_DBQueryError", "x"), "unknown", 0),
    (faults.ApiError("protectedpage", "x"), "refused", 0),
]
each_fault = pytest.mark.parametrize(
    ("fault", "outcome", "saved"), CASES, ids=[f"{fault}-{out}" for fault, out, _ in CASES]
)


@each_fault
@pytest.mark.parametrize("there", [False, True], ids=["new", "there"])
def test_a_fault_has_its_outcome_and_one_request_saves_at_most_once(
    scene: Scene, fault: Fault, outcome: str, saved: int, there: bool
) -> None:
    if there:
        scene.aino.edit(scene.title, "before")
    page = scene.desk.read(Target("hub", scene.title))
    scene.proxy.inject(fault, faults.is_edit)
    assert scene.send(page.change("after")).name == outcome
    assert scene.proxy.settle()
    assert scene.proxy.count(faults.is_edit) == (2 if fault == SessionLost() else saved)
    assert scene.saved() == saved
    if outcome == "unknown":
        found = scene.find(page.revid)
        assert (found is not None) == bool(saved)
        assert found is None or not found.merged
        assert scene.send(page.change("after")).name == (
            "saved" if not saved else "unchanged" if there else "conflict"
        )
        assert scene.saved() == 1


def test_a_token_that_is_bad_twice_is_not_tried_for_ever(scene: Scene) -> None:
    scene.proxy.inject(faults.badtoken(), faults.is_edit, times=None)
    assert scene.send(PageText(text="x")).name == "failed"
    assert scene.proxy.count(faults.is_edit, reached=False) == 2


def test_an_edit_is_not_sent_again_when_logging_in_took_too_long(scene: Scene) -> None:
    scene.proxy.inject(SessionLost(), faults.is_edit)
    scene.proxy.add_latency(PATIENCE_SECONDS * 0.6, faults.is_query)
    outcome = scene.send(PageText(text="x"))
    assert outcome.name == "deferred"
    assert outcome.retry_at is not None
    assert scene.proxy.count(faults.is_edit) == 1
    assert scene.saved() == 0


@pytest.mark.parametrize("there", [False, True], ids=["new", "there"])
def test_an_edit_that_arrives_late_is_not_saved_on_top_of_its_repetition(
    scene: Scene, there: bool
) -> None:
    if there:
        scene.aino.edit(scene.title, "before")
    page = scene.desk.read(Target("hub", scene.title))
    until = threading.Event()
    scene.proxy.inject(Late(until), faults.is_edit)
    assert scene.send(page.change("after")).name == "unknown"
    assert scene.find(page.revid) is None
    assert scene.send(page.change("after")).name == "saved"
    scene.aino.edit(scene.title, "after\n\nand more")
    until.set()
    assert scene.proxy.settle()
    assert scene.proxy.count(faults.is_edit) == 2
    assert scene.saved() == 1
    assert scene.aino.text(scene.title) == "after\n\nand more"


def test_a_proxy_that_is_down_has_nothing_saved_and_says_when(scene: Scene) -> None:
    scene.proxy.__exit__(None, None, None)
    assert scene.send(PageText(text="x")).name == "deferred"
    assert scene.saved() == 0
