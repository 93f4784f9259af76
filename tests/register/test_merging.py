"""What of a list can't be understood is refused with its line; what else the merge promises."""

from __future__ import annotations

import json
import time
import tracemalloc
from dataclasses import replace

import pytest

from bots.core.plan import JSON
from bots.register.lists.facts import (
    Column,
    Grid,
    Happened,
    ListFault,
    MergedList,
    Row,
    Section,
    Told,
)
from bots.register.lists.merging import fresh, merge_list
from tests.register.history import (
    ALPHA,
    BETA,
    BETA_MOVED,
    FOUR,
    GAMMA,
    SE_FI,
    THREE,
    both,
    grouped,
    partners,
    put,
    row,
)


def merged(text: str, base: JSON, ours: Grid, *, whole: bool = True) -> MergedList:
    found = merge_list(text, base, ours, whole=whole)
    assert not isinstance(found, ListFault), found
    return found


def left(ours: Grid) -> JSON:
    return merged("", None, ours).base


def said(found: MergedList) -> list[tuple[Happened, str, int]]:
    return [(each.what, each.row, each.line) for each in found.told]


# Refused


MARKED = put(
    '! data-column="name" | Name\n! data-column="country" | Country\n', "! Name !! Country\n"
)
COPY = fresh(THREE).lstrip("\n")


@pytest.mark.parametrize(
    ("ours", "edit", "key", "line"),
    [
        (THREE, put("|}\n", ""), "unclosed", 2),
        (THREE, put("| Beta\n", "| Beta\n{|\n| x\n"), "unclosed", 2),
        (THREE, put(BETA, f"|}}\n{BETA}"), "stray", 9),
        (THREE, put("|}\n", "|}\n|}\n"), "stray", 15),
        (THREE, put("\n{|", "{|"), "not-first", 1),
        (THREE, put(BETA, f"<noinclude>\n{BETA}</noinclude>\n"), "parts", 8),
        (THREE, MARKED, "no-columns", 2),
        (THREE, lambda text: text + COPY, "doubled", 15),
        (THREE, put("| Name", 'colspan="2" | Name'), "merged-header", 3),
        (THREE, put("| Country\n", "| Country\n<!-- ! x -->\n"), "merged-header", 3),
        (THREE, put('="country"', '="name"'), "column-doubled", 3),
        (THREE, put(BETA, f'|-\n! data-column="name" | Name\n{BETA}'), "two-headers", 8),
        (SE_FI, put(' data-section="FI"', ""), "no-section", 15),
        (SE_FI, put("=== Sweden ===\n", "=== Finland ===\n"), "moved", 3),
    ],
)
def test_a_table_that_can_t_be_relied_on_is_refused_with_its_line(
    ours: Grid, edit: object, key: str, line: int
) -> None:
    assert callable(edit)
    found = merge_list(edit(fresh(ours)), left(ours), ours)
    assert isinstance(found, ListFault)
    assert (found.key, found.line) == (f"register-table-{key}", line)


def test_a_table_under_another_s_heading_is_refused_and_followed_again_once_it_is_back() -> None:
    text = fresh(SE_FI)
    sweden = text[text.index("{|") : text.index("|}\n") + 3]
    moved = text.replace(sweden, "").replace("=== Finland ===\n", f"=== Finland ===\n{sweden}")
    found = merge_list(moved, left(SE_FI), SE_FI)
    assert isinstance(found, ListFault)
    assert found.params == {"section": "Sweden", "heading": "Finland"}
    assert moved.split("\n")[found.line - 1].startswith("{|")


@pytest.mark.parametrize(
    ("edit", "broken"),
    [
        (put("| Finland\n", "| Finland\n| Baltic\n"), [("2", 8)]),
        (put("| Beta\n| Finland\n", ""), [("2", 8)]),
        (put("| Finland", "| Finland</td><td>Baltic"), [("2", 8)]),
        (put("| Finland\n", "<!--\n| Finland\n-->\n"), [("2", 8)]),
        (put(BETA, '|- data-row="2"\n| Beta\n<!--\n| Finland\n|- data-row="3"\n-->\n'), [("2", 8)]),
        (put("| Finland", "| colspan=2 | Finland"), [("2", 8)]),
    ],
)
def test_a_row_that_can_t_be_read_is_told_with_its_line_and_all_others_follow(
    edit: object, broken: list[tuple[str, int]]
) -> None:
    assert callable(edit)
    ours = partners("1 Alpha Sverige", "2 Beta Danmark", "3 Gamma Norway")
    text = edit(fresh(THREE))
    if text.count('data-row="3"') > 1:
        text = text.replace(GAMMA, "| Gamma\n| Norway\n")
    found = merged(text, left(THREE), ours)
    assert found.text == text.replace("Sweden", "Sverige")
    assert [
        (each.row, each.line) for each in found.told if each.what is Happened.ROW_BROKEN
    ] == broken


