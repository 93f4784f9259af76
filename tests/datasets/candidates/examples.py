"""Records, items and pages for this folder's tests."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from bots.core.messages import Messages
from bots.core.wikibase.make import date
from bots.core.wikibase.model import Coordinate, EntityId, Item, Snak, Statement, Text, Value
from bots.datasets.choices.candidates import Judgement, Roles, judge
from bots.datasets.choices.matchpages import Look, row
from bots.datasets.choices.rowpages import Row
from bots.datasets.facts import Record, Said, StatementRule, TermRule, TermSaid

MESSAGES = Messages(Path(__file__).parents[3] / "config" / "i18n")
MUSEUM, LIBRARY, TOWN, COUNTRY = "Q33506", "Q7075", "Q36600", "Q55"
ROLES = Roles(kinds=frozenset({MUSEUM, LIBRARY}))
LABELS = {
    MUSEUM: "museum",
    LIBRARY: "library",
    "Q41176": "building",
    TOWN: "The Hague",
    COUNTRY: "Netherlands",
    "P571": "inception",
    "P791": "ISIL",
}
LOOK = Look(MESSAGES, "en", "https://www.wikidata.org/wiki/", LABELS)


def point(latitude: str, longitude: str) -> Coordinate:
    return Coordinate(Decimal(latitude), Decimal(longitude))


MUSEUM_FACTS: Mapping[str, Value] = {
    "P31": EntityId(MUSEUM),
    "P17": EntityId(COUNTRY),
    "P131": EntityId(TOWN),
    "P625": point("52.0705", "4.3007"),
    "P571": date(1904),
    "P856": Text("https://www.harbour-museum.example/"),
}


def record(
    key: str,
    *names: str,
    facts: Mapping[str, Value] = MUSEUM_FACTS,
    identifiers: tuple[tuple[str, str], ...] = (),
    many: tuple[str, ...] = (),
) -> Record:
    """A record with its names in English, the first as label."""
    terms = [TermSaid(TermRule("label"), "en", names[:1])] if names else []
    terms += [TermSaid(TermRule("alias"), "en", names[1:])] if names[1:] else []
    said = tuple(
        Said(StatementRule(name, many=name in many), (Statement(Snak(name, value)),))
        for name, value in facts.items()
    )
    return Record(key, terms=tuple(terms), statements=said, identifiers=identifiers)


def item(
    item_id: str,
    label: str,
    *aliases: str,
    facts: Mapping[str, Value] = MUSEUM_FACTS,
    external: Mapping[str, str] | None = None,
    description: str = "",
) -> Item:
    """An item with an English label and aliases."""
    statements = {name: (Statement(Snak(name, value)),) for name, value in facts.items()}
    for name, text in (external or {}).items():
        snak = Snak(name, Text(text), datatype="external-id")
        statements[name] = (Statement(snak),)
    return Item(
        id=item_id,
        labels={"en": label},
        aliases={"en": aliases} if aliases else {},
        descriptions={"en": description} if description else {},
        statements=statements,
    )


def without(*properties: str, **changed: Value) -> dict[str, Value]:
    """The museum's facts but some, and with others."""
    return {name: each for name, each in MUSEUM_FACTS.items() if name not in properties} | changed


def judged(one: Record, *items: Item) -> Judgement:
    return judge(one, items, ROLES)


def shown_row(key: str, name: str, *items: Item) -> Row:
    """A row as HubBot writes it."""
    one = record(key, name)
    return row(one, judged(one, *items), LOOK, ROLES, f"https://partner.example/{key}")


def example_rows() -> list[Row]:
    """Rows of all sorts: one candidate, several, none, a name with markup, one in Hebrew."""
    near = item(
        "Q101",
        "Harbour Museum",
        "Havenmuseum",
        facts=without("P856", "P31", P31=EntityId("Q41176"), P571=date(1911)),
        description="building in The Hague",
    )
    same = item("Q102", "Harbor Museum", facts=without("P625"), description="museum in The Hague")
    far = item(
        "Q103",
        "Harbour Museum",
        facts=without("P131", "P856", "P571", P625=point("51.92", "4.48")),
        description="museum in Rotterdam",
    )
    parent = item("Q106", "Harbour Museum", facts=without("P571"), description="museum")
    hebrew = item("Q105", "מוזיאון הנמל", facts=without("P856", "P571", P31=EntityId(LIBRARY)))
    nasty = "'''Archive'''}} [[File:x]] <b>& Library</b> {{nobots}}"
    return [
        shown_row("NL-0001", "Harbour Museum", near, same, far),
        shown_row("NL-0002", "Harbour Museum Foundation Ltd", parent),
        shown_row("NL-0003", "Collection nobody has described"),
        shown_row("NL-0004", nasty, item("Q104", nasty, facts=without("P856"))),
        shown_row("NL-0005", "מוזיאון הנמל", hebrew),
    ]
