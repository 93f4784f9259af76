"""Random lives of a list: what people do to its page, as they could with any editor.

Each thing that people write is a word of its own (p1, p2 …), so that it can be looked for.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bots.core.wikitext.tables import Cell
from bots.core.wikitext.tablewriting import Change, add_cell, remove_cells, rewrite
from bots.register.lists.facts import Column, Grid, ListFault, Row, Section
from bots.register.lists.standing import Standing, StandingRow, StandingTable, read_standing

COLUMNS = ("name", "country", "stage")
SECTIONS = ("SE", "FI", "NO")
VALUES = ("Aa", "Bb", "Cc & Dd", "[[Ee|Ff]]", "", "-5", "{{n|a|b}}", "x | y".replace("|", "&#124;"))


@dataclass
class Register:
    """What the register says: rows by key with their sections and cells."""

    chance: random.Random
    grouped: bool
    columns: list[str] = field(default_factory=lambda: ["name", "country"])
    rows: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    made: int = 0
    unknown: frozenset[str] = frozenset()

    def grid(self) -> Grid:
        keys = SECTIONS if self.grouped else ("",)
        sections = []
        for key in keys:
            rows = [
                Row(name, {c: v for c, v in cells.items() if c in self.columns}, self.unknown)
                for name, (section, cells) in self.rows.items()
                if section == key or not self.grouped
            ]
            if rows or not self.grouped:
                sections.append(Section(key, f"In {key}" if key else "", rows))
        return Grid([Column(name, name.title()) for name in self.columns], sections)

    def changes(self) -> str:
        """One thing is otherwise from now on; what it is."""
        chance = self.chance
        what = chance.choice(("cell", "cell", "new", "gone", "section", "order", "column", "group"))
        key = chance.choice(list(self.rows)) if self.rows else ""
        if what == "new" or len(self.rows) < 2:
            self.made += 1
            section = chance.choice(SECTIONS)
            cells = {name: chance.choice(VALUES) for name in COLUMNS}
            rows = list(self.rows.items())
            new = (f"r{self.made}", (section, cells | {"name": f"N{self.made}"}))
            rows.insert(chance.randint(0, len(rows)), new)
            self.rows = dict(rows)
            return "new"
        section, cells = self.rows[key]
        if what == "cell":
            self.rows[key] = section, {**cells, chance.choice(COLUMNS): chance.choice(VALUES)}
        elif what == "gone":
            del self.rows[key]
        elif what == "group":
            self.grouped = chance.random() < 0.5
        elif what == "section":
            self.rows[key] = chance.choice(SECTIONS), cells
        elif what == "order":
            rows = list(self.rows.items())
            chance.shuffle(rows)
            self.rows = dict(rows)
        elif what == "column":
            self.columns = chance.choice((["name", "country"], ["name", "stage"], list(COLUMNS)))
        return what


@dataclass
class People:
    """What people have done that a bot has to mind."""

    chance: random.Random
    words: int = 0
    removed: dict[str, str] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    columns: bool = False
    dropped: bool = False

    def word(self) -> str:
        self.words += 1
        return f"p{self.words}."

    def edit(self, text: str, keys: Sequence[str]) -> tuple[str, str]:
        """Do something to the page; the name of it, and the text after."""
        stands = read_standing(text, keys)
        if isinstance(stands, ListFault) or not stands.tables:
            return "", text
        for act in self.chance.choices(ACTS, k=3):
            table = self.chance.choice(list(stands.tables.values()))
            changes = act(self, stands, table)
            if changes:
                return act.__name__, rewrite(text, changes)
        return "", text

    def pick(self, table: StandingTable, *, any_row: bool = False) -> StandingRow | None:
        rows = [row for row in table.rows if (any_row or row.key) and not row.broken]
        return self.chance.choice(rows) if rows else None

    def touch(self, row: StandingRow) -> None:
        self.touched.add(row.key)


def writes(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row = people.pick(table, any_row=True)
    if row is None or not row.row.cells:
        return []
    cell = people.chance.choice(row.row.cells)
    people.touch(row)
    return [Change(cell.text_start, cell.text_end, f"{'' if cell.text else ' '}{people.word()}")]


def agrees(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row = people.pick(table)
    if row is None or not row.row.cells:
        return []
    cell = people.chance.choice(row.row.cells)
    if not cell.text:
        return []
    people.touch(row)
    return [Change(cell.text_start, cell.text_end, people.chance.choice(VALUES[:4]))]


def empties(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row = people.pick(table)
    if row is None or not row.row.cells:
        return []
    cell = people.chance.choice(row.row.cells)
    if "p" in cell.text:
        return []
    people.touch(row)
    return [Change(cell.text_start, cell.text_end, "")]


def remarks(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row = people.pick(table)
    if row is None or not row.row.cells:
        return []
    cell = people.chance.choice(row.row.cells)
    people.touch(row)
    at = cell.text_end if people.chance.random() < 0.5 else row.row.end
    line = "" if at == cell.text_end else "\n"
    return [Change(at, at, f"<!-- {people.word()} -->{line}")]


def spells(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    """The row is written in another style, as an editor does; nothing is changed by it."""
    row = people.pick(table, any_row=True)
    if row is None or row.row.noted or not row.row.cells:
        return []
    text = stands.text
    cells = [text[cell.inside : cell.end].strip() for cell in row.row.cells]
    if any("\n" in cell for cell in cells):
        return []
    one_line = people.chance.choice((" || ", "||", "\n| ", "\n|"))
    start = "|-" + text[row.row.start + 2 : text.index("\n", row.row.start)]
    first = "| " if cells[0][:1] in "-+}|" or "-5" in cells else people.chance.choice(("| ", "|"))
    if "-5" in cells and one_line == "\n|":
        one_line = "\n| "
    return [Change(row.row.start, row.row.end, f"{start}\n{first}{one_line.join(cells)}\n")]


def removes(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row = people.pick(table)
    if row is None or "p" in stands.text[row.row.start : row.row.end]:
        return []
    people.removed[row.key] = stands.text[row.row.start : row.row.end]
    return [Change(row.row.start, row.row.end, "")]


def puts_back(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    if not people.removed:
        return []
    key = people.chance.choice(list(people.removed))
    there = {row.key for each in stands.tables.values() for row in each.rows}
    if key in there | {name for _, name in stands.hidden}:
        return []
    people.touched.add(key)
    return [Change(table.table.close, table.table.close, people.removed.pop(key))]


def hides(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row = people.pick(table)
    if row is None or row.row.noted:
        return []
    people.touch(row)
    written = stands.text[row.row.start : row.row.end]
    return [Change(row.row.start, row.row.end, f"<!--\n{written}-->\n")]


def shows(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    text = stands.text
    start = text.find("<!--\n|-")
    end = text.find("-->\n", start)
    if start < 0 or end < 0:
        return []
    return [Change(start, start + 5, ""), Change(end, end + 4, "")]


def moves(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row, target = people.pick(table), people.chance.choice(list(stands.tables.values()))
    if row is None or (target is not table and len(target.columns) != len(table.columns)):
        return []
    there = [each.row for each in target.rows if each.row is not row.row]
    at = people.chance.choice([each.end for each in there] + [target.table.close])
    if target is not table:
        people.touch(row)
        if any(each.key == row.key for each in target.rows):
            return []
    written = stands.text[row.row.start : row.row.end]
    changes = [Change(row.row.start, row.row.end, ""), Change(at, at, written)]
    return changes if at not in range(row.row.start, row.row.end + 1) else []


def adds(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    at = people.chance.choice([row.row.end for row in table.rows] + [table.table.close])
    cells = [people.word() for _ in table.columns]
    between = people.chance.choice((" || ", "\n| "))
    return [Change(at, at, f"|-\n| {between.join(cells)}\n")]


def notes(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    """A column of people's own, with a note here and there."""
    if people.columns:
        return []
    people.columns = True
    people.touched |= {row.key for row in table.rows if row.broken}
    place = people.chance.randint(0, len(table.columns))
    changes = [add_cell(stands.text, table.header, place, people.word())]
    for row in table.rows:
        if row.row.cells and place <= len(row.row.cells) and not row.broken:
            note = people.word() if people.chance.random() < 0.5 else ""
            people.touched |= {row.key} if note else set()
            changes.append(add_cell(stands.text, row.row, place, note))
    return changes


