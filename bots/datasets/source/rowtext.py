"""What a source said in a row, as the store keeps it until the record is judged again."""

from __future__ import annotations

from decimal import Decimal

from bots.core.plan import JSON
from bots.core.wikibase import exact


def row_text(cells: JSON) -> str | None:
    """JSON text with exact numbers; None where the row need not be kept."""
    return None if cells is None else exact.dumps(_finite(cells))


def _finite(held: JSON) -> JSON:
    """What a source said, with NaN and infinity as texts: JSON has none."""
    match held:
        case dict():
            return {name: _finite(value) for name, value in held.items()}
        case list():
            return [_finite(value) for value in held]
        case Decimal() if not held.is_finite():
            return str(held)
    return held
