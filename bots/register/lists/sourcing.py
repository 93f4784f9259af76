"""What lists are of: the records of a kind, and what stands for a source until it changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from bots.core.register.facts import PageRecord
from bots.core.register.kinds import KindConfig
from bots.register.lists.facts import ListSource, SourceRow

FORM = 1
"""Raised when cells are written otherwise than before: every list is made anew then."""


def of_kind(kind: KindConfig, records: Iterable[PageRecord]) -> ListSource:
    """The records of a kind that may be shown, in their order."""
    rows = [
        SourceRow(key=record.id, values=record.values, page=record.title)
        for record in records
        if record.kind == kind.name and kind.may_show(record.values)
    ]
    return ListSource(fields=kind.fields, rows=rows, called=kind.called)


def names_of(records: Iterable[PageRecord], kinds: Mapping[str, KindConfig]) -> dict[str, str]:
    """A record's title → what it is called."""
    return {
        record.title: record.first(kinds[record.kind].called)
        for record in records
        if record.kind in kinds
    }


def digest_of_records(records: Iterable[PageRecord], rules: str) -> str:
    """Stands for all that lists may show of records, in whatever language; `rules`: the kinds'."""
    told = sorted((each.page, each.revid, each.kind, each.title) for each in records)
    return digest([FORM, rules, told])


def digest_of(source: ListSource) -> str:
    """Stands for all that lists may show of a source that is no kind's."""
    fields = {name: field.model_dump(mode="json") for name, field in source.fields.items()}
    rows = [_row(row) for row in source.rows]
    return digest([FORM, fields, source.called, source.whole, rows])


def _row(row: SourceRow) -> list[Any]:
    links = [row.page, row.item, row.url, dict(row.articles)]
    return [row.key, dict(row.values), links, sorted(row.unknown)]


def digest(told: Any) -> str:
    """32 hex digits that stand for what can be written as JSON."""
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=list)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
