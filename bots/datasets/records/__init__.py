"""What a source's records say of their items, by the mapping."""

from __future__ import annotations

from bots.datasets.records.mapper import WIKIDATA, Mapper
from bots.datasets.records.snaks import ItemOf

__all__ = ["WIKIDATA", "ItemOf", "Mapper"]
