"""Pages of the register read as records, and what is told of those that can't be, with the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from bots.core.plan import Finding
from bots.core.register.facts import PageRecord
from bots.register.records import check_all, read_record, redirect_target
from tests.register.world import NOW, messages, page, reading, rules, told

GOOD = """{{Partner
| name = Sjömuseet
| item = {{Q|42}} <!-- found by Aino -->
| kind = glam
| stage = in collaboration
| countries = Sweden,
  Norge
| topics = * ships
* the sea; lighthouses
| mediators = [[User:Aino|]], [[User:Bashir|Bashir]]
| outcomes =
* 1,200 pictures, all of them named
* 3 articles
}}
People write here what they like, and {{other|templates}}.
"""


def keys(found: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(each.where, each.message.key) for each in found]


def record(page: int, title: str, kind: str = "partner", **values: str) -> PageRecord:
    given = {name.replace("_", " "): (value,) for name, value in values.items()}
    lines = {name: place for place, name in enumerate(given, 2)}
    return PageRecord(
        kind=kind, page=page, title=f"Partnerships/{title}", revid=1, edited=NOW,
        values=given, lines=lines,
    )  # fmt: skip


def test_a_page_is_read_as_a_record_with_each_value_in_its_form() -> None:
    found = reading(GOOD)
    assert found.findings == ()
    assert found.record == PageRecord(
        kind="partner",
        page=7,
        title="Partnerships/Partners/Sjömuseet",
        revid=77,
        edited=NOW,
        values={
            "name": ("Sjömuseet",),
            "item": ("Q42",),
            "kind": ("glam",),
            "stage": ("collaboration",),
            "country": ("SE", "NO"),
            "topics": ("ships", "the sea", "lighthouses"),
            "mediators": ("Aino", "Bashir"),
            "outcomes": ("1,200 pictures, all of them named", "3 articles"),
        },
    )
    assert found.record.lines["country"] == 6
    assert found.record.lines["outcomes"] == 12


def test_a_bad_value_is_left_out_and_told_with_its_field_and_line() -> None:
    text = GOOD.replace("Norge", "Nrge").replace("= glam", "= circus")
    found = reading(text)
    assert found.record is not None
    assert found.record.values["country"] == ("SE",)
    assert "kind" not in found.record.values
    assert keys(found.findings) == [
        ("kind", "register-choice"),
        ("country", "register-country-near"),
    ]
    assert told(found)[1] == (
        "country",
        "Line 7: “Nrge” is no country that is known here. Did you mean “norge” (NO)?",
    )
    assert told(found, "sv")[1][1].startswith("Rad 7: ”Nrge”")


def test_an_e_mail_address_gets_neither_into_a_record_nor_into_what_is_told() -> None:
    text = GOOD.replace(
        "| kind", "| contacts = Eva, eva@sea.example\n| phone = eva@sea.example\n| kind"
    )
    found = reading(text)
    assert found.record is not None
    assert found.record.values["contacts"] == ("Eva",)
    assert keys(found.findings) == [("phone", "register-address"), ("contacts", "register-address")]
    assert "sea.example" not in str(found)


def test_a_field_that_there_is_not_is_told_with_the_nearest() -> None:
    found = reading(
        GOOD.replace("| topics", "| topcis").replace("| kind", "|colour=red\n|loose\n| kind")
    )
    assert keys(found.findings) == [
        ("colour", "register-unknown-field"),
        ("", "register-unnamed"),
        ("topcis", "register-unknown-field-near"),
    ]
    assert found.findings[2].message.params == {"near": "topics", "line": "10"}


def test_a_field_given_twice_counts_as_on_the_wiki_and_is_told_with_both_lines() -> None:
    found = reading(GOOD.replace("| kind", "| type = ngo\n| kind"))
    assert found.record is not None
    assert found.record.values["kind"] == ("glam",)
    assert keys(found.findings) == [("kind", "register-given-twice")]
    assert found.findings[0].message.params == {"list_lines": ["4", "5"], "value": "glam"}
    assert reading(GOOD.replace("| kind", "| type = glam\n| kind =\n| kind")).findings == ()


def test_a_needed_field_that_is_missing_is_told() -> None:
    found = reading("\n\n{{Partner|name=X|stagee=interested}}")
    assert keys(found.findings) == [
        ("stagee", "register-unknown-field-near"),
        ("kind", "register-missing"),
    ]
    assert found.findings[1].message.params == {"line": "3"}


@pytest.mark.parametrize(
    ("text", "key", "params"),
    [
        (f"{{{{box|\n{GOOD}}}}}", "register-template-nested", {"line": "2"}),
        (f"x\n<ref>{GOOD}</ref>", "register-template-nested", {"line": "2"}),
        (f"{GOOD}{GOOD}", "register-template-twice", {"list_lines": ["1", "16"]}),
        (f"{GOOD}{{{{Partnership tool|name=X}}}}", "register-template-twice", {"num_calls": 2}),
        (GOOD.replace("}}\nPeople", "\nPeople"), "register-template-unclosed", {"line": "1"}),
        (GOOD + "x" * 200_001, "register-page-long", {"most": "200000"}),
    ],
)  # fmt: skip
def test_a_page_that_is_not_one_record_is_refused_and_what_is_known_stays(
    text: str, key: str, params: Mapping[str, object]
) -> None:
    found = reading(text)
    assert (found.record, found.readable) == (None, False)
    assert [each.message.key for each in found.findings] == [key]
    assert params.items() <= found.findings[0].message.params.items()
    assert all(said for _, said in told(found, "sv"))


def test_a_call_beside_one_in_a_template_is_the_record_and_the_other_is_told() -> None:
    found = reading(f"{{{{box|{{{{partner|name=Y}}}}}}}}\n{GOOD}")
    assert found.record is not None
    assert found.record.first("name") == "Sjömuseet"
    assert keys(found.findings) == [("", "register-template-nested")]


def test_a_page_without_a_record_holds_none() -> None:
    for text in (None, "", "{{Partnership request|name=X}}", f"<nowiki>{GOOD}</nowiki>"):
        found = reading(text)
        assert (found.record, found.readable) == (None, True)
    assert [each.message.key for each in reading("nothing").findings] == ["register-no-template"]
    assert reading("notes", "Partnerships/Partners/Sjömuseet/Notes").findings == ()
    assert reading("{{Partner list}}", "Partnerships/Partners by country").findings == ()


def test_a_redirect_is_no_record_and_leads_to_one() -> None:
    text = "#OMDIRIGERING [[Partnerships/Partners/Havs_museet#Mer]]"
    moved = replace(page(text), redirect=True)
    assert read_record(moved, rules()).record is None
    assert redirect_target(text) == "Partnerships/Partners/Havs museet"
    assert redirect_target("Text [[X]]") == ""


def test_a_page_that_can_t_be_read_is_not_taken_for_empty() -> None:
    assert not read_record(replace(page(None), fault="no"), rules()).readable


def test_a_record_that_is_not_where_its_kind_belongs_is_read_and_told() -> None:
    found = reading("\n{{Mall:Partner|name=X|kind=ngo|stage=paused}}", "Partnerships/Tools/X")
    assert found.record is not None
    assert found.record.kind == "partner"
    assert keys(found.findings) == [("", "register-misplaced")]
    assert found.findings[0].message.params["folder"] == "Partnerships/Partners/"


def test_values_that_are_no_end_of_wrong_are_told_a_few_times() -> None:
    found = reading(GOOD.replace("countries = ", "countries = " + "Nowhere, " * 100))
    assert 0 < len(found.findings) <= 5
    assert len(reading("{{Partner|" + "x=1|" * 5_000 + "}}").findings) < 20


def test_two_pages_with_one_item_are_told_on_both_with_their_lines() -> None:
    known = [
        record(1, "Partners/A", name="A", item="Q42"),
        record(2, "Partners/B", item="Q42"),
        record(3, "Partners/C", item="Q43"),
        record(4, "Tools/T", kind="tool", item="Q42"),
    ]
    found = list(check_all(known, rules(), {}, "hub"))
    assert [
        (each.target.title, each.where, each.message.key, each.message.params)
        for each in found
        if isinstance(each, Finding)
    ] == [
        ("Partnerships/Partners/A", "item", "register-item-twice",
         {"item": "Q42", "list_pages": ["Partnerships/Partners/B"], "line": "3"}),
        ("Partnerships/Partners/B", "item", "register-item-twice",
         {"item": "Q42", "list_pages": ["Partnerships/Partners/A"], "line": "2"}),
    ]  # fmt: skip


def test_a_record_that_is_named_and_not_there_is_told_with_the_nearest() -> None:
    known = [
        record(1, "Partners/Sjömuseet"),
        record(2, "Agreements/A", kind="agreement", partners="Partnerships/Partners/Sjömuset"),
        record(3, "Agreements/B", kind="agreement", partners="Partnerships/Partners/Gone"),
        record(4, "Agreements/C", kind="agreement", partners="Partnerships/Agreements/A"),
    ]
    found = list(check_all(known, rules(), {}, "hub"))
    assert [
        (each.target.title, each.where, each.message.key)
        for each in found
        if isinstance(each, Finding)
    ] == [
        ("Partnerships/Agreements/A", "partners", "register-no-record-near"),
        ("Partnerships/Agreements/B", "partners", "register-no-record"),
        ("Partnerships/Agreements/C", "partners", "register-record-kind"),
    ]
    for language in ("en", "sv"):
        for each in found:
            assert isinstance(each, Finding)
            assert "2" in messages().text(language, each.message)


def test_commas_divide_the_records_named_unless_one_has_them_in_its_name() -> None:
    folder = "Partnerships/Partners"
    known = [
        record(1, "Partners/A"),
        record(2, "Partners/B"),
        record(3, "Partners/A, B and sons"),
        record(4, "Agreements/1", kind="agreement", partners=f"{folder}/A, B"),
        record(5, "Agreements/2", kind="agreement", partners=f"{folder}/A, B and sons"),
        record(6, "Agreements/3", kind="agreement", partners=f"{folder}/A, C"),
    ]
    one, lost = check_all(known, rules(), {}, "hub")
    assert isinstance(one, PageRecord)
    assert one.title == "Partnerships/Agreements/1"
    assert one.values["partners"] == (f"{folder}/A", f"{folder}/B")
    assert isinstance(lost, Finding)
    assert lost.target.title == "Partnerships/Agreements/3"


def test_a_record_that_was_moved_is_followed_where_it_is_named() -> None:
    folder = "Partnerships/Partners"
    known = [
        record(1, "Partners/New"),
        record(2, "Agreements/A", kind="agreement", name="A", partners=f"{folder}/Old"),
    ]
    moved = {f"{folder}/Old": f"{folder}/Newer", f"{folder}/Newer": f"{folder}/New"}
    (found,) = check_all(known, rules(), moved, "hub")
    assert isinstance(found, PageRecord)
    assert found.values == {"name": ("A",), "partners": (f"{folder}/New",)}
    assert list(check_all([known[0], found], rules(), moved, "hub")) == []
    round_ = {f"{folder}/Old": f"{folder}/Older", f"{folder}/Older": f"{folder}/Old"}
    (lost,) = check_all(known, rules(), round_, "hub")
    assert isinstance(lost, Finding)
