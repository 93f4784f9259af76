"""Parameters written in their author's style, and nothing else touched."""

from __future__ import annotations

import mwparserfromhell
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bots.core.wikitext import escape, find_templates, set_parameters
from tests.core.wikitext.nasty import FRAGMENTS, pieces, values


def written(text: str, **values: str | None) -> str:
    return set_parameters(text, find_templates(text, ["T"])[0], values)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{T\n| a = x\n| b = y\n}}", "{{T\n| a = n\n| b = y\n| new = v\n}}"),
        ("{{T\n |a=x\n |b=y\n}}", "{{T\n |a=n\n |b=y\n |new=v\n}}"),
        ("{{T|a=x|b=y}}", "{{T|a=n|b=y|new=v}}"),
        ("{{T | a = x | b = y }}", "{{T | a = n | b = y | new = v }}"),
        ("{{T | a = x | b = y}}", "{{T | a = n | b = y | new = v}}"),
        ("{{T|\na = x|\nb = y\n}}", "{{T|\na = n|\nb = y|\nnew = v\n}}"),
        ("{{T|a=x|b=y\n}}", "{{T|a=n|b=y|new=v\n}}"),
        ("{{T\n| a    = x\n| long = y\n}}", "{{T\n| a    = n\n| long = y\n| new  = v\n}}"),
        ("{{T\n|a= <!-- c --> x <!-- d -->\n}}", "{{T\n|a= <!-- c --> n <!-- d -->\n|new= v\n}}"),
        ("{{T\n| a =\n| b = y\n}}", "{{T\n| a = n\n| b = y\n| new = v\n}}"),
        ("{{T\n| a = \n| b = \n}}", "{{T\n| a = n\n| b = \n| new = v\n}}"),
        ("{{T\n| a = <!-- why -->\n}}", "{{T\n| a = <!-- why -->n\n| new = v\n}}"),
        ("{{T|a=}}", "{{T|a=n|new=v}}"),
        ("{{T|a=1|p|a = x}}", "{{T|a=1|p|a = n|new = v}}"),
    ],
)  # fmt: skip
def test_the_authors_style_is_kept(before: str, after: str) -> None:
    assert written(before, a="n", new="v") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{T}}", "{{T|new=v}}"),
        ("{{T\n}}", "{{T\n| new = v\n}}"),
        ("{{T|p|q}}", "{{T|p|q|new=v}}"),
        ("{{T| p | q }}", "{{T| p | q |new=v}}"),
        ("{{T\n|p\n}}", "{{T\n|p\n| new = v\n}}"),
    ],
)
def test_a_call_without_named_parameters_gets_one(before: str, after: str) -> None:
    assert written(before, new="v") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{T\n| a = x\n| b = y\n}}", "{{T\n| b = y\n}}"),
        ("{{T\n| b = y\n| a = x\n}}", "{{T\n| b = y\n}}"),
        ("{{T|\nb = y|\na = x\n}}", "{{T|\nb = y\n}}"),
        ("{{T | b = y | a = x}}", "{{T | b = y}}"),
        ("{{T|a=1|b=y|a=2}}", "{{T|b=y}}"),
        ("{{T|a=1}}", "{{T}}"),
        ("{{T|b}}", "{{T|b}}"),
    ],
)
def test_a_parameter_is_taken_out_wherever_it_is_given(before: str, after: str) -> None:
    assert written(before, a=None) == after


def test_a_parameter_without_a_name_is_set_and_taken_out_if_it_is_the_last() -> None:
    text = "{{T| p |q}}"
    call = find_templates(text, ["T"])[0]
    assert set_parameters(text, call, {"1": "n", "2": None}) == "{{T| n }}"
    assert set_parameters(text, call, {"2": None, "a": "1"}) == "{{T| p |a=1}}"
    with pytest.raises(ValueError, match="change their names"):
        set_parameters(text, call, {"1": None})


def test_several_are_set_put_in_and_taken_out_at_once() -> None:
    text = "a {{T\n| a = 1\n| b = 2\n| c = 3\n}} z"
    assert (
        written(text, a="n", c=None, d="4", e="5")
        == "a {{T\n| a = n\n| b = 2\n| d = 4\n| e = 5\n}} z"
    )


