"""The pages of a value table: rows for the source's values of which nobody knows the item yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bots.core.messages import Message
from bots.core.plan import Planned
from bots.datasets.choices import rowsheets, valuepages
from bots.datasets.choices.matchpages import Look
from bots.datasets.choices.rowpages import Row
from bots.datasets.choices.rowsheets import Renewed, Sheets
from bots.datasets.choices.valuepages import VALUES, Proposal, WaitingValue

FAULT = "mapping-not-in-table"
"""The message of a fault for a value that is not in its table."""

LONGEST_VALUE = 199
"""A longer value is not told whole in the fault, and has no row."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the pages of one table are made of.

    - `counts`: value → how many records wait for it; `exact`: whether they are all counted.
    - `proposals`: of the values that have no row yet, as far as this run has looked for them.
    """

    sheets: Sheets
    counts: Mapping[str, int]
    exact: bool
    proposals: Mapping[str, Sequence[Proposal]]
    look: Look
    above: str


def fits(value: str) -> bool:
    """Whether a value can have a row: it is told whole, and to the letter."""
    return bool(value.strip()) and len(value) <= LONGEST_VALUE and "\ufffd" not in value


def plan_pages(facts: Facts) -> Iterator[Planned]:
    """The edits that bring the pages up to date, and what is wrong there."""
    rows: dict[str, Row] = {}
    for value, left in rowsheets.left_on(facts.sheets).items():
        known = left.get("records", "")
        count = facts.counts.get(value, 0) if facts.exact else int(known or 0)
        if count or not facts.exact:
            rows[value] = valuepages.row_again(value, left, count)
    for value, proposals in facts.proposals.items():
        waiting = WaitingValue(value, facts.counts[value], tuple(proposals))
        rows.setdefault(value, valuepages.row(waiting, facts.look))
    renewed = rowsheets.renew(facts.sheets, rows, VALUES, facts.above)
    yield from rowsheets.planned(facts.sheets, renewed, _summary)


def _summary(renewed: Renewed) -> Message:
    return Message("choosing-summary-values", {"num_new": renewed.new})
