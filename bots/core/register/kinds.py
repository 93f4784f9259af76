"""config/records/KIND.yaml: a kind of record, its fields, and the pages that are made of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from bots.core.config import ConfigError, ConfigFault, Strict, load_yaml
from bots.core.register.facts import Values
from bots.core.said import normal

Words = Annotated[Mapping[str, str], Field(min_length=1)]
"""A text in languages, by MediaWiki's codes; English is what all others fall back on."""


def _a_title(text: str) -> str:
    good = text.strip(" _/") == text and not _NO_TITLE.search(text)
    if not good or not {".", ".."}.isdisjoint(text.split("/")) or len(text.encode()) > 200:
        raise ValueError(f"'{text}' can't be what a page is called")
    return text


_NO_TITLE = re.compile(r"^$|//|[#<>\[\]{}|\x00-\x1f\x7f]")

Title = Annotated[str, AfterValidator(_a_title)]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9 ]*$")]
PageName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]


class Type(StrEnum):
    """What stands in a field; how it is checked and what its canonical form is."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes-no"
    CHOICE = "choice"
    URL = "url"
    COUNTRY = "country"
    LANGUAGE = "language"
    ITEM = "item"
    PROPERTY = "property"
    USER = "user"
    LICENCE = "licence"
    PAGE = "page"
    CATEGORY = "category"
    DATASET = "dataset"
    RECORD = "record"


class FieldConfig(Strict):
    """A parameter of the kind's template.

    `many`: several values, divided by commas, semicolons or as a list; `lines`: one a line, which
    may hold commas and semicolons. `choices`: key → what it is
    called. `of`: the kinds that a reference may name. `aliases`: other names of the parameter.
    `property`: schema.org's, for JSON-LD. `compare`: Wikidata's property that says the same.
    """

    type: Type = Type.TEXT
    label: Words
    about: Words
    needed: bool = False
    many: bool | Literal["lines"] = False
    choices: Mapping[str, Words] = Field(default_factory=dict)
    of: Sequence[str] = ()
    aliases: Sequence[str] = ()
    example: str = ""
    property: str = ""
    compare: str = ""

    @model_validator(mode="after")
    def _fits_its_type(self) -> FieldConfig:
        if (self.type is Type.CHOICE) != bool(self.choices):
            raise ValueError("'choices' go with 'type: choice', and it needs them")
        if (self.type is Type.RECORD) != bool(self.of):
            raise ValueError("'of' goes with 'type: record', and it needs it")
        return self


class PageConfig(Strict):
    """A page that the bot begins and keeps: a list as `{{Partner list}}` would ask for it.

    `title` stands below the register's top page, in the language of the wiki it is on. The rest
    are the list's own parameters; see `bots.core.register.query`. People may change them on the
    page: from then on the page's own count.
    """

    title: Annotated[Mapping[str, Title], Field(min_length=1)]
    about: Words
    columns: Sequence[str]
    of: str = ""
    """What the list is of; without it, this kind."""
    where: str = ""
    sort: str = "name"
    group: str = ""


class KindConfig(Strict):
    """The whole of a KIND.yaml. `name` is the file's.

    `below`: records are pages below `TOP/BELOW/`. `called`: the field that names a record.
    `schema_type`: schema.org's type; `schema_types`: another one by the value of a field,
    {field: {value: type}}. `requests`: a field here → the request's field that fills it, when an
    accepted partnership request makes a record. `listed_by`: a yes-no field without whose "yes" a
    record is shown nowhere but on its own page. `said_by`: a field with a user, who alone can say
    that "yes", by an edit of their own.
    """

    name: str = ""
    template: Title
    template_aliases: Sequence[Title] = ()
    below: Title
    called: str = "name"
    label: Words
    plural: Words
    about: Words
    schema_type: str = "Thing"
    schema_types: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    fields: Annotated[Mapping[FieldName, FieldConfig], Field(min_length=1)]
    pages: Mapping[PageName, PageConfig] = Field(default_factory=dict)
    requests: Mapping[str, str] = Field(default_factory=dict)
    listed_by: str = ""
    said_by: str = ""

    @model_validator(mode="after")
    def _names_its_own_fields(self) -> KindConfig:
        named = {"called": [self.called], "requests": self.requests, "types": self.schema_types}
        for what, names in named.items():
            if unknown := [name for name in names if name not in self.fields]:
                raise ValueError(f"{what}: '{unknown[0]}' is none of the fields")
        called = Counter(
            normal(each) for name, field in self.fields.items() for each in (name, *field.aliases)
        )
        if twice := [name for name, number in called.items() if number > 1]:
            raise ValueError(f"fields: more than one is called '{twice[0]}'")
        if self.listed_by:
            field = self.fields.get(self.listed_by)
            if field is None or field.type is not Type.YES_NO:
                raise ValueError(f"listed_by: '{self.listed_by}' is none of the yes-no fields")
        if self.said_by:
            field = self.fields.get(self.said_by)
            if field is None or field.type is not Type.USER or field.many or not self.listed_by:
                raise ValueError(f"said_by: '{self.said_by}' is no field with one user")
        return self

    def may_show(self, values: Values) -> bool:
        """Whether a record that says this may be shown elsewhere than on its own page."""
        return not self.listed_by or "yes" in values.get(self.listed_by, ())


def in_words(words: Words, language: str, fallbacks: Sequence[str] = ()) -> str:
    """The text in a language, or in the first of `fallbacks`, English, any that there is."""
    for code in (language, *fallbacks, "en"):
        if code in words:
            return words[code]
    return next(iter(words.values()))


def load_kinds(folder: Path) -> dict[str, KindConfig]:
    """All kinds, by name: `folder/KIND.yaml`, checked one by one and against one another.

    Raises `ConfigError` with every fault there is.
    """
    kinds: dict[str, KindConfig] = {}
    faults: list[ConfigFault] = []
    paths = sorted(folder.glob("*.yaml"))
    for path in paths:
        try:
            kind = load_yaml(path, KindConfig)
        except ConfigError as error:
            faults += error.faults
        else:
            kinds[path.stem] = kind.model_copy(update={"name": path.stem})
    if not faults:
        faults = [fault for path in paths for fault in _amiss(path, kinds)]
    if faults:
        raise ConfigError(faults)
    return kinds


def _amiss(path: Path, kinds: Mapping[str, KindConfig]) -> Iterator[ConfigFault]:
    kind = kinds[path.stem]
    for name, field in kind.fields.items():
        if unknown := [each for each in field.of if each not in kinds]:
            said = f"fields.{name}.of: there is no kind '{unknown[0]}' ({', '.join(kinds)})"
            yield ConfigFault(path, 1, said)
    for other in kinds.values():
        if other.name < kind.name and other.template == kind.template:
            said = f"template: '{kind.template}' is that of '{other.name}'"
            yield ConfigFault(path, 1, said)
        if other.name < kind.name and other.below == kind.below:
            yield ConfigFault(path, 1, f"below: '{kind.below}' is that of '{other.name}'")
