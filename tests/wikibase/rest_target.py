"""The wiki that the recordings are replayed on: the stand-in, or a real one named by HUBBOT_*."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.wikibase.http import Request
from sandbox.wikibase.server import Wikibase
from tests.wikibase.rest_names import RUN, Names

RECORDED_BASE = "http://127.0.0.1:8143"
AGENT = "HubBot-contract-test/1.0 (tests of HubBot)"
REST = "/w/rest.php/wikibase/v1"
BOT, PERSON, FEW, BLOCKED, NOBODY, EXPIRED = "bot", "person", "few", "blocked", "nobody", "expired"

_SESSIONS = {
    "bot-password login cookies": BOT,
    "PlainUser, action=login": PERSON,
    "PlainUser@few": FEW,
    "BlockedBot": BLOCKED,
    "no cookies": NOBODY,
    "HTTP basic": NOBODY,
    "Bearer": NOBODY,
    "expired cookies": EXPIRED,
}
_PROPERTIES = {
    "P31": ("wikibase-item", {}),
    "P18": ("commonsMedia", {}),
    "P195": ("wikibase-item", {}),
    "P213": ("external-id", {}),
    "P214": ("external-id", {"en": "VIAF ID"}),
    "P217": ("string", {}),
    "P248": ("wikibase-item", {}),
    "P569": ("time", {}),
    "P570": ("time", {}),
    "P625": ("globe-coordinate", {}),
    "P813": ("time", {}),
    "P854": ("url", {}),
    "P856": ("url", {}),
    "P1448": ("monolingualtext", {}),
    "P1659": ("wikibase-property", {}),
    "P2048": ("quantity", {}),
}
_ITEMS = ("Q5", "Q54919", "Q190804")


def persona(session: str) -> str:
    """Who sent a recorded request, by its `session`; the Action API's say nothing: the bot."""
    return next((who for start, who in _SESSIONS.items() if session.startswith(start)), BOT)


@dataclass
class Target:
    """A wiki with everything that the recordings take for granted: accounts, properties, items.

    `owner` is the stand-in itself, where it is one: what only a wiki's owner can do goes there.
    """

    url: str
    logins: Mapping[str, tuple[str, str]]
    owner: Wikibase | None = None
    names: Names = field(init=False)
    sessions: dict[str, requests.Session] = field(default_factory=dict)

    def __post_init__(self) -> None:
        run = f"{int(time.time()):010d}" if self.owner is None else RUN
        self.names = Names({RECORDED_BASE: self.url, RUN: run})
        if self.owner is None:
            self.names.texts |= {"Seed person": f"Seed {run} person", "VIAF ID": f"VIAF {run}"}
        for who, (name, password) in self.logins.items():
            self._log_in(who, name, password)
        site = self.action("query", meta="siteinfo")["query"]["general"]["sitename"]
        self.names.texts["Rw143:"] = f"{site}:"
        for recorded, (datatype, labels) in _PROPERTIES.items():
            self._make(recorded, "property", {"datatype": datatype, **_described(labels)})
        for recorded in _ITEMS:
            self._make(recorded, "item", {})

    def session(self, who: str) -> requests.Session:
        """The HTTP session of a persona; nobody's is new each time."""
        return self.sessions.get(who) or _new_session()

    def action(self, action: str, who: str = BOT, **params: Any) -> Any:
        """Ask the Action API, by POST; raises AssertionError for an error."""
        answer = (
            self.session(who)
            .post(
                f"{self.url}/w/api.php",
                data={"action": action, "format": "json", "formatversion": "2", **params},
                timeout=60,
            )
            .json()
        )
        if "error" in answer:
            raise AssertionError(f"{action}: {answer['error']}")
        return answer

    def token(self, who: str = BOT) -> str:
        """A CSRF token."""
        answer = self.action("query", who, meta="tokens")
        return str(answer["query"]["tokens"]["csrftoken"])

    def rest(self, method: str, path: str, body: Any = None, who: str = BOT) -> requests.Response:
        """Ask the REST API; raises AssertionError for anything but a success."""
        answer = self.session(who).request(method, f"{self.url}{REST}{path}", json=body, timeout=60)
        if answer.status_code not in (200, 201):
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def in_process(self, method: str, path: str, body: Any) -> str:
        """A person's edit in the middle of another request, which only the stand-in lets do.

        Gives the number of the revision.
        """
        assert self.owner is not None
        cookies = self.session(PERSON).cookies
        headers = {
            "user-agent": AGENT,
            "content-type": "application/json",
            "cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies),
        }
        given = json.dumps(body).encode()
        answer = self.owner.handle(Request(method, f"{REST}{path}", "", headers, given))
        assert answer.status == 200, answer.body
        return answer.headers["ETag"].strip('"')

    def _log_in(self, who: str, name: str, password: str) -> None:
        self.sessions[who] = _new_session()
        token = self.action("query", who, meta="tokens", type="login")["query"]["tokens"]
        answer = self.action(
            "login", who, lgname=name, lgpassword=password, lgtoken=token["logintoken"]
        )
        assert answer["login"]["result"] == "Success", answer

    def _make(self, recorded: str, kind: str, data: Mapping[str, Any]) -> None:
        answer = self.action(
            "wbeditentity",
            new=kind,
            data=json.dumps(self.names.value(dict(data))),
            token=self.token(),
        )
        self.names.learn(recorded, answer["entity"]["id"])


def _described(labels: Mapping[str, str]) -> dict[str, Any]:
    terms = {code: {"language": code, "value": text} for code, text in labels.items()}
    about = {"en": {"language": "en", "value": "identifier in the VIAF database"}}
    return {"labels": terms, "descriptions": about} if labels else {}


def _new_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = AGENT
    return session


def standin_target(wikibase: Wikibase) -> Target:
    """The stand-in with the recordings' accounts."""
    accounts = wikibase.accounts
    accounts.add("HubBot", "hubbotpass-1234", "bot")
    accounts.add_bot_password("HubBot", "hub", "h" * 32)
    accounts.add("PlainUser", "plainpass-1234")
    accounts.add_bot_password("PlainUser", "few", "f" * 32, ("basic",))
    accounts.add("BlockedBot", "blockedpass-1234", "bot")
    wikibase.settings.tags.add("hubtag")
    logins = {
        BOT: ("HubBot@hub", "h" * 32),
        PERSON: ("PlainUser", "plainpass-1234"),
        FEW: ("PlainUser@few", "f" * 32),
        BLOCKED: ("BlockedBot", "blockedpass-1234"),
        "admin": ("Admin", "adminpass-1234"),
    }
    return Target(wikibase.url, logins, wikibase)


def real_target() -> Target | None:
    """The real Wikibase that the environment names, if it names one."""
    names = ("HUBBOT_WIKIBASE_API", "HUBBOT_WIKIBASE_USER", "HUBBOT_WIKIBASE_PASSWORD")
    api, user, password = (os.environ.get(name, "") for name in names)
    if not api:
        return None
    return Target(api.removesuffix("/w/api.php"), {BOT: (user, password)})
