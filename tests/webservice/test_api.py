"""Programs get the same facts as JSON, and monitors get to know whether the dashboard works."""

from __future__ import annotations

import re
import sqlite3
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from bots.core.store import opened
from tests.webservice import example
from tests.webservice.conftest import Dashboard
from tests.webservice.markup import Page
from webservice.app import create_app

_ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_runs_are_paged_to_the_end_each_once(dashboard: Dashboard) -> None:
    seen: list[str] = []
    path = "/api/v1/runs?limit=9&bot=intake"
    while path:
        found = dashboard.client.get(path).get_json()
        assert all(run["bot"] == "intake" for run in found["runs"])
        seen += [run["key"] for run in found["runs"]]
        path = found["next"]
    assert len(seen) == len(set(seen)) == 46


def test_a_run_as_json_has_its_facts(dashboard: Dashboard) -> None:
    found = dashboard.get("/api/v1/runs/{outcomes}").get_json()
    assert found["state"] == "failed"
    assert found["mode"] == "run"
    assert datetime.fromisoformat(found["started"]).utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    assert found["started"].endswith("Z")
    assert found["edits_by_state"]["refused"] == 1
    assert found["note"]["key"] == "run-edits-failed"
    assert found["note"]["text"] == "One edit failed."
    first, refused = found["edits"][0], found["edits"][3]
    assert first["outcome"]["merged"] is True
    assert first["diff"] == f"{example.WIKI}?diff=815"
    assert refused["outcome"]["info"] == example.HOSTILE
    assert refused["outcome"]["code"] == "protectedpage"
    assert refused["target"]["title"].endswith(example.HOSTILE)
    assert {one["target"]["site"] for one in found["findings"]} == {"hub", "evil"}
    assert found["findings"][0]["target"]["url"] is None


def test_a_runs_edits_are_paged_by_after(dashboard: Dashboard) -> None:
    first = dashboard.get("/api/v1/runs/{held}").get_json()
    assert len(first["edits"]) == 50
    second = dashboard.client.get(first["next"]).get_json()
    assert len(second["edits"]) == 10
    assert second["next"] is None


def test_words_in_json_are_in_the_language_asked_for(dashboard: Dashboard) -> None:
    note = dashboard.get("/api/v1/runs/{held}?uselang=sv").get_json()["note"]
    assert note["language"] == "sv"
    assert note["params"] == {"num_edits": 60, "num_limit": 50}
    assert note["text"] != dashboard.get("/api/v1/runs/{held}").get_json()["note"]["text"]


def test_findings_are_paged(dashboard: Dashboard) -> None:
    first = dashboard.get("/api/v1/findings?limit=2").get_json()
    second = dashboard.client.get(first["next"]).get_json()
    titles = [one["target"]["title"] for one in first["findings"] + second["findings"]]
    assert titles == ["File:A.jpg", "שלום עולם", "Partnership requests/Scans"]
    assert second["next"] is None


def test_an_error_of_the_api_is_json(dashboard: Dashboard) -> None:
    assert dashboard.get("/api/v1/runs/nothing", 404).get_json() == {"error": "Not Found"}
    assert dashboard.get("/api/v1/runs?state=x", 400).get_json() == {"error": "Bad Request"}


def test_the_feed_has_what_went_wrong_and_nothing_else(dashboard: Dashboard) -> None:
    response = dashboard.get("/feed.atom")
    assert response.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(response.data)
    titles = [str(one.text) for one in feed.findall("a:entry/a:title", _ATOM)]
    assert titles[:2] == ["publishing: Stopped", "datasets: Held by the guard"]
    assert not [title for title in titles if re.search("Finished|Running|Dry", title)]
    assert "60 edits" in str(feed.findall("a:entry/a:summary", _ATOM)[1].text)


def test_health_is_good_when_the_store_answers(dashboard: Dashboard) -> None:
    assert dashboard.get("/healthz").get_json() == {"status": "ok"}


def test_health_says_that_there_is_no_store_until_there_is_one(
    new_store_url: Callable[[], str],
) -> None:
    url = new_store_url()
    client = create_app(example.config(url)).test_client()
    sick = client.get("/healthz")
    assert sick.status_code == 503
    assert sick.get_json()["status"] == "unavailable"
    page = client.get("/")
    assert page.status_code == 503
    assert "The store can’t be read now" in Page(page.text).words
    assert client.get("/api/v1/runs").status_code == 503
    with opened(url):
        pass
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 200


def test_a_store_of_another_version_is_not_healthy(store_url: str) -> None:
    with opened(store_url):
        pass
    client = create_app(example.config(store_url)).test_client()
    assert client.get("/healthz").status_code == 200
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    sick = client.get("/healthz")
    assert sick.status_code == 503
    assert "is at version 0000" in sick.get_json()["reason"]


def test_a_store_that_does_not_answer_is_not_healthy(tmp_path: Path) -> None:
    url = f"mysql+pymysql://root:secret@localhost/x?unix_socket={tmp_path}/nothing"
    client = create_app(example.config(url)).test_client()
    for path in ("/healthz", "/", "/api/v1/runs"):
        response = client.get(path)
        assert response.status_code == 503
        assert "secret" not in response.text
        assert str(tmp_path) not in response.text


def test_a_store_file_is_not_made_by_looking_for_it(tmp_path: Path) -> None:
    client = create_app(example.config(f"sqlite:///{tmp_path}/none.sqlite")).test_client()
    assert client.get("/").status_code == 503
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_not_healthy(tmp_path: Path) -> None:
    (tmp_path / "bad.sqlite").write_bytes(b"this is no database at all" * 100)
    sqlite3.connect(tmp_path / "empty.sqlite").close()
    (tmp_path / "empty.sqlite").touch()
    for name in ("bad", "empty"):
        client = create_app(example.config(f"sqlite:///{tmp_path}/{name}.sqlite")).test_client()
        assert client.get("/healthz").status_code == 503
        assert client.get("/runs").status_code == 503
