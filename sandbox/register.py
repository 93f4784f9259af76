"""The demo's register: records, lists on three wikis, and what people do with them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bots.core.store import Run, StoredFinding
from bots.house import House, run_bot
from sandbox import seed
from sandbox.accounts import Login
from sandbox.client import Client
from sandbox.mediawiki import Sandbox, Wiki

NAME = "register"
KINDS = Path(__file__).parents[1] / "config" / "records"
RECORDS = Path(__file__).parent / "seed" / "records.yaml"

DIRECTORY = "Partnerships/Partners by country"
INTERESTED = "Partnerships/Organisations interested"
ARTICLE = "Museer och arkiv"
"""An article of the Swedish wiki."""

_ARTICLE = """'''Museer och arkiv''' samlar, bevarar och visar.

== Några som delar med sig ==
{{Partner list|of=partner|where=country=SE|columns=name, website, topics|sort=name}}
{{Partner list end}}

== Se även ==
* [[Bibliotek]]
"""


@dataclass(frozen=True)
class Act:
    """What somebody changes on a page: `old` becomes `new`; `by` is a field of `Accounts`."""

    site: str
    title: str
    old: str
    new: str
    by: str = "aino"


ACTS = (
    Act("hub", DIRECTORY, "| Northern Europe\n", "| Northern Europe, and the Baltic Sea\n"),
    Act(
        "hub",
        INTERESTED,
        "|}",
        "|-\n| Stadsarkivet || The demo's northern helpers || [[User:Bashir]] || Sweden ||\n|}",
        "bashir",
    ),
    Act("sv", ARTICLE, "art, portraits", "konst och porträtt"),
)
"""A cell made better, a row added by hand, a cell put in the article's own language."""

CHANGES = (
    Act("hub", "Partnerships/Partners/Nationalmuseum", "= art, portraits", "= art, design"),
    Act("hub", "Partnerships/Partners/Europeana", "= collaboration", "= paused"),
)
"""And what changes in the register meanwhile."""


def copy_kinds(folder: Path) -> None:
    """The kinds of records as they ship, over those that are there."""
    shutil.copytree(KINDS, folder, dirs_exist_ok=True)


def seed_all(wikis: Sandbox, top: str) -> list[str]:
    """The records, and on each wiki the lists' templates; the titles of what was written."""
    records = [
        seed.Page(f"{top}/{each['title']}", each["text"], each["user"])
        for each in yaml.safe_load(RECORDS.read_text(encoding="utf-8"))
    ]
    written = seed.put(wikis, wikis.hub, records)
    lists = [page for page in seed.hub_pages() if page.title.startswith("Template:Partner list")]
    for wiki in (wikis.media, wikis.sv):
        written += seed.put(wikis, wiki, lists)
    return [*written, *seed.put(wikis, wikis.sv, [seed.Page(ARTICLE, _ARTICLE, "aino")])]


def run_all(house: House, wikis: Sandbox) -> list[Run]:
    """The bot's runs; the first time with what people do and change between two of them."""
    is_new = Client(wikis.hub).text(DIRECTORY) is None
    ended = [run_bot(house, NAME, lambda runner: runner.run())]
    if is_new:
        for act in (*ACTS, *CHANGES):
            _do(wikis, act)
        ended.append(run_bot(house, NAME, lambda runner: runner.run()))
    return ended


def kept(house: House) -> Iterator[StoredFinding]:
    """What people changed in lists, and was kept."""
    with house.store() as store:
        for each in store.findings(NAME):
            if each.finding.message.key.startswith(("register-cell", "register-row")):
                yield each


def _do(wikis: Sandbox, act: Act) -> None:
    wiki: Wiki = getattr(wikis, act.site)
    login: Login = getattr(wikis.accounts, act.by)
    person = Client(wiki, login)
    text = person.text(act.title) or ""
    if act.old not in text:
        raise ValueError(f"{act.title} has no {act.old!r}")
    person.edit(act.title, text.replace(act.old, act.new, 1))
