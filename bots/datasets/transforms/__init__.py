"""Named transforms: what a mapping may do to a source's value, and nothing else."""

from __future__ import annotations

from bots.datasets.transforms import dates, identifiers, numbers, texts
from bots.datasets.transforms.base import (
    TRANSFORMS,
    Arguments,
    Step,
    Transform,
    TransformError,
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
    "arguments_of",
    "flat",
    "number_of",
    "shown",
    "text_of",
]

_MODULES = (texts, identifiers, dates, numbers)
"""Importing them fills the registry."""
