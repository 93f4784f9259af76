"""Accounts made over the stand-in's API; the answers are those of a real Wikibase, 1.43."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.accounts import Login
from sandbox.client import Client, RefusedError
from sandbox.wikibase.server import Wikibase

PASSWORD = "newcomer-pass-1234"


def token(client: Client, kind: str) -> str:
    answer = client.ask(action="query", meta="tokens", type=kind)
    return str(answer["query"]["tokens"][f"{kind}token"])


def account(client: Client, name: str, **more: str) -> Any:
    """What action=createaccount says; `more` in place of what is right."""
    form = {"username": name, "password": PASSWORD, "retype": PASSWORD}
    form |= {
        "createreturnurl": "http://example.org/",
        "createtoken": token(client, "createaccount"),
    }
    return client.post(action="createaccount", **{**form, **more})["createaccount"]


def rights(client: Client, user: str, **more: str) -> Any:
    given = {"token": token(client, "userrights"), **more}
    return client.post(action="userrights", user=user, **given)["userrights"]


def test_whoever_got_an_account_can_log_in_and_is_in_the_groups_that_were_given(
    standin: Wikibase, admin: Client
) -> None:
    assert account(admin, "Newcomer") == {"status": "PASS", "username": "Newcomer"}
    assert rights(admin, "Newcomer", add="bot|sysop")["added"] == ["bot", "sysop"]
    given = rights(admin, "Newcomer", add="bot", remove="sysop")
    assert (given["added"], given["removed"]) == ([], ["sysop"])
    newcomer = Client(standin, Login("Newcomer", PASSWORD))
    told = newcomer.ask(action="query", meta="userinfo", uiprop="groups")["query"]["userinfo"]
    assert "bot" in told["groups"]
    assert "sysop" not in told["groups"]


def test_who_may_not_give_rights_gives_none(person: Client) -> None:
    given = rights(person, "HubBot", add="sysop", remove="bot")
    assert (given["added"], given["removed"]) == ([], [])


def test_an_account_that_cannot_be_made_is_refused_by_its_reason(admin: Client) -> None:
    assert account(admin, "PlainUser")["messagecode"] == "userexists"
    assert account(admin, "Newcomer", retype="another")["messagecode"] == "badretype"
    with pytest.raises(RefusedError, match="badtoken"):
        account(admin, "Newcomer", createtoken="bad")
    with pytest.raises(RefusedError, match="nosuchuser"):
        rights(admin, "Newcomer", add="bot")
