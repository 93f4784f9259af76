"""Makes docs/benchmarks.md from the results: `python -m bench.report`."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.harness import RESULTS

DOCUMENT = RESULTS.parent.parent / "docs" / "benchmarks.md"

_HEAD = """# Benchmarks

Made by `make bench` from `bench/results/`; do not edit. Numbers are those of one run on the
machine that is named beside them.
"""


def render(results: Path = RESULTS) -> str:
    """The page as Markdown: for each result its command, what it measures, numbers, machine."""
    return "\n".join([_HEAD, *(_section(path) for path in sorted(results.glob("*.json")))])


def _section(path: Path) -> str:
    result = json.loads(path.read_text())
    return "\n".join(
        [
            f"## {path.stem}",
            "",
            *_purpose(path),
            f"    make bench NAME={path.stem}",
            "",
            "| | |",
            "|---|---:|",
            *(f"| `{key}` | {_number(value)} |" for key, value in result["numbers"].items()),
            "",
            *(line for table in result.get("tables", ()) for line in _table(table)),
            _machine(result["machine"]),
            "",
        ]
    )


def _table(table: Mapping[str, Any]) -> Iterator[str]:
    yield f"{table['title']}:"
    yield ""
    yield f"| | {' | '.join(table['columns'])} |"
    yield f"|---|{'---:|' * len(table['columns'])}"
    for name, numbers in table["rows"].items():
        yield f"| {name} | {' | '.join(map(_number, numbers))} |"
    yield ""


def _purpose(path: Path) -> Iterator[str]:
    """The docstring of the benchmark, read without running it."""
    source = path.parent.parent / f"{path.stem}.py"
    if source.exists() and (said := ast.get_docstring(ast.parse(source.read_text()))):
        yield from (said, "")


def _number(value: float) -> str:
    if isinstance(value, int) or value.is_integer():
        return f"{int(value):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _machine(machine: Mapping[str, str | int]) -> str:
    return (
        f"{machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}, "
        f"Python {machine['python']}, SQLite {machine['sqlite']}, "
        f"pywikibot {machine['pywikibot']}, MediaWiki {machine['mediawiki']}, {machine['date']}."
    )


if __name__ == "__main__":
    DOCUMENT.write_text(render())
