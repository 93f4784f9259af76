"""Words for people, in their language, from `config/i18n`: on the wikis and on the dashboard.

The files are MediaWiki's message files (banana JSON), so that translatewiki.net can take them;
`qqq.json` documents each message, and its lines `* $1 - name: …` name the message's parameters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import get_ident

from toolforge_i18n import (
    I18nFormatter,
    TranslationsConfig,
    language_code_to_babel,
    load_translations,
)

Param = str | int | list[str]


@dataclass(frozen=True)
class Message:
    """A message's key and the values of its parameters; words come when the reader is known."""

    key: str
    params: Mapping[str, Param] = field(default_factory=dict)


class UnknownMessageError(KeyError):
    """A message key that is not in `en.json`: a fault of the program, not of a person."""


class Messages:
    """All messages in all languages, read once from a folder of message files."""

    def __init__(self, directory: Path) -> None:
        self.config = translations_config(directory)
        self._translations, self._documentation = load_translations(self.config)

    @property
    def languages(self) -> list[str]:
        """The MediaWiki codes of the languages that there are messages in."""
        return sorted(self._translations)

    def text(
        self, language: str, message: Message, escape: Callable[[str], str] = lambda s: s
    ) -> str:
        """The message in `language`, or in the nearest one that has it, at last in English.

        Every text parameter goes through `escape` first (`wikitext.escape` for a wiki page,
        `wikitext.summary` for an edit summary): the message itself may hold markup, what comes
        from outside may not. Raises `UnknownMessageError`, and `KeyError` for a missing parameter.
        """
        code, template = self._find(language, message.key)
        params = {name: _escaped(value, escape) for name, value in message.params.items()}
        return str(_formatter(code, get_ident()).format(template, **params))

    def _find(self, language: str, key: str) -> tuple[str, str]:
        for code in (language, language.partition("-")[0], "en"):
            if key in self._translations.get(code, {}):
                return code, self._translations[code][key]
        raise UnknownMessageError(key)


@cache
def _formatter(language: str, _thread: int) -> I18nFormatter:
    """One a language and thread: it takes a while to make, and keeps state while it formats."""
    babel = language_code_to_babel(language)
    return I18nFormatter(locale_identifier=babel, get_gender=lambda _name: "n")


class Ready(str):
    """Text that is safe where it goes: `Messages.text` does not escape it again."""

    __slots__ = ()


def translations_config(directory: Path) -> TranslationsConfig:
    """What toolforge_i18n has to know of our messages, their parameters' names from `qqq.json`."""
    documentation = json.loads((directory / "qqq.json").read_text(encoding="utf-8"))
    variables = {
        key: parameter_names(text) for key, text in documentation.items() if not key.startswith("@")
    }
    return TranslationsConfig(
        directory=str(directory),
        variables=variables,
        get_gender=lambda _name: "n",
        allowed_html_elements={"code": set(), "kbd": set(), "q": set()},
    )


def parameter_names(documentation: str) -> Sequence[str]:
    """The names in lines `* $1 - name: what it is` of a message's documentation, in order."""
    found = {int(n): name for n, name in _PARAMETER.findall(documentation)}
    return [found[n] for n in sorted(found)]


_PARAMETER = re.compile(r"^\* \$(\d+) - (\w+)", re.MULTILINE)


def _escaped(value: Param, escape: Callable[[str], str]) -> Param:
    if isinstance(value, list):
        return [str(_escaped(item, escape)) for item in value]
    if isinstance(value, str) and not isinstance(value, Ready):
        return escape(value)
    return value
