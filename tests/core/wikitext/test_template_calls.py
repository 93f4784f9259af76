"""Template calls found on pages, whatever the pages are like."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from bots.core.wikitext import TemplateCall, find_templates, find_unclosed
from tests.core.wikitext.nasty import FRAGMENTS, pieces

NAMES = ["Partnership request", "T"]


def only(text: str) -> TemplateCall:
    (call,) = find_templates(text, NAMES)
    return call


def test_a_call_has_its_place_and_its_parameters_with_their_lines() -> None:
    text = "x\n{{Partnership request\n| title = A b \n| url =\n  https://x.org/?a=b\n| c\n}}"
    call = only(text)
    assert text[call.start : call.end] == text[2:]
    assert (call.name, call.line, call.depth, call.inside) == ("Partnership request", 2, 0, "")
    assert [(p.name, p.value, p.line, p.positional) for p in call.parameters] == [
        ("title", "A b", 3, False),
        ("url", "https://x.org/?a=b", 4, False),
        ("1", "c", 6, True),
    ]
    assert call.parameters[1].raw == "\n  https://x.org/?a=b\n"


@pytest.mark.parametrize(
    "name",
    [
        "partnership request", "Partnership_request", " Partnership  request ", "Template:T",
        "template : t", ":Template:T", "Mall:T", "mall:t", "T\n", "T<!-- x -->", "<!-- a -->\nT\n",
        "Partnership&#32;request", "T#part", "\u200eT",
    ],
)  # fmt: skip
def test_names_are_compared_as_mediawiki_compares_titles(name: str) -> None:
    assert len(find_templates(f"{{{{{name}}}}}", NAMES, ["Mall"])) == 1


@pytest.mark.parametrize(
    "name", ["partnership Request", "TT", ":T", "User:T", "T\nx", "{{T}}x", ""]
)
def test_other_names_are_other_templates(name: str) -> None:
    assert not [call for call in find_templates(f"{{{{{name}|a}}}}", NAMES) if call.depth == 0]


def test_redirects_are_names_too() -> None:
    assert find_templates("{{Request|a}}", [*NAMES, "request"])[0].name == "Request"


@pytest.mark.parametrize(
    "text",
    [
        "<nowiki>{{T}}</nowiki>", "<!-- {{T}} -->", "<pre>{{T}}</pre>", "<!-- {{T}}",
        "<syntaxhighlight lang=x>{{T}}</syntaxhighlight>", "<includeonly>{{T}}</includeonly>",
        "{{{T}}}", "{{T", "{{T]]", "{T}", "{{T|[[}}", "{{T|\n== x }}\n",
    ],
)  # fmt: skip
def test_what_mediawiki_does_not_expand_is_no_call(text: str) -> None:
    assert find_templates(text, NAMES) == []


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("{{x|{{T}}}}", "template"),
        ("[[File:x|{{T}}]]", "link"),
        ("<ref>{{T}}</ref>", "ref"),
        ("{{{1|{{T}}}}}", "argument"),
    ],
)
def test_a_nested_call_is_found_with_what_it_is_in(text: str, inside: str) -> None:
    call = only(text)
    assert (call.depth, call.inside) == (1, inside)
    assert text[call.start : call.end] == "{{T}}"


def test_of_several_calls_each_is_found_in_the_pages_order() -> None:
    calls = find_templates("{{T|1}} {{Partnership request|{{T|2}}}} {{t}}", NAMES)
    assert [(call.name, call.depth) for call in calls] == [
        ("T", 0),
        ("Partnership request", 0),
        ("T", 1),
        ("T", 0),
    ]


def test_of_a_parameter_given_twice_the_last_counts() -> None:
    call = only("{{T|a=1|b=x| a = 2|p|2=q|r}}")
    assert call.value("a") == "2"
    assert call.value("2") == "r"
    assert call.doubled == ("a", "2")
    assert (call.value("none"), call.parameter("none")) == ("", None)


def test_comments_are_no_part_of_a_value_but_nowiki_is() -> None:
    call = only(
        "{{T|a=<!-- your title -->x<!-- y -->z|b=<nowiki>|}}<!-- --></nowiki>\n<!-- c -->\n}}"
    )
    assert call.value("a") == "xz"
    assert call.value("b") == "<nowiki>|}}<!-- --></nowiki>"


def test_values_keep_their_braces_links_and_direction() -> None:
    call = only("{{T|a={{x|y=z}} [[b|c]]|שם=\u202eעברית=|e=}}")
    assert call.value("a") == "{{x|y=z}} [[b|c]]"
    assert call.value("שם") == "\u202eעברית="
    assert call.value("e") == ""


def test_an_unclosed_call_is_told_with_its_line_and_what_may_be_why() -> None:
    (found,) = find_unclosed("a\n{{Partnership request\n| title = x\n| note = [[y\n}}", NAMES)
    assert (found.name, found.line) == ("Partnership request", 2)
    assert (found.blocked_by, found.blocked_line) == ("[[", 4)
    (plain,) = find_unclosed("{{T|a=b}", NAMES)
    assert (plain.line, plain.blocked_by, plain.blocked_line) == (1, "", 0)
    (comment,) = find_unclosed("{{T|a=\n<!-- b}}", NAMES)
    assert (comment.blocked_by, comment.blocked_line) == ("<!--", 2)


def test_a_closed_call_is_not_unclosed() -> None:
    assert find_unclosed("{{T|a}} {{x <nowiki>{{T</nowiki> {{{T}}}", NAMES) == []


def test_nesting_ten_thousand_deep_is_read() -> None:
    text = "{{T|a=" * 10_000 + "x" + "}}" * 10_000
    calls = find_templates(text, NAMES)
    assert (len(calls), calls[-1].depth, calls[-1].value("a")) == (10_000, 9_999, "x")
    assert len(find_unclosed("{{T|" * 10_000, NAMES)) == 10_000


CALL = (
    "{{Partnership request\n| title = A\n| url = https://x.org/?b=c\n| note = {{lang|sv|h}}\n}}\n"
)


@pytest.mark.parametrize(
    "piece",
    [
        CALL,
        "{{T|",
        "{{T",
        "{{{{",
        "{{T|a=[[",
        "<!-- -->",
        "<nowiki>",
        "-{",
        "\n=={{T",
        "{{T}}",
        "}}",
    ],
)
def test_time_grows_with_the_page_and_no_faster(piece: str) -> None:
    """Some 3 s of processor time for 2 MB of the worst; a quadratic reader takes hours."""
    text = CALL + piece * (400_000 // len(piece))
    started = time.process_time()
    find_templates(text, NAMES)
    find_unclosed(text, NAMES)
    assert time.process_time() - started < 6


def test_a_page_of_2_mb_is_read_in_time() -> None:
    text = CALL * (2_000_000 // len(CALL))
    started = time.process_time()
    assert len(find_templates(text, NAMES)) == 2_000_000 // len(CALL)
    assert time.process_time() - started < 10


@settings(max_examples=1_000, deadline=None)
@given(text=pieces([*FRAGMENTS, "{{T|", "{{T", "T"]))
def test_any_page_is_read_and_every_call_is_where_it_says(text: str) -> None:
    for call in find_templates(text, NAMES):
        written = text[call.start : call.end]
        assert written.startswith("{{")
        assert written.endswith("}}")
        assert all(text[p.value_start : p.end] == p.raw for p in call.parameters)
        assert all(text[p.start - 1] == "|" for p in call.parameters)
    for unclosed in find_unclosed(text, NAMES):
        assert text.startswith("{{", unclosed.start)
