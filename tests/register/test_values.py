"""What people write in a field, type by type: the canonical form, or what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.core.messages import Message
from bots.core.register.kinds import FieldConfig, Type
from bots.core.register.values import LONGEST, MOST, Fault, canonical, reader, words_of
from tests.register.world import messages, world


def a_field(type_: Type, **more: Any) -> FieldConfig:
    if type_ is Type.CHOICE:
        choices = {"glam": {"en": "GLAM"}, "open-data": {"en": "open data", "sv": "öppna data"}}
        more = {"choices": choices, **more}
    if type_ is Type.RECORD:
        more = {"of": ["partner", "tool"], **more}
    return FieldConfig(type=type_, label={"en": "x"}, about={"en": "x"}, **more)


GOOD = [
    (Type.TEXT, "''Sea'' [[Museum|museum]] &amp; '''more'''<ref>a</ref>", "Sea museum & more"),
    (Type.TEXT, "we; [https://sea.example report]<br />\n* you &lt; 3", "we; report\n\nyou < 3"),
    (Type.TEXT, "<span lang=\"sv\">Sjömuseet</span> <nowiki>[x]</nowiki>", "Sjömuseet [x]"),
    (Type.TEXT, "sea &#x202e;museum&#10;", "sea museum"),
    (Type.NUMBER, "1,200", "1200"),
    (Type.NUMBER, "1 200 000", "1200000"),
    (Type.NUMBER, "+12.50", "12.5"),
    (Type.NUMBER, "−3", "-3"),
    (Type.NUMBER, "0.125", "0.125"),
    (Type.DATE, "2026", "2026"),
    (Type.DATE, "2026-11", "2026-11"),
    (Type.DATE, "november 2026", "2026-11"),
    (Type.DATE, "21 November 2026", "2026-11-21"),
    (Type.DATE, "den 3 mars 2026", "2026-03-03"),
    (Type.YES_NO, "Ja", "yes"),
    (Type.YES_NO, "no", "no"),
    (Type.CHOICE, "GLAM", "glam"),
    (Type.CHOICE, "[[Öppna data]]", "open-data"),
    (Type.URL, "[https://sea.example/x?a=1&amp;b=2 The site]", "https://sea.example/x?a=1&b=2"),
    (Type.COUNTRY, "Sverige", "SE"),
    (Type.COUNTRY, "{{flag|SE}}", "SE"),
    (Type.COUNTRY, "[[Sweden]]", "SE"),
    (Type.COUNTRY, "the Netherlands", "NL"),
    (Type.COUNTRY, "Turkey", "TR"),
    (Type.COUNTRY, "USA", "US"),
    (Type.LANGUAGE, "Svenska", "sv"),
    (Type.LANGUAGE, "zh-Hant", "zh-hant"),
    (Type.ITEM, "{{Q|42}}", "Q42"),
    (Type.ITEM, "[[:d:Q42|Sea Museum]]", "Q42"),
    (Type.ITEM, "https://www.wikidata.org/wiki/Q42", "Q42"),
    (Type.PROPERTY, "[[d:Property:P856]]", "P856"),
    (Type.PROPERTY, "{{P|856}}", "P856"),
    (Type.USER, "[[User:aino|Aino]] ([[User talk:Aino|talk]])", "Aino"),
    (Type.USER, "{{u|Aino}}", "Aino"),
    (Type.USER, "Användare:Aino_B", "Aino B"),
    (Type.USER, "Aino &#38;&#x202e; B &#61; C", "Aino & B = C"),
    (Type.LICENCE, "Creative Commons Attribution-ShareAlike 4.0", "CC BY-SA 4.0"),
    (Type.PAGE, "[[help:Partnership_requests#How|here]]", "Help:Partnership requests"),
    (Type.CATEGORY, "[[c:Category:Sea Museum|pictures]]", "Sea Museum"),
    (Type.CATEGORY, "Kategori:Sea Museum", "Sea Museum"),
    (Type.DATASET, "Heritage-Sweden", "heritage-sweden"),
    (Type.RECORD, "[[Partnerships/Partners/A, B|it]]", "Partnerships/Partners/A, B"),
    (Type.RECORD, "Tools/Uploader", "Partnerships/Tools/Uploader"),
    (Type.RECORD, "Sea Museum", "Partnerships/Partners/Sea Museum"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "word", "form"), GOOD)
def test_what_people_write_has_one_canonical_form(type_: Type, word: str, form: str) -> None:
    assert canonical(a_field(type_), word, world()) == form
    assert canonical(a_field(type_), form, world()) == form


BAD = [
    (Type.TEXT, "{{lang|sv|Sjömuseet}}", "register-markup"),
    (Type.TEXT, "{| class=x\n|}", "register-markup"),
    (Type.TEXT, "<div>x</div>", "register-markup"),
    (Type.TEXT, "x" * (LONGEST + 1), "register-long"),
    (Type.TEXT, "ask aino@sea.example", "register-address"),
    (Type.TEXT, "aino&#64;sea.example", "register-address"),
    (Type.TEXT, "aino@<b></b>sea.[[example]]", "register-address"),
    (Type.USER, "aino (at) sea.example", "register-address"),
    (Type.NUMBER, "about a hundred", "register-number"),
    (Type.NUMBER, "1.200", "register-number"),
    (Type.NUMBER, "1" * 16, "register-number"),
    (Type.DATE, "44 BC", "register-date"),
    (Type.DATE, "19th century", "register-date"),
    (Type.DATE, "2026-02-30", "register-date"),
    (Type.DATE, "2026-13", "register-date"),
    (Type.DATE, "03/04/2027", "register-date"),
    (Type.DATE, "0000", "register-date"),
    (Type.YES_NO, "perhaps", "register-yes-no"),
    (Type.CHOICE, "opn data", "register-choice-near"),
    (Type.CHOICE, "circus", "register-choice"),
    (Type.URL, "sea.example", "register-url-near"),
    (Type.URL, "javascript:alert(1)", "register-url"),
    (Type.URL, "https://user:secret@sea.example", "register-address"),
    (Type.COUNTRY, "Swedn", "register-country-near"),
    (Type.COUNTRY, "Atlantis", "register-country"),
    (Type.COUNTRY, "QX", "register-country"),
    (Type.LANGUAGE, "Klingonese", "register-language-near"),
    (Type.LANGUAGE, "xx", "register-language"),
    (Type.ITEM, "P42", "register-item"),
    (Type.ITEM, "Q0", "register-item"),
    (Type.PROPERTY, "Q42", "register-property"),
    (Type.USER, "User:Aino/Sandbox", "register-user"),
    (Type.LICENCE, "open", "register-licence"),
    (Type.LICENCE, "Creative Commons", "register-licence"),
    (Type.PAGE, "{{x}}", "register-title"),
    (Type.CATEGORY, "Category:", "register-title"),
    (Type.RECORD, "a" * 256, "register-title"),
    (Type.DATASET, "heritage-swedn", "register-dataset-near"),
    (Type.DATASET, "moon", "register-dataset"),
]


@pytest.mark.parametrize(("type_", "word", "key"), BAD)
def test_what_is_no_value_is_told_in_words(type_: Type, word: str, key: str) -> None:
    found = canonical(a_field(type_), word, world())
    assert isinstance(found, Fault)
    assert found.key == key
    for language in ("en", "sv"):
        said = messages().text(language, Message(found.key, {**found.params, "line": "3"}))
        assert "3" in said
        assert "sea.example" not in said or type_ is Type.URL
    assert reader(world())(a_field(type_), word) is None


def test_a_country_nobody_has_heard_of_is_told_with_the_nearest() -> None:
    found = canonical(a_field(Type.COUNTRY), "Swedn", world())
    assert isinstance(found, Fault)
    assert found.params == {"value": "Swedn", "near": "sweden", "code": "SE"}


LISTS = [
    (Type.COUNTRY, True, "Sweden, Norge;FI", ["Sweden", "Norge", "FI"]),
    (
        Type.TEXT,
        True,
        "sea, [[Boat, big|boats]]; a&nbsp;b,",
        ["sea", "[[Boat, big|boats]]", "a&nbsp;b"],
    ),
    (Type.TEXT, True, "* one, two\n*three<br>four", ["one", "two", "three", "four"]),
    (Type.TEXT, "lines", "* 1,200; old\n\n* 3 texts<br/>more", ["1,200; old", "3 texts", "more"]),
    (Type.RECORD, True, "Sea, big; [[A, B]], [[C]]", ["Sea, big", "[[A, B]]", "[[C]]"]),
    (
        Type.URL,
        True,
        "https://a.example/x,y;z https://b.example,",
        ["https://a.example/x,y;z", "https://b.example"],
    ),
    (Type.URL, True, "\n* [https://c.example c, d]", ["https://c.example"]),
    (Type.TEXT, False, "\n one, two\nthree", ["one, two\nthree"]),
    (Type.TEXT, False, "  ", []),
    (Type.TEXT, True, ", ;\n*", []),
]


@pytest.mark.parametrize(("type_", "many", "text", "words"), LISTS)
def test_values_of_a_field_are_told_apart(
    type_: Type, many: Any, text: str, words: list[str]
) -> None:
    assert [each.text for each in words_of(a_field(type_, many=many), text)] == words


def test_each_value_knows_its_line_in_the_field() -> None:
    found = words_of(a_field(Type.COUNTRY, many=True), "SE, NO\n* FI<br>DK")
    assert [(each.text, each.line) for each in found] == [
        ("SE", 0),
        ("NO", 0),
        ("FI", 1),
        ("DK", 1),
    ]
    assert [each.line for each in words_of(a_field(Type.DATE), "\n\n2026")] == [2]


def test_no_more_values_are_read_than_people_would_fill_in() -> None:
    assert len(list(words_of(a_field(Type.TEXT, many=True), "x," * 10_000))) == MOST


@pytest.mark.parametrize(
    "piece", ["[[", "{{", "[https://x.example ", "<ref>", "'''", "<b ", "&amp"]
)
def test_markup_without_end_is_read_in_no_time(piece: str) -> None:
    for type_ in Type:
        for word in words_of(a_field(type_, many=True), piece * (4_900 // len(piece))):
            canonical(a_field(type_), word.text, world())


PIECES = [
    "[[", "]]", "{{", "}}", "|", "=", "<br>", "<ref>", "</ref>", "\n", "* ", ",", ";", "Sweden",
    "Q42", "User:", "Aino", "https://x.example/", "@", "sv", "2026-11", "-21", "1,200", ".", "'''",
    "&amp;", "&lt;", "Category:", "#", "/", "Partnerships/", "Partners/", "CC BY 4.0", " ",
    "\u200f", "\x00", "~~~~", "__TOC__", "0", "flag|SE", ":d:",
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(list(Type)), st.lists(st.sampled_from(PIECES), max_size=8))
def test_whatever_is_written_a_value_is_its_own_canonical_form(
    type_: Type, pieces: list[str]
) -> None:
    for many in (False, True, "lines"):
        for word in words_of(a_field(type_, many=many), "".join(pieces)):
            found = canonical(a_field(type_), word.text, world())
            if isinstance(found, Fault):
                messages().text("en", Message(found.key, {**found.params, "line": "1"}))
            else:
                assert found.strip()
                assert type_ is Type.TEXT or canonical(a_field(type_), found, world()) == found
