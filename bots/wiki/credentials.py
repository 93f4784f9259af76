"""The bot password, from a file that only its owner may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bots.core.config import ConfigError, ConfigFault


class CredentialsError(ConfigError):
    """The file with the bot password can't be used."""


@dataclass(frozen=True)
class Credentials:
    """A bot password: `username` is ACCOUNT@APP, as Special:BotPasswords gives it."""

    username: str
    password: str = field(repr=False)


def load_credentials(path: Path) -> Credentials:
    """The bot password in a JSON file `{"bot": {"username": …, "password": …}, …}`.

    Raises `CredentialsError`: no such file, readable by others, not of this form. No message holds
    what is in the file.
    """
    try:
        mode = path.stat().st_mode
        if mode & 0o077:
            raise _fault(path, f"may be read by others: run `chmod 600 {path}`")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise _fault(path, f"can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise _fault(path, "is not UTF-8 text") from error
    try:
        bot = _File.model_validate_json(text).bot
    except ValidationError:
        # The error's own words would quote the password.
        raise _fault(path, 'is not JSON with "bot": {"username": …, "password": …}') from None
    if "@" not in bot.username:
        raise _fault(path, '"username" is not ACCOUNT@APP, as Special:BotPasswords gives it')
    return Credentials(bot.username, bot.password)


class _Bot(BaseModel):
    username: str
    password: str


class _File(BaseModel):
    bot: _Bot


def _fault(path: Path, text: str) -> CredentialsError:
    return CredentialsError([ConfigFault(path, 0, text)])
