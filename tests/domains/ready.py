"""A dataset as it ships, ready to run on a hub of a test's own; and what its records say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.core.config import load_hub
from bots.core.merge.facts import UNKNOWN
from bots.core.outcome import utcnow
from bots.core.wikibase.model import EntityId, Value
from bots.datasets.facts import Fault, Record, Row
from bots.datasets.records import Mapper
from bots.datasets.source import Source, open_source
from bots.house import House, run_all, run_bot
from bots.terminal import Printer
from sandbox.domains import FIRST_ITEM, carrying, named, properties
from tests.domains.genes import DATASETS, TODAY, mapping, said
from tests.domains.hub import Hub, messages


def source(name: str, cache_folder: Path) -> Source:
    """Its sample."""
    return open_source(mapping(name).source, DATASETS, cache_folder, None, utcnow())


def rows(name: str, cache_folder: Path) -> list[dict[str, Any]]:
    """The sample's records, as their schema gives them."""
    opened = source(name, cache_folder)
    found = []
    for each in opened.rows():
        assert isinstance(each, Row), each
        values = opened.values(each)
        assert isinstance(values, dict), values
        found.append(values)
    return found


def record_of(
    name: str,
    values: Mapping[str, Any],
    item_of: Callable[[str, str], str | None] = lambda _dataset, _key: None,
) -> Record:
    """What a record of the source says, by the mapping as it ships."""
    made = mapping(name)
    return Mapper(made, made.numbers, TODAY, item_of=item_of).record(
        Row(1, "key", "0" * 32, None), values
    )


def values(of: Record, property_id: str) -> list[Value | None]:
    """The same's values."""
    return [each.mainsnak.value for each in said(of, property_id)]


def is_unknown(of: Record, property_id: str) -> bool:
    """Whether something that the record says of a property can't be told."""
    return any(
        each.rule.property == property_id and each.values is UNKNOWN for each in of.statements
    )


def wrong(faults: Iterable[Fault]) -> set[str]:
    """The faults' messages."""
    return {each.message.key for each in faults}


@dataclass
class Ready:
    """A dataset on a hub: its files are the hub's own, and may be changed."""

    hub: Hub
    name: str

    @property
    def file(self) -> Path:
        """The sample's file."""
        folder = self.hub.folder / "datasets" / "samples" / self.name
        return next(each for each in folder.iterdir() if each.name != "datapackage.json")

    def change(self, old: str, new: str) -> None:
        """Change a text of the hub's own mapping."""
        path = self.hub.folder / "datasets" / f"{self.name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def made(self) -> str:
        """The item that the bot made."""
        sql = (
            "select entity from page join revision on page.id = revision.page"
            " where page.model = 'wikibase-item' and revision.user = 'HubBot'"
            " and revision.parent = 0"
        )
        ((found,),) = self.hub.wikibase.state.rows(sql)
        return str(found)

    def run(self) -> None:
        """Let the bot run, as `hubbot run` does, and to its end."""
        house = self._house()
        runs = run_all(
            house, [self.name], lambda each: run_bot(house, each, lambda runner: runner.run())
        )
        assert {each.state for each in runs} == {"finished"}

    def edits(self) -> int:
        """How many revisions the bot has made of items."""
        sql = (
            "select count(*) from revision join page on page.id = revision.page"
            " where page.model = 'wikibase-item' and revision.user = 'HubBot'"
        )
        return int(self.hub.wikibase.state.rows(sql)[0][0])

    def told(self) -> dict[str, int]:
        """The messages of what is open, and how many there are of each."""
        counts: dict[str, int] = {}
        with self._house().store() as store:
            for each in store.findings(self.name):
                key = each.finding.message.key
                counts[key] = counts.get(key, 0) + 1
        return counts

    def _house(self) -> House:
        return House(load_hub(self.hub.folder / "hub.yaml"), messages(), Printer(messages()))

    def entity(self, item_id: str) -> Any:
        """An item, in the Action API's JSON."""
        return self.hub.person().entity(item_id)


def set_up(hub: Hub, name: str, cache_folder: Path, most: int = 1000) -> Ready:
    """The dataset with so many records of its sample, each of which has an item that carries it."""
    folder = hub.folder / "datasets"
    shutil.copytree(DATASETS / "samples" / name, folder / "samples" / name)
    if not (folder / "tables").exists():
        shutil.copytree(DATASETS / "tables", folder / "tables")
    shutil.copy(DATASETS / f"{name}.yaml", folder)
    made = mapping(name)
    hub.properties(**dict(properties(made)))
    hub.approved = (*hub.approved, name)
    hub.write()
    opened = source(name, cache_folder)
    mapper = Mapper(made, made.numbers, TODAY)
    wanted = set(named(made))
    for number, row in enumerate(opened.rows()):
        assert isinstance(row, Row)
        told = opened.values(row)
        assert isinstance(told, dict)
        of = mapper.record(row, told)
        wanted |= set(_named(of))
        if number < most:
            hub.seed(carrying(of.item or f"Q{FIRST_ITEM + number}", *of.identifiers[0]))
    for each in sorted(wanted):
        hub.seed({"type": "item", "id": each})
    return Ready(hub, name)


def _named(of: Record) -> Iterator[str]:
    """The items that a record's statements name."""
    told = [each.values for each in of.statements if isinstance(each.values, tuple)]
    for statement in (*(each for group in told for each in group), *of.new_statements):
        for snak in (statement.mainsnak, *statement.qualifiers):
            if isinstance(snak.value, EntityId):
                yield snak.value.id


def dumped(records: Iterable[Mapping[str, Any]]) -> str:
    """JSON Lines."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
