"""What a life is about: the properties of a dataset, and what people may say there instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from bench.life import source, values
from bench.life.values import Json


@dataclass(frozen=True)
class Subject:
    """A dataset as people see it on the wiki.

    - `identifier`: the property by which record and item belong together.
    - `ours`: what the dataset speaks of beside it; `single`: those that have one value at a time.
    - `dated`: those of them that are years; `qualified`: those with a qualifier of ours, and which.
    - `datasets`: the items that references name as where it is stated.
    - `another`: a value of a property that nobody else says.
    - `says`: what a record says: of each property the values, and the qualifiers that each has.
    - `aliases`: the other names of a record.
    """

    identifier: str
    ours: tuple[str, ...]
    single: tuple[str, ...]
    dated: tuple[str, ...]
    qualified: Mapping[str, str]
    datasets: tuple[str, ...]
    another: Callable[[str, Random], Json]
    says: Callable[[Any], Iterable[tuple[str, list[Json], list[Json]]]]
    aliases: Callable[[Any], list[str]]

    def identified(self, identifier: str) -> Json:
        """A snak of the identifier."""
        return values.snak(self.identifier, identifier, "external-id")


MUSEUMS = Subject(
    identifier=values.IDENTIFIER,
    ours=values.OURS,
    single=values.SINGLE,
    dated=(values.FOUNDED,),
    qualified={values.HOLDINGS: values.AS_OF, values.VISITORS: values.AS_OF},
    datasets=values.DATASETS,
    another=values.another,
    says=source.statements,
    aliases=source.aliases,
)
"""The dataset that `bench/life/source.py` makes."""
