"""Named transforms: what a mapping may do to a source's value, and nothing else."""

from __future__ import annotations

from bots.datasets.transforms import dates, identifiers, numbers, texts
from bots.datasets.transforms.base import (
    TRANSFORMS,
    Arguments,
    Step,
    Transform,
    TransformError,
    apply,
    arguments_of,
    flat,
    number_of,
    shown,
    text_of,
)
from bots.datasets.transforms.numbers import Measure

__all__ = [
    "TRANSFORMS",
    "Arguments",
    "Measure",
    "Step",
    "Transform",
    "TransformError",
    "apply",
    "arguments_of",
    "flat",
    "markdown",
    "number_of",
    "shown",
    "text_of",
]

_MODULES = (texts, identifiers, dates, numbers)
"""Importing them fills the registry."""


def markdown() -> str:
    """The table of all transforms, as docs/mapping.md has it."""
    lines = ["| transform | does | takes | gives | arguments | odd input |", "|" + "---|" * 6]
    for name, each in sorted(TRANSFORMS.items()):
        cells = (f"`{name}`", each.does, each.takes, each.gives, _arguments(each), each.odd)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _arguments(each: Transform) -> str:
    told = []
    for name, field in each.arguments.model_fields.items():
        alone = " (can stand alone)" if name == each.arguments.main else ""
        told.append(f"`{field.alias or name}`{alone}: {field.description}")
    return "<br>".join(told) or "–"
