"""A region that people have edited: their lines win, and ours come beside them."""

from __future__ import annotations

import time
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bots.core.wikitext import Difference, MergedRegion, UnknownBase, merge_region


def merged(base: str, theirs: str, ours: str) -> MergedRegion:
    result = merge_region(base, theirs, ours)
    assert isinstance(result, MergedRegion)
    return result


def test_an_untouched_region_becomes_ours_exactly() -> None:
    assert merged("a\r\n", "a\r\n", "b \n") == MergedRegion("b \n", "b \n")


def test_an_empty_region_without_a_base_becomes_ours() -> None:
    assert merge_region(None, " \n", "a") == MergedRegion("a", "a")


def test_text_without_a_base_is_not_written_over() -> None:
    assert merge_region(None, "x", "a") == UnknownBase("x")


def test_a_line_people_added_stays_and_is_told() -> None:
    result = merged("a\nb\nc", "a\nnote\nb\nc", "a\nb\nc2")
    assert result.text == "a\nnote\nb\nc2"
    assert result.kept == (Difference(2, (), ("note",), ()),)
    assert not result.conflicts


def test_a_line_people_removed_is_not_brought_back() -> None:
    result = merged("a\nb\nc\nd", "a\nc\nd", "a\nb\nc\nd2")
    assert result.text == "a\nc\nd2"
    assert result.kept == (Difference(2, ("b",), (), ("b",)),)


def test_a_line_that_both_changed_stays_theirs_and_is_a_conflict() -> None:
    result = merged("a\nb\nc", "a\nB\nc", "a\nb2\nc")
    assert result.text == "a\nB\nc"
    assert result.conflicts == (Difference(2, ("b",), ("B",), ("b2",)),)


def test_lines_next_to_one_another_do_not_conflict() -> None:
    assert merged("a\nb", "A\nb", "a\nb2").text == "A\nb2"


def test_a_row_we_append_after_one_that_people_annotated_is_not_lost() -> None:
    result = merged("r1\nr2\n", "r1\nr2 <!-- seen -->\n", "r1\nr2\nr3\n")
    assert result.text == "r1\nr2 <!-- seen -->\nr3\n"
    assert not result.conflicts


def test_lines_that_both_added_at_one_place_stay_both() -> None:
    assert merged("a\n", "a\nnote\n", "a\nrow\n").text == "a\nnote\nrow\n"
    assert merged("a\n", "a\nnote\nrow\n", "a\nrow\n").text == "a\nnote\nrow\n"


def test_a_conflict_is_told_until_it_is_solved() -> None:
    first = merged("a\nb", "a\nB", "a\nb2\nnew")
    assert first.conflicts
    second = merged(first.base, first.text, "a\nb2\nnew")
    assert (second.text, second.conflicts) == (first.text, first.conflicts)
    solved = merged(second.base, "a\nb", "a\nb2\nnew")
    assert solved.text == "a\nb2\nnew"


lines = st.lists(st.sampled_from(["a", "b", "c", "|-", "", "| x"]), max_size=8).map("\n".join)


@settings(max_examples=1_000, deadline=None)
@given(base=lines, theirs=lines, ours=lines)
def test_merging_again_changes_nothing(base: str, theirs: str, ours: str) -> None:
    first = merged(base, theirs, ours)
    again = merged(ours, first.text, ours)
    assert (again.text, again.conflicts) == (first.text, ())


@settings(max_examples=1_000, deadline=None)
@given(base=lines, theirs=lines, ours=lines)
def test_no_line_of_peoples_is_lost(base: str, theirs: str, ours: str) -> None:
    """What people added is there as often as they wrote it, whatever we have changed."""
    written = Counter(merged(base, theirs, ours).text.split("\n"))
    added = Counter(theirs.split("\n")) - Counter(base.split("\n"))
    if theirs != base:
        assert not added - written


@settings(max_examples=500, deadline=None)
@given(base=lines, theirs=lines)
def test_where_we_change_nothing_the_region_stays_theirs(base: str, theirs: str) -> None:
    result = merged(base, theirs, base)
    assert (result.text, result.conflicts) == (theirs, ())


def test_an_index_of_5000_lines_is_merged_in_time() -> None:
    rows = [f"|-\n| [[Requests/{i}]] || partner {i % 50} || submitted" for i in range(2_500)]
    theirs = [row + " <!-- seen -->" if i % 50 == 0 else row for i, row in enumerate(rows)]
    ours = [
        row.replace("submitted", "triaged") if i % 7 == 1 else row for i, row in enumerate(rows)
    ]
    started = time.perf_counter()
    result = merged("\n".join(rows), "\n".join(theirs), "\n".join([*ours, "|-\n| new"]))
    assert time.perf_counter() - started < 10
    assert result.text.count("<!-- seen -->") == 50
    assert result.text.endswith("|-\n| new")
