"""The accounts that a stand-in has for trials and tests."""

from __future__ import annotations

from sandbox.wikibase.accounts import Accounts

BOT, BOT_PASSWORD = "HubBot", "hubbotpass-1234"
BOT_LOGIN, BOT_LOGIN_PASSWORD = "HubBot@hub", "hub" * 11
PERSON, PERSON_PASSWORD = "PlainUser", "plainpass-1234"
ADMIN, ADMIN_PASSWORD = "Admin", "adminpass-1234"


def add_people(accounts: Accounts) -> None:
    """A bot with a bot password, and a person; the administrator is always there."""
    accounts.add(PERSON, PERSON_PASSWORD)
    accounts.add(BOT, BOT_PASSWORD, "bot")
    label = BOT_LOGIN.partition("@")[2]
    accounts.add_bot_password(BOT, label, BOT_LOGIN_PASSWORD)
