"""The whole way on a real wiki: form, request, answer, report, table, and nothing twice."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bots.core.config import HubConfig
from bots.core.plan import Edit, Target
from bots.core.run import Runner
from bots.core.store import Run, Store, opened
from bots.intake.bot import Intake
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox import seed
from sandbox.client import Client
from sandbox.mediawiki import Sandbox, Wiki
from tests.intake.parts import MARKS, TABLE, TOP, messages, template


def runner(config: HubConfig, wikis: Wikis, store: Store) -> Runner:
    bot = Intake(config, wikis, store, messages())
    return Runner(bot, Desk(wikis), store, config, messages())


def asking_at(config: HubConfig, top: str) -> HubConfig:
    """The same configuration with a requests page of one test's own."""
    return config.model_copy(
        update={"intake": config.intake.model_copy(update={"requests_page": top})}
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with opened(f"sqlite:///{tmp_path_factory.mktemp('store')}/store.sqlite") as store:
        yield store


@pytest.fixture(scope="module")
def seeded(sandbox_wikis: Sandbox) -> Sandbox:
    seed.seed(sandbox_wikis)
    return sandbox_wikis


@pytest.fixture(scope="module")
def first_run(seeded: Sandbox, hub_config: HubConfig, wikis: Wikis, store: Store) -> Run:
    return runner(hub_config, wikis, store).run()


@pytest.fixture(scope="module")
def asked(first_run: Run, seeded: Sandbox) -> list[str]:
    """The titles of all request pages and of the talk pages that HubBot made."""
    asked = {"action": "query", "list": "allpages", "aplimit": "max", "apprefix": f"{TOP}/"}
    client = Client(seeded.hub)
    return [
        page["title"]
        for namespace in (0, 1)
        for page in client.ask(**asked, apnamespace=namespace)["query"]["allpages"]
    ]


def parsed(client: Client, title: str) -> dict[str, Any]:
    what = "text|templates|categories|parsewarnings"
    answer: dict[str, Any] = client.ask(action="parse", page=title, prop=what)["parse"]
    return answer


def test_seeding_twice_writes_once_and_never_over_people(seeded: Sandbox, aino: Client) -> None:
    title = "Help:Partnership requests"
    before = aino.text(title) or ""
    aino.edit(title, before + "\n\nI added a line. --Aino")
    assert seed.seed(seeded) == []
    assert (aino.text(title) or "").endswith("I added a line. --Aino")


def test_the_run_answers_every_request_and_a_second_one_does_nothing(
    first_run: Run,
    seeded: Sandbox,
    hub_config: HubConfig,
    wikis: Wikis,
    store: Store,
) -> None:
    assert (first_run.state, first_run.counts) == ("finished", {"saved": 20})
    before = seeded.hub.mark()
    again = runner(hub_config, wikis, store).run()
    assert (again.state, again.counts) == ("finished", {})
    sent = seeded.hub.requests_since(before)
    assert not [each for each in sent if each.parameters.get("action") == "edit"]
    assert len(sent) <= 4  # facts of the wiki, stop pages, requests, requests page


def test_a_lost_store_makes_no_edit_twice(
    first_run: Run, hub_config: HubConfig, wikis: Wikis, tmp_path: Path
) -> None:
    with opened(f"sqlite:///{tmp_path}/new.sqlite") as empty:
        run = runner(hub_config, wikis, empty).run()
    assert (run.state, run.counts) == ("finished", {})


def test_every_page_renders_without_faults(asked: list[str], seeded: Sandbox) -> None:
    client = Client(seeded.hub)
    ours = [page.title for page in seed.hub_pages()]
    assert len(asked) == 21
    for title in [*asked, *ours]:
        page = parsed(client, title)
        text = re.sub(r"<(pre|code)\b.*?</\1>", "", page["text"], flags=re.DOTALL)
        assert not [each for each in page["templates"] if not each["exists"]], title
        assert page["categories"] == [], title
        assert page["parsewarnings"] == [], title
        assert "{{" not in text, title
        assert 'class="error' not in text, title
        assert "templatedata-error" not in text, title


def test_the_table_has_a_line_for_each_request_with_its_state_in_words(
    first_run: Run, seeded: Sandbox
) -> None:
    text = parsed(Client(seeded.hub), TOP)["text"]
    assert text.count('<th scope="col">') == 8
    rows = re.findall(r'<tr data-hubbot-state="([a-z-]+)">(.*?)</tr>', text, re.DOTALL)
    assert len(rows) == len(list(seed.requests()))
    states = {re.sub("<[^>]+>", "", row).strip().split("\n")[0]: state for state, row in rows}
    assert states["ROR"] == states["NCBI Gene"] == states["UNESCO texts"] == "triaged"
    assert states["WHO texts"] == states["UniProt"] == states["City archive"] == "needs-info"
    assert states["Folk songs"] == "draft"
    assert "more information needed" in text
    assert "ready for review" in text


def test_no_style_of_ours_sets_a_colour_that_would_not_be_seen_in_the_dark(
    asked: list[str], seeded: Sandbox
) -> None:
    for title in asked:
        for style in re.findall(r'style="([^"]*)"', parsed(Client(seeded.hub), title)["text"]):
            assert not re.search(r"(?:^|[;\s])(?:color|background[a-z-]*)\s*:", style), title


def test_the_report_is_signed_by_the_bot_and_seen_by_those_who_watch(
    first_run: Run, seeded: Sandbox
) -> None:
    client = Client(seeded.hub)
    text = client.text(f"Talk:{TOP}/WHO texts") or ""
    assert "== Checked: more information needed ==" in text
    assert re.search(r"\[\[User:HubBot\|HubBot\]\].*\(UTC\)", text)
    flags = client.ask(
        action="query", list="recentchanges", rctitle=f"Talk:{TOP}/WHO texts", rcprop="flags"
    )
    assert flags["query"]["recentchanges"][0]["bot"] is False


def test_the_form_begins_a_request_that_names_who_asks(seeded: Sandbox, aino: Client) -> None:
    form = parsed(Client(seeded.hub), TOP)["text"]
    given = dict(re.findall(r'value="([^"]*)" name="([^"]*)"', form))
    given = {name: html.unescape(value) for value, name in given.items()}
    title = f"{given['prefix']}From the form"
    query = {"title": title, "action": "edit", "preload": given["preload"]}
    page = requests.get(
        f"{seeded.hub.url}/w/index.php", {**query, "editintro": given["editintro"]}, timeout=60
    ).text
    assert "Never write an e-mail address here." in page
    box = re.search(r'<textarea[^>]*id="wpTextbox1"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert box
    text = html.unescape(box[1])
    assert "<!-- hubbot:intake begin" in text
    aino.edit(title, text)
    assert "contact              = Aino\n" in (aino.text(title) or "")
    aino.post(action="edit", title=title, text="#REDIRECT [[Main Page]]")


def test_a_value_that_would_break_out_shows_as_it_was_written(
    seeded: Sandbox, hub_config: HubConfig, wikis: Wikis, aino: Client, store: Store
) -> None:
    top = "Requests that would break out"
    nasty = "|}}{{[[File:x]]~~~~"
    text = template(licence=f"<nowiki>{nasty}</nowiki>", partner=f"<nowiki>{nasty}</nowiki>")
    aino.edit(top, TABLE)
    aino.edit(f"{top}/Nasty", text + MARKS)
    runner(asking_at(hub_config, top), wikis, store).run()
    for title in (f"{top}/Nasty", f"Talk:{top}/Nasty", top):
        page = parsed(aino, title)
        shown = html.unescape(re.sub("<[^>]+>", "", page["text"]))
        assert nasty in shown, title
        assert "File:x" not in str(re.findall(r'href="([^"]*)"', page["text"])), title


def test_an_edit_of_somebody_between_reading_and_writing_is_kept(
    seeded: Sandbox, hub_config: HubConfig, wikis: Wikis, aino: Client, store: Store
) -> None:
    top = "Requests in a hurry"
    title = f"{top}/Maps"
    aino.edit(top, TABLE)
    aino.edit(title, template(licence="") + MARKS)
    parts = runner(asking_at(hub_config, top), wikis, store)
    bot = parts.bot
    bot.read(lambda what, done, total: None)
    later = aino.edit(title, template() + "Thanks!\n" + MARKS)
    [edit] = [each for each in bot.replan(Target("hub", title)) if isinstance(each, Edit)]
    assert edit.change.base_revid == later
    assert "Thanks!" in edit.change.text
    assert "state=triaged" in edit.change.text


def test_pages_that_keep_bots_out_get_no_edit_and_no_post(
    seeded: Sandbox, hub_config: HubConfig, wikis: Wikis, aino: Client, store: Store
) -> None:
    top = "Requests without bots"
    text = template() + "<noinclude>{{nobots}}</noinclude>\n" + MARKS
    aino.edit(top, TABLE)
    aino.edit(f"{top}/Maps", text)
    aino.edit(f"Talk:{top}/Maps", "<noinclude>{{bots|optout=all}}</noinclude>")
    run = runner(asking_at(hub_config, top), wikis, store).run()
    assert (run.state, run.counts) == ("finished", {"saved": 1})
    assert aino.text(f"{top}/Maps") == text.rstrip()
    assert "|Maps]]" in (aino.text(top) or "")


def test_on_a_swedish_wiki_it_speaks_swedish(
    sandbox_wikis: Sandbox, hub_config: HubConfig, wikis: Wikis, store: Store
) -> None:
    swedish: Wiki = sandbox_wikis.sv
    aino = Client(swedish, sandbox_wikis.accounts.aino)
    top = "Ansökningar"
    aino.edit(top, TABLE)
    aino.edit(f"{top}/Kartor", template(licence="CC BY-NC 4.0") + MARKS)
    config = asking_at(hub_config, top).model_copy(update={"hub": "sv"})
    run = runner(config, wikis, store).run()
    assert (run.state, run.counts) == ("finished", {"saved": 3})
    assert "Läge: behöver kompletteras" in (aino.text(f"{top}/Kartor") or "")
    assert "== Kontrollerad: behöver kompletteras ==" in (
        aino.text(f"Diskussion:{top}/Kartor") or ""
    )
    assert runner(config, wikis, store).run().counts == {}