def test_nothing_is_put_under_a_cell_that_reaches_down_nor_behind_one_that_reaches_too_far() -> (
    None
):
    text = both(put("| Norway", "| rowspan=3 | Norway"))(fresh(THREE))
    ours = partners("1 Alpha Sweden", "2 Beta Finland", "3 Gamma Norway", "4 Delta Malta")
    found = merged(text, left(THREE), ours)
    assert found.text == text.replace(
        '|- data-row="3"', row("4", "Delta", "Malta") + '|- data-row="3"'
    )


@pytest.mark.parametrize("cell", ["a\n|}", "a\n|-", "a || b", "a | b", "<!-- x", "</td>"])
def test_what_would_damage_the_table_is_not_written(cell: str) -> None:
    ours = Grid(THREE.columns, [Section("", "", [Row("1", {"name": cell, "country": "X"})])])
    found = merge_list("", None, ours)
    assert isinstance(found, ListFault)
    assert found.key == "register-table-unsafe"


@pytest.mark.parametrize("key", ['a"b', "a|b", "a&quot;b", "-->", "é\u200e", "{{a}}", "x\ty", "'"])
def test_any_key_is_found_again(key: str) -> None:
    ours = Grid(
        [Column("name", "Name")],
        [Section(key, "One", [Row(key, {"name": "a"})]), Section("b", "Two", [Row("b", {})])],
    )
    first = merged("", None, ours)
    assert merged(first.text, first.base, ours) == replace(first, told=[])


# What there is to begin with


def test_an_empty_page_is_filled_as_a_fresh_one() -> None:
    for ours in (THREE, SE_FI, partners()):
        assert merged("", None, ours).text == merged("\n", None, ours).text == fresh(ours)


def test_a_list_comes_after_what_people_wrote_between_the_calls_before_there_was_one() -> None:
    assert merged("\nA draft\n", None, THREE).text == "\nA draft\n" + fresh(THREE)


def test_nothing_found_never_empties_a_list_but_one_that_had_nothing() -> None:
    nothing = partners()
    assert merge_list(fresh(THREE), left(THREE), nothing) == ListFault("register-list-empty", 1)
    assert merged(fresh(nothing), left(nothing), nothing).text == fresh(nothing)
    assert merged(fresh(nothing), left(nothing), THREE).text == fresh(THREE)


def test_where_the_store_was_lost_what_is_the_same_is_ours_again_and_all_else_is_people_s() -> None:
    text = both(put("| Finland", "| Suomi"), put(GAMMA, GAMMA + row("8", "Old", "Malta")))(
        fresh(THREE)
    )
    found = merged(text, None, THREE)
    assert found.text == text
    assert said(found) == [(Happened.CELL_DIFFERS, "2", 8), (Happened.ROW_STAYS, "8", 14)]
    ours = partners("1 Alpha Sverige", "2 Bete Finland", "3 Gamma Norway")
    later = merged(found.text, found.base, ours)
    assert later.text == text.replace("Sweden", "Sverige").replace("Beta", "Bete")
    assert [each.what for each in later.told] == [Happened.CELL_DIFFERS, Happened.ROW_STAYS]


def test_where_not_everything_was_read_no_row_and_no_section_goes() -> None:
    found = merged(fresh(FOUR), left(FOUR), THREE, whole=False)
    assert (found.text, found.told) == (fresh(FOUR), [])
    assert merged(found.text, found.base, THREE).text == fresh(THREE)
    ours = grouped(("1 Alpha active", "2 Beta active"))
    kept = merged(fresh(SE_FI), left(SE_FI), ours, whole=False)
    assert kept.text == fresh(SE_FI)
    assert merged(kept.text, kept.base, ours).text == fresh(ours)


def test_what_is_not_known_now_stays_as_it_is() -> None:
    rows = [Row("2", {"name": "Beta"}, frozenset({"country"}))]
    ours = Grid(THREE.columns, [Section("", "", rows)])
    found = merged(fresh(THREE), left(THREE), ours, whole=False)
    assert (found.text, found.told) == (fresh(THREE), [])
    assert merged(found.text, found.base, BETA_MOVED).text == fresh(BETA_MOVED)


