"""What people write in a field, as a value of its type: its canonical form, or what is wrong.

A question's words are read so too: `country=Sweden` asks for what `| country = {{flag|SE}}` says.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bots.core.config import RegisterConfig
from bots.core.dates import read_when
from bots.core.licences import Licence, LicenceBook
from bots.core.messages import Param
from bots.core.register.kinds import FieldConfig, KindConfig, Type
from bots.core.said import (
    entity_id,
    holds_address,
    is_address,
    nearest,
    normal,
    shown,
    user_name,
)
from bots.core.wikitext import plain
from bots.core.world import names

LONGEST = 5_000
"""Characters of one field that are read."""

MOST = 200
"""Values of one field that are read."""


@dataclass(frozen=True, kw_only=True)
class World:
    """What words are held against.

    `countries` and `languages`: what people call them → the code. `below`: a kind → what its
    records are below, itself below `top`. `datasets`: the ids that there are.
    """

    licences: LicenceBook
    countries: Mapping[str, str]
    languages: Mapping[str, str]
    top: str = ""
    below: Mapping[str, str] = field(default_factory=dict)
    datasets: Collection[str] = ()

    def folder(self, kind: str) -> str:
        """How the titles of a kind's records begin."""
        return f"{self.top}/{self.below[kind]}/"


@dataclass(frozen=True)
class Fault:
    """Why a word is no value, for who wrote it: `key` is a message's, with `params`."""

    key: str
    params: Mapping[str, Param]


@dataclass(frozen=True)
class Word:
    """One of a field's values as it is written; `line` is counted from the field's own, from 0."""

    text: str
    line: int


def known_world(
    config: RegisterConfig,
    kinds: Mapping[str, KindConfig],
    licences: LicenceBook,
    spoken: Iterable[str],
    datasets: Collection[str] = (),
) -> World:
    """The world as these kinds name it, in the `spoken` languages (MediaWiki's codes)."""
    languages = list(spoken)
    return World(
        licences=licences,
        countries=names("territories", languages),
        languages=names("languages", languages),
        top=config.top,
        below={name: kind.below for name, kind in kinds.items()},
        datasets=datasets,
    )


def canonical(field: FieldConfig, word: str, world: World) -> str | Fault:
    """The canonical form of one value, see `facts.Values`."""
    if len(word) > LONGEST:
        return Fault("register-long", {"value": shown(word), "most": str(LONGEST)})
    if holds_address(html.unescape(word)):
        return Fault("register-address", {})
    found = _READERS[field.type](field, word if field.type is Type.TEXT else plain(word), world)
    if isinstance(found, str) and holds_address(found):
        # Put together from what markup held apart.
        return Fault("register-address", {})
    return found


def reader(world: World) -> Callable[[FieldConfig, str], str | None]:
    """`canonical` for questions: None where a word is no value."""

    def read(field: FieldConfig, word: str) -> str | None:
        found = canonical(field, word, world)
        return None if isinstance(found, Fault) else found

    return read


def words_of(field: FieldConfig, text: str) -> Iterator[Word]:
    """The values that stand in a field, one after the other, empty ones left out; at most `MOST`.

    What is of a title, a record's or a category's, may hold commas: these divide only links.
    """
    if not field.many:
        leading = len(text) - len(text.lstrip())
        if text.strip():
            yield Word(text.strip(), text.count("\n", 0, leading))
        return
    found = 0
    for line, row in enumerate(text.split("\n")):
        for part in _BREAK.split(row):
            words = (
                [_BULLET.sub("", part).strip()] if field.many == "lines" else _divided(field, part)
            )
            for word in words:
                if word and found < MOST:
                    found += 1
                    yield Word(word, line)


def label_of(text: str) -> str:
    """A text without the links, the emphasis and the tags in it."""
    return plain(html.unescape(_bare(text)))


def _divided(field: FieldConfig, text: str) -> Iterator[str]:
    text = _BULLET.sub("", text)
    if field.type is Type.URL:
        yield from (found[0] or found[1].strip(",;") for found in _URLS.findall(text))
        return
    for piece in _apart(text, ";"):
        beside = _LINKS.sub("", piece)
        one = field.type in _TITLES and re.search(r"[^\s,]", beside)
        yield from [piece.strip()] if one else map(str.strip, _apart(piece, ","))


