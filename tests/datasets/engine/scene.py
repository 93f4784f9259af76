"""A few words for telling one case: what the source says, what people do, and what stands then."""

from __future__ import annotations

from dataclasses import replace

from bots.core.merge.facts import ChangePolicy, Rank, WithdrawalPolicy
from bots.core.wikibase.model import (
    Coordinate,
    EntityId,
    Item,
    Quantity,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
)
from bots.datasets.facts import Difference, QualifierRule, StatementRule, TermRule
from tests.datasets.engine.acts import (
    AMOUNT,
    BARE,
    ITEM,
    KEY,
    OWN,
    PAGE,
    RECORD_ID,
    STATED_IN,
    TEXT,
    TIME,
    Act,
    Life,
    Says,
)
from tests.datasets.engine.world import World

CITES = frozenset({STATED_IN, RECORD_ID})
YEAR = StatementRule(TIME, column="founded", qualifiers={OWN: QualifierRule(OWN)}, cites=CITES)
CODE = StatementRule(TEXT, normalisers=("no-spaces",), cites=CITES, many=True)
COUNT = StatementRule(AMOUNT, keys=frozenset({KEY}), cites=CITES)
KIND = StatementRule(ITEM, many=True, qualifiers={OWN: QualifierRule(OWN)}, cites=CITES)
PLAIN = StatementRule(BARE)

REMOVE, DEPRECATE = WithdrawalPolicy.REMOVE, WithdrawalPolicy.DEPRECATE
ENDING, PREFERRING = ChangePolicy.END_AND_ADD, ChangePolicy.ADD_PREFERRED


class Scene:
    """A world in which a case is told. Every run is checked as in a life; see `World`."""

    def __init__(
        self,
        rule: StatementRule = YEAR,
        *terms: TermRule,
        **changed: WithdrawalPolicy | ChangePolicy | bool,
    ) -> None:
        self.rule = replace(rule, **changed)  # type: ignore[arg-type]
        self.world = World(Life(0, (self.rule,), terms, ()))

    def says(self, *values: str | Says | None, who: str = "source") -> Scene:
        """The source says these values; none, or None: unknown."""
        told = tuple(Says(each) if isinstance(each, str) else each for each in values if each)
        says = None if values == (None,) else told
        return self._happens(Act(who, "says", self.rule.property, says=says))

    def term(
        self, kind: str, *texts: str | None, language: str = "en", who: str = "source"
    ) -> Scene:
        """The source says these texts; none, or None: unknown."""
        told = None if texts == (None,) else tuple(each for each in texts if each)
        return self._happens(Act(who, "term", kind, more=language, terms=told))

    def source(self, what: str) -> Scene:
        """The source is "gone" or "back", or is read on another "day", or has another "url"."""
        return self._happens(Act("source", what))

    def people(self, what: str, value: str = "", at: int = 0, more: str = "") -> Scene:
        """People act on the `at`th statement; see `people.edited`."""
        return self._happens(Act("people", what, self.rule.property, at, value, more))

    def people_set(self, kind: str, text: str, language: str = "en", gone: str = "") -> Scene:
        """People set a term, "" to take it away; of aliases they add `text` or take `gone` away."""
        return self._happens(Act("people", kind, language, value=text, more=gone))

    def decided(self, word: str) -> Scene:
        """A person decides so about all that was told."""
        return self._happens(Act("hubbot", "decided", value=word))

    def run(self, what: str = "run") -> Scene:
        """A run of ours; "other": of the other dataset."""
        return self._happens(Act("hubbot", what))

    @property
    def told(self) -> list[tuple[str, str]]:
        """What our last run told: kind and slot."""
        return [(each.kind, each.slot) for each in self.differences]

    @property
    def differences(self) -> tuple[Difference, ...]:
        assert self.world.ours.told is not None
        return self.world.ours.told.differences

    @property
    def item(self) -> Item:
        return self.world.item

    @property
    def stands(self) -> list[str]:
        """The statements in order: `1901 (P585 2001) deprecated <ours, news>`."""
        return [shown(each) for each in self.item.all_statements()]

    def _happens(self, act: Act) -> Scene:
        self.world.happens(act)
        return self


def shown(statement: Statement) -> str:
    """A statement in few letters."""
    parts = [value_of(statement.mainsnak)]
    told = ", ".join(f"{each.property} {value_of(each)}" for each in statement.qualifiers)
    parts += [f"({told})"] if told else []
    parts += [] if statement.rank is Rank.NORMAL else [statement.rank.value]
    cites = ", ".join(map(cited, statement.references))
    return " ".join([*parts, *([f"<{cites}>"] if cites else [])])


def value_of(snak: Snak) -> str:
    """A value in few letters."""
    match snak.value:
        case Time(time=time, precision=precision):
            return time[1 : {9: 5, 10: 8}.get(precision, 11)]
        case Quantity(amount=amount, lower=lower, upper=upper):
            return amount if lower is None else f"{amount} [{lower}, {upper}]"
        case EntityId(id=name) | Text(text=name):
            return name
        case Coordinate():
            return str(snak.value)
    return snak.snaktype


def cited(reference: Reference) -> str:
    """Whose a reference is, and what people did to it."""
    told = {each.property: value_of(each) for each in reference.snaks}
    name = {"Q100": "ours", "Q200": "other"}.get(told.get(STATED_IN, ""), "news")
    return f"{name} with page" if PAGE in told else name
