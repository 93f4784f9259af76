"""Nothing that a wiki, a file or an address says gets power over the dashboard or its readers."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tests.webservice.conftest import Dashboard
from tests.webservice.example import HOSTILE
from tests.webservice.markup import Page
from tests.webservice.test_pages import PAGES

KNOWN = {
    "", "hub.example", "commons.wikimedia.org", "www.wikidata.org", "www.nationalmuseum.se",
}  # fmt: skip
"""The example's wikis, and where the pages of its records lead; no other place is linked to."""

ODD = ("%00", "..%2f..%2fetc", "%ff%fe", "'%20OR%201=1", "x" * 3000, "%F0%9F%98%80", "{}", "-1")


@pytest.mark.parametrize("path", [*PAGES, "/feed.atom", "/api/v1/runs", "/healthz", "/nothing"])
def test_every_answer_has_the_headers_that_keep_a_browser_safe(
    dashboard: Dashboard, path: str
) -> None:
    headers = dashboard.get(path, 404 if path == "/nothing" else 200).headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'self'", "script-src 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_hostile_text_stays_text_and_links_go_only_to_http(dashboard: Dashboard, path: str) -> None:
    html = dashboard.page(path)
    assert "<script" not in html
    page = Page(html)
    assert not [attributes for _tag, attributes in page.elements if "onerror" in attributes]
    for link in page.links:
        parts = urlsplit(link)
        assert parts.scheme in ("", "http", "https"), link
        assert parts.netloc in KNOWN, link


def test_hostile_text_is_shown_as_it_is(dashboard: Dashboard) -> None:
    assert HOSTILE in Page(dashboard.page("/runs/{outcomes}")).text
    assert HOSTILE in Page(dashboard.page("/findings")).text


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_key_is_not_found(dashboard: Dashboard, odd: str) -> None:
    for path in (f"/runs/{odd}", f"/bots/{odd}", f"/api/v1/runs/{odd}"):
        assert dashboard.client.get(path).status_code == 404, path


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_filter_finds_nothing_and_breaks_nothing(dashboard: Dashboard, odd: str) -> None:
    for path in ("/runs", "/findings", "/api/v1/runs", "/api/v1/findings"):
        assert dashboard.client.get(f"{path}?bot={odd}").status_code == 200, path
        for name in ("before", "limit"):
            assert dashboard.client.get(f"{path}?{name}={odd}").status_code == 400, path
    assert dashboard.client.get(f"/runs?state={odd}").status_code == 400
    assert (
        dashboard.client.get(f"/runs/{dashboard.runs['held'].key}?state={odd}").status_code == 400
    )


def test_numbers_have_bounds(dashboard: Dashboard) -> None:
    huge = "9" * 40
    for path in ("/runs", "/findings", "/api/v1/runs", "/api/v1/findings"):
        dashboard.get(f"{path}?before={huge}&limit={huge}")
        dashboard.get(f"{path}?limit=0&before=0")
    dashboard.get("/runs/{held}?after=" + huge)
    assert len(dashboard.get("/api/v1/runs/{held}?limit=" + huge).get_json()["edits"]) == 50


def test_parameters_that_url_for_knows_do_not_reach_it(dashboard: Dashboard) -> None:
    for path in ("/", "/runs", "/runs/{held}", "/findings", "/register", "/nothing"):
        query = (
            "?_external=1&_scheme=javascript&_anchor=x&endpoint=y&key=z&self=1&uselang=sv&name=q"
        )
        response = dashboard.get(path + query, 404 if path == "/nothing" else 200)
        assert "javascript" not in response.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent_to_the_dashboard(dashboard: Dashboard, method: str) -> None:
    for path in ("/", "/runs", "/register", "/api/v1/runs", "/api/v1/records", "/healthz"):
        assert dashboard.client.open(path, method=method).status_code == 405, path


def test_head_is_answered_like_get_without_a_body(dashboard: Dashboard) -> None:
    response = dashboard.client.head("/runs")
    assert response.status_code == 200
    assert response.data == b""


def test_the_store_itself_refuses_a_write_by_the_dashboard(dashboard: Dashboard) -> None:
    store = dashboard.app.extensions["hubbot_store"].store()
    with (
        pytest.raises(SQLAlchemyError, match=r"(?i)read.?only"),
        store.engine.begin() as connection,
    ):
        connection.execute(text("DELETE FROM findings"))


def test_the_address_behind_a_proxy_is_the_one_that_people_see(dashboard: Dashboard) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "tool.example"}
    found = dashboard.get("/api/v1/runs?limit=1", **headers).get_json()
    assert found["next"].startswith("https://tool.example/api/v1/runs?")


def test_the_dashboard_knows_no_wiki_software() -> None:
    program = (
        "import sys, webservice.app\n"
        "bad = [name for name in sys.modules if name.split('.')[0] == 'pywikibot'"
        " or name.startswith(('bots.wiki', 'bots.intake', 'bots.cli', 'sandbox'))]\n"
        "sys.exit(repr(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
