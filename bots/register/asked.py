"""Whether the lists on the pages that the register begins make sense, before any is begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bots.core.register.computed import ComputedConfig
from bots.core.register.goals import GOAL
from bots.core.register.kinds import FieldConfig, KindConfig
from bots.core.register.query import QueryError
from bots.register.duties.plan import AGREEMENT
from bots.register.lists.beginning import options_of
from bots.register.lists.choosing import understand
from bots.register.lists.facts import ListSource


def list_faults(
    kinds: Mapping[str, KindConfig],
    computed: Mapping[str, ComputedConfig],
    canonical: Callable[[FieldConfig, str], str | None],
) -> Iterator[tuple[str, str, QueryError]]:
    """Kind, page, and what is wrong with its list."""
    for kind in kinds.values():
        for name, page in kind.pages.items():
            of = page.of or kind.name
            source = _source(of, kinds, computed)
            try:
                if source is None:
                    there = [*kinds, *computed]
                    raise QueryError("register-no-kind", kind=of, kinds=", ".join(there))
                if not of.startswith("dataset:"):
                    understand(options_of(of, page), source, canonical)
            except QueryError as error:
                yield kind.name, name, error


def _source(
    of: str, kinds: Mapping[str, KindConfig], computed: Mapping[str, ComputedConfig]
) -> ListSource | None:
    """What a list is of, without rows; None: there is no such."""
    what = of.partition(":")[0]
    if of in kinds:
        counted = computed[of].fields if of in computed else {}
        return ListSource(fields={**kinds[of].fields, **counted}, rows=(), called=kinds[of].called)
    if what in computed and what not in (GOAL, AGREEMENT):
        return ListSource(fields=computed[what].fields, rows=(), called=computed[what].called)
    return None
