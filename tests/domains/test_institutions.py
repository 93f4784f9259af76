"""Collecting institutions: museums, libraries and archives, as CSV and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bots.core.wikibase.model import EntityId, Text, Time
from sandbox.domains import carrying
from tests.domains.hub import Hub
from tests.domains.ready import is_unknown, record_of, rows, set_up, values, wrong

NAME = "collecting-institutions"
FOUNDATION, STATE_LIBRARY = "XE-Q1", "DE-1"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return {each["isil"]: each for each in rows(NAME, tmp_path_factory.mktemp("cache"))}


def test_the_sample_has_forty_institutions_of_every_kind_in_which_nothing_is_wrong(
    sample: dict[str, dict[str, Any]],
) -> None:
    assert len(sample) >= 40
    kinds = {each["kind"] for each in sample.values()}
    assert kinds >= {"museum", "art museum", "national library", "archive", "community archive"}
    for each in sample.values():
        of = record_of(NAME, each, lambda _dataset, _key: "Q1")
        assert of.faults == ()
        assert values(of, "P791") == [Text(each["isil"])]


def test_made_up_numbers_have_a_prefix_that_no_country_has(
    sample: dict[str, dict[str, Any]],
) -> None:
    prefixes = {each.partition("-")[0] for each in sample}
    assert prefixes == {"DE", "XE"}


def test_an_institution_is_mapped_with_its_names_in_several_languages(
    sample: dict[str, dict[str, Any]],
) -> None:
    of = record_of(NAME, sample["DE-101"])
    assert {(each.rule.kind, each.language): each.texts for each in of.terms} == {
        ("label", "en"): ("German National Library",),
        ("label", "de"): ("Deutsche Nationalbibliothek",),
        ("label", "fr"): ("Bibliothèque nationale allemande",),
        ("label", "sv"): ("Tysklands nationalbibliotek",),
        ("alias", "mul"): ("DNB",),
    }
    assert values(of, "P31") == [EntityId("Q22806")]
    assert values(of, "P17") == [EntityId("Q183")]
    assert values(of, "P131") == [EntityId("Q2079")]
    assert values(of, "P571") == [Time("+1912-00-00T00:00:00Z", 9)]
    assert values(of, "P856") == [Text("https://www.dnb.de/")]
    assert len(values(of, "P625")) == 1


def test_a_parent_is_named_by_its_own_number(sample: dict[str, dict[str, Any]]) -> None:
    asked = []

    def item_of(dataset: str, key: str) -> str:
        asked.append((dataset, key))
        return "Q153025"

    of = record_of(NAME, sample[STATE_LIBRARY], item_of)
    assert values(of, "P749") == [EntityId("Q153025")]
    assert asked == [(NAME, FOUNDATION)]


@pytest.mark.parametrize(
    ("change", "property_id", "message"),
    [
        ({"isil": "not an ISIL"}, "", "mapping-pattern"),
        ({"kind": "zoo"}, "P31", "mapping-not-in-table"),
        ({"country": "Germany"}, "P17", "mapping-no-country"),
        ({"lat": "0", "lon": "0"}, "P625", "mapping-null-island"),
        ({"lat": "13.39", "lon": "52.51"}, "P625", "check-outside"),
        ({"website": "javascript:alert(1)"}, "P856", "mapping-no-url"),
        ({"founded": "c. 1600"}, "P571", "mapping-no-date"),
    ],
)
def test_what_is_odd_in_an_institution_is_unknown_and_told(
    change: dict[str, str], property_id: str, message: str, sample: dict[str, dict[str, Any]]
) -> None:
    of = record_of(NAME, {**sample["DE-101"], **change})
    assert message in wrong(of.faults)
    assert not property_id or is_unknown(of, property_id)


def test_the_same_records_as_json_say_the_same(hub: Hub, tmp_path: Path) -> None:
    ready = set_up(hub, NAME, tmp_path / "cache", most=0)
    hub.seed(carrying("Q27302", "P791", "DE-101"))
    ready.change("resource: institutions", "resource: institutions-json")
    ready.run()
    assert ready.edits() == 1, "no item is made unless somebody has looked"
    assert ready.entity("Q27302")["labels"]["fr"]["value"] == "Bibliothèque nationale allemande"
    assert ready.told() == {}


def test_the_sample_is_written_once_with_its_parents(hub: Hub, tmp_path: Path) -> None:
    ready = set_up(hub, NAME, tmp_path / "cache")
    ready.run()
    edits = ready.edits()
    assert edits >= 40
    ready.run()
    assert ready.edits() == edits
    assert ready.told() == {}
