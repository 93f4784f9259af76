"""Transforms of texts and of lists of values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, ClassVar
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field, model_validator

from bots.datasets.transforms.base import Arguments, Step, TransformError, shown, text_of, transform
from bots.datasets.transforms.patterns import Pattern, compiled

NonEmpty = Annotated[str, Field(min_length=1)]
_SPACES = re.compile(r"\s+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_GROUP = re.compile(r"\\([0-9]+)")


class Nothing(Arguments):
    """No arguments."""


class Characters(Arguments):
    main: ClassVar[str] = "characters"
    characters: str = ""
    """Characters that are taken from both ends, besides spaces."""


class Separator(Arguments):
    main: ClassVar[str] = "by"
    by: NonEmpty = ";"
    """What stands between two values."""


class Texts(Arguments):
    main: ClassVar[str] = "texts"
    texts: Annotated[list[str], Field(min_length=1)]
    """The texts, in any case, that stand for no value."""


class Replace(Arguments):
    pattern: Pattern
    """An RE2 pattern, looked for everywhere in the text."""
    by: Annotated[str, Field(alias="with")] = ""
    """What stands there instead; \\1 is what the first bracket found."""

    @model_validator(mode="after")
    def _brackets_are_there(self) -> Replace:
        groups = compiled(self.pattern).groups
        asked = [int(number) for number in _GROUP.findall(self.by)]
        if any(number > groups for number in asked):
            raise ValueError(f"with: the pattern has {groups} brackets, not {max(asked)}")
        return self


class Added(Arguments):
    main: ClassVar[str] = "text"
    text: NonEmpty
    """What is put there."""


def _is_scheme(text: str) -> str:
    if text not in ("http", "https"):
        raise ValueError("the scheme is http or https")
    return text


class Web(Arguments):
    main: ClassVar[str] = "scheme"
    scheme: Annotated[str, AfterValidator(_is_scheme)] | None = None
    """Put before an address that has none (www.museum.example)."""


def _per_text(change: Callable[[str], Any]) -> Step:
    return lambda value: change(text_of(value))


@transform(
    "strip",
    Characters,
    does="Takes characters from both ends. Spaces go from every text without this.",
    takes="text",
    gives="text, or nothing",
    odd="A text of such characters alone is no value.",
)
def _strip(given: Characters) -> Step:
    characters = f"{given.characters} \t\n\r\u00a0"
    return _per_text(lambda text: text.strip(characters))


@transform(
    "one-space",
    Nothing,
    does="Makes every run of white space, line breaks too, one space.",
    takes="text",
    gives="text",
    odd="–",
)
def _one_space(_given: Nothing) -> Step:
    return _per_text(lambda text: _SPACES.sub(" ", text).strip())


@transform(
    "upper", Nothing, does="Makes capitals of all letters.", takes="text", gives="text", odd="–"
)
def _upper(_given: Nothing) -> Step:
    return _per_text(str.upper)


@transform(
    "lower", Nothing, does="Makes small letters of all.", takes="text", gives="text", odd="–"
)
def _lower(_given: Nothing) -> Step:
    return _per_text(str.lower)


@transform(
    "digits",
    Nothing,
    does="Keeps the digits 0–9 alone.",
    takes="text or number",
    gives="text",
    odd="A text without a digit is unknown.",
)
def _digits(_given: Nothing) -> Step:
    def step(value: Any) -> str:
        text = _NOT_DIGITS.sub("", text_of(value))
        if not text:
            raise TransformError("mapping-no-digits", value=shown(value))
        return text

    return step


@transform(
    "split",
    Separator,
    does="Makes several values of one.",
    takes="text",
    gives="texts",
    odd="What is empty between two separators is no value.",
)
def _split(given: Separator) -> Step:
    return _per_text(lambda text: text.split(given.by))


@transform(
    "first",
    Nothing,
    does="Keeps the first value of several.",
    takes="values",
    gives="one value, or nothing",
    odd="–",
    whole=True,
)
def _first(_given: Nothing) -> Step:
    return lambda values: values[:1]


@transform(
    "only",
    Nothing,
    does="Keeps a value only if it is the only one (a gene's position).",
    takes="values",
    gives="one value, or nothing",
    odd="Several that differ are no value; the same one several times is one.",
    whole=True,
)
def _only(_given: Nothing) -> Step:
    return lambda values: values[:1] if all(each == values[0] for each in values) else []


@transform(
    "nothing",
    Texts,
    does="Takes texts such as `n/a` for no value.",
    takes="text",
    gives="text, or nothing",
    odd="What is no text goes through.",
)
def _nothing(given: Texts) -> Step:
    known = {text.strip().casefold() for text in given.texts}

    def step(value: Any) -> Any:
        return None if isinstance(value, str) and value.casefold() in known else value

    return step


@transform(
    "regex-replace",
    Replace,
    does="Puts a text wherever a pattern is found (`{pattern: '\\.\\d+$', with: ''}`).",
    takes="text",
    gives="text, or nothing",
    odd="Where the pattern isn't found the text stays as it is.",
)
def _regex_replace(given: Replace) -> Step:
    pattern = compiled(given.pattern)
    # Not as RE2's own templates, which take "ä" for the bytes that it is made of.
    pieces = [
        int(each) if number % 2 else each for number, each in enumerate(_GROUP.split(given.by))
    ]

    def put(found: Any) -> str:
        texts = (each if isinstance(each, str) else found[each] or "" for each in pieces)
        return "".join(texts)

    return _per_text(lambda text: pattern.sub(put, text))


@transform("prefix", Added, does="Puts a text before.", takes="text", gives="text", odd="–")
def _prefix(given: Added) -> Step:
    return _per_text(lambda text: f"{given.text}{text}")


@transform("suffix", Added, does="Puts a text behind.", takes="text", gives="text", odd="–")
def _suffix(given: Added) -> Step:
    return _per_text(lambda text: f"{text}{given.text}")


@transform(
    "url",
    Web,
    does="Checks that it is a web address: http or https, a host, no name or password in it.",
    takes="text",
    gives="text",
    odd="`javascript:`, a path alone, a host without a dot and spaces within are unknown.",
)
def _url(given: Web) -> Step:
    def step(value: Any) -> str:
        text = text_of(value)
        if given.scheme and "://" not in text:
            text = f"{given.scheme}://{text}"
        try:
            parts = urlsplit(text)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            host = ""
        sound = text.isprintable() and " " not in text and "\\" not in text
        if not (sound and "." in host.strip(".") and parts.username is None):
            raise TransformError("mapping-no-url", value=shown(value))
        if parts.scheme.lower() not in ("http", "https"):
            raise TransformError("mapping-no-url", value=shown(value))
        return text

    return step


_FILE = re.compile(
    r"https?://(?:commons\.wikimedia\.org/wiki/(?:Special:FilePath/|File:)"
    r"|upload\.wikimedia\.org/wikipedia/commons/(?:thumb/)?[0-9a-f]/[0-9a-f]{2}/)([^/?#]+).*",
    re.I | re.S,
)


@transform(
    "commons-file",
    Nothing,
    does="A file's name at Wikimedia Commons, out of its address or with `File:` before it.",
    takes="text",
    gives="text",
    odd="Another site's address is unknown; whether the name can be one is checked later.",
)
def _commons_file(_given: Nothing) -> Step:
    def step(value: Any) -> str:
        text = text_of(value)
        found = _FILE.fullmatch(text)
        if found:
            text = unquote(found[1])
        elif "://" in text:
            raise TransformError("mapping-no-file-name", value=shown(value))
        text = re.sub(r"^\s*file\s*:", "", text, flags=re.I).replace("_", " ").strip()
        return text[:1].upper() + text[1:]

    return step
