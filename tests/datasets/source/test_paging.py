"""A list that an API gives page by page: all of it, or none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bots.datasets.facts import Row
from bots.datasets.source import Fetcher, SourceError
from tests.datasets.source.conftest import Site
from tests.datasets.source.parts import FIELDS, keys, opened, words

PAGES = {"next": "_scroll_id", "parameter": "scroll_id", "total": "total"}
FIRST = "/p/query?q=all&fetch_all=true"


def hit(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"A{number}", "name": f"Hall {number}", "founded": 1800, "_score": 1.5, **more}


def page(hits: list[dict[str, Any]], scroll: str | None = "s1", total: int | None = 3) -> bytes:
    told: dict[str, Any] = {"_scroll_id": scroll, "took": 3, "hits": hits}
    return json.dumps(told if total is None else {**told, "total": total}, indent=1).encode()


def package(site: Site) -> str:
    """A package whose resource is an API's address."""
    schema = {"fields": FIELDS, "primaryKey": "id", "fieldsMatch": "partial"}
    return site.package(
        FIRST.removeprefix("/p/"),
        format="json",
        dialect={"property": "hits"},
        schema=schema,
    )


def rows(site: Site, fetcher: Fetcher, base: Path, **config: Any) -> list[str]:
    source = opened(package(site), fetcher, base=base, **{"pages": PAGES, **config})
    assert source.faults == []
    return [each.key for each in source.rows() if isinstance(each, Row)]


def test_all_pages_are_one_source(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    site.put(FIRST, page([hit(1), hit(2, name="Two\nlines")]))
    site.put("/p/query?scroll_id=s1", page([hit(3)], "s2"))
    assert rows(site, fetcher, tmp_path) == ["A1", "A2", "A3"]
    assert site.paths()[1:] == [FIRST, "/p/query?scroll_id=s1"], "no page more than the total needs"


def test_without_a_total_an_empty_page_is_the_last(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.put(FIRST, page([hit(1)], total=None))
    site.put("/p/query?scroll_id=s1", page([hit(2)], "s 2/&", total=None))
    site.put("/p/query?scroll_id=s+2%2F%26", page([], "s3", total=None))
    assert rows(site, fetcher, tmp_path, pages={**PAGES, "total": None}) == ["A1", "A2"]


def test_a_page_that_names_itself_again_is_asked_for_once(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.put(FIRST, page([hit(1)], total=None))
    site.put("/p/query?scroll_id=s1", page([hit(2)], total=None))
    assert rows(site, fetcher, tmp_path) == ["A1", "A2"]


@pytest.mark.parametrize(
    ("second", "status", "told"),
    [
        (page([], "s2"), 200, "pages-cut"),
        (b'{"error": "gone"}', 410, "http"),
        (page([hit(3)])[:-9], 200, "not-reached"),
        (b'{"hits": {"A3": {}}}', 200, "not-reached"),
        (b'{"success": true}', 200, "not-reached"),
        (b"[" * 100_000, 200, "not-reached"),
    ],
)
def test_pages_that_break_off_are_no_source_and_what_was_there_stays(
    site: Site, fetcher: Fetcher, tmp_path: Path, second: bytes, status: int, told: str
) -> None:
    site.put(FIRST, page([hit(1), hit(2)]))
    site.put("/p/query?scroll_id=s1", page([hit(3)]))
    assert len(rows(site, fetcher, tmp_path)) == 3
    files = sorted((tmp_path / "cache").iterdir())
    before = [each.read_bytes() for each in files]
    site.put("/p/query?scroll_id=s1", second, status)
    with pytest.raises(SourceError) as refused:
        rows(site, fetcher, tmp_path)
    assert keys(refused.value.faults) == [told]
    assert all(words(each) for each in refused.value.faults)
    assert [each.read_bytes() for each in sorted((tmp_path / "cache").iterdir())] == before


def test_pages_without_an_end_are_left_at_the_limit(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    long = "x" * 700_000
    site.put(FIRST, page([hit(1, name=long)], "s1", total=None))
    site.put("/p/query?scroll_id=s1", page([hit(2, name=long)], "s2", total=None))
    with pytest.raises(SourceError) as refused:
        rows(site, fetcher, tmp_path, limits={"fetched_mb": 1})
    assert keys(refused.value.faults) == ["too-big"]


def test_a_number_stays_as_it_was_written(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    body = b'{"total": 1, "hits": [{"id": 7, "name": "1", "founded": 1.10, "_score": 1e400}]}'
    site.put(FIRST, body)
    source = opened(package(site), fetcher, base=tmp_path, pages=PAGES)
    (found,) = source.rows()
    assert isinstance(found, Row)
    assert str(found.cells["founded"]) == "1.10"


def test_a_page_in_a_private_network_is_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        Fetcher().fetch_pages("https://127.0.0.1:21100/query", tmp_path, 1, "hits", _pages())
    assert keys(refused.value.faults) == ["address-private"]


def _pages() -> Any:
    from bots.datasets.source.config import Pages

    return Pages.model_validate(PAGES)
