"""A new kind of record from a YAML alone: templates, form, records, findings, pages. No program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bots.core.config import Approval, HubConfig, RegisterConfig
from bots.core.register.kinds import load_kinds
from bots.core.run import Runner
from bots.core.store import Store, opened
from bots.register.bot import Register
from bots.register.pages import rendered
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.client import Client
from tests.register.world import messages

DOCS = Path(__file__).parents[2] / "docs" / "records.md"


@pytest.fixture
def lighthouse() -> str:
    """The YAML that docs/records.md shows."""
    found = re.search(r"^```yaml\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.M | re.S)
    assert found
    return found[1]


@pytest.fixture
def config(
    hub_config: HubConfig, tmp_path: Path, lighthouse: str, fresh_title: Callable[[], str]
) -> HubConfig:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "lighthouse.yaml").write_text(lighthouse, encoding="utf-8")
    approval = Approval(opt_in="Project:Opt-in", bot_approval="Project:Approval")
    hub = hub_config.sites["hub"].model_copy(update={"approvals": {"register": approval}})
    sites = {"hub": hub}
    top = f"Coast {fresh_title()}"
    register = RegisterConfig(top=top, list_template=f"{top} list")
    changed = {"folder": tmp_path, "sites": sites, "the_register": register}
    return hub_config.model_copy(update=changed)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(f"sqlite:///{tmp_path}/store.sqlite") as store:
        yield store


def test_a_new_kind_of_record_needs_nothing_but_its_file(
    config: HubConfig, store: Store, wikis: Wikis, coordinator: Client, aino: Client
) -> None:
    top = config.the_register.top
    kinds = load_kinds(config.folder / "records")
    for path, text in rendered(kinds, messages(), config.the_register).items():
        namespace, *names = path.with_suffix("").parts
        title = "/".join(names)
        coordinator.edit(title if namespace == "Main" else f"{namespace}:{title}", text)
    form = aino.text("Template:Lighthouse/preload")
    assert form is not None
    filled = form.replace("country =", "country = Sverige").replace("height  =", "height  = 1,200")
    north = filled.replace("name    =", "name    = North Light")
    aino.edit(f"{top}/Lighthouses/North", north.replace("keepers =", "keepers = [[User:Aino]]"))
    south = filled.replace("Sverige", "Swedn").replace("name    =", "name    = South Light")
    aino.edit(f"{top}/Lighthouses/South", south.replace("near    =", "near    = North"))

    run = runner(config, wikis, store).run()

    assert run.state == "finished", run.note
    found = {each.title: each for each in store.page_records("lighthouse")}
    assert found[f"{top}/Lighthouses/North"].values == {
        "name": ("North Light",), "country": ("SE",), "height": ("1200",), "keepers": ("Aino",),
    }  # fmt: skip
    assert found[f"{top}/Lighthouses/South"].values["near"] == (f"{top}/Lighthouses/North",)
    (told,) = store.findings("register")
    assert (told.finding.where, told.finding.message.key) == ("country", "register-country-near")
    page = aino.text(f"{top}/Lighthouses by country")
    assert page is not None
    assert "=== Sweden ===" in page
    assert f"[[{top}/Lighthouses/North|North Light]]" in page
    shown = aino.ask(action="parse", page=f"{top}/Lighthouses/North", prop="text")["parse"]["text"]
    assert "<caption>lighthouse" in shown
    assert "Height (m)" in shown

    again = runner(config, wikis, store).run()
    assert again.counts == {}


def test_a_record_is_followed_when_it_moves_and_missed_when_it_is_gone(
    config: HubConfig, store: Store, wikis: Wikis, coordinator: Client, aino: Client
) -> None:
    folder = f"{config.the_register.top}/Lighthouses"
    for name, near in (("North", "South"), ("South", "North")):
        aino.edit(f"{folder}/{name}", f"{{{{Lighthouse|name={name}|near={near}}}}}")
    assert runner(config, wikis, store).run().state == "finished"
    aino.post(action="move", **{"from": f"{folder}/North", "to": f"{folder}/Cape"})
    coordinator.post(action="delete", title=f"{folder}/South")

    assert runner(config, wikis, store).run().state == "finished"

    (cape,) = store.page_records()
    assert (cape.title, cape.first("near")) == (f"{folder}/Cape", f"{folder}/South")
    assert [each[0].title for each in store.page_record_history(cape.page)] == [
        f"{folder}/North",
        f"{folder}/Cape",
    ]
    assert told_of(store) == [(f"{folder}/Cape", "register-no-record")]
    then = store.page_records(as_of=store.runs("register")[0].started)
    assert [each.first("near") for each in then if each.page != cape.page] == [f"{folder}/North"]
    aino.edit(f"{folder}/South", "{{Lighthouse|name=South|near=North}}")
    assert runner(config, wikis, store).run().state == "finished"
    assert told_of(store) == []
    back = next(each for each in store.page_records() if each.page != cape.page)
    assert back.first("near") == f"{folder}/Cape"


def told_of(store: Store) -> list[tuple[str, str]]:
    """What is told of the field `near`: the page, and the message's key."""
    found = (each.finding for each in store.findings("register"))
    return [(each.target.title, each.message.key) for each in found if each.where == "near"]


def runner(config: HubConfig, wikis: Wikis, store: Store) -> Runner:
    desk = Desk(wikis)
    bot = Register(config, desk, store, messages())
    return Runner(bot, desk, store, config, messages())
