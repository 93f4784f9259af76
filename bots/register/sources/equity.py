"""`of=equity:FIELD`: how partners, requests, support and waiting are spread over that field."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.register.computed import ComputedConfig
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, KindConfig, Type
from bots.register.lists.facts import ListSource, SourceRow
from bots.register.sources.partners import (
    PARTNER,
    field_called,
    fields_of,
    has_ended,
    named_partners,
    of_kind,
)
from bots.register.sources.requests import Request, waiting

SUPPORT = ("activity", "grant")
"""The kinds of records that are support."""

_UNKNOWN = "unknown"
_NOT_SAID: Mapping[Type, str] = {Type.COUNTRY: "ZZ", Type.LANGUAGE: "und"}
"""What Unicode's CLDR calls an unknown one."""


@dataclass
class _Group:
    partners: int = 0
    support: int = 0
    requests: list[Request] = field(default_factory=list)


def source_of(
    dimension: str,
    kinds: Mapping[str, KindConfig],
    records: Collection[PageRecord],
    requests: Sequence[Request],
    computed: ComputedConfig,
) -> ListSource | None:
    """The list; None where partners have no such field.

    What says nothing of its own counts where the partners are that it names, or that name it.
    """
    partner = kinds.get(PARTNER)
    name = field_called(dimension, partner) if partner else ""
    if partner is None or not name:
        return None
    partners = of_kind(records, PARTNER)
    by_title = {each.title: each for each in partners}
    by_request = _by_request(partners, partner)
    groups: dict[str, _Group] = {}

    def count(values: Sequence[str]) -> list[_Group]:
        return [groups.setdefault(value, _Group()) for value in values or (_UNKNOWN,)]

    current = [each for each in partners if not has_ended(each)]
    for each in current:
        for group in count(each.values.get(name, ())):
            group.partners += 1
    support = [each for each in records if each.kind in SUPPORT]
    for each in support:
        named = named_partners(each, kinds, by_title)
        for group in count(each.values.get(name) or _values(named, name)):
            group.support += 1
    for request in requests:
        said = _values(by_request.get(request.title, ()), name) or getattr(request, name, ())
        for group in count(said if isinstance(said, Sequence) else ()):
            group.requests.append(request)
    totals = (len(current), len(requests), len(support))
    config = _group_field(partner.fields[name], computed.fields["group"])
    return ListSource(
        fields={**computed.fields, "group": config},
        rows=[_row(value, group, totals, config) for value, group in groups.items()],
        called=computed.called,
    )


def _row(value: str, group: _Group, totals: tuple[int, int, int], config: FieldConfig) -> SourceRow:
    partners, requests, support = totals
    asked = len(group.requests)
    shown = value if value != _UNKNOWN or config.choices else _NOT_SAID.get(config.type, "–")
    values = {
        "group": shown,
        "partners": str(group.partners),
        "partners share": _share(group.partners, partners),
        "requests": str(asked),
        "requests share": _share(asked, requests),
        "support": str(group.support),
        "support share": _share(group.support, support),
        "answered": str(sum(each.answered is not None for each in group.requests)),
        "waiting": waiting(group.requests),
    }
    return SourceRow(key=value, values={name: (text,) for name, text in values.items() if text})


def _group_field(field: FieldConfig, ours: FieldConfig) -> FieldConfig:
    """The partners' field, as what names a row."""
    choices = dict(field.choices)
    if choices:
        choices[_UNKNOWN] = {"en": "not known", "sv": "inte känt"}
    update = {"label": field.label, "type": field.type, "choices": choices, "of": field.of}
    return ours.model_copy(update=update)


def _by_request(partners: Collection[PageRecord], kind: KindConfig) -> dict[str, list[PageRecord]]:
    """A page's title → the partners that name it."""
    found: dict[str, list[PageRecord]] = {}
    for name in fields_of(kind, Type.PAGE):
        for partner in partners:
            for title in partner.values.get(name, ()):
                found.setdefault(title, []).append(partner)
    return found


def _values(partners: Collection[PageRecord], name: str) -> Sequence[str]:
    return tuple(dict.fromkeys(value for each in partners for value in each.values.get(name, ())))


def _share(number: int, of: int) -> str:
    return f"{100 * number / of:.1f}".removesuffix(".0") if of else ""
