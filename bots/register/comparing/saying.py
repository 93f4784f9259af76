"""An item reduced to what a record is compared with."""

from __future__ import annotations

from collections.abc import Iterable

from bots.core.config import SiteNumbers
from bots.core.said import normal
from bots.core.wikibase.model import Entity
from bots.register.comparing.judging import Says
from bots.register.sources.values import said_of

_INSTANCE_OF = "P31"


class Numbers:
    """What Wikidata's properties and items are called on the site, and back."""

    def __init__(self, numbers: SiteNumbers) -> None:
        self._numbers = numbers
        known = {**numbers.properties, **numbers.items}
        self._back = {here: name for name, here in known.items()}

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
    found = said_of(item.statements.get(numbers.here(property_id), ()))
    return tuple(dict.fromkeys(numbers.at_wikidata(each.text) for each in found))
