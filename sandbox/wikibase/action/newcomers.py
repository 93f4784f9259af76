"""action=createaccount and action=userrights: accounts that are made over the API."""

from __future__ import annotations

from typing import Any

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.errors import ApiError
from sandbox.wikibase.action.parameters import Module, flag, many, text

_TAKEN = "Username entered already in use.\nPlease choose a different name."
_DIFFERENT = "The passwords you entered do not match."


def create_account(call: Call) -> dict[str, Any]:
    """action=createaccount, with the fields of the form: username, password, retype."""
    accounts = call.wikibase.accounts
    name, password = call.take("username") or "", call.take("password") or ""
    retyped = call.take("retype")
    if call["token"] != accounts.token(call.session, "createaccount"):
        raise ApiError("badtoken", "Invalid CSRF token.")
    if accounts.get(name) is not None:
        return _failed(_TAKEN, "userexists")
    if retyped != password:
        return _failed(_DIFFERENT, "badretype")
    accounts.add(name, password)
    return {"createaccount": {"status": "PASS", "username": name}}


def user_rights(call: Call) -> dict[str, Any]:
    """action=userrights: puts an account into groups and takes it out of others."""
    accounts, name = call.wikibase.accounts, call["user"]
    user = accounts.get(name)
    if user is None:
        words = f'There is no user by the name "{name}". Check your spelling.'
        raise ApiError("nosuchuser", words)
    # Whoever may not do this is told that nothing was done.
    may = "userrights" in call.session.rights
    removed = [each for each in call["remove"] or [] if may and each in user.groups]
    added = [each for each in call["add"] or [] if may and each not in user.groups]
    accounts.regroup(name, [*(each for each in user.groups if each not in removed), *added])
    facts = {"user": name, "userid": user.id, "added": added, "removed": removed}
    return {"userrights": {**facts, "watchuser": False}}


def _failed(words: str, code: str) -> dict[str, Any]:
    facts = {"status": "FAIL", "message": words, "messagecode": code}
    return {"createaccount": {**facts, "canpreservestate": False}}


MODULES = (
    Module(
        "createaccount",
        create_account,
        {
            "requests": text(),
            "messageformat": text(),
            "mergerequestfields": flag(),
            "preservestate": flag(),
            "returnurl": text(),
            "continue": flag(),
            "token": text(required=True),
        },
        writes=True,
        posted=True,
        prefix="create",
    ),
    Module(
        "userrights",
        user_rights,
        {
            "user": text(required=True),
            "add": many(),
            "remove": many(),
            "reason": text(),
            "tags": many(),
        },
        writes=True,
        guarded_by="userrights",
        posted=True,
    ),
)
