"""What the rows of a partner's files are called."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from bots.datasets.facts import Difference


def row_id(record: str, slot: str, kind: str, values: Iterable[str]) -> str:
    """What a row of ours is called when the partner answers it: the same for the same row.

    Another value on the wiki is another row. It begins with a letter, so that no spreadsheet
    takes it for a number.
    """
    said = json.dumps([record, slot, kind, *values])
    return "r" + hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def difference_row(difference: Difference) -> str:
    """The `row_id` of a difference."""
    return row_id(difference.record, difference.slot, difference.kind, difference.wiki_values)
