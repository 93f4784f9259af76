"""What HubBot knows between runs: SQLite where people try it, MariaDB on Toolforge."""

from __future__ import annotations

from bots.core.store.engine import StoreError
from bots.core.store.records import (
    RUN_STATES,
    Decision,
    Known,
    LeaseHeld,
    Run,
    SpooledEdit,
    StopSeen,
    StoredFinding,
)
from bots.core.store.store import Store, opened

__all__ = [
    "RUN_STATES",
    "Decision",
    "Known",
    "LeaseHeld",
    "Run",
    "SpooledEdit",
    "StopSeen",
    "Store",
    "StoreError",
    "StoredFinding",
    "opened",
]
