"""What lists need of items, read from a wiki, and only of those that changed since they were read.

It is kept in a file, which may go at any time: then all is read anew.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bots.core.wikibase.model import Entity, Item, Property
from bots.register.sources.values import Said, named_in, said_of
from bots.wiki.entities import Entities


@dataclass(frozen=True, slots=True)
class Kept:
    """An entity as of a revision: its terms by language, its values; a property's `datatype`.

    `articles`: a wiki's id, such as svwiki → the title of its page about the item.
    """

    revid: int
    labels: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    datatype: str = ""
    articles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """Which properties of items are wanted, the languages of terms, and the wikis with articles."""

    properties: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    wikis: frozenset[str] = frozenset()

    def covers(self, other: Wish) -> bool:
        """Whether all that the other wants is wanted."""
        mine = (self.properties, self.languages, self.wikis)
        others = (other.properties, other.languages, other.wikis)
        return all(one >= wanted for one, wanted in zip(mine, others, strict=True))


@dataclass(frozen=True)
class _File:
    wish: Wish
    entities: dict[str, Kept]


_FILE: TypeAdapter[_File] = TypeAdapter(_File)


def read_items(
    entities: Entities, items: Collection[str], wish: Wish, path: Path
) -> dict[str, Kept]:
    """These items, the wanted properties, and all items that are values there; without who is gone.

    What was merged into another is under the id that it was asked for. Requests: one for 500 of
    all these (50 without bot rights) tells their revisions, one for 500 reads those that changed;
    both once more where values have come that were not there before. Raises `NotReachedError`.
    """
    kept = _load(path, wish)
    wanted = dict.fromkeys([*items, *sorted(wish.properties)])
    known = [name for item in items if item in kept for name in _named(kept[item])]
    found = _current(entities, [*wanted, *known], wish, kept)
    new = {name for item in items if item in found for name in _named(found[item])}
    found |= _current(entities, sorted(new - {*wanted, *known}), wish, kept)
    if found != kept:
        _save(path, _File(wish, found))
    return found


def _current(
    entities: Entities, ids: Iterable[str], wish: Wish, kept: Mapping[str, Kept]
) -> dict[str, Kept]:
    found: dict[str, Kept] = {}
    changed: dict[str, list[str]] = {}
    for latest in entities.latest(ids):
        if latest.revid is None:
            continue
        before = kept.get(latest.id)
        if before is not None and before.revid == latest.revid:
            found[latest.id] = before
        else:
            changed.setdefault(latest.target or latest.id, []).append(latest.id)
    for name, entity in entities.read(changed):
        if isinstance(entity, Entity):
            found |= dict.fromkeys(changed[name], _kept(entity, wish))
    return found


def _kept(entity: Entity, wish: Wish) -> Kept:
    said = {name: said_of(entity.statements.get(name, ())) for name in wish.properties}
    links = entity.sitelinks if isinstance(entity, Item) else {}
    return Kept(
        revid=entity.revision or 0,
        labels=_in(wish.languages, entity.labels),
        descriptions=_in(wish.languages, entity.descriptions),
        said={name: many for name, many in said.items() if many},
        datatype=entity.datatype if isinstance(entity, Property) else "",
        articles={wiki: link.title for wiki, link in links.items() if wiki in wish.wikis},
    )


def _in(languages: Collection[str], terms: Mapping[str, str]) -> dict[str, str]:
    return {code: text for code, text in terms.items() if code in languages}


def _named(kept: Kept) -> list[str]:
    return [name for many in kept.said.values() for name in named_in(many)]


def _load(path: Path, wish: Wish) -> dict[str, Kept]:
    try:
        file = _FILE.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return {}
    return file.entities if file.wish.covers(wish) else {}


def _save(path: Path, file: _File) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_bytes(_FILE.dump_json(file))
    os.replace(new, path)
