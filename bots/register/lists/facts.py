"""What a list is to show, what stands on the page, and what comes of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bots.core.plan import JSON
from bots.core.register.facts import Values
from bots.core.register.kinds import FieldConfig


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """What a list may have a row of: a record, an item, a package …

    `key` never changes. `page`: a title on the hub wiki, `item`: a Q… id, `url`: an address; the
    first of them that is there is what its name links to; before them all, on a site of `articles`
    (by its key in hub.yaml), that page of the site's own. `unknown`: fields of which nothing is
    known now.
    """

    key: str
    values: Values
    page: str = ""
    item: str = ""
    url: str = ""
    articles: Mapping[str, str] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ListSource:
    """All that a list may choose from: what `of=` names.

    `fields`: what `columns`, `where`, `sort` and `group` may name; `called`: the one that names a
    row. `whole`: False where not everything could be read, so that no row is taken for gone.
    """

    fields: Mapping[str, FieldConfig]
    rows: Sequence[SourceRow]
    called: str = "name"
    whole: bool = True


@dataclass(frozen=True)
class Column:
    """A column of ours: `name` never changes, `title` is wikitext in the wiki's language."""

    name: str
    title: str


@dataclass(frozen=True)
class Row:
    """A row of ours. `key` never changes: it is what its record, item or package is called.

    `cells`: a column's name → safe wikitext without line ends; one left out is empty. `unknown`:
    columns of which nothing is known now, so that what stands there stays.
    """

    key: str
    cells: Mapping[str, str]
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Section:
    """Rows under one heading; `key` never changes, and is "" in a list without headings."""

    key: str
    title: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Grid:
    """All that a list is to show, in its order. The same row may stand in several sections."""

    columns: Sequence[Column]
    sections: Sequence[Section]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(len(section.rows) for section in self.sections)


class Happened(StrEnum):
    """What is told about a list; the value is the message's key, whose parameters are `Told`'s.

    Each is told at every merge for as long as it is so.
    """

    CELL_DIFFERS = "register-cell-differs"
    """People changed our cell, and the register says otherwise (`theirs`, `ours`)."""
    CELL_EMPTIED = "register-cell-emptied"
    """People emptied our cell; it stays so (`ours`)."""
    ROW_REMOVED = "register-row-removed"
    """People took our row out; it stays out (`ours` is what it is called)."""
    COLUMN_REMOVED = "register-column-removed"
    """People took our column out; it stays out."""
    COLUMN_STAYS = "register-column-stays"
    """The list is not to have the column any more, but people wrote in it: it stays."""
    SECTION_REMOVED = "register-section-removed"
    """People took a whole section out; it stays out."""
    ROW_ELSEWHERE = "register-row-elsewhere"
    """A row stands in one section (`theirs`), and the register says another (`ours`)."""
    ROW_STAYS = "register-row-stays"
    """The register has the record no more, but people wrote in its row: it stays."""
    ROW_BY_HAND = "register-row-by-hand"
    """People added a row: it is offered as a new record (`theirs` is what it says)."""
    ROW_DOUBLED = "register-row-doubled"
    """Two rows of the list carry the same key: neither is touched."""
    ROW_KEYLESS = "register-row-keyless"
    """A row of ours has lost its key, and is known by what stands in it: it is not touched."""
    ROW_BROKEN = "register-row-broken"
    """A row that can't be read (cells merged across it, a table in it …): it is not touched."""


@dataclass(frozen=True)
class Told:
    """One thing to tell of a list; `line` is the page body's, from 1 (see `merging.merge_list`)."""

    what: Happened
    line: int
    row: str = ""
    column: str = ""
    theirs: str = ""
    ours: str = ""


@dataclass(frozen=True)
class MergedList:
    """The list's new text, what to remember of it once it is saved, and what is told.

    `base` is the store's JSON: only `merging` reads it. Where `text` is what stood there already,
    the base may be stored at once.
    """

    text: str
    base: JSON
    told: Sequence[Told] = ()


@dataclass(frozen=True)
class ListFault:
    """Why a list can't be touched at all, for the person who can mend it.

    `key` is a message's, with `params`; `line` is the body's, from 1.
    """

    key: str
    line: int
    params: Mapping[str, str] = field(default_factory=dict)
