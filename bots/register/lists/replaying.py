"""What was left of a list, told from an edit of ours: its body before it and after it; pure.

All that differs from before to after is ours, all that was left and is not there before is
people's doing. What stood there already, and of which nothing is known, stays nobody's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bots.core.merge.facts import Base, Memory, Tombstone
from bots.core.plan import JSON
from bots.core.wikitext.visible import WHITE
from bots.register.lists.facts import ListFault
from bots.register.lists.remembering import Left, LeftSection, Place, json_of, left_of
from bots.register.lists.rows import cells_of, keyless, section_of
from bots.register.lists.standing import Standing, StandingRow, StandingTable, read_standing

_NO_HEADINGS = ("",)


def replay(before: str, after: str, base: JSON | None) -> JSON:
    """The base that the merge stored which made a list's body `after` of `before`.

    `base`: that of our edit before. A body that can't be read was not changed by a merge.
    """
    seen, made = (read_standing(text, _NO_HEADINGS) for text in (before, after))
    if isinstance(seen, ListFault) or isinstance(made, ListFault):
        return base
    left = left_of(base)
    if not before.strip(WHITE) and left.has_tables:
        # What is not begun anew with the list, people had taken out.
        _people_took_out(left, made)
        left = left.refused()
    _people_took_out(left, seen)
    for key in [key for key in seen.tables if key not in made.tables]:
        _withdrawn(left, key)
    for key, table in made.tables.items():
        _section(left.sections.setdefault(key, LeftSection()), seen.tables.get(key), table)
    _rows(left, seen, made)
    return json_of(_known(left))


def _known(left: Left) -> Left:
    """What is left, without sections and rows of which nothing is known."""
    return Left(
        {key: each for key, each in left.sections.items() if each != LeftSection()},
        {
            key: [place for place in places if place.where or any(place.cells.values())]
            for key, places in left.rows.items()
        },
    )


def _people_took_out(left: Left, seen: Standing) -> None:
    for key, section in left.sections.items():
        table = seen.tables.get(key)
        if table is not None:
            gone = section.columns.keys() - set(table.columns)
            section.columns |= {name: _buried(section.columns[name]) for name in gone}
        elif key not in seen.hidden_sections:
            section.there = _buried(section.there)
    there: dict[str, set[str]] = {}
    for table in seen.tables.values():
        for row in table.rows:
            there.setdefault(row.key, set()).add(row.section)
    for key, name in seen.hidden:
        there.setdefault(name, set()).add(key)
    for key, places in left.rows.items():
        stands, known = there.get(key, set()), {section_of(place.where) for place in places}
        # One that stands where it was not left was moved there.
        for place in places if stands <= known else ():
            table = seen.tables.get(section_of(place.where) or "")
            gone_here = table is not None and table.section not in stands
            if table and gone_here and not keyless(table, table.rows, {key: place}):
                place.where = _buried(place.where)


def _buried(memory: Memory[str]) -> Memory[str]:
    return Tombstone(memory) if isinstance(memory, Base) else memory


def _withdrawn(left: Left, key: str) -> None:
    """A section that we took away; the columns that people did not want there stay known."""
    columns = left.sections.pop(key, LeftSection()).columns
    refused: dict[str, Memory[str]] = {
        name: each for name, each in columns.items() if isinstance(each, Tombstone)
    }
    if refused:
        left.sections[key] = LeftSection(columns=refused)


def _section(left: LeftSection, was: StandingTable | None, now: StandingTable) -> None:
    titles = _titles(was)
    if was is None:
        left.there = Base(now.section)
    title = now.heading.title if now.heading and now.section else ""
    if title and (was is None or was.heading is None or was.heading.title != title):
        left.title = Base(title)
    for name, text in _titles(now).items():
        if name not in titles:
            left.columns[name] = Base(name)
        if titles.get(name) != text:
            left.titles[name] = Base(text) if text else None
    for name in titles.keys() - set(now.columns):
        left.columns.pop(name, None)
        left.titles.pop(name, None)


def _titles(table: StandingTable | None) -> dict[str, str]:
    return cells_of(table, table.header) if table else {}


_Rows = Mapping[tuple[str, str], tuple[StandingTable, StandingRow]]


def _rows(left: Left, seen: Standing, made: Standing) -> None:
    was, now = _rows_in(seen), _rows_in(made)
    gone = dict.fromkeys(place for place in was if place not in now)
    for (section, key), (table, row) in now.items():
        cells = cells_of(table, row.row)
        if (section, key) in was:
            place = _place(left, key, section)
            _cells(place, _cells_in(was, section, key), cells)
            continue
        came_from = next((other for other, same in gone if same == key), None)
        if came_from is None:
            _forget(left, key, section)
            place = Place(None)
            left.rows.setdefault(key, []).append(place)
            _cells(place, {}, cells)
        else:
            del gone[came_from, key]
            place = _place(left, key, came_from)
            _cells(place, _cells_in(was, came_from, key), cells)
        place.where = Base(section)
    for section, key in gone:
        place = _place(left, key, section)
        left.rows[key].remove(place)


def _rows_in(standing: Standing) -> _Rows:
    """The rows of ours that can be read, by section and key."""
    return {
        (row.section, row.key): (table, row)
        for table in standing.tables.values()
        for row in table.rows
        if row.key and not row.broken and not row.doubled
    }


def _cells_in(rows: _Rows, section: str, key: str) -> dict[str, str]:
    table, row = rows[section, key]
    return cells_of(table, row.row)


def _cells(place: Place, was: Mapping[str, str], now: Mapping[str, str]) -> None:
    for name in was.keys() - set(now):
        place.cells.pop(name, None)
    for name, text in now.items():
        if text != was.get(name, ""):
            place.cells[name] = Base(text) if text else None


def _place(left: Left, key: str, section: str) -> Place:
    """What was left of a row that stands in a section; people may have moved it there."""
    places = left.rows.setdefault(key, [])
    here = [place for place in places if section_of(place.where) == section]
    moved = [place for place in places if isinstance(place.where, Base)]
    found = next(iter((*here, *moved)), None)
    if found is None:
        found = Place(None)
        places.append(found)
    return found


def _forget(left: Left, key: str, section: str) -> None:
    """What was left where a row is put anew."""
    places = left.rows.get(key, ())
    left.rows[key] = [place for place in places if section_of(place.where) != section]


def linked_parts(body: str, columns: Collection[str]) -> Iterator[tuple[str, str]]:
    """Of a list that is divided, what the index says of each part: its key, and the link to it.

    Nothing, where the body is no index: a table of exactly these columns, the first with links.
    """
    stands = read_standing(body, _NO_HEADINGS)
    if isinstance(stands, ListFault):
        return
    for table in stands.tables.values():
        if {*filter(None, table.columns)} == set(columns):
            for row in table.rows:
                link = cells_of(table, row.row).get(next(iter(columns)), "")
                if row.key and link.startswith("[["):
                    yield row.key, link
