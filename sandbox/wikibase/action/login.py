"""Logging in and out, and the tokens: action=login, clientlogin, logout, meta=tokens."""

from __future__ import annotations

import hmac
from typing import Any

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.parameters import Module, flag, many, names, text

_TOKENS = names("createaccount csrf login patrol rollback userrights watch")
_ANNOUNCE = (
    "Subscribe to the mediawiki-api-announce mailing list at"
    " <https://lists.wikimedia.org/postorius/lists/mediawiki-api-announce.lists.wikimedia.org/>"
    " for notice of API deprecations and breaking changes."
)
_DEPRECATED = (
    'Main-account login via "action=login" is deprecated and may stop working without warning. To'
    ' continue login with "action=login", see [[Special:BotPasswords]]. To safely continue using'
    ' main-account login, see "action=clientlogin".'
)
_TIMED_OUT = "Unable to continue login. Your session most likely timed out."
_WRONG = "Incorrect username or password entered. Please try again."


def tokens(call: Call) -> dict[str, Any]:
    """meta=tokens; asking for any token opens a session."""
    wanted = call["type"] or ["csrf"]
    if not call.session.key and ("login" in wanted or "createaccount" in wanted):
        _start(call, call.wikibase.accounts.open_session())
    accounts = call.wikibase.accounts
    return {"tokens": {f"{kind}token": accounts.token(call.session, kind) for kind in wanted}}


def login(call: Call) -> dict[str, Any]:
    """action=login, with a bot password or the main one."""
    accounts = call.wikibase.accounts
    token, session = call["token"], call.session
    if token is None:
        if not session.key:
            _start(call, accounts.open_session())
        given = accounts.token(call.session, "login")
        return {"login": {"result": "NeedToken", "token": given}}
    if not session.key or not _same(token, accounts.token(session, "login")):
        return {"login": {"result": "Failed", "reason": _TIMED_OUT}}
    user = accounts.login(session.key, call["name"] or "", call["password"] or "")
    if user is None:
        return {"login": {"result": "Failed", "reason": _WRONG}}
    if "@" not in call["name"]:
        call.warn("main", _ANNOUNCE)
        call.warn("login", _DEPRECATED)
    _start(call, session.key)
    return {"login": {"result": "Success", "lguserid": user.id, "lgusername": user.name}}


def clientlogin(call: Call) -> dict[str, Any]:
    """action=clientlogin, with the main password only; the fields of the form are taken too."""
    accounts = call.wikibase.accounts
    session = call.session
    name, password = call.take("username") or "", call.take("password") or ""
    call.take("rememberMe")
    if not session.key or not _same(call["token"], accounts.token(session, "login")):
        return _failed(_TIMED_OUT, "authmanager-authn-no-primary")
    user = accounts.login(session.key, name, password, bot_passwords=False)
    if user is None:
        return _failed(_WRONG, "wrongpassword")
    _start(call, session.key)
    return {"clientlogin": {"status": "PASS", "username": user.name}}


def logout(call: Call) -> dict[str, Any]:
    """action=logout."""
    call.wikibase.accounts.logout(call.session.key)
    call.cookies.append(f"{call.wikibase.cookie}=; path=/; Max-Age=0; HttpOnly")
    return {}


def _failed(words: str, code: str) -> dict[str, Any]:
    return {"clientlogin": {"status": "FAIL", "message": words, "messagecode": code}}


def _start(call: Call, key: str) -> None:
    call.session = call.wikibase.accounts.session(key, call.request.ip)
    cookie = f"{call.wikibase.cookie}={key}; path=/; HttpOnly"
    if cookie not in call.cookies:
        call.cookies.append(cookie)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


MODULES = (
    Module(
        "login",
        login,
        {"name": text(), "password": text(), "domain": text(), "token": text()},
        posted=True,
        prefix="lg",
    ),
    Module(
        "clientlogin",
        clientlogin,
        {
            "requests": text(),
            "messageformat": text(),
            "mergerequestfields": flag(),
            "preservestate": flag(),
            "returnurl": text(),
            "continue": flag(),
            "token": text(required=True),
        },
        posted=True,
        prefix="login",
    ),
    Module("logout", logout, guarded_by="csrf", posted=True),
    Module("tokens", tokens, {"type": many(*_TOKENS, default="csrf")}, group="meta"),
)
