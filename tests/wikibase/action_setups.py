"""The small set-ups between recorded requests: what was on the wiki, what others did to it.

Each gives a step, made through the API, or by the wiki's owner where only an owner can.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.wikibase.action_target import ADMIN, BLOCKED, BOT, PERSON, Target

RECORDED = Path(__file__).parent / "recorded" / "action"
Step = Callable[[Target], None]


def recording(name: str) -> Any:
    """A recorded exchange: request, status, headers, body."""
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


def term(language: str, value: str) -> dict[str, dict[str, str]]:
    """One term in Wikibase's JSON."""
    return {language: {"language": language, "value": value}}


def item(recorded: str, label: str = "", description: str = "", revision: int = 0) -> Step:
    """An item with an English label and description, made by the bot."""

    def step(target: Target) -> None:
        data: dict[str, Any] = {}
        data |= {"labels": term("en", label)} if label else {}
        data |= {"descriptions": term("en", description)} if description else {}
        target.make(recorded, data, revision or None)

    return step


def string_statement(recorded: str, guid: str, value: str, revision: int, who: str = BOT) -> Step:
    """A new statement P217 on an item; `guid` is its recorded id without the item's."""

    def step(target: Target) -> None:
        answer = target.do(
            who,
            action="wbcreateclaim",
            entity=recorded,
            property="P217",
            snaktype="value",
            value=json.dumps(value),
        )
        target.names.learn(f"{recorded}${guid}", answer["claim"]["id"])
        target.names.learn(f"revision {revision}", str(answer["pageinfo"]["lastrevid"]))

    return step


def another_value(guid: str, value: str, who: str = PERSON) -> Step:
    """Somebody gives a statement another value."""

    def step(target: Target) -> None:
        given = json.dumps(value)
        target.do(who, action="wbsetclaimvalue", claim=guid, snaktype="value", value=given)

    return step


def removed(guid: str, who: str = PERSON) -> Step:
    """Somebody removes a statement."""
    return lambda target: target.do(who, action="wbremoveclaims", claim=guid)


def described(recorded: str, text: str, revision: int = 0) -> Step:
    """The bot sets an English description."""

    def step(target: Target) -> None:
        answer = target.do(action="wbsetdescription", id=recorded, language="en", value=text)
        if revision:
            target.names.learn(f"revision {revision}", str(answer["entity"]["lastrevid"]))

    return step


def page(title: str) -> Step:
    """A page of wikitext."""
    return lambda target: target.do(action="edit", title=title, text="there")


def seed_entity(name: str, number: str) -> Step:
    """An item like one in a recorded answer, without its ids: made through the API."""

    def step(target: Target) -> None:
        entity = recording(name)["body"]["entities"][number]
        for needed in ("Q3305213", "Q190804", "Q11573"):
            if needed in json.dumps(entity):
                _there(target, needed)
        data = {field: entity[field] for field in ("labels", "descriptions", "aliases")}
        groups = entity["claims"].values()
        statements = [
            {key: part for key, part in statement.items() if key != "id"}
            for group in groups
            for statement in group
        ]
        target.make(number, {**data, "claims": statements})

    return step


def _there(target: Target, item_id: str) -> None:
    if item_id in target.names.there:
        return
    if target.owner is not None:
        target.owner.state.seed({"id": item_id, "type": "item"})
        target.names.learn(item_id, item_id)
    else:
        target.make(item_id, {})


def seed_property(number: str, datatype: str) -> Step:
    """A property besides those that are there from the start."""

    def step(target: Target) -> None:
        if number in target.names.there:
            return
        if target.owner is not None:
            target.owner.state.seed({"id": number, "type": "property", "datatype": datatype})
            target.names.learn(number, number)
            return
        data = json.dumps({"datatype": datatype})
        made = target.do(action="wbeditentity", new="property", data=data)
        target.names.learn(number, made["entity"]["id"])

    return step


def many_items(first: int, last: int) -> Step:
    """Items without anything in them."""

    def step(target: Target) -> None:
        for number in range(first, last + 1):
            target.make(f"Q{number}", {})

    return step


def persons(*numbers: int) -> Step:
    """The recordings' invented persons, with labels and descriptions only."""

    def step(target: Target) -> None:
        for number in numbers:
            label = f"Seed person {number}"
            about = f"fictitious person no. {number}"
            data = {"labels": term("en", label), "descriptions": term("en", about)}
            target.make(f"Q{100000 + number}", data)

    return step


def linked(*recorded: str) -> Step:
    """Items that are all an instance of Q5."""

    def step(target: Target) -> None:
        for one in recorded:
            target.make(one, {})
            value = json.dumps({"entity-type": "item", "id": target.names.text("Q5")})
            target.do(
                action="wbcreateclaim", entity=one, property="P31", snaktype="value", value=value
            )

    return step


# what an administrator does


def deleted(recorded: str) -> Step:
    """An administrator deletes an item."""
    return lambda target: target.do(ADMIN, action="delete", title=recorded)


def protected(recorded: str) -> Step:
    """An administrator protects an item."""
    return lambda target: target.do(
        ADMIN, action="protect", title=recorded, protections="edit=sysop"
    )


def blocked(reason: str, expiry: str, times: int = 1) -> Step:
    """An administrator blocks the account BlockedBot; as often as the block's number says."""

    def step(target: Target) -> None:
        target.session(BLOCKED)
        for _ in range(times):
            target.do(ADMIN, action="block", user="BlockedBot", expiry=expiry, reason=reason)

    return step


# what the wiki's owner sets


def settings(**values: Any) -> Step:
    """The owner sets the wiki up otherwise."""

    def step(target: Target) -> None:
        assert target.owner is not None
        for name, value in values.items():
            setattr(target.owner.settings, name, value)

    return step


def rate_limited(limits: Mapping[str, Any]) -> Step:
    """The owner sets rate limits and lets bots have no way around them."""

    def step(target: Target) -> None:
        assert target.owner is not None
        target.owner.settings.rate_limits = dict(limits)
        for rights in target.owner.settings.group_rights.values():
            rights.discard("noratelimit")

    return step
