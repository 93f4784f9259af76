"""Histories for the judge, told in a few words: who left an item how."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.life.facts import Deletion, Event, Permission, Revision, Rules, Told, Verdict
from bench.life.judge import judge

BOT, EDITOR, OTHER = "HubBot", "Editor", "Other editor"
ID, POPULATION, VISITORS, WEBSITE, DATE, PAGE, CITED, SEEN = (
    "P791", "P1082", "P1174", "P856", "P585", "P304", "P248", "P813",
)  # fmt: skip
RULES = Rules(
    ours=frozenset({BOT}),
    identifier=ID,
    single=frozenset({POPULATION}),
    keys={VISITORS: frozenset({DATE})},
    cites=frozenset({CITED, ID}),
    spelling={ID: lambda text: text.replace(" ", "")},
)
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)


def snak(property_id: str, value: str | None) -> dict[str, Any]:
    if value is None:
        return {"snaktype": "novalue", "property": property_id}
    return {
        "snaktype": "value",
        "property": property_id,
        "datavalue": {"type": "string", "value": value},
    }


def reference(**values: str) -> dict[str, Any]:
    return {"snaks": {name: [snak(name, value)] for name, value in values.items()}}


def ours(day: str = "1", record: str = "A") -> dict[str, Any]:
    """The bot's own reference, with the day on which it was retrieved."""
    return reference(P248="the dataset", P791=record, P813=day)


NEWSPAPER = reference(P854="https://newspaper.example/1")


def said(
    guid: str,
    value: str | None,
    *references: dict[str, Any],
    name: str = POPULATION,
    rank: str = "normal",
    **qualifiers: str,
) -> dict[str, Any]:
    """One statement; references as they are given."""
    return {
        "id": guid,
        "rank": rank,
        "mainsnak": snak(name, value),
        "qualifiers": {key: [snak(key, text)] for key, text in qualifiers.items()},
        "references": list(references),
    }


def item(
    *claims: dict[str, Any], identifier: str | None = "A", **terms: str | Sequence[str]
) -> dict[str, Any]:
    """An item with an identifier, statements, `label="…"`, `aliases=["…"]`."""
    known = [said(f"id-{identifier}", identifier, name=ID)] if identifier else []
    entity: dict[str, Any] = {"claims": {}, "labels": {}, "aliases": {}}
    for claim in (*known, *claims):
        entity["claims"].setdefault(claim["mainsnak"]["property"], []).append(claim)
    if "label" in terms:
        entity["labels"]["en"] = {"language": "en", "value": terms["label"]}
    if "aliases" in terms:
        entity["aliases"]["en"] = [{"language": "en", "value": text} for text in terms["aliases"]]
    return entity


@dataclass
class Story:
    """What happens, one event a day."""

    events: list[Event] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return BEGAN + timedelta(days=len(self.events))

    def saves(
        self, user: str, entity: dict[str, Any] | None, of: str = "Q1", comment: str = ""
    ) -> Story:
        """Somebody leaves an item so; None makes it a redirect."""
        content = copy.deepcopy(entity)
        number = len(self.events) + 1
        self.events.append(Revision(number, of, user, self.now, comment, content))
        return self

    def bot(self, *claims: dict[str, Any], of: str = "Q1", **more: Any) -> Story:
        return self.saves(BOT, item(*claims, **more), of)

    def people(self, *claims: dict[str, Any], of: str = "Q1", **more: Any) -> Story:
        return self.saves(EDITOR, item(*claims, **more), of)

    def deleted(self, of: str = "Q1", *, back: bool = False) -> Story:
        self.events.append(Deletion(of, self.now, back))
        return self

    def allowed(self, slot: str = POPULATION, of: str = "Q1", dataset: str = "") -> Story:
        self.events.append(Permission(of, slot, self.now, dataset))
        return self

    def told(
        self, slot: str = POPULATION, kind: str = "conflict", days: float = 0, of: str = "Q1"
    ) -> Story:
        """The bot tells of a difference; `days` later than the next event would be."""
        self.events.append(Told(of, slot, kind, self.now + timedelta(days=days)))
        return self

    def judged(self) -> Verdict:
        return judge(self.events, RULES)

    def lost(self) -> list[str]:
        """How people's edits were lost, in order."""
        return [lost.how for lost in self.judged().edits_lost]
