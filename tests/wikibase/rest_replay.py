"""Sends a recorded request again, and says where the answer differs from the recorded one."""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import requests

from tests.wikibase.rest_stories import MORE_MAY_BE_THERE, STORIES
from tests.wikibase.rest_story import Needs, Story
from tests.wikibase.rest_target import EXPIRED, Target, persona

RECORDED = Path(__file__).parent / "recorded" / "rest"
_SAME = (
    "Content-Type",
    "Content-Language",
    "Allow",
    "Cache-Control",
    "Vary",
    "Retry-After",
    "X-Database-Lag",
    "MediaWiki-API-Error",
)
"""Headers that are the same on every wiki; those that were not there may not be there."""
_OF_REST = ("Cache-Control", "Vary", "Content-Type")
_MANY = re.compile(r"\.\.\.\((\d+) entries in all\)")


def names_of_recordings() -> list[str]:
    """All recordings that there are."""
    return sorted(path.stem for path in RECORDED.glob("*.json"))


def recording(name: str) -> Any:
    """A recorded exchange: request, status, headers, body."""
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


def play(story: Story, target: Target) -> dict[str, list[str]]:
    """What differs for each recording of a story; where a set-up fails, for all that follow it."""
    found: dict[str, list[str]] = {}
    failed = ""
    for step in story.steps:
        if isinstance(step, Needs):
            if target.owner is None:
                break
        elif failed and isinstance(step, str):
            found[step] = [failed]
        elif isinstance(step, str):
            found[step] = replay(step, target)
        elif not failed:
            try:
                step(target)
            except (AssertionError, requests.RequestException, KeyError) as error:
                failed = f"A set-up failed before it: {error!r}"
    return found


def story_of(name: str) -> Story:
    """The story that a recording belongs to."""
    return next(story for story in STORIES if name in story.recordings)


def replay(name: str, target: Target) -> list[str]:
    """Send a recorded request to a wiki; the differences of its answer to the recorded one."""
    recorded = recording(name)
    if "params" in recorded["request"]:
        answer = _send_action(recorded["request"], target)
        return _compare(recorded, answer, target, rest=False)
    found = _compare(recorded, _send_rest(recorded["request"], target), target, rest=True)
    if name in MORE_MAY_BE_THERE:
        return [difference for difference in found if not difference.endswith("was not there")]
    return found


def _send_rest(request: Any, target: Target) -> requests.Response:
    who = persona(request["session"])
    session = target.session(who)
    headers = {name: _header(value, target) for name, value in request["headers"].items()}
    if who == EXPIRED:
        cookie = next(c.name for c in target.session("bot").cookies if c.name.endswith("_session"))
        headers["Cookie"] = f"{cookie}=expired; {cookie}UserName=HubBot"
    body = None
    if "data" in request:
        body = request["data"].encode()
    elif "json" in request:
        body = json.dumps(_whole(target.names.sent(request["json"]), target)).encode()
    url = target.names.text(request["url"])
    return session.request(
        request["method"],
        target.url + url,
        data=body,
        headers=headers,
        timeout=60,
        allow_redirects=False,
    )


def _header(value: str, target: Target) -> str:
    if value in target.names.times:
        return target.names.times[value]
    if re.fullmatch(r'(W/)?"?\d+"?', value):
        return re.sub(r"\d+", lambda found: target.names.revision(found[0]), value)
    return value


def _whole(body: Any, target: Target) -> Any:
    """A body with what the recording only counts; tags that a real wiki lacks are left out."""
    if target.owner is None and isinstance(body, dict) and body.get("tags") == ["hubtag"]:
        body = {name: part for name, part in body.items() if name != "tags"}
    text = json.dumps(body)
    found = _MANY.search(text)
    if not found:
        return body
    values = body["patch"][0]["value"]
    tail = values[0].partition(" ")[2]
    body["patch"][0]["value"] = [f"{index:06d} {tail}" for index in range(int(found[1]))]
    return body


def _send_action(request: Any, target: Target) -> requests.Response:
    params = {name: target.names.text(str(value)) for name, value in request["params"].items()}
    if "baserevid" in params:
        params["baserevid"] = target.names.revision(params["baserevid"])
    if "token" in params:
        params["token"] = target.token()
    return target.session("bot").request(
        request["method"], f"{target.url}/w/api.php", data=params, timeout=60
    )


def _compare(recorded: Any, answer: requests.Response, target: Target, *, rest: bool) -> list[str]:
    found = []
    if answer.status_code != recorded["status"]:
        found.append(f"status {recorded['status']} became {answer.status_code}")
    found += _compare_headers(recorded["headers"], answer, target, rest=rest)
    body = recorded["body"]
    if body == "":
        return found + ([f"a body: {answer.text[:300]}"] if answer.text else [])
    try:
        given = answer.json()
    except ValueError:
        return [*found, f"no JSON: {answer.text[:300]}"]
    return found + target.names.differences(body, given)


def _compare_headers(
    recorded: dict[str, str], answer: requests.Response, target: Target, *, rest: bool
) -> list[str]:
    was = {name.lower(): value for name, value in recorded.items()}
    found = []
    for name in _SAME:
        old, new = was.get(name.lower()), answer.headers.get(name)
        if old != new and (rest or name not in _OF_REST):
            found.append(f"header {name}: {old!r} became {new!r}")
    for name in ("ETag", "Last-Modified", "Location", "X-Authenticated-User"):
        if (name.lower() in was) != (name in answer.headers):
            found.append(
                f"header {name}: {was.get(name.lower())} became {answer.headers.get(name)}"
            )
    if found:
        return found
    if "etag" in was:
        old, new = was["etag"].strip('"'), answer.headers["ETag"].strip('"')
        fault = target.names.learn(f"revision {old}", new)
        found += [f"header ETag: {fault}"] if fault else []
    if "last-modified" in was:
        parsedate_to_datetime(answer.headers["Last-Modified"])
        target.names.times[was["last-modified"]] = answer.headers["Last-Modified"]
    if "location" in was:
        fault = target.names.difference_of_texts(was["location"], answer.headers["Location"])
        found += [f"header Location: {fault}"] if fault else []
    user = answer.headers.get("X-Authenticated-User")
    if target.owner is not None and user != was.get("x-authenticated-user"):
        found.append(f"header X-Authenticated-User: became {user}")
    return found
