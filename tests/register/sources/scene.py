"""A small register: kinds with few fields, and records of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bots.core.register.computed import load_computed
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, KindConfig

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
COMPUTED = load_computed()
SPOKEN: dict[str, Any] = {
    "language": "en",
    "messages": None,
    "page_url": str,
    "entity_title": str,
    "hub": "hub",
    "account": "HubBot",
}
"""What a look at a list is made of, besides its site."""


def field(**more: Any) -> FieldConfig:
    return FieldConfig.model_validate({"label": {"en": "x"}, "about": {"en": "x"}, **more})


def kind(name: str, listed_by: str = "", /, **fields: FieldConfig) -> KindConfig:
    words = {"en": name}
    return KindConfig(
        name=name,
        template=name,
        below=f"{name}s",
        label=words,
        plural={"en": f"{name}s"},
        about=words,
        fields={"name": field(), **fields},
        listed_by=listed_by,
    )


PARTNERS = field(type="record", of=["partner"], many=True)
STAGES = {name: {"en": name} for name in ("conversation", "collaboration", "ended")}
KINDS = {
    each.name: each
    for each in (
        kind(
            "partner",
            kind=field(type="choice", choices={"technical": {"en": "technical"}}),
            country=field(type="country"),
            languages=field(type="language", many=True),
            region=field(),
            stage=field(type="choice", choices=STAGES),
            ended=field(type="date"),
            since=field(type="date"),
            mediators=field(type="user", many=True),
            requests=field(type="page", many=True),
            outcomes=field(many=True),
        ),
        kind("activity", partners=PARTNERS, when=field(type="date"), country=field(type="country")),
        kind("grant", deadline=field(type="date")),
        kind("tool", owner=PARTNERS),
        kind("person", "listed", user=field(type="user"), listed=field(type="yes-no")),
        kind("goal", counts=field(), target=field(type="number")),
    )
}
_PAGES = count(1)


def record(
    kind: str, name: str, edited: datetime = NOW, /, **values: str | Sequence[str]
) -> PageRecord:
    """A record on a page of its own; a text is a field's only value."""
    said = {key: (each,) if isinstance(each, str) else tuple(each) for key, each in values.items()}
    page = next(_PAGES)
    title = f"Partnerships/{kind}s/{name}"
    return PageRecord(
        kind=kind,
        page=page,
        title=title,
        revid=page,
        edited=edited,
        values={"name": (name,), **said},
    )
