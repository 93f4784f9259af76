"""Which licence is welcome where (config/licences.yaml), and which one people mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import Field, HttpUrl, model_validator

from bots.core.config import Strict
from bots.core.said import normal

Kind = Literal["data", "media", "text", "metadata"]
KINDS: tuple[Kind, ...] = ("data", "media", "text", "metadata")


class Verdict(StrEnum):
    """What a target says to content under a licence; `EVIDENCE`: welcome once rights are shown."""

    WELCOME = "welcome"
    EVIDENCE = "evidence"
    NOT_WELCOME = "not-welcome"


_ORDER = (Verdict.WELCOME, Verdict.EVIDENCE, Verdict.NOT_WELCOME)


@dataclass(frozen=True)
class Licence:
    """A licence that was recognised: `family` is a key of `licences`; `port` is 'IGO' or none."""

    family: str
    name: str
    version: str | None = None
    port: str | None = None

    def __str__(self) -> str:
        return " ".join(part for part in (self.name, self.version, self.port) if part)


@dataclass(frozen=True)
class Unclear:
    """Words about a licence from which none follows; `why` says what is missing.

    `none`: the answer is that there is none yet; `which-cc`: Creative Commons, but not which of
    its licences; `version`: one that was never published; `doubt`: words that limit what is said;
    `parts`: several licences, and not which is for what; `unknown`: nothing known in it.
    """

    why: Literal["none", "which-cc", "version", "doubt", "parts", "unknown"]


@dataclass(frozen=True)
class Judgement:
    """The verdict of one target on one licence, why (a message's key), and who says so (a URL)."""

    verdict: Verdict
    licence: Licence
    reason: str
    source: str


class LicenceEntry(Strict):
    """A licence's name and the other ways of writing it; `versions` only where they matter."""

    name: str
    also: Sequence[str] = ()
    versions: Sequence[str] = ()


class TargetEntry(Strict):
    """A project that takes content, and the kinds that it takes."""

    name: str
    takes: Sequence[Kind]


class Rule(Strict):
    """One verdict for some licences in one target; see config/licences.yaml."""

    target: str
    kinds: Sequence[Kind]
    licences: Sequence[str]
    verdict: Verdict
    reason: str
    source: str


class LicenceBook(Strict):
    """config/licences.yaml, checked: every licence is decided once wherever it could go."""

    sources: Mapping[str, HttpUrl]
    targets: Mapping[str, TargetEntry]
    licences: Mapping[str, LicenceEntry]
    groups: Mapping[str, Sequence[str]] = Field(default_factory=dict)
    no_answer: Sequence[str] = ()
    rules: Sequence[Rule]

    @model_validator(mode="after")
    def _complete(self) -> LicenceBook:
        faults = [*self._unknown_names(), *self._contradictions()]
        faults = faults or list(self._gaps())
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def judge(
        self, alternatives: Sequence[Licence], target: str, kind: Kind
    ) -> Judgement | Literal["version"]:
        """The best verdict that `target` has for content of `kind` under any of the licences.

        'version': it depends on the licence's version, and none is given. The target must take
        the kind.
        """
        found = [self._judge_one(licence, target, kind) for licence in alternatives]
        sure = [judgement for judgement in found if judgement is not None]
        if not sure:
            return "version"
        return min(sure, key=lambda judgement: _ORDER.index(judgement.verdict))

    def _judge_one(self, licence: Licence, target: str, kind: Kind) -> Judgement | None:
        exact = self._table.get((target, kind, f"{licence.family} {licence.version}"))
        rule = exact or self._table[target, kind, licence.family]
        if licence.version is None and any(
            (target, kind, f"{licence.family} {version}") in self._table
            for version in self.licences[licence.family].versions
        ):
            return None
        return Judgement(rule.verdict, licence, rule.reason, str(self.sources[rule.source]))

    def read(self, text: str) -> Licence | Unclear:
        """The licence that somebody means by `text`."""
        plain = normal(text)
        if plain in self._no_answer:
            return Unclear("none")
        said = self._said(plain)
        found = self._creative_commons(plain, said)
        if found is None and said:
            family = dict(self._spellings)[said]
            found = Licence(family, self.licences[family].name)
        rest = plain.replace(said, "") if said else plain
        if not _restricts(plain) and _DOUBT.search(rest):
            return Unclear("doubt")
        return found or Unclear("unknown")

    def without_names(self, text: str) -> str:
        """The text without the licences' names, in which words such as "data" are no kind."""
        plain = normal(text)
        while said := self._said(plain):
            plain = plain.replace(said, " ")
        return plain

    def welcome(self, target: str, kind: Kind) -> list[str]:
        """The names of the licences that are welcome for a kind of content in a target."""
        return [
            entry.name
            for family, entry in self.licences.items()
            if self._table[target, kind, family].verdict is Verdict.WELCOME
        ]

    def welcome_somewhere(self) -> list[str]:
        """The names of the licences that are welcome for something in some target."""
        return [
            entry.name
            for family, entry in self.licences.items()
            if any(
                rule.verdict is Verdict.WELCOME
                for (_, _, name), rule in self._table.items()
                if name == family
            )
        ]

    def takers(self, kind: Kind) -> list[str]:
        """The keys of the targets that take a kind of content."""
        return [target for target, entry in self.targets.items() if kind in entry.takes]

    def _creative_commons(self, plain: str, said: str | None) -> Licence | Unclear | None:
        text = _GLUED.sub(r"\1 ", _GLUED.sub(r"\1 ", plain))
        words = set(text.split())
        if not ("cc" in words or "creative commons" in text or "creativecommons.org" in text):
            if not _BARE_BY.search(text):
                return None
        elif _ZERO.search(text) or "publicdomain" in words:
            return None
        found = {element for element, said in _ELEMENTS.items() if said.search(text)}
        if not found:
            return None if said else Unclear("which-cc")
        kept = "nc" * ("nc" in found), "nd" if "nd" in found else "sa" * ("sa" in found)
        family = "-".join(["cc", "by", *(part for part in kept if part)])
        entry, version = self.licences[family], _version(text)
        if version and version not in entry.versions:
            return Unclear("version")
        return Licence(family, entry.name, version, "IGO" if "igo" in words else None)

    def _said(self, plain: str) -> str | None:
        """The longest of the known spellings that is in the text as words of its own."""
        for said, _ in self._spellings:
            if said in plain and re.search(rf"(?<!\w){re.escape(said)}(?!\w)", plain):
                return said
        return None

    @cached_property
    def _no_answer(self) -> frozenset[str]:
        return frozenset(normal(said) for said in self.no_answer) | {""}

    @cached_property
    def _spellings(self) -> tuple[tuple[str, str], ...]:
        """Every way to write a licence, the longest first, so that the most exact one is found."""
        pairs = {
            (normal(said), family)
            for family, entry in self.licences.items()
            for said in (family, entry.name, *entry.also)
        }
        return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))

    @cached_property
    def _table(self) -> dict[tuple[str, Kind, str], Rule]:
        return dict(self._places())

    def _places(self) -> Iterator[tuple[tuple[str, Kind, str], Rule]]:
        for rule in self.rules:
            for name in rule.licences:
                for member in self.groups.get(name, (name,)):
                    for kind in rule.kinds:
                        yield (rule.target, kind, member), rule

    def _unknown_names(self) -> Iterator[str]:
        for number, rule in enumerate(self.rules, 1):
            if rule.source not in self.sources:
                yield f"rule {number} names the source '{rule.source}', which 'sources' lacks"
            if rule.target not in self.targets:
                yield f"rule {number} names the target '{rule.target}', which 'targets' lacks"
        for (_, _, name), rule in self._places():
            family, _, version = name.partition(" ")
            entry = self.licences.get(family)
            if entry is None or (version and version not in entry.versions):
                yield f"a rule for {rule.target} names '{name}', which 'licences' lacks"

    def _contradictions(self) -> Iterator[str]:
        seen = set()
        for place, _ in self._places():
            if place in seen:
                target, kind, name = place
                yield f"'{name}' is decided twice for {kind} in {target}"
            seen.add(place)

    def _gaps(self) -> Iterator[str]:
        for target, entry in self.targets.items():
            for kind in entry.takes:
                for family in self.licences:
                    if (target, kind, family) not in self._table:
                        yield f"no rule decides '{family}' for {kind} in {target}"


