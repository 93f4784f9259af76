"""A dataset's mapping: config/datasets/ID.yaml as checked facts, each fault with its line."""

from __future__ import annotations

from bots.datasets.mapping.dataset import (
    RESERVED,
    Dataset,
    load_dataset,
    load_datasets,
    name_faults,
    schema_json,
)

__all__ = ["RESERVED", "Dataset", "load_dataset", "load_datasets", "name_faults", "schema_json"]
