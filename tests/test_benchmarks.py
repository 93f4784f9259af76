"""What a benchmark measured is written down with what it depends on, and shown as it is."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest

from bench.harness import Table, record
from bench.report import DOCUMENT, render


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "bench" / "results"


def test_numbers_are_written_with_the_machine_beside(results: Path) -> None:
    path = record("intake", {"edits": 12, "edit_ms": 48.25}, results)
    written = json.loads(path.read_text())
    assert path == results / "intake.json"
    assert written["numbers"] == {"edit_ms": 48.25, "edits": 12}
    assert written["machine"]["python"] == platform.python_version()
    assert written["machine"]["cores"] >= 1
    assert written["machine"].keys() >= {"memory_gib", "mediawiki", "pywikibot", "date"}


@pytest.mark.parametrize("key", ["Edits", "edits per minute", "a|b", ""])
def test_a_key_that_would_break_the_table_is_refused(results: Path, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        record("intake", {key: 1}, results)


def test_the_page_shows_each_number_its_command_and_what_it_is_of(results: Path) -> None:
    record(
        "intake", {"pages": 60000, "edit_ms": 48.25, "share": 0.01234, "big_ms": 1234.5}, results
    )
    (results.parent / "intake.py").write_text('"""How fast requests are read."""\n')
    lines = render(results).splitlines()
    assert "## intake" in lines
    assert "How fast requests are read." in lines
    assert "    make bench NAME=intake" in lines
    assert "| `pages` | 60\u202f000 |" in lines
    assert "| `edit_ms` | 48.2 |" in lines
    assert "| `share` | 0.0123 |" in lines
    assert "| `big_ms` | 1234 |" in lines
    assert any(f"Python {platform.python_version()}" in line for line in lines)


def test_numbers_that_belong_side_by_side_are_a_table(results: Path) -> None:
    table = Table("What each of them did", ("lost", "double"), {"one": (0, 1.5), "two": (12345, 0)})
    record("life", {"seconds": 1}, results, (table,))
    lines = render(results).splitlines()
    start = lines.index("What each of them did:")
    assert lines[start + 2 : start + 6] == [
        "| | lost | double |",
        "|---|---:|---:|",
        "| one | 0 | 1.5 |",
        "| two | 12\u202f345 | 0 |",
    ]


def test_the_page_in_docs_is_made_from_the_results() -> None:
    assert DOCUMENT.read_text() == render()
