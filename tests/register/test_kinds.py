"""The shipped kinds of records, and the templates, forms and pages that are made of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bots.core.config import ConfigError, RegisterConfig
from bots.core.register.computed import load_computed
from bots.core.register.kinds import Type, Words, load_kinds
from bots.core.register.values import Fault, canonical, reader, words_of
from bots.core.said import normal
from bots.core.wikitext.scan import scan
from bots.intake import fields as intake
from bots.register.asked import list_faults
from bots.register.lists.calls import ListCall, find_lists, names_of
from bots.register.pages import form_page, rendered, template_data
from bots.register.records import ITEM
from tests.register.world import CONFIG, kinds, messages, reading, world

FOLDER = CONFIG / "wiki" / "register"
KINDS = sorted(path.stem for path in (CONFIG / "records").glob("*.yaml"))


def test_the_pages_made_of_the_kinds_are_up_to_date() -> None:
    made = {
        FOLDER / path: text
        for path, text in rendered(kinds(), messages(), RegisterConfig()).items()
    }
    assert set((FOLDER / "Template").rglob("*.wikitext")) <= set(made), "no kind makes this"
    for path, text in made.items():
        assert path.read_text(encoding="utf-8") == text, (
            f"{path} is not what bots/register/pages.py makes; run `python -m bots.register.pages`"
        )


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_speaks_english_and_swedish(name: str) -> None:
    kind = kinds()[name]
    fields = kind.fields.values()
    said: list[Words] = [kind.label, kind.plural, kind.about]
    said += [words for field in fields for words in (field.label, field.about)]
    said += [words for field in fields for words in field.choices.values()]
    said += [words for page in kind.pages.values() for words in (page.title, page.about)]
    assert all({"en", "sv"} <= set(words) and all(words.values()) for words in said)


@pytest.mark.parametrize("name", KINDS)
def test_no_two_fields_of_a_kind_have_a_name_in_common(name: str) -> None:
    fields = kinds()[name].fields.items()
    names = [normal(each) for own, field in fields for each in (own, *field.aliases)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("name", KINDS)
def test_what_a_kind_gives_as_an_example_is_a_value(name: str) -> None:
    for called, field in kinds()[name].fields.items():
        words = [each.text for each in words_of(field, field.example)]
        assert words, f"{called} has no example"
        for word in words:
            found = canonical(field, word, world())
            assert not isinstance(found, Fault), (called, found)


def test_the_lists_of_all_kinds_ask_for_what_there_is() -> None:
    assert list(list_faults(kinds(), load_computed(), reader(world()))) == []


def test_what_fills_a_record_from_a_request_is_one_of_the_request_s_fields() -> None:
    filled = kinds()["partner"].requests
    assert set(filled.values()) <= {field.name for field in intake.FIELDS}
    assert {"name", "item", "country", "languages", "mediators"} <= set(filled)
    kind = next(field for field in intake.FIELDS if field.name == filled["content"])
    assert set(kinds()["partner"].fields["content"].choices) == set(kind.choices)


@pytest.mark.parametrize("name", KINDS)
def test_the_visual_editor_is_told_every_field_in_every_language(name: str) -> None:
    kind = kinds()[name]
    page = (FOLDER / f"Template/{kind.template}/doc.wikitext").read_text(encoding="utf-8")
    found = re.search(r"<templatedata>(.*)</templatedata>", page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data == template_data(kind)
    assert data["paramOrder"] == list(kind.fields) == list(data["params"])
    for called, field in kind.fields.items():
        assert {"en", "sv"} <= set(data["params"][called]["label"])
        assert data["params"][called]["required"] == field.needed
        values = data["params"][called].get("suggestedvalues", [])
        assert all(not isinstance(canonical(field, each, world()), Fault) for each in values)


@pytest.mark.parametrize("name", KINDS)
def test_the_template_shows_every_name_that_the_bot_reads(name: str) -> None:
    kind = kinds()[name]
    page = (FOLDER / f"Template/{kind.template}.wikitext").read_text(encoding="utf-8")
    for called, field in kind.fields.items():
        for each in (called, *field.aliases):
            assert f"{{{{{{{each}|}}}}}}" in page


@pytest.mark.parametrize("name", KINDS)
def test_the_form_is_a_record_in_which_nothing_is_filled_in(name: str) -> None:
    kind = kinds()[name]
    found = reading(form_page(kind), f"Partnerships/{kind.below}/New")
    assert found.record is not None
    assert found.record.values == {}
    needed = {called for called, field in kind.fields.items() if field.needed}
    assert {each.where for each in found.findings} == needed
    assert {each.message.key for each in found.findings} == {"register-missing"}


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.wikitext")), ids=lambda path: path.stem)
def test_no_page_of_ours_leaves_a_brace_open(path: Path) -> None:
    assert not scan(path.read_text(encoding="utf-8")).unclosed


def test_a_kind_s_own_page_has_the_lists_that_are_called_like_it() -> None:
    page = (FOLDER / "Main/Partnerships/Tools.wikitext").read_text(encoding="utf-8")
    lists = find_lists(page, names_of(RegisterConfig()))
    assert [each.name for each in lists if isinstance(each, ListCall)] == ["rescue", "tools"]
    assert "prefix=Partnerships/Tools/" in page


def test_the_line_below_a_list_speaks_every_language_and_brings_no_colours() -> None:
    page = (FOLDER / "Template/Partner list end.wikitext").read_text(encoding="utf-8")
    assert "your changes win" in page
    assert "|sv=Sköts av HubBot" in page
    assert "color" not in page
    assert "left" not in page
    assert "right" not in page


def test_the_register_has_all_that_the_issue_asks_a_partner_for() -> None:
    partner = kinds()["partner"]
    assert {"glam", "technical", "medical"} <= set(partner.fields["kind"].choices)
    assert {"interested", "conversation", "collaboration", "ended"} <= set(
        partner.fields["stage"].choices
    )
    assert partner.fields[ITEM].type is Type.ITEM
    compared = {field.compare for field in partner.fields.values()} - {""}
    assert {"P856", "P17", "P373"} <= compared


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("template: X", "template: 'Y|z'", "template: 'Y|z' can't be what a page is called"),
        ("below: Xs", "below: ../Xs", "below: '../Xs' can't be what a page is called"),
        ("en: All}", "en: 'All/'}", "pages.all.title.en: 'All/' can't be what a page is called"),
        ("aliases: [o]", "aliases: [Name]", "fields: more than one is called 'name'"),
    ],
)
def test_a_kind_that_cant_be_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = """\
template: X
below: Xs
label: {en: x}
plural: {en: xs}
about: {en: An x}
fields:
  name: {label: {en: N}, about: {en: n}}
  other: {label: {en: O}, about: {en: o}, aliases: [o]}
pages:
  all: {title: {en: All}, about: {en: All of them}, columns: [name]}
"""
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    assert list(load_kinds(tmp_path)) == ["x"]
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(told)):
        load_kinds(tmp_path)
