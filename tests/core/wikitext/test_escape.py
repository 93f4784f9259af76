"""Values from outside in wikitext: shown as they are, and without effect."""

from __future__ import annotations

import unicodedata

import mwparserfromhell
import pytest
from hypothesis import given, settings
from mwparserfromhell.nodes import HTMLEntity, Text

from bots.core.wikitext import escape, external_link, isolated, link, plain, summary
from tests.core.wikitext.nasty import values


@pytest.mark.parametrize(
    "value",
    [
        "Plain words, with (some) punctuation.",
        "O'Brien",
        "well-known",
        "snake_case",
        "50 %",
        "Å 日本 עברית",
    ],
)
def test_harmless_text_stays_readable(value: str) -> None:
    assert escape(value).replace("&#37;", "%") == value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("|}}{{[[File:x]]~~~~",
         "&#124;&#125;&#125;&#123;&#123;&#91;&#91;File&#58;x&#93;&#93;&#126;&#126;&#126;&#126;"),
        ("a=b", "a&#61;b"),
        ("<b>&lt;", "&#60;b&#62;&#38;lt;"),
        ("''it'''s", "&#39;&#39;it&#39;&#39;&#39;s"),
        ("__TOC__", "&#95;&#95;TOC&#95;&#95;"),
        ("----", "&#45;" * 4),
        (" * a\n# b", "&#42; a # b"),
        ("http://x.org", "http&#58;//x.org"),
        ("RFC 1, ISBN\u00a02, PMID", "&#82;FC 1, &#73;SBN\u00a02, &#80;MID"),
        ("a !! b", "a &#33;&#33; b"),
        ("a\u2028b\r\n\x0bc", "a b c"),
        ("\x7f'\"`UNIQ-1-QINU`\"'\x7f", "&#39;&#34;`UNIQ-1-QINU`&#34;&#39;"),
        ("\u202ea\u2066b\u2069\ufeff\x00\x9f", "ab"),
        ("\ud800\uffff", "&#65533;&#65533;"),
        ("e\u0301", "é"),
        ("  ", ""),
    ],
)  # fmt: skip
def test_what_could_have_an_effect_is_written_as_a_number(value: str, written: str) -> None:
    assert escape(value) == written


def test_an_isolated_value_has_a_direction_of_its_own() -> None:
    assert isolated("\u202eעברית") == "<bdi>עברית</bdi>"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Main Page", "[[Main Page]]"),
        ("Category:X_y", "[[:Category:X y|Category&#58;X y]]"),
        ("sv:X", "[[:sv:X|sv&#58;X]]"),
        ("/sub", "[[:/sub|/sub]]"),
        ("AT&T: 100%", "[[:AT&#38;T: 100%|AT&#38;T&#58; 100%]]"),
        ("a''b=c", "[[a&#39;&#39;b&#61;c]]"),
    ],
)
def test_a_title_becomes_a_link(title: str, written: str) -> None:
    assert link(title) == written


@pytest.mark.parametrize(
    "title",
    [
        "", " ", ":", ":X", "X:", "a|b", "a#b", "a[b", "a]", "{{a}}", "<a>", "a~~~~b", "a%41",
        "&amp;",
        "&#91;", ".", "..", "../a", "a/../b", "a/.", "./a", "http://x.org", "//x", "mailto:a@b.c",
        "x" * 256, "é" * 128, "\ufffd",
    ],
)  # fmt: skip
def test_what_is_no_title_is_only_text(title: str) -> None:
    assert link(title) == escape(title)
    assert link(title, "label |]]") == "label &#124;&#93;&#93;"


