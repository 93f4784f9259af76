"""Reads the items of records, and compares them, where one of the two has changed."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bots.core.config import HubConfig
from bots.core.messages import Param
from bots.core.plan import JSON, Target
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import KindConfig
from bots.core.wikibase.model import Entity
from bots.register.comparing.judging import CODES, Found, Told, judge
from bots.register.comparing.plan import COMPARED, LISTED, Compared, Facts, as_told
from bots.register.comparing.saying import Numbers, says, values
from bots.register.records import ITEM
from bots.wiki.desk import Desk
from bots.wiki.entities import Entities, Latest

EVERY = timedelta(hours=20)
"""How often all items' revisions are listed; those of records that changed are always looked at."""

Kinds = Mapping[str, KindConfig]


def read(
    desk: Desk,
    config: HubConfig,
    kinds: Kinds,
    records: Sequence[PageRecord],
    bases: Mapping[str, Mapping[str, JSON]],
    items: str,
    now: datetime,
) -> Facts | None:
    """Every record that names an item, compared with it.

    `items`: the site of the items, "" for none, which gives None. `bases`: what the register left
    on the hub wiki, by title. Asked are, once in `EVERY`, the revisions of all items, else those of
    records that changed: a request for 500 (50 without bot rights); the same again for those that
    are to be read, and for countries and languages whose codes aren't known. Raises
    `NotReachedError`.
    """
    if not items:
        return None
    top = config.the_register.top_of(config.hub)
    named = {record.title: record for record in records if _has_item(record, kinds)}
    known = {title: as_told(bases.get(title, {}).get(COMPARED)) for title in named}
    digests = {title: _digest(record, kinds) for title, record in named.items()}
    due = bool(named) and _is_due(bases.get(top, {}).get(LISTED), now)
    looked = [r for title, r in named.items() if due or known[title][0] != digests[title]]
    latest = {each.id: each for each in desk.entities(items).latest(r.first(ITEM) for r in looked)}
    anew = [
        record
        for record in looked
        if known[record.title][:2] != (digests[record.title], latest[record.first(ITEM)].revid)
    ]
    told = _compare(desk, config, kinds, anew, latest, items)
    compared = [
        Compared(
            record=record,
            digest=digests[title],
            revid=latest[record.first(ITEM)].revid if title in told else known[title][1],
            told=told.get(title, known[title][2]),
        )
        for title, record in named.items()
    ]
    return Facts(
        site=config.hub,
        top=top,
        compared=compared,
        bases={title: bases[title] for title in named if title in bases},
        gone=[title for title, left in bases.items() if COMPARED in left and title not in named],
        listed=now.isoformat() if due else "",
    )


def _has_item(record: PageRecord, kinds: Kinds) -> bool:
    kind = kinds.get(record.kind)
    return kind is not None and ITEM in kind.fields and bool(record.first(ITEM))


def _is_due(left: JSON, now: datetime) -> bool:
    return not isinstance(left, str) or now - datetime.fromisoformat(left) >= EVERY


def _digest(record: PageRecord, kinds: Kinds) -> str:
    """What stands for all of a record that is compared, and for how."""
    kind = kinds[record.kind]
    told = [
        [name, field.type, field.compare, list(record.values.get(name, ()))]
        for name, field in kind.fields.items()
        if field.compare or name in (ITEM, kind.called)
    ]
    text = json.dumps([record.title, told], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _compare(
    desk: Desk,
    config: HubConfig,
    kinds: Kinds,
    records: Sequence[PageRecord],
    latest: Mapping[str, Latest],
    items: str,
) -> dict[str, list[Told]]:
    """What is to be told of each of these records, by title."""
    entities, numbers = desk.entities(items), Numbers(config.numbers_of(items))
    found = dict(_found(entities, kinds, records, latest, numbers, desk.language(config.hub)))
    codes = _countries(config.folder / "datasets" / "tables" / "countries.csv")
    codes |= _codes(entities, numbers, _uncoded(kinds, records, found, codes))
    told: dict[str, list[Told]] = {}
    for record in records:
        links: dict[str, Param] = {
            "page": desk.page_url(Target(items, entities.title(record.first(ITEM)))),
            "record": desk.page_url(Target(config.hub, record.title)),
        }
        kind = kinds[record.kind]
        told[record.title] = list(judge(record, kind, found[record.title], codes, links))
    return told


def _found(
    entities: Entities,
    kinds: Kinds,
    records: Sequence[PageRecord],
    latest: Mapping[str, Latest],
    numbers: Numbers,
    language: str,
) -> Iterator[tuple[str, Found]]:
    """What became of each record's item, by the record's title; items that are there are read."""
    by_item: dict[str, list[PageRecord]] = {}
    for record in records:
        now = latest[record.first(ITEM)]
        if now.revid is not None and not now.target:
            by_item.setdefault(now.id, []).append(record)
        else:
            yield record.title, Found(target=now.target if now.revid is not None else "")
    for item, entity in entities.read(by_item):
        for record in by_item[item]:
            if isinstance(entity, Entity):
                kind = kinds[record.kind]
                compared = {field.compare for field in kind.fields.values() if field.compare}
                name = record.first(kind.called)
                yield record.title, Found(says=says(entity, name, compared, numbers, language))
            else:
                yield record.title, Found(target=getattr(entity, "target", ""))


def _uncoded(
    kinds: Kinds,
    records: Iterable[PageRecord],
    found: Mapping[str, Found],
    codes: Mapping[str, str],
) -> dict[str, str]:
    """The items that stand in fields with codes, and whose own isn't known → where it says it."""
    wanted: dict[str, str] = {}
    for record in records:
        said = found[record.title].says
        for field in kinds[record.kind].fields.values() if said else ():
            if said and field.type in CODES:
                here = said.values.get(field.compare, ())
                wanted |= {each: CODES[field.type] for each in here if each not in codes}
    return wanted


def _codes(entities: Entities, numbers: Numbers, wanted: Mapping[str, str]) -> dict[str, str]:
    """The codes that items of countries and languages say they have; all ids are Wikidata's."""
    here = {numbers.here(each): each for each in wanted}
    return {
        here[item]: found[0]
        for item, entity in entities.read(here)
        if isinstance(entity, Entity) and (found := values(entity, wanted[here[item]], numbers))
    }


def _countries(path: Path) -> dict[str, str]:
    """Wikidata's item of each country → its code, of those that are known without asking."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["item"]: row["code"] for row in csv.DictReader(file)}
