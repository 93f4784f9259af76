"""The register as the configuration's folder describes it, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bots.core.config import HubConfig, load_yaml
from bots.core.licences import LicenceBook
from bots.core.register.asking import Canonical, Kinds
from bots.core.register.kinds import load_kinds
from bots.core.register.values import known_world, reader


@dataclass(frozen=True)
class Open:
    """The kinds that there are, and what words of a question about them mean."""

    kinds: Kinds
    canonical: Canonical


def open_register(config: HubConfig, spoken: Iterable[str]) -> Open:
    """The register; countries and languages are known by their names in the `spoken` languages.

    Without a kind there is nothing to ask for. Raises `ConfigError`.
    """
    kinds = load_kinds(config.folder / "records")
    if not kinds:
        return Open({}, lambda _field, _word: None)
    book = load_yaml(config.folder / "licences.yaml", LicenceBook)
    datasets = [path.stem for path in sorted((config.folder / "datasets").glob("*.yaml"))]
    world = known_world(config.register, kinds, book, spoken, datasets)
    return Open(kinds, reader(world))
