"""Random lives of an item, as plain acts: what the source says, what people do, and our runs.

`life(seed)` gives the rules and the acts. Values are told by letters, which `values` spells for
each property: `a` and `b` are two values, `A` is `a` spelled otherwise, `ax` is `a` more finely
where the type knows such a thing, `some` and `none` say that there is one or none.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bots.core.merge.facts import ChangePolicy, WithdrawalPolicy, Word
from bots.datasets.facts import QualifierRule, StatementRule, TermRule

STATED_IN, RECORD_ID, RETRIEVED, URL, PAGE = "P248", "P791", "P813", "P854", "P304"
TEXT, TIME, AMOUNT, ITEM, BARE = "P1", "P2", "P3", "P4", "P5"
KEY, OWN, OTHERS, END = "P10", "P585", "P1480", "P582"
LABEL, DESCRIPTION, ALIAS = "label", "description", "alias"


@dataclass(frozen=True)
class Says:
    """One value that a source says, with our own qualifier and the key qualifier, if any."""

    value: str
    own: str = ""
    key: str = ""


@dataclass(frozen=True)
class Act:
    """One thing that happens. What `at`, `value` and `more` are depends on `what`; see `people`.

    - The source (`who` "source", another dataset's "other"): "says" (`says`; None: unknown),
      "term" (`terms` None: unknown), "gone", "back", "day" (read on another day), "url".
    - "people": see `people.edited`.
    - "hubbot": "run"; "dies" (before its edit is sent); "lost" (its answer is lost: the edit
      stands, and is settled only when the next run begins); "decided" (`value`: a person's word
      about all that is told), "other" (a run of the other dataset).
    """

    who: str
    what: str
    property: str = ""
    at: int = 0
    value: str = ""
    more: str = ""
    says: tuple[Says, ...] | None = ()
    terms: tuple[str, ...] | None = ()


@dataclass(frozen=True)
class Life:
    """The rules by which an item is kept, and what happens to it."""

    seed: int
    rules: tuple[StatementRule, ...]
    terms: tuple[TermRule, ...]
    acts: tuple[Act, ...]
    other: bool = False


RUN = Act("hubbot", "run")


def life(seed: int, *, people: bool = True) -> Life:
    """The life with this number, the same every time."""
    chance = random.Random(seed)
    rules = tuple(
        _rule(chance, name) for name in chance.sample(list(_PROPERTIES), chance.choice((1, 1, 2)))
    )
    terms = _terms(chance) if chance.random() < 0.35 else ()
    other = people and chance.random() < 0.2
    happenings = _Happenings(chance, rules, terms, other)
    kinds: list[tuple[Callable[[], Act], int]] = [(happenings.source, 6), (happenings.reread, 1)]
    if people:
        kinds += [(happenings.people, 12), (happenings.revert, 3)]
        if chance.random() < 0.3:
            kinds.append((happenings.decision, 2))
    if other:
        kinds.append((happenings.other, 4))
    makers, weights = [maker for maker, _ in kinds], [weight for _, weight in kinds]
    acts = [*(happenings.said(rule) for rule in rules), *happenings.first_terms()]
    if other and chance.random() < 0.5:
        acts += [happenings.other(), Act("hubbot", "other")]
    if people and chance.random() < 0.3:
        acts.append(happenings.people())
    acts.append(RUN)
    for maker in chance.choices(makers, weights, k=chance.randint(4, 14)):
        acts.append(maker())
        acts += _runs(chance, other)
    return Life(seed, rules, terms, (*acts, RUN), other)


def shrunk(found: Life, fails: Callable[[Life], bool]) -> Life:
    """The life without all acts that it fails without."""
    size = max(1, len(found.acts) // 2)
    while size:
        place = 0
        while place < len(found.acts):
            less = replace(found, acts=found.acts[:place] + found.acts[place + size :])
            if fails(less):
                found = less
            else:
                place += size
        size //= 2
    return found


def _runs(chance: random.Random, other: bool) -> Sequence[Act]:
    drawn = chance.random()
    if drawn < 0.3:
        return ()
    if other and drawn < 0.5:
        return (Act("hubbot", "other"), RUN)
    if drawn < 0.9:
        return (RUN,)
    return (Act("hubbot", "dies"),) if drawn < 0.95 else (Act("hubbot", "lost"),)


_CITES = frozenset({STATED_IN, RECORD_ID})
_OWN = {OWN: QualifierRule(OWN)}
_PROPERTIES: Mapping[str, StatementRule] = {
    TEXT: StatementRule(TEXT, normalisers=("no-spaces",), cites=_CITES),
    TIME: StatementRule(TIME, qualifiers=_OWN, cites=_CITES),
    AMOUNT: StatementRule(AMOUNT, keys=frozenset({KEY}), qualifiers=_OWN, cites=_CITES),
    ITEM: StatementRule(ITEM, many=True, qualifiers=_OWN, cites=_CITES),
    BARE: StatementRule(BARE),
}
_FINE = frozenset({TIME, AMOUNT})


def _rule(chance: random.Random, name: str) -> StatementRule:
    rule = _PROPERTIES[name]
    withdrawal = chance.choice(list(WithdrawalPolicy))
    if rule.many:
        return replace(rule, withdrawal=withdrawal)
    if name == TEXT and chance.random() < 0.5:
        rule = replace(rule, many=True)
    change = ChangePolicy.REPLACE if rule.many else chance.choice(list(ChangePolicy))
    days = chance.choice((0, 0, 2))
    return replace(rule, withdrawal=withdrawal, change=change, retrieved_days=days)


def _terms(chance: random.Random) -> tuple[TermRule, ...]:
    policies = (WithdrawalPolicy.REPORT, WithdrawalPolicy.REMOVE)
    return (
        TermRule("label", taken=chance.choice(("alias", "report", "nothing")),
                 withdrawal=chance.choice(policies)),
        TermRule("description", withdrawal=chance.choice(policies)),
        TermRule("alias", withdrawal=chance.choice(policies)),
    )  # fmt: skip


@dataclass
class _Happenings:
    chance: random.Random
    rules: Sequence[StatementRule]
    terms: Sequence[TermRule]
    another: bool
    _kinds: Sequence[str] = field(default=(LABEL, DESCRIPTION, ALIAS))

    def source(self) -> Act:
        chance = self.chance
        drawn = chance.random()
        if drawn < 0.06:
            return Act("source", chance.choice(("gone", "back", "back")))
        if self.terms and drawn < 0.35:
            return self._term("source")
        return self.said(chance.choice(self.rules))

    def reread(self) -> Act:
        return Act("source", self.chance.choice(("day", "url")))

    def first_terms(self) -> Sequence[Act]:
        return [self._term("source") for _ in range(2)] if self.terms else ()

    def said(self, rule: StatementRule, who: str = "source") -> Act:
        chance = self.chance
        drawn = chance.random()
        if drawn < 0.06:
            return Act(who, "says", rule.property, says=None)
        if drawn < 0.2:
            return Act(who, "says", rule.property)
        count = chance.choice((1, 2)) if rule.many or rule.keys else 1
        values: dict[str, Says] = {}
        for number in range(count):
            key = ("k", "l")[number] if rule.keys else ""
            own = chance.choice(("", "a", "a", "b")) if rule.qualifiers else ""
            value = self._value(rule.property)
            values[key or value.lower()] = Says(value, own, key)
        return Act(who, "says", rule.property, says=tuple(values.values()))

    def other(self) -> Act:
        if self.chance.random() < 0.15:
            return Act("other", self.chance.choice(("gone", "back")))
        return self.said(self.chance.choice(self.rules), "other")

    def decision(self) -> Act:
        return Act("hubbot", "decided", value=self.chance.choice(list(Word)).value)

    def revert(self) -> Act:
        return Act("people", self.chance.choice(("undo", "undo", "rollback", "restore", "restore")))

    def people(self) -> Act:
        chance = self.chance
        if self.terms and chance.random() < 0.4:
            return self._term("people")
        rule = chance.choice(self.rules)
        what = chance.choice(_BY_PEOPLE)
        own = chance.choice(("", "", "a", "b")) if what == "write" and rule.qualifiers else ""
        name, value = "", self._value(rule.property, by_people=True)
        if what in ("qualify", "unqualify"):
            name = chance.choice([OTHERS, *rule.qualifiers, *rule.keys, END])
            value = chance.choice(("k", "l") if name in rule.keys else ("a", "b"))
        elif what == "rank":
            value = chance.choice(("normal", "preferred", "deprecated", "deprecated"))
        elif what == "write":
            name = chance.choice(("k", "l", "l")) if rule.keys else ""
        at = chance.choice((0, 0, 0, 1))
        if name and what == "write":
            own = f"{own}/{name}"
        elif name:
            own = name
        return Act("people", what, rule.property, at, value, own)

    def _value(self, name: str, by_people: bool = False) -> str:
        letters = ["a", "a", "b", "b", "c", "A"]
        if name in _FINE:
            letters += ["ax", "bx"]
        if by_people:
            letters += ["none", "some"]
        elif self.chance.random() < 0.05:
            return self.chance.choice(("none", "some"))
        return self.chance.choice(letters)

    def _term(self, who: str) -> Act:
        chance = self.chance
        kind, language = chance.choice(self._kinds), chance.choice(("en", "en", "mul"))
        if kind == DESCRIPTION:
            language = "en"
        texts = tuple(dict.fromkeys(chance.choices(("One", "Two", "Three"), k=2)))
        if who == "people":
            gone = chance.random() < 0.3
            return Act(who, kind, language, value="" if gone else texts[0], more=texts[-1])
        if chance.random() < 0.06:
            return Act(who, "term", kind, more=language, terms=None)
        count = chance.choice((0, 1, 1, 1, 2))
        return Act(
            who,
            "term",
            kind,
            more=language,
            terms=texts[: count if kind == ALIAS else min(count, 1)],
        )


_BY_PEOPLE = (
    *("write", "write", "value", "value", "value", "rank", "rank", "remove", "remove"),
    *("cite", "cite", "uncite", "uncite", "recite", "redate", "qualify", "unqualify", "copy"),
    "clear",
)  # fmt: skip
