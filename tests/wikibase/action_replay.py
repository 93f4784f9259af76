"""Sends a recorded request again, and says where the answer differs from the recorded one."""

from __future__ import annotations

import json
from typing import Any

import requests

from tests.wikibase.action_setups import recording
from tests.wikibase.action_stories import By, Story
from tests.wikibase.action_target import BOT, BOT_PASSWORD, Target

_HEADERS = ("MediaWiki-API-Error", "Retry-After", "X-Database-Lag")
_WRONG_PASSWORD = "no password of anybody"
_GENERAL = [
    "generator",
    "case",
    "lang",
    "fallback",
    "rtl",
    "readonly",
    "writeapi",
    "maxarticlesize",
    "timezone",
    "articlepath",
    "scriptpath",
    "script",
    "server",
    "wikiid",
    "sitename",
    "legaltitlechars",
    "invalidusernamechars",
    "wikibase-conceptbaseuri",
    "wikibase-geoshapestoragebaseurl",
    "linktrail",
    "magiclinks",
]


def play(story: Story, target: Target) -> dict[str, list[str]]:
    """What differs for each recording of a story; where a set-up fails, for all that follow it."""
    found: dict[str, list[str]] = {}
    failed = ""
    for step in story.steps:
        if isinstance(step, str | By):
            who, name = (step.who, step.name) if isinstance(step, By) else (BOT, step)
            found[name] = [failed] if failed else replay(name, who, target)
        elif not failed:
            try:
                step(target)
            except (AssertionError, requests.RequestException, KeyError) as error:
                failed = f"A set-up failed before it: {error!r}"
    return found


def replay(name: str, who: str, target: Target) -> list[str]:
    """Send a recorded request; the differences of its answer to the recorded one."""
    recorded = recording(name)
    request = recorded["request"]
    if "url" in request:
        url, mark, revision = target.names.text(request["url"]).partition("revision=")
        url += mark + target.names.revision(revision)
        answer = target.session(who).get(url, allow_redirects=False, timeout=60)
        return _compare(recorded, answer, target, name)
    session = target.session(who)
    params = _params(name, request["params"], session, target)
    send: dict[str, Any] = {"params" if request["method"] == "GET" else "data": params}
    answer = session.request(request["method"], f"{target.url}/w/api.php", timeout=60, **send)
    return _compare(recorded, answer, target, name)


def _params(
    name: str, recorded: dict[str, Any], session: requests.Session, target: Target
) -> dict[str, str]:
    params = {key: target.names.text(str(value)) for key, value in recorded.items()}
    for key in ("baserevid", "undo"):
        if key in params:
            params[key] = target.names.revision(params[key])
    if params.get("data") == "<an entity of 5 MB>":
        aliases = [{"language": "en", "value": f"{n:06d} " + "y" * 200} for n in range(22_000)]
        params["data"] = json.dumps({"aliases": {"en": aliases}})
    if params.get("token") == "<csrf>":
        kind = "rollback" if params["action"] == "rollback" else "csrf"
        params["token"] = _token(session, target, kind)
        if name == "err_loggedout_post_with_old_token":
            params["token"] = target.token()
    if "lgtoken" in params:
        params["lgtoken"] = _token(session, target, "login")
        params["lgtoken"] = "bogus" if name == "err_login_badtoken" else params["lgtoken"]
        whole = "@" not in params["lgname"]
        params["lgpassword"] = "hubbotpass-1234" if whole else BOT_PASSWORD
        if name == "err_login_wrong_password":
            params["lgpassword"] = _WRONG_PASSWORD
    if "logintoken" in params:
        params["logintoken"] = _token(session, target, "login")
    return params


def _token(session: requests.Session, target: Target, kind: str) -> str:
    params = {"action": "query", "meta": "tokens", "type": kind, "format": "json"}
    answer = session.get(f"{target.url}/w/api.php", params=params, timeout=60)
    return str(answer.json()["query"]["tokens"][f"{kind}token"])


def _compare(
    recorded: dict[str, Any], answer: requests.Response, target: Target, name: str
) -> list[str]:
    found = []
    if answer.status_code != recorded["status"]:
        found.append(f"status {recorded['status']} became {answer.status_code}")
    was = {key.lower(): value for key, value in recorded["headers"].items()}
    for header in _HEADERS:
        old, new = was.get(header.lower()), answer.headers.get(header)
        if old != new:
            found.append(f"header {header}: {old!r} became {new!r}")
    kind = answer.headers.get("Content-Type", "").lower().replace(" ", "")
    if was.get("content-type", "").lower().replace(" ", "") != kind:
        found.append(f"header Content-Type: {was.get('content-type')} became {kind}")
    if "location" in was:
        fault = target.names.differences(was["location"], answer.headers.get("Location", ""))
        found += fault
    body = recorded["body"]
    if isinstance(body, str):
        return found + target.names.differences(body, answer.text)
    given = answer.json()
    if name == "ok_siteinfo":
        exact = target.names.exact
        body, given = _told_of_the_site(body, exact), _told_of_the_site(given, exact)
    return found + target.names.differences(body, given)


def _told_of_the_site(body: dict[str, Any], exact: bool) -> dict[str, Any]:
    """What of siteinfo does not hang on how that wiki was installed."""
    query = body["query"]
    if not exact:
        return {"conceptbase": query["general"]["wikibase-conceptbaseuri"]}
    named = {key for key in query["general"] if key not in _OF_EXTENSIONS}
    return {
        "keys": sorted(named),
        "general": {key: query["general"][key] for key in _GENERAL},
        "types": {
            key: value
            for key, value in query["general"]["wikibase-propertytypes"].items()
            if key not in _EXTENSION_TYPES
        },
        "namespaces": {
            key: value for key, value in query["namespaces"].items() if int(key) in _CORE_SPACES
        },
        "lag": [one["lag"] for one in query["dbrepllag"]],
        "wikibase": sorted(
            one["name"] for one in query["extensions"] if one["name"].startswith("Wikibase")
        ),
        "batchcomplete": body["batchcomplete"],
    }


_CORE_SPACES = frozenset({*range(-2, 16), 120, 121})
_OF_EXTENSIONS = frozenset({"citeresponsivereferences"})
_EXTENSION_TYPES = frozenset(
    {
        "entity-schema",
        "musical-notation",
        "math",
        "wikibase-lexeme",
        "wikibase-form",
        "wikibase-sense",
    }
)
