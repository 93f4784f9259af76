"""What becomes of a list's sections, columns, rows and cells: each is a slot of `core.merge`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bots.core.merge import cell_after, merge, merge_cell
from bots.core.merge.facts import (
    ABSENT,
    UNKNOWN,
    AddValue,
    Base,
    Entry,
    Lack,
    Memory,
    RemoveEntry,
    SetValue,
    Tombstone,
)
from bots.core.wikitext.tablewriting import Change, set_heading
from bots.core.wikitext.visible import WHITE
from bots.register.lists.columns import KEPT, Columns, merge_columns, row_changes
from bots.register.lists.drawing import row_attributes, title_attributes
from bots.register.lists.facts import Grid, Happened, ListFault, Row, Section, Told
from bots.register.lists.placing import PlaceSlot, pair
from bots.register.lists.remembering import Left, LeftSection, Place
from bots.register.lists.rows import (
    Cells,
    NewRow,
    attributes_of,
    by_hand,
    cells_of,
    comment_in,
    has_people_s_words,
    keyless,
    left_text,
    merge_cells,
    notes_of,
    section_of,
)
from bots.register.lists.standing import Standing, StandingRow, StandingTable


@dataclass(eq=False)
class ListTable:
    """A section's table as it is to be: the one that stands, or one that is made for new rows."""

    key: str
    stands: StandingTable | None
    ours: Section | None
    was: LeftSection
    columns: Columns
    cells: list[Change] = field(default_factory=list)
    written: dict[int, Mapping[str, str]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    new: dict[str, NewRow] = field(default_factory=dict)
    here: dict[str, StandingRow] = field(default_factory=dict)
    shown: list[str] | None = None


class Deciding:
    """All that is decided of one list."""

    def __init__(self, stands: Standing, left: Left, ours: Grid, whole: bool) -> None:
        self.stands, self.left, self.ours, self.whole = stands, left, ours, whole
        self.text = stands.text
        self.sections = {section.key: section for section in ours.sections}
        self.names = [column.name for column in ours.columns]
        self.tables: dict[str, ListTable] = {}
        self.dead: set[str] = set()
        self.after = Left()
        self.told: list[tuple[int, Told]] = []
        self.rows: dict[tuple[str, str], Row] = {}
        self.expected: dict[tuple[str, str], Mapping[str, str]] = {}

    def decide(self) -> ListFault | None:
        keys = dict.fromkeys((*self.left.sections, *self.sections, *self.stands.tables))
        for key in keys:
            fault = self._section(key)
            if fault is not None:
                return fault
        self._rows()
        return None

    # Sections and their columns

    def _section(self, key: str) -> ListFault | None:
        table, ours = self.stands.tables.get(key), self.sections.get(key)
        was = self.left.sections.get(key) or LeftSection()
        if key in self.stands.hidden_sections:
            self.dead.add(key)
            self.after.sections[key] = was
        elif table is None and was.there is not None:
            self.dead.add(key)
            said = key if ours else self.lack()
            decision = merge(KEPT, was.there, (), said)
            self.after.sections[key] = replace(was, there=decision.base)
            if decision.told:
                self._tell(Happened.SECTION_REMOVED, 0, ours=ours.title if ours else "")
        elif table is None and ours is None:
            self.after.sections[key] = was
        else:
            if table and (fault := self._misplaced(table, key)):
                return fault
            self.tables[key] = self._table(key, table, ours, was)
        return None

    def lack(self) -> Lack:
        return ABSENT if self.whole else UNKNOWN

    def _misplaced(self, table: StandingTable, key: str) -> ListFault | None:
        """A table under the heading of another section would show its rows as that one's."""
        keys = self.titled.get(table.heading.title, set()) if table.heading else set()
        if table.heading is None or not keys or key in keys:
            return None
        params = {"section": self._title(key), "heading": table.heading.title}
        return ListFault("register-table-moved", self.stands.line(table.table.start), params)

    @cached_property
    def titled(self) -> Mapping[str, set[str]]:
        """The sections that have a heading now, or had it when it was left, by the heading."""
        found: dict[str, set[str]] = {}
        for key, section in self.sections.items():
            found.setdefault(section.title, set()).add(key)
        for key, was in self.left.sections.items():
            found.setdefault(left_text(was.title), set()).add(key)
        return {title: keys for title, keys in found.items() if title}

    def _table(
        self, key: str, stands: StandingTable | None, ours: Section | None, was: LeftSection
    ) -> ListTable:
        if ours is None and stands:
            spots = merge_columns(stands, {}, (), lambda _: True).spots
            return ListTable(key, stands, ours, was, Columns(spots, left=was.columns))

        def touched(place: int) -> bool:
            return stands is not None and self._written_in(stands, place)

        columns = merge_columns(stands, was.columns, self.ours.columns, touched)
        at = stands.table.start if stands else 0
        for what, name in columns.told:
            self._tell(what, at, column=name)
        table = ListTable(key, stands, ours, was, columns)
        if stands and ours:
            self._titles(table, stands, ours)
        return table

    def _written_in(self, table: StandingTable, place: int) -> bool:
        """Whether people have written in a column of ours."""
        name = table.columns[place]
        if comment_in(self.text, table.header, place):
            return True
        for row in table.rows:
            if row.broken or comment_in(self.text, row.row, place):
                return True
            text = row.row.cells[place].text if place < len(row.row.cells) else ""
            places = self.left.rows.get(row.key, ()) if row.key else ()
            if text and not any(text == left_text(each.cells.get(name)) for each in places):
                return True
        return False

    def _titles(self, table: ListTable, stands: StandingTable, ours: Section) -> None:
        """The heading's and the columns' words follow ours where people haven't changed them."""
        titles = {column.name: column.title for column in self.ours.columns}
        written: dict[str, str] = {}
        left: dict[str, Memory[str]] = {}
        for spot in table.columns.spots:
            if spot.name not in titles:
                continue
            if spot.old is None:
                written[spot.name] = f"{title_attributes(spot.name)} | {spot.title}"
            decision = merge_cell(
                table.was.titles.get(spot.name),
                None if spot.old is None else spot.title or None,
                titles[spot.name].strip(WHITE) or ABSENT,
                KEPT,
            )
            if spot.old is not None and decision.steps:
                written[spot.name] = cell_after(decision, spot.title) or ""
            left[spot.name] = decision.base
        table.cells += row_changes(self.text, stands.header, table.columns, written)
        title = table.was.title
        if stands.heading and ours.title:
            decision = merge_cell(title, stands.heading.title, ours.title.strip(WHITE), KEPT)
            title = decision.base
            now = cell_after(decision, stands.heading.title)
            if now and now != stands.heading.title:
                table.cells.append(set_heading(stands.heading, now))
        table.was = replace(table.was, title=title, titles=left)

    # Rows

    def _rows(self) -> None:
        wanted: dict[str, list[str]] = {}
        for section in self.ours.sections:
            for each in section.rows:
                if (section.key, each.key) not in self.rows:
                    self.rows[section.key, each.key] = each
                    wanted.setdefault(each.key, []).append(section.key)
        there: dict[str, list[StandingRow]] = {}
        for table in self.stands.tables.values():
            for row in table.rows:
                there.setdefault(row.key, []).append(row)
        hidden: dict[str, list[str]] = {}
        for key, name in self.stands.hidden:
            if key not in self.dead:
                hidden.setdefault(name, []).append(key)
        nobody_s = there.pop("", [])
        lost = self._keyless(there, hidden)
        for key in dict.fromkeys((*self.left.rows, *wanted, *there)):
            rows, asked = there.get(key, ()), wanted.get(key, ())
            places = self.left.rows.get(key, ())
            out, live = self._parted(places, len(rows))
            if self.dead:
                moved = {section_of(place.where) for place in live}
                asked = [each for each in asked if each not in self.dead or each in moved]
            slots, extra = pair(live, rows, hidden.get(key, ()), asked)
            left = [self._place(key, slot, lost) for slot in slots]
            self.after.rows[key] = [*out, *(place for place in left if place)]
            for row in extra:
                self._tell_row(Happened.ROW_DOUBLED, row)
        known = {row.row.start for row in lost.values()}
        for row in nobody_s:
            if row.row.start not in known and (says := by_hand(row)):
                self._tell_row(Happened.ROW_BY_HAND, row, theirs=says)

    def _parted(self, places: Sequence[Place], standing: int) -> tuple[list[Place], list[Place]]:
        """A row's places in sections that are out, and those that are to be decided.

        Where more rows stand than there are of these, people moved them out of such a section.
        """
        out = [place for place in places if section_of(place.where) in self.dead]
        live = [place for place in places if section_of(place.where) not in self.dead]
        while out and standing > len(live):
            live.append(out.pop(0))
        return out, live

    def _keyless(
        self, there: Mapping[str, object], hidden: Mapping[str, object]
    ) -> dict[str, StandingRow]:
        missing: dict[str, dict[str, Place]] = {}
        for key, places in self.left.rows.items():
            if key not in there and key not in hidden:
                for place in places:
                    if isinstance(place.where, Base):
                        missing.setdefault(place.where.value, {})[key] = place
        lost: dict[str, StandingRow] = {}
        for section, places_of in missing.items():
            table = self.stands.tables.get(section)
            if table:
                lost |= keyless(table, table.rows, places_of)
        return lost

    def _place(self, key: str, slot: PlaceSlot, lost: Mapping[str, StandingRow]) -> Place | None:
        """Decide one place of a row; what to remember of it."""
        row = slot.stands
        if row and (row.broken or row.doubled):
            self._tell_row(Happened.ROW_BROKEN if row.broken else Happened.ROW_DOUBLED, row)
        elif row is None and not slot.hidden and key in lost:
            self._tell(Happened.ROW_KEYLESS, lost[key].row.start, row=key)
        if row:
            self.tables[row.section].here[key] = row
        if slot.hidden or (row and (row.broken or row.doubled)) or (row is None and key in lost):
            return slot.left
        left = slot.left or Place(None)
        memory = left.where
        if isinstance(memory, Tombstone) and row and row.section != memory.left.value:
            memory = memory.left
        said = slot.wanted if slot.wanted is not None else self.lack()
        touched = row is not None and said != row.section and self._touched(row, slot)
        entries = (Entry(row.section, touched=touched),) if row else ()
        decision = merge(KEPT, memory, entries, said)
        cells = left.cells
        match decision.steps:
            case (AddValue(value=section),):
                cells = self._added(key, section)
            case (SetValue(value=section),) if row:
                cells = self._moved(row, section, left)
            case (RemoveEntry(),) if row:
                self.tables[row.section].gone.add(row.row.start)
                del self.tables[row.section].here[key]
            case _ if row and slot.wanted is not None:
                cells = self._stays(row, self.rows[slot.wanted, key], left)
        self._tell_place(key, slot, bool(decision.steps), decision.told is not None)
        return Place(decision.base, cells) if decision.base or cells else None

    def _tell_place(self, key: str, slot: PlaceSlot, done: bool, told: bool) -> None:
        row = slot.stands
        if row is None:
            if told:
                section = section_of(slot.left.where) if slot.left else None
                table = self.stands.tables.get(section or "")
                at = table.table.start if table else 0
                said = self._called(key, slot)
                self._tell(Happened.ROW_REMOVED, at, row=key, ours=said)
        elif slot.wanted is None:
            if not done and self.whole:
                self._tell_row(Happened.ROW_STAYS, row)
        elif told:
            titles = (self._title(row.section), self._title(slot.wanted))
            self._tell_row(Happened.ROW_ELSEWHERE, row, theirs=titles[0], ours=titles[1])

    def _called(self, key: str, slot: PlaceSlot) -> str:
        row = self.rows.get((slot.wanted or "", key))
        return next((row.cells[n] for n in self.names if row.cells.get(n)), "") if row else ""

    def _title(self, section: str) -> str:
        ours = self.sections.get(section)
        return ours.title if ours else section

    def _touched(self, row: StandingRow, slot: PlaceSlot) -> bool:
        """Whether people have written what would be lost if the row went where it is to go."""
        table = self.tables[row.section].stands
        ours = {} if slot.wanted is None else self.rows[slot.wanted, row.key].cells
        if table is None or has_people_s_words(table, row.row, slot.left, ours):
            return True
        notes = notes_of(self.text, table, row.row)
        target = self.tables.get(slot.wanted) if slot.wanted is not None else None
        spots = target.columns.spots if target else ()
        titles = [spot.title for spot in spots if not spot.name]
        return any(titles.count(title) != 1 for title in notes)

    def _added(self, key: str, section: str) -> dict[str, Memory[str]]:
        table = self.tables[section]
        cells = merge_cells(self.rows[section, key], self._shown(table), {}, {})
        table.new[key] = NewRow(row_attributes(key), cells.after)
        self._expect(section, key, cells)
        return cells.left

    def _moved(self, row: StandingRow, section: str, left: Place) -> dict[str, Memory[str]]:
        old, new = self.tables[row.section], self.tables[section]
        if old.stands is None:
            raise ValueError(f"row {row.key} stands in no table")
        old.gone.add(row.row.start)
        del old.here[row.key]
        theirs = cells_of(old.stands, row.row)
        there = old.stands.columns
        known = {name: memory for name, memory in left.cells.items() if name in there}
        cells = merge_cells(self.rows[section, row.key], self._shown(new), known, theirs)
        notes = notes_of(self.text, old.stands, row.row)
        written = dict(cells.after)
        for name, attributes in attributes_of(self.text, old.stands, row.row).items():
            if name in written:
                written[name] = f"{attributes} {written[name]}"
        new.new[row.key] = NewRow(row.row.attributes, written, notes)
        self._tell_cells(row, cells)
        self._expect(section, row.key, cells)
        return cells.left

    def _stays(self, row: StandingRow, ours: Row, left: Place) -> dict[str, Memory[str]]:
        table = self.tables[row.section]
        if table.stands is None or table.ours is None:
            return left.cells
        theirs = cells_of(table.stands, row.row)
        known = {name: memory for name, memory in left.cells.items() if table.columns.knows(name)}
        cells = merge_cells(ours, self._shown(table), known, theirs)
        table.written[row.row.start] = cells.written
        self._tell_cells(row, cells)
        self._expect(row.section, row.key, cells)
        return cells.left

    def _shown(self, table: ListTable) -> list[str]:
        if table.shown is None:
            table.shown = [name for name in self.names if name in table.columns.names]
        return table.shown

    def _expect(self, section: str, key: str, cells: Cells) -> None:
        self.expected[section, key] = cells.after

    def _tell(self, what: Happened, at: int, **said: str) -> None:
        self.told.append((at, Told(what, 0, **said)))

    def _tell_row(self, what: Happened, row: StandingRow, **said: str) -> None:
        self._tell(what, row.row.start, row=row.key, **said)

    def _tell_cells(self, row: StandingRow, cells: Cells) -> None:
        for name, seen, says in cells.told:
            what = Happened.CELL_DIFFERS if seen else Happened.CELL_EMPTIED
            self._tell_row(what, row, column=name, theirs=seen, ours=says)
