"""Regions: where they are, and each way in which it is doubtful where they are."""

from __future__ import annotations

import pytest

from bots.core.wikitext import Region, RegionFault, RegionProblem, find_region, replace_region

BEGIN = "<!-- hubbot:intake begin -->"
END = "<!-- hubbot:intake end -->"


def region(text: str) -> Region:
    found = find_region(text, "intake")
    assert isinstance(found, Region), found
    return found


def problem(text: str) -> tuple[RegionFault, tuple[int, ...]]:
    found = find_region(text, "intake")
    assert isinstance(found, RegionProblem), found
    return found.fault, found.lines


def test_a_region_is_what_lies_between_its_markers() -> None:
    found = region(f"one\n{BEGIN}\nbody\n{END}\n")
    assert (found.body, found.line) == ("\nbody\n", 2)


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("<!--hubbot:intake begin-->", "<!--  hubbot:intake   end  -->"),
        ("<!-- hubbot:intake begin: the bot writes below, please leave this -->", END),
        ("<!-- HubBot:Intake BEGIN -->", "<!-- hubbot: intake end\nof it -->"),
    ],
)
def test_markers_may_be_spaced_and_explained(begin: str, end: str) -> None:
    assert region(f"{begin}x{end}").body == "x"


def test_a_page_without_markers_has_no_region() -> None:
    assert problem("text") == (RegionFault.MISSING, ())
    assert problem("<!-- hubbot:intake-index begin --><!-- hubbot:intake-index end -->") == (
        RegionFault.MISSING,
        (),
    )
    assert problem("<!-- hubbot:intake beginning -->") == (RegionFault.MISSING, ())


def test_half_doubled_and_reversed_regions_are_told_with_their_lines() -> None:
    assert problem(f"\n{BEGIN}\n") == (RegionFault.ONLY_BEGIN, (2,))
    assert problem(f"\n\n{END}") == (RegionFault.ONLY_END, (3,))
    assert problem(f"{BEGIN}\n{END}\n{BEGIN}\n{END}") == (RegionFault.DOUBLED, (1, 2, 3, 4))
    assert problem(f"{BEGIN}\n{BEGIN}\n{END}") == (RegionFault.DOUBLED, (1, 2, 3))
    assert problem(f"{END}\n{BEGIN}") == (RegionFault.REVERSED, (1, 2))


@pytest.mark.parametrize("tag", ["nowiki", "pre", "syntaxhighlight", "source"])
def test_a_marker_shown_as_it_is_written_is_none(tag: str) -> None:
    shown = f"<{tag}>{BEGIN}{END}</{tag}>"
    assert problem(shown) == (RegionFault.MISSING, ())
    assert region(f"{shown}\n{BEGIN}x{END}\n{shown}").body == "x"


def test_the_comment_that_opens_first_wins_over_nowiki() -> None:
    assert region(f"<!-- <nowiki> -->{BEGIN}x{END}</nowiki>").body == "x"


def test_an_unclosed_nowiki_is_text_and_hides_nothing() -> None:
    assert region(f"<nowiki>{BEGIN}x{END}").body == "x"


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- old: {BEGIN}x{END}",
        f"<!-- never closed {BEGIN[:-3]}",
        f"{BEGIN}x<!-- hubbot:intake end",
        f"<includeonly>{BEGIN}x{END}</includeonly>",
        f"<gallery>{BEGIN}x{END}</gallery>",
        f"{BEGIN}x{END}<math>{BEGIN}</math>",
        f"\n<!-- x --> <!---> {BEGIN}x{END}",
    ],
)
def test_a_marker_that_mediawiki_does_not_take_for_a_comment_is_a_problem(text: str) -> None:
    assert problem(text)[0] is RegionFault.HIDDEN


@pytest.mark.parametrize(
    "text",
    [
        f"{{{{x|{BEGIN}y{END}}}}}",
        f"{BEGIN}{{{{x|{END}}}}}",
        f"[[x|{BEGIN}y{END}]]",
        f"{{{{{{1|{BEGIN}y{END}}}}}}}",
        f"<ref>{BEGIN}y{END}</ref>",
    ],
)
def test_a_region_within_braces_or_a_tag_is_a_problem(text: str) -> None:
    assert problem(text)[0] is RegionFault.NESTED


def test_a_region_may_be_within_a_table_and_behind_unclosed_braces() -> None:
    assert region(f"{{|\n|-\n{BEGIN}\n| x\n{END}\n|}}").body == "\n| x\n"
    assert region(f"{{{{x|[[{BEGIN}y{END}").body == "y"


def test_a_region_that_holds_another_regions_marker_is_a_problem() -> None:
    other = "<!-- hubbot:other begin -->"
    assert problem(f"{BEGIN}\n{other}\n{END}") == (RegionFault.ENTANGLED, (2,))


def test_two_regions_side_by_side_are_two() -> None:
    other = "<!-- hubbot:other begin -->o<!-- hubbot:other end -->"
    page = f"{other}{BEGIN}x{END}"
    assert replace_region(page, "intake", "y") == f"{other}{BEGIN}y{END}"


def test_a_body_with_a_marker_of_any_region_is_refused() -> None:
    for marker in (BEGIN, END, "<!--hubbot:other end: x -->"):
        with pytest.raises(ValueError, match="marker"):
            replace_region(f"{BEGIN}{END}", "intake", f"a {marker}")


@pytest.mark.parametrize("body", ["<!--", "{{x|", "[[a"])
def test_a_body_that_would_swallow_the_end_is_refused(body: str) -> None:
    page = f"{BEGIN}{END}<nowiki/> }}}} ]] -->"
    with pytest.raises(ValueError, match="found again"):
        replace_region(page, "intake", body)


def test_a_page_with_a_problem_is_not_written_to() -> None:
    with pytest.raises(ValueError, match="region-only-begin"):
        replace_region(BEGIN, "intake", "x")


def test_a_name_that_no_marker_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="name"):
        find_region("", "in take")
