"""A hub wiki's pages in memory, on which accepted requests are brought up to date run by run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bots.core.plan import JSON, Edit, Finding, Judged, PageText, Planned
from bots.core.register.facts import PageRecord
from bots.core.seen import Seen
from bots.register.accepted.facts import KIND, Facts
from bots.register.accepted.matching import absent, intents, titles_of, was_made
from bots.register.accepted.plan import plan
from bots.register.accepted.read import requests_in
from bots.register.records import read_record
from tests.register.world import NOW, page, rules

TOP = "Partnerships/Partners"
ASKED = "Partnership requests"
SAID = {
    "partner": "City Library",
    "partner item": "Q42",
    "country": "Sweden",
    "contact": "[[User:Aino|Aino]]",
    "kind": "media",
    "source": "https://library.example/maps",
    "licence": "CC BY 4.0",
}
"""What a good request says."""


@dataclass
class Hub:
    """`pages`: title → text; `asked`: a request's name → its fields, as the intake left them."""

    pages: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Mapping[str, str]] = field(default_factory=dict)
    bases: dict[str, dict[str, JSON]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    kept_out: set[str] = field(default_factory=set)

    def ask(self, name: str, **changes: str) -> None:
        """An accepted request, on its page and remembered by the intake; an empty field is none."""
        said = {**SAID, **{key.replace("_", " "): value for key, value in changes.items()}}
        lines = [f"| {key} = {value}" for key, value in said.items() if value]
        self.pages[f"{ASKED}/{name}"] = "\n".join(["{{Partnership request", *lines, "}}", ""])
        self.asked[name] = {key: value for key, value in said.items() if value}

    def put(self, called: str, /, **values: str) -> None:
        """A partner's record, as people wrote it."""
        lines = [f"| {key.replace('_', ' ')} = {value}" for key, value in values.items()]
        self.pages[f"{TOP}/{called}"] = "\n".join(
            ["{{Partner", *lines, "}}", "Notes of people's.\n"]
        )

    def text(self, name: str) -> str:
        return self.pages[f"{TOP}/{name}"]

    def record(self, name: str) -> PageRecord:
        found = read_record(page(self.text(name), f"{TOP}/{name}"), rules()).record
        assert found is not None
        return found

    def says(self, name: str, parameter: str) -> list[str]:
        return list(self.record(name).values.get(parameter, ()))

    def change(self, name: str, before: str, after: str) -> None:
        """Somebody edits a record."""
        assert before in self.text(name)
        self.pages[f"{TOP}/{name}"] = self.text(name).replace(before, after)

    def facts(self) -> Facts:
        """What would be read now."""
        partners = [
            found
            for number, (title, text) in enumerate(sorted(self.pages.items()), 1)
            if (found := read_record(page(text, title, number), rules()).record)
            and found.kind == KIND
        ]
        slots: dict[str, JSON] = {f"asked:{ASKED}/{k}": dict(v) for k, v in self.asked.items()}
        for day, name in enumerate(self.asked, 1):
            slots[f"state:{ASKED}/{name}"] = ["triaged", "2026-11-20", f"2026-11-{day:02}"]
        facts = Facts(
            site="hub",
            rules=rules(),
            template=("Partnership request",),
            requests=requests_in(slots, rules()),
            partners=partners,
            bases=self.bases,
        )
        due = [each for each in intents(facts)[0] if each.due]
        pages = {title: self.seen(title) for title in titles_of(due)}
        gone = [
            each.title
            for each in absent(due, pages)
            if was_made(each, facts) or each.title in self.deleted
        ]
        return replace(facts, pages=pages, deleted=frozenset(gone))

    def seen(self, title: str) -> Seen:
        text = self.pages.get(title)
        kept_out = title in self.kept_out
        return Seen(title, text, None if text is None else 1, NOW, "Aino", kept_out=kept_out)

    def run(self) -> list[Planned]:
        """One run: what it planned, all of it done."""
        planned = list(plan(self.facts()))
        for each in planned:
            if isinstance(each, Edit | Judged):
                left = {**self.bases.get(each.target.title, {}), **each.leaves}
                self.bases[each.target.title] = {k: v for k, v in left.items() if v is not None}
            if isinstance(each, Edit):
                assert isinstance(each.change, PageText)
                assert each.change.before == self.pages.get(each.target.title)
                self.pages[each.target.title] = each.change.text
        # The intake looks at what we wrote there.
        for name, said in self.asked.items():
            call = self.pages.get(f"{ASKED}/{name}", "")
            link = call.partition("| record = ")[2].partition("\n")[0]
            self.asked[name] = {k: v for k, v in {**said, "record": link}.items() if v}
        return planned


def edits(planned: list[Planned]) -> list[str]:
    return [each.target.title for each in planned if isinstance(each, Edit)]


def keys(planned: list[Planned]) -> list[str]:
    return [each.message.key for each in planned if isinstance(each, Finding)]
