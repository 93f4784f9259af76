"""What HubBot left in a slot, as JSON for the store: short, and the same when read again.

It holds `value` and, where they are not as usual, `owned` ("reference", "nothing"; else whole),
`rank` (else normal), `past`, `spent` and `gone` (true: a tombstone).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bots.core.merge.facts import Base, Memory, Owned, Rank, Tombstone, V
from bots.core.plan import JSON


def memory_of(raw: Mapping[str, Any] | None, read: Callable[[Any], V]) -> Memory[V]:
    """A base, a tombstone or nothing; `read` reads its value."""
    if raw is None or "value" not in raw:
        return None
    base = Base(
        value=read(raw["value"]),
        owned=Owned(raw["owned"]) if "owned" in raw else Owned.WHOLE,
        rank=Rank(raw["rank"]) if "rank" in raw else Rank.NORMAL,
        past=tuple(_base_of(each, read) for each in raw["past"]) if "past" in raw else (),
        spent=tuple(raw["spent"]) if "spent" in raw else (),
    )
    return Tombstone(base) if raw.get("gone") else base


def memory_json(memory: Memory[V], write: Callable[[V], JSON]) -> dict[str, JSON] | None:
    """What `memory_of` reads."""
    if memory is None:
        return None
    base = memory.left if isinstance(memory, Tombstone) else memory
    raw: dict[str, JSON] = {"value": write(base.value)}
    if base.owned is not Owned.WHOLE:
        raw["owned"] = base.owned.value
    if base.rank is not Rank.NORMAL:
        raw["rank"] = base.rank.value
    if base.past:
        raw["past"] = [memory_json(each, write) for each in base.past]
    if base.spent:
        raw["spent"] = list(base.spent)
    if isinstance(memory, Tombstone):
        raw["gone"] = True
    return raw


def _base_of(raw: Mapping[str, Any], read: Callable[[Any], V]) -> Base[V]:
    memory = memory_of(raw, read)
    if not isinstance(memory, Base):
        raise ValueError(f"no base in the store: {raw!r}")
    return memory
