"""What the tests of HubBot's entities share: its way to the stand-in, items on it, and people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from bots.core.config import HubConfig
from bots.core.entitychange import EntityChange, change_of
from bots.core.messages import Message
from bots.core.outcome import Outcome
from bots.core.plan import Edit, Target
from bots.core.wikibase.change import EntityPatch
from bots.core.wikibase.model import Item, Snak, Statement, Text
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.wikibase.server import Wikibase

STRING, URL, ITEM, PLACE = "P217", "P854", "P31", "P625"
DATATYPES = {
    STRING: "string",
    URL: "url",
    ITEM: "wikibase-item",
    PLACE: "globe-coordinate",
    "P1476": "monolingualtext",
    "P569": "time",
}


def hub_config(api: str, folder: Path, **limits: Any) -> HubConfig:
    """A hub.yaml whose only site is the Wikibase with this API, for the bot "test"."""
    secret = {"username": "HubBot@hub", "password": "hub" * 11}
    credentials = folder / "accounts.json"
    credentials.write_text(json.dumps({"bot": secret}))
    credentials.chmod(0o600)
    approval = {"opt_in": "Project:Opt-in", "bot_approval": "Project:Approval"}
    return HubConfig.model_validate(
        {
            "account": "HubBot",
            "operator": "Coordinator",
            "contact": "https://hubbot.example/contact",
            "hub": "repo",
            "sites": {"repo": {"api": api, "approvals": {"test": approval}}},
            "credentials": str(credentials),
            "limits": {"edits_per_minute": 0, "request_timeout_seconds": 10, **limits},
        }
    )


def open_desk(api: str, folder: Path, **limits: Any) -> Desk:
    """A desk whose one site, `repo`, is the Wikibase with this API."""
    return Desk(Wikis(hub_config(api, folder, **limits)))


def seed_properties(standin: Wikibase) -> None:
    """The properties that the tests use, under Wikidata's numbers."""
    for property_id, datatype in DATATYPES.items():
        standin.state.seed({"type": "property", "id": property_id, "datatype": datatype})


def seed_item(standin: Wikibase, entity_id: str, *values: str, **more: Any) -> None:
    """An item with one statement of a string a value, whose ids end with 1, 2, …"""
    claims = [string_claim(entity_id, number, value) for number, value in enumerate(values, 1)]
    entity: dict[str, Any] = {"type": "item", "id": entity_id, **more}
    if claims:
        entity["claims"] = {STRING: claims, **more.get("claims", {})}
    standin.state.seed(entity)


def string_claim(entity_id: str, number: int, value: str) -> dict[str, Any]:
    """The statement of a string, in the Action API's JSON."""
    snak = {
        "snaktype": "value",
        "property": STRING,
        "datavalue": {"type": "string", "value": value},
    }
    number_text = f"{entity_id}$00000000-0000-4000-8000-{number:012d}"
    return {"id": number_text, "type": "statement", "rank": "normal", "mainsnak": snak}


def string(value: str, property_id: str = STRING) -> Statement:
    return Statement(Snak(property_id, Text(value)))


def read_item(desk: Desk, entity_id: str) -> Item:
    """The item as HubBot reads it."""
    found = desk.entities("repo").read_one(entity_id)
    assert isinstance(found, Item), found
    return found


def changed(item: Item, **what: Any) -> EntityChange:
    """A change of the item as it was read, such as `add=(statement,)`."""
    return change_of(item, EntityPatch(base_revid=item.revision, **what))


def edit_of(change: EntityChange, title: str = "") -> Edit:
    target = Target("repo", title or change.read.id)
    return Edit(target=target, change=change, summary=Message("plan-summary"))


def send(desk: Desk, change: EntityChange, summary: str = "run/1", title: str = "") -> Outcome:
    """The change sent once; what became of it."""
    return desk.write(edit_of(change, title), summary)


@dataclass
class Person:
    """Somebody who edits with a client of their own, which has nothing of HubBot's."""

    api: str
    name: str = "PlainUser"
    password: str = "plainpass-1234"

    def __post_init__(self) -> None:
        self._session = requests.Session()
        token = self.ask(action="query", meta="tokens", type="login")
        self._post(
            action="clientlogin",
            username=self.name,
            password=self.password,
            loginreturnurl="http://example.org/",
            logintoken=token["query"]["tokens"]["logintoken"],
        )
        self._token = self.ask(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]

    def ask(self, **parameters: Any) -> Any:
        """The answer to a request that reads."""
        form = {**parameters, "format": "json", "formatversion": "2"}
        return self._session.get(self.api, params=form, timeout=30).json()

    def write(self, **parameters: Any) -> Any:
        """The answer to a request that writes; errors too."""
        return self._post(**{"token": self._token, **parameters})

    def entity(self, entity_id: str) -> Any:
        """The entity, in the Action API's JSON."""
        return self.ask(action="wbgetentities", ids=entity_id)["entities"][entity_id]

    def edit(self, entity_id: str, data: Mapping[str, Any], **more: Any) -> Any:
        """Save `data` in the entity. Raises AssertionError where the wiki refuses it."""
        answer = self.write(action="wbeditentity", id=entity_id, data=json.dumps(data), **more)
        assert "error" not in answer, answer
        return answer

    def _post(self, **parameters: Any) -> Any:
        form = {**parameters, "format": "json", "formatversion": "2"}
        return self._session.post(self.api, data=form, timeout=30).json()
