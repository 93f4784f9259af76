"""The tests' names for what is on a wiki, and what the same things are called there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

T = TypeVar("T")

_FAR, _NOWHERE = 1_000_000_000, 2_000_000_000
"""What the tests have no number for is called as on the wiki and so much more; a number that they
have not made anything under is called so much more on the wiki, where it is nobody's."""
_ENTITY = re.compile(r"(?<!/entity/)\b([PQ])([1-9][0-9]*)\b")
_KEY = re.compile(r"\b([Xx]{1,2})-(?=[0-9])")
_DATASET = re.compile(r"(?:(?<=[^/]/)|(?<=dataset=))museums\b(?!\.)")


@dataclass(frozen=True)
class Names:
    """`entities` and `people`: the tests' name → the wiki's; both may grow. `tag`, of digits, goes
    into records' keys (X-1) and into the dataset's id, so that every test has its own.

    Both ways lead back to where one came from, so that a page that is read, changed and saved has
    changed in nothing else.
    """

    tag: str
    entities: dict[str, str]
    people: Mapping[str, str]

    def there(self, text: str) -> str:
        """A text of the tests, as the wiki is told it."""
        if text in self.people:
            return self.people[text]
        text = _ENTITY.sub(self._entity_there, text)
        text = _KEY.sub(rf"\g<1>{self.tag}-", text)
        text = _DATASET.sub(f"museums{self.tag}", text)
        return self._page.sub(lambda found: self.people[found[0]], text)

    def here(self, said: T) -> T:
        """What the wiki or HubBot says, in the tests' names: texts and whatever holds them."""
        return _within(said, self._text_here)

    def answer(self, answer: Any) -> Any:
        """The JSON that a wiki answers with, in the tests' names, the keys of its objects too."""
        return json.loads(self._text_here(json.dumps(answer)))

    def _text_here(self, text: str) -> str:
        known = {there: here for here, there in self.entities.items()}

        def entity(found: re.Match[str]) -> str:
            kind, number = found[1], int(found[2])
            away = -_NOWHERE if number >= _NOWHERE else _FAR
            return known.get(found[0]) or f"{kind}{number + away}"

        text = _ENTITY.sub(entity, text)
        text = re.sub(rf"\b([Xx]{{1,2}}){self.tag}-(?=[0-9])", r"\1-", text)
        text = text.replace(f"museums{self.tag}", "museums")
        return self._someone.sub(lambda found: self._people_here[found[0]], text)

    def _entity_there(self, found: re.Match[str]) -> str:
        kind, number = found[1], int(found[2])
        away = -_FAR if number >= _FAR else _NOWHERE
        return self.entities.get(found[0]) or f"{kind}{number + away}"

    @cached_property
    def _people_here(self) -> dict[str, str]:
        return {there: here for here, there in self.people.items()}

    @cached_property
    def _page(self) -> re.Pattern[str]:
        """A person's name, where it is that of a page; elsewhere it may be another word."""
        return re.compile(rf"(?<=User:)(?:{'|'.join(map(re.escape, self.people))})\b")

    @cached_property
    def _someone(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, self._people_here))})\b")


def _within(said: Any, text: Callable[[str], str]) -> Any:
    if isinstance(said, str):
        return text(said)
    if isinstance(said, Mapping):
        return {_within(key, text): _within(each, text) for key, each in said.items()}
    if isinstance(said, list | tuple) and type(said) in (list, tuple):
        return type(said)(_within(each, text) for each in said)
    if is_dataclass(said) and not isinstance(said, type):
        found = {each.name: getattr(said, each.name) for each in fields(said) if each.init}
        return replace(said, **{name: _within(each, text) for name, each in found.items()})
    return said
