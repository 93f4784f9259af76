"""The same work done otherwise: with WikibaseIntegrator, and by a loop that only sends patches."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import requests
from wikibaseintegrator import WikibaseIntegrator
from wikibaseintegrator.wbi_enums import ActionIfExists

from bench.life import values
from bench.life.integrator import claim, log_in
from bench.speed.material import Row
from bench.speed.wiki import Requests, Served
from sandbox.wikibase import people

REST = "/w/rest.php/wikibase/v1/entities/items"


def integrator(wiki: Served) -> WikibaseIntegrator:
    """WikibaseIntegrator behind the slow proxy, logged in."""
    return log_in(wiki.slow_api)


def integrate(wbi: WikibaseIntegrator, wiki: Served, rows: Iterable[Row]) -> tuple[float, Requests]:
    """Seconds and requests for bringing all records to their items."""
    wiki.requests()
    began = time.perf_counter()
    for number, row in enumerate(rows, 1):
        item = wbi.item.get(f"Q{number}")
        said = [
            claim(values.snak(name, text), [], row["isil"])
            for name, text in ((values.PHONE, row["phone"]), (values.FOUNDED, row["founded"]))
        ]
        item.claims.add(said, action_if_exists=ActionIfExists.REPLACE_ALL)
        item.write(summary="from the dataset", is_bot=True)
    return time.perf_counter() - began, wiki.requests()


def patch_bare(wiki: Served, rows: Iterable[Row]) -> float:
    """Seconds for one patch an item over one connection; all patches are made beforehand."""
    session = session_of(wiki)
    bodies = [
        _patch(session, wiki, f"Q{number}", row["phone"]) for number, row in enumerate(rows, 1)
    ]
    slow = rest(wiki.slow_api)
    began = time.perf_counter()
    for item_id, etag, body in bodies:
        answer = session.patch(
            f"{slow}/{item_id}", json=body, headers={"if-match": etag}, timeout=30
        )
        answer.raise_for_status()
    return time.perf_counter() - began


def _patch(
    session: requests.Session, wiki: Served, item_id: str, phone: str
) -> tuple[str, str, dict[str, Any]]:
    answer = session.get(f"{rest(wiki.api)}/{item_id}", timeout=30)
    answer.raise_for_status()
    place = f"/statements/{values.PHONE}/0"
    guid = answer.json()["statements"][values.PHONE][0]["id"]
    said = {"type": "value", "content": phone}
    patch = [
        {"op": "test", "path": f"{place}/id", "value": guid},
        {"op": "replace", "path": f"{place}/value", "value": said},
    ]
    body = {"patch": patch, "bot": True, "comment": "bare", "tags": []}
    return item_id, answer.headers["etag"], body


def session_of(wiki: Served) -> requests.Session:
    """A session of the bot's account; cookies know no ports, so it is the proxy's too."""
    session = requests.Session()
    session.params = {"format": "json", "formatversion": "2"}
    asked = {"action": "query", "meta": "tokens", "type": "login"}
    token = session.get(wiki.api, params=asked, timeout=30).json()["query"]["tokens"]["logintoken"]
    login = {"lgname": people.BOT_LOGIN, "lgpassword": people.BOT_LOGIN_PASSWORD, "lgtoken": token}
    session.post(wiki.api, data={"action": "login", **login}, timeout=30).raise_for_status()
    session.params = {}
    return session


def rest(api: str) -> str:
    address = urlsplit(api)
    return f"{address.scheme}://{address.netloc}{REST}"
