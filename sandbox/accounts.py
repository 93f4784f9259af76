"""Who there is on each wiki of the sandbox: a bot, a coordinator and two ordinary users."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Login:
    """A user name with its password, as action=login (bot passwords) or clientlogin takes them."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Accounts:
    """Who there is. `bot` is for action=login: its name holds the bot password's id."""

    bot: Login
    bot_owner: Login
    coordinator: Login
    aino: Login
    bashir: Login


def new_accounts() -> Accounts:
    """Accounts with random passwords."""
    return Accounts(
        # MediaWiki takes as bot passwords only those of at least 32 letters from 0-9a-v.
        bot=Login("HubBot@hubbot", secrets.token_hex(16)),
        bot_owner=Login("HubBot", _password()),
        coordinator=Login("Coordinator", _password()),
        aino=Login("Aino", _password()),
        bashir=Login("Bashir", _password()),
    )


def save_accounts(accounts: Accounts, path: Path) -> None:
    """Write the accounts to a file that only its owner may read."""
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(accounts), indent=1) + "\n")


def load_accounts(path: Path) -> Accounts:
    """The accounts that save_accounts wrote."""
    return Accounts(**{who: Login(**login) for who, login in json.loads(path.read_text()).items()})


def _password() -> str:
    return secrets.token_urlsafe(18)
