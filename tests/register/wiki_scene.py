"""A requests page and a register on the hub wiki, and the bots that keep them."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

from bots.core.config import Approval, HubConfig, RegisterConfig
from bots.core.run import Runner
from bots.core.store import Run, Store
from bots.intake.bot import Intake
from bots.register.bot import Register
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.client import Client
from tests.register.world import CONFIG, messages

_NUMBERS = itertools.count(1)
NOW = dt.datetime(2026, 12, 20, 8, tzinfo=dt.UTC)
KINDS = ("partner", "agreement")
REQUEST = """{{{{Partnership request
| title       = {name}
| partner     = {partner}
| country     = Sweden
| contact     = Aino
| kind        = media
| source      = https://library.example/maps
| licence     = CC BY 4.0
| evidence    = https://library.example/terms
| targets     = commons
}}}}
<!-- hubbot:intake begin -->
<!-- hubbot:intake end -->
"""


class Hub:
    """A requests page and a register of a test's own on the hub wiki."""

    def __init__(self, config: HubConfig, folder: Path, store: Store, aino: Client) -> None:
        self.top = f"Register of requests {next(_NUMBERS)}"
        self.requests = f"{self.top} asked"
        self.store, self.aino = store, aino
        (folder / "records").mkdir()
        for kind in KINDS:
            text = (CONFIG / "records" / f"{kind}.yaml").read_text(encoding="utf-8")
            text = text[: text.index("\npages:")]
            (folder / "records" / f"{kind}.yaml").write_text(text, encoding="utf-8")
        agreed = Approval(opt_in="Project:Opt-in", bot_approval="Project:Approval")
        hub = config.sites["hub"]
        site = hub.model_copy(update={"approvals": {"register": agreed, "intake": agreed}})
        intake = config.intake.model_copy(update={"requests_page": self.requests})
        self.config = config.model_copy(
            update={
                "sites": {"hub": site},
                "folder": folder,
                "intake": intake,
                "the_register": RegisterConfig(top=self.top, list_template=f"{self.top} list"),
            }
        )
        marks = "<!-- hubbot:intake-index begin -->\n<!-- hubbot:intake-index end -->\n"
        self.aino.edit(self.requests, marks)
        self.desk = Desk(Wikis(self.config))

    def intake(self) -> Run:
        bot = Intake(self.config, self.desk.wikis, self.store, messages(), now=lambda: NOW)
        return Runner(bot, self.desk, self.store, self.config, messages()).run()

    def register(self) -> dict[str, int]:
        """A run; what became of its edits."""
        run = self._runner().run()
        assert run.state == "finished", run
        return dict(run.counts)

    def rebuild(self) -> None:
        """The register's part of the store is filled again from the wiki."""
        assert self._runner().rebuild().state == "finished"

    def _runner(self) -> Runner:
        bot = Register(self.config, self.desk, self.store, messages(), now=lambda: NOW)
        return Runner(bot, self.desk, self.store, self.config, messages())

    def ask(self, name: str, partner: str) -> str:
        title = f"{self.requests}/{name}"
        self.aino.edit(title, REQUEST.format(name=name, partner=partner))
        return title

    def text(self, title: str) -> str:
        return self.aino.text(title) or ""

    def told(self) -> list[str]:
        return [each.finding.message.key for each in self.store.findings("register")]
