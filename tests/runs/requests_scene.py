"""A few requests on a real wiki, for tests in which the network or the process fails."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bots.house import House, open_house
from sandbox.client import Client
from sandbox.demo import write_config
from sandbox.mediawiki import Sandbox, reset, take_snapshot

TOP = "Partnership requests"

REGION = "<!-- hubbot:intake begin -->\n<!-- hubbot:intake end -->"

GOOD = f"""{{{{Partnership request
| title = Paintings of the sea
| partner = Sea Museum
| content = media
| licence = public domain
| targets = Commons
| source = https://sea.example/paintings
| requester = Aino
}}}}
{REGION}"""

OPEN = f"""{{{{Partnership request
| title = Everything we have
| partner =
| licence = CC BY-NC 4.0
}}}}
{REGION}"""

PAGES = {
    TOP: "Ask here.\n<!-- hubbot:intake-index begin -->\n<!-- hubbot:intake-index end -->",
    f"{TOP}/Sea": GOOD,
    f"{TOP}/Everything": OPEN,
    f"{TOP}/Second": GOOD.replace("sea", "lake"),
    f"Talk:{TOP}/Sea": "== Hello ==\nI am new here. [[User:Aino|Aino]]",
}


_TIME = re.compile(r"\d\d:\d\d, \d+ \w+ \d{4} \(UTC\)")
"""What MediaWiki makes of the time in a signature."""


@dataclass(frozen=True)
class Scene:
    """The wikis with the requests on them, as often as wanted."""

    wikis: Sandbox
    snapshot: Path

    def begin(self) -> None:
        """Set the wikis back to where no bot has been."""
        reset(self.wikis.directory, self.snapshot)

    def house(self, folder: Path, api: str | None = None, **limits: float) -> House:
        """A house with an empty store, the hub wiki at `api` (a proxy before it)."""
        path = write_config(
            self.wikis, folder / "hub.yaml", limits={"edits_per_minute": 0, **limits}
        )
        if api:
            path.write_text(path.read_text().replace(self.wikis.hub.api, api))
        return open_house(path)

    def result(self) -> Result:
        """What is on the wiki now, and how often the bot edited each page."""
        client = Client(self.wikis.hub)
        answer = client.ask(
            action="query", list="usercontribs", ucuser="HubBot", uclimit="max", ucprop="ids|title"
        )
        edits = Counter(edit["title"] for edit in answer["query"]["usercontribs"])
        texts = {title: _TIME.sub("TIME", client.text(title) or "") for title in {*PAGES, *edits}}
        return Result(texts, dict(edits))


@dataclass(frozen=True)
class Result:
    """The pages, and the bot's edits of each."""

    texts: dict[str, str]
    edits: dict[str, int]


def set_scene(wikis: Sandbox, snapshot: Path) -> Scene:
    """Write the requests, as people would, and keep that state."""
    reset(wikis.directory)
    aino = Client(wikis.hub, wikis.accounts.aino)
    for title, text in PAGES.items():
        aino.edit(title, text)
    take_snapshot(wikis.directory, snapshot)
    return Scene(wikis, snapshot)
