"""The pages on which the bot shows differences: what it tells there, and people who decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from bench.life.facts import Event, Permission, Told
from bench.life.scene import PARTNER, Scene
from sandbox.client import RefusedError

_ROW = re.compile(r"\{\{HubBot difference\s*\|(.*?)\}\}", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DECISION = re.compile(r"(\|\s*decision\s*=)[^|}]*")
_WORDS = ("keep-wiki", "take-partner", "both")


@dataclass(frozen=True)
class Row:
    """A row: the text of its template, and the template's parameters."""

    text: str
    parameters: dict[str, str]

    @property
    def slot(self) -> str:
        """A property, or a term such as label/en, as the judge has it."""
        return self.parameters["slot"].partition(" ")[0]


def pages(scene: Scene, dataset: str) -> Iterator[tuple[str, str]]:
    """Titles and texts of a dataset's pages."""
    first = f"User:{scene.bot}/datasets/{dataset}"
    for title in (first, *(f"{first}/{number}" for number in range(2, 21))):
        text = scene.admin.text(title)
        if text is None:
            return
        yield title, text


def rows(text: str) -> Iterator[Row]:
    """The rows of a page."""
    for found in _ROW.finditer(text):
        said = _COMMENT.sub("", found[1])
        named = (part.partition("=") for part in said.split("|"))
        parameters = {name.strip(): unquote(value.strip()) for name, _, value in named}
        if parameters.get("item") and parameters.get("slot"):
            yield Row(found[0], parameters)


def told(scene: Scene, dataset: str) -> list[Event]:
    """What the pages tell now."""
    now = scene.clock.tick()
    return [
        Told(row.parameters["item"], row.slot, row.parameters.get("kind", ""), now)
        for _, text in pages(scene, dataset)
        for row in rows(text)
    ]


def decide(scene: Scene, dataset: str) -> list[Event]:
    """Some people decide some rows; what that allows the bot: the administrator alone can."""
    allowed: list[Event] = []
    for title, text in pages(scene, dataset):
        open_rows = [row for row in rows(text) if not row.parameters.get("decision")]
        for who in (scene.admin, scene.person(), scene.people[PARTNER]):
            if not open_rows or scene.rng.random() < 0.5:
                continue
            row = scene.rng.choice(open_rows)
            open_rows.remove(row)
            word = scene.rng.choice(_WORDS)
            now = scene.admin.text(title) or ""
            new = now.replace(row.text, _DECISION.sub(rf"\g<1>{word}\n", row.text, count=1))
            try:
                who.edit(title, new, "decided")
            except RefusedError:
                continue
            if who is scene.admin and word != "keep-wiki":
                when = scene.clock.tick()
                item = row.parameters["item"]
                allowed.append(Permission(item, row.slot, when, dataset))
    return allowed
