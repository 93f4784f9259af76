"""A bot that does to items what a test tells it, and the way to run it and to undo its runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bots.core.entitychange import change_of, new_item
from bots.core.merge.facts import Rank
from bots.core.messages import Message, Messages
from bots.core.plan import JSON, NEW_ITEM, Edit, Planned, Target
from bots.core.ports import Progress
from bots.core.run import Runner
from bots.core.store import Run, Store, StoredFinding
from bots.core.wikibase.change import (
    AliasChange,
    EntityPatch,
    StatementEdit,
    TermChange,
)
from bots.core.wikibase.equality import canonical_reference, canonical_statement
from bots.core.wikibase.model import Entity, Item, Reference, Snak, Text
from bots.house import I18N
from bots.undoing.bot import Undoing
from bots.wiki.desk import Desk
from tests.wikibase.entities_scene import STRING, URL, Person, read_item, string

SITE = "repo"
OURS = Reference((Snak(URL, Text("https://example.org/ours")),))

Do = Callable[[Item], EntityPatch]
"""What is to be done to an item as it was read."""


@dataclass
class DoingBot:
    """Does to each item what `what` says, and leaves `leaves` as bases."""

    desk: Desk
    store: Store
    what: Mapping[str, Do]
    leaves: Mapping[str, JSON] = field(default_factory=dict)
    new: tuple[str, ...] = ()
    name: str = "test"

    def read(self, progress: Progress) -> list[str]:
        return list(self.what)

    def plan(self, facts: list[str]) -> Iterator[Planned]:
        for record in self.new:
            yield Edit(
                target=Target(SITE, NEW_ITEM + record),
                change=new_item(EntityPatch(add=(string(record),))),
                summary=Message("plan-summary"),
            )
        for entity_id in facts:
            yield from self.replan(Target(SITE, entity_id))

    def replan(self, target: Target) -> Iterator[Planned]:
        item = read_item(self.desk, target.title)
        yield Edit(
            target=target,
            change=change_of(item, self.what[item.id](item)),
            summary=Message("plan-summary"),
            leaves=self.leaves,
        )


@dataclass
class Shop:
    """A desk and a store, with which runs are started."""

    desk: Desk
    store: Store

    @property
    def api(self) -> str:
        """Where the wiki is asked."""
        return self.desk.wikis.config.sites[SITE].api or ""

    def do(self, what: Mapping[str, Do], limit: int | None = None, **more: Any) -> Run:
        """One run that does these things."""
        runner = self._runner(DoingBot(self.desk, self.store, what, **more))
        return runner.trial(limit) if limit else runner.run()

    def undo(self, run: Run, bot: object = None) -> tuple[Run, list[tuple[str, str, str]]]:
        """Undo a run; what was left: page, where, the message's key."""
        undoing = Undoing(run, self.desk, self.store, bot)
        ended = self._runner(undoing).undo(run.key)
        return ended, [told(each) for each in self.store.findings(run=ended)]

    def item(self, entity_id: str) -> Item:
        """The item as it is now."""
        return read_item(self.desk, entity_id)

    def _runner(self, bot: Any) -> Runner:
        return Runner(bot, self.desk, self.store, self.desk.wikis.config, Messages(I18N))


def contributions(api: str) -> list[dict[str, Any]]:
    """Our edits, oldest first, as the API tells them."""
    asked = {"ucuser": "HubBot", "ucprop": "title|comment", "uclimit": "500"}
    found = Person(api).ask(action="query", list="usercontribs", **asked)["query"]["usercontribs"]
    return [each for each in reversed(found) if "User:HubBot/task/test|" in each["comment"]]


def told(stored: StoredFinding) -> tuple[str, str, str]:
    finding = stored.finding
    return finding.target.title, finding.where, finding.message.key


def everything(item: Item) -> EntityPatch:
    """All kinds of change in one: of four statements and the terms that `seed` makes."""
    value, rank, cited, gone = item.statements[STRING][:4]
    return EntityPatch(
        base_revid=item.revision,
        terms=(
            TermChange(terms="labels", language="en", text="Ours", before="Before"),
            TermChange(terms="descriptions", language="en", text=f"ours of {item.id}"),
        ),
        aliases=(AliasChange(language="en", add=("ours",), remove=("before",)),),
        add=(replace(string("added"), references=(OURS,)),),
        edit=(
            StatementEdit(
                read=value, mainsnak=Snak(STRING, Text("set by us")), add_references=(OURS,)
            ),
            StatementEdit(read=rank, rank=Rank.PREFERRED),
            StatementEdit(read=cited, add_references=(OURS,)),
        ),
        remove=(gone,),
    )


def says(item: Entity) -> Any:
    """All that an entity says, whatever the order and the ids."""
    return (
        dict(item.labels),
        dict(item.descriptions),
        {language: sorted(texts) for language, texts in item.aliases.items()},
        sorted(
            (
                canonical_statement(each),
                each.rank.value,
                sorted(map(canonical_reference, each.references)),
            )
            for each in item.all_statements()
        ),
    )
