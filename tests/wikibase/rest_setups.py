"""The small set-ups between the recorded requests: what was on the wiki, what others did to it.

Each gives a step, made through the wiki's own APIs, or by its owner where only an owner can.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.wikibase.settings import BOTS, Settings
from sandbox.wikibase.state import Author
from tests.wikibase.rest_names import RUN
from tests.wikibase.rest_target import BOT, PERSON, Target

Step = Callable[[Target], None]


def value(prop: str, content: Any, **more: Any) -> dict[str, Any]:
    """A statement, qualifier or reference part with a value."""
    return {"property": {"id": prop}, "value": {"type": "value", "content": content}, **more}


def item(
    recorded: str,
    label: str = "",
    statements: Mapping[str, Sequence[Any]] | None = None,
    ids: Sequence[str] = (),
    hashes: Sequence[str] = (),
    revision: str = "",
    **terms: Any,
) -> Step:
    """Make an item; what is no statement in `statements` is a value.

    `ids` are the recorded statement ids in order, `hashes` those of references, and `revision` the
    number of the revision, where a request needs them before an answer shows them.
    """
    groups = {
        prop: [_as_statement(prop, one) for one in group]
        for prop, group in (statements or {}).items()
    }
    labels = {"labels": {"en": f"{label} {RUN}"}} if label else {}
    form = {"statements": groups, **labels, **terms}

    def step(target: Target) -> None:
        answer = target.rest("POST", "/entities/items", {"item": target.names.value(form)})
        body = answer.json()
        target.names.learn(recorded, body["id"])
        made = [one for group in body["statements"].values() for one in group]
        for old, new in zip(ids, made, strict=False):
            target.names.learn(f"{recorded}${old}", new["id"])
        references = [reference for one in made for reference in one["references"]]
        for old, new in zip(hashes, references, strict=False):
            target.names.learn(old, new["hash"])
        if revision:
            target.names.learn(f"revision {revision}", answer.headers["ETag"].strip('"'))

    return step


def _as_statement(prop: str, given: Any) -> Any:
    is_statement = isinstance(given, Mapping) and "property" in given
    return given if is_statement else value(prop, given)


def item_by_action(recorded: str, data: Mapping[str, Any], *, revision: str = "") -> Step:
    """Make an item by wbeditentity; `revision` is the recorded number of its revision."""

    def step(target: Target) -> None:
        sent = json.dumps(target.names.value(data))
        answer = target.action("wbeditentity", new="item", data=sent, token=target.token())
        target.names.learn(recorded, answer["entity"]["id"])
        if revision:
            target.names.learn(f"revision {revision}", str(answer["entity"]["lastrevid"]))

    return step


def snak(prop: str, kind: str, content: Any) -> dict[str, Any]:
    """A snak with a value, in the Action API's form."""
    return {
        "snaktype": "value",
        "property": prop,
        "datavalue": {"value": content, "type": kind},
    }


