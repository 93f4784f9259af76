"""The dashboard's pages say what the store knows."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bots.core.outcome import NAMES, utcnow
from bots.core.store import opened
from tests.webservice import example
from tests.webservice.conftest import Dashboard
from tests.webservice.example import HOSTILE, WIKI
from tests.webservice.markup import Page
from webservice.app import create_app

PAGES = (
    "/",
    "/runs",
    "/runs?bot=intake&state=failed",
    "/runs/{outcomes}",
    "/runs/{planned}",
    "/runs/{held}",
    "/runs/{running}",
    "/runs/{waiting}",
    "/findings",
    "/bots/intake",
    "/bots/publishing",
    "/bots/register",
    "/?uselang=sv",
    "/runs?uselang=sv",
    "/runs/{outcomes}?uselang=sv",
    "/register?kind=partner&country=SE&where=topics!%3D&as_of=2026&uselang=sv",
    "/register/partner/11",
    "/register/partner/15",
)

MORE_PAGES = (
    "/register",
    "/register?search=nothing",
    "/register/partner/16?uselang=sv",
    "/register/agreement/21?as_of=2024",
)
"""Such as look like one of the others."""


@pytest.mark.parametrize("path", [*PAGES, *MORE_PAGES])
def test_every_page_is_sound_html(dashboard: Dashboard, path: str) -> None:
    html = dashboard.page(path)
    page = Page(html)
    assert html.lstrip().startswith("<!doctype html>")
    assert len(page.all("h1")) == 1
    levels = [int(tag[1]) for tag, _attributes in page.elements if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {attributes["for"] for attributes in page.all("label")}
    inputs = [each for each in page.all("input") if each.get("type") != "hidden"]
    assert {each["id"] for each in (*page.all("select"), *inputs)} == labelled
    assert all(header.get("scope") for header in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert "⧼" not in html
    assert not page.all("script")


def test_the_first_page_says_who_stopped_a_bot_and_what_they_wrote(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/"))
    assert "Coordinator stopped it 2 hours ago" in page.words
    assert f"Please wait until the vote is over. {HOSTILE}" in page.words
    edit = f"{WIKI}?title=User:HubBot/stop/publishing&action=edit"
    assert edit in page.links
    assert f"{WIKI}?title=User:Coordinator" in page.links


def test_the_first_page_says_what_a_run_waits_for(dashboard: Dashboard) -> None:
    words = Page(dashboard.page("/")).words
    assert "register Waiting The run waits and goes on in 4 hours" in words
    assert "the wiki’s servers lag behind" in words


def test_the_first_page_links_a_held_plan_and_the_page_that_lets_it_through(
    dashboard: Dashboard,
) -> None:
    page = Page(dashboard.page("/"))
    assert "it would make 60 edits" in page.words
    assert f"{WIKI}?title=User:HubBot/plan/datasets&action=edit" in page.links
    assert f"/runs/{dashboard.runs['held'].key}" in page.links


def test_a_run_that_nothing_holds_gives_no_sign_of_life(dashboard: Dashboard) -> None:
    words = Page(dashboard.page("/")).words
    assert "reports No sign of life" in words
    assert "intake Running" in words


def test_every_bot_has_a_row_of_fourteen_days_that_says_the_worst_of_each(
    dashboard: Dashboard,
) -> None:
    html = dashboard.page("/bots/intake") + dashboard.page("/")
    assert html.count('<ol class="days">') == 5
    day_words = [
        a["title"] for a in Page(dashboard.page("/")).all("a") if "runs, " in a.get("title", "")
    ]
    assert any(words.endswith("4 runs, 3 edits saved. Failed.") for words in day_words)
    assert any(words.endswith("4 runs, 3 edits saved. Put off.") for words in day_words)
    assert any(words.endswith("3 runs, 3 edits saved. Finished.") for words in day_words)


def test_runs_are_found_by_bot_and_state(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/runs?bot=intake&state=failed"))
    keys = [link for link in page.links if link.startswith("/runs/")]
    assert f"/runs/{dashboard.runs['outcomes'].key}" in keys
    assert len(keys) == 2
    assert Page(dashboard.page("/runs?bot=nobody")).words.count("No such run.") == 1


def test_paging_shows_each_run_once(dashboard: Dashboard) -> None:
    seen: list[str] = []
    path = "/runs?limit=7"
    while path:
        page = Page(dashboard.page(path))
        seen += [link for link in page.links if link.startswith("/runs/")]
        nexts = [a["href"] for a in page.all("a") if a.get("rel") == "next"]
        path = nexts[0] if nexts else ""
    assert len(seen) == len(set(seen)) == 59


def test_a_run_shows_each_outcome_in_words_with_its_code(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/runs/{outcomes}"))
    for words in (
        "saved Someone else’s edit came in between",
        "in conflict editconflict",
        f"refused The page is protected. protectedpage {HOSTILE}",
        "put off the wiki’s servers lag behind until",
        "invalid contenttoobig too big",
        "answer lost connection closed",
        "failed internal_api_error no such table",
    ):
        assert words in page.words
    assert f"{WIKI}?diff=815" in page.links
    assert "2 lines of the table changed" in page.words
    for name in NAMES:
        assert f"/runs/{dashboard.runs['outcomes'].key}?state={name}" in page.links


def test_a_runs_edits_are_found_by_outcome(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/runs/{outcomes}?state=refused"))
    assert len(page.all("article")) == 1


def test_a_run_at_work_shows_its_edits_as_they_are_now(dashboard: Dashboard) -> None:
    for path in ("/", "/runs", "/runs/{running}", "/bots/intake"):
        assert "1 planned 1 saved" in Page(dashboard.page(path)).words, path
    found = dashboard.get("/api/v1/runs/{running}").get_json()
    assert found["edits_by_state"] == {"planned": 1, "saved": 1}


def test_a_dry_run_shows_the_whole_plan_as_a_diff_with_signs(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/runs/{planned}"))
    assert "nothing of this was written" in page.words
    assert "− Removed: | ROR || submitted" in page.words.replace("−Removed", "− Removed")
    assert "+ Added: | ROR || ready for review" in page.words.replace("+Added", "+ Added")
    assert "New page New page" in page.words
    assert "2 lines added, none removed" in page.words


def test_a_big_plan_is_cut_and_counted(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/runs/{held}"))
    assert len(page.all("article")) == 25
    assert "And 5 more lines." in page.words
    assert "And 501 more lines." in page.words
    second = Page(dashboard.page("/runs/{held}?after=25"))
    assert len(second.all("article")) == 25
    assert "Page 25" in second.words


def test_an_edit_too_big_to_show_says_its_size(store_url: str) -> None:
    with opened(store_url) as store:
        run = store.start_run("big", "plan", "host", utcnow())
        store.spool(run, [example.edit("Big", "x" * 600_000), example.edit("Small", "y")])
        store.finish_run(run, "planned", None, utcnow())
    dashboard = Dashboard(create_app(example.config(store_url)), store_url, {"big": run})
    words = Page(dashboard.page("/runs/{big}")).words
    assert "too big to be shown here (600," in words
    assert "Added: y" in words
    assert "xxx" not in words


def test_a_new_item_is_named_by_its_record_and_links_no_page(store_url: str) -> None:
    with opened(store_url) as store:
        run = store.start_run("made", "plan", "host", utcnow())
        store.spool(run, [example.edit("Special:NewItem/A & B", "x")])
        store.finish_run(run, "planned", None, utcnow())
    dashboard = Dashboard(create_app(example.config(store_url)), store_url, {"made": run})
    html = dashboard.page("/runs/{made}")
    assert "New item for A & B" in Page(html).words.replace("\u2068", "").replace("\u2069", "")
    assert "NewItem" not in html


def test_an_edit_whose_text_was_rolled_up_keeps_its_outcome(
    store_url: str,
) -> None:
    with opened(store_url) as store:
        runs = example.fill(store, utcnow())
        store.roll_up(utcnow())
    dashboard = Dashboard(create_app(example.config(store_url)), store_url, runs)
    words = Page(dashboard.page("/runs/{outcomes}")).words
    assert "The text of this edit is no longer kept" in words
    assert "contenttoobig" in words


def test_findings_are_listed_with_page_place_and_when(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/findings"))
    assert "3 open findings." in page.words
    assert "Partnership requests/Scans licence" in page.words
    assert "found 3 hours ago, last seen 3 hours ago" in page.words
    assert f"{WIKI}?title=Partnership_requests/Scans&action=edit" in page.links
    assert "Nothing waits for people." in Page(dashboard.page("/findings?bot=reports")).words


def test_a_finding_that_a_later_run_no_longer_had_is_not_open(store_url: str) -> None:
    with opened(store_url) as store:
        first = store.start_run("intake", "run", "host", utcnow())
        store.note_findings(first, [example.finding("Gone"), example.finding("Here")])
        second = store.start_run("intake", "run", "host", utcnow())
        store.note_findings(second, [example.finding("Here")])
        store.close_findings(second)
    dashboard = Dashboard(
        create_app(example.config(store_url)), store_url, {"first": first, "second": second}
    )
    words = Page(dashboard.page("/findings")).words
    assert "Here" in words
    assert "Gone" not in words
    assert "2 findings in this run." in Page(dashboard.page("/runs/{first}")).words
    assert "One finding in this run." in Page(dashboard.page("/runs/{second}")).words


def test_a_bots_page_says_that_any_text_stops_it_and_when_it_last_looked(
    dashboard: Dashboard,
) -> None:
    page = Page(dashboard.page("/bots/intake"))
    assert "Any text on its stop page stops this bot." in page.words
    assert "It was empty when the bot last looked" in page.words
    assert f"{WIKI}?title=User:HubBot/stop/intake&action=edit" in page.links


def test_an_empty_store_says_so(store_url: str) -> None:
    with opened(store_url):
        pass
    dashboard = Dashboard(create_app(example.config(store_url)), store_url, {})
    assert "No bot has run yet." in Page(dashboard.page("/")).words
    assert "No such run." in Page(dashboard.page("/runs")).words
    dashboard.get("/feed.atom")
