"""A request page may hold anything: HubBot never fails, and no byte outside its region changes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.core.wikitext import Region, find_region, find_templates
from tests.intake.parts import (
    MARKS,
    TOP,
    edits,
    facts,
    keys,
    planned,
    saved,
    template,
    text_of,
    with_talks,
)

NASTY = "|}}{{[[File:x]]~~~~"


def outside(text: str) -> tuple[str, str]:
    region = find_region(text, "intake")
    assert isinstance(region, Region)
    return text[: region.start], text[region.end :]


def answered(text: str) -> tuple[list[str], str]:
    """The problems' keys and HubBot's answer; fails if a byte outside the region differs."""
    before = facts({"Page": text})
    found = planned(before)
    after = next(
        (edit.change.text for edit in edits(found) if edit.target.title == f"{TOP}/Page"), text
    )
    if after != text:
        assert outside(after) == outside(text)
    region = find_region(after, "intake")
    return keys(found), region.body if isinstance(region, Region) else ""


def test_two_templates_on_a_page() -> None:
    found, words = answered(template() + template(partner="Another") + MARKS)
    assert found == ["intake-template-twice"]
    assert "more than one template Partnership request (on the lines 1 and 15)" in words


def test_no_template() -> None:
    found, words = answered("We would like to give you maps.\n" + MARKS)
    assert found == ["intake-template-missing"]
    assert "Start again from the form" in words


def test_an_unclosed_template() -> None:
    found, words = answered(template().replace("}}", "") + MARKS)
    assert found == ["intake-template-unclosed"]
    assert "begins on line 1 never ends" in words


def test_a_value_that_keeps_the_template_from_being_closed() -> None:
    found, _ = answered(template(title="Maps [[of the city") + MARKS)
    assert found == ["intake-template-unclosed"]


def test_nested_templates() -> None:
    found, words = answered(template(description=template().strip()) + MARKS)
    assert found == ["intake-template-nested"]
    assert "is inside another one" in words


def test_a_template_within_somebody_elses_template_is_read() -> None:
    assert answered("{{Box|1=\n" + template() + "}}\n" + MARKS)[0] == []


def test_parameters_twice() -> None:
    text = template().replace("}}", "|partner=Somebody else\n}}") + MARKS
    found, words = answered(text)
    assert found == ["intake-given-twice"]
    assert "HubBot reads “Somebody else”" in words


def test_two_megabytes_of_text() -> None:
    started = time.process_time()
    found, words = answered(template() + "x " * 1_000_000 + "\n" + MARKS)
    assert found == ["intake-page-too-long"]
    assert "HubBot reads requests of at most 200000" in words
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "text",
    [
        "{{Partnership request\n|kind=" + "a," * 95_000 + "}}",
        "{{Partnership request\n|licence=" + "a," * 95_000 + "}}",
        "{{Partnership request\n|country=" + "ה," * 95_000 + "}}",
        "{{Partnership request\n|source=" + "a " * 95_000 + "}}",
        "{{Partnership request\n" + "|y" * 95_000 + "}}",
        "{{Partnership request\n" + "|x=y" * 47_000 + "}}",
        "{{Partnership request\n|" + "|".join(f"x{n}=y" for n in range(20_000)) + "}}",
        "{{Partnership request}}" * 8_000,
        "{{Partnership request|a=" * 8_000,
        "{{" * 95_000,
        "<!-- hubbot:intake begin -->" * 7_000,
    ],
    ids=lambda text: text[:40],
)
def test_what_is_made_to_take_long_does_not(text: str) -> None:
    started = time.process_time()
    found, words = answered(text + "\n" + MARKS)
    assert len(found) < 40
    assert len(words) < 20_000
    assert time.process_time() - started < 10


def test_right_to_left_text() -> None:
    value = "ספריית העיר"
    found, words = answered(template(partner=value, licence="רישיון חופשי") + MARKS)
    assert found == ["licence-unclear-unknown"]
    assert "“<bdi>רישיון חופשי</bdi>”" in words
    before = facts({value: template(partner=value) + MARKS})
    index = edits(planned(before))[-1]
    assert f"[[{TOP}/{value}|{value}]]|partner=<bdi>{value}</bdi>|" in index.change.text


def test_a_template_within_nowiki_is_none() -> None:
    found, _ = answered(f"<nowiki>{template()}</nowiki>\n{MARKS}")
    assert found == ["intake-template-missing"]


def test_markers_within_nowiki_are_none() -> None:
    found, _ = answered(template() + f"<nowiki>{MARKS}</nowiki>")
    assert found == ["region-missing"]


@pytest.mark.parametrize(
    "field", ["title", "partner", "kind", "source", "licence", "targets", "deadline", "state"]
)
def test_a_value_that_would_break_out_does_nothing_where_it_is_repeated(field: str) -> None:
    value = f"<nowiki />{NASTY}"
    hidden = f"{{{{Partnership request\n|{field}=<nowiki>{NASTY}</nowiki>\n}}}}\n"
    for text in (hidden + MARKS, template(**{field: value}) + MARKS):
        before = facts({"Page": text})
        for edit in edits(planned(before)):
            written = edit.change.text.removeprefix(edit.change.before or "")
            added = written.replace(text.split("<!--")[0], "")
            assert "[[File" not in added
            assert added.count("~~~~") <= 1  # our own signature
            assert "{{[[" not in added


def test_markers_missing_are_told_on_the_talk_page_with_the_lines_to_paste() -> None:
    before = facts({"Page": template()})
    found = planned(before)
    assert keys(found) == ["region-missing"]
    report, index = edits(found)
    assert "Paste these where its answer should stand" in report.change.text
    assert "&#60;&#33;&#45;&#45; hubbot&#58;intake begin" in report.change.text
    assert "somebody puts the two lines for HubBot’s answer back" in index.change.text
    after = with_talks(saved(before, edits(found)))
    assert edits(planned(after)) == []


@pytest.mark.parametrize(
    ("marks", "fault"),
    [
        (MARKS + MARKS, "region-doubled"),
        ("<!-- hubbot:intake begin -->\n", "region-only-begin"),
        ("<!-- hubbot:intake end -->\n", "region-only-end"),
        ("<!-- hubbot:intake end -->\n<!-- hubbot:intake begin -->\n", "region-reversed"),
        ("{{Box|" + MARKS + "}}", "region-nested"),
        ("<!-- hubbot:intake begin -->\n" + MARKS.replace("intake", "x"), "region-only-begin"),
    ],
)
def test_where_the_markers_are_in_doubt_hubbot_refuses_and_reports(marks: str, fault: str) -> None:
    found = planned(facts({"Page": template() + marks}))
    assert keys(found) == [fault]
    assert [edit.target.title for edit in edits(found)] == [f"Talk:{TOP}/Page", TOP]


def test_a_line_below_hubbots_answer_is_named_as_it_will_be() -> None:
    text = MARKS + "\n" + template().replace("}}", "")
    before = facts({"Page": text})
    found = edits(planned(before))
    after = with_talks(saved(before, found))
    lines = text_of(after, "Page").split("\n")
    told = f"begins on line {lines.index('{{Partnership request') + 1} never ends"
    assert told in text_of(after, "Page")
    assert edits(planned(after)) == []


PIECES = st.sampled_from(
    [
        *"{}[]|=<>!-~'\n: #*;",
        "{{Partnership request",
        "}}",
        "{{{",
        "|partner=",
        "|kind=media",
        "|licence=CC BY 4.0",
        "|state=draft",
        "<nowiki>",
        "</nowiki>",
        "<!--",
        "-->",
        "[[File:x]]",
        "~~~~",
        "__NOTOC__",
        "{|\n|-\n",
        "<ref>",
        "{{subst:x}}",
        "a@b.example",
        "ספר",
        "\u202e",
        "\x00",
        "\r\n",
        "<!-- hubbot:intake begin -->",
        "<!-- hubbot:intake end -->",
        "<!-- hubbot:report intake triaged 2026-11-21 -->",
    ]
)
ANYTHING = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=25).map("".join)


@settings(max_examples=100, deadline=None)
@given(ANYTHING, ANYTHING)
def test_whatever_a_page_holds_only_the_region_changes_and_a_second_run_does_nothing(
    head: str, tail: str
) -> None:
    text = (head + MARKS + tail).rstrip()
    before = facts({"Page": text})
    found = edits(planned(before))
    after = with_talks(saved(before, found))
    written = text_of(after, "Page")
    if written != text:
        assert outside(written) == outside(text)
    assert edits(planned(after)) == []


@settings(max_examples=100, deadline=None)
@given(ANYTHING, st.sampled_from(["partner", "kind", "licence", "targets", "contact", "zzz"]))
def test_whatever_a_value_holds_our_own_templates_stay_whole(value: str, field: str) -> None:
    text = "{{Partnership request\n|" + field + "=" + value + "\n}}\n" + MARKS
    before = facts({"Page": text, "Other": template() + MARKS})
    for edit in edits(planned(before)):
        if edit.key == f"intake:{TOP}/Page":
            region = find_region(edit.change.text, "intake")
            assert isinstance(region, Region)
            [status] = find_templates(region.body, ["Partnership request/status"])
            assert [each.name for each in status.parameters] == ["state", "since", "first", "words"]
        if edit.key == f"intake-index:{TOP}":
            rows = find_templates(edit.change.text, ["Partnership request/row"])
            assert len(rows) == 2
            assert [len(row.parameters) for row in rows] == [9, 9]


def test_titles_of_all_kinds_make_one_line_each() -> None:
    names = ["A = B", "A|B", "''A''", "A & B", "-", "A/B", "~~~"]
    before = facts({name: template() + MARKS for name in names})
    index = edits(planned(before))[-1]
    assert len(find_templates(index.change.text, ["Partnership request/row"])) == len(names)
