"""The register on the sandbox wikis: records are read, lists filled, and people win in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.core.config import HubConfig
from bots.core.store import Run, opened
from sandbox.mediawiki import Request, Sandbox
from tests.register.scene import Scene, cells, scene

_NUMBERS = itertools.count(1)


@pytest.fixture
def register(sandbox_wikis: Sandbox, hub_config: HubConfig, tmp_path: Path) -> Iterator[Scene]:
    """A register of the test's own, with two museums and an archive."""
    with scene(sandbox_wikis, hub_config, tmp_path, f"Register {next(_NUMBERS)}") as made:
        made.record("Sea Museum", country="Sweden", stage="talking")
        made.record("Air Museum", country="SE", stage="working", website="https://air.example/x")
        made.record("Fire Archive", country="Norway")
        yield made


def finished(run: Run) -> dict[str, int]:
    assert run.state == "finished", run
    return dict(run.counts)


def requests_of(register: Scene, expected: dict[str, int]) -> list[Request]:
    """Those of a run, on all three wikis."""
    marks = [(wiki, wiki.mark()) for wiki in register.wikis.wikis]
    assert finished(register.run()) == expected
    return [request for wiki, mark in marks for request in wiki.requests_since(mark)]


def test_pages_begin_on_each_wiki_in_its_own_language_and_a_second_run_does_nothing(
    register: Scene,
) -> None:
    top = register.top
    assert finished(register.run()) == {"saved": 3}
    hub, sv = register.text(f"{top}/By country"), register.text(f"{top}/Efter land", "sv")
    assert hub.startswith("All of them.\n\n{{")
    assert hub.index("=== Norway ===") < hub.index("=== Sweden ===")
    assert '! data-column="stage" | Stage' in hub
    assert f"| [[{top}/Partners/Sea Museum|Sea Museum]]\n| talking\n|\n" in hub
    assert "| [https://air.example/x air.example]" in hub
    assert "=== Norge ===" in sv
    assert re.search(r"\| \[http\S+/Partners/Sea_Museum Sea Museum\]\n\| samtalar\n", sv)
    requests_of(register, {})  # what was made is read once more
    sent = requests_of(register, {})
    assert not [each for each in sent if each.parameters.get("action") == "edit"]
    # The stop pages, the records, and of each wiki the pages with lists.
    assert len(sent) <= 5


def test_what_people_make_of_a_list_in_an_article_stays_while_the_register_goes_on(
    register: Scene,
) -> None:
    article = f"{register.top} artikel"
    asks = "of=partner|where=country=Sverige|columns=name, stage, website|sort=name"
    people = register.person("sv")
    people.edit(article, f"Före.\n{register.list_of(asks)}\nEfter.")
    finished(register.run())
    text = register.text(article, "sv")
    keys = re.findall(r'data-row="(\d+)"', text)
    assert (text[:6], text[-6:], len(keys)) == ("Före.\n", "Efter.", 2)
    air, sea = keys
    assert [cells(text, air)[1:], cells(text, sea)[1:]] == [
        ["arbetar", "[https://air.example/x air.example]"],
        ["samtalar", ""],
    ]
    changed = text.replace("| samtalar", "| i ''samtal'' sedan i våras")
    changed = changed.replace("Efter.", "Efter, och mer.")
    people.edit(article, changed)
    register.change(f"{register.top}/Partners/Air Museum", {"= working": "= talking"})
    register.change(f"{register.top}/Partners/Sea Museum", {"= talking": "= working"})
    finished(register.run())
    text = register.text(article, "sv")
    assert text.endswith("Efter, och mer.")
    assert (cells(text, sea)[1], cells(text, air)[1]) == ("i ''samtal'' sedan i våras", "samtalar")
    assert register.told_of(article, "sv") == ["register-cell-differs"]
    said = register.told("register-cell-differs")[0].finding.message.params
    assert (said["theirs"], said["ours"]) == ("i ''samtal'' sedan i våras", "arbetar")
    line = int(str(said["line"]))
    assert text.split("\n")[line - 1] == f'|- data-row="{sea}"'
    requests_of(register, {})
    assert register.told_of(article, "sv") == ["register-cell-differs"]
    row = text[text.index(f'|- data-row="{air}"') : text.index(f'|- data-row="{sea}"')]
    register.change(article, {row: ""}, "sv")
    moved = f"{article}, flyttad"
    people.post(action="move", **{"from": article, "to": moved})
    assert finished(register.run()) == {}
    assert sorted(register.told_of(moved, "sv")) == [
        "register-cell-differs",
        "register-row-removed",
    ]
    register.change(f"{register.top}/Partners/Air Museum", {"= talking": "= working"})
    finished(register.run())
    assert re.findall(r'data-row="(\d+)"', register.text(moved, "sv")) == [sea]


