"""A register of a test's own on the sandbox wikis: kinds, records, people, and runs of the bot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bots.core.config import Approval, HubConfig, RegisterConfig
from bots.core.plan import Planned, Target
from bots.core.run import Runner
from bots.core.store import Run, Store, StoredFinding, opened
from bots.register.bot import Register
from bots.register.plan import Facts
from bots.wiki.desk import Desk
from bots.wiki.sites import Wikis
from sandbox.client import Client
from sandbox.mediawiki import Sandbox
from tests.register.world import messages

PARTNER = """
template: {top} partner
below: Partners
label: {{en: partner, sv: partner}}
plural: {{en: partners, sv: partner}}
about: {{en: An organisation, sv: En organisation}}
fields:
  name:
    label: {{en: Name, sv: Namn}}
    about: {{en: What it is called, sv: Vad den heter}}
    needed: true
  country:
    type: country
    label: {{en: Country, sv: Land}}
    about: {{en: Where it is, sv: Var den finns}}
  stage:
    type: choice
    label: {{en: Stage, sv: Läge}}
    about: {{en: How far it is, sv: Hur långt det kommit}}
    choices: {{talking: {{en: talking, sv: samtalar}}, working: {{en: working, sv: arbetar}}}}
  website:
    type: url
    label: {{en: Website, sv: Webbplats}}
    about: {{en: Its site, sv: Dess webbplats}}
pages:
  by-country:
    title: {{en: By country, sv: Efter land}}
    about: {{en: All of them., sv: Alla.}}
    group: country
    columns: [name, stage, website]
"""


class Slow(Register):
    """The bot, on a day when people are quicker."""

    meanwhile: Callable[[], object] | None = None

    def plan(self, facts: Facts) -> Iterator[Planned]:
        yield from list(super().plan(facts))
        if self.meanwhile:
            self.meanwhile()


@dataclass
class Scene:
    """`top`: the register's own page; its templates are named after it.

    `way`: the bot's to the wikis, which knows what they said of themselves; None: to be asked anew.
    """

    wikis: Sandbox
    config: HubConfig
    store: Store
    top: str
    people: dict[str, Client] = field(default_factory=dict)
    way: Desk | None = None

    @property
    def start(self) -> str:
        """The template that begins a list."""
        return self.config.the_register.list_template

    def person(self, site: str = "hub") -> Client:
        """Somebody who edits there."""
        if site not in self.people:
            wiki = getattr(self.wikis, site)
            self.people[site] = Client(wiki, self.wikis.accounts.aino)
        return self.people[site]

    def delete(self, title: str) -> None:
        """An administrator deletes a page of the hub wiki."""
        admin = Client(self.wikis.hub, self.wikis.accounts.coordinator)
        admin.post(action="delete", title=title)

    def record(self, name: str, **values: str) -> str:
        """Somebody writes a record; its page's title."""
        title = f"{self.top}/Partners/{name}"
        given = "".join(f"\n| {each} = {said}" for each, said in {"name": name, **values}.items())
        self.person().edit(title, f"{{{{{self.top} partner{given}\n}}}}")
        return title

    def list_of(self, options: str, body: str = "\n") -> str:
        """A list as people put it on a page."""
        return f"{{{{{self.start}|{options}}}}}{body}{{{{{self.start} end}}}}"

    def run(self, meanwhile: Callable[[], object] | None = None) -> Run:
        """A run of the bot; it is logged in from the first one on.

        `meanwhile` is what somebody does when all is read and nothing written.
        """
        return self._runner(meanwhile).run()

    def rebuild(self) -> Run:
        """The store is filled again from the wikis."""
        return self._runner(None).rebuild()

    def _runner(self, meanwhile: Callable[[], object] | None) -> Runner:
        desk = self.way = self.way or Desk(Wikis(self.config))
        bot = Slow(self.config, desk, self.store, messages())
        bot.meanwhile = meanwhile
        return Runner(bot, desk, self.store, self.config, messages())

    def text(self, title: str, site: str = "hub") -> str:
        """A page's text, "" where there is none."""
        return self.person(site).text(title) or ""

    def change(self, title: str, changes: Mapping[str, str], site: str = "hub") -> None:
        """Somebody replaces texts that stand on a page."""
        text = self.text(title, site)
        for old, new in changes.items():
            assert text.count(old) == 1, f"{old!r} in {text}"
            text = text.replace(old, new)
        self.person(site).edit(title, text)

    def told(self, key: str = "") -> list[StoredFinding]:
        """What is told now, of one sort or all."""
        found = self.store.findings("register")
        return [each for each in found if key in ("", each.finding.message.key)]

    def told_of(self, title: str, site: str = "hub") -> list[str]:
        """The messages' keys of what is told of a page."""
        target = Target(site, title)
        return [each.finding.message.key for each in self.told() if each.finding.target == target]


@contextmanager
def scene(wikis: Sandbox, config: HubConfig, folder: Path, top: str) -> Iterator[Scene]:
    """A register below `top`, and nothing in it yet."""
    (folder / "records").mkdir()
    (folder / "records" / "partner.yaml").write_text(PARTNER.format(top=top), encoding="utf-8")
    agreed = Approval(opt_in="Project:Opt-in", bot_approval="Project:Approval")
    sites = {
        key: site.model_copy(update={"approvals": {"register": agreed}})
        for key, site in config.sites.items()
    }
    register = RegisterConfig(top=top, list_template=f"{top} list")
    own = config.model_copy(update={"sites": sites, "folder": folder, "the_register": register})
    with opened(f"sqlite:///{folder}/store.sqlite") as store:
        yield Scene(wikis, own, store, top)


def cells(text: str, key: str) -> list[str]:
    """What stands in a row, by its key."""
    found = re.search(rf'\|- data-row="{key}"\n((?:\|(?!-|\}}).*\n)*)', text)
    return [] if found is None else [line[1:].strip() for line in found[1].splitlines()]
