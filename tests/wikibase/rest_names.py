"""What is called otherwise on another wiki: ids, hashes, revisions; mapped, and compared so."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

RUN = "1795222165"
"""The number that the recordings' labels carry, so that none was there before."""
_TOKEN = re.compile(
    r"(?<!entity/)(?<![A-Za-z0-9])([QqPp][1-9]\d*)(\$[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})?"
    r"(?![A-Za-z0-9])"
)
_HASH = re.compile(r"[0-9a-f]{40}")
_MADE = re.compile(r"Q100\d\d\d")
"""The ids of items that the recording made; all others are what they are, or were told."""
_VOLATILE = {"docref", "servedby"}


class Names:
    """Recorded names and the names on the wiki that the recordings are replayed on.

    A name is learned where an answer first shows it, and has to stay the same from then on; two
    recorded names never become one.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)
        self.there: dict[str, str] = {}
        self.times: dict[str, str] = {}
        """Recorded times of revisions and those here; several may have the same."""

    def learn(self, recorded: str, actual: str) -> str | None:
        """Take a name down; what is wrong with it, if something is."""
        known = self.there.get(recorded)
        if known is None:
            if recorded != actual and actual in self.there.values():
                return f"{recorded} became {actual}, as another name did"
            self.there[recorded] = actual
            return None
        return None if known == actual else f"{recorded} was {known} and is {actual}"

    def text(self, recorded: str) -> str:
        """A recorded text as it is on the wiki."""
        for old, new in self.texts.items():
            recorded = recorded.replace(old, new)
        return _TOKEN.sub(self._token, recorded)

    def value(self, recorded: Any) -> Any:
        """A recorded JSON value as it is on the wiki."""
        if isinstance(recorded, str):
            return self.there.get(recorded) or self.text(recorded)
        if isinstance(recorded, dict):
            return {self.text(key): self.value(part) for key, part in recorded.items()}
        if isinstance(recorded, list):
            return [self.value(part) for part in recorded]
        return recorded

    def sent(self, recorded: Any) -> Any:
        """A recorded body as it is to be sent; statement ids in it that nobody has are taken down,
        so that an answer that shows one of them cannot pass for another."""
        for found in _TOKEN.finditer(json.dumps(recorded)):
            if found[2] and found[0] == found[0].upper() and found[0] not in self.there:
                self.there[found[0]] = self.text(found[0])
        return self.value(recorded)

    def revision(self, number: str) -> str:
        """A recorded revision's number as it is on the wiki; one that was never seen stays."""
        return self.there.get(f"revision {number}", number)

    def _token(self, found: re.Match[str]) -> str:
        whole = found[0]
        for name in (whole, whole.upper()):
            if name in self.there:
                return self.there[name] if name == whole else self.there[name].lower()
        entity, rest = found[1], found[2] or ""
        return self.there.get(entity, entity) + rest

    # comparing

    def differences(self, recorded: Any, actual: Any, path: str = "") -> list[str]:
        """Where an answer differs from the recorded one, beyond what may differ."""
        if isinstance(recorded, dict) and isinstance(actual, dict):
            return self._of_objects(recorded, actual, path)
        if isinstance(recorded, list) and isinstance(actual, list):
            if len(recorded) != len(actual):
                return [f"{path}: {len(recorded)} entries became {len(actual)}"]
            pairs = enumerate(zip(recorded, actual, strict=True))
            return [d for i, (r, a) in pairs for d in self.differences(r, a, f"{path}/{i}")]
        if isinstance(recorded, str) and isinstance(actual, str):
            fault = self.difference_of_texts(recorded, actual)
            return [f"{path}: {fault}"] if fault else []
        if path.rpartition("/")[2] == "lastrevid":
            fault = self.learn(f"revision {recorded}", str(actual))
            return [f"{path}: {fault}"] if fault else []
        if type(recorded) is type(actual) and recorded == actual:
            return []
        return [f"{path}: {_short(recorded)} became {_short(actual)}"]

    def _of_objects(
        self, recorded: Mapping[str, Any], actual: Mapping[str, Any], path: str
    ) -> list[str]:
        wanted = {self.text(key): part for key, part in recorded.items()}
        names = [name for name in {**wanted, **actual} if name not in _VOLATILE]
        found = []
        for name in names:
            if name not in actual:
                found.append(f"{path}/{name}: is missing, was {_short(wanted[name])}")
            elif name not in wanted:
                found.append(f"{path}/{name}: {_short(actual[name])} was not there")
            else:
                found += self.differences(wanted[name], actual[name], f"{path}/{name}")
        return found

    def difference_of_texts(self, recorded: str, actual: str) -> str | None:
        """What is wrong with a text, if something is; names in it may be learned."""
        if _HASH.fullmatch(recorded) and _HASH.fullmatch(actual):
            return self.learn(recorded, actual)
        recorded, actual = unquote(recorded), unquote(actual)
        theirs, ours = list(_TOKEN.finditer(recorded)), list(_TOKEN.finditer(actual))
        for old, new in zip(theirs, ours, strict=False):
            if old[0] in self.there or not _MADE.fullmatch(old[1]) or bool(old[2]) != bool(new[2]):
                continue
            fault = self.learn(old[1], new[1]) or (self.learn(old[0], new[0]) if old[2] else None)
            if fault:
                return fault
        wanted = self.text(recorded)
        return None if wanted == actual else f"{_short(wanted)} became {_short(actual)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"
