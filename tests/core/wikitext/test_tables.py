"""Tables read and changed: each cell in its place, each change its own bytes alone."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.core.wikitext.tables import (
    Table,
    TableFault,
    TableProblem,
    TableRow,
    Tables,
    Trouble,
    attribute_of,
    read_tables,
)
from bots.core.wikitext.tablewriting import (
    Change,
    Moved,
    Style,
    add_cell,
    attribute,
    insert_rows,
    remove_cells,
    remove_row,
    rewrite,
    row_text,
    set_cell,
    set_heading,
    style_of,
)
from tests.core.wikitext.nasty import CALLS, COMMENTS, LINES, TAGS, pieces

MARKS = [
    "\n{|", "\n|}", "\n|-", "\n| ", "\n! ", " || ", "!!", "\n|+", "|", "{{!}}", ' data-row="k"',
    "\n{| class=a\n! x !! y\n|- data-row=1\n| a || b\n|}\n", "<table>", "</td>", "rowspan=2 |",
    "\n<!--\n|- data-row=2\n| a\n-->\n", "[[a|b]]", "<b title='|'>", "\n== h ==\n", "-{", "}-",
]  # fmt: skip
nasty = pieces([*MARKS, *MARKS, *TAGS, *CALLS, *COMMENTS, *LINES, "a", "b"], 40)
tables = pieces([*MARKS, "a", "b c", "{{a|b}}", "<!-- n -->"], 12).map(
    lambda inside: f"x\n{{| class=w\n! a\n|-\n| b {inside}\n|}}\ny"
)


def read(text: str) -> Tables:
    found = read_tables(text)
    assert isinstance(found, Tables), found
    return found


def only(text: str) -> Table:
    (table,) = read(text).tables
    return table


def rows(text: str) -> list[TableRow]:
    return list(only(text).rows)


def table(*lines: str) -> str:
    return "\n".join(("{|", *lines, "|}", ""))


def shown(text: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows(text)]


# Every text


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=nasty | tables)
def test_whatever_stands_there_its_parts_put_together_are_the_text_byte_for_byte(text: str) -> None:
    found = read_tables(text)
    if isinstance(found, TableProblem):
        assert 1 <= found.line <= text.count("\n") + 1
        return
    places = [0]
    for each in found.tables:
        places += (each.start, each.inside)
        for row in each.rows:
            places.append(row.start)
            for cell in row.cells:
                places += (cell.start, cell.inside, cell.content, cell.text_start, cell.text_end)
                assert cell.text_end <= cell.end <= row.end
            places.append(row.end)
        places += (each.close, each.end)
    places.append(len(text))
    assert places == sorted(places)
    assert "".join(text[at:to] for at, to in pairwise(places)) == text
    assert rewrite(text, []) == text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=tables, value=st.sampled_from(["Zz", "-5", "[[a|b]]", "}", "+1", "{{a|b}}", ""]))
def test_a_cell_that_is_set_says_that_and_all_others_what_they_did(text: str, value: str) -> None:
    found = read_tables(text)
    if isinstance(found, TableProblem):
        return
    for place, each in enumerate(found.tables):
        for r, row in enumerate(each.rows):
            for c, cell in enumerate(row.cells):
                if row.trouble:
                    continue
                again = read(rewrite(text, [set_cell(text, cell, value)])).tables[place]
                before = [[x.text for x in y.cells] for y in each.rows]
                before[r][c] = value
                assert [[x.text for x in y.cells] for y in again.rows] == before


def test_reading_takes_time_in_proportion_to_the_text_whatever_it_is() -> None:
    for piece in ("{|\n", "|-\n", "| a || ", "<", "<a ", "<b ", "<!-- x -->", "<!-- ", "\n{|\n|-\n",
                  "|}\n", "[[", "{{", "{{!}}", "-{", "= ", "\n=a=\n", "{|\n|-\n| a <!--\n| b-->\n",
                  "{|\n| rowspan=99999 | a\n"):  # fmt: skip
        text = "{|\n" + piece * (60_000 // len(piece)) + "\n|}\n"
        start = time.process_time()
        read_tables(text)
        assert time.process_time() - start < 2, piece


# Reading


def test_cells_of_all_spellings_are_read() -> None:
    text = table("! a !! b || c", "|-", "|d||e", "| f", "g", "|- x", "| x=y | h | i", "| [[j|k]]")
    assert shown(text) == [["a", "b", "c"], ["d", "e", "f\ng"], ["h | i", "[[j|k]]"]]
    header, first, second = rows(text)
    assert [cell.header for cell in header.cells] == [True] * 3
    assert [cell.inline for cell in first.cells] == [False, True, False]
    assert (second.attributes, second.cells[0].attributes) == (" x", " x=y ")


def test_what_templates_tags_and_comments_hold_is_no_cell() -> None:
    text = table("| {{a|b||c}} || <nowiki>|| d</nowiki> || e <!-- || f -->", "<!-- | g -->", "h")
    assert shown(text) == [["{{a|b||c}}", "<nowiki>|| d</nowiki>", "e \nh"]]
    assert rows(text)[0].trouble is Trouble.HIDDEN


def test_an_attribute_is_found_in_each_spelling_and_only_there() -> None:
    assert attribute_of(' data-row="a b"', "data-row") == "a b"
    assert attribute_of(" DATA-ROW = 'a&amp;b' x", "data-row") == "a&b"
    assert attribute_of(" x=1 data-row=a", "data-row") == "a"
    assert attribute_of(' title="data-row=z" data-row=a', "data-row") == "a"
    assert attribute_of(" data-row=a data-row=b", "data-row") == "b"
    assert attribute_of(' title="data-row=z"', "data-row") is None


@pytest.mark.parametrize(
    "value", ["a b", 'q"q', "a|b{{c}}", "<x>&amp;", "é日", "__TOC__", "'''", ""]
)
def test_an_attribute_says_exactly_its_value_when_read_again(value: str) -> None:
    (row,) = rows(table(f"|- {attribute('data-row', value)}", "| x"))
    assert row.attribute("data-row") == value


@pytest.mark.parametrize(
    ("lines", "troubles"),
    [
        (["| a", "|-", "| colspan=2 | b"], [None, Trouble.MERGED]),
        (["| rowspan=2 | a", "|-", "| b", "|-", "| c"], [Trouble.MERGED, Trouble.MERGED, None]),
        (["| rowspan=0 | a", "|-", "| b", "|-", "| c"], [Trouble.MERGED] * 3),
        (["| rowspan=1 colspan='1' | a"], [None]),
        (["| a", "{|", "| b", "|}", "|-", "| c"], [Trouble.NESTED, None]),
        (["| a</td><td>b", "|-", "| c"], [Trouble.HTML, None]),
        (["| a", "<!-- | b -->", "|-", "| c"], [Trouble.HIDDEN, None]),
        (["| a", "<!--", "|-", "| b", "-->", "|-", "| c"], [None, None]),
        (["| a", "<!--", "|-", "| b", "-->", "| c"], [Trouble.HIDDEN]),
        (["| a <!-- b -->", "|-", "| c"], [None, None]),
    ],
)
def test_a_row_that_can_t_be_changed_safely_says_why(
    lines: list[str], troubles: list[Trouble | None]
) -> None:
    assert [row.trouble for row in rows(table(*lines))] == troubles


def test_a_row_into_whose_place_a_cell_above_reaches_is_joined_to_it() -> None:
    text = table("| rowspan=3 | a", "|-", "| b", "|-", "| c", "|-", "| d")
    assert [row.joined for row in rows(text)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("a\n{|\n| b\n", TableFault.UNCLOSED, 2),
        ("{|\n| b\n{|\n| c\n|}\n", TableFault.UNCLOSED, 1),
        ("{|\n| b\n|}\n|-\n| c\n|}", TableFault.STRAY, 4),
        ("a\n|}", TableFault.STRAY, 2),
        ("{|\n<noinclude>\n| b\n</noinclude>\n|}", TableFault.PARTS, 2),
    ],
)
def test_what_is_no_table_to_be_relied_on_is_refused_with_its_line(
    text: str, fault: TableFault, line: int
) -> None:
    assert read_tables(text) == TableProblem(fault, line)


def test_a_table_must_begin_a_line() -> None:
    assert read_tables("{|\n|}", within_line=True) == TableProblem(TableFault.NOT_FIRST, 1)
    assert isinstance(read_tables(" a | b\n{|\n|}", within_line=True), Tables)


def test_headings_outside_of_tables_are_read() -> None:
    text = "=== a ===\n{|\n|\n== b ==\n|}\n==c== <!-- x -->\n=\n"
    assert [each.title for each in read(text).headings] == ["a", "c"]
    assert rewrite(text, [set_heading(read(text).headings[0], "z")]).startswith("=== z ===\n{|")


# Writing


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("| a", "| Z"),
        ("|a", "|Z"),
        ("|", "| Z"),
        ("|  ", "| Z  "),
        ("| a <!-- n -->", "| Z <!-- n -->"),
        ("| <!-- n --> a", "| <!-- n --> Z"),
        ("| a<!-- n -->b", "| Z<!-- n -->"),
        ("| <!-- n -->", "| Z <!-- n -->"),
        ('| style="x" | a', '| style="x" | Z'),
        ("| a\nb\n\n* c", "| Z"),
        ("| {{a|b}} || c", "| Z || c"),
        ("| || c", "| Z || c"),
    ],
)
def test_a_cell_keeps_what_is_around_it(before: str, after: str) -> None:
    text = table("|-", before)
    cell = rows(text)[0].cells[0]
    assert rewrite(text, [set_cell(text, cell, "Z")]) == table("|-", after)


@pytest.mark.parametrize("value", ["-5", "}", "+1"])
def test_no_value_makes_a_row_or_the_table_s_end_of_its_cell(value: str) -> None:
    text = table("|-", "|a||b")
    assert shown(rewrite(text, [set_cell(text, rows(text)[0].cells[0], value)])) == [[value, "b"]]
    assert shown(table(row_text(Style(spaced=False), "", [value, "b"]).rstrip())) == [[value, "b"]]


@pytest.mark.parametrize(
    ("line", "place", "after"),
    [
        ("| a || b", 0, "| Z\n| a || b"),
        ("| a || b", 1, "| a || Z || b"),
        ("| a || b", 2, "| a || b || Z"),
        ("| a\n| b", 1, "| a\n| Z\n| b"),
        ("| a\n| b", 2, "| a\n| b\n| Z"),
        ("! a !! b", 1, "! a !! Z !! b"),
        ("! a\n! b", 2, "! a\n! b\n! Z"),
        ("| a || b\nc", 2, "| a || b\nc\n| Z"),
        ("| a <!-- n -->\n| b", 1, "| a <!-- n -->\n| Z\n| b"),
    ],
)
def test_a_cell_is_put_in_as_its_neighbours_are_written(line: str, place: int, after: str) -> None:
    text = table("|-", line)
    assert rewrite(text, [add_cell(text, rows(text)[0], place, "Z")]) == table("|-", after)


@pytest.mark.parametrize(
    ("line", "first", "last", "after"),
    [
        ("| a || b || c", 0, 0, "| b || c"),
        ("| a || b || c", 1, 1, "| a || c"),
        ("| a || b || c", 1, 2, "| a "),
        ("| a\n| b\n| c", 1, 1, "| a\n| c"),
        ("| a\n| b\n| c", 0, 1, "| c"),
        ("| x=y | a || b", 0, 0, "| b"),
        ("|a||-b", 0, 0, "| -b"),
        ("| a || b\n| c", 0, 1, "| c"),
    ],
)
def test_cells_are_taken_out_with_their_delimiters(
    line: str, first: int, last: int, after: str
) -> None:
    text = table("|-", line)
    assert rewrite(text, [remove_cells(text, rows(text)[0], first, last)]) == table("|-", after)


def test_rows_are_put_in_and_taken_out_by_their_lines() -> None:
    text = table("|- x", "| a", "<!-- kept -->", "|-", "| b")
    first, second = rows(text)
    new = row_text(style_of(text, first), " y", ["c", ""])
    changes = [insert_rows(first.end, [new]), remove_row(first)]
    assert rewrite(text, changes) == table("|- y", "| c", "|", "<!-- kept -->", "|-", "| b")
    assert rewrite(text, [insert_rows(only(text).close, [new])]).endswith("| b\n|- y\n| c\n|\n|}\n")
    assert row_text(Style(one_line=True), "", ["a", "b"]) == "|-\n| a || b\n"
    assert row_text(Style(one_line=True), "", ["a", "* b\n* c"]) == "|-\n| a\n| * b\n* c\n"
    assert second.attributes == ""


def test_places_move_with_what_is_put_in_before_them() -> None:
    changes = [Change(2, 2, "xx"), Change(4, 6, "")]
    assert rewrite("abcdefgh", changes) == "abxxcdgh"
    assert [Moved(changes).to(at) for at in (0, 2, 3, 6, 7)] == [0, 4, 5, 6, 7]
    with pytest.raises(ValueError, match="two changes"):
        rewrite("abcd", [Change(0, 3, ""), Change(2, 4, "")])
