"""Intake on 300 requests: how many requests it takes to read them, and that a no-op edits nothing.

Requests are counted by the wiki's own server, from the moment that the bot is logged in.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.harness import record
from bots.house import House, open_house, run_bot
from sandbox.client import Client
from sandbox.demo import write_config
from sandbox.mediawiki import Request, Sandbox, running

PAGES = 300
TOP = "Partnership requests"
REQUEST = """{{{{Partnership request
| title = Collection {number}
| partner = Museum {number}
| content = media
| licence = {licence}
| targets = Commons
| source = https://museum.example/{number}
| requester = Aino
}}}}
<!-- hubbot:intake begin -->
<!-- hubbot:intake end -->"""
LICENCES = ("CC BY-SA 4.0", "public domain", "CC BY-NC 4.0")
LOGIN = ("login", "clientlogin")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "wikis") as wikis:
        write_requests(wikis)
        path = write_config(
            wikis,
            Path(folder) / "hub.yaml",
            limits={"edits_per_minute": 0},
            guard={"first_run_edits": 3 * PAGES},
        )
        house = open_house(path)
        first = measured_run(house, wikis)
        noop = measured_run(house, wikis)
    record(
        "intake",
        {
            "pages_300_read_requests": len(reads_before_edits(first)),
            "pages_300_noop_read_requests": len(reads_before_edits(noop)),
            "first_run_edits": len(edits(first)),
            "noop_edits": len(edits(noop)),
        },
    )


def write_requests(wikis: Sandbox) -> None:
    """The requests, as one of the ordinary users writes them."""
    aino = Client(wikis.hub, wikis.accounts.aino)
    aino.edit(TOP, "<!-- hubbot:intake-index begin -->\n<!-- hubbot:intake-index end -->")
    for number in range(PAGES):
        licence = LICENCES[number % len(LICENCES)]
        aino.edit(f"{TOP}/Collection {number}", REQUEST.format(number=number, licence=licence))


def measured_run(house: House, wikis: Sandbox) -> list[Request]:
    """One run, and the requests that reached the server in it after login."""
    mark = wikis.hub.mark()
    run = run_bot(house, "intake", lambda runner: runner.run())
    if run.state != "finished":
        raise SystemExit(f"The run did not finish: {run}")
    found = wikis.hub.requests_since(mark)
    logins = [at for at, request in enumerate(found) if request.parameters.get("action") in LOGIN]
    return found[logins[-1] + 1 :] if logins else found


def edits(found: list[Request]) -> list[Request]:
    """Those that edit."""
    return [request for request in found if request.parameters.get("action") == "edit"]


def reads_before_edits(found: list[Request]) -> list[Request]:
    """Those that read, up to the first edit: what the plan is made of."""
    reading = []
    for request in found:
        if request.parameters.get("action") == "edit":
            break
        reading.append(request)
    return reading


if __name__ == "__main__":
    main()
