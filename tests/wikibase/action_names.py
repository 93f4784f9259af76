"""What is called otherwise on another wiki: ids, statement ids, revisions, times."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

RECORDED_URL = "http://127.0.0.1:8181"
RECORDED_SITE = "RealWiki"
RUN = "1795218742"
"""The number that the recordings' labels carry, so that none was there before."""
_GUID = r"[QP]\d+\$[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}"
_NAME = re.compile(
    rf"(?<![A-Za-z0-9/])({_GUID}|[QP][1-9]\d*)(?![A-Za-z0-9])|(?<=/)(Q10\d{{4}})(?!\d)"
)
_MADE = re.compile(r"Q10[01]\d\d\d\Z")
"""The items that the recordings' wiki made; others are as they are, or were told."""
_HASHES = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_HASH = re.compile(r"[0-9a-f]{40}\Z")
_TIMES = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|20261\d{9}(?=\|)|20\d{12}(?=\|)|\d\d:\d\d, \d+ \w+ \d{4}"
)
_PAGE = re.compile(r"^0\|\d+$")
_TOKEN = re.compile(r"[0-9a-f]{32,}\+\\")
_REVISIONS = frozenset(
    {"lastrevid", "revid", "parentid", "old_revid", "oldrevid", "newrevid", "last_revid"}
)
_ANY_NUMBER = frozenset({"rcid", "logid", "editcount", "pageid", "lguserid", "blockid"})
_SIZES = frozenset({"size", "oldlen", "newlen"})
_IGNORED = frozenset({"servedby", "watched"})
_SETS = frozenset({"rights"})


class Names:
    """Recorded names and those here: learned where an answer first shows one, kept from then on.

    `exact` says that properties have the recorded numbers here, so that hashes are compared too.
    """

    def __init__(self, texts: Mapping[str, str], *, exact: bool) -> None:
        self.texts = dict(texts)
        self.exact = exact
        self.there: dict[str, str] = {}

    def learn(self, recorded: str, actual: str) -> str | None:
        """Take a name down; what is wrong with it, if something is."""
        known = self.there.setdefault(recorded, actual)
        if known != actual:
            return f"{recorded} was {known} and is {actual}"
        others = [one for one, name in self.there.items() if name == actual and one != recorded]
        return f"{recorded} became {actual}, as {others[0]} did" if others else None

    def text(self, recorded: str) -> str:
        """A recorded text as it is here."""
        for old, new in self.texts.items():
            recorded = recorded.replace(old, new)
        if not self.exact:
            recorded = _HASHES.sub(lambda found: self.there.get(found[0], found[0]), recorded)
        return _NAME.sub(self._name, recorded)

    def _name(self, found: re.Match[str]) -> str:
        whole = found[0]
        if whole in self.there:
            return self.there[whole]
        entity, dollar, rest = whole.partition("$")
        return self.there.get(entity, entity) + dollar + rest

    def revision(self, number: Any) -> str:
        """A recorded revision's number here; one that was never seen stays."""
        return self.there.get(f"revision {number}", str(number))

    def differences(self, recorded: Any, actual: Any, path: str = "") -> list[str]:
        """Where an answer differs from the recorded one, beyond what may differ."""
        key = path.rpartition("/")[2]
        if isinstance(recorded, dict) and isinstance(actual, dict):
            return self._of_objects(recorded, actual, path)
        if isinstance(recorded, list) and isinstance(actual, list):
            if key == "tags" and not self.exact:
                # A job puts it there, on some wikis before the next request.
                actual = [tag for tag in actual if tag != "mw-reverted" or tag in recorded]
            if len(recorded) != len(actual):
                return [f"{path}: {_short(recorded)} became {_short(actual)}"]
            if key in _SETS:
                recorded, actual = sorted(recorded), sorted(actual)
            pairs = enumerate(zip(recorded, actual, strict=True))
            return [d for i, (r, a) in pairs for d in self.differences(r, a, f"{path}/{i}")]
        if isinstance(recorded, str) and isinstance(actual, str):
            fault = self._of_texts(recorded, actual, key)
            return [f"{path}: {fault}"] if fault else []
        if type(recorded) is type(actual):
            if key in _ANY_NUMBER or recorded == actual:
                return []
            if key in _SIZES and not self.exact:
                return []
            if key == "numeric-id" and self.there.get(f"Q{recorded}") == f"Q{actual}":
                return []
            if key in _REVISIONS:
                fault = self.learn(f"revision {recorded}", str(actual))
                return [f"{path}: {fault}"] if fault else []
        return [f"{path}: {_short(recorded)} became {_short(actual)}"]

    def _of_objects(self, recorded: dict[str, Any], actual: dict[str, Any], path: str) -> list[str]:
        found = []
        wanted = dict(recorded)
        for old, new in zip(recorded, actual, strict=False):
            if _MADE.match(old) and old not in self.there and re.match(r"Q\d+\Z", new):
                self.learn(old, new)
        wanted = {self.text(name): part for name, part in recorded.items()}
        of_this_wiki = "hash" in recorded and RECORDED_URL in json.dumps(recorded)
        for name in {**wanted, **actual}:
            if name in _IGNORED or (name == "hash" and of_this_wiki):
                continue
            if name not in actual:
                found.append(f"{path}/{name}: is missing, was {_short(wanted[name])}")
            elif name not in wanted:
                found.append(f"{path}/{name}: {_short(actual[name])} was not there")
            else:
                found += self.differences(wanted[name], actual[name], f"{path}/{name}")
        return found

    def _of_texts(self, recorded: str, actual: str, key: str) -> str | None:
        hashes = _HASH.match(recorded) and _HASH.match(actual)
        if hashes and (key == "sha1" or not self.exact):
            return self.learn(recorded, actual)
        if key == "rccontinue":
            return None if re.fullmatch(r"\d{14}\|\d+", actual) else f"became {actual}"
        recorded, actual = _TOKEN.sub("«token»", recorded), _TOKEN.sub("«token»", actual)
        recorded, actual = _TIMES.sub("«time»", recorded), _TIMES.sub("«time»", actual)
        recorded, actual = _PAGE.sub("«page»", recorded), _PAGE.sub("«page»", actual)
        marked = (re.fullmatch(r"«time»\|(\d+)", one) for one in (recorded, actual))
        old_mark, new_mark = marked
        if old_mark and new_mark:
            return self.learn(f"revision {old_mark[1]}", new_mark[1])
        theirs, ours = _NAME.findall(recorded), _NAME.findall(actual)
        for old, new in zip(theirs, ours, strict=False):
            old, new = old[0] or old[1], new[0] or new[1]
            entity, dollar, _ = old.partition("$")
            if old in self.there or ("$" in new) != bool(dollar) or not _MADE.match(entity):
                continue
            fault = self.learn(entity, new.partition("$")[0])
            fault = fault or (self.learn(old, new) if dollar else None)
            if fault:
                return fault
        wanted = self.text(recorded)
        return None if wanted == actual else f"{_short(wanted)} became {_short(actual)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 400 else f"{text[:400]}…"