def test_what_somebody_writes_while_the_bot_is_at_it_is_kept(register: Scene) -> None:
    title = f"{register.top}/By country"
    finished(register.run())
    register.change(f"{register.top}/Partners/Sea Museum", {"= talking": "= working"})
    website = "[https://air.example/x air.example]"
    noted = f"{website}, under repair"
    finished(register.run(lambda: register.change(title, {website: noted})))
    text = register.text(title)
    assert f"| {noted}\n" in text
    assert text.count("| working\n") == 2
    assert register.told_of(title) == ["register-cell-differs"]


def test_a_lost_store_makes_no_edit_twice_and_takes_nothing_of_peoples(
    register: Scene, tmp_path: Path
) -> None:
    title = f"{register.top}/By country"
    finished(register.run())
    register.change(title, {"| talking": "| talking, in spring"})
    with opened(f"sqlite:///{tmp_path}/new.sqlite") as empty:
        register.store = empty
        finished(register.rebuild())
        assert finished(register.run()) == {}
        assert register.told_of(title) == ["register-cell-differs"]
        register.change(f"{register.top}/Partners/Air Museum", {"= working": "= talking"})
        assert finished(register.run()) == {"saved": 3}
    text = register.text(title)
    assert "| talking, in spring\n" in text
    assert "| talking\n" in text


def test_a_change_of_a_record_edits_only_the_pages_on_which_it_is_seen(register: Scene) -> None:
    mine = f"{register.top} Norway"
    asks = register.list_of("of=partner|where=country=NO|columns=name, website")
    register.person().edit(mine, asks)
    assert finished(register.run()) == {"saved": 4}
    before = register.person().revision(mine)
    register.change(f"{register.top}/Partners/Sea Museum", {"= talking": "= working"})
    assert finished(register.run()) == {"saved": 3}
    assert register.person().revision(mine) == before


def test_a_page_that_people_deleted_or_took_the_list_out_of_is_not_begun_again(
    register: Scene,
) -> None:
    hub, sv = f"{register.top}/By country", f"{register.top}/Efter land"
    finished(register.run())
    register.delete(hub)
    register.person("sv").edit(sv, "We keep no list.")
    assert finished(register.run()) == {}
    assert finished(register.run()) == {}
    assert (register.text(hub), register.text(sv, "sv")) == ("", "We keep no list.")


def test_when_the_store_is_lost_nothing_of_people_s_is_nor_does_a_deleted_page_begin_again(
    register: Scene,
) -> None:
    title, sv = f"{register.top}/By country", f"{register.top}/Efter land"
    finished(register.run())
    register.delete(title)
    register.change(sv, {"| samtalar": "| pratar"}, "sv")
    kept = register.text(sv, "sv")
    lost = register.store
    with opened(f"sqlite:///{register.config.folder}/another.sqlite") as register.store:
        finished(register.rebuild())
        assert finished(register.run()) == {}
        assert finished(register.run()) == {}
        assert (register.text(title), register.text(sv, "sv")) == ("", kept)
        assert register.told_of(sv, "sv") == ["register-cell-differs"]
    register.store = lost


def test_a_list_that_comes_back_goes_on_from_where_it_was(register: Scene) -> None:
    title = f"{register.top}/By country"
    finished(register.run())
    air, sea = re.findall(r'data-row="(\d+)"', register.text(title))[1:]
    row = re.search(rf'\|- data-row="{air}"\n(?:\| .*\n)+', register.text(title))
    assert row
    register.change(title, {row[0]: ""})
    finished(register.run())
    kept = register.text(title)
    for gone in ("", "All of them.", None):
        register.delete(title) if gone is None else register.person().edit(title, gone)
        assert finished(register.run()) == {}
        assert register.told_of(title) == []
        register.person().edit(title, kept)
        assert finished(register.run()) == {}
        assert register.told_of(title) == ["register-row-removed"]
    register.change(f"{register.top}/Partners/Sea Museum", {"= talking": "= working"})
    finished(register.run())
    assert cells(register.text(title), sea)[1] == "working"


def test_a_marker_that_people_took_out_is_told_with_its_line_and_the_page_stays(
    register: Scene,
) -> None:
    title = f"{register.top}/By country"
    finished(register.run())
    end = f"{{{{{register.start} end}}}}"
    register.change(title, {end: ""})
    register.change(f"{register.top}/Partners/Sea Museum", {"= talking": "= working"})
    assert finished(register.run()) == {"saved": 2}
    assert register.told_of(title) == ["register-list-no-end"]
    assert register.told("register-list-no-end")[0].finding.message.params["line"] == "3"
    register.person().edit(title, register.text(title) + f"\n{end}")
    assert finished(register.run()) == {"saved": 1}
    assert "| working" in register.text(title)
    assert register.told_of(title) == []


