"""The demo: the wikis with something on them, one run of every bot, and the dashboard."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from werkzeug.serving import make_server

from bots.core.config import RegisterConfig
from bots.core.store import Run
from bots.house import BOTS, House, open_house, run_bot
from sandbox import domains, mediawiki, register, seed
from sandbox.client import Client
from sandbox.errors import SandboxError
from sandbox.mediawiki import Ports, Sandbox
from sandbox.processes import port_taken
from sandbox.template import HOME
from sandbox.wikibase.server import Wikibase

CONFIG = HOME / "hub.yaml"
"""The demo's configuration: `hubbot --config .sandbox/hub.yaml …` works with it."""

DASHBOARD_PORT = 8620


def write_config(
    wikis: Sandbox,
    path: Path,
    dashboard: str | None = None,
    wikidata: str = "",
    **more: object,
) -> Path:
    """A hub.yaml for these wikis, beside their store; `more` goes over what is in it.

    `wikidata`: the API of a Wikibase on which the demo's datasets are kept in step; "" for none.
    """
    agreed = f"{wikis.hub.url}/wiki/User:HubBot/task/"

    def approved(bots: Iterable[str]) -> dict[str, dict[str, str]]:
        return {bot: {"opt_in": agreed + bot, "bot_approval": agreed + bot} for bot in bots}

    datasets = domains.NAMES if wikidata else ()
    sites = {wiki.name: _site(wiki.api, approved((*BOTS, *datasets))) for wiki in wikis.wikis}
    if wikidata:
        sites["wikidata"] = _site(wikidata, approved(datasets))
    path.parent.mkdir(parents=True, exist_ok=True)
    settings = {
        "account": "HubBot",
        "operator": "Coordinator",
        "contact": f"{wikis.hub.url}/wiki/User:HubBot",
        "hub": "hub",
        "sites": sites,
        "store": f"sqlite:///{(path.parent / 'hubbot.sqlite').resolve()}",
        "credentials": str((wikis.directory / "accounts.json").resolve()),
        "dashboard_url": dashboard,
        "limits": {"edits_per_minute": 0},
        **more,
    }
    path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    return path


def _site(api: str, approvals: Mapping[str, object]) -> dict[str, object]:
    return {"api": api, "approvals": approvals}


@dataclass(frozen=True)
class Demo:
    """The demo while it is up; `ended`: the runs that were made."""

    house: House
    wikis: Sandbox
    wikidata: Wikibase
    ended: list[Run]


@contextmanager
def started(
    ports: Ports, wikidata_port: int, dashboard_port: int, say: Callable[[str], None]
) -> Iterator[Demo]:
    """Bring everything up, seed it, and run every bot once. Raises SandboxError."""
    wikis = mediawiki.up(ports=ports, progress=say)
    say("Writing the pages that people would have written")
    written = seed.seed(wikis)
    if any(page.title in written for page in seed.requests()):
        forget()
    register.seed_all(wikis, RegisterConfig().top)
    with domains.wikidata(wikidata_port, wikis.accounts) as wikidata:
        address = f"http://127.0.0.1:{dashboard_port}/"
        domains.copy_mappings(CONFIG.parent / "datasets")
        register.copy_kinds(CONFIG.parent / "records")
        house = open_house(write_config(wikis, CONFIG, address, wikidata.api))
        say("Running intake")
        ended = [run_bot(house, "intake", lambda runner: runner.run())]
        say(f"Running {', '.join(domains.NAMES)}")
        ended += domains.run_all_of(house, wikidata, CONFIG.parent / "datasets", wikis.accounts)
        say(f"Running {register.NAME}")
        ended += register.run_all(house, wikis)
        _render_again(wikis)
        yield Demo(house, wikis, wikidata, ended)


def _render_again(wikis: Sandbox) -> None:
    """Links to pages that came within the same second as the page would stay red."""
    account = wikis.accounts.coordinator
    below = {"generator": "allpages", "gapnamespace": 2, "gapprefix": "HubBot", "gaplimit": 50}
    Client(wikis.hub, account).post(action="purge", **below)


def forget() -> None:
    """Remove the store: what it knows is of wikis that are no longer."""
    for path in CONFIG.parent.glob("hubbot.sqlite*"):
        path.unlink()
    domains.forget()


@contextmanager
def dashboard(house: House, port: int) -> Iterator[str]:
    """The dashboard, served from a thread; its address. Raises SandboxError: the port is taken."""
    from webservice.app import create_app

    if port_taken(port):
        raise SandboxError(
            f"Port {port} for the dashboard is taken: end what listens there, or choose another "
            "one with `--dashboard-port`."
        )
    server = make_server("127.0.0.1", port, create_app(house.config), threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="dashboard")
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()


def summary(demo: Demo, address: str) -> Iterator[str]:
    """What happened and what to look at first, a line each."""
    wikis, house = demo.wikis, demo.house
    for run in demo.ended:
        counts = ", ".join(f"{number} {name}" for name, number in sorted(run.counts.items()))
        yield f"{run.bot}: {run.state}, {counts or 'no edits'}: {address}/runs/{run.key}"
    yield "Kept for people, and to be told to the partners:"
    for name, stored in domains.kept(house):
        finding = stored.finding
        yield f"  {name}: {house.printer.say(finding.message)}"
    yield "Kept for people on pages:"
    for stored in register.kept(house):
        finding = stored.finding
        yield f"  {finding.target}: {house.printer.say(finding.message)}"
    requests_page = house.config.intake.requests_page.replace(" ", "_")
    yield f"Requests and the bot's answers: {wikis.hub.url}/wiki/{requests_page}"
    for site, wiki, title in (
        ("hub", wikis.hub, register.DIRECTORY),
        ("sv", wikis.sv, register.ARTICLE),
    ):
        yield f"A list on the {site} wiki:".ljust(32) + f"{wiki.url}/wiki/{title.replace(' ', '_')}"
    yield f"Its tasks, mappings, work lists: {wikis.hub.url}/wiki/Special:PrefixIndex/User:HubBot/"
    yield f"What the bot edited:            {wikis.hub.url}/wiki/Special:Contributions/HubBot"
    yield f"Stop it by any text on:         {wikis.hub.url}/wiki/User:HubBot/stop/intake"
    yield f"The dashboard:                  {address}/"
    yield f"The Wikidata of the datasets:   {demo.wikidata.url}"
    for wiki in (wikis.media, wikis.sv):
        yield f"The {wiki.name} wiki:".ljust(32) + wiki.url
    yield f"Passwords of the wikis' users:  {wikis.directory / 'accounts.json'}"
