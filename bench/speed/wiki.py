"""The wiki of the speed benchmark: a stand-in behind a slow proxy, in a process of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from sandbox.faults import Request, is_any, is_write
from sandbox.proxy import FaultProxy
from sandbox.wikibase import people
from sandbox.wikibase.server import Arrived, Wikibase, running_wikibase

READ_SECONDS, WRITE_SECONDS = 0.015, 0.045
"""What the proxy adds, as measured on a real Wikibase."""


@dataclass(frozen=True)
class Requests:
    """How many requests the wiki got, and how many of them were writes."""

    all: int
    writes: int

    @property
    def reads(self) -> int:
        return self.all - self.writes


@dataclass(frozen=True)
class Served:
    """The wiki's API directly, and behind the proxy."""

    api: str
    slow_api: str
    asks: Connection

    def requests(self) -> Requests:
        """The requests that have arrived since this was asked last, as the server counts them."""
        self.asks.send("requests")
        return Requests(*self.asks.recv())


Seed = Callable[[Wikibase], None]
"""Puts what a benchmark needs on a wiki; another process is to import it."""


@contextmanager
def served(seed: Seed) -> Iterator[Served]:
    """A wiki with what `seed` puts there."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, seed))
    process.start()
    api, slow_api = here.recv()
    try:
        yield Served(api, slow_api, here)
    finally:
        here.send("stop")
        process.join(20)


def _serve(asked: Connection, seed: Seed) -> None:
    with running_wikibase() as wikibase, FaultProxy(wikibase.api) as proxy:
        people.add_people(wikibase.accounts)
        wikibase.settings.cirrus_search = True
        with wikibase.state.transaction():
            seed(wikibase)
        proxy.add_latency(WRITE_SECONDS, is_write)
        proxy.add_latency(READ_SECONDS, is_any)
        asked.send((wikibase.api, proxy.api_url))
        mark = wikibase.mark()
        while asked.recv() != "stop":
            arrived = wikibase.requests_since(mark)
            mark = wikibase.mark()
            asked.send((len(arrived), sum(map(_wrote, arrived))))


def _wrote(request: Arrived) -> bool:
    return is_write(Request(0, request.method, request.uri, request.parameters))
