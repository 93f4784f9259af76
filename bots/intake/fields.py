"""What a partnership request holds: each field once, for the checks, the form and its help."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from bots.core.licences import KINDS
from bots.core.said import normal


class Need(StrEnum):
    """How much a field is wanted: without a `REQUIRED` one nobody can start."""

    REQUIRED = "required"
    SUGGESTED = "suggested"
    OPTIONAL = "optional"


class Check(StrEnum):
    """How a field's value is looked at."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    URL = "url"
    EVIDENCE = "evidence"
    ITEM = "item"
    PROPERTY = "property"
    DATE = "date"
    AMOUNT = "amount"
    USER = "user"
    COUNTRIES = "countries"
    LANGUAGES = "languages"
    LICENCE = "licence"
    YES_NO = "yes-no"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One parameter of the template.

    `choices`: value → the other ways people write it, where the values are known beforehand.
    `kind`: what TemplateData calls its type. `about` is the message that describes it, if not
    `intake-field-NAME`.
    """

    name: str
    need: Need = Need.OPTIONAL
    check: Check = Check.TEXT
    aliases: Sequence[str] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    kind: str = "line"
    example: str = ""
    default: str = ""

    @property
    def slug(self) -> str:
        """The name as part of a message's key."""
        return self.name.replace(" ", "-")


KIND_WORDS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "data": (
            "dataset", "datasets", "data set", "data sets", "database", "databases", "registry",
            "register", "registers", "records", "identifiers", "statistics", "structured data",
            "open data", "linked data", "spreadsheet", "csv", "databas", "databaser", "registret",
            "poster", "statistik", "identifierare",
        ),
        "media": (
            "image", "images", "picture", "pictures", "photo", "photos", "photograph",
            "photographs", "photography", "scan", "scans", "file", "files", "media files",
            "video", "videos", "audio", "sound", "sounds", "recordings", "maps", "paintings",
            "drawings", "artworks", "3d models", "bild", "bilder", "foto", "foton", "fotografier",
            "medier", "mediefiler", "filer", "skanningar", "ljud", "film", "filmer", "kartor",
            "målningar",
        ),
        "text": (
            "texts", "article", "articles", "publication", "publications", "report", "reports",
            "book", "books", "encyclopedia", "encyclopaedia", "documents", "biographies", "texter",
            "artiklar", "publikationer", "rapporter", "böcker", "uppslagsverk", "biografier",
        ),
        "metadata": (
            "meta data", "catalogue records", "catalog records", "catalogue data", "descriptions",
            "captions", "finding aids", "metadatan", "katalogposter", "beskrivningar", "bildtexter",
        ),
    }
)  # fmt: skip
"""Kinds of content, and the words that people have for them."""

TARGET_WORDS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "wikidata": ("wikidata.org", "www.wikidata.org", "wiki data", "wikidatawiki", "wd"),
        "commons": ("wikimedia commons", "commons.wikimedia.org", "commonswiki", "wikicommons",
                    "wiki commons"),
        "wikipedia": ("wikipedias", "wikipedia.org", "enwiki", "svwiki", "wp"),
        "wikisource": ("wikisources", "wikisource.org", "wikikällan", "wikikälla"),
    }
)  # fmt: skip

STATES: Sequence[str] = (
    "draft", "submitted", "needs-info", "triaged", "under-review", "accepted", "declined",
    "duplicate", "in-progress", "blocked", "delivered", "verified", "archived", "withdrawn",
)  # fmt: skip

YES_NO: Mapping[str, Sequence[str]] = MappingProxyType(
    {"yes": ("y", "ja", "paid", "employed", "employee"), "no": ("n", "nej", "none", "inte")}
)

