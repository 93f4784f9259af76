"""What is counted of partners and of the records that name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, KindConfig, Type

PARTNER = "partner"
_ENDED = "ended"


def of_kind(records: Iterable[PageRecord], kind: str) -> list[PageRecord]:
    """The records of one kind."""
    return [each for each in records if each.kind == kind]


def has_ended(partner: PageRecord) -> bool:
    """Whether the partnership is over."""
    return partner.first("stage") == _ENDED


def field_called(name: str, kind: KindConfig) -> str:
    """The field that somebody means: by its name, an alias, or one of several; "" for none."""
    for field, config in kind.fields.items():
        if name in (field, *config.aliases) or (config.many and f"{name}s" == field):
            return field
    return ""


def fields_of(kind: KindConfig, type_: Type, of: str = "") -> list[str]:
    """The fields of a type, in their order; `of`: those that may name records of that kind."""

    def fits(field: FieldConfig) -> bool:
        return field.type is type_ and (not of or of in field.of)

    return [name for name, field in kind.fields.items() if fits(field)]


def named_partners(
    record: PageRecord, kinds: Mapping[str, KindConfig], by_title: Mapping[str, PageRecord]
) -> list[PageRecord]:
    """The partners that a record names."""
    if record.kind not in kinds:
        return []
    fields = fields_of(kinds[record.kind], Type.RECORD, PARTNER)
    titles = dict.fromkeys(title for name in fields for title in record.values.get(name, ()))
    return [by_title[title] for title in titles if title in by_title]
