"""config/computed.yaml: fields that no page holds, since HubBot works out what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel

from bots.core.config import Strict, load_yaml
from bots.core.register.kinds import FieldConfig, FieldName, Words

COMPUTED = Path(__file__).parents[3] / "config" / "computed.yaml"


class ComputedConfig(Strict):
    """What a list can be of besides records, or what a kind of record has besides its own fields.

    `asked`: how a list says that it is of this; none: it is of a kind. `called`: the field that
    names a row.
    """

    about: Words
    asked: Sequence[str] = ()
    called: str = "name"
    fields: Annotated[Mapping[FieldName, FieldConfig], Field(min_length=1)]


class _File(RootModel[Mapping[str, ComputedConfig]]):
    """The whole of computed.yaml."""


def load_computed(path: Path = COMPUTED) -> Mapping[str, ComputedConfig]:
    """All of computed.yaml, by name: dataset, software, equity, year, people; kinds of records.

    Raises `ConfigError`.
    """
    return load_yaml(path, _File).root
