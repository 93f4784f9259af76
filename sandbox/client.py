"""A person's plain way to a wiki of the sandbox: log in, ask, edit. No bot uses it."""

from __future__ import annotations

from typing import Any, Protocol

import requests

from sandbox.accounts import Login

_TIMEOUT = 60.0


class RefusedError(Exception):
    """The API answered with an error; `code` is the API's own."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error.get('code')}: {error.get('info')}")
        self.code = str(error.get("code"))


class Served(Protocol):
    """A wiki that is up: a MediaWiki, or the stand-in."""

    @property
    def url(self) -> str:
        """Where it is."""

    @property
    def api(self) -> str:
        """Where its api.php is."""


class Client:
    """A session of one account (or, without a login, of nobody) on one wiki."""

    def __init__(self, wiki: Served, login: Login | None = None) -> None:
        self.wiki = wiki
        self._http = requests.Session()
        self._http.headers["User-Agent"] = "HubBot-sandbox"
        self._token: str | None = None
        if login is not None:
            self._log_in(login)

    def ask(self, **parameters: Any) -> Any:
        """The API's answer to a GET (formatversion 2). Raises RefusedError."""
        return self._answer("GET", params=_form(parameters))

    def post(self, **parameters: Any) -> Any:
        """The API's answer to a POST with this session's token. Raises RefusedError.

        Files are given as `file=(name, bytes)`.
        """
        if self._token is None:
            self._token = self.ask(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]
        file = parameters.pop("file", None)
        form = _form({"token": self._token, **parameters})
        return self._answer("POST", data=form, files={"file": file} if file else None)

    def edit(self, title: str, text: str, summary: str = "", **parameters: Any) -> int:
        """Save a page's text; the id of its newest revision. Raises RefusedError."""
        answer = self.post(action="edit", title=title, text=text, summary=summary, **parameters)
        done = answer["edit"]
        if done["result"] != "Success":
            raise RefusedError({"code": "failure", "info": str(done)})
        return int(done["newrevid"] if "newrevid" in done else self.revision(title))

    def text(self, title: str) -> str | None:
        """A page's wikitext; None where there is no page."""
        page = self._page(title, "content")
        return None if page.get("missing") else page["revisions"][0]["slots"]["main"]["content"]

    def revision(self, title: str) -> int:
        """The id of a page's newest revision; 0 where there is no page."""
        page = self._page(title, "ids")
        return 0 if page.get("missing") else int(page["revisions"][0]["revid"])

    def _page(self, title: str, what: str) -> Any:
        asked = {"action": "query", "prop": "revisions", "rvprop": what, "rvslots": "main"}
        return self.ask(**asked, titles=title)["query"]["pages"][0]

    def _log_in(self, login: Login) -> None:
        asked = {"action": "query", "meta": "tokens", "type": "login"}
        given = {"logintoken": self.ask(**asked)["query"]["tokens"]["logintoken"]}
        if "@" in login.username:
            form = {"action": "login", "lgname": login.username, "lgpassword": login.password}
            done = self._answer("POST", data=_form({**form, "lgtoken": given["logintoken"]}))
            if done["login"]["result"] != "Success":
                raise RefusedError({"code": done["login"]["result"], "info": str(done["login"])})
            return
        form = {"action": "clientlogin", "username": login.username, "password": login.password}
        given["loginreturnurl"] = self.wiki.url
        done = self._answer("POST", data=_form({**form, **given}))
        if done["clientlogin"]["status"] != "PASS":
            raise RefusedError({"code": "loginfailed", "info": str(done["clientlogin"])})

    def _answer(self, method: str, **how: Any) -> Any:
        response = self._http.request(method, self.wiki.api, timeout=_TIMEOUT, **how)
        response.raise_for_status()
        answer = response.json()
        if "error" in answer:
            raise RefusedError(answer["error"])
        return answer


def _form(parameters: dict[str, Any]) -> dict[str, Any]:
    return {"format": "json", "formatversion": "2", **parameters}