FIELDS: Sequence[Field] = (
    Field(
        name="title",
        need=Need.SUGGESTED,
        aliases=("request", "subject", "heading", "topic"),
        example="Portraits of the city museum",
    ),
    Field(
        name="partner",
        need=Need.REQUIRED,
        aliases=("partner name", "name", "organisation", "organization", "institution", "org",
                 "museum", "archive", "library", "who"),
        example="National Library",
    ),
    Field(
        name="partner item",
        need=Need.SUGGESTED,
        check=Check.ITEM,
        aliases=("wikidata item", "item", "qid", "partner qid", "partner wikidata", "wikidata"),
        example="Q42",
    ),
    Field(
        name="country",
        need=Need.SUGGESTED,
        check=Check.COUNTRIES,
        aliases=("countries", "land"),
        example="Sweden",
    ),
    Field(
        name="contact",
        need=Need.REQUIRED,
        check=Check.USER,
        aliases=("requester", "user", "username", "user name", "wiki user", "submitted by",
                 "contact person", "applicant"),
        kind="wiki-user-name",
        example="ExampleUser",
        default="{{subst:REVISIONUSER}}",
    ),
    Field(
        name="conflict of interest",
        need=Need.SUGGESTED,
        check=Check.YES_NO,
        aliases=("coi", "paid", "affiliation", "employed", "relation to partner"),
        choices=YES_NO,
        kind="string",
        example="yes, I work at the library",
    ),
    Field(
        name="description",
        need=Need.SUGGESTED,
        aliases=("notes", "note", "comment", "comments", "details", "goal", "background", "about",
                 "info", "more"),
        kind="content",
        example="We want every portrait to be found from the article about its painter.",
    ),
    Field(
        name="kind",
        need=Need.REQUIRED,
        check=Check.CHOICES,
        aliases=("kind of content", "type", "content", "content type", "type of content", "kinds",
                 "material"),
        choices=KIND_WORDS,
        example="media, metadata",
    ),
    Field(
        name="volume",
        need=Need.SUGGESTED,
        check=Check.AMOUNT,
        aliases=("amount", "size", "how many", "how much", "number", "quantity", "items"),
        example="about 1,200 photographs",
    ),
    Field(
        name="source",
        need=Need.REQUIRED,
        check=Check.URL,
        aliases=("url", "link", "source url", "website", "web site", "homepage", "web", "links"),
        kind="url",
        example="https://library.example/portraits",
    ),
    Field(
        name="licence",
        need=Need.REQUIRED,
        check=Check.LICENCE,
        aliases=("license", "licences", "licenses", "copyright", "rights", "terms", "licens"),
        example="CC BY 4.0",
    ),
    *(
        Field(
            name=f"licence {kind}",
            check=Check.LICENCE,
            aliases=(f"license {kind}", f"{kind} licence", f"{kind} license",
                     f"licence for {kind}", f"license for {kind}"),
            example="CC0",
        )
        for kind in KINDS
    ),
    Field(
        name="evidence",
        need=Need.SUGGESTED,
        check=Check.EVIDENCE,
        aliases=("rights evidence", "permission", "ticket", "vrt", "vrt ticket", "otrs", "proof",
                 "consent", "licence evidence", "license evidence"),
        example="https://library.example/terms",
    ),
    Field(
        name="targets",
        need=Need.REQUIRED,
        check=Check.CHOICES,
        aliases=("target", "target projects", "target project", "project", "projects", "wiki",
                 "wikis", "where", "destination"),
        choices=TARGET_WORDS,
        example="commons, wikidata",
    ),
    Field(
        name="identifier property",
        check=Check.PROPERTY,
        aliases=("property", "wikidata property", "identifier"),
        example="P42",
    ),
    Field(
        name="languages",
        check=Check.LANGUAGES,
        aliases=("language", "lang", "språk"),
        example="sv, en",
    ),
    Field(
        name="deadline",
        check=Check.DATE,
        aliases=("due", "due date", "date", "when", "until"),
        kind="date",
        example="2027-03-31",
    ),
    Field(
        name="sensitivity",
        aliases=("sensitive", "privacy", "ethics"),
        kind="content",
        example="no names of living people",
    ),
    Field(
        name="mediator",
        check=Check.USER,
        aliases=("helper", "volunteer", "affiliate", "coordinator"),
        kind="wiki-user-name",
        example="ExampleHelper",
    ),
    Field(
        name="state",
        check=Check.CHOICE,
        aliases=("status",),
        choices=MappingProxyType(
            {state: (state.replace("-", " "), state.replace("-", "")) for state in STATES}
        ),
        example="draft",
    ),
    Field(
        name="record",
        aliases=("partner record", "record page"),
        kind="wiki-page-name",
        example="[[Partnerships/Partners/National Library]]",
    ),
)  # fmt: skip
"""All fields, in the order of the form."""

BY_NAME: Mapping[str, Field] = MappingProxyType({each.name: each for each in FIELDS})


def field_called(name: str) -> Field | None:
    """The field that a parameter's name means: its own or an alias, case and `_` don't count."""
    return _BY_ANY_NAME.get(normal(name))


def names_of_fields() -> Sequence[str]:
    """Every name that `field_called` knows, for guessing what somebody meant."""
    return tuple(_BY_ANY_NAME)


def find_words(text: str, choices: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], str]:
    """The values that a text names, in the order of `choices`, and the words that are left over.

    Exact words go first and are taken out, so that "metadata" isn't also "data" and
    "structured data" is one thing.
    """
    rest, found = f" {normal(text)} ", set()
    words = [(_plain(word), value) for value, many in choices.items() for word in (value, *many)]
    for word, value in sorted(words, key=lambda pair: (-len(pair[0]), pair)):
        if word in rest:
            rest, times = re.subn(rf"(?<!\w){re.escape(word)}(?!\w)", " ", rest)
            found |= {value} if times else set()
    return tuple(value for value in choices if value in found), " ".join(rest.split())


_plain = lru_cache(maxsize=1024)(normal)

_BY_ANY_NAME: Mapping[str, Field] = MappingProxyType(
    {normal(name): each for each in FIELDS for name in (*each.aliases, each.name)}
)