def test_a_links_label_is_escaped_and_never_empty() -> None:
    assert link("X", "a]]|") == "[[X|a&#93;&#93;&#124;]]"
    assert link("X", "") == "[[X]]"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://x.org/a?b=c&d=e#f", "https://x.org/a?b&#61;c&amp;d&#61;e#f"),
        ("https://x.org/a b", None),
        ("https://x.org/?a='b'\"[c]{|}<d>", "https://x.org/?a&#61;%27b%27%22%5Bc%5D%7B%7C%7D%3Cd%3E"),
        ("https://x.org/__TOC__~~~~!!", "https://x.org/%5F%5FTOC%5F%5F%7E%7E%7E%7E%21%21"),
        ("https://x.org/é%41%", "https://x.org/%C3%A9%41%25"),
        ("https://bücher.example:8080", "https://xn--bcher-kva.example:8080"),
        ("HTTP://X.ORG", "http://x.org"),
    ],
)  # fmt: skip
def test_an_address_becomes_a_link(url: str, target: str | None) -> None:
    expected = target or url.replace(" ", "%20")
    assert external_link(url, "x") == f"[{expected} x]"


@pytest.mark.parametrize(
    "url",
    [
        "", "x.org", "//x.org", "ftp://x.org", "javascript:alert(1)", "https://", "https:///a",
        "https://a@b.c/", "https://x.org:99999", "https://[::1]/", "https://x y/", "https://x|y/",
        "https://x.org/\n", "https://x.org/a\nb", "https://x.org/\u202e", "http://[", "https://-/",
        "https://" + "x" * 70 + "é.org/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_only_text(url: str) -> None:
    if url != url.strip():
        assert external_link(url) == external_link(url.strip())
    else:
        assert external_link(url) == escape(url)


def test_a_summary_opens_no_link_and_no_section_and_fits() -> None:
    assert summary("a [[b]] {{c}}\n/* d */\x00") == "a [ [b]] {{c}} / * d */"
    assert summary("[[[[x]]/*/*") == "[ [ [ [x]]/ */ *"
    assert summary("ab cd ef", 6) == "ab cd…"
    assert len(summary("x" * 9_999)) == 500


@settings(max_examples=2_000, deadline=None)
@given(value=values())
def test_an_escaped_value_is_text_and_nothing_else(value: str) -> None:
    written = escape(value)
    nodes = mwparserfromhell.parse(written).nodes
    assert all(isinstance(node, Text | HTMLEntity) for node in nodes)
    shown = "".join(str(n.normalize()) if isinstance(n, HTMLEntity) else str(n) for n in nodes)
    assert shown == plain(value)
    assert unicodedata.is_normalized("NFC", written)
    assert "\n" not in written
    assert not written[:1].isspace()
    assert written[:1] not in set("*#:;=!|+-{}'_~")
    assert escape(plain(value)) == written


@settings(max_examples=500, deadline=None)
@given(value=values())
def test_what_is_around_an_escaped_value_keeps_its_shape(value: str) -> None:
    written = escape(value)
    (call,) = mwparserfromhell.parse(f"{{{{x|{written}|b={written}|c}}}}").filter_templates()
    assert [str(p.name) for p in call.params] == ["1", "b", "2"]
    (wikilink,) = mwparserfromhell.parse(f"[[x|{written}]]").nodes
    assert str(wikilink.text) == written
    (table,) = mwparserfromhell.parse(f"{{|\n|{written}||b\n|}}").nodes
    assert [str(cell.tag) for cell in table.contents.nodes if not isinstance(cell, Text)] == [
        "td",
        "td",
    ]


@settings(max_examples=500, deadline=None)
@given(title=values(), url=values())
def test_links_out_of_any_values_are_one_link_or_text(title: str, url: str) -> None:
    for written in (link(title), link(title, url)):
        nodes = mwparserfromhell.parse(written).nodes
        assert len(nodes) == 1 or all(isinstance(node, Text | HTMLEntity) for node in nodes)
    written = external_link("https://x.org/" + url, title)
    nodes = mwparserfromhell.parse(written).nodes
    assert len(nodes) == 1 or all(isinstance(node, Text | HTMLEntity) for node in nodes)


@settings(max_examples=500, deadline=None)
@given(value=values())
def test_a_summary_of_any_value_fits_and_is_one_line(value: str) -> None:
    written = summary(value, 40)
    assert len(written) <= 40
    assert "[[" not in written
    assert "/*" not in written
    assert written == plain(written)
    written.encode()
