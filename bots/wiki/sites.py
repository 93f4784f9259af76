"""The configured wikis: opened when first asked for, logged in, and asked with patience."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from bots.core.config import HubConfig
from bots.core.outcome import Deferred, Failed, NotReachedError, Refused, utcnow
from bots.core.wikibase.exact import JSON
from bots.wiki import transport
from bots.wiki.answers import STALE, timestamp, unread
from bots.wiki.credentials import Credentials, CredentialsError, load_credentials
from bots.wiki.settings import address_of
from bots.wiki.transport import Answer

__all__ = ["Account", "CredentialsError", "SiteInfo", "Wiki", "Wikis"]

TRIES = 3
"""How often a reading request is sent at most."""
PATIENCE_SECONDS = 60.0
"""No reading request is repeated when this has passed since it was first sent."""
LONGEST_PAUSE_SECONDS = 20.0
"""A wiki that asks a reader to wait longer is not waited for; see also `longest_wait_seconds`."""

_FACTS = {
    "action": "query",
    "meta": "siteinfo|userinfo|tokens",
    "siprop": "general|namespaces|namespacealiases",
    "uiprop": "rights|groups|blockinfo",
    "type": "csrf|login",
}


TEMPLATES = 10
"""The number of the namespace Template (mediawiki.org, Manual:Namespace constants)."""


@dataclass(frozen=True, kw_only=True)
class SiteInfo:
    """What a wiki said of itself. `namespaces`: every name of each, in lower case → its number.

    `wiki_id`: how Wikibase calls it in links from items, such as svwiki.
    """

    wiki_id: str
    language: str
    generator: str
    server: str
    script: str
    article_path: str
    main_page: str
    max_article_bytes: int
    namespaces: Mapping[str, int]
    prefixes: Mapping[str, str]
    """Content model of a namespace that has one of its own (`wikibase-item`) → "Item:" or ""."""

    def names_of(self, number: int) -> list[str]:
        """What a namespace is called there, its own name first, all in lower case."""
        return [name for name, found in self.namespaces.items() if found == number]


@dataclass(frozen=True, kw_only=True)
class Account:
    """Whom the wiki takes us for; `name` is "" where there are no credentials for it."""

    name: str
    groups: frozenset[str]
    rights: frozenset[str]
    blocked: bool

    @property
    def bot(self) -> bool:
        """Whether its edits can carry the bot flag."""
        return "bot" in self.rights

    @property
    def high_limits(self) -> bool:
        """Whether it gets 500 pages a request and not 50."""
        return "apihighlimits" in self.rights


class Wikis:
    """The wikis of hub.yaml by key. Nothing is asked before a wiki is used."""

    def __init__(self, config: HubConfig) -> None:
        self.config = config
        self._open: dict[str, Wiki] = {}

    def __getitem__(self, key: str) -> Wiki:
        """Raises KeyError: no such site; `ConfigError` (`CredentialsError`): wrongly configured."""
        if key not in self._open:
            self.config.sites[key]
            self._open[key] = Wiki(key, self.config, self._credentials)
        return self._open[key]

    @cached_property
    def _credentials(self) -> Credentials | None:
        named = self.config.credentials
        return load_credentials(self.config.folder / named) if named else None


class Wiki:
    """One wiki, with our session there.

    What needs the wiki (`info`, `account`, `language`, `batch`, `api`, …) logs in first, and
    raises `NotReachedError` where that fails.
    """

    def __init__(self, key: str, config: HubConfig, credentials: Credentials | None) -> None:
        self.key = key
        self.config = config
        self._address = address_of(key, config)
        self._credentials = credentials
        self._facts: tuple[SiteInfo, Account] | None = None
        self._token = ""
        self.writable_seen = float("-inf")
        """When the wiki last told, by `time.monotonic`, that it neither lags nor is read-only."""

    def log_in(self) -> Account:
        """Log in now, if not yet; whom the wiki takes us for."""
        return self._known()[1]

    @property
    def info(self) -> SiteInfo:
        """What the wiki says of itself."""
        return self._known()[0]

    @property
    def account(self) -> Account:
        """Whom the wiki takes us for."""
        return self.log_in()

    @property
    def language(self) -> str:
        """MediaWiki's code of the language that people read here."""
        return self.config.sites[self.key].language or self.info.language

    @property
    def batch(self) -> int:
        """How many pages, users or revisions with text one request may name."""
        return 500 if self.account.high_limits else 50

    def page_url(self, title: str) -> str:
        """Where people see a page."""
        name = quote(title.replace(" ", "_"), safe="/:@!$*,;()'")
        index = self.config.sites[self.key].index_url
        if index:
            return f"{index}?{urlencode({'title': title})}"
        return urljoin(self._server, self.info.article_path.replace("$1", name))

    def diff_url(self, revid: int) -> str:
        """Where people see what a revision changed."""
        index = self.config.sites[self.key].index_url or urljoin(self._server, self.info.script)
        return f"{index}?diff={revid}"

    def namespace(self, title: str) -> tuple[int, str]:
        """The number of a title's namespace, and the title without it."""
        prefix, colon, rest = title.partition(":")
        number = self.info.namespaces.get(_folded(prefix)) if colon else None
        return (0, title) if number is None else (number, rest.strip(" _"))

    def api(self, params: Mapping[str, str]) -> dict[str, Any]:
        """The answer (formatversion 2) to a request that only reads.

        Sent at most `TRIES` times. Raises `NotReachedError`.
        """
        account = self.account.name
        asserted = {**params, "assertuser": account} if account else params
        return self._patiently(asserted)

    def query(self, params: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """The `query` of each answer to an action=query, until MediaWiki has no more to tell.

        MediaWiki cuts answers at about 8 MB, and goes on with a page's next property in another.
        Each has besides: `complete`, whether what it tells of its pages is now all, and `now`, the
        wiki's own time (ours, of a wiki that does not tell it).
        """
        more: dict[str, str] = {}
        while True:
            answer = self.api({"action": "query", "curtimestamp": "1", **params, **more})
            complete = bool(answer.get("batchcomplete"))
            now = timestamp(answer["curtimestamp"]) if "curtimestamp" in answer else utcnow()
            yield {**answer.get("query", {}), "complete": complete, "now": now}
            if "continue" not in answer:
                return
            more = {name: str(value) for name, value in answer["continue"].items()}

    def post(self, params: Mapping[str, str]) -> Answer:
        """The answer to one request that writes, as the account and as a bot.

        It is sent a second time only where the wiki said that it did nothing, for want of a valid
        token or session, and before `request_timeout_seconds` have passed: whoever writes holds a
        lease. Raises `NotReachedError` where nothing was sent: no account, no session.
        """
        return self._twice(
            lambda account: transport.post(
                self._address,
                {**params, "assert": "bot", "assertuser": account, "token": self._token},
            ),
            lambda answer: answer.code in STALE,
        )

    def rest(
        self,
        method: str,
        path: str,
        body: JSON,
        headers: Mapping[str, str],
        stale: Callable[[Answer], bool],
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        """The answer to one request to the REST API that writes, `path` starting below rest.php.

        As `post`; `stale` says of an answer that the wiki did nothing for want of a session. That
        it is to be done as a bot is for `body` to say. `meanwhile`: see `transport.rest`; called
        each time that it is sent.
        """
        return self._twice(
            lambda _: transport.rest(self._address, method, path, body, headers, meanwhile), stale
        )

    def look(self, params: Mapping[str, str]) -> Answer:
        """The answer to one request that only reads, sent once, whatever it is."""
        self.log_in()
        return transport.ask(self._address, params)

    def _twice(self, send: Callable[[str], Answer], stale: Callable[[Answer], bool]) -> Answer:
        """Send; and again where it is certain that nothing was done, with a new session."""
        began = time.monotonic()
        account = self.account
        if not account.name:
            info = f"no bot password and no OAuth keys for {self.key}"
            raise NotReachedError(
                Refused(reason="permission", code="no-account", info=info, whole_account=True)
            )
        answer = self._send_since(began, send, account.name)
        if stale(answer) and self.account.bot:
            self._facts = None
            self.log_in()
            answer = self._send_since(began, send, account.name)
        return answer

    def _send_since(self, began: float, send: Callable[[str], Answer], account: str) -> Answer:
        if time.monotonic() - began > self.config.limits.request_timeout_seconds:
            info = "logging in took too long"
            raise NotReachedError(Deferred(until=utcnow(), reason="unavailable", info=info))
        return send(account)

    @property
    def _server(self) -> str:
        return urljoin(self._address.url, self.info.server)

    def _known(self) -> tuple[SiteInfo, Account]:
        if self._facts is None:
            self._facts = self._open()
        return self._facts

    def _open(self) -> tuple[SiteInfo, Account]:
        """The wiki's facts and a token; by logging in first, where it takes us for nobody.

        Whether we are logged in is always looked at anew: MediaWiki refuses action=login within a
        bot password's session, and a login whose answer was lost has given us one.
        """
        trouble: Deferred | Refused | Failed = Failed(
            code="no-session", info="the wiki forgets that we have logged in"
        )
        for _ in range(TRIES):
            query = self._patiently(_FACTS)["query"]
            info, account = _site_info(query), _account(query["userinfo"])
            if account.name == self.config.account or not (account.name or self._credentials):
                self._token = query["tokens"]["csrftoken"]
                return info, account
            if self._credentials is None or account.name:
                raise NotReachedError(_wrong_account(account.name, self.config.account))
            trouble = self._log_in_as(self._credentials, query["tokens"]["logintoken"]) or trouble
        raise NotReachedError(trouble)

    def _log_in_as(self, credentials: Credentials, token: str) -> Deferred | None:
        """action=login with a bot password (mediawiki.org, API:Login), sent once.

        Gives what is wrong where it may have worked nevertheless; raises `NotReachedError`.
        """
        form = {
            "action": "login",
            "lgname": credentials.username,
            "lgpassword": credentials.password,
            "lgtoken": token,
        }
        answer = transport.ask(self._address, form)
        trouble = unread(answer, utcnow())
        if trouble is not None:
            pause = self._pause(answer, trouble)
            if pause is None or not isinstance(trouble, Deferred):
                raise NotReachedError(trouble)
            time.sleep(pause)
            return trouble
        login = (answer.data or {}).get("login", {})
        if login.get("result") not in ("Success", "NeedToken", "WrongToken"):
            info = str(login.get("reason") or login.get("result"))
            raise NotReachedError(
                Refused(reason="permission", code="login-failed", info=info, whole_account=True)
            )
        return None

    def _patiently(self, params: Mapping[str, str]) -> dict[str, Any]:
        began = time.monotonic()
        for tried in range(1, TRIES + 1):
            answer = transport.ask(self._address, params)
            trouble = unread(answer, utcnow())
            if trouble is None:
                return dict(answer.data or {})
            stale = answer.code in STALE and "assertuser" in params
            pause = 0.0 if stale else self._pause(answer, trouble)
            late = time.monotonic() - began + (pause or 0) > PATIENCE_SECONDS
            if tried == TRIES or pause is None or late:
                raise NotReachedError(trouble)
            if stale:
                self._facts = None
                self.log_in()
            time.sleep(pause)
        raise AssertionError("the last try has returned or raised")

    def _pause(self, answer: Answer, trouble: Deferred | Refused | Failed) -> float | None:
        """Seconds to wait before the same is asked again; None: don't ask again."""
        if not isinstance(trouble, Deferred):
            return None
        said = answer.retry_after(utcnow())
        pause = 1.0 if said is None else said.total_seconds()
        longest = min(LONGEST_PAUSE_SECONDS, self.config.limits.longest_wait_seconds)
        return pause if pause <= longest else None


def _site_info(query: Mapping[str, Any]) -> SiteInfo:
    general = query["general"]
    namespaces = {"": 0}
    for number, namespace in query["namespaces"].items():
        for name in (namespace["name"], namespace.get("canonical", "")):
            namespaces.setdefault(_folded(name), int(number))
    prefixes: dict[str, str] = {}
    for namespace in query["namespaces"].values():
        if "defaultcontentmodel" in namespace:
            prefix = f"{namespace['name']}:" if namespace["id"] else ""
            prefixes.setdefault(namespace["defaultcontentmodel"], prefix)
    for alias in query["namespacealiases"]:
        namespaces.setdefault(_folded(alias["alias"]), int(alias["id"]))
    return SiteInfo(
        wiki_id=general["wikiid"],
        language=general["lang"],
        generator=general["generator"],
        server=general["server"],
        script=general["script"],
        article_path=general["articlepath"],
        main_page=general["mainpage"],
        max_article_bytes=int(general["maxarticlesize"]),
        namespaces=namespaces,
        prefixes=prefixes,
    )


def _account(userinfo: Mapping[str, Any]) -> Account:
    return Account(
        name="" if userinfo.get("anon") or not userinfo.get("id") else userinfo["name"],
        groups=frozenset(userinfo.get("groups", ())),
        rights=frozenset(userinfo.get("rights", ())),
        blocked="blockid" in userinfo and not userinfo.get("blockpartial"),
    )


def _wrong_account(name: str, configured: str) -> Refused:
    info = f"the wiki takes us for {name!r}, not for the configured {configured!r}"
    return Refused(reason="permission", code="wrong-account", info=info, whole_account=True)


def _folded(name: str) -> str:
    return name.replace("_", " ").strip().lower()
