"""A site's own numbers for Wikidata's properties and items, from config/sites/NAME.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.core.config import ConfigError, HubConfig, load_hub

HUB = """\
account: HubBot
operator: Coordinator
contact: https://hubbot.example/contact
hub: testwikidata
sites:
  testwikidata: {family: wikidata, code: test}
"""


def load(folder: Path, **files: str) -> HubConfig:
    (folder / "hub.yaml").write_text(HUB)
    (folder / "sites").mkdir()
    for name, text in files.items():
        (folder / "sites" / f"{name}.yaml").write_text(text)
    return load_hub(folder / "hub.yaml")


def test_a_site_without_a_file_has_wikidatas_numbers(tmp_path: Path) -> None:
    assert load(tmp_path).numbers_of("testwikidata").here("P31") == "P31"


def test_a_site_has_its_own_numbers_where_its_file_says_so(tmp_path: Path) -> None:
    config = load(tmp_path, testwikidata="properties: {P31: P82}\nitems: {Q5: Q497}\n")
    numbers = config.numbers_of("testwikidata")
    assert [numbers.here(each) for each in ("P31", "Q5", "P569")] == ["P82", "Q497", "P569"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("properties:\n  P31: Q82\n", "testwikidata.yaml:2: properties.P31"),
        ("properties: {P31: P82, P279: P82}\n", "P82 can't stand for two"),
        ("things: {}\n", "testwikidata.yaml:1: things"),
    ],
)
def test_a_fault_in_a_sites_numbers_is_told_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        load(tmp_path, testwikidata=text)


def test_a_file_for_no_configured_site_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no site 'other'"):
        load(tmp_path, other="properties: {P31: P82}\n")
