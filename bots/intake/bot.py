"""The intake bot's three doors: read, plan, and plan one page again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from bots.core.config import HubConfig, load_yaml
from bots.core.licences import LicenceBook
from bots.core.messages import Messages
from bots.core.outcome import utcnow
from bots.core.plan import Planned, Target
from bots.core.world import names
from bots.intake import plan as planning
from bots.intake.checks import Known
from bots.intake.plan import Facts, Rules
from bots.intake.read import Bases, Progress, read_facts
from bots.intake.review import Names
from bots.intake.words import Words
from bots.wiki.pages import read_page
from bots.wiki.seeing import seen
from bots.wiki.sites import TEMPLATES, Wiki, Wikis

LICENCES = Path(__file__).parents[2] / "config" / "licences.yaml"
"""Which licence is welcome where."""


class Intake:
    """Checks partnership requests on the hub wiki, and keeps the table of them.

    Raises `ConfigError` for a licences.yaml that can't be used.
    """

    name = "intake"

    def __init__(
        self,
        config: HubConfig,
        wikis: Wikis,
        bases: Bases,
        messages: Messages,
        now: Callable[[], datetime] = utcnow,
        licences: Path = LICENCES,
    ) -> None:
        self._config = config
        self._wikis = wikis
        self._bases = bases
        self._messages = messages
        self._now = now
        self._book = load_yaml(licences, LicenceBook)
        self._facts: Facts | None = None

    def read(self, progress: Progress) -> Facts:
        """All requests, with their talk pages where a report is due. Raises `NotReachedError`."""
        self._facts = read_facts(
            self._wiki, self._config, self._bases, self.name, self._rules, self._now(), progress
        )
        return self._facts

    def plan(self, facts: Facts) -> Iterator[Planned]:
        """Edits and findings, page by page, the table of requests last."""
        return planning.plan(facts, self._rules)

    def replan(self, target: Target) -> Iterator[Planned]:
        """What is to be done to one page, read again; everything else is as it was read last.

        Raises `NotReachedError`.
        """
        facts = self._facts or self.read(lambda _what, _done, _total: None)
        facts = replace(facts, bases=dict(self._bases.bases(self.name, target.site)))
        read = read_page(self._wiki, target.title)
        page = seen(read, facts.account)
        if target.title == facts.requests_page.title:
            facts = replace(facts, requests_page=page)
        elif any(each.title == page.title for each in facts.pages):
            others = [each for each in facts.pages if each.title != page.title]
            facts = replace(facts, pages=[*others, page])
        talk_page = seen(read, facts.account, post=True)
        talks = {
            title: talk_page if talk.title == page.title else talk
            for title, talk in facts.talks.items()
        }
        self._facts = replace(facts, talks=talks)
        for planned in self.plan(self._facts):
            if planned.target == target:
                yield planned

    @cached_property
    def _wiki(self) -> Wiki:
        return self._wikis[self._config.hub]

    @cached_property
    def _rules(self) -> Rules:
        intake, wiki = self._config.intake, self._wiki
        prefixes = wiki.info.names_of(TEMPLATES)
        spoken = self._messages.languages
        return Rules(
            names=Names((intake.template, *intake.template_aliases), prefixes),
            known=Known(self._book, names("territories", spoken), names("languages", spoken)),
            words=Words(self._messages, wiki.language, intake.template),
        )
