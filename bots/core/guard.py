"""The guard: what a plan may do before a person has looked at it."""

from __future__ import annotations

from dataclasses import dataclass

from bots.core.config import GuardLimits
from bots.core.messages import Message
from bots.core.plan import Edit, PageText


@dataclass
class PlanSize:
    """What the guard has to know of a plan, counted edit by edit while it is spooled."""

    edits: int = 0
    shrunk: int = 0
    first_shrunk: str = ""

    def add(self, edit: Edit, limits: GuardLimits) -> None:
        """Count one edit."""
        self.edits += 1
        if shrinks(edit, limits):
            self.shrunk += 1
            self.first_shrunk = self.first_shrunk or str(edit.target)


def shrinks(edit: Edit, limits: GuardLimits) -> bool:
    """Whether an edit empties a page, or takes away more of it than the limits allow."""
    change = edit.change
    if not isinstance(change, PageText):
        return False
    before = len((change.before or "").encode())
    after = len(change.text.encode())
    if before and not change.text.strip():
        return True
    gone = before - after
    return gone >= max(limits.page_shrunk_bytes, 1) and gone * 100 >= (
        before * limits.page_shrunk_percent
    )


def trips(size: PlanSize, largest_run: int | None, limits: GuardLimits) -> list[Message]:
    """Why a plan has to wait for a person's word; nothing if it has not.

    `largest_run` is the most edits that a run of this bot ever saved, None before its first.
    A bot whose runs are small may always do as much as a first run may.
    """
    found = []
    if largest_run is None and size.edits > limits.first_run_edits:
        found.append(
            Message(
                "guard-first-run", {"num_edits": size.edits, "num_limit": limits.first_run_edits}
            )
        )
    if largest_run is not None:
        limit = max(limits.first_run_edits, int(largest_run * limits.growth))
        if size.edits > limit:
            found.append(Message("guard-growth", {"num_edits": size.edits, "num_limit": limit}))
    if size.shrunk:
        found.append(Message("guard-shrunk", {"num_pages": size.shrunk, "page": size.first_shrunk}))
    return found