def _apart(text: str, mark: str) -> list[str]:
    """The text divided at a mark, but not within links and templates."""
    ends = [found.start() for found in re.finditer(re.escape(mark), _LINKS.sub(_blank, text))]
    starts = [0, *(end + 1 for end in ends)]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


_BULLET = re.compile(r"^\s*[*#:]+")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINKS = re.compile(r"\[\[[^\[\]\n]*\]\]|\{\{[^{}\n]*\}\}|&#?\w{1,10};")
_URLS = re.compile(r"\[(\S+)(?:\s[^\[\]]*)?\]|(\S+)")
_TITLES = {Type.RECORD, Type.PAGE, Type.CATEGORY}


def _text(field: FieldConfig, word: str, world: World) -> str | Fault:
    """The text without markup, line by line; none where there is some that can't be taken off."""
    lines = [plain(_bare(line).lstrip("*#:;")) for line in _BREAK.sub("\n", word).split("\n")]
    marked = any(re.search(r"\{\{|\{\||\}\}|<[a-zA-Z/!]", line) for line in lines)
    found = "\n".join(plain(html.unescape(line)) for line in lines).strip()
    return Fault("register-markup", {"value": shown(word)}) if marked or not found else found


def _bare(text: str) -> str:
    text = _REFERENCE.sub("", text)
    text = _TAGS.sub("", text)
    text = _WIKI_LINK.sub(lambda found: found["label"] or found["title"].lstrip(":"), text)
    text = _WEB_LINK.sub(lambda found: found["label"] or found["url"], text)
    return re.sub(r"'{2,5}|__[A-Z]+__", "", text)


