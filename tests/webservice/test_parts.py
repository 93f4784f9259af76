"""The dashboard's pure parts: links, diffs, how a bot stands, durations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.core.config import SiteConfig
from bots.core.plan import Target
from bots.core.store import RUN_STATES, LeaseHeld, Run, StopSeen
from tests.webservice.example import CONFIG, WIKI
from webservice.app import MESSAGES
from webservice.diffs import MAX_LINE, MAX_LINES, diff
from webservice.links import WikiLinks, http_url, index_url
from webservice.overview import DAYS, LOOKS, grid, last_days, standing
from webservice.queries import RunGlance
from webservice.words import Reader, Translations

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RUN = Run(1, "a" * 12, "intake", "run", "running", "h", NOW, None, None, None, None, None, {})
LEASE = LeaseHeld("intake", "h", NOW, NOW + timedelta(seconds=60))
STOP = StopSeen("intake", NOW, True, Target("hub", "User:HubBot/stop"), "X", NOW, 5, "stop")


@pytest.mark.parametrize(
    ("family", "code", "url"),
    [
        ("wikipedia", "sv", "https://sv.wikipedia.org/w/index.php"),
        ("wikipedia", "be_x_old", "https://be-x-old.wikipedia.org/w/index.php"),
        ("commons", "commons", "https://commons.wikimedia.org/w/index.php"),
        ("meta", "meta", "https://meta.wikimedia.org/w/index.php"),
        ("wikidata", "wikidata", "https://www.wikidata.org/w/index.php"),
        ("wikidata", "test", "https://test.wikidata.org/w/index.php"),
        ("test", "test", "https://test.wikipedia.org/w/index.php"),
        ("wikipedia", "evil.example/", None),
        ("myfamily", "sv", None),
    ],
)
def test_a_wikimedia_wiki_is_found_by_family_and_code(
    family: str, code: str, url: str | None
) -> None:
    assert index_url(SiteConfig(family=family, code=code)) == url


def test_a_wiki_named_by_its_api_is_reached_beside_it_unless_the_configuration_says_where() -> None:
    api = "http://localhost:8081/api.php"
    assert index_url(SiteConfig(api=api)) == "http://localhost:8081/index.php"
    other = SiteConfig(api=api, index_url="https://wiki.example/w/index.php")
    assert index_url(other) == "https://wiki.example/w/index.php"
    assert index_url(SiteConfig(api=api, index_url="javascript:alert(1)")) is None
    assert index_url(SiteConfig(api="ftp://wiki.example/api.php")) is None


def test_titles_are_quoted_so_that_they_stay_titles() -> None:
    links = WikiLinks(CONFIG)
    odd = Target("hub", 'A & B?action=delete#x "é" +/:')
    assert links.edit(odd) == (
        f"{WIKI}?title=A_%26_B%3Faction%3Ddelete%23x_%22%C3%A9%22_%2B/:&action=edit"
    )
    assert links.page(Target("nowhere", "A")) is None
    assert links.page(Target("hub", "")) is None
    assert links.diff("hub", None) is None
    assert links.user("hub", "") is None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:x",
        "JAVASCRIPT:x",
        "data:x",
        "//a",
        "http:",
        "http://[",
        "java\nscript:x",
        "",
        None,
    ],
)
def test_only_http_is_a_link(url: str | None) -> None:
    assert http_url(url) is None


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "a long line", "a lone line"]), max_size=30)


@given(LINES, LINES)
def test_a_diff_accounts_for_every_line(old: list[str], new: list[str]) -> None:
    before, after = "\n".join(old), "\n".join(new)
    found = diff(before, after)
    kept = [line for line in found.lines if line.kind != "gap"]

    def text(kinds: tuple[str, ...]) -> list[str]:
        return [x.before + x.changed + x.after for x in kept if x.kind in kinds]

    def lines(whole: str) -> list[str]:
        return whole.split("\n") if whole else []

    assert (found.lines == ()) == (before == after)
    if not [line for line in found.lines if line.kind == "gap"] and found.lines:
        assert len(text(("same", "removed"))) <= len(lines(before))
    assert len(lines(after)) - len(lines(before)) == found.added - found.removed
    for line in text(("removed",)):
        assert line in lines(before)
    for line in text(("added",)):
        assert line in lines(after)


def test_a_diff_points_at_what_differs_in_a_line() -> None:
    found = diff("keep\nthe old word here\nkeep", "keep\nthe new word here\nkeep")
    removed = next(line for line in found.lines if line.kind == "removed")
    added = next(line for line in found.lines if line.kind == "added")
    assert (removed.before, removed.changed, removed.after) == ("the ", "old", " word here")
    assert (added.before, added.changed, added.after) == ("the ", "new", " word here")


def test_a_long_line_is_cut_around_what_differs() -> None:
    found = diff("x" * 9000 + "old" + "y" * 9000, "x" * 9000 + "new" + "y" * 9000)
    for line, word in zip(found.lines, ("old", "new"), strict=True):
        assert line.changed == word
        assert len(line.before + line.changed + line.after) <= MAX_LINE + 1
        assert line.cut > 8000


@pytest.mark.timeout(20)
def test_a_huge_diff_is_cut_and_quick() -> None:
    old = "\n".join(str(n % 97) for n in range(120_000))
    new = "\n".join(str(n % 89) for n in range(120_000))
    found = diff(old, new)
    assert len(found.lines) == MAX_LINES
    assert found.left_out > 200_000


def test_a_stopped_bot_is_stopped_whatever_its_run_does() -> None:
    assert standing("intake", RUN, STOP, LEASE, 0, NOW).state == "stopped"
    gone = replace(STOP, stopped=False)
    assert standing("intake", RUN, gone, LEASE, 0, NOW).state == "running"


def test_a_running_run_waits_runs_or_is_silent_by_its_lease() -> None:
    later = NOW + timedelta(minutes=5)
    assert standing("intake", RUN, None, LEASE, 0, NOW).state == "running"
    waiting = replace(RUN, waits_until=later, waits_for="lag")
    assert standing("intake", waiting, None, LEASE, 0, NOW).state == "waiting"
    assert standing("intake", waiting, None, LEASE, 0, later).state == "silent"
    assert standing("intake", RUN, None, None, 0, NOW).state == "silent"
    assert standing("intake", None, None, None, 0, NOW).state == "never"
    assert standing("intake", replace(RUN, state="held"), None, LEASE, 0, NOW).state == "held"


def _glance(key: str, state: str, ago: timedelta) -> RunGlance:
    return RunGlance(key, "intake", state, NOW - ago, {"saved": 2})


def test_a_day_shows_its_worst_run_and_of_equals_the_last() -> None:
    runs = [
        _glance("a", "finished", timedelta(days=1, hours=3)),
        _glance("b", "deferred", timedelta(days=1, hours=2)),
        _glance("c", "finished", timedelta(days=1, hours=1)),
        _glance("d", "finished", timedelta(hours=2)),
        _glance("e", "finished", timedelta(hours=1)),
    ]
    days = grid(runs, NOW)["intake"]
    assert [day.day for day in days] == last_days(NOW)
    assert len(days) == DAYS
    assert [day.worst and day.worst.key for day in days[-3:]] == [None, "b", "e"]
    assert (days[-2].runs, days[-2].saved) == (3, 6)


@pytest.mark.parametrize("state", RUN_STATES)
def test_every_state_of_a_run_can_be_the_worst_and_has_a_look(state: str) -> None:
    assert state in LOOKS
    day = grid([_glance("a", state, timedelta(0))], NOW)["intake"][-1]
    assert day.worst is not None


def test_signs_are_all_drawn() -> None:
    drawn = (MESSAGES.parents[1] / "webservice" / "static" / "icons.svg").read_text()
    assert all(f'id="{sign}"' in drawn for _tone, sign in LOOKS.values())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 sec"), (7.4, "7 sec"), (134, "2 min 14 sec"), (3600, "1 hr"), (90_000, "1 day 1 hr")],
)
def test_durations_are_said_by_their_two_largest_units(seconds: float, words: str) -> None:
    reader = Reader(Translations(MESSAGES), "en")
    assert reader.duration(timedelta(seconds=seconds)) == words