def statement(main: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A statement, in the Action API's form."""
    return {"mainsnak": main, "type": "statement", "rank": "normal", **more}


def claim(prop: str, text: str, guid: str = "") -> dict[str, Any]:
    """A statement with a text, in the Action API's form."""
    made = statement(snak(prop, "string", text))
    return {**made, "id": guid} if guid else made


def action_item(
    recorded: str, label: str, texts: Sequence[str], ids: Sequence[str] = (), revision: str = ""
) -> Step:
    """Make an item with P217 statements by wbeditentity."""
    data = {
        "labels": {"en": {"language": "en", "value": f"{label} {RUN}"}},
        "claims": [claim("P217", text) for text in texts],
    }
    make = item_by_action(recorded, data, revision=revision)

    def step(target: Target) -> None:
        make(target)
        number = target.names.there[recorded]
        answer = target.action("wbgetentities", ids=number)
        groups = answer["entities"][number]["claims"]
        made = [one["id"] for group in (groups or {}).values() for one in group]
        for old, new in zip(ids, made, strict=False):
            target.names.learn(old, new)

    return step


def action_edit(recorded: str, *claims: Any, who: str = PERSON, revision: str = "") -> Step:
    """Edit an item's statements by wbeditentity, without a base."""

    def step(target: Target) -> None:
        answer = target.action(
            "wbeditentity",
            who,
            id=target.names.text(recorded),
            data=json.dumps({"claims": target.names.value(list(claims))}),
            token=target.token(who),
        )
        if revision:
            target.names.learn(f"revision {revision}", str(answer["entity"]["lastrevid"]))

    return step


def edit(recorded: str, *patch: Any, who: str = BOT, revision: str = "") -> Step:
    """Edit an item by a patch; `revision` is the recorded number of the revision that came."""

    def step(target: Target) -> None:
        path = f"/entities/items/{target.names.text(recorded)}"
        answer = target.rest("PATCH", path, {"patch": target.names.value(list(patch))}, who)
        if revision:
            target.names.learn(f"revision {revision}", answer.headers["ETag"].strip('"'))

    return step


def person(recorded: str, *patch: Any, revision: str = "") -> Step:
    """A person edits an item."""
    return edit(recorded, *patch, who=PERSON, revision=revision)


def replace(path: str, new: Any) -> dict[str, Any]:
    """A patch's operation."""
    return {"op": "replace", "path": path, "value": new}


def add(path: str, new: Any) -> dict[str, Any]:
    """A patch's operation."""
    return {"op": "add", "path": path, "value": new}


def remove(path: str) -> dict[str, Any]:
    """A patch's operation."""
    return {"op": "remove", "path": path}


# what only some may do


def redirect(recorded: str, to: str) -> Step:
    """Empty an item and let it lead to another."""

    def step(target: Target) -> None:
        names = target.names
        for params in (
            {"action": "wbeditentity", "id": names.text(recorded), "clear": "1", "data": "{}"},
            {
                "action": "wbcreateredirect",
                "from": names.text(recorded),
                "to": names.text(to),
            },
        ):
            params = dict(params)
            target.action(params.pop("action"), token=target.token(), **params)

    return step


def delete(recorded: str) -> Step:
    """An administrator deletes an item."""

    def step(target: Target) -> None:
        assert target.owner is not None
        title = target.names.text(recorded)
        target.owner.state.delete(title, Author(1, "Admin"), "test")

    return step


def protect(recorded: str) -> Step:
    """An administrator protects an item."""

    def step(target: Target) -> None:
        assert target.owner is not None
        title = target.names.text(recorded)
        target.owner.state.protect(title, {"edit": "sysop"}, Author(1, "Admin"), "test")

    return step


def block(name: str, *pages: str) -> Step:
    """An administrator blocks an account, from some pages only if any are named."""

    def step(target: Target) -> None:
        assert target.owner is not None
        target.owner.accounts.block(name, "test", pages=map(target.names.text, pages))

    return step


def unblock(name: str) -> Step:
    """An administrator lifts a block."""

    def step(target: Target) -> None:
        assert target.owner is not None
        target.owner.accounts.unblock(name)

    return step


def settings(**values: Any) -> Step:
    """The wiki's owner sets something."""

    def step(target: Target) -> None:
        assert target.owner is not None
        for name, new in values.items():
            assert hasattr(target.owner.settings, name), name
            setattr(target.owner.settings, name, new)

    return step


def limited_bots(hits: int) -> Step:
    """The wiki's owner lets bots, too, make only so many edits a minute."""

    def step(target: Target) -> None:
        assert target.owner is not None
        target.owner.settings.group_rights[BOTS].discard("noratelimit")
        target.owner.settings.rate_limits = {"edit": {"user": (hits, 60)}}

    return step


def unlimited_bots(target: Target) -> None:
    """The wiki's owner lifts that again."""
    assert target.owner is not None
    target.owner.settings.group_rights = Settings().group_rights
    target.owner.settings.rate_limits = {}


def page(title: str) -> Step:
    """Somebody makes a page of wikitext."""

    def step(target: Target) -> None:
        assert target.owner is not None
        name = target.names.text(title)
        target.owner.state.save_text(name, "A page.", Author(1, "Admin"))

    return step


def meanwhile(recorded: str, *patch: Any, revision: str = "") -> Step:
    """A person edits the item between the next request's check of preconditions and its save."""

    def step(target: Target) -> None:
        assert target.owner is not None
        path = f"/entities/items/{target.names.text(recorded)}"
        body = {"patch": target.names.value(list(patch))}

        def edit_by_a_person(_: str) -> None:
            found = target.in_process("PATCH", path, body)
            if revision:
                target.names.learn(f"revision {revision}", found)

        target.owner.state.before_save.append(edit_by_a_person)

    return step