_REFERENCE = re.compile(r"<ref[^<>]*/>|<ref[^<>]*>[^<>]*</ref\s*>", re.IGNORECASE)
_TAGS = re.compile(
    r"</?(?:abbr|b|bdi|big|cite|em|i|nowiki|p|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_WIKI_LINK = re.compile(r"\[\[(?P<title>[^\[\]|]+)(?:\|(?P<label>[^\[\]]*))?\]\]")
_WEB_LINK = re.compile(r"\[(?P<url>https?://[^\s\[\]]+)(?:\s+(?P<label>[^\[\]]*))?\]")


def _number(field: FieldConfig, word: str, world: World) -> str | Fault:
    """1200, 1,200, 1 200 and 1200.5; 1.200 may be either."""
    text = label_of(word).replace("\u2212", "-")
    text = re.sub(r"(?<=\d)[\s\u00a0\u202f,](?=\d{3}(?!\d))", "", text)
    if not re.fullmatch(r"[+-]?\d{1,15}(?:\.\d{1,6})?", text, re.ASCII) or re.fullmatch(
        r"[+-]?[1-9]\d{0,2}\.\d{3}", text, re.ASCII
    ):
        return Fault("register-number", {"value": shown(word)})
    whole, dot, rest = text.lstrip("+").partition(".")
    rest = rest.rstrip("0")
    return str(int(whole)) + (dot + rest if rest else "")


def _date(field: FieldConfig, word: str, world: World) -> str | Fault:
    return read_when(label_of(word)) or Fault("register-date", {"value": shown(word)})


def _yes_no(field: FieldConfig, word: str, world: World) -> str | Fault:
    said = normal(word)
    if said in ("yes", "y", "ja", "true", "1"):
        return "yes"
    if said in ("no", "n", "nej", "false", "0"):
        return "no"
    return Fault("register-yes-no", {"value": shown(word)})


def _choice(field: FieldConfig, word: str, world: World) -> str | Fault:
    known = {
        normal(said): key for key, words in field.choices.items() for said in (*words.values(), key)
    }
    params: dict[str, Param] = {"value": shown(word), "list_values": list(field.choices)}
    return _known(label_of(word), known, "register-choice", params)


def _country(field: FieldConfig, word: str, world: World) -> str | Fault:
    params: dict[str, Param] = {"value": shown(word)}
    return _known(_flagged(word), world.countries, "register-country", params)


def _language(field: FieldConfig, word: str, world: World) -> str | Fault:
    params: dict[str, Param] = {"value": shown(word)}
    found = _known(_flagged(word), world.languages, "register-language", params)
    return found if isinstance(found, Fault) else found.lower()


def _flagged(word: str) -> str:
    """A name without a link, or the template that shows it with its flag."""
    found = _SHOWING.fullmatch(word)
    return label_of(found[1] if found else word)


_SHOWING = re.compile(r"\{\{[^{}|]*\|([^{}|=]*)(?:\|[^{}]*)?\}\}")


def _known(
    word: str, known: Mapping[str, str], key: str, params: Mapping[str, Param]
) -> str | Fault:
    said = normal(word)
    found = known.get(said) or known.get(said.removeprefix("the "))
    if found:
        return found
    near = nearest(said, known)
    # Two letters are near to many others.
    if near is None or len(said) < 4:
        return Fault(key, params)
    return Fault(f"{key}-near", {**params, "near": near, "code": known[near]})


def _url(field: FieldConfig, word: str, world: World) -> str | Fault:
    found = _URLS.fullmatch(word)
    url = plain(html.unescape(found[1] or found[2])) if found else ""
    if is_address(url):
        return url
    params: dict[str, Param] = {"value": shown(word)}
    if is_address(f"https://{url}"):
        return Fault("register-url-near", {**params, "near": shown(f"https://{url}")})
    return Fault("register-url", params)


def _item(field: FieldConfig, word: str, world: World) -> str | Fault:
    return entity_id("Q", word) or Fault("register-item", {"value": shown(word)})


def _property(field: FieldConfig, word: str, world: World) -> str | Fault:
    return entity_id("P", word) or Fault("register-property", {"value": shown(word)})


def _user(field: FieldConfig, word: str, world: World) -> str | Fault:
    found = _SHOWING.fullmatch(word)
    name = plain(html.unescape(found[1] if found else word))
    return user_name(name) or Fault("register-user", {"value": shown(word)})


def _licence(field: FieldConfig, word: str, world: World) -> str | Fault:
    found = world.licences.read(_flagged(word))
    if isinstance(found, Licence):
        return str(found)
    return Fault("register-licence", {"value": shown(word)})


def _page(field: FieldConfig, word: str, world: World) -> str | Fault:
    return _title(word) or Fault("register-title", {"value": shown(word)})


def _category(field: FieldConfig, word: str, world: World) -> str | Fault:
    name = re.sub(_CATEGORY, "", _title(word))
    return _title(name) or Fault("register-title", {"value": shown(word)})


def _record(field: FieldConfig, word: str, world: World) -> str | Fault:
    """The title of a record's page: as a whole, without the top, or its own name alone.

    A name alone is taken for one of the first kind that the field may name.
    """
    title = _title(word)
    if not title:
        return Fault("register-title", {"value": shown(word)})
    for kind in field.of:
        if title.startswith(world.folder(kind)):
            return title
        if title.startswith(f"{world.below[kind]}/"):
            return f"{world.top}/{title}"
    return world.folder(field.of[0]) + title


def _dataset(field: FieldConfig, word: str, world: World) -> str | Fault:
    name = label_of(word).rpartition(":")[2].rpartition("/")[2].strip()
    params: dict[str, Param] = {"value": shown(word)}
    return _known(name, {normal(each): each for each in world.datasets}, "register-dataset", params)


def _title(word: str) -> str:
    """A title, alone or as a link; "" where it can't be one."""
    linked = _WIKI_LINK.fullmatch(word)
    name = html.unescape(linked["title"] if linked else word).replace("_", " ")
    name = plain(name.partition("#")[0]).lstrip(": ").strip()
    if not name or len(name.encode()) > 255 or re.search(r"[<>\[\]{}|]|~~~", name):
        return ""
    return name[0].upper() + name[1:]


_CATEGORY = re.compile(
    r"(?:(?:c|commons|w|wikipedia|[a-z]{2,3})\s*:\s*)*(?:category|kategori)\s*:\s*", re.IGNORECASE
)

_READERS: Mapping[Type, Callable[[FieldConfig, str, World], str | Fault]] = {
    Type.TEXT: _text,
    Type.NUMBER: _number,
    Type.DATE: _date,
    Type.YES_NO: _yes_no,
    Type.CHOICE: _choice,
    Type.URL: _url,
    Type.COUNTRY: _country,
    Type.LANGUAGE: _language,
    Type.ITEM: _item,
    Type.PROPERTY: _property,
    Type.USER: _user,
    Type.LICENCE: _licence,
    Type.PAGE: _page,
    Type.CATEGORY: _category,
    Type.DATASET: _dataset,
    Type.RECORD: _record,
}
