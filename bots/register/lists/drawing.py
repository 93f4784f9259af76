"""A list's tables as the bot writes them where nothing stands yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bots.core.wikitext.tablewriting import Style, attribute, row_text
from bots.register.lists.facts import Column, Grid, Section

COLUMN, ROW, SECTION = "data-column", "data-row", "data-section"
"""The attributes by which what is ours is known: HTML's own, which MediaWiki keeps."""


def fresh(ours: Grid) -> str:
    """The whole list, for a page on which there is none."""
    return "\n" + "\n".join(
        block(
            section,
            ours.columns,
            (
                row_text(
                    Style(),
                    row_attributes(row.key),
                    [row.cells.get(column.name, "") for column in ours.columns],
                )
                for row in section.rows
            ),
        )
        for section in ours.sections
    )


def block(section: Section, columns: Sequence[Column], rows: Iterable[str]) -> str:
    """A section: its heading, if it has one, and its table with these rows."""
    heading = f"=== {section.title} ===\n" if section.title else ""
    key = f" {attribute(SECTION, section.key)}" if section.key else ""
    titles = "".join(f"! {title_attributes(each.name)} | {each.title}\n" for each in columns)
    return f'{heading}{{| class="wikitable sortable hubbot-list"{key}\n{titles}{"".join(rows)}|}}\n'


def row_attributes(key: str) -> str:
    """What stands behind the dashes of a row of ours."""
    return f" {attribute(ROW, key)}"


def title_attributes(column: str) -> str:
    """What stands before a column's title."""
    return attribute(COLUMN, column)
