"""A record's values in words, in a language: for lists on wikis, for the web, for the command."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from babel.dates import format_date, format_skeleton

from bots.core.register.kinds import FieldConfig, Type, in_words
from bots.core.world import locale_of, name_of

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def plain(
    field: FieldConfig,
    value: str,
    language: str,
    say: Callable[[str], str],
    called: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A value in words, without link and not escaped.

    `say` gives the words of a message's key, `called` what a record is called by its title.
    """
    match field.type:
        case Type.COUNTRY:
            return name_of("territories", value, language)
        case Type.LANGUAGE:
            return name_of("languages", value, language)
        case Type.CHOICE if value in field.choices:
            return in_words(field.choices[value], language)
        case Type.YES_NO:
            return say(f"register-{value}") if value in ("yes", "no") else value
        case Type.DATE:
            return date_in_words(value, language)
        case Type.RECORD:
            return called.get(value) or value.rpartition("/")[2]
        case _:
            return value


def date_in_words(value: str, language: str) -> str:
    """A day or a month as a language writes it; a year, and what is no date, as it stands."""
    found = _DATE.fullmatch(value)
    if not found or not found[2]:
        return value
    try:
        day = date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return value
    locale = locale_of(language)
    if not found[3]:
        return format_skeleton("yMMMM", day, locale=locale)
    return format_date(day, "long", locale=locale)