def test_a_record_that_is_moved_is_the_same_row_and_one_that_is_gone_leaves_the_list(
    register: Scene,
) -> None:
    title = f"{register.top}/By country"
    finished(register.run())
    key = re.findall(r'data-row="(\d+)"', register.text(title))[-1]
    old, new = (f"{register.top}/Partners/{name}" for name in ("Sea Museum", "Museum of the Sea"))
    register.person().post(action="move", **{"from": old, "to": new})
    register.delete(f"{register.top}/Partners/Air Museum")
    assert finished(register.run()) == {"saved": 3}
    text = register.text(title)
    assert cells(text, key)[0] == f"[[{new}|Sea Museum]]"
    assert "Air Museum" not in text
    kept = {each.title for each in register.store.page_records()}
    assert kept == {new, f"{register.top}/Partners/Fire Archive"}


def test_when_every_row_is_gone_the_table_stays_and_it_is_told_as_is_a_list_of_nothing(
    register: Scene,
) -> None:
    mine = f"{register.top} Norway"
    register.person().edit(mine, register.list_of("of=partner|where=country=NO|columns=name"))
    register.person().edit(f"{mine}'s", register.list_of("of=sofware"))
    finished(register.run())
    (told,) = register.told("register-list-of-close")
    assert told.finding.message.params["close"] == "software"
    before = register.text(mine)
    assert "Fire Archive" in before
    register.change(f"{register.top}/Partners/Fire Archive", {"Norway": "Finland"})
    finished(register.run())
    assert register.text(mine) == before
    assert register.told_of(mine) == ["register-list-empty"]


def test_a_page_near_the_wikis_limit_is_divided_and_what_people_wrote_goes_along(
    register: Scene,
) -> None:
    mine = f"{register.top} all"
    for number in range(5):
        country = ("Sweden", "Norway", "Finland")[number % 3]
        register.record(
            f"Archive {number}", country=country, website="https://x.example/" + 350 * "y"
        )
    people = register.person()
    people.edit(mine, register.list_of("of=partner|columns=name, website, stage|group=country"))
    finished(register.run())
    register.change(mine, {"| talking": "| talking, and more"})
    people.edit(f"{mine}/Finland", "Somebody's own page.")
    for wiki in register.wikis.wikis:
        wiki.override(wgMaxArticleSize=2)
    register.way = None
    try:
        finished(register.run())
        assert "=== Norway ===" in register.text(mine)
        assert register.text(f"{mine}/Finland") == "Somebody's own page."
        assert register.told_of(f"{mine}/Finland") == ["register-part-taken"]
        register.delete(f"{mine}/Finland")
        finished(register.run())
        text, part = register.text(mine), register.text(f"{mine}/Sweden")
        assert len(text.encode()) < 1_000
        assert f"| [[{mine}/Sweden|Sweden]]\n| 4\n" in text
        assert "| talking, and more" in part
        assert register.told_of(f"{mine}/Sweden") == []
        register.record("Archive 99", country="Sweden")
        finished(register.run())
        assert "Archive 99" in register.text(f"{mine}/Sweden")
        assert f"| [[{mine}/Sweden|Sweden]]\n| 5\n" in register.text(mine)
        assert "register-cell-differs" in register.told_of(f"{mine}/Sweden")
        requests_of(register, {})
    finally:
        for wiki in register.wikis.wikis:
            wiki.override(wgMaxArticleSize=2048)


def test_a_wiki_without_an_approval_and_a_page_that_wants_no_bot_are_left_alone(
    register: Scene,
) -> None:
    config = register.config
    sites = {**config.sites, "media": config.sites["media"].model_copy(update={"approvals": {}})}
    register.config = config.model_copy(update={"sites": sites})
    asks = register.list_of("of=partner|columns=name")
    register.person("media").edit(f"{register.top} x", asks)
    register.person().edit(f"{register.top} x", asks + "{{nobots}}")
    assert finished(register.run()) == {"saved": 2}
    assert register.text(f"{register.top} x", "media") == asks
    assert register.text(f"{register.top} x") == asks + "{{nobots}}"


def test_a_page_that_shows_a_list_of_another_page_is_read_once_and_left_alone(
    register: Scene,
) -> None:
    shows = f"{register.top} shows"
    finished(register.run())
    register.person().edit(shows, f"{{{{:{register.top}/By country}}}}")
    requests_of(register, {})
    sent = requests_of(register, {})
    assert not [each for each in sent if each.parameters.get("titles") == 1]
    assert register.text(shows).startswith("{{:")


def test_what_is_wrong_with_a_record_stays_told_though_its_page_is_read_once(
    register: Scene,
) -> None:
    title = register.record("Ghost", country="Atlantis", stage="talkin")
    finished(register.run())
    told = sorted(register.told_of(title))
    assert told == ["register-choice-near", "register-country"]
    requests_of(register, {})
    requests_of(register, {})
    assert sorted(register.told_of(title)) == told
    register.change(title, {"Atlantis": "Sweden"})
    finished(register.run())
    assert register.told_of(title) == ["register-choice-near"]
