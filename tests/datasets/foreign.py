"""A Wikibase that is known by its API alone: accounts and properties on it, and a test's ground."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest

from sandbox.accounts import Login
from sandbox.proxy import FaultProxy
from tests.datasets.ground import OTHER, PARTNER, PERSON, TRUSTED, Asked
from tests.datasets.names import Names
from tests.wikibase.entities_scene import Person

T = TypeVar("T")

BOT = "HubBot"
ROLES = {"bot": BOT, "person": PERSON, "trusted": TRUSTED, "partner": PARTNER, "other": OTHER}
"""What the file of accounts calls them → what the tests do."""


def is_foreign() -> bool:
    """Whether the environment names a Wikibase to test on."""
    return bool(os.environ.get("HUBBOT_WIKIBASE_API"))


class ForeignWiki:
    """The Wikibase that HUBBOT_WIKIBASE_API names, with what all tests of a session share there.

    Its accounts are in the file that HUBBOT_WIKIBASE_ACCOUNTS names, `{role: {"username",
    "password"}}` with the roles of ROLES. The bot, with a bot password (no API makes those), and
    the trusted one have to be there; the others are made by the latter where they are not.
    """

    def __init__(self, proxy: FaultProxy) -> None:
        self.api = os.environ["HUBBOT_WIKIBASE_API"]
        self.proxy = proxy
        """Through which HubBot asks."""
        self.tag = str(int(time.time()) % 10_000_000)
        self.logins = _accounts_of(Path(os.environ["HUBBOT_WIKIBASE_ACCOUNTS"]))
        self.entities: dict[str, str] = {}
        self._people: dict[str, Person] = {}
        for name in {*ROLES.values()} - self.logins.keys():
            self.logins[name] = self._make_account(name)
        self._tests = count(1)
        self.index, self.prefixes = self._info()

    def person(self, name: str) -> Person:
        """Somebody of ours by the tests' name, logged in once."""
        if name not in self._people:
            self._people[name] = _logged_in(self.api, self.logins[name])
        return self._people[name]

    def share(self, entities: Mapping[str, Mapping[str, Any]], own: str = "") -> None:
        """Entities that every test uses, those of earlier sessions where they are there; `own` is
        the property that every session has for itself: the one that identifies items."""
        for name in entities.keys() - self.entities.keys():
            alias = f"HubBot's test {name}" + (f" {self.tag}" if name == own else "")
            aliases = {"en": [{"language": "en", "value": alias}]}
            found = self._known_as(alias, entities[name]["type"])
            self.entities[name] = found or self.make({**entities[name], "aliases": aliases})

    def make(self, entity: Mapping[str, Any]) -> str:
        """Make an entity without a number; the number that it gets."""
        claims = [
            {name: said for name, said in each.items() if name != "id"}
            for told in entity.get("claims", {}).values()
            for each in told
        ]
        data = {name: said for name, said in entity.items() if name not in ("id", "type", "claims")}
        maker = self.person(TRUSTED if entity["type"] == "property" else PERSON)
        told = json.dumps({**data, "claims": claims})
        answer = maker.write(action="wbeditentity", new=entity["type"], data=told)
        assert "entity" in answer, answer
        return str(answer["entity"]["id"])

    def names(self) -> Names:
        """The names of one more test."""
        people = {name: login.username.partition("@")[0] for name, login in self.logins.items()}
        return Names(f"{self.tag}{next(self._tests):03}", dict(self.entities), people)

    def _known_as(self, alias: str, kind: str) -> str | None:
        found = self.person(PERSON).ask(
            action="wbsearchentities", search=alias, language="en", type=kind, limit="50"
        )["search"]
        return next((each["id"] for each in found if each["match"]["text"] == alias), None)

    def _info(self) -> tuple[str, dict[str, str]]:
        """How identifiers are found, and what the titles of entities' pages begin with."""
        told = self.person(PERSON).ask(
            action="query", meta="siteinfo", siprop="extensions|namespaces"
        )["query"]
        can_search = "WikibaseCirrusSearch" in [each["name"] for each in told["extensions"]]
        prefixes = {
            each["defaultcontentmodel"]: f"{each['name']}:" if each["id"] else ""
            for each in told["namespaces"].values()
            if "defaultcontentmodel" in each
        }
        kinds = {"Q": prefixes["wikibase-item"], "P": prefixes["wikibase-property"]}
        return "search" if can_search else "scan", kinds

    def _make_account(self, name: str) -> Login:
        """An account on the wiki, made by the trusted one; all of them are trusted but one."""
        owner = self.person(TRUSTED)
        login = Login(f"{name}{self.tag}", secrets.token_urlsafe(18))
        answer = owner.write(
            action="createaccount",
            username=login.username,
            password=login.password,
            retype=login.password,
            createreturnurl="http://example.org/",
            createtoken=_token(owner, "createaccount"),
        )
        assert answer.get("createaccount", {}).get("status") == "PASS", answer
        if name != PERSON:
            token = _token(owner, "userrights")
            answer = owner.write(action="userrights", user=login.username, add="sysop", token=token)
            assert answer.get("userrights", {}).get("added") == ["sysop"], answer
        return login


