"""What lists can be of besides the records of a kind, read for those that ask for it."""

from __future__ import annotations

from bots.register.sources.reading import Around, Wanted, read, read_pages_there

__all__ = ["Around", "Wanted", "read", "read_pages_there"]