def test_what_is_already_so_is_not_touched() -> None:
    text = "{{T\n|a=<!-- c -->x  \n|  b=y}}"
    assert written(text, a="x", b="y", c=None) == text


def test_a_nested_call_is_written_in_place() -> None:
    text = "{{x|y={{T|a=1}}|z={{T|a=1}}}}"
    second = find_templates(text, ["T"])[1]
    assert set_parameters(text, second, {"a": "2"}) == "{{x|y={{T|a=1}}|z={{T|a=2}}}}"


@pytest.mark.parametrize(
    "value",
    [
        "|",
        "x|y=z",
        "}}",
        "{{",
        "[[",
        "{{x|}",
        "]]}}",
        "<nowiki>",
        "<!--",
        "\n== h",
        "-{",
        "{{x",
        "<pre>}}",
    ],
)
def test_a_value_that_breaks_out_is_refused(value: str) -> None:
    text = "{{T|a=1|b=2}} text </nowiki> --> </pre> }} ]] }-"
    for name in ("a", "new"):
        with pytest.raises(ValueError, match="stay within"):
            written(text, **{name: value})


def test_an_equals_sign_is_refused_only_where_there_is_no_name() -> None:
    assert written("{{T|a=1}}", a="x=y") == "{{T|a=x=y}}"
    call = find_templates("{{T|p}}", ["T"])[0]
    with pytest.raises(ValueError, match="stay within"):
        set_parameters("{{T|p}}", call, {"1": "x=y"})


@pytest.mark.parametrize("name", ["", " a", "a|b", "a=b", "a}}", "[[", "a\nb", "<!--", "<nowiki>"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        written("{{T|a=1}}", **{name: "v"})


def test_a_call_of_another_text_is_refused() -> None:
    call = find_templates("{{T|a=1}}", ["T"])[0]
    for text in ("x{{T|a=1}}", "{{T|a=2}}", "{{T|b=1}}", "<!--{{T|a=1}}", ""):
        with pytest.raises(ValueError, match="not at this place"):
            set_parameters(text, call, {"a": "3"})


spaces = st.sampled_from(["", " ", "\n", "  ", "\n ", "<!-- c -->", "<!-- |}} -->\n"])
calls = st.builds(
    lambda name, parts, end: "{{T" + name + "".join(parts) + end + "}}",
    spaces,
    st.lists(
        st.builds(
            lambda a, name, b, c, value, d: f"|{a}{name}{b}={c}{value}{d}",
            spaces, st.sampled_from(["a", "b", "c", "שם"]), spaces, spaces,
            st.sampled_from(["", "x", "{{y|z}}", "[[l|m]]", "<nowiki>|}}</nowiki>", "x=y"]), spaces,
        )
        | st.sampled_from(["|p", "| q ", "|", "|{{T|a=1}}"]),
        max_size=5,
    ),
    spaces,
)  # fmt: skip


@settings(max_examples=1_000, deadline=None)
@given(
    before=pieces(FRAGMENTS, 6),
    call=calls,
    after=pieces(FRAGMENTS, 6),
    name=st.sampled_from(["a", "b", "new"]),
    value=values().map(escape) | st.sampled_from(["{{x|y}}", "[[x|y]]", "", "x = y"]),
)
def test_what_was_set_is_found_and_all_else_is_as_it_was(
    before: str, call: str, after: str, name: str, value: str
) -> None:
    text = before + call + after
    found = [each for each in find_templates(text, ["T"]) if each.start == len(before)]
    assume(found)
    old = found[0]
    changed = set_parameters(text, old, {name: value})
    new = next(each for each in find_templates(changed, ["T"]) if each.start == old.start)
    assert new.value(name) == value
    assert changed[: old.start] == text[: old.start]
    assert changed[new.end :] == text[old.end :]
    others = [p.raw.strip() for p in old.parameters if p is not old.parameter(name)]
    assert [p.raw.strip() for p in new.parameters if p is not new.parameter(name)] == others
    assert set_parameters(changed, new, {name: value}) == changed


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(["a", "b", "new"]), value=values().map(escape))
def test_another_parser_reads_what_was_written(name: str, value: str) -> None:
    text = "{{T\n| a = 1\n| b = {{x|y=z}}\n}}"
    parsed = mwparserfromhell.parse(written(text, **{name: value})).filter_templates()[0]
    assert str(parsed.get(name).value).strip() == value
