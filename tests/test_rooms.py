"""The house plan's rules that a machine can hold: who imports whom, and what plan.py may open."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for room in ("bots", "webservice") for path in (ROOT / room).rglob("*.py"))
SHARED = {"core", "wiki"}
TOP = {"cli", "house", "check", "terminal", "asking"}
"""The files beside the rooms, which put the parts together."""

ALLOWED = {
    "core": {"core"},
    "wiki": {"wiki", "core"},
    "webservice": {"webservice", "core"},
}

CLOSED_TO_PLANS = {
    "os", "io", "sys", "socket", "pathlib", "time", "subprocess", "requests", "urllib", "random",
    "secrets", "threading", "sqlalchemy", "pywikibot",
}  # fmt: skip


def imported(path: Path) -> Iterator[str]:
    """The dotted names of all modules that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(module: str) -> str | None:
    """The room of one of our modules; None for a library's."""
    parts = module.split(".")
    if parts[0] in ("webservice", "sandbox"):
        return parts[0]
    return parts[1] if parts[0] == "bots" and len(parts) > 1 else None


def room_of_file(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] if parts[0] == "webservice" else parts[1]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    room = room_of_file(path)
    if room in TOP or room == "__init__":
        return
    allowed = ALLOWED.get(room, {room} | SHARED)
    rooms = {found for module in imported(path) if (found := room_of(module))}
    assert rooms <= allowed, f"{room} imports {rooms - allowed}"


def test_only_the_wiki_room_imports_pywikibot() -> None:
    guests = {
        room_of_file(path)
        for path in SOURCES
        if any(name.split(".")[0] == "pywikibot" for name in imported(path))
    }
    assert guests == {"wiki"}


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path.name == "plan.py"], ids=lambda path: path.parent.name
)
def test_a_plan_opens_no_file_no_socket_and_no_clock(path: Path) -> None:
    tops = {name.split(".")[0] for name in imported(path)}
    assert not tops & CLOSED_TO_PLANS
    assert not {name for name in imported(path) if name.startswith("bots.wiki")}
    calls = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    assert not calls & {"open", "read_text", "write_text", "now", "utcnow", "today"}


def test_every_bots_room_has_the_same_doors() -> None:
    rooms = [
        path
        for path in (ROOT / "bots").iterdir()
        if path.is_dir() and path.name not in {*SHARED, "__pycache__"}
    ]
    assert rooms
    for room in rooms:
        assert {"read.py", "plan.py", "bot.py"} <= {path.name for path in room.iterdir()}
