"""Random lives of a list: people win, and a merge after a merge has nothing to do.

HUBBOT_HISTORIES sets how many are lived.
"""

from __future__ import annotations

import os
import random
import re

import pytest

from bots.register.lists.facts import Grid, ListFault, MergedList
from bots.register.lists.merging import merge_list
from bots.register.lists.rows import cells_of
from bots.register.lists.standing import Standing, read_standing
from tests.register.list_lives import ACTS, SECTIONS, People, Register

LIVES = int(os.environ.get("HUBBOT_HISTORIES", "2000"))
PARTS = 4
KEYS = ("", *SECTIONS)


class Life:
    """A list, the register and people, from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.register = Register(self.chance, self.chance.random() < 0.5)
        self.people = People(self.chance)
        self.text, self.base = "\n", None
        self.acts: list[str] = []
        self.texts = ["\n"]
        for _ in range(self.chance.randint(2, 4)):
            self.register.changes()

    def live(self) -> None:
        self.run()
        for _ in range(self.chance.randint(3, 9)):
            drawn = self.chance.random()
            if drawn < 0.55:
                name, self.text = self.people.edit(self.text, KEYS)
                self.acts += [name] if name else []
                if "lost" in self.acts:
                    self.people.removed.clear()
                self.texts.append(self.text)
            elif drawn < 0.94:
                self.acts.append("register: " + self.register.changes())
            elif drawn < 0.97:
                self.acts.append("reverts")
                self.text = self.chance.choice(self.texts)
                self.people.touched |= {f"r{number}" for number in range(99)}
            else:
                self.acts.append("lost")
                self.base = None
                self.people.removed.clear()
            if self.chance.random() < 0.5:
                self.run()
        self.run(last=True)

    def run(self, *, last: bool = False) -> None:
        self.acts.append("run")
        grid, whole = self.register.grid(), self.chance.random() > 0.1
        before = self.text
        if not before.strip():
            self.people.removed.clear()
        merged = self.merged(grid, whole)
        if merged is None:
            return
        self.text, self.base = merged.text, merged.base
        self.texts.append(self.text)
        self.check(before, merged, grid)
        if last or len(self.acts) % 2:
            self.settled(merged, grid, whole, last)

    def merged(self, grid: Grid, whole: bool) -> MergedList | None:
        merged = merge_list(self.text, self.base, grid, whole=whole)
        if isinstance(merged, ListFault):
            self.hold(merged.key != "register-table-unsafe", f"{merged}")
            if merged.key != "register-list-empty":
                fault = read_standing(self.text, KEYS)
                known = isinstance(fault, ListFault) or "moved" in merged.key
                self.hold(known or "no-section" in merged.key, f"{merged}")
            return None
        return merged

    def check(self, before: str, merged: MergedList, grid: Grid) -> None:
        after = merged.text
        stands = read_standing(after, KEYS)
        was = read_standing(before, KEYS)
        if isinstance(stands, ListFault) or isinstance(was, ListFault):
            raise AssertionError(self.story("no longer read"))
        words = sorted(re.findall(r"p\d+\.", before))
        self.hold(words == sorted(re.findall(r"p\d+\.", after)), "people's words")
        self.hold(before.count("<!--") == after.count("<!--"), "comments")
        self.order(was, stands)
        self.rows(was, stands, grid)
        lines = after.count("\n") + 1
        self.hold(all(1 <= told.line <= lines for told in merged.told), "lines")

    def settled(self, merged: MergedList, grid: Grid, whole: bool, last: bool) -> None:
        again = merge_list(merged.text, merged.base, grid, whole=whole)
        if isinstance(again, ListFault):
            raise AssertionError(self.story(f"second merge: {again}"))
        self.hold(again.text == merged.text, "a second merge changes something")
        third = merge_list(merged.text, again.base, grid, whole=whole) if last else again
        if isinstance(third, ListFault):
            raise AssertionError(self.story(f"third merge: {third}"))
        self.hold(third.base == again.base, "what is remembered changes")
        self.hold(again.told == third.told, "what is told changes")

    def order(self, was: Standing, stands: Standing) -> None:
        for section, table in stands.tables.items():
            if section not in was.tables:
                continue
            old = [row.key for row in was.tables[section].rows if row.key]
            new = [row.key for row in table.rows if row.key]
            self.hold(
                [key for key in old if key in new] == [key for key in new if key in old],
                "the order of rows",
            )

    def rows(self, was: Standing, stands: Standing, grid: Grid) -> None:
        there = [row for table in stands.tables.values() for row in table.rows if row.key]
        counts = {row.key: sum(row.key == each.key for each in there) for row in there}
        old = [row.key for table in was.tables.values() for row in table.rows if row.key]
        for key, count in counts.items():
            self.hold(count <= max(1, old.count(key)), f"{key} is doubled")
            self.hold(key not in self.people.removed or key in old, f"{key} is brought back")
        hidden = {key for _, key in stands.hidden}
        self.hold(hidden == {key for _, key in was.hidden}, "hidden rows")
        if "lost" not in self.acts and not self.people.dropped:
            self.follows(stands, grid, hidden)

    def follows(self, stands: Standing, grid: Grid, hidden: set[str]) -> None:
        """What people have never touched says what the register says."""
        broken = {row.key for t in stands.tables.values() for row in t.rows if row.broken}
        for section in grid.sections:
            table = stands.tables.get(section.key)
            for ours in section.rows:
                if ours.key in self.people.touched | hidden | broken | set(self.people.removed):
                    continue
                rows = [row for row in table.rows if row.key == ours.key] if table else []
                self.hold(len(rows) == 1, f"{ours.key} is not where it should be")
                cells = cells_of(table, rows[0].row) if table else {}
                for column in grid.columns:
                    says = ours.cells.get(column.name, "")
                    self.hold(cells.get(column.name, "") == says, f"{ours.key}: {column.name}")

    def hold(self, so: bool, what: str) -> None:
        assert so, self.story(what)

    def story(self, what: str) -> str:
        return f"{what}: {self.acts}\n{self.text}"


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.timeout(0 if LIVES > 2000 else 120)
def test_nothing_of_people_s_is_lost_and_a_merge_after_a_merge_changes_nothing(part: int) -> None:
    for seed in range(part, LIVES, PARTS):
        life = Life(seed)
        try:
            life.live()
        except AssertionError as wrong:
            pytest.fail(f"life {seed}: {wrong}")


MARKUP = (
    "\n{|\n", "\n|}\n", "\n|-\n", "\n| ", "\n! ", " || ", "!!", "\n|+", "|", "{{!}}", "{{", "}}",
    "[[",    ' data-row="r1"', '|- data-row="r2"\n', "<table>",
    "</td>", "rowspan=2 |", "colspan=3|", "<!--",
    '! data-column="name" | x\n', "-->", "\n", "=== In SE ===\n", '{| data-section="SE"\n', "",
    "data-section", "<ref>", "<nowiki>", "<noinclude>", "<b title='",
)  # fmt: skip


def test_whatever_breaks_the_page_it_is_refused_or_merged_as_ever() -> None:
    refused = 0
    for seed in range(LIVES, LIVES + 250):
        life = Life(seed)
        life.live()
        for _ in range(life.chance.randint(1, 4)):
            at = life.chance.randint(0, len(life.text))
            gone = life.chance.choice((0, 0, 1, 3, 10, 40))
            life.text = life.text[:at] + life.chance.choice(MARKUP) + life.text[at + gone :]
        life.acts.append("broken")
        grid = life.register.grid()
        merged = merge_list(life.text, life.base, grid)
        if isinstance(merged, ListFault):
            assert 1 <= merged.line <= life.text.count("\n") + 1
            refused += 1
        else:
            words = [sorted(re.findall(r"p\d+\.", text)) for text in (life.text, merged.text)]
            life.hold(words[0] == words[1], "people's words")
            life.settled(merged, grid, True, True)
    assert 50 < refused < 200


def test_lives_are_the_same_every_time_and_none_is_without_its_kind_of_act() -> None:
    lives = [Life(seed) for seed in (*range(150), 7)]
    for life in lives:
        life.live()
    assert lives[7].acts == lives[-1].acts
    assert lives[7].text == lives[-1].text
    happened = {act for life in lives for act in life.acts}
    assert {act.__name__ for act in ACTS} <= happened
    assert {"run", "lost", "reverts", "register: section", "register: column"} <= happened
