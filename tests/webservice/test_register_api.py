"""Programs ask the register for the same, as JSON, CSV and JSON-LD."""

from __future__ import annotations

import io

import pytest
from pyld import jsonld

from bots.core.cells import read_table
from tests.webservice.conftest import Dashboard
from tests.webservice.example import HOSTILE, WIKI
from tests.webservice.registered import FORMULA

RECORDS = "/api/v1/records"


def test_records_are_paged_to_the_end_each_once_whatever_the_format(dashboard: Dashboard) -> None:
    seen: list[str] = []
    path = f"{RECORDS}?kind=partner&limit=2&evil=1"
    while path:
        response = dashboard.client.get(path)
        found = response.get_json()
        assert found["in_all"] == 6
        assert ("Link" in response.headers) == bool(found["next"])
        seen += [each["id"] for each in found["records"]]
        path = found["next"]
        assert "evil" not in (path or "")
    assert seen == ["15", "12", "11", "17", "14", "13"]
    link = dashboard.get(f"{RECORDS}?format=csv&limit=5").headers["Link"]
    assert link == f'<http://localhost{RECORDS}?format=csv&limit=5&after=5>; rel="next"'


def test_a_record_has_its_values_and_all_its_versions(dashboard: Dashboard) -> None:
    found = dashboard.get(f"{RECORDS}/11").get_json()
    assert found["kind"] == "partner"
    assert found["name"] == "Nationalmuseum"
    assert found["url"] == f"{WIKI}?title=Partnerships/Partners/Nationalmuseum"
    assert found["edited"] == "2025-06-01T09:00:00Z"
    assert found["values"]["topics"] == ["art", "built heritage"]
    assert found["values"]["country"] == "SE"
    old, new = found["history"]
    assert (old["since"], old["until"]) == ("2024-03-01T09:00:00Z", "2025-06-01T09:00:00Z")
    assert old["values"]["stage"] == "talking"
    assert new["until"] is None


def test_a_record_is_given_as_it_was(dashboard: Dashboard) -> None:
    for path in (f"{RECORDS}/11?as_of=2024", f"{RECORDS}?kind=partner&item=Q842858&as_of=2024"):
        found = dashboard.get(path).get_json()
        [record] = found.get("records", [found])
        assert record["values"]["stage"] == "talking"
    assert dashboard.get(f"{RECORDS}/11?as_of=2020", 404).get_json() == {"error": "Not Found"}


def test_a_table_has_no_formula_and_reads_back(dashboard: Dashboard) -> None:
    response = dashboard.get(f"{RECORDS}?kind=partner&format=csv")
    assert response.mimetype == "text/csv"
    assert 'filename="register-partner.csv"' in response.headers["Content-Disposition"]
    rows = {row["id"]: row for row in read_table(io.StringIO(response.text, newline=""))}
    assert rows["15"]["topics"] == f"{FORMULA}; {HOSTILE}"
    assert rows["15"]["endpoint"] == "@SUM(1)"
    assert ",@SUM" not in response.text
    assert ",=HYPERLINK" not in response.text.replace('"', "")
    assert rows["11"]["field kind"] == "museum"
    assert rows["11"]["lessons"] == "Scans first.\nThen metadata."


@pytest.mark.parametrize("path", ["?kind=partner&country=SE", "/11", "?search=script"])
def test_linked_data_is_expanded_without_asking_anybody(dashboard: Dashboard, path: str) -> None:
    mark = "&" if "?" in path else "?"
    response = dashboard.get(f"{RECORDS}{path}{mark}format=jsonld")
    assert response.mimetype == "application/ld+json"

    def no_network(url: str, _options: object) -> object:
        raise AssertionError(url)

    nodes = jsonld.expand(response.get_json(force=True), {"documentLoader": no_network})
    assert len(nodes) == len(response.get_json(force=True)["@graph"])
    assert {each["@type"][0] for each in nodes} <= {
        "https://schema.org/Museum",
        "https://schema.org/ArchiveOrganization",
    }


@pytest.mark.parametrize("query", ["format=xml", "limit=x", "after=-1"])
def test_what_makes_no_sense_is_an_error(dashboard: Dashboard, query: str) -> None:
    assert dashboard.get(f"{RECORDS}?{query}", 400).get_json() == {"error": "Bad Request"}


def test_a_fault_is_told_in_the_language_asked_for(dashboard: Dashboard) -> None:
    told = dashboard.get(f"{RECORDS}?kind=x&uselang=sv", 400).get_json()
    assert told["error"].startswith("Det finns ingen sorts post ”x”")


def test_the_page_and_its_files_hold_the_same_records(dashboard: Dashboard) -> None:
    query = "kind=partner&topics=art&sort=-country"
    ids = [each["id"] for each in dashboard.get(f"{RECORDS}?{query}").get_json()["records"]]
    table = dashboard.get(f"{RECORDS}?{query}&format=csv").text
    assert [row["id"] for row in read_table(io.StringIO(table, newline=""))] == ids == ["11", "14"]
