"""A change of one entity as a plan holds it: the patch, and what was read of what it touches."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import PlainSerializer, PlainValidator

from bots.core.wikibase import action_json
from bots.core.wikibase.change import EntityPatch, MovedError, applied
from bots.core.wikibase.checks import Fault, check
from bots.core.wikibase.exact import Written, dumps, loads
from bots.core.wikibase.model import (
    EARTH,
    GREGORIAN,
    JULIAN,
    Coordinate,
    Entity,
    EntityId,
    Item,
    Monolingual,
    Other,
    Quantity,
    Snak,
    Statement,
    Text,
    Time,
)
from bots.core.wikibase.patch import to_json_patch, to_new_item


def _written(entity: Entity) -> str:
    return dumps(action_json.entity_to_json(entity))


def _read(held: Any) -> Entity:
    found = action_json.parse_entity(loads(held)) if isinstance(held, str) else held
    if not isinstance(found, Entity):
        raise ValueError("no entity")
    return found


_Read = Annotated[Entity, PlainSerializer(_written), PlainValidator(_read)]


@dataclass(frozen=True, kw_only=True)
class EntityChange:
    """All changes of one entity, as one revision; `change_of` makes it.

    `read` is the entity as it was read, without what the patch does not touch: of statements only
    the touched properties', whole, of terms only the touched languages'. So it can be sent by
    either API without being read again. For a new item it is an empty `Item`. `restores`: it brings
    back what people wrote, which is not for us to find fault with.
    """

    kind: Literal["entity"] = "entity"
    patch: EntityPatch
    read: _Read
    restores: bool = False

    @property
    def base_revid(self) -> int | None:
        """The revision that was read; None: a new item is made."""
        return self.patch.base_revid

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to save."""
        patch = self.patch
        return not (patch.terms or patch.aliases or patch.add or patch.edit or patch.remove)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """What may not be written; of what people wrote, nothing."""
        return () if self.restores else tuple(check(self.patch))

    @cached_property
    def for_rest(self) -> Written:
        """What the REST API takes: the new item, or the JSON Patch of the one that was read.

        Raises MovedError, and TypeError for what is no item.
        """
        if not isinstance(self.read, Item):
            raise TypeError(f"the REST API patches items, not {self.read.id}")
        if self.base_revid is None:
            return Written(dumps(to_new_item(self.patch)))
        return Written(dumps(to_json_patch(self.read, self.patch)))

    def make_ready(self) -> None:
        """Work out ahead what takes time when the change is sent."""
        with suppress(MovedError, TypeError):
            _ = self.faults, self.for_rest

    @property
    def shown(self) -> tuple[str, str]:
        """What is touched, before and after, for people: a line a term, statement, reference."""
        after = applied(self.read, self.patch)
        return "\n".join(_lines(self.read)), "\n".join(_lines(after))


def change_of(entity: Entity, patch: EntityPatch, restores: bool = False) -> EntityChange:
    """The change of an entity as it was read.

    Raises ValueError where the patch has another base, MovedError where it does not fit the entity.
    """
    if patch.base_revid != entity.revision:
        said = f"the patch is on revision {patch.base_revid}, {entity.id} is of {entity.revision}"
        raise ValueError(said)
    properties = {each.property for each in (*patch.add, *patch.remove)}
    properties |= {each.read.property for each in patch.edit}
    terms = {(each.terms, each.language) for each in patch.terms}
    named = {each.language for each in patch.aliases}
    kept = replace(
        entity,
        labels=_only(entity.labels, [code for name, code in terms if name == "labels"]),
        descriptions=_only(
            entity.descriptions, [code for name, code in terms if name == "descriptions"]
        ),
        aliases=_only(entity.aliases, named),
        statements=_only(entity.statements, properties),
        extra=(),
    )
    applied(kept, patch)
    read = replace(kept, sitelinks={}) if isinstance(kept, Item) else kept
    return EntityChange(patch=patch, read=read, restores=restores)


def new_item(patch: EntityPatch) -> EntityChange:
    """The change that makes a new item. Raises ValueError for a patch that has a base."""
    return change_of(Item(), patch)


def snak_text(snak: Snak) -> str:
    """A snak for people: `P569 1850-02-01`."""
    return f"{snak.property} {_value_text(snak)}"


def _only(held: Any, names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name in names}


def _lines(entity: Entity) -> Iterator[str]:
    for name, terms in (("label", entity.labels), ("description", entity.descriptions)):
        for language, text in terms.items():
            yield f"{name} ({language}): {text}"
    for language, texts in entity.aliases.items():
        for text in texts:
            yield f"alias ({language}): {text}"
    for statement in entity.all_statements():
        yield from _statement_lines(statement)


def _statement_lines(statement: Statement) -> Iterator[str]:
    main = snak_text(statement.mainsnak)
    rank = "" if statement.rank.value == "normal" else f" [{statement.rank.value}]"
    qualifiers = "".join(f"; {snak_text(each)}" for each in statement.qualifiers)
    yield f"{main}{rank}{qualifiers}"
    for reference in statement.references:
        yield f"{main} ← {', '.join(map(snak_text, reference.snaks))}"


def _value_text(snak: Snak) -> str:
    match snak.value:
        case None:
            return {"somevalue": "(some value)", "novalue": "(no value)"}.get(
                snak.snaktype, f"({snak.snaktype})"
            )
        case EntityId(id=entity_id):
            return entity_id
        case Text(text=text):
            return text
        case Monolingual(text=text, language=language):
            return f"{text} ({language})"
        case Time():
            return _time_text(snak.value)
        case Quantity():
            value = snak.value
            bounds = "" if value.lower is None else f" [{value.lower} to {value.upper}]"
            unit = "" if value.unit == "1" else f" {_last(value.unit)}"
            return f"{value.amount}{bounds}{unit}"
        case Coordinate():
            value_at = snak.value
            near = "" if value_at.precision is None else f" ±{value_at.precision}"
            globe = "" if value_at.globe == EARTH else f" {_last(value_at.globe)}"
            return f"{value_at.latitude}, {value_at.longitude}{near}{globe}"
        case Other(json=text):
            return text


def _time_text(time: Time) -> str:
    """1850-02-01, 1850-02, 1850, -44 (44 BCE); coarser ones with their precision; the calendar
    where it is not today's."""
    sign, day = time.time[0], time.time[1:].partition("T")[0]
    year, _, rest = day.partition("-")
    year = ("-" if sign == "-" else "") + (year.lstrip("0") or "0")
    text = {_DAY: f"{year}-{rest}", _MONTH: f"{year}-{rest[:2]}"}.get(time.precision, year)
    coarse = f" (precision {time.precision})" if time.precision not in (_DAY, _MONTH, _YEAR) else ""
    calendar = {GREGORIAN: "", JULIAN: " (Julian)"}.get(time.calendar, f" {_last(time.calendar)}")
    return f"{text}{coarse}{calendar}"


_YEAR, _MONTH, _DAY = 9, 10, 11


def _last(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]
