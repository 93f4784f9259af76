"""The wiki that recorded requests to the Action API are sent to: a stand-in, or a real one."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.wikibase.server import Wikibase, running_wikibase
from sandbox.wikibase.settings import Settings
from tests.wikibase.action_names import RECORDED_SITE, RECORDED_URL, RUN, Names

BOT, PERSON, ADMIN, FEW, BLOCKED, NOBODY = "bot", "person", "admin", "few", "blocked", "nobody"
BOT_PASSWORD = "h" * 32
PROPERTIES = {
    "P31": (
        "wikibase-item",
        "instance of",
        "that class of which this subject is a particular example",
    ),
    "P18": ("commonsMedia", "image", ""),
    "P195": ("wikibase-item", "collection", ""),
    "P214": ("external-id", "VIAF ID", "identifier in the VIAF database"),
    "P217": ("string", "inventory number", ""),
    "P248": ("wikibase-item", "stated in", ""),
    "P569": ("time", "date of birth", ""),
    "P625": ("globe-coordinate", "coordinate location", ""),
    "P813": ("time", "retrieved", ""),
    "P854": ("url", "reference URL", ""),
    "P1448": ("monolingualtext", "official name", ""),
    "P2048": ("quantity", "height", ""),
}
ITEMS = ("Q5", "Q54919")
_FIRST = 200_000
"""New items get numbers from here, as long as the recorded ones: sizes can be compared."""


@dataclass
class Target:
    """A wiki with the recordings' accounts, properties and items.

    `owner` is the stand-in itself, where it is one: what only a wiki's owner can do goes there.
    """

    url: str
    logins: Mapping[str, tuple[str, str]]
    names: Names
    owner: Wikibase | None = None
    sessions: dict[str, requests.Session] = field(default_factory=dict)

    def session(self, who: str) -> requests.Session:
        """The HTTP session of one who is logged in, from the first use on; nobody's is new."""
        if who == NOBODY:
            return _new_session()
        if who not in self.sessions:
            self.sessions[who] = _new_session()
            name, password = self.logins[who]
            token = self.ask(who, action="query", meta="tokens", type="login")
            answer = self.ask(
                who,
                action="login",
                lgname=name,
                lgpassword=password,
                lgtoken=token["query"]["tokens"]["logintoken"],
            )
            assert answer["login"]["result"] == "Success", answer
        return self.sessions[who]

    def ask(self, who: str = BOT, **params: Any) -> Any:
        """Ask the API by POST; raises AssertionError where the answer is an error."""
        given = {"format": "json", "formatversion": "2", **params}
        session = self.session(who)
        answer = session.post(f"{self.url}/w/api.php", data=given, timeout=60).json()
        assert "error" not in answer, (params.get("action"), answer["error"])
        return answer

    def token(self, who: str = BOT, kind: str = "csrf") -> str:
        """A token."""
        tokens = self.ask(who, action="query", meta="tokens", type=kind)["query"]["tokens"]
        return str(tokens[f"{kind}token"])

    def do(self, who: str = BOT, **params: Any) -> Any:
        """Do something that needs a CSRF token; texts are told with recorded names."""
        given = {
            name: self.names.text(value) if isinstance(value, str) else value
            for name, value in params.items()
        }
        return self.ask(who, **given, token=self.token(who))

    def make(self, recorded: str, data: Mapping[str, Any], revision: Any = None) -> Any:
        """Make an item that stands for a recorded one; the entity in the answer."""
        answer = self.do(action="wbeditentity", new="item", bot="1", data=json.dumps(data))
        self.names.learn(recorded, answer["entity"]["id"])
        if revision is not None:
            self.names.learn(f"revision {revision}", str(answer["entity"]["lastrevid"]))
        return answer["entity"]


def _new_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = "HubBot-contract-test/1.0 (tests of HubBot)"
    return session


@contextmanager
def standin_target() -> Iterator[Target]:
    """A stand-in with all that the recordings take for granted, set up as their wiki was."""
    settings = Settings(
        version="1.39.17",
        site_name=RECORDED_SITE,
        wiki_id="realwiki",
        mul=False,
        strict_sitelinks=True,
    )
    with running_wikibase(settings=settings) as wikibase:
        accounts = wikibase.accounts
        accounts.add("PlainUser", "plainpass-1234")
        accounts.add_bot_password("PlainUser", "few", "f" * 32, ("basic",))
        accounts.add("HubBot", "hubbotpass-1234", "bot")
        accounts.add_bot_password("HubBot", "hub", BOT_PASSWORD)
        accounts.add("BlockedBot", "blockedpass-1234")
        for prop, (datatype, label, description) in PROPERTIES.items():
            terms = {"labels": label, "descriptions": description}
            made = {
                name: {"en": {"language": "en", "value": text}}
                for name, text in terms.items()
                if text
            }
            wikibase.state.seed({"id": prop, "type": "property", "datatype": datatype, **made})
        for item in ITEMS:
            wikibase.state.seed({"id": item, "type": "item"})
        wikibase.state.seed({"id": f"Q{_FIRST}", "type": "item"})
        logins = {
            BOT: ("HubBot@hub", BOT_PASSWORD),
            PERSON: ("PlainUser", "plainpass-1234"),
            ADMIN: ("Admin", "adminpass-1234"),
            FEW: ("PlainUser@few", "f" * 32),
            BLOCKED: ("BlockedBot", "blockedpass-1234"),
        }
        names = Names({RECORDED_URL: wikibase.url}, exact=True)
        yield Target(wikibase.url, logins, names, wikibase)


def is_real() -> bool:
    """Whether the environment names a real Wikibase."""
    return bool(os.environ.get("HUBBOT_WIKIBASE_API"))


def real_target() -> Target:
    """The real Wikibase that HUBBOT_WIKIBASE_API, …_USER and …_PASSWORD name.

    The account has to be allowed to make properties.
    """
    api, user, password = (
        os.environ[f"HUBBOT_WIKIBASE_{name}"] for name in ("API", "USER", "PASSWORD")
    )
    url = api.removesuffix("/w/api.php")
    run = f"{time.time_ns() // 1000}"
    texts = {RECORDED_URL: url, RUN: run, "HubBot": user.partition("@")[0]}
    texts |= {"Seed pers": f"Seed {run} pers", "Seed paint": f"Seed {run} paint"}
    target = Target(url, {BOT: (user, password)}, Names(texts, exact=False))
    general = target.ask(action="query", meta="siteinfo")["query"]["general"]
    target.names.texts |= {RECORDED_SITE: general["sitename"], "realwiki": general["wikiid"]}
    for prop, (datatype, _, _) in PROPERTIES.items():
        data = json.dumps({"datatype": datatype})
        made = target.do(action="wbeditentity", new="property", data=data)
        target.names.learn(prop, made["entity"]["id"])
    for item in ITEMS:
        target.make(item, {})
    return target
