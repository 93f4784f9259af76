"""The dashboard's words in the reader's language: messages, times and numbers, ready for HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup, escape
from toolforge_i18n import I18nFormatter, language_code_to_babel, load_translations

from bots.core.messages import Message, translations_config
from webservice.links import http_url

_LINK = re.compile(r"\{(\w+)!h:([^}]*)\}")
_WIKILINK = re.compile(r"\[\[:?(?:[^][|]*\|)?([^][|]*)\]\]")
_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")

Words = Markup | str


class Translations:
    """All messages in all languages, read once from a folder of message files."""

    def __init__(self, directory: Path) -> None:
        self.messages, _documentation = load_translations(translations_config(directory))

    @property
    def languages(self) -> list[str]:
        """The MediaWiki codes of the languages that there are messages in."""
        return sorted(self.messages)

    def negotiate(self, wanted: str | None, accepted: Sequence[str]) -> str:
        """The language that a reader gets: the one asked for, else the first accepted, else en."""
        for code in (wanted or "", *accepted):
            lowered = code.lower().replace("_", "-")
            if not _CODE.fullmatch(lowered):
                continue
            for candidate in (lowered, lowered.partition("-")[0]):
                if candidate in self.messages:
                    return candidate
        return "en"


class Reader:
    """One reader: says things in a language, and in English what has not been translated."""

    def __init__(self, translations: Translations, language: str) -> None:
        self.language = language
        self._messages = translations.messages
        self.locale = _locale(language)

    @property
    def lang(self) -> str:
        """The language's code for HTML (BCP 47)."""
        return language_tag(self.language)

    @property
    def dir(self) -> str:
        """The direction that the language is written in: ltr or rtl."""
        return self.locale.text_direction

    def say(self, key: str, **params: object) -> Markup:
        """A message of the dashboard's own; text parameters are escaped."""
        return self.message(Message(key), params)

    def message(self, message: Message, params: Mapping[str, object] | None = None) -> Markup:
        """Any message, as HTML. One that can't be said is shown as it is: key and parameters."""
        values = message.params if params is None else params
        for code in dict.fromkeys((self.language, self.language.partition("-")[0], "en")):
            template = self._messages.get(code, {}).get(message.key)
            if template is None:
                continue
            try:
                said = _formatted(code, template, values)
            except (KeyError, TypeError, ValueError, AttributeError):
                break
            return said if code == self.language else _marked(said, code)
        raw = "; ".join(f"{name}: {value}" for name, value in values.items())
        return Markup('<span class="raw">{}</span>').format(
            f"{message.key} ({raw})" if raw else message.key
        )

    def plain(self, message: Message | None) -> str | None:
        """Any message as text without markup, for JSON."""
        return None if message is None else self.message(message).striptags()

    def in_words(self, words: Mapping[str, str]) -> Markup:
        """A text that is there in some languages: in the reader's, else in English, else in any."""
        codes = (self.language, self.language.partition("-")[0], "en", *words)
        code = next(code for code in codes if code in words)
        said = escape(words[code])
        return said if code == self.language else _marked(said, code)

    def date(self, moment: datetime) -> str:
        """A day in words, with the year."""
        return format_date(moment, "long", locale=self.locale)

    def number(self, value: int) -> str:
        """A number with the language's separators."""
        return format_decimal(value, locale=self.locale)

    def ago(self, moment: datetime, now: datetime) -> str:
        """A time in words, seen from now: "3 hours ago", "in 5 minutes"."""
        return format_timedelta(moment - now, add_direction=True, locale=self.locale)

    def day(self, moment: datetime) -> str:
        """A day in words, without the year."""
        return format_date(moment, "EEE d MMM", locale=self.locale)

    def duration(self, length: timedelta) -> str:
        """A length of time by its two largest units: "2 min 14 s"."""
        seconds = max(round(length.total_seconds()), 0)
        units: list[tuple[int, str]] = []
        for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
            count, seconds = divmod(seconds, size)
            if count or (unit == "second" and not units):
                units.append((count, unit))
        return " ".join(
            format_unit(count, f"duration-{unit}", "short", locale=self.locale)
            for count, unit in units[:2]
        )


def language_tag(code: str) -> str:
    """A MediaWiki language code as BCP 47."""
    return language_code_to_babel(code).replace("_", "-")


def autonym(code: str) -> str:
    """A language's name in that language."""
    locale = _locale(code)
    return locale.get_display_name(locale) or code


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(language_code_to_babel(code).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _formatted(code: str, template: str, params: Mapping[str, object]) -> Markup:
    """The message with its parameters escaped, and no link but to http and https."""

    def unlink(match: re.Match[str]) -> str:
        return match[0] if http_url(str(params.get(match[1]))) else match[2]

    # Messages for the wikis may hold wikitext: what it marks up is shown, its marks are not.
    bare = _WIKILINK.sub(r"\1", template.replace("'''", "").replace("''", ""))
    formatter = I18nFormatter(
        locale_identifier=language_code_to_babel(code), get_gender=lambda _name: "n"
    )
    ready = {name: _ready(name, value) for name, value in params.items()}
    # toolforge_i18n checks at the start that the files hold no markup that may do harm.
    return Markup(formatter.format(Markup(_LINK.sub(unlink, bare)), **ready))  # noqa: S704


def _ready(name: str, value: object) -> object:
    """A parameter as the formatter takes it: text from outside escaped, in its own direction."""
    if isinstance(value, list):
        return [_ready(name, item) for item in value]
    if isinstance(value, str) and not isinstance(value, Markup) and not name.startswith("url"):
        return isolated(value)
    return value


def _marked(said: Markup, code: str) -> Markup:
    """Words in another language than the page's say so, for screen readers and bidi."""
    return Markup('<span lang="{}" dir="{}">{}</span>').format(
        language_tag(code), _locale(code).text_direction, said
    )


def isolated(text: str) -> Markup:
    """Text from outside whose direction nobody knows, so that it turns nothing around it."""
    return Markup("<bdi>{}</bdi>").format(escape(text))