def copies(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row = people.pick(table)
    if row is None:
        return []
    people.touch(row)
    written = stands.text[row.row.start : row.row.end]
    return [Change(row.row.end, row.row.end, written)]


def spans(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row = people.pick(table)
    if row is None or not row.row.cells:
        return []
    people.touch(row)
    cell = row.row.cells[-1]
    return [Change(cell.inside, cell.inside, ' rowspan="2" | ')] if not cell.attributes else []


def nests(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row = people.pick(table)
    if row is None or not row.row.cells:
        return []
    people.touch(row)
    return [Change(row.row.end, row.row.end, f"{{|\n| {people.word()}\n|}}\n")]


def says(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    """Words around the tables, a caption, another heading."""
    at = people.chance.choice((table.table.end, table.table.inside))
    caption = at == table.table.inside
    return [Change(at, at, f"|+ {people.word()}\n" if caption else f"\n{people.word()}\n")]


def heads(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    """Another heading, or another title of a column, which goes with the column."""
    heading, cell = table.heading, people.chance.choice(table.header.cells)
    if heading and people.chance.random() < 0.5:
        return [Change(heading.title_start, heading.title_end, people.word())]
    if not cell.text or "p" in cell.text:
        return []
    return [Change(cell.text_start, cell.text_end, "Another")]


def drops(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    """A column of ours goes."""
    ours = [place for place, name in enumerate(table.columns) if name]
    if len(table.columns) < 2 or table.header.noted or not ours:
        return []
    place = people.chance.choice(ours)
    rows = [row.row for row in table.rows if place < len(row.row.cells)]
    changes = [remove_cells(stands.text, row, place, place) for row in (table.header, *rows)]
    if any("p" in stands.text[each.start : each.end] for each in changes):
        return []
    people.touched |= {row.key for row in table.rows}
    people.dropped = True
    return changes


def clears(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    """A whole section goes."""
    start = table.heading.start if table.heading else table.table.start
    gone = stands.text[start : table.table.end]
    if not table.section or "p" in gone:
        return []
    people.dropped = True
    return [Change(start, table.table.end, "")]


def colours(people: People, stands: Standing, table: StandingTable) -> list[Change]:
    row = people.pick(table)
    cells: Sequence[Cell] = row.row.cells if row else ()
    plain = [cell for cell in cells if not cell.attributes and cell.text]
    if not plain:
        return []
    cell = people.chance.choice(plain)
    return [Change(cell.inside, cell.inside, ' style="color:red" |')]


Act = Callable[[People, Standing, StandingTable], list[Change]]
ACTS: tuple[Act, ...] = (
    writes, writes, writes, agrees, empties, remarks, spells, spells, removes, puts_back, hides,
    puts_back, shows, shows, moves, moves, adds, notes, copies, spans, nests, says, colours, heads,
    drops, clears,
)  # fmt: skip
