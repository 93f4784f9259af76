"""The guard: what a plan may do before a person has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bots.core.config import GuardLimits
from bots.core.entitychange import EntityChange
from bots.core.merge.facts import Rank
from bots.core.messages import Message
from bots.core.plan import Edit, PageText


@dataclass(frozen=True, kw_only=True)
class Weight:
    """How much a bot has in hand, against which a plan is weighed; 0: it can't tell.

    `statements` are those that stand as its own on the wiki, `records` all that its source had,
    and `gone` those of them that the source has no more.
    """

    statements: int = 0
    records: int = 0
    gone: int = 0


@runtime_checkable
class Weighed(Protocol):
    """A bot that can say how much it has in hand."""

    def weight(self) -> Weight:
        """As the last plan found it; asked once all of that has been taken."""


@dataclass
class PlanSize:
    """What the guard has to know of a plan, counted edit by edit while it is spooled.

    `withdrawn` are statements that the plan removes or deprecates; `limit` is the most edits that
    will be made of it. `weight` is left out where a person has seen the plan before.
    """

    edits: int = 0
    shrunk: int = 0
    first_shrunk: str = ""
    withdrawn: int = 0
    weight: Weight = Weight()
    limit: int | None = None

    def add(self, edit: Edit, limits: GuardLimits) -> None:
        """Count one edit."""
        self.edits += 1
        if shrinks(edit, limits):
            self.shrunk += 1
            self.first_shrunk = self.first_shrunk or str(edit.target)
        if isinstance(edit.change, EntityChange):
            self.withdrawn += withdraws(edit.change)


def withdraws(change: EntityChange) -> int:
    """How many statements a change removes or deprecates."""
    deprecated = [each for each in change.patch.edit if each.rank is Rank.DEPRECATED]
    return len(change.patch.remove) + len(deprecated)


def shrinks(edit: Edit, limits: GuardLimits) -> bool:
    """Whether an edit empties a page, or takes away more of it than the limits allow."""
    change = edit.change
    if not isinstance(change, PageText):
        return False
    before = len((change.before or "").encode())
    after = len(change.text.encode())
    if before and not change.text.strip():
        return True
    gone = before - after - change.moved
    return gone >= max(limits.page_shrunk_bytes, 1) and gone * 100 >= (
        before * limits.page_shrunk_percent
    )


def trips(size: PlanSize, largest_run: int | None, limits: GuardLimits) -> list[Message]:
    """Why a plan has to wait for a person's word; nothing if it has not.

    `largest_run` is the most edits that a run of this bot ever saved, None before its first.
    A bot whose runs are small may always do as much as a first run may.
    """
    found = []
    edits = size.edits if size.limit is None else min(size.edits, size.limit)
    if largest_run is None and edits > limits.first_run_edits:
        found.append(
            Message("guard-first-run", {"num_edits": edits, "num_limit": limits.first_run_edits})
        )
    if largest_run is not None:
        limit = max(limits.first_run_edits, int(largest_run * limits.growth))
        if edits > limit:
            found.append(Message("guard-growth", {"num_edits": edits, "num_limit": limit}))
    found += _losses(size, limits)
    if size.shrunk:
        found.append(Message("guard-shrunk", {"num_pages": size.shrunk, "page": size.first_shrunk}))
    return found


def _losses(size: PlanSize, limits: GuardLimits) -> list[Message]:
    found = []
    weight, withdrawn = size.weight, size.withdrawn
    if withdrawn > limits.withdrawn_statements and (
        0 < weight.statements * limits.withdrawn_percent < withdrawn * 100
    ):
        params = {"num_withdrawn": withdrawn, "num_statements": weight.statements}
        found.append(Message("guard-withdrawn", params))
    if size.edits and 0 < weight.records * limits.gone_percent < weight.gone * 100:
        params = {"num_gone": weight.gone, "num_records": weight.records}
        found.append(Message("guard-gone", params))
    return found
