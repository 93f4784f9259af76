"""`of=people`: who carries partnerships, of those whose own page says that they may be listed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bots.core.register.computed import ComputedConfig
from bots.core.register.facts import PageRecord
from bots.register.lists.facts import ListSource, SourceRow
from bots.register.sources.partners import PARTNER, has_ended, of_kind

PERSON = "person"
_MEDIATORS = "mediators"


def source_of(records: Collection[PageRecord], computed: ComputedConfig) -> ListSource:
    """The list. A person counts by a record of theirs with `listed=yes`, the oldest page first."""
    partners = of_kind(records, PARTNER)
    carried: dict[str, list[PageRecord]] = {}
    for partner in partners:
        for user in dict.fromkeys(partner.values.get(_MEDIATORS, ())):
            carried.setdefault(user, []).append(partner)
    people: dict[str, PageRecord] = {}
    for person in sorted(of_kind(records, PERSON), key=lambda each: each.page):
        if person.first("listed") == "yes" and person.first("user"):
            people.setdefault(person.first("user"), person)
    return ListSource(
        fields=computed.fields,
        rows=[_row(person, user, carried.get(user, ())) for user, person in people.items()],
        called=computed.called,
    )


def _row(person: PageRecord, user: str, partners: Sequence[PageRecord]) -> SourceRow:
    current = [each for each in partners if not has_ended(each)]
    values = {
        "name": (user,),
        "partners": (str(len(current)),),
        "ended": (str(len(partners) - len(current)),),
        "organisations": tuple(each.title for each in current),
        "countries": _all("country", current),
        "languages": _all("languages", current),
    }
    said = {name: many for name, many in values.items() if many}
    return SourceRow(key=person.id, values=said, page=person.title)


def _all(name: str, partners: Sequence[PageRecord]) -> tuple[str, ...]:
    return tuple(sorted({value for each in partners for value in each.values.get(name, ())}))
