"""How often what is matched without a person is right, and how much of what could be is matched.

HUBBOT_CANDIDATES names how many records of each half are tried; the weights were set on the first.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bots.datasets.choices.candidates import Roles, judge
from tests.datasets.candidates import population

pytestmark = pytest.mark.skipif(
    not (population.SHARED / "data" / "ror").exists(), reason="needs shared/data"
)
RECORDS = int(os.environ.get("HUBBOT_CANDIDATES", "4400"))
SEED = os.environ.get("HUBBOT_CANDIDATES_SEED", "1")


@dataclass
class Figures:
    """What came of the cases; `taken_for`: what kind of near-miss was taken for the right item."""

    right: int = 0
    wrong: int = 0
    there: int = 0
    first: int = 0
    taken_for: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / self.there

    def __str__(self) -> str:
        return (
            f"{self.right + self.wrong} matched without a person: precision {self.precision:.4f}, "
            f"recall {self.recall:.3f} of {self.there}; shown first {self.first / self.there:.3f}; "
            f"wrong: {dict(self.taken_for)}"
        )


def tried(history: dict[str, list[population.Org]], first_half: bool) -> Figures:
    half = [each for each in sorted(history) if population.first_half(each) is first_half]
    figures = Figures()
    for case in population.cases(history, half[:RECORDS], SEED):
        found = judge(case.record, case.items, population.ROLES)
        best = found.candidates[0].item if found.candidates else ""
        figures.there += bool(case.right)
        figures.first += bool(case.right) and best == case.right
        figures.right += bool(found.certain) and found.certain == case.right
        if found.certain and found.certain != case.right:
            figures.wrong += 1
            figures.taken_for[case.present[found.certain]] += 1
    return figures


def test_what_is_matched_without_a_person_is_right(
    record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    history = population.releases()
    assert len(history) > 13_000
    set_on, held_out = tried(history, True), tried(history, False)
    for name, figures in (("set on", set_on), ("held out", held_out)):
        record_property(f"candidates {name}", str(figures))
        with capsys.disabled():
            print(f"\nROR, {name}: {figures}")
    assert set_on.right + held_out.right >= 2000
    for figures in (set_on, held_out):
        assert figures.precision >= 0.99
        assert figures.recall >= 0.35
        assert figures.first / figures.there >= 0.8


def test_real_items_are_found_by_the_names_that_they_have() -> None:
    """Of the real items those that say where they are, among all of them and their namesakes."""
    items = population.real_items()
    right = wrong = there = 0
    for item in (each for each in items if {"P17", "P856"} & set(each.statements)):
        for turn in range(12):
            dice = random.Random(f"{item.id} {turn}")
            record = population.record_of_item(item, dice)
            others = [each for each in items if each.id != item.id]
            present = dice.random() < 0.6
            found = judge(record, [*others, item] if present else others, Roles())
            there += present
            right += found.certain == item.id
            wrong += found.certain not in ("", item.id)
    assert there > 250
    assert right > 0.25 * there
    assert wrong == 0
