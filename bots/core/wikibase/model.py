"""What an entity is made of: terms, statements, snaks and values, as facts that do not change.

Fields that a future Wikibase adds are kept in `extra` and written back; a value whose type is not
known, or that is not what its type says, is kept whole as `Other`.

Two things are equal here when every field is; whether they *say* the same is in `equality`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

from bots.core.merge.facts import Rank
from bots.core.wikibase.exact import Extra

GREGORIAN = "http://www.wikidata.org/entity/Q1985727"
JULIAN = "http://www.wikidata.org/entity/Q1985786"
EARTH = "http://www.wikidata.org/entity/Q2"

_ENTITY_TYPES = (
    (re.compile(r"Q[1-9]\d*", re.ASCII), "item"),
    (re.compile(r"P[1-9]\d*", re.ASCII), "property"),
    (re.compile(r"L[1-9]\d*", re.ASCII), "lexeme"),
    (re.compile(r"L[1-9]\d*-F[1-9]\d*", re.ASCII), "form"),
    (re.compile(r"L[1-9]\d*-S[1-9]\d*", re.ASCII), "sense"),
    (re.compile(r"M[1-9]\d*", re.ASCII), "mediainfo"),
    (re.compile(r"E[1-9]\d*", re.ASCII), "entity-schema"),
)


@lru_cache(maxsize=4096)  # the same few hundred stand in every item
def entity_type(entity_id: str) -> str:
    """The `entity-type` that an id's form tells, such as "item" for Q5; "" for no known form."""
    return next((name for form, name in _ENTITY_TYPES if form.fullmatch(entity_id)), "")


class EntityJSONError(ValueError):
    """It is no entity, or not all of one; the text says where."""


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Tell whatever is missing or wrong in `what`, while it is read, as an `EntityJSONError`."""
    try:
        yield
    except KeyError as error:
        raise EntityJSONError(f"{what}: {error} is missing") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise EntityJSONError(f"{what}: {error}") from error


@dataclass(frozen=True, slots=True)
class EntityId:
    """An item, property, lexeme, form, sense, mediainfo or entity schema, by its id."""

    id: str
    extra: Extra = ()
    kind: Literal["wikibase-entityid"] = "wikibase-entityid"


@dataclass(frozen=True, slots=True)
class Text:
    """A string, and all that Wikibase keeps as one: external-id, url, commonsMedia, math …"""

    text: str
    kind: Literal["string"] = "string"


@dataclass(frozen=True, slots=True)
class Monolingual:
    text: str
    language: str
    extra: Extra = ()
    kind: Literal["monolingualtext"] = "monolingualtext"


@dataclass(frozen=True, slots=True)
class Time:
    """A point in time: `time` as Wikibase writes it (+1850-02-01T00:00:00Z), `calendar` a URI.

    `precision`: 0 (a billion years) … 9 year, 10 month, 11 day … 14 second. The REST API does not
    tell `timezone`, `before` and `after`: None there.
    """

    time: str
    precision: int
    calendar: str = GREGORIAN
    timezone: int | None = None
    before: int | None = None
    after: int | None = None
    extra: Extra = ()
    kind: Literal["time"] = "time"


@dataclass(frozen=True, slots=True)
class Quantity:
    """`amount`, `lower` and `upper` as Wikibase writes them (+1.50); `unit` "1" or a URI."""

    amount: str
    unit: str = "1"
    lower: str | None = None
    upper: str | None = None
    extra: Extra = ()
    kind: Literal["quantity"] = "quantity"


@dataclass(frozen=True, slots=True)
class Coordinate:
    """A place on a globe, in degrees; `precision` in degrees too, 0 and None when not known."""

    latitude: Decimal
    longitude: Decimal
    precision: Decimal | None = None
    globe: str = EARTH
    altitude: Decimal | None = None
    extra: Extra = ()
    kind: Literal["globecoordinate"] = "globecoordinate"


@dataclass(frozen=True, slots=True)
class Other:
    """A value of a type not known here, kept as JSON text; `type` is "" where the API hides it."""

    type: str
    json: str
    extra: Extra = ()
    kind: Literal["other"] = "other"


Value: TypeAlias = EntityId | Text | Monolingual | Time | Quantity | Coordinate | Other


@dataclass(frozen=True, slots=True)
class Snak:
    """What a property says: a value, or that there is some (somevalue) or none (novalue).

    `datatype` is the property's, None where it was not told (MediaInfo, stored revisions, and
    what we write). `hash` is the Action API's; the REST API has none.
    """

    property: str
    value: Value | None = None
    snaktype: str = "value"
    datatype: str | None = None
    hash: str = ""
    extra: Extra = ()

    @classmethod
    def somevalue(cls, property_id: str) -> Snak:
        return cls(property_id, snaktype="somevalue")

    @classmethod
    def novalue(cls, property_id: str) -> Snak:
        return cls(property_id, snaktype="novalue")


@dataclass(frozen=True, slots=True)
class Reference:
    """Snaks in the order in which they are shown; `hash` "" where the wiki has not given one."""

    snaks: tuple[Snak, ...]
    hash: str = ""
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A main snak and what is said about it; `id` is "" until the wiki gives one."""

    mainsnak: Snak
    qualifiers: tuple[Snak, ...] = ()
    references: tuple[Reference, ...] = ()
    rank: Rank = Rank.NORMAL
    id: str = ""
    extra: Extra = ()

    @property
    def property(self) -> str:
        return self.mainsnak.property


Statements: TypeAlias = Mapping[str, tuple[Statement, ...]]
"""Property id → its statements, in the entity's order."""


@dataclass(frozen=True, slots=True)
class Sitelink:
    """A page of the wiki `site` (such as nlwiki); `badges` are item ids."""

    site: str
    title: str
    badges: tuple[str, ...] = ()
    extra: Extra = ()


@dataclass(frozen=True, kw_only=True)
class Entity:
    """What items, properties and MediaInfo have in common; terms by language, `mul` included.

    `id` is "" before the entity is made. `revision` is None where the answer did not tell it.
    Unknown fields of a term are in `extra` under its place, such as `labels/en`.
    """

    id: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statements: Statements = field(default_factory=dict)
    revision: int | None = None
    extra: Extra = ()

    def all_statements(self) -> Iterator[Statement]:
        for group in self.statements.values():
            yield from group

    def statement(self, statement_id: str) -> Statement | None:
        """The statement with this id."""
        return next((each for each in self.all_statements() if each.id == statement_id), None)


@dataclass(frozen=True, kw_only=True)
class Item(Entity):
    sitelinks: Mapping[str, Sitelink] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Property(Entity):
    datatype: str


@dataclass(frozen=True, kw_only=True)
class MediaInfo(Entity):
    """A file's entity, `M` and its page id; its labels are shown as captions."""


def entity_kind(entity: Entity) -> str:
    """The entity's `type` in JSON."""
    match entity:
        case Property():
            return "property"
        case MediaInfo():
            return "mediainfo"
    return "item"


@dataclass(frozen=True)
class Redirect:
    """`id` was merged into `target`."""

    id: str
    target: str


@dataclass(frozen=True)
class Missing:
    """There is no entity with this id: never made, or deleted."""

    id: str