_GLUED = re.compile(r"\b(cc|by|nc)(?=(?:by|sa|nc|nd|0|zero)(?:\b|\d|sa|nc|nd))")
_ZERO = re.compile(r"\bcc ?(?:0|zero)\b|\bcommons (?:0|zero)\b|\bpublic ?domain\b")
_BARE_BY = re.compile(r"^(?:by|attribution) (?:sa|nc|nd|share|non|no|v?\d)")
_ELEMENTS = {
    "by": re.compile(r"\bby\b|\bby(?=\d)|\battribution\b|\berkännande\b"),
    "sa": re.compile(r"\bsa\b|\bsa(?=\d)|\bshare ?alike\b|\bdela ?lika\b"),
    "nc": re.compile(r"\bnc\b|\bnon? ?commercial|\bno commercial|\bicke ?kommersiell"),
    "nd": re.compile(r"\bnd\b|\bnd(?=\d)|\bno ?deriv|\bnon ?deriv|\binga ?bearbetningar"),
}
_DOUBT = re.compile(
    r"\b(?:not|no known|but|except|unless|only|partly|some|inte|men|utom|endast|bara)\b"
)
_VERSION = re.compile(r"(?:(?<=\s)|(?<=^)|(?<=[a-z]))v?(\d{1,2})(\.\d{1,2})?(?![\d\w]|\.\d)")


def _restricts(plain: str) -> bool:
    """Whether it is sure that use is limited, whatever else is said."""
    return bool(_ELEMENTS["nc"].search(plain) or _ELEMENTS["nd"].search(plain))


def _version(text: str) -> str | None:
    found = _VERSION.search(text)
    return f"{found[1]}{found[2] or '.0'}" if found else None