# Rows in several sections


def test_a_row_may_stand_in_several_sections_and_people_take_it_out_of_one() -> None:
    ours = grouped(("1 Alpha active",), ("1 Alpha active", "3 Gamma ended"))
    first = merged("", None, ours)
    assert first.text.count('data-row="1"') == 2
    out = "".join(first.text.rsplit(row("1", "Alpha", "active"), 1))
    found = merged(out, first.base, ours)
    assert (found.text, [each.what for each in found.told]) == (out, [Happened.ROW_REMOVED])
    ours = grouped(("1 Alpha asleep",), ("1 Alpha asleep", "3 Gamma ended"))
    assert merged(out, found.base, ours).text == out.replace("active", "asleep")


def test_a_row_that_people_copied_to_where_the_register_wants_it_is_not_doubled() -> None:
    text = (
        fresh(SE_FI)
        .replace("|}\n", f"{row('2', 'Beta', 'active')}|}}\n")
        .replace(row("2", "Beta", "active") * 2, row("2", "Beta", "active"))
    )
    ours = grouped(("1 Alpha active",), ("3 Gamma ended", "2 Beta active"))
    assert text.count('data-row="2"') == 2
    found = merged(text, left(SE_FI), ours)
    assert (found.text, found.told) == (fresh(ours), [])


def test_a_copy_in_another_section_is_told_and_the_first_follows() -> None:
    text = fresh(SE_FI).replace(
        row("3", "Gamma", "ended"), row("3", "Gamma", "ended") + row("1", "Alpha", "active")
    )
    ours = grouped(("1 Alpha asleep", "2 Beta active"), ("3 Gamma ended",))
    found = merged(text, left(SE_FI), ours)
    assert found.text == text.replace("Alpha\n| active", "Alpha\n| asleep", 1)
    assert [(each.what, each.row) for each in found.told] == [(Happened.ROW_DOUBLED, "1")]


# Told


def test_what_is_told_is_on_its_line_of_the_page_as_it_will_be() -> None:
    text = put("| Norway", "| Norge")(fresh(THREE))
    found = merged(text, left(THREE), FOUR)
    assert found.told == [Told(Happened.CELL_DIFFERS, 14, "3", "country", "Norge", "Norway")]
    assert found.text.split("\n")[13] == '|- data-row="3"'


def test_a_row_by_hand_says_what_stands_in_it_and_a_heading_in_the_table_is_none() -> None:
    text = put(
        BETA, BETA + "|-\n| [[Delta]] || '''Malta'''\n|-\n! colspan=2 | South\n|-\n! South\n"
    )(fresh(THREE))
    (told,) = merged(text, left(THREE), THREE).told
    assert (told.what, told.theirs) == (Happened.ROW_BY_HAND, "[[Delta]] · '''Malta'''")


def test_a_row_taken_out_is_called_by_its_first_cell() -> None:
    (told,) = merged(put(ALPHA, "")(fresh(THREE)), left(THREE), THREE).told
    assert (told.what, told.row, told.ours, told.line) == (Happened.ROW_REMOVED, "1", "Alpha", 2)


# What is remembered, and what it costs


def many(rows: int, changed: int = 0) -> Grid:
    names = "abcdef"
    made = [
        Row(f"{n}", {c: f"[[Page {n}/{c}|{c} {n}{'!' * (n < changed)}]]" for c in names})
        for n in range(rows)
    ]
    return Grid([Column(name, name) for name in names], [Section("", "", made)])


def test_what_is_remembered_is_json_and_hardly_longer_than_the_list() -> None:
    for ours in (many(200), SE_FI):
        first = merged("", None, ours)
        assert json.loads(json.dumps(first.base)) == first.base
        assert len(json.dumps(first.base)) < 1.5 * len(first.text)
        again = merged(first.text, json.loads(json.dumps(first.base)), ours)
        assert (again.text, again.base) == (first.text, first.base)


def test_five_thousand_rows_are_merged_in_a_second() -> None:
    first = merged("", None, many(5_000))
    start = time.process_time()
    found = merged(first.text, first.base, many(5_001, changed=100))
    # A little more than half of one where nothing else is going on.
    assert time.process_time() - start < 3
    assert found.text.count("!]]") == 600


def test_a_row_takes_less_than_ten_kilobytes_of_memory_while_its_list_is_merged() -> None:
    ours = many(500)
    first = merged("", None, ours)
    tracemalloc.start()
    merged(first.text, first.base, ours)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 500 * 10_000
