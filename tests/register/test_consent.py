"""Who is listed among the people said so themselves, by an edit of their own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bots.core.config import HubConfig
from sandbox.client import Client
from sandbox.mediawiki import Sandbox
from tests.register.scene import Scene, scene
from tests.register.world import CONFIG

_NUMBERS = itertools.count(1)
NOT_THEIRS = "register-not-their-word"


@dataclass
class People:
    """A register of people; Aino has a page there, on which Bashir writes too."""

    scene: Scene

    @property
    def page(self) -> str:
        return f"{self.scene.top}/People/Aino"

    def write(self, who: str, listed: str, user: str = "User:aino", topics: str = "") -> None:
        login = getattr(self.scene.wikis.accounts, who)
        given = f"| user = {user}\n| listed = {listed}\n| topics = {topics}\n"
        Client(self.scene.wikis.hub, login).edit(
            self.page, f"{{{{Partnership person\n{given}}}}}\n"
        )

    def listed(self) -> tuple[bool, int]:
        """Whether Aino is listed after a run, and how often it is told that it isn't her word."""
        assert self.scene.run().state == "finished"
        (record,) = self.scene.store.page_records("person")
        return record.first("listed") == "yes", len(self.scene.told(NOT_THEIRS))


@pytest.fixture
def people(sandbox_wikis: Sandbox, hub_config: HubConfig, tmp_path: Path) -> Iterator[People]:
    with scene(sandbox_wikis, hub_config, tmp_path, f"Register of people {next(_NUMBERS)}") as made:
        text = (CONFIG / "records" / "person.yaml").read_text(encoding="utf-8")
        kind = made.config.folder / "records" / "person.yaml"
        kind.write_text(text[: text.index("\npages:")], encoding="utf-8")
        yield People(made)


def test_who_says_it_themselves_is_listed_also_when_others_edit_the_page(people: People) -> None:
    people.write("aino", "yes")
    assert people.listed() == (True, 0)
    people.write("bashir", "yes", topics="archives")
    assert people.listed() == (True, 0)


def test_who_is_entered_by_somebody_else_is_not_until_they_say_it(people: People) -> None:
    people.write("bashir", "yes")
    assert people.listed() == (False, 1)
    assert people.listed() == (False, 1)
    people.write("aino", "yes", topics="archives")
    assert people.listed() == (False, 1)
    people.write("aino", "")
    assert people.listed() == (False, 0)
    people.write("aino", "yes")
    assert people.listed() == (True, 0)


def test_what_somebody_said_is_not_another_s_word(people: People) -> None:
    people.write("bashir", "yes", user="Bashir")
    assert people.listed() == (True, 0)
    people.write("bashir", "yes", user="Aino")
    assert people.listed() == (False, 1)
    people.write("aino", "no")
    people.write("bashir", "yes")
    assert people.listed() == (False, 1)
