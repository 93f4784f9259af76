"""docs/tutorial-dataset.md, done as it says: it shows what the command prints and writes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from bots.cli import main
from bots.core.config import SiteConfig
from sandbox.domains import carrying
from tests.domains.hub import Hub

DOCUMENT = Path(__file__).parents[2] / "docs" / "tutorial-dataset.md"
_BLOCK = re.compile(r"(?:<!-- (\w+): (\S+) -->\n)?```(\w+)\n(.*?)```\n", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of the document. `what`: "write", "holds" or "change" a `file`; "" for others."""

    what: str
    file: str
    language: str
    text: str


def blocks() -> list[Block]:
    found = _BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))
    return [Block(*parts) for parts in found]


def commands(text: str) -> Iterator[tuple[list[str], str]]:
    """Each command after a `$`, and what is shown as its output."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, shown = part.replace("\\\n", "").partition("\n")
        yield shlex.split(line), shown


def is_as(shown: str, printed: str) -> bool:
    """Whether it was printed as shown, "…" standing for anything."""
    parts = map(re.escape, shown.strip().split("…"))
    return re.fullmatch(".*?".join(parts), printed.strip(), re.DOTALL) is not None


def changed(text: str, change: str) -> str:
    """A text after a change that is written as a diff without places."""
    old = [line[1:] for line in change.splitlines() if line[:1] in " -"]
    new = [line[1:] for line in change.splitlines() if line[:1] in " +"]
    before, after = "\n".join(old), "\n".join(new)
    assert text.count(before) == 1, before
    return text.replace(before, after)


def test_the_tutorial_does_what_it_says(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    Hub(hub.wikibase, tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HUBBOT_CONFIG", raising=False)
    hub.properties(P791="external-id", P31="wikibase-item", P571="time", P813="time")
    hub.properties(P625="globe-coordinate", P856="url")
    hub.seed(carrying("Q101", "P791", "XE-1001", "Harbour Museum"))
    hub.seed(carrying("Q102", "P791", "XE-1002"))
    ran = []
    for block in blocks():
        file = tmp_path / block.file
        if block.what == "write":
            file.write_text(block.text, encoding="utf-8")
        elif block.what == "holds":
            assert is_as(block.text, file.read_text(encoding="utf-8")), file.read_text()
        elif block.what == "change":
            text = changed(file.read_text(encoding="utf-8"), block.text)
            file.write_text(text, encoding="utf-8")
        elif block.language == "console":
            for (program, *words), shown in commands(block.text):
                assert program == "hubbot"
                told = CliRunner().invoke(main, words)
                assert told.exit_code == 0, told.output
                assert is_as(shown, told.output), told.output
                ran.append(words[0])
    assert ran == ["dataset", "check", "plan"]


def test_the_approval_is_one_that_hub_yaml_takes() -> None:
    (text,) = [block.text for block in blocks() if not block.what and block.language == "yaml"]
    site = {"api": "https://wiki.example/w/api.php", **yaml.safe_load(text)}
    assert list(SiteConfig.model_validate(site).approvals) == ["museums"]


def test_every_block_is_one_that_the_test_looks_at() -> None:
    kinds = {(block.what, block.language) for block in blocks()}
    assert kinds == {
        ("write", "csv"),
        ("holds", "yaml"),
        ("change", "diff"),
        ("", "console"),
        ("", "yaml"),
    }
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document.count("\n```") == 2 * len(blocks())
    assert len(document.splitlines()) < 200
