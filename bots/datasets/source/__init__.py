"""A partner's source: a Frictionless Data Package, opened, fetched and read as a stream of rows."""

from __future__ import annotations

from bots.datasets.source.config import SourceConfig, SourceLimits
from bots.datasets.source.faults import SourceError
from bots.datasets.source.fetching import Fetcher
from bots.datasets.source.opening import Release, Source, open_source

__all__ = [
    "Fetcher",
    "Release",
    "Source",
    "SourceConfig",
    "SourceError",
    "SourceLimits",
    "open_source",
]
