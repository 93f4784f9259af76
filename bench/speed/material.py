"""The 1,000 records of the speed benchmark: two statements with a reference each."""

from __future__ import annotations

from functools import partial

from bench.life import values
from bench.life.values import Json
from sandbox.wikibase.server import Wikibase

ITEMS = 1_000
COLUMNS = ("isil", "phone", "founded")

Row = dict[str, str]


def rows(version: int = 0, every: int = 1) -> list[Row]:
    """The records; in another version than 0, every so-manieth has another phone number."""
    return [
        {
            "isil": f"XX-{number:05}",
            "phone": f"+99 {number:05} {version if number % every == 0 else 0:04}",
            "founded": str(1800 + number % 200),
        }
        for number in range(1, ITEMS + 1)
    ]


def reference(row: Row) -> Json:
    """What each statement of a record cites."""
    cited = {values.STATED_IN: values.DATASET, values.IDENTIFIER: row["isil"]}
    return values.reference(**cited)


def item(item_id: str, row: Row, *, stated: bool) -> Json:
    """The item of a record, with its identifier, and with its statements or without."""
    known = values.snak(values.IDENTIFIER, row["isil"])
    claims = {values.IDENTIFIER: [values.statement(known, of=item_id)]}
    if stated:
        for name, text in ((values.PHONE, row["phone"]), (values.FOUNDED, row["founded"])):
            snak = values.snak(name, text)
            claims[name] = [values.statement(snak, [reference(row)], of=item_id)]
    return {"type": "item", "id": item_id, "claims": claims}


def seed(wikibase: Wikibase, *, stated: bool) -> None:
    """The items on a wiki, with all that they need; `stated`: the dataset's statements too."""
    for property_id, datatype in values.DATATYPES.items():
        wikibase.state.seed({"type": "property", "id": property_id, "datatype": datatype})
    wikibase.state.seed({"type": "item", "id": values.DATASET})
    for number, row in enumerate(rows(), 1):
        wikibase.state.seed(item(f"Q{number}", row, stated=stated))


SEEDED = partial(seed, stated=False)
STATED = partial(seed, stated=True)
