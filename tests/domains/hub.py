"""A hub as an operator has it, with one Wikibase that is both the hub wiki and Wikidata."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result

from bots.cli import main
from bots.core.messages import Messages
from bots.house import I18N
from sandbox.wikibase.server import Wikibase
from tests.wikibase.entities_scene import Person

APPROVAL = {"opt_in": "Project:Opt-in", "bot_approval": "Project:Approval"}


@cache
def messages() -> Messages:
    """All messages, read once: their checks take a while."""
    return Messages(I18N)


@dataclass
class Hub:
    """hub.yaml and what is beside it; `approved`: the datasets whose bots may write."""

    wikibase: Wikibase
    folder: Path
    approved: Sequence[str] = ()

    def __post_init__(self) -> None:
        self.write()

    def write(self, **more: Any) -> None:
        """Write hub.yaml as it is now; `more` goes over it."""
        credentials = self.folder / "accounts.json"
        secret = {"username": "HubBot@hub", "password": "hub" * 11}
        credentials.write_text(json.dumps({"bot": secret}))
        credentials.chmod(0o600)
        settings = {
            "account": "HubBot",
            "operator": "Coordinator",
            "contact": "https://hubbot.example/contact",
            "hub": "wikidata",
            "store": "sqlite:///store.sqlite",
            "sites": {
                "wikidata": {
                    "api": self.wikibase.api,
                    "approvals": dict.fromkeys(self.approved, APPROVAL),
                }
            },
            "credentials": str(credentials),
            "limits": {"edits_per_minute": 0, "request_timeout_seconds": 10},
            **more,
        }
        text = yaml.dump(settings, Dumper=_Plain)
        (self.folder / "hub.yaml").write_text(text, encoding="utf-8")

    def hubbot(self, *words: str | Path) -> Result:
        """The command, as people start it."""
        config = str(self.folder / "hub.yaml")
        return CliRunner().invoke(main, ["--config", config, *map(str, words)])

    def seed(self, entity: dict[str, Any]) -> None:
        """Make an entity, as people did."""
        self.wikibase.state.seed(entity)

    def properties(self, **datatypes: str) -> None:
        """Make these properties."""
        for name, datatype in datatypes.items():
            self.seed({"type": "property", "id": name, "datatype": datatype})

    def person(self) -> Person:
        """Somebody with a session of their own."""
        return Person(self.wikibase.api)


class _Plain(yaml.SafeDumper):
    """Without anchors: what is the same twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
