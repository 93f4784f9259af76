"""An item reduced to what a record is compared with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bots.core.config import SiteNumbers
from bots.core.merge.facts import Rank
from bots.core.said import normal
from bots.core.wikibase.model import (
    Entity,
    EntityId,
    Monolingual,
    Quantity,
    Statement,
    Text,
    Time,
    Value,
)
from bots.register.comparing.judging import Says

_INSTANCE_OF = "P31"
_YEAR, _MONTH, _DAY = 9, 10, 11
"""Precisions of a time (wikibase.model.Time)."""


class Numbers:
    """What Wikidata's properties and items are called on the site, and back."""

    def __init__(self, numbers: SiteNumbers) -> None:
        self._numbers = numbers
        self._back = {
            here: name for name, here in (*numbers.properties.items(), *numbers.items.items())
        }

    def here(self, wikidata_id: str) -> str:
        """The site's own id."""
        return self._numbers.here(wikidata_id)

    def at_wikidata(self, here: str) -> str:
        """Wikidata's id."""
        return self._back.get(here, here)


def says(
    item: Entity, name: str, properties: Iterable[str], numbers: Numbers, language: str
) -> Says:
    """What the item says of these properties (Wikidata's), and whether it has this name."""
    names = [*item.labels.values(), *(text for many in item.aliases.values() for text in many)]
    wanted = normal(name)
    return Says(
        label=next((item.labels[c] for c in (language, "mul", "en") if c in item.labels), ""),
        named=any(normal(each) == wanted for each in names),
        kinds=frozenset(values(item, _INSTANCE_OF, numbers)),
        values={each: found for each in properties if (found := values(item, each, numbers))},
    )


def values(item: Entity, property_id: str, numbers: Numbers) -> tuple[str, ...]:
    """The values of one of Wikidata's properties, of the best rank there is; see `Says`."""
    statements = item.statements.get(numbers.here(property_id), ())
    best = _best(statements)
    texts = (_text(each.mainsnak.value, numbers) for each in best)
    return tuple(dict.fromkeys(text for text in texts if text))


def _best(statements: Collection[Statement]) -> list[Statement]:
    for rank in (Rank.PREFERRED, Rank.NORMAL):
        if found := [each for each in statements if each.rank is rank]:
            return found
    return []


def _text(value: Value | None, numbers: Numbers) -> str:
    match value:
        case Text(text=text) | Monolingual(text=text):
            return text
        case EntityId(id=entity_id):
            return numbers.at_wikidata(entity_id)
        case Quantity(amount=amount):
            return amount.removeprefix("+")
        case Time() as time:
            return _day(time)
    return ""


def _day(time: Time) -> str:
    """2016, 2016-03 or 2016-03-01; "" for what is known less well, or before our era."""
    length = {_YEAR: 4, _MONTH: 7, _DAY: 10}.get(time.precision, 0)
    found = _OF_OUR_ERA.fullmatch(time.time)
    return f"{int(found[1]):04}-{found[2]}"[:length] if found and length else ""


_OF_OUR_ERA = re.compile(r"\+0*(\d{1,4})-(\d\d-\d\d)T.*", re.ASCII)
