"""Records for programs and spreadsheets: as JSON and as CSV; as JSON-LD see `jsonld`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TextIO

from bots.core.cells import Table
from bots.core.plan import JSON
from bots.core.register.asking import Kinds, name_of
from bots.core.register.facts import PageRecord, Values

Address = Callable[[str], str | None]
"""A title on the hub wiki → its address on the web; None where that can't be told."""

BETWEEN = "; "
"""Stands between several values in one cell, as people may write them on the page."""

OWN_COLUMNS = ("kind", "id", "title", "url", "edited")
"""A table's first columns; a field that is called so is there as "field NAME"."""


def as_json(record: PageRecord, kinds: Kinds, address: Address) -> dict[str, JSON]:
    """One record: what it is called, where it stands, and its values in canonical form.

    A field that may have several values has a list. `url` is its page on the wiki, and `edited`
    when that page's newest revision was saved.
    """
    return {
        "kind": record.kind,
        "id": record.id,
        "title": record.title,
        "name": name_of(record, kinds),
        "url": address(record.title),
        "edited": moment_text(record.edited),
        "values": values_as_json(record.kind, record.values, kinds),
    }


def values_as_json(kind: str, values: Values, kinds: Kinds) -> dict[str, JSON]:
    """The values of the fields that the kind has today."""
    fields = kinds[kind].fields
    return {
        name: list(many) if fields[name].many else many[0]
        for name, many in values.items()
        if name in fields and many
    }


def write_csv(
    file: TextIO, records: Iterable[PageRecord], kind: str | None, kinds: Kinds, address: Address
) -> None:
    """A table with a row a record, and a column a field of the kind; None: of all kinds."""
    named = [kinds[kind]] if kind else kinds.values()
    fields = dict.fromkeys(name for each in named for name in each.fields)
    columns = {name: f"field {name}" if name in OWN_COLUMNS else name for name in fields}
    table = Table(file, [*OWN_COLUMNS, *columns.values()])
    for record in records:
        row = {
            columns[name]: BETWEEN.join(many)
            for name, many in record.values.items()
            if name in columns
        }
        url, edited = address(record.title) or "", moment_text(record.edited)
        own = (record.kind, record.id, record.title, url, edited)
        table.add(row | dict(zip(OWN_COLUMNS, own, strict=True)))


def moment_text(moment: datetime) -> str:
    """A moment as ISO 8601, in UTC."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
