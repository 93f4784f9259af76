"""A person can look at an item on the stand-in and edit it, with forms alone."""

from __future__ import annotations

import re

import pytest
import requests

from sandbox.wikibase.people import PERSON, PERSON_PASSWORD
from sandbox.wikibase.server import Wikibase

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(autouse=True)
def items(standin: Wikibase) -> None:
    """Two properties, and an item whose every text is hostile."""
    for number, datatype in {"P1": "string", "P2": "time"}.items():
        label = {"en": {"language": "en", "value": f"property {number}"}}
        standin.state.seed(
            {"id": number, "type": "property", "datatype": datatype, "labels": label}
        )
    snak = {
        "snaktype": "value",
        "property": "P1",
        "datavalue": {"value": HOSTILE, "type": "string"},
    }
    statement = {
        "mainsnak": snak,
        "id": "Q1$11111111-2222-3333-4444-555555555555",
        "rank": "normal",
        "references": [{"snaks": {"P1": [snak]}}],
    }
    standin.state.seed(
        {
            "id": "Q1",
            "type": "item",
            "labels": {"en": {"language": "en", "value": HOSTILE}},
            "claims": {"P1": [statement]},
        }
    )


class Browser:
    """A session that sends what a page's forms hold."""

    def __init__(self, standin: Wikibase) -> None:
        self.standin = standin
        self.http = requests.Session()

    def get(self, path: str) -> requests.Response:
        return self.http.get(self.standin.url + path, timeout=10)

    def send(self, page: str, action: str, **fields: str) -> requests.Response:
        found = re.search(r'name="token" value="([^"]*)"', self.get(page).text)
        assert found is not None
        form = {"token": found[1].replace("&#43;", "+"), **fields}
        return self.http.post(self.standin.url + action, data=form, timeout=10)

    def log_in(self) -> None:
        path = "/wiki/Special:UserLogin"
        page = self.get(path).text
        token = re.findall(r'name="token" value="([^"]*)"', page)[-1]
        form = {"token": token, "name": PERSON, "password": PERSON_PASSWORD}
        assert PERSON in self.http.post(self.standin.url + path, data=form, timeout=10).text


@pytest.fixture
def browser(standin: Wikibase) -> Browser:
    """A person's browser, logged in."""
    made = Browser(standin)
    made.log_in()
    return made


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/wiki/Q1",
        "/w/index.php?title=Q1&action=history",
        "/wiki/Special:RecentChanges",
        "/wiki/<script>",
        "/wiki/Special:Search?search=<script>",
    ],
)
def test_no_page_takes_a_text_for_markup(browser: Browser, path: str) -> None:
    page = browser.get(path)

    assert "<script" not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_person_gives_a_statement_another_value(standin: Wikibase, browser: Browser) -> None:
    (statement,) = standin.state.entity("Q1")[1]["claims"]["P1"]

    page = browser.send(
        "/wiki/Q1",
        "/w/index.php?title=Q1&action=value",
        statement=statement["id"],
        value="a person's value",
        rank="preferred",
    )

    assert "a person&#39;s value" in page.text
    latest, content = standin.state.entity("Q1")
    (changed,) = content["claims"]["P1"]
    assert changed["mainsnak"]["datavalue"]["value"] == "a person's value"
    assert changed["rank"] == "preferred"
    assert changed["references"] == statement["references"]
    assert latest.user == PERSON
    assert latest.comment == "/* wbsetclaim-update:2||1 */ [[Property:P1]]: a person's value"
    diff = browser.get(f"/w/index.php?title=Q1&diff={latest.id}").text
    assert "a person&#39;s value" in diff


def test_a_person_removes_a_statement_and_sets_a_label(standin: Wikibase, browser: Browser) -> None:
    (statement,) = standin.state.entity("Q1")[1]["claims"]["P1"]
    page = "/w/index.php?title=Q1&action="

    browser.send("/wiki/Q1", f"{page}label", language="sv", value="etikett")
    browser.send("/wiki/Q1", f"{page}remove", statement=statement["id"])

    content = standin.state.entity("Q1")[1]
    assert content["labels"]["sv"]["value"] == "etikett"
    assert content["claims"] == {}


def test_a_value_that_wikibase_does_not_take_is_told_and_not_saved(
    standin: Wikibase, browser: Browser
) -> None:
    latest, content = standin.state.entity("Q1")
    guid = content["claims"]["P1"][0]["id"]

    page = browser.send(
        "/wiki/Q1", "/w/index.php?title=Q1&action=value", statement=guid, value=" spaces "
    )

    assert page.status_code == 400
    assert "wikibase-validator-malformed-value" in page.text
    assert standin.state.entity("Q1")[0] == latest


def test_a_form_without_its_token_saves_nothing(standin: Wikibase, browser: Browser) -> None:
    latest = standin.state.entity("Q1")[0]
    form = {"language": "en", "value": "x", "token": "made up"}

    answer = browser.http.post(
        f"{standin.url}/w/index.php?title=Q1&action=label", data=form, timeout=10
    )

    assert answer.status_code == 403
    assert standin.state.entity("Q1")[0] == latest


def test_a_page_of_text_can_be_written(standin: Wikibase, browser: Browser) -> None:
    title = "User:HubBot/stop"

    page = browser.send(
        f"/w/index.php?title={title}&action=edit",
        f"/w/index.php?title={title}&action=text",
        text="Stop, please.",
        summary="it errs",
    )

    assert "Stop, please." in page.text
    there = standin.state.page_titled(title)
    assert there is not None
    assert there.ns == 2
    assert standin.state.history(there.id)[0].user == PERSON
