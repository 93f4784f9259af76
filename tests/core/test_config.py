"""The configuration: each fault is told with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.core.config import ConfigError, load_hub

GOOD = """\
account: HubBot
operator: Coordinator
contact: https://meta.example/wiki/User:HubBot
hub: meta
sites:
  meta:
    family: meta
    code: meta
    approvals:
      intake:
        opt_in: Project:Village pump
        bot_approval: Project:Bots/HubBot
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "hub.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_configuration_is_read_with_defaults(tmp_path: Path) -> None:
    config = load_hub(written(tmp_path, GOOD))
    assert config.sites["meta"].family == "meta"
    assert config.limits.maxlag_seconds == 5
    assert config.guard.first_run_edits == 200
    assert config.folder == tmp_path.resolve()


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("hub: meta", "hub: commons"), 1, "none of the sites (meta)"),
        (("    code: meta\n", ""), 6, "either by 'api' or by both"),
        (("operator:", "operater:"), 2, "Extra inputs"),
        (("operator: Coordinator\n", ""), 1, "operator: Field required"),
        (("hub: meta", "hub: meta\nlimits:\n  edits_per_minute: -1"), 6, "greater than or equal"),
        (("hub: meta", "hub: meta\nlimits:\n  lease_seconds: 10"), 5, "more than request_timeout"),
        (("hub: meta", "hub: meta\nhub: meta"), 5, "here twice (first on line 4)"),
        (("hub: meta", "hub: meta\nregister:\n  items: wd"), 1, "register.items: 'wd' is none"),
        (("hub: meta", "hub: [meta"), 5, "expected"),
        (("hub: meta", "hub: 12"), 4, "valid string"),
    ],
)
def test_a_fault_says_its_line_and_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], line: int, words: str
) -> None:
    path = written(tmp_path, GOOD.replace(*change, 1))
    with pytest.raises(ConfigError) as caught:
        load_hub(path)
    said = [str(fault) for fault in caught.value.faults]
    assert any(f"{path}:{line}:" in each and words in each for each in said), said


BOMB = "\n".join(
    ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
)


@pytest.mark.parametrize(
    ("more", "line", "words"),
    [
        ("loop: &loop {again: *loop}", 13, "aliases"),
        ("loop: &loop\n  - a: [*loop]", 14, "aliases"),
        (BOMB, 19, "aliases"),
        ("day: 2020-13-45", 13, "in quotation marks it is a text"),
        (f"number: {'9' * 5000}", 13, "in quotation marks it is a text"),
        ("day: !!timestamp soon", 13, "in quotation marks it is a text"),
        ("bell: \a", 13, "special characters"),
        (f"deep: {'[' * 600}{']' * 600}", 0, "nested too deeply"),
        (f"long: {'x' * (8 << 20)}", 0, "larger than 8 MB"),
    ],
)
def test_a_hostile_file_is_refused_in_words(
    tmp_path: Path, more: str, line: int, words: str
) -> None:
    path = written(tmp_path, f"{GOOD.rstrip()}\n{more}\n")
    with pytest.raises(ConfigError) as caught:
        load_hub(path)
    said = [str(fault) for fault in caught.value.faults]
    assert any(f"{path}:{line}:" in each and words in each for each in said), said


def test_of_very_many_faults_the_first_are_told(tmp_path: Path) -> None:
    more = "".join(f"k{number}: 1\n" for number in range(500))
    with pytest.raises(ConfigError) as caught:
        load_hub(written(tmp_path, GOOD + more))
    assert len(caught.value.faults) == 200


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("operator:", "operater:").replace("    code: meta\n", "")
    with pytest.raises(ConfigError) as caught:
        load_hub(written(tmp_path, text))
    assert len(caught.value.faults) == 3


def test_a_missing_file_and_one_that_is_no_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        load_hub(tmp_path / "hub.yaml")
    (tmp_path / "hub.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_hub(tmp_path / "hub.yaml")


def test_the_projects_own_configuration_is_whole() -> None:
    load_hub(Path(__file__).parent.parent.parent / "config" / "hub.yaml")


def test_fetched_files_lie_beside_hub_yaml_and_on_toolforge_in_the_tool_s_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load_hub(written(tmp_path, GOOD))
    monkeypatch.delenv("TOOL_DATA_DIR", raising=False)
    assert config.cache == tmp_path.resolve() / "cache"
    monkeypatch.setenv("TOOL_DATA_DIR", "/data/project/hubbot")
    assert config.cache == Path("/data/project/hubbot/hubbot-cache")