@contextmanager
def foreign_wiki() -> Iterator[ForeignWiki]:
    """The Wikibase that the environment names; HubBot's requests to it are seen on their way."""
    with FaultProxy(os.environ["HUBBOT_WIKIBASE_API"]) as proxy:
        yield ForeignWiki(proxy)


@dataclass(frozen=True)
class _Asked:
    method: str
    parameters: Mapping[str, str]


class ForeignGround:
    """One test's ground on a Wikibase known by its API: keys of its own, a dataset of its own.

    HubBot's clock runs in the past, so that whatever it asks for since its last run is there.
    """

    def __init__(self, wiki: ForeignWiki) -> None:
        self._wiki, self._names = wiki, wiki.names()
        self.api = wiki.proxy.api_url
        self.login = wiki.logins[BOT]
        self.account = self.login.username.partition("@")[0]
        self.began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=300)
        self.index = wiki.index

    @property
    def numbers(self) -> Mapping[str, str]:
        return self._names.entities

    def own(self, what: str) -> NoReturn:
        pytest.skip(f"Only a stand-in of the test's own has {what}.")

    def follow(self, clock: Callable[[], datetime]) -> None:
        """A foreign wiki has its own clock."""

    def seed(self, entity: Mapping[str, Any]) -> None:
        there = json.loads(self.there(json.dumps({**entity, "id": ""})))
        self._names.entities[entity["id"]] = self._wiki.make(there)

    def person(self, name: str) -> Person:
        return _Named(self._wiki.person(name), self._names, self._wiki.prefixes)

    def mark(self) -> int:
        return len(self._wiki.proxy.log)

    def asked_since(self, mark: int) -> Sequence[Asked]:
        log = [each.request for each in self._wiki.proxy.log[mark:]]
        return [_Asked(each.method, self.here(dict(each.params))) for each in log]

    def there(self, text: str) -> str:
        return self._names.there(text)

    def here(self, said: T) -> T:
        return self._names.here(said)


class _Named(Person):
    """A person who speaks of everything by the tests' names."""

    def __init__(self, person: Person, names: Names, prefixes: Mapping[str, str]) -> None:
        self.api, self.name, self.password = person.api, person.name, person.password
        self._person, self._names, self._prefixes = person, names, prefixes

    def ask(self, **parameters: Any) -> Any:
        return self._names.answer(self._person.ask(**self._told(parameters)))

    def write(self, **parameters: Any) -> Any:
        return self._names.answer(self._person.write(**self._told(parameters)))

    def _told(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        told = {name: self._names.there(str(said)) for name, said in parameters.items()}
        title = told.get("title", "")
        if title[:1] in self._prefixes and title[1:].isdigit():
            told["title"] = self._prefixes[title[0]] + title
        return told


def _accounts_of(path: Path) -> dict[str, Login]:
    logins = {ROLES[role]: Login(**login) for role, login in json.loads(path.read_text()).items()}
    assert {BOT, TRUSTED} <= logins.keys(), f"{path} is to have a bot and somebody trusted"
    return logins


def _logged_in(api: str, login: Login) -> Person:
    person = Person(api, login.username, login.password)
    told = person.ask(action="query", meta="userinfo")["query"]["userinfo"]
    assert "anon" not in told, f"{login.username} cannot log in at {api}"
    return person


def _token(person: Person, kind: str) -> str:
    tokens = person.ask(action="query", meta="tokens", type=kind)["query"]["tokens"]
    return str(tokens[f"{kind}token"])
