"""What people call properties and items on a wiki."""

from __future__ import annotations

from collections.abc import Collection

from bots.wiki.desk import Desk


def labels_of(desk: Desk, site: str, ids: Collection[str], language: str) -> dict[str, str]:
    """Entity → its label in a language, else in all (`mul`), else in English; not those without.

    One request for 500. Raises `NotReachedError`.
    """
    found = {}
    for name, entity in desk.entities(site).read(ids):
        labels = getattr(entity, "labels", {})
        label = labels.get(language) or labels.get("mul") or labels.get("en")
        if label:
            found[name] = label
    return found
