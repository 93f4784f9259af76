"""What an operator took back of a run: of records, requests and reminders it is not done again."""

from __future__ import annotations

from bots.core.plan import JSON
from bots.register.accepted.facts import DONE, RECORD
from bots.register.duties.plan import REMINDED

_FILLED = ("field:", "request:")
"""How the slots of a record's page begin that were filled in from requests."""


def after_undo(slot: str, left: JSON, was: JSON) -> JSON:
    """The base of a slot in which a run's doing was taken back: `left` was its base, `was` before.

    What was filled in counts as taken out by people. A list's rows may come again: what it is of
    has them still.
    """
    if slot == DONE or slot.startswith(REMINDED):
        return left
    if isinstance(left, dict) and (slot == RECORD or slot.startswith(_FILLED)):
        return {**left, "gone": True}
    return was
