"""The intake's pages and words: one source for what is read and what people are told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bots.core.said import normal
from bots.core.wikitext import find_templates
from bots.core.wikitext.scan import scan
from bots.intake.fields import FIELDS, Check, Need, field_called
from bots.intake.pages import CONFIG, form_page, rendered, template_data
from bots.intake.request import read_request
from sandbox import seed
from tests.intake.parts import messages

FOLDER = CONFIG / "wiki" / "intake"


def test_the_pages_made_from_the_fields_are_up_to_date() -> None:
    for path, text in rendered(messages()).items():
        assert (FOLDER / path).read_text(encoding="utf-8") == text, (
            f"{path} is not what bots/intake/pages.py makes; run `python -m bots.intake.pages`"
        )


def test_no_two_fields_have_a_name_in_common() -> None:
    names = [normal(name) for field in FIELDS for name in (field.name, *field.aliases)]
    assert sorted(names) == sorted(set(names))
    assert all(field_called(field.name.upper()) is field for field in FIELDS)


def test_the_visual_editor_is_told_every_field_in_every_language() -> None:
    page = (FOLDER / "Template/Partnership request/doc.wikitext").read_text(encoding="utf-8")
    found = re.search(r"<templatedata>(.*)</templatedata>", page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data == template_data(messages())
    assert data["paramOrder"] == [field.name for field in FIELDS]
    for field in FIELDS:
        told = data["params"][field.name]
        assert set(told["label"]) == set(told["description"]) == {"en", "sv"}
        assert told["required"] == (field.need is Need.REQUIRED)
        assert told["aliases"] == list(field.aliases)


def test_what_the_visual_editor_may_suggest_is_what_the_checks_take() -> None:
    for field in FIELDS:
        told = template_data(messages())["params"][field.name]
        if field.check in (Check.CHOICE, Check.CHOICES):
            assert told["suggestedvalues"] == list(field.choices)


def test_the_form_is_a_request_in_which_nothing_is_filled_in_but_the_contact() -> None:
    form = form_page().replace("<includeonly>subst:</includeonly>REVISIONUSER", "Aino")
    request = read_request(form, ["Partnership request"])
    assert request.problems == ()
    given = {name for name, each in request.given.items() if each.value}
    assert given == {"contact"}
    wanted = {field.name for field in FIELDS if field.need is not Need.OPTIONAL}
    assert wanted <= set(request.given)


def test_the_template_shows_every_name_that_the_bot_reads() -> None:
    page = (FOLDER / "Template/Partnership request.wikitext").read_text(encoding="utf-8")
    for field in FIELDS:
        for name in (field.name, *field.aliases):
            assert f"{{{{{{{name}|}}}}}}" in page


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.wikitext")), ids=lambda path: path.stem)
def test_no_page_of_ours_leaves_a_brace_open(path: Path) -> None:
    assert not scan(path.read_text(encoding="utf-8")).unclosed


def test_every_seed_request_is_on_a_page_of_its_own_below_the_requests_page() -> None:
    titles = [page.title for page in seed.requests()]
    assert len(titles) == len(set(titles)) >= 11
    assert all(title.startswith("Partnership requests/") for title in titles)
    assert {page.author for page in seed.requests()} == {"aino", "bashir"}
    for page in seed.requests():
        assert find_templates(page.text, ["Partnership request"])


def test_the_intake_speaks_every_language_completely() -> None:
    folder = CONFIG / "i18n"
    words = {code: json.loads((folder / f"{code}.json").read_text()) for code in ("en", "sv")}
    ours = ("intake-", "licence-", "region-", "summary-intake-", "receipt")
    keys = {key for key in words["en"] if key.startswith(ours)}
    assert len(keys) > 150
    assert keys <= set(words["sv"])
    same = {key for key in keys if words["en"][key] == words["sv"][key]}
    assert same <= {"intake-index-partner", "intake-label-partner"}


def test_every_message_named_in_the_rooms_code_is_there() -> None:
    words = json.loads((CONFIG / "i18n" / "en.json").read_text())
    code = "".join(path.read_text() for path in (CONFIG.parent / "bots/intake").glob("*.py"))
    named = set(re.findall(r'"((?:intake|licence|summary-intake)-[a-z-]+[a-z])"', code))
    # Keys that are the beginnings of keys, and other names of ours that look alike.
    named -= {"intake-index"}
    assert named
    assert named <= set(words)
