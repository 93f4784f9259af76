"""What a record says as terms: labels, descriptions and aliases, by language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bots.core.merge.facts import UNKNOWN
from bots.core.messages import Message
from bots.datasets.facts import TermRule, TermSaid
from bots.datasets.mapping.parts import TermTake
from bots.datasets.records.rules import term_rule
from bots.datasets.records.snaks import languages, term_fault
from bots.datasets.records.takes import Scope, Tables, UnsureError, asks, searcher, taker
from bots.datasets.transforms import TransformError, text_of


class Terms:
    """All terms of the mapping, ready."""

    def __init__(self, takes: Iterable[TermTake], tables: Tables) -> None:
        # Labels first: an alias that is our label in its language is none.
        order = {"label": 0, "description": 1, "alias": 2}
        entries = [_Entry(take, tables) for take in takes]
        self._entries = sorted(entries, key=lambda entry: order[entry.rule.kind])

    def said(self, scope: Scope, tell: Callable[[UnsureError], None]) -> tuple[TermSaid, ...]:
        """What the record says; `tell` gets what is in doubt.

        Of several labels or descriptions in one language the first counts.
        """
        found: list[TermSaid] = []
        taken: set[tuple[str, str]] = set()
        for entry in self._entries:
            rule = entry.rule
            try:
                texts = entry.texts(scope)
                for language, given in texts.items():
                    told = _told(rule, language, given, taken)
                    if told:
                        found.append(TermSaid(rule, language, told))
            except UnsureError as doubt:
                tell(doubt)
                found.append(TermSaid(rule, "", UNKNOWN))
        return tuple(found)

    def unknown(self) -> tuple[TermSaid, ...]:
        """Nothing can be told of any term."""
        return tuple(TermSaid(entry.rule, "", UNKNOWN) for entry in self._entries)


def _told(
    rule: TermRule, language: str, texts: list[str], taken: set[tuple[str, str]]
) -> tuple[str, ...]:
    """The texts that are not said yet. `taken`: (language, text) of labels and aliases, and
    ("KIND/language", "") where there is a label or description. Raises `UnsureError`."""
    if rule.kind == "alias":
        new = [text for text in dict.fromkeys(texts) if (language, text) not in taken]
        taken.update((language, text) for text in new)
        return tuple(new)
    place = (f"{rule.kind}/{language}", "")
    if place in taken:
        return ()
    if rule.kind == "description" and (language, texts[0]) in taken:
        message = Message("mapping-description-is-label", {"value": texts[0]})
        raise UnsureError((message,), rule.column)
    taken.add(place)
    if rule.kind == "label":
        taken.add((language, texts[0]))
    return (texts[0],)


class _Entry:
    def __init__(self, take: TermTake, tables: Tables) -> None:
        self.rule = term_rule(take)
        self._each = searcher(take.each) if take.each else None
        self._when = asks(take.when) if take.when else None
        self._look = taker(take, tables)
        self._language = languages(take.language, tables)

    def texts(self, scope: Scope) -> dict[str, list[str]]:
        """Language → its texts, in the record's order. Raises `UnsureError`."""
        found: dict[str, list[str]] = {}
        if self._each is None:
            self._add(scope, scope.record, found)
            return found
        elements = self._each(scope.record)
        if elements is not None:
            for element in elements if isinstance(elements, list) else [elements]:
                self._add(Scope(scope.record, element), element, found)
        return found

    def _add(self, scope: Scope, here: Any, found: dict[str, list[str]]) -> None:
        if self._when is not None and not self._when(here):
            return
        texts = self._look(scope)
        language = self._language(scope) if texts else None
        if language is None:
            return
        for given in texts:
            try:
                text = text_of(given)
            except TransformError as error:
                raise UnsureError((error.message,), self.rule.column) from error
            wrong = term_fault(self.rule.kind, language, text)
            if wrong is not None:
                raise UnsureError((wrong,), self.rule.column)
            found.setdefault(language, []).append(text)
